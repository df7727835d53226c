/** How a column sorts. Equal rows are sorted by name. */

import type { BasePresenceStatus, Presence, WatchedAgent } from "../wire.ts";
import type { ColumnId } from "./columns.ts";
import { heldSince } from "./held.ts";

/** Who can take work first. */
const STATUS_ORDER: readonly BasePresenceStatus[] = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"];

type Compare = (a: WatchedAgent, b: WatchedAgent) => number;

const same: Compare = () => 0;

export function comparison(by: ColumnId, presences: ReadonlyMap<string, Presence>): Compare {
  switch (by) {
    case "agent":
      return same;
    case "presence": {
      const place = new Map(
        [...presences.values()].map(({ presenceId, basePresenceStatus }, at) => [
          presenceId,
          STATUS_ORDER.indexOf(basePresenceStatus) * presences.size + at,
        ]),
      );
      return (a, b) => (place.get(a.presenceId) ?? -1) - (place.get(b.presenceId) ?? -1);
    }
    case "since":
      // The contract's instants all have one form, so their texts sort as they do. The longest comes first when ascending.
      return (a, b) => byText(heldSince(a), heldSince(b));
    case "next":
      return (a, b) => byText(endOf(a), endOf(b));
    case "hold":
      return (a, b) => byText(a.hold ?? LAST, b.hold ?? LAST);
    case "setBy":
      return (a, b) => byText(a.modifiedBy?.id ?? "", b.modifiedBy?.id ?? "");
    case "reason":
      return (a, b) => byText(a.reason ?? LAST, b.reason ?? LAST);
    case "work":
      return (a, b) => (a.openWorkItems ?? 0) - (b.openWorkItems ?? 0);
    case "capacity":
      return (a, b) => free(a) - free(b);
    case "sessions":
      return (a, b) => (a.activeBrowserSessions ?? 0) - (b.activeBrowserSessions ?? 0);
    case "teams":
      return (a, b) => byText(a.teams?.[0] ?? LAST, b.teams?.[0] ?? LAST);
    case "queues":
      return (a, b) => byText(a.queues?.[0] ?? LAST, b.queues?.[0] ?? LAST);
    case "skills":
      return (a, b) => byText(a.skills?.[0] ?? LAST, b.skills?.[0] ?? LAST);
  }
}

/** What is not there comes after all that is. */
const LAST = "\uffff";

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function endOf(agent: WatchedAgent): string {
  return agent.restore?.until ?? agent.until ?? LAST;
}

/** The share of the units that is left; who has no units has room. */
function free({ capacity }: WatchedAgent): number {
  const units = capacity?.units ?? null;
  return units === null ? 1 : (units.available - units.reserved) / Math.max(1, units.max);
}
