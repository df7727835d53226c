/** The counts of the floor, each a filter. */

import { css, html, type TemplateResult } from "lit";
import type { BasePresenceStatus, Presence, Summary } from "../generated/wire.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { STATUS } from "../look/words.ts";
import type { Narrowing } from "./listing.ts";

export type Narrow = (to: Pick<Narrowing, "baseStatus" | "presenceId">) => void;

export function chips(counted: Summary, presences: ReadonlyMap<string, Presence>, narrowing: Narrowing, narrow: Narrow): TemplateResult {
  const { baseStatus, presenceId } = narrowing;
  const statuses = Object.keys(STATUS) as BasePresenceStatus[];
  const place = (presence: Presence): number => statuses.indexOf(presence.basePresenceStatus);
  // A retired presence is shown as long as somebody still has it.
  const shown = [...presences.values()]
    .filter((presence) => presence.enabled || counted.byPresence[presence.presenceId] !== undefined)
    .sort((a, b) => place(a) - place(b));
  return html`
    <div class="chips" role="group" aria-label="By base status">
      ${chip("All", counted.total, baseStatus === null && presenceId === null, null, () => narrow({ baseStatus: null, presenceId: null }))}
      ${statuses.map((status) =>
        chip(STATUS[status], counted.byBaseStatus[status] ?? 0, baseStatus === status, presenceIcon(status), () =>
          narrow({ baseStatus: baseStatus === status ? null : status, presenceId: null }),
        ),
      )}
    </div>
    <div class="chips small" role="group" aria-label="By presence">
      ${shown.map((presence) =>
        chip(presence.presenceText, counted.byPresence[presence.presenceId] ?? 0, presenceId === presence.presenceId, presenceIcon(presence.basePresenceStatus, presence), () =>
          narrow({ baseStatus: null, presenceId: presenceId === presence.presenceId ? null : presence.presenceId }),
        ),
      )}
    </div>
  `;
}

function chip(label: string, count: number, pressed: boolean, icon: TemplateResult | null, press: () => void): TemplateResult {
  return html`
    <button class="chip" aria-pressed=${pressed ? "true" : "false"} @click=${press}>
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
