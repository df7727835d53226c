/** What people read into the texts of presences, as `SAYINGS` of `src/domain/presence.rs` has it. */

import type { BasePresenceStatus } from "../wire.ts";

/** What people read into a word, and the base statuses that it does not contradict. */
export const SAYINGS: readonly (readonly [phrase: string, fits: readonly BasePresenceStatus[]])[] = [
  ["do not disturb", ["BUSY_DO_NOT_DISTURB"]],
  ["dnd", ["BUSY_DO_NOT_DISTURB"]],
  ["offline", ["OFFLINE"]],
  ["available", ["AVAILABLE"]],
  ["unavailable", ["BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"]],
  ["away", ["AWAY", "OFFLINE"]],
  ["busy", ["BUSY", "BUSY_DO_NOT_DISTURB"]],
  ["lunch", ["BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"]],
  ["break", ["BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"]],
];

/** Ways to say the same, as words between spaces. */
export const SAME_SAYINGS: readonly (readonly [said: string, meant: string])[] = [
  [" not available ", " unavailable "],
  [" don t ", " do not "],
];
