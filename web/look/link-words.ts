/** Which words tell the state of the connection. */

import { NO_NETWORK, RESTARTING, UNKNOWN_AGENT } from "../client/close-codes.ts";
import type { Link } from "../client/link.ts";
import { closed, LINK } from "../words/connection.ts";
import { refusedToOneself } from "../words/refusals.ts";

export interface LinkWords {
  readonly short: string;
  /** Null when there is nothing to worry about. */
  readonly long: string | null;
}

export function linkWords(link: Link): LinkWords {
  switch (link.phase) {
    case "connecting":
      return link.code === null ? LINK.connecting : reconnecting(link.code);
    case "live":
      if (link.quiet === "no-network") return reconnecting(NO_NETWORK);
      if (link.quiet === "overdue") return LINK.noAnswer;
      if (link.planned !== null) return { ...reconnecting(RESTARTING), ...LINK.restarting };
      return { ...LINK.connected, long: null };
    case "waiting":
      return reconnecting(link.code);
    case "ended":
      return { short: LINK.ended.short, long: ended(link) };
  }
}

function reconnecting(code: number): LinkWords {
  const { short } = code === NO_NETWORK ? LINK.noNetwork : LINK.reconnecting;
  return { short, long: LINK.reconnecting.long(closed(code)) };
}

/** The hub's own reason too, when it is a sentence that says more than the code does. */
function ended({ code, reason, refusal }: Extract<Link, { phase: "ended" }>): string {
  if (code === UNKNOWN_AGENT && refusal !== null) return refusedToOneself(refusal, reason);
  const why = closed(code);
  const saysMore = reason.includes(" ") && !why.toLowerCase().includes(reason.toLowerCase());
  return saysMore ? LINK.ended.long(why, reason) : why;
}
