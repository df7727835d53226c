/** The days of a week, by the calendar on the person's wall. */

import type { HistoryInterval } from "../wire.ts";

export interface Day {
  /** Milliseconds since 1970: midnight, and the next midnight or now. */
  readonly from: number;
  readonly to: number;
}

/** The midnight before `now`, by the clock on the person's wall. */
export function midnight(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

/** Today and the days before, the newest first. A day may have 23 or 25 hours. */
export function lastDays(now: number, count: number): readonly Day[] {
  const today = new Date(midnight(now));
  const begins = (ago: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - ago).getTime();
  return Array.from({ length: count }, (_, ago) => ({ from: begins(ago), to: ago === 0 ? now : begins(ago - 1) }));
}

/** What lasted within a day; of what began before, too. */
export function within(intervals: readonly HistoryInterval[], { from, to }: Day): readonly HistoryInterval[] {
  return intervals.filter(({ start, end }) => Date.parse(start) < to && (end === null || Date.parse(end) > from));
}

/** Changes by people other than the agent itself. What work systems report is no decision about the agent. */
export function byOthers(intervals: readonly HistoryInterval[]): readonly HistoryInterval[] {
  return intervals.filter(({ modifiedBy: { type } }) => type === "SUPERVISOR" || type === "ADMIN");
}
