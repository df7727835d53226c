/** One look over all agents: who is listed, in which order, and how many there are of each kind. */

import type { Presence, WatchedAgent } from "../wire.ts";
import type { ColumnId } from "./columns.ts";
import { FACETS, type Facet, type Filters, valuesOf } from "./filters.ts";
import { folded, searched, sortable } from "../look/fold.ts";
import { comparison } from "./order.ts";

export interface Order {
  readonly by: ColumnId;
  readonly direction: "ascending" | "descending";
}

export interface Surveyed {
  readonly ids: readonly string[];
  /** By facet and value: how many there would be if the facet were narrowed to that value alone, the other filters being as they are. */
  readonly counts: Readonly<Record<Facet, ReadonlyMap<string, number>>>;
  /** How many there are whatever the base status. */
  readonly anyStatus: number;
  /** By team and base status, whatever team is filtered for. */
  readonly teams: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** What is remembered of an agent as it was looked at last, so that it is folded once and not at each look. */
interface Known {
  readonly agent: WatchedAgent;
  readonly catalog: ReadonlyMap<string, Presence>;
  readonly name: string;
  readonly places: string;
  readonly text: string;
  readonly key: string;
  /** For each of `FACETS`. */
  readonly values: readonly (readonly string[])[];
}

export class Surveyor {
  readonly #known = new Map<string, Known>();
  /** Who was listed last, in that order, and the order. */
  #sorted: readonly Known[] = [];
  #order: Order | null = null;

  survey(
    agents: ReadonlyMap<string, WatchedAgent>,
    presences: ReadonlyMap<string, Presence>,
    filters: Filters,
    order: Order,
  ): Surveyed {
    const words = searched(filters.text);
    const chosen = FACETS.map((facet) => new Set(filters[facet]));
    const counts = FACETS.map(() => new Map<string, number>());
    const listed: Known[] = [];
    const teams = new Map<string, Map<string, number>>();
    let anyStatus = 0;
    for (const agent of agents.values()) {
      const known = this.#know(agent, presences);
      if (words.length > 0 && !words.every((word) => known.text.includes(word))) continue;
      const missed = missedBy(known, chosen);
      if (missed === SEVERAL) continue;
      if (missed === NOTHING) listed.push(known);
      if (missed === NOTHING || missed === STATUS) anyStatus += 1;
      count(known, missed, counts);
      if (missed === NOTHING || missed === TEAM) countTeams(known, teams);
    }
    if (this.#known.size > agents.size * 2) this.#forget(agents);
    return {
      ids: this.#sort(listed, presences, order).map(({ agent }) => agent.agentId),
      counts: byFacet(counts),
      anyStatus,
      teams,
    };
  }

  /** Whoever did not change since stands in order already: only the others are sorted, and put between them. */
  #sort(listed: readonly Known[], presences: ReadonlyMap<string, Presence>, order: Order): readonly Known[] {
    const compareAgents = comparison(order.by, presences);
    const sign = order.direction === "ascending" ? 1 : -1;
    const compare = (a: Known, b: Known): number =>
      sign * (compareAgents(a.agent, b.agent) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const isSame = this.#order?.by === order.by && this.#order.direction === order.direction;
    const others = new Set(listed);
    const before = isSame ? this.#sorted.filter((known) => others.delete(known)) : [];
    this.#order = order;
    this.#sorted = merged(before, [...others].sort(compare), compare);
    return this.#sorted;
  }

  #know(agent: WatchedAgent, catalog: ReadonlyMap<string, Presence>): Known {
    const known = this.#known.get(agent.agentId);
    if (known?.agent === agent && known.catalog === catalog) return known;
    const places = placesOf(agent);
    const folding = known?.name === agent.name && known.places === places ? known : fold(agent, places);
    const values = FACETS.map((facet) => valuesOf(facet, agent, catalog));
    const now = { agent, catalog, name: agent.name, places, text: folding.text, key: folding.key, values };
    this.#known.set(agent.agentId, now);
    return now;
  }

  #forget(agents: ReadonlyMap<string, WatchedAgent>): void {
    for (const id of this.#known.keys()) if (!agents.has(id)) this.#known.delete(id);
  }
}

/** Of two lists that are in order, one that is. */
function merged<T>(one: readonly T[], other: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  if (one.length === 0) return other;
  const all: T[] = [];
  let at = 0;
  for (const next of other) {
    for (let first = one[at]; first !== undefined && compare(first, next) <= 0; first = one[at]) {
      all.push(first);
      at += 1;
    }
    all.push(next);
  }
  for (; at < one.length; at += 1) all.push(one[at] as T);
  return all;
}

function fold({ name, agentId }: WatchedAgent, places: string): Pick<Known, "text" | "key"> {
  return { text: folded(`${name} ${agentId} ${places}`), key: `${sortable(name)}\n${agentId}` };
}

function placesOf({ teams, queues, skills }: WatchedAgent): string {
  return `${teams?.join(" ") ?? ""} ${queues?.join(" ") ?? ""} ${skills?.join(" ") ?? ""}`;
}

/** Places in `FACETS`; numbers, because each look does this for every agent. */
const [NOTHING, SEVERAL] = [-1, -2];
const STATUS = FACETS.indexOf("status");
const TEAM = FACETS.indexOf("team");

/** Which facet alone keeps the agent out. */
function missedBy({ values }: Known, chosen: readonly ReadonlySet<string>[]): number {
  let missed = NOTHING;
  for (let at = 0; at < chosen.length; at += 1) {
    const wanted = chosen[at];
    if (wanted === undefined || wanted.size === 0) continue;
    if (values[at]?.some((value) => wanted.has(value)) === true) continue;
    if (missed !== NOTHING) return SEVERAL;
    missed = at;
  }
  return missed;
}

/** Counts the agent in every facet, or in the one alone that keeps it out. */
function count({ values }: Known, missed: number, counts: readonly Map<string, number>[]): void {
  for (let at = 0; at < counts.length; at += 1) {
    if (missed !== NOTHING && missed !== at) continue;
    const into = counts[at];
    for (const value of values[at] ?? []) into?.set(value, (into.get(value) ?? 0) + 1);
  }
}

function countTeams({ values }: Known, teams: Map<string, Map<string, number>>): void {
  const status = values[STATUS]?.[0];
  if (status === undefined) return;
  for (const team of values[TEAM] ?? []) {
    const counts = teams.get(team) ?? new Map<string, number>();
    teams.set(team, counts);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
}

function byFacet(counts: readonly Map<string, number>[]): Surveyed["counts"] {
  const [status, presence, team, queue, skill, hold] = counts.map((count) => count);
  const empty = new Map<string, number>();
  return {
    status: status ?? empty,
    presence: presence ?? empty,
    team: team ?? empty,
    queue: queue ?? empty,
    skill: skill ?? empty,
    hold: hold ?? empty,
  };
}
