/** What an agent's own page holds, as a pure reducer over the hub's frames. */

import type { AgentPresence, HubFrame, Presence } from "../wire.ts";
import type { Link } from "./link.ts";

/** Something that the person is told, and when the hub said it (milliseconds since 1970, by its own clock). */
export type Notice = Extract<HubFrame, { type: "notice" }> & { readonly at: number | null };

export interface AgentState {
  readonly agent: AgentPresence | null;
  /** What this agent may choose. */
  readonly options: readonly Presence[];
  /** Newest last; kept until the person puts them away, or their cause is gone. */
  readonly notices: readonly Notice[];
  readonly tokenExpiresAt: string | null;
}

export const NOBODY: AgentState = { agent: null, options: [], notices: [], tokenExpiresAt: null };

/** More than this nobody reads; the oldest go first. */
const NOTICES_KEPT = 5;

/** `at` is the hub's time. */
export function evolve(state: AgentState, frame: HubFrame, at: number | null): AgentState {
  switch (frame.type) {
    case "welcome":
      return {
        agent: frame.agent ?? null,
        options: frame.presenceOptions ?? [],
        notices: state.notices.filter((notice) => isStillTrue(notice, frame.agent)),
        tokenExpiresAt: null,
      };
    case "presence":
      return answered(state, frame.agent);
    case "presenceOptions":
      return { ...state, options: frame.presences };
    case "notice":
      return { ...state, notices: [...state.notices, { ...frame, at }].slice(-NOTICES_KEPT) };
    case "tokenExpiring":
      return { ...state, tokenExpiresAt: frame.expiresAt };
    default:
      return state;
  }
}

/** The answer to a request may overtake the frame about it, or the other way round. */
export function answered(state: AgentState, agent: AgentPresence): AgentState {
  if (!newer(agent, state.agent)) return state;
  return { ...state, agent, notices: state.notices.filter((notice) => isStillTrue(notice, agent)) };
}

/** Whether what was told still explains the presence. It may come before the presence that it is about, or after. */
function isStillTrue(notice: Notice, agent: AgentPresence | undefined): boolean {
  switch (notice.code) {
    case "presenceSetBySupervisor":
      return agent?.origin === "SUPERVISOR";
    case "missedNotification":
      return agent?.hold === "MISSED";
    case "rejectedNotification":
      return agent?.hold === "REJECTED";
    case "workItemLimit":
      return agent?.hold === "WORK_ITEM_LIMIT";
    case "presenceExpired":
      return agent?.eventName === "EXPIRED";
    case "presenceRetired":
      return agent?.eventName === "PRESENCE_RETIRED";
    case "signedOutBySupervisor":
      return agent === undefined;
    default:
      return true;
  }
}

export function putAway(state: AgentState, notice: Notice): AgentState {
  return { ...state, notices: state.notices.filter((other) => other !== notice) };
}

function newer(agent: AgentPresence, held: AgentPresence | null): boolean {
  return held === null || agent.version >= held.version;
}

/**
 * The agent as far as it is known *now*. Without a living connection that is nothing: the hub has
 * already shown the agent as Offline to everybody else.
 */
export function known(state: AgentState, link: Link): AgentPresence | null {
  return link.phase === "live" && link.quiet === "heard" ? state.agent : null;
}
