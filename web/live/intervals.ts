/** Intervals of an agent's history that are read on as it goes on. */

import type { HistoryInterval } from "../wire.ts";

/** What is known, with what came since: the last that is known may have ended meanwhile. */
export function goesOn(
  known: readonly HistoryInterval[],
  since: readonly HistoryInterval[],
): readonly HistoryInterval[] {
  const [first] = since;
  if (first === undefined) return known;
  const isBefore = ({ start, seq }: HistoryInterval): boolean =>
    start < first.start || (start === first.start && seq < first.seq);
  return [...known.filter(isBefore), ...since];
}
