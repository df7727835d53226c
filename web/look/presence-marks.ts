/**
 * The one drawing of the presence icons: a disc or a ring, with a mark within it. The shape differs per base status, not
 * the colour alone, so that they can be told apart in grey, in forced colours and by people who do not see the
 * difference of red and green.
 */

import type { BasePresenceStatus } from "../wire.ts";

/** What is shown when it is not known: never a presence that was true once. */
export type ShownStatus = BasePresenceStatus | "UNKNOWN";

/** Paths on a grid of 16, drawn as lines. */
export const MARKS: Readonly<Record<ShownStatus, string>> = {
  AVAILABLE: "m4.4 8.3 2.5 2.5 4.8-5.3",
  BUSY: "",
  BUSY_DO_NOT_DISTURB: "M4 8h8",
  AWAY: "M8 3.8V8l2.9 2.2",
  OFFLINE: "m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8",
  UNKNOWN: "M6.2 6.4c.1-2.4 3.7-2.3 3.6 0-.1 1.4-1.8 1.4-1.8 3m0 2v.2",
};

/** Who is there is a disc, all others a ring; the line of a ring is within the grid. */
export function radius(status: ShownStatus): string {
  return status === "OFFLINE" || status === "UNKNOWN" ? "7" : "8";
}
