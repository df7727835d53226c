/** Which agents a board lists, in which order, and how many of each kind there are. */

import type { Roster } from "../client/roster.ts";
import type { BasePresenceStatus, Presence, Summary, WatchedAgent } from "../wire.ts";

/** What a supervisor narrowed the list to; the parts are joined by *and*. */
export interface Narrowing {
  readonly team: string | null;
  readonly baseStatus: BasePresenceStatus | null;
  readonly presenceId: string | null;
  /** Part of a name or an id. */
  readonly text: string;
}

export const EVERYBODY: Narrowing = { team: null, baseStatus: null, presenceId: null, text: "" };

export type Column = "name" | "presence" | "since" | "work";

export interface Order {
  readonly by: Column;
  readonly direction: "ascending" | "descending";
}

/** Remembers the order of the names: comparing them as people do is slow, and names seldom change. */
export class Listing {
  #rank = new Map<string, number>();
  #names = new Map<string, string>();

  list(roster: Roster, narrowing: Narrowing, order: Order): readonly string[] {
    this.#keepRanks(roster.agents);
    const listed: WatchedAgent[] = [];
    const text = narrowing.text.trim().toLowerCase();
    for (const agent of roster.agents.values()) {
      if (passes(agent, narrowing, text, roster.presences)) listed.push(agent);
    }
    const sign = order.direction === "ascending" ? 1 : -1;
    const compare = comparison(order.by, roster.presences);
    const rank = (agent: WatchedAgent): number => this.#rank.get(agent.agentId) ?? 0;
    listed.sort((a, b) => sign * compare(a, b) || sign * (rank(a) - rank(b)));
    return listed.map((agent) => agent.agentId);
  }

  #keepRanks(agents: ReadonlyMap<string, WatchedAgent>): void {
    if (!this.#outdated(agents)) return;
    const collator = new Intl.Collator(undefined, { numeric: true });
    const sorted = [...agents.values()].sort(
      (a, b) => collator.compare(a.name, b.name) || collator.compare(a.agentId, b.agentId),
    );
    this.#rank = new Map(sorted.map((agent, at) => [agent.agentId, at]));
    this.#names = new Map(sorted.map((agent) => [agent.agentId, agent.name]));
  }

  #outdated(agents: ReadonlyMap<string, WatchedAgent>): boolean {
    if (agents.size !== this.#names.size) return true;
    for (const agent of agents.values()) {
      if (this.#names.get(agent.agentId) !== agent.name) return true;
    }
    return false;
  }
}

function passes(
  agent: WatchedAgent,
  narrowing: Narrowing,
  text: string,
  presences: ReadonlyMap<string, Presence>,
): boolean {
  if (narrowing.team !== null && !(agent.teams ?? []).includes(narrowing.team)) return false;
  if (narrowing.presenceId !== null && agent.presenceId !== narrowing.presenceId) return false;
  if (narrowing.baseStatus !== null && presences.get(agent.presenceId)?.basePresenceStatus !== narrowing.baseStatus)
    return false;
  return text === "" || agent.name.toLowerCase().includes(text) || agent.agentId.toLowerCase().includes(text);
}

/** Who can take work first. */
const STATUS_ORDER: readonly BasePresenceStatus[] = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"];

function comparison(
  by: Column,
  presences: ReadonlyMap<string, Presence>,
): (a: WatchedAgent, b: WatchedAgent) => number {
  switch (by) {
    case "name":
      return () => 0;
    case "presence": {
      const place = new Map(
        [...presences.values()].map((presence, at) => [
          presence.presenceId,
          STATUS_ORDER.indexOf(presence.basePresenceStatus) * presences.size + at,
        ]),
      );
      return (a, b) => (place.get(a.presenceId) ?? -1) - (place.get(b.presenceId) ?? -1);
    }
    case "since":
      // The contract's instants all have one form, so their texts sort as they do. The longest comes first when ascending.
      return (a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0);
    case "work":
      return (a, b) => (a.openWorkItems ?? 0) - (b.openWorkItems ?? 0);
  }
}

/** The hub's own counts for the whole watch; counted here when narrowed to a team. */
export function counts(roster: Roster, team: string | null): Summary {
  if (team === null && roster.summary !== null) return roster.summary;
  const counted: Summary = { total: 0, byBaseStatus: {}, byPresence: {} };
  for (const agent of roster.agents.values()) {
    if (team !== null && !(agent.teams ?? []).includes(team)) continue;
    counted.total += 1;
    counted.byPresence[agent.presenceId] = (counted.byPresence[agent.presenceId] ?? 0) + 1;
    const status = roster.presences.get(agent.presenceId)?.basePresenceStatus;
    if (status !== undefined) counted.byBaseStatus[status] = (counted.byBaseStatus[status] ?? 0) + 1;
  }
  return counted;
}

export function teams(roster: Roster): readonly string[] {
  const found = new Set<string>();
  for (const agent of roster.agents.values()) {
    for (const team of agent.teams ?? []) found.add(team);
  }
  return [...found].sort();
}
