/** Acting on others: the requests, and what became of each agent. */

import { RequestFailed } from "../client/requests.ts";
import type { AgentResult, ClientFrame, WatchedAgent } from "../wire.ts";
import { refused } from "../words/contract.ts";

export type Deed =
  | {
      readonly type: "set";
      readonly presenceId: string;
      readonly reason: string;
      readonly until?: string;
      readonly next?: string;
    }
  | { readonly type: "reset" }
  | { readonly type: "sign-out"; readonly reason: string };

export type Became =
  | { readonly is: "done" }
  | { readonly is: "refused"; readonly why: string }
  /** The connection went before the hub answered: it may have been done. */
  | { readonly is: "unknown" };

export interface Outcome {
  readonly agentId: string;
  readonly became: Became;
}

/** Who can ask the hub: the page's connection. */
export interface Asks {
  request<T>(frame: ClientFrame): Promise<T>;
}

/** Agents per request: a frame stays far below the hub's limit, and one request cannot hold up others for long. */
const AT_ONCE = 200;

function frame(deed: Deed, agentIds: string[]): ClientFrame {
  switch (deed.type) {
    case "set":
      return {
        type: "setAgentPresence",
        agentIds,
        presenceId: deed.presenceId,
        ...given(deed.reason),
        ...(deed.until === undefined ? {} : { until: deed.until }),
        ...(deed.until === undefined || deed.next === undefined ? {} : { nextPresenceId: deed.next }),
      };
    case "reset":
      return { type: "resetAgentPresence", agentIds };
    case "sign-out":
      return { type: "signOutAgent", agentIds, ...given(deed.reason) };
  }
}

function given(reason: string): { reason?: string } {
  return reason === "" ? {} : { reason };
}

export async function act(hub: Asks, deed: Deed, agentIds: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < agentIds.length; from += AT_ONCE) {
    const some = agentIds.slice(from, from + AT_ONCE);
    outcomes.push(...(await ask(hub, frame(deed, some), some)));
  }
  return outcomes;
}

async function ask(hub: Asks, request: ClientFrame, agentIds: readonly string[]): Promise<readonly Outcome[]> {
  try {
    const { results } = await hub.request<{ results: readonly AgentResult[] }>(request);
    return results.map(({ agentId, status, code }) => ({
      agentId,
      became: status === "applied" ? { is: "done" } : { is: "refused", why: refused(code ?? "rejected") },
    }));
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    const became: Became =
      error.code === "outcome_unknown" ? { is: "unknown" } : { is: "refused", why: refused(error.code, error.said) };
    return agentIds.map((agentId) => ({ agentId, became }));
  }
}

/**
 * What became of an agent of whom that was not known, from what a board that is current again shows: it is as was asked
 * for, or it is not. Who asked is not looked at: what was wanted holds.
 */
export function resolved(deed: Deed, agent: WatchedAgent | undefined): Became {
  const notDone: Became = { is: "refused", why: refused("not_done") };
  if (agent === undefined) return { is: "refused", why: refused("unknown_agent") };
  switch (deed.type) {
    case "set":
      return agent.presenceId === deed.presenceId ? { is: "done" } : notDone;
    case "reset":
      return agent.hold === undefined ? { is: "done" } : notDone;
    case "sign-out":
      return agent.isAgentLoggedIn === true ? notDone : { is: "done" };
  }
}
