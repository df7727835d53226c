/** What an agent's own page holds, as a pure reducer over the hub's frames. */

import type { AgentPresence, HubFrame, Presence } from "../wire.ts";
import type { Link } from "./link.ts";

export type Notice = Extract<HubFrame, { type: "notice" }>;

export interface AgentState {
  readonly agent: AgentPresence | null;
  /** What this agent may choose. */
  readonly options: readonly Presence[];
  /** Newest last; kept until the person puts them away. */
  readonly notices: readonly Notice[];
  readonly tokenExpiresAt: string | null;
}

export const NOBODY: AgentState = { agent: null, options: [], notices: [], tokenExpiresAt: null };

/** More than this nobody reads; the oldest go first. */
const NOTICES_KEPT = 5;

export function evolve(state: AgentState, frame: HubFrame): AgentState {
  switch (frame.type) {
    case "welcome":
      return { ...state, agent: frame.agent ?? null, options: frame.presenceOptions ?? [], tokenExpiresAt: null };
    case "presence":
      return newer(frame.agent, state.agent) ? { ...state, agent: frame.agent } : state;
    case "presenceOptions":
      return { ...state, options: frame.presences };
    case "notice":
      return { ...state, notices: [...state.notices, frame].slice(-NOTICES_KEPT) };
    case "tokenExpiring":
      return { ...state, tokenExpiresAt: frame.expiresAt };
    default:
      return state;
  }
}

/** The answer to a request may overtake the frame about it, or the other way round. */
export function answered(state: AgentState, agent: AgentPresence): AgentState {
  return newer(agent, state.agent) ? { ...state, agent } : state;
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
