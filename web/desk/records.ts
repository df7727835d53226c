/** What the hub keeps of the agent beyond the live presence: work items, and the history of today. Read again with each change. */

import { explain, read } from "../live/session.ts";
import type { HistoryInterval, HistoryIntervalList, WorkItem, WorkItems } from "../wire.ts";
import { midnight } from "./today.ts";

export type Recorded =
  | { readonly state: "unread" }
  | { readonly state: "read"; readonly items: readonly WorkItem[]; readonly day: readonly HistoryInterval[] }
  | { readonly state: "failed"; readonly why: string };

export class Records {
  readonly #changed: () => void;
  #recorded: Recorded = { state: "unread" };
  /** The agent's version for which it was read last, or is being read. */
  #version = -1;
  #reading = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get recorded(): Recorded {
    return this.#recorded;
  }

  /** One reading at a time; what changes meanwhile is read after it. */
  async follow(agentId: string, version: number, now: number): Promise<void> {
    if (version === this.#version || this.#reading) return;
    this.#version = version;
    this.#reading = true;
    this.#recorded = await readAll(agentId, now).catch(
      (error: unknown) => ({ state: "failed", why: explain(error) }) as const,
    );
    this.#reading = false;
    this.#changed();
  }
}

async function readAll(agentId: string, now: number): Promise<Recorded> {
  const own = `api/v1/agents/${encodeURIComponent(agentId)}`;
  const from = new Date(midnight(now)).toISOString();
  const query = new URLSearchParams({ from, merge: "presence", limit: "1000" });
  const [work, day] = await Promise.all([
    read<WorkItems>(`${own}/work-items`),
    read<HistoryIntervalList>(`${own}/history?${query.toString()}`),
  ]);
  return { state: "read", items: work.items, day: day.items };
}
