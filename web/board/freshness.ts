/** Whether what the board shows is true now. A board may be late, but never silently wrong. */

import type { Link } from "../client/link.ts";
import type { Currency } from "../client/roster.ts";
import { linkWords } from "../look/link-words.ts";
import { BOARD } from "../words/board.ts";

export type Freshness =
  | { readonly kind: "live" }
  /** Nothing to show yet. */
  | { readonly kind: "loading"; readonly why: string }
  /** `since`: the last instant (the hub's time) at which what is shown was known to be true. */
  | { readonly kind: "stale"; readonly since: number | null; readonly why: string };

export function freshness(link: Link, currency: Currency, currentAt: number | null): Freshness {
  const trouble = linkWords(link).long;
  if (currency === "empty") return { kind: "loading", why: trouble ?? BOARD.loading };
  const stale = (why: string): Freshness => ({ kind: "stale", since: currentAt, why });
  // A hub that has announced its restart still sends every change until it closes.
  if (link.phase !== "live" || link.quiet !== "heard") return stale(trouble ?? "");
  switch (currency) {
    case "catching-up":
      return stale(BOARD.catchingUp);
    case "hub-behind":
      return stale(BOARD.hubBehind);
    case "current":
      return { kind: "live" };
  }
}
