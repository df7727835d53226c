/** How many of each team have each base status. A team is a filter of the board. */

import { css, html, nothing, type TemplateResult } from "lit";
import { presenceIcon } from "../look/presence-icon.ts";
import type { BasePresenceStatus } from "../wire.ts";
import { BOARD } from "../words/board.ts";
import { TEAMS } from "../words/board-more.ts";
import { STATUS } from "../words/contract.ts";
import type { Surveyed } from "./survey.ts";

const STATUSES = Object.keys(STATUS) as readonly BasePresenceStatus[];
/** More teams than these are a list that nobody reads. */
const LISTED = 40;

export interface TeamRow {
  readonly team: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/** In the order of their names. */
export function teamRows({ teams }: Surveyed): readonly TeamRow[] {
  return [...teams]
    .map(([team, counts]) => ({ team, counts, total: [...counts.values()].reduce((sum, count) => sum + count, 0) }))
    .sort((one, other) => (one.team < other.team ? -1 : 1));
}

/** `press` is what a team does; none on a screen that nobody touches. */
export function teamTable(
  surveyed: Surveyed,
  {
    chosen,
    press,
    most = LISTED,
  }: { chosen: readonly string[]; press: ((team: string) => void) | null; most?: number },
): TemplateResult {
  const rows = teamRows(surveyed);
  const listed = rows.slice(0, most);
  return html`
    <table class="teams figures">
      <thead><tr><th scope="col">${TEAMS.team}</th>${STATUSES.map((status) => html`<th scope="col">${presenceIcon(status)}<span>${STATUS[status]}</span></th>`)}<th scope="col">${BOARD.everybody}</th></tr></thead>
      <tbody>${listed.map(
        ({ team, counts, total }) => html`
          <tr><th scope="row">${press === null ? team : html`<button class="quiet" aria-pressed=${chosen.includes(team)} @click=${() => press(team)}>${team}</button>`}</th>
            ${STATUSES.map((status) => html`<td class=${counts.has(status) ? "" : "faint"}>${counts.get(status) ?? 0}</td>`)}<td>${total}</td></tr>`,
      )}</tbody>
    </table>
    ${rows.length > listed.length ? html`<p class="faint">${TEAMS.more(rows.length - listed.length)}</p>` : nothing}
  `;
}

export const teamStyles = css`
  .teams { border-collapse: collapse; }
  .teams th, .teams td { padding: 2px 12px; text-align: end; font-weight: 400; border-bottom: 1px solid var(--line); }
  .teams thead th { font: 600 var(--caption) var(--font); color: var(--text-2); }
  .teams thead th > span { margin-inline-start: 4px; }
  .teams svg.presence { width: 12px; height: 12px; vertical-align: -1px; }
  .teams th:first-child { text-align: start; }
  .teams td:last-child { font-weight: 600; }
  .teams button { min-height: 24px; padding: 0 6px; font-weight: 400; }
  .of-teams summary { cursor: pointer; width: fit-content; }
  .of-teams > div { overflow-x: auto; max-height: 220px; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--surface); margin-top: 8px; padding: 4px; }
  @media (max-width: 560px) { .teams thead th > span { display: none; } .teams th, .teams td { padding: 2px 6px; } }
`;
