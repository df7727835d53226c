/** The presences that may be chosen: grouped by their base status, and found by any of their words. */

import { unaccented } from "../look/fold.ts";
import type { BasePresenceStatus, Presence } from "../wire.ts";
import { presenceText } from "../words/indicator.ts";

export interface Group {
  readonly base: BasePresenceStatus;
  readonly presences: readonly Presence[];
}

/** From who takes work to who is not there. */
const ORDER: readonly BasePresenceStatus[] = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"];

export function groups(presences: readonly Presence[]): readonly Group[] {
  return ORDER.map((base) => ({
    base,
    presences: presences.filter(({ basePresenceStatus }) => basePresenceStatus === base),
  })).filter((group) => group.presences.length > 0);
}

/** All words have to be there, in any order; accents and capitals do not matter. */
export function found(presences: readonly Presence[], sought: string): readonly Presence[] {
  const words = unaccented(sought).split(/\s+/);
  return presences.filter((presence) => {
    const text = unaccented(`${presenceText(presence)} ${presence.description}`);
    return words.every((word) => text.includes(word));
  });
}
