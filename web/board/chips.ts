/** The counts of the floor, each a filter. */

import { css, html, type TemplateResult } from "lit";
import type { BasePresenceStatus, Presence, Summary } from "../wire.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { BOARD } from "../words/board.ts";
import { STATUS } from "../words/contract.ts";
import type { Narrowing } from "./listing.ts";

type Filter = Pick<Narrowing, "baseStatus" | "presenceId">;

export type Narrow = (to: Filter) => void;

const EVERY: Filter = { baseStatus: null, presenceId: null };

interface Chip {
  readonly label: string;
  readonly count: number;
  readonly icon: TemplateResult | null;
  readonly filter: Filter;
}

export function chips(
  counted: Summary,
  presences: ReadonlyMap<string, Presence>,
  narrowing: Narrowing,
  narrow: Narrow,
): TemplateResult {
  const all: Chip = { label: BOARD.everybody, count: counted.total, icon: null, filter: EVERY };
  const show = (chip: Chip): TemplateResult => button(chip, narrowing, narrow);
  return html`
    <div class="chips" role="group" aria-label=${BOARD.byStatus}>
      ${[all, ...ofStatuses(counted)].map(show)}
    </div>
    <div class="chips small" role="group" aria-label=${BOARD.byPresence}>
      ${ofPresences(counted, presences).map(show)}
    </div>
  `;
}

const STATUSES = Object.keys(STATUS) as readonly BasePresenceStatus[];

function ofStatuses(counted: Summary): readonly Chip[] {
  return STATUSES.map((status) => ({
    label: STATUS[status],
    count: counted.byBaseStatus[status] ?? 0,
    icon: presenceIcon(status),
    filter: { ...EVERY, baseStatus: status },
  }));
}

function ofPresences(counted: Summary, presences: ReadonlyMap<string, Presence>): readonly Chip[] {
  const place = (presence: Presence): number => STATUSES.indexOf(presence.basePresenceStatus);
  // A retired presence is shown as long as somebody still has it.
  const shown = [...presences.values()]
    .filter((presence) => presence.enabled || counted.byPresence[presence.presenceId] !== undefined)
    .sort((a, b) => place(a) - place(b));
  return shown.map((presence) => ({
    label: presence.presenceText,
    count: counted.byPresence[presence.presenceId] ?? 0,
    icon: presenceIcon(presence.basePresenceStatus, presence),
    filter: { ...EVERY, presenceId: presence.presenceId },
  }));
}

/** Pressed once it narrows the list, pressed again it no longer does. */
function button({ label, count, icon, filter }: Chip, narrowing: Narrowing, narrow: Narrow): TemplateResult {
  const pressed = filter.baseStatus === narrowing.baseStatus && filter.presenceId === narrowing.presenceId;
  return html`
    <button class="chip" aria-pressed=${pressed ? "true" : "false"} @click=${() => narrow(pressed ? EVERY : filter)}>
      ${icon} <span>${label}</span> <strong>${count}</strong>
    </button>
  `;
}

export const chipStyles = css`
  .chips { display: flex; flex-wrap: wrap; gap: 8px; }
  .chip { border-radius: 16px; font-weight: 400; border-color: var(--line); }
  .chip strong { font-variant-numeric: tabular-nums; }
  .chip[aria-pressed="true"] { border-color: var(--brand); background: var(--selected); box-shadow: inset 0 0 0 1px var(--brand); }
  .chips.small .chip { min-height: 28px; padding: 2px 10px; font-size: 12px; }
  .chips.small svg.presence { width: 12px; height: 12px; }
`;
