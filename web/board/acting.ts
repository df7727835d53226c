/** Acting on others: the requests, and what became of each agent. */

import { RequestFailed } from "../client/requests.ts";
import type { AgentResult, ClientFrame } from "../wire.ts";
import { refused } from "../words/contract.ts";

export type Deed =
  | { readonly type: "set"; readonly presenceId: string; readonly reason: string }
  | { readonly type: "reset" }
  | { readonly type: "sign-out"; readonly reason: string };

/** What became of one agent: null when it was done, else why not. */
export interface Outcome {
  readonly agentId: string;
  readonly refusal: string | null;
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
      return { type: "setAgentPresence", agentIds, presenceId: deed.presenceId, ...given(deed.reason) };
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
      refusal: status === "applied" ? null : refused(code ?? "rejected"),
    }));
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    const refusal = refused(error.code, error.said);
    return agentIds.map((agentId) => ({ agentId, refusal }));
  }
}
