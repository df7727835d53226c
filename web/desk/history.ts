/** The agent's own history, read page by page. */

import { read } from "../live/session.ts";
import type { HistoryInterval, HistoryIntervalList } from "../wire.ts";

/** What of the history: from an instant on, up to another if one is given. */
export interface Wanted {
  readonly from: number;
  readonly to?: number;
  /** Whether neighbours of equal presence are one. */
  readonly merged: boolean;
  /** Intervals of a page. What a page costs of what a person may ask grows with it, and each open desk of the person reads. */
  readonly page: number;
}

/** More than any day or week of work has; whoever has more is told that it is not all. */
const MOST = 5_000;

export interface History {
  readonly intervals: readonly HistoryInterval[];
  /** Whether there is more. */
  readonly cut: boolean;
}

/** `own` is the address of the agent: `api/v1/agents/ada`. */
export async function readHistory(own: string, { from, to, merged, page }: Wanted): Promise<History> {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), limit: String(page) });
  if (to !== undefined) query.set("to", new Date(to).toISOString());
  if (merged) query.set("merge", "presence");
  const intervals: HistoryInterval[] = [];
  for (;;) {
    const { items, nextCursor } = await read<HistoryIntervalList>(`${own}/history?${query.toString()}`);
    intervals.push(...items);
    if (nextCursor === undefined) return { intervals, cut: false };
    if (intervals.length >= MOST) return { intervals, cut: true };
    query.set("cursor", nextCursor);
  }
}
