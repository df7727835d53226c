/** What the hub keeps of the agent beyond the live presence: work items, and the history of today. Read again with each change. */

import { explain, read } from "../live/session.ts";
import type { HistoryInterval, WorkItem, WorkItems } from "../wire.ts";
import { readHistory } from "./history.ts";
import { midnight } from "./week.ts";

/** As many as a day has for most people. What a page costs of what a person may ask grows with it, and each open desk of the person reads. */
const PAGE = 100;

export type Recorded =
  | { readonly state: "unread" }
  | { readonly state: "read"; readonly items: readonly WorkItem[]; readonly day: readonly HistoryInterval[] }
  | { readonly state: "failed"; readonly why: string };

export class Records {
  readonly #changed: () => void;
  #recorded: Recorded = { state: "unread" };
  /** The agent's versions: what was read, and what is to be. */
  #read = -1;
  #wanted = -1;
  #reading = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get recorded(): Recorded {
    return this.#recorded;
  }

  /** One reading at a time; what changes meanwhile is read after it, and what failed when it is asked for again. */
  async follow(agentId: string, version: number, now: number): Promise<void> {
    this.#wanted = version;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#read !== this.#wanted) {
      const reading = this.#wanted;
      this.#recorded = await readAll(agentId, now).catch(failed);
      if (this.#recorded.state === "read") this.#read = reading;
      this.#changed();
      if (this.#recorded.state === "failed") break;
    }
    this.#reading = false;
  }
}

function failed(error: unknown): Recorded {
  return { state: "failed", why: explain(error) };
}

async function readAll(agentId: string, now: number): Promise<Recorded> {
  const own = `api/v1/agents/${encodeURIComponent(agentId)}`;
  const today = { from: midnight(now), merged: true, page: PAGE };
  const [work, day] = await Promise.all([read<WorkItems>(`${own}/work-items`), readHistory(own, today)]);
  return { state: "read", items: work.items, day: day.items };
}
