/** What needs somebody: every threshold that is passed, with who is over it. It stands above everything else. */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Roster } from "../client/roster.ts";
import { badge } from "../look/marks.ts";
import { stopwatch } from "../look/time.ts";
import { THRESHOLDS } from "../words/board.ts";
import { presenceNamed, STATUS } from "../words/contract.ts";
import { heldSince } from "./held.ts";
import type { Of, Over, Threshold } from "./thresholds.ts";

/** So many are named in the strip; the others are a click away. */
const NAMED = 5;

export function saysThreshold({ is, than, of, team }: Threshold, roster: Roster): string {
  const says = THRESHOLDS.says[is](than, textOf(of, roster));
  return team === null ? says : THRESHOLDS.within(says, team);
}

export function textOf(of: Of, roster: Roster): string {
  return "status" in of ? STATUS[of.status] : presenceNamed(roster.presences, of.presenceId);
}

export interface Exceptions {
  readonly thresholds: readonly Threshold[];
  /** Null while the board is not up to date: then nobody knows. */
  readonly over: readonly Over[] | null;
  readonly roster: Roster;
  readonly now: number;
  readonly show: (threshold: Threshold) => void;
  readonly open: (agentId: string) => void;
}

export function exceptions(told: Exceptions): TemplateResult {
  const { thresholds, over } = told;
  if (thresholds.length === 0) return html`<p class="calm faint">${THRESHOLDS.none}</p>`;
  if (over === null) return html`<p class="calm faint">${THRESHOLDS.unknown}</p>`;
  if (over.length === 0) return html`<p class="calm">${badge("good", THRESHOLDS.allWell(thresholds.length))}</p>`;
  return html`<ul class="over">${over.map((one) => html`<li>${card(one, told)}</li>`)}</ul>`;
}

function card({ threshold, count, agentIds }: Over, told: Exceptions): TemplateResult {
  const { roster, now } = told;
  const named = agentIds.slice(0, NAMED);
  return html`
    <div class="exception ${threshold.is === "fewer" ? "danger" : "warning"}">
      <button class="quiet what" @click=${() => told.show(threshold)}>
        <strong class="figures">${threshold.is === "fewer" ? count : agentIds.length}</strong>
        <span>${saysThreshold(threshold, roster)}</span>
      </button>
      ${
        named.length === 0
          ? nothing
          : html`<span class="who">${named.map((agentId) => {
              const agent = roster.agents.get(agentId);
              const lasted = agent === undefined ? "" : stopwatch(now - Date.parse(heldSince(agent)));
              return html`<button class="quiet" @click=${() => told.open(agentId)}>${agent?.name ?? agentId} <span class="figures">${lasted}</span></button>`;
            })}
            ${agentIds.length > NAMED ? html`<span class="more">${THRESHOLDS.andMore(agentIds.length - NAMED)}</span>` : nothing}</span>`
      }
    </div>
  `;
}

export const exceptionStyles = css`
  .over { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0; padding: 0; }
  .over li { min-width: 0; max-width: 100%; }
  .exception {
    display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; padding: 4px 8px; border: 1px solid var(--warning-line); border-left-width: 4px;
    border-radius: var(--radius-large); background: var(--warning-fill); color: var(--warning-text);
  }
  .exception.danger { border-color: var(--danger-line); background: var(--danger-fill); color: var(--danger-text); }
  .exception button { color: inherit; font-weight: 400; white-space: normal; text-align: left; padding: 2px 6px; }
  .exception button:hover { background: transparent; text-decoration: underline; }
  .exception .what strong { font: 600 var(--title) var(--font); }
  .exception .who { display: flex; flex-wrap: wrap; align-items: center; font: var(--caption) var(--font); }
  .exception .who button { font: var(--caption) var(--font); min-height: 24px; }
  .exception .more { padding: 0 6px; }
  .calm { min-height: 24px; }
`;
