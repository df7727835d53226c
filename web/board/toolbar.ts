/** What narrows the board: the counts per base status, each a filter, and the menus and the search. */

import { html, nothing, type TemplateResult } from "lit";
import type { Roster } from "../client/roster.ts";
import type { BasePresenceStatus, Hold } from "../wire.ts";
import { tile } from "../look/marks.ts";
import { emptyState } from "../look/states.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { BOARD, FACET } from "../words/board.ts";
import { HOLD, presenceNamed, STATUS } from "../words/contract.ts";
import type { Choice } from "./facet-menu.ts";
import "./facet-menu.ts";
import { EVERYBODY, type Facet, type Filters, narrows, turned } from "./filters.ts";
import type { Surveyed } from "./survey.ts";

export interface Narrowing {
  readonly filters: Filters;
  /** Null while nothing is known. */
  readonly surveyed: Surveyed | null;
  readonly roster: Roster;
  readonly narrow: (to: Filters) => void;
}

const STATUSES = Object.keys(STATUS) as readonly BasePresenceStatus[];

export function tiles({ filters, surveyed, narrow }: Narrowing): TemplateResult {
  const all = { label: BOARD.everybody, count: surveyed?.anyStatus ?? null, pressed: filters.status.length === 0 };
  return html`
    <div class="tiles" role="group" aria-label=${BOARD.byStatus}>
      ${tile(all, () => narrow({ ...filters, status: [] }))}
      ${STATUSES.map((status) =>
        tile(
          {
            label: STATUS[status],
            count: surveyed === null ? null : (surveyed.counts.status.get(status) ?? 0),
            mark: presenceIcon(status),
            pressed: filters.status.includes(status),
          },
          () => narrow(turned(filters, "status", status)),
        ),
      )}
    </div>
  `;
}

const MENUS: readonly Exclude<Facet, "status">[] = ["presence", "team", "queue", "skill", "hold"];

export function filterMenus(narrowing: Narrowing): TemplateResult {
  const { filters, narrow } = narrowing;
  const search = (event: Event): void => narrow({ ...filters, text: (event.target as HTMLInputElement).value });
  return html`
    <label class="unseen" for="search">${BOARD.search}</label>
    <input id="search" type="search" placeholder=${BOARD.searchWhat} autocomplete="off" .value=${filters.text} @input=${search} />
    ${MENUS.map(
      (facet) => html`
        <facet-menu label=${FACET[facet]} .choices=${choicesOf(facet, narrowing)} .chosen=${filters[facet]}
          @turned=${(event: CustomEvent<string>) => narrow(turned(filters, facet, event.detail))}></facet-menu>`,
    )}
    ${narrows(filters) ? html`<button class="quiet" @click=${() => narrow(EVERYBODY)}>${BOARD.clearFilters}</button>` : nothing}
  `;
}

/** Every value that an agent has, and those that are chosen although none has them now. */
function choicesOf(facet: Exclude<Facet, "status">, { surveyed, filters, roster }: Narrowing): readonly Choice[] {
  const counts = surveyed?.counts[facet] ?? new Map<string, number>();
  const values = new Set([...counts.keys(), ...filters[facet]]);
  if (facet === "presence")
    for (const { presenceId, enabled } of roster.presences.values()) if (enabled) values.add(presenceId);
  const choices = [...values].map((value) => ({
    value,
    label: labelOf(facet, value, roster),
    count: counts.get(value) ?? 0,
  }));
  return facet === "presence" ? choices : choices.sort((a, b) => (a.label < b.label ? -1 : 1));
}

function labelOf(facet: Facet, value: string, roster: Roster): string {
  if (facet === "presence") return presenceNamed(roster.presences, value);
  return facet === "hold" && isHold(value) ? HOLD[value] : value;
}

/** A newer hub, or an address that somebody wrote, may name others. */
function isHold(value: string): value is Hold {
  return value in HOLD;
}

/** Nobody is listed: because there is nobody, or because of what narrows it. */
export function nobody(filters: Filters, clear: () => void): TemplateResult {
  if (!narrows(filters)) return emptyState(BOARD.nobodyYet, BOARD.nobodyYetHow);
  const way = html`<button @click=${clear}>${BOARD.clearFilters}</button>`;
  return emptyState(BOARD.nobodyMatches, BOARD.nobodyMatchesHow, way);
}
