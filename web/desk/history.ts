/** The agent's own history, read page by page. */

import { type Every, everyItem } from "../live/every-item.ts";
import { read } from "../live/session.ts";
import type { HistoryInterval } from "../wire.ts";

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

/** `own` is the address of the agent: `api/v1/agents/ada`. */
export function readHistory(own: string, { from, to, merged, page }: Wanted): Promise<Every<HistoryInterval>> {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), limit: String(page) });
  if (to !== undefined) query.set("to", new Date(to).toISOString());
  if (merged) query.set("merge", "presence");
  return everyItem<HistoryInterval>((cursor) => {
    if (cursor !== undefined) query.set("cursor", cursor);
    return read(`${own}/history?${query.toString()}`);
  }, MOST);
}
