/** One agent as a row of the board: what each column shows of them. */

import { html, nothing, type TemplateResult } from "lit";
import type { WatchedAgent } from "../wire.ts";
import { gauge } from "../look/marks.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { clockTime, stopwatch } from "../look/time.ts";
import { GRID } from "../words/board.ts";
import { type Around, cellText } from "./cell-text.ts";
import type { ColumnId } from "./columns.ts";
import { heldSince } from "./held.ts";

type Shown = TemplateResult | typeof nothing | string;

export function cell(column: ColumnId, agent: WatchedAgent, around: Around): Shown {
  const text = (): string => cellText(column, agent, around);
  switch (column) {
    case "agent":
      return html`<span class="name">${text()}</span> <span class="faint">${agent.agentId}</span>`;
    case "presence": {
      const presence = around.presences.get(agent.presenceId);
      return html`${presenceIcon(presence?.basePresenceStatus ?? "UNKNOWN", presence)}<span>${text()}</span>`;
    }
    case "since":
      return lasting(agent, around.now);
    case "hold":
      return agent.hold === undefined ? nothing : html`<span class="held">${text()}</span>`;
    case "capacity":
      return capacity(agent);
    default:
      return text();
  }
}

/** How long it has been so; of who was away meanwhile and was given it back, also for how long they are back. */
function lasting(agent: WatchedAgent, now: number): TemplateResult {
  const lasts = stopwatch(now - Date.parse(heldSince(agent)));
  const back =
    agent.heldSince === undefined ? clockTime(agent.since) : GRID.back(stopwatch(now - Date.parse(agent.since)));
  return html`<span class="watch">${lasts}</span> <span class="faint">${back}</span>`;
}

function capacity({ capacity, isBlockedBySomeProfile }: WatchedAgent): Shown {
  const full = isBlockedBySomeProfile === true ? html`<span class="held">${GRID.full}</span>` : nothing;
  const units = capacity?.units ?? null;
  if (units === null) return full;
  const { used, reserved, max } = units;
  const label = GRID.units(used, reserved, max);
  return html`${gauge({ label, used, reserved, max })}<span class="faint">${GRID.taken(used, max)}</span>${full}`;
}
