/** What the hub knows of one agent beyond the board: asked over HTTP, with the cookie of the page. */

import { everyItem } from "../live/every-item.ts";
import { goesOn } from "../live/intervals.ts";
import type { Dispute, DisputeList, Explanation, HistoryInterval, WorkItem, WorkItems } from "../wire.ts";
import { DRAWER } from "../words/board.ts";

export interface Known {
  readonly explanation: Explanation;
  /** Of the time asked for, oldest first; neighbours of equal presence are one. */
  readonly intervals: readonly HistoryInterval[];
  readonly items: readonly WorkItem[];
  /** What the agent says of entries of its history. */
  readonly disputes: readonly Dispute[];
}

/** Why it did not come, as a sentence. */
export class NotAnswered extends Error {}

/** The browser's own, or a test's. */
export type Ask = (path: string, signal: AbortSignal) => Promise<Response>;

const overHttp: Ask = (path, signal) =>
  fetch(path, { signal, headers: { accept: "application/json" }, cache: "no-store" });

/** So many a page of the history has at most. */
const PAGE = 1000;
/** More than anyone has in the days that a drawer goes back. */
const MOST = 20_000;

/** `before` is what is known of the same time already: then only what came since is read. */
export async function inquire(
  agentId: string,
  from: number,
  signal: AbortSignal,
  before: Known | null = null,
  ask: Ask = overHttp,
): Promise<Known> {
  const agent = `api/v1/agents/${encodeURIComponent(agentId)}`;
  const last = before?.intervals.at(-1);
  const [explanation, intervals, { items }, disputes] = await Promise.all([
    answer<Explanation>(`${agent}/presence/explain`, signal, ask),
    history(agent, last === undefined ? from : Date.parse(last.start), signal, ask),
    answer<WorkItems>(`${agent}/work-items`, signal, ask),
    answer<DisputeList>(`${agent}/disputes`, signal, ask),
  ]);
  const known = before === null ? intervals : goesOn(before.intervals, intervals);
  return { explanation, intervals: known, items, disputes: disputes.items };
}

async function history(
  agent: string,
  from: number,
  signal: AbortSignal,
  ask: Ask,
): Promise<readonly HistoryInterval[]> {
  const asked = new URLSearchParams({ from: new Date(from).toISOString(), merge: "presence", limit: String(PAGE) });
  const { items } = await everyItem<HistoryInterval>((cursor) => {
    if (cursor !== undefined) asked.set("cursor", cursor);
    return answer(`${agent}/history?${asked.toString()}`, signal, ask);
  }, MOST);
  return items;
}

async function answer<Shape>(path: string, signal: AbortSignal, ask: Ask): Promise<Shape> {
  let response: Response;
  try {
    response = await ask(path, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NotAnswered(DRAWER.noAnswer);
  }
  if (!response.ok) throw new NotAnswered(await why(response));
  return (await response.json()) as Shape;
}

/** The sentence of the hub's problem document, or the bare status when there is none. */
async function why(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null);
  const detail =
    typeof problem === "object" && problem !== null ? (problem as Record<string, unknown>)["detail"] : null;
  return typeof detail === "string" ? detail : DRAWER.answered(response.status);
}
