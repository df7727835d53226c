/**
 * The warning for a name or text that says one thing over a base status that says another, while it is typed: the rule
 * is R-5 of the hub, which warns again once it is kept. A test holds the two tables together.
 */

import type { BasePresenceStatus } from "../wire.ts";
import { SAME_SAYINGS, SAYINGS } from "../words/sayings.ts";

/** The words in lower case, each between spaces. Who is "not available" is unavailable. */
function inWords(text: string): string {
  const words = text
    .toLowerCase()
    .split(/[^\p{Alphabetic}\p{N}]+/u)
    .filter((word) => word !== "");
  return SAME_SAYINGS.reduce((text, [said, meant]) => text.replaceAll(said, meant), ` ${words.join(" ")} `);
}

/** The phrase that says something else than the base status does, or null. */
export function contradiction(texts: readonly string[], base: BasePresenceStatus): string | null {
  const said = texts.map(inWords);
  const found = SAYINGS.find(
    ([phrase, fits]) => said.some((words) => words.includes(` ${phrase} `)) && !fits.includes(base),
  );
  return found?.[0] ?? null;
}
