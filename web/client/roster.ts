/**
 * What a board holds: the newest state of every agent of one watch, and how current it is.
 *
 * The functions change the roster in place, because a floor has ten thousand agents and a busy
 * hour a thousand changes a second, and return what changed, so that nobody compares.
 */

import type { HubFrame, Presence, Since, Summary, WatchedAgent, WatchResult } from "../wire.ts";

/** How far the roster can be believed while the connection lives. */
export type Currency =
  /** Nothing is held yet. */
  | "empty"
  /** Something is held, but the hub has not yet brought it up to date. */
  | "catching-up"
  /** Held, complete, and every change is sent to us. */
  | "current"
  /** The hub itself says that it knows of changes it could not keep yet. */
  | "hub-behind";

interface Filling {
  readonly agents: Map<string, WatchedAgent>;
  parts: number;
}

export interface Roster {
  agents: Map<string, WatchedAgent>;
  presences: Map<string, Presence>;
  summary: Summary | null;
  position: Required<Since> | null;
  currency: Currency;
  /** A snapshot that is arriving; what is held stays in view until it is whole. */
  filling: Filling | null;
}

export type RosterChange =
  | { readonly type: "nothing" }
  | { readonly type: "everything" }
  /** Only how current the roster is, its counts or the catalog. */
  | { readonly type: "surroundings" }
  | { readonly type: "agents"; readonly changed: readonly WatchedAgent[]; readonly left: readonly string[] };

export function emptyRoster(): Roster {
  return { agents: new Map(), presences: new Map(), summary: null, position: null, currency: "empty", filling: null };
}

/** Where to resume; undefined asks for a snapshot. */
export function resumeFrom(roster: Roster): Required<Since> | undefined {
  return roster.position ?? undefined;
}

/** The connection is gone: what is held may be outdated from here on. */
export function disconnected(roster: Roster): RosterChange {
  roster.filling = null;
  if (roster.currency === "empty") return { type: "nothing" };
  roster.currency = "catching-up";
  return { type: "surroundings" };
}

/** The hub's answer to `watch`. */
export function watching(roster: Roster, result: WatchResult): RosterChange {
  roster.filling = null;
  if (result.mode === "snapshot") {
    roster.position = null;
    roster.currency = roster.agents.size === 0 ? "empty" : "catching-up";
  }
  return { type: "surroundings" };
}

type Frame<Type extends HubFrame["type"]> = Extract<HubFrame, { type: Type }>;

export function apply(roster: Roster, frame: HubFrame): RosterChange {
  switch (frame.type) {
    case "snapshot":
      return fill(roster, frame);
    case "changes":
      return change(roster, frame);
    case "presences":
      catalog(roster, frame.presences);
      return { type: "everything" };
    case "resync":
      roster.position = null;
      roster.currency = roster.agents.size === 0 ? "empty" : "catching-up";
      return { type: "surroundings" };
    case "heartbeat":
      return beat(roster, frame);
    default:
      return { type: "nothing" };
  }
}

function fill(roster: Roster, frame: Frame<"snapshot">): RosterChange {
  if (frame.part === 1 || roster.filling === null) roster.filling = { agents: new Map(), parts: 0 };
  const filling = roster.filling;
  filling.parts += 1;
  for (const agent of frame.agents) hold(filling.agents, agent);
  if (frame.presences !== undefined) catalog(roster, frame.presences);
  if (frame.summary !== undefined) roster.summary = frame.summary;
  if (frame.part < frame.parts) return { type: "surroundings" };
  roster.filling = null;
  if (filling.parts !== frame.parts) return { type: "surroundings" };
  roster.agents = filling.agents;
  roster.position = { epoch: frame.epoch, seq: frame.seq, watchId: frame.watchId };
  roster.currency = "current";
  return { type: "everything" };
}

function change(roster: Roster, frame: Frame<"changes">): RosterChange {
  if (frame.presences !== undefined) catalog(roster, frame.presences);
  if (frame.summary !== undefined) roster.summary = frame.summary;
  const into = roster.filling?.agents ?? roster.agents;
  const changed = frame.agents.filter((agent) => hold(into, agent));
  const left = frame.left.filter((agentId) => into.delete(agentId));
  if (roster.filling !== null) return { type: "surroundings" };
  if (roster.position !== null) {
    roster.position = { ...roster.position, seq: Math.max(roster.position.seq, frame.seq) };
    roster.currency = "current";
  }
  return { type: "agents", changed, left };
}

/** Says whether it was news. */
function hold(agents: Map<string, WatchedAgent>, agent: WatchedAgent): boolean {
  const held = agents.get(agent.agentId);
  if (held !== undefined && held.version > agent.version) return false;
  agents.set(agent.agentId, agent);
  return true;
}

function beat(roster: Roster, frame: Frame<"heartbeat">): RosterChange {
  const before = roster.currency;
  if (before === "current" && frame.stale === true) roster.currency = "hub-behind";
  if (before === "hub-behind" && frame.stale !== true) roster.currency = "current";
  if (roster.currency === "current" && roster.position !== null && frame.seq !== undefined) {
    roster.position = { ...roster.position, seq: Math.max(roster.position.seq, frame.seq) };
  }
  return roster.currency === before ? { type: "nothing" } : { type: "surroundings" };
}

function catalog(roster: Roster, presences: readonly Presence[]): void {
  roster.presences = new Map(presences.map((presence) => [presence.presenceId, presence]));
}
