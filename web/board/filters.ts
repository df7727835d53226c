/** What a supervisor narrowed the board to, which stands in the page's address, so that it can be kept and passed on. */

import type { Presence, WatchedAgent } from "../wire.ts";

/** Within a facet one match is enough; the facets are joined by *and*. */
export const FACETS = ["status", "presence", "team", "queue", "skill", "hold"] as const;
export type Facet = (typeof FACETS)[number];

export interface Filters extends Readonly<Record<Facet, readonly string[]>> {
  /** Words that are all looked for. */
  readonly text: string;
}

export const EVERYBODY: Filters = { status: [], presence: [], team: [], queue: [], skill: [], hold: [], text: "" };

export function narrows(filters: Filters): boolean {
  return filters.text.trim() !== "" || FACETS.some((facet) => filters[facet].length > 0);
}

/** What this facet would have to be for the agent to match. */
export function valuesOf(
  facet: Facet,
  agent: WatchedAgent,
  presences: ReadonlyMap<string, Presence>,
): readonly string[] {
  switch (facet) {
    case "status": {
      const status = presences.get(agent.presenceId)?.basePresenceStatus;
      return status === undefined ? NONE : ONE_STATUS[status];
    }
    case "presence":
      return [agent.presenceId];
    case "team":
      return agent.teams ?? NONE;
    case "queue":
      return agent.queues ?? NONE;
    case "skill":
      return agent.skills ?? NONE;
    case "hold":
      return agent.hold === undefined ? NONE : [agent.hold];
  }
}

const NONE: readonly string[] = [];
/** Lists that are made once: this is asked for ten thousand agents at a time. */
const ONE_STATUS = {
  AVAILABLE: ["AVAILABLE"],
  BUSY: ["BUSY"],
  BUSY_DO_NOT_DISTURB: ["BUSY_DO_NOT_DISTURB"],
  AWAY: ["AWAY"],
  OFFLINE: ["OFFLINE"],
} as const;

/** With this value chosen if it was not, and not any more if it was. */
export function turned(filters: Filters, facet: Facet, value: string): Filters {
  const chosen = filters[facet];
  return {
    ...filters,
    [facet]: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
  };
}
