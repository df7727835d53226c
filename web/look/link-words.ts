/** Which words tell the state of the connection, and how they look. */

import type { Link } from "../client/link.ts";
import { closed, LINK } from "../words/connection.ts";

export type Mood = "good" | "doubtful" | "bad";

export interface LinkWords {
  readonly mood: Mood;
  readonly short: string;
  /** Null when there is nothing to worry about. */
  readonly long: string | null;
}

export function linkWords(link: Link): LinkWords {
  switch (link.phase) {
    case "connecting":
      return link.code === null ? { mood: "doubtful", ...LINK.connecting } : reconnecting(link.code);
    case "live":
      if (link.quiet === "no-network") return { mood: "doubtful", ...LINK.noNetwork };
      if (link.quiet === "overdue") return { mood: "doubtful", ...LINK.noAnswer };
      if (link.planned !== null) return { mood: "doubtful", ...LINK.restarting };
      return { mood: "good", ...LINK.connected, long: null };
    case "waiting":
      return reconnecting(link.code);
    case "ended":
      return { mood: "bad", short: LINK.ended.short, long: ended(link.code, link.reason) };
  }
}

function reconnecting(code: number): LinkWords {
  return { mood: "doubtful", short: LINK.reconnecting.short, long: LINK.reconnecting.long(closed(code)) };
}

/** The hub's own reason too, when it is a sentence that says more than the code does. */
function ended(code: number, reason: string): string {
  const why = closed(code);
  const saysMore = reason.includes(" ") && !why.toLowerCase().includes(reason.toLowerCase());
  return saysMore ? LINK.ended.long(why, reason) : why;
}
