/** "How long": the choices of the dialog, and the instant they mean. */

import type { Presence } from "../wire.ts";
import { moment } from "../words/moment.ts";
import { CHOOSING } from "../words/indicator.ts";

/** `kept`: as it was set before. `at`: until a time of day. Others are minutes; none is no end. */
export type Length = "" | "kept" | "15" | "30" | "60" | "at";

export interface UntilChoice {
  readonly value: Length;
  readonly label: string;
}

/** What can be chosen for a presence; `kept` is the end that is set for it now, if any. */
export function untilChoices(presence: Presence | null, kept: string | null, now: number): readonly UntilChoice[] {
  const open: UntilChoice = { value: "", label: endsByWork(presence) ? CHOOSING.untilWork : CHOOSING.untilChanged };
  const asItIs: readonly UntilChoice[] =
    kept === null ? [] : [{ value: "kept", label: CHOOSING.asItIs(moment(kept, now)) }];
  return [
    open,
    ...asItIs,
    { value: "15", label: CHOOSING.minutes(15) },
    { value: "30", label: CHOOSING.minutes(30) },
    { value: "60", label: CHOOSING.hour },
    { value: "at", label: CHOOSING.untilATime },
  ];
}

/** A chosen Available or Busy lasts until work is taken or given back; the others until they are changed. */
function endsByWork(presence: Presence | null): boolean {
  return presence?.basePresenceStatus === "AVAILABLE" || presence?.basePresenceStatus === "BUSY";
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Whoever sets a presence for longer than this probably mistook the day. */
const SHIFT_MS = 12 * HOUR;

/**
 * The instant, or null for no end. `now` is the hub's time; `at` is `HH:MM` on the person's wall, today or, when that
 * has passed, tomorrow.
 */
export function until(length: Length, at: string, kept: string | null, now: number): number | null {
  switch (length) {
    case "":
      return null;
    case "kept":
      return kept === null ? null : Date.parse(kept);
    case "at":
      return nextTimeOfDay(at, now);
    default:
      return now + Number(length) * MINUTE;
  }
}

function nextTimeOfDay(at: string, now: number): number | null {
  const [hours = NaN, minutes = NaN] = at.split(":").map(Number);
  if (Number.isNaN(hours) || Number.isNaN(minutes)) return null;
  const wall = new Date(now);
  wall.setHours(hours, minutes, 0, 0);
  if (wall.getTime() <= now) wall.setDate(wall.getDate() + 1);
  return wall.getTime();
}

/** What is said about an end before it is chosen: its day, and whether it is further off than a shift is long. */
export function endInWords(
  end: number | null,
  now: number,
): { readonly says: string; readonly warns: string | null } | null {
  if (end === null) return null;
  const warns = end - now > SHIFT_MS ? CHOOSING.farOff(Math.round((end - now) / HOUR)) : null;
  return { says: CHOOSING.ends(moment(end, now)), warns };
}
