/** Intervals cut to a time, so that they add up to what a report says of it. */

import type { HistoryInterval } from "../wire.ts";
import type { Between } from "./spans.ts";

export interface Cut {
  readonly interval: HistoryInterval;
  readonly start: number;
  readonly end: number;
}

/** What lasts still is cut to the end of the time. */
export function cutTo(intervals: readonly HistoryInterval[], { from, to }: Between): readonly Cut[] {
  return intervals
    .map((interval) => ({
      interval,
      start: Math.max(from, Date.parse(interval.start)),
      end: interval.end === null ? to : Math.min(to, Date.parse(interval.end)),
    }))
    .filter(({ start, end }) => end >= start);
}

/** Milliseconds by presence. */
export function sumsOf(rows: readonly Cut[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { interval, start, end } of rows) {
    const { presenceId } = interval;
    sums.set(presenceId, (sums.get(presenceId) ?? 0) + end - start);
  }
  return sums;
}
