/** How long agents had each presence, by agent, team, hour or day. */

import { html, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { TimeInStatusReport } from "../wire.ts";
import { REPORTS, TIME } from "../words/reports.ts";
import { ask, Question } from "./asking.ts";
import { nameOf, sorted, type TimeRow, type TimeTable, timeTable, wayDown } from "./figures.ts";
import { More } from "./more.ts";
import { reportAddress } from "./question.ts";
import { Section } from "./section.ts";
import { stack } from "./stack.ts";
import { reportStyles } from "./styles.ts";

export class TimeReport extends Section {
  readonly #report = new Question<TimeTable>(this);
  #more = new More(this);

  protected override willUpdate(): void {
    const address = reportAddress("time-in-status", this.between, this.place);
    this.#report.ask(address, async (signal) => {
      this.#more = new More(this);
      return timeTable((await ask<TimeInStatusReport>(address, signal)).items);
    });
  }

  override render(): TemplateResult {
    return this.#report.shown((table) =>
      table.rows.length === 0 ? emptyState(REPORTS.empty, REPORTS.emptyWhy) : this.#table(table),
    );
  }

  #table(table: TimeTable): TemplateResult {
    const { columns, whole } = table;
    const spent = (row: TimeRow, column: string): number =>
      column === "total" ? row.total : (row.spent.get(column) ?? 0);
    const rows = sorted(table.rows, this.place.sort, spent, ({ subject }) => subject);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${TIME.title}>
        <table>
          <thead><tr><th scope="col">${REPORTS.by[this.place.by]}</th><th scope="col" class="bars"><span class="unseen">${TIME.shares}</span></th>
            ${columns.map(({ presenceId, text, base }) => this.sorts(presenceId, html`${presenceIcon(base)} ${text}`))}
            ${this.sorts("total", REPORTS.total)}</tr></thead>
          <tbody>${this.#more.of(rows).map((row) => this.#row(row, table))}</tbody>
          ${rows.length < 2 ? nothing : html`<tfoot>${this.#row(whole, table)}</tfoot>`}
        </table>
      </div>
      ${this.#more.button(rows)}
    `;
  }

  #row(row: TimeRow, { columns, whole }: TimeTable): TemplateResult {
    const { place } = this;
    const name = row === whole ? REPORTS.whole : nameOf(row.subject, place.by, place.zone);
    const parts = columns.map(({ presenceId, base }) => ({
      share: row.total === 0 ? 0 : (row.spent.get(presenceId) ?? 0) / row.total,
      looks: base,
    }));
    return html`
      <tr>
        <th scope="row">${this.leads(row === whole ? null : wayDown(row.subject, place), name)}</th>
        <td class="bars">${stack(parts)}</td>
        ${columns.map(({ presenceId }) => html`<td class="figure">${figure(row.spent.get(presenceId))}</td>`)}
        <td class="figure strong">${stopwatch(row.total)}</td>
      </tr>
    `;
  }

  static override styles = [controls, presenceIconStyles, stateStyles, reportStyles];
}

function figure(ms: number | undefined): TemplateResult | string {
  return ms === undefined ? html`<span class="faint">–</span>` : stopwatch(ms);
}

customElements.define("time-report", TimeReport);
