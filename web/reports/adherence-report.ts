/** For how long agents were as they were planned to be. */

import { html, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { AdherenceLine, AdherenceReport as Report } from "../wire.ts";
import { ADHERENCE, REPORTS } from "../words/reports.ts";
import { ask, Question } from "./asking.ts";
import { nameOf, sorted, wayDown } from "./figures.ts";
import { More } from "./more.ts";
import { reportAddress } from "./question.ts";
import { Section } from "./section.ts";
import { stack } from "./stack.ts";
import { reportStyles } from "./styles.ts";

const FIGURES = ["plannedMs", "inMs", "outMs", "excusedMs"] as const;

export class AdherenceOfAgents extends Section {
  readonly #report = new Question<readonly AdherenceLine[]>(this);
  #more = new More(this);

  protected override willUpdate(): void {
    const address = reportAddress("adherence", this.between, this.place);
    this.#report.ask(address, async (signal) => {
      this.#more = new More(this);
      return (await ask<Report>(address, signal)).items;
    });
  }

  override render(): TemplateResult {
    return this.#report.shown((lines) =>
      lines.length === 0 ? emptyState(ADHERENCE.empty, ADHERENCE.emptyWhy) : this.#table(lines),
    );
  }

  #table(lines: readonly AdherenceLine[]): TemplateResult {
    // The least adherent first, if that column orders it.
    const value = (line: AdherenceLine, column: string): number => {
      const figure = FIGURES.find((name) => name === column);
      return figure === undefined ? -(line.adherence ?? 2) : line[figure];
    };
    const rows = sorted(lines, this.place.sort, value, (line) => line);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${ADHERENCE.title}>
        <table>
          <thead><tr><th scope="col">${REPORTS.by[this.place.by]}</th><th scope="col" class="bars"><span class="unseen">${ADHERENCE.shares}</span></th>
            ${this.sorts("adherence", ADHERENCE.figures.adherence)}${FIGURES.map((name) => this.sorts(name, ADHERENCE.figures[name]))}</tr></thead>
          <tbody>${this.#more.of(rows).map((line) => this.#row(line))}</tbody>
        </table>
      </div>
      ${this.#more.button(rows)}
    `;
  }

  #row(line: AdherenceLine): TemplateResult {
    const { place } = this;
    const share = (ms: number): number => (line.plannedMs === 0 ? 0 : ms / line.plannedMs);
    const parts = [
      { share: share(line.inMs), looks: "in" },
      { share: share(line.outMs), looks: "out" },
      { share: share(line.excusedMs), looks: "excused" },
    ];
    return html`
      <tr><th scope="row">${this.leads(wayDown(line, place), nameOf(line, place.by, place.zone))}</th>
        <td class="bars">${stack(parts)}</td>
        <td class="figure strong">${line.adherence === null ? html`<span class="faint">–</span>` : REPORTS.share(line.adherence)}</td>
        ${FIGURES.map((name) => html`<td class="figure">${line[name] === 0 ? html`<span class="faint">–</span>` : stopwatch(line[name])}</td>`)}</tr>
    `;
  }

  static override styles = [controls, stateStyles, reportStyles];
}

customElements.define("adherence-report", AdherenceOfAgents);
