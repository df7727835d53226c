/** The state of the connection in words, the same on every page. */

import { advice } from "../client/close-codes.ts";
import type { Link } from "../client/link.ts";

export type Mood = "good" | "doubtful" | "bad";

export interface LinkWords {
  readonly mood: Mood;
  /** For the bar: a word or two. */
  readonly short: string;
  /** For a banner; null when there is nothing to worry about. */
  readonly long: string | null;
}

export function linkWords(link: Link): LinkWords {
  switch (link.phase) {
    case "connecting":
      return link.code === null
        ? { mood: "doubtful", short: "Connecting", long: "Connecting to the hub." }
        : { mood: "doubtful", short: "Reconnecting", long: `${advice(link.code).said} Reconnecting.` };
    case "live":
      if (link.quiet === "overdue") {
        return { mood: "doubtful", short: "No answer", long: "The hub has gone quiet. Waiting for a sign of life." };
      }
      if (link.planned !== null) return { mood: "doubtful", short: "Hub is restarting", long: "The hub is about to restart. This page comes back by itself." };
      return { mood: "good", short: "Connected", long: null };
    case "waiting":
      return { mood: "doubtful", short: "Reconnecting", long: `${advice(link.code).said} Reconnecting.` };
    case "ended":
      return { mood: "bad", short: "Not connected", long: ended(link.code, link.reason) };
  }
}

/** The hub's own reason too, when it is a sentence that says more than the code does. */
function ended(code: number, reason: string): string {
  const { said } = advice(code);
  const more = reason.includes(" ") && !said.toLowerCase().includes(reason.toLowerCase());
  return more ? `${said} (${reason})` : said;
}
