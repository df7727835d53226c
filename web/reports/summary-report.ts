/** What agents did, in figures. Each count leads to the rows that make it. */

import { html, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { SummaryLine, SummaryReport as Report } from "../wire.ts";
import { REPORTS } from "../words/reports.ts";
import { SUMMARY } from "../words/reports-summary.ts";
import type { Place, Section as SectionName } from "./address.ts";
import { ask, Question } from "./asking.ts";
import { nameOf, sorted, wayDown } from "./figures.ts";
import { More } from "./more.ts";
import { reportAddress } from "./question.ts";
import { Section } from "./section.ts";
import { reportStyles } from "./styles.ts";

interface Figure {
  readonly name: keyof typeof SUMMARY.figures & keyof SummaryLine;
  readonly is: "count" | "span" | "rate";
  /** Where its rows stand. */
  readonly rows: SectionName | "agent";
}

const FIGURES: readonly Figure[] = [
  { name: "signIns", is: "count", rows: "sign-ins" },
  { name: "signedInMs", is: "span", rows: "sign-ins" },
  { name: "connectedMs", is: "span", rows: "sign-ins" },
  { name: "disconnections", is: "count", rows: "incidents" },
  { name: "restores", is: "count", rows: "incidents" },
  { name: "lapses", is: "count", rows: "incidents" },
  { name: "notifications", is: "count", rows: "agent" },
  { name: "acceptedNotifications", is: "count", rows: "agent" },
  { name: "missedNotifications", is: "count", rows: "agent" },
  { name: "rejectedNotifications", is: "count", rows: "agent" },
  { name: "missedRate", is: "rate", rows: "agent" },
  { name: "rejectedRate", is: "rate", rows: "agent" },
  { name: "unusedMs", is: "span", rows: "agent" },
  { name: "partlyUsedMs", is: "span", rows: "agent" },
  { name: "fullMs", is: "span", rows: "agent" },
  { name: "missedHoldMs", is: "span", rows: "agent" },
  { name: "rejectedHoldMs", is: "span", rows: "agent" },
  { name: "workItemLimitHoldMs", is: "span", rows: "agent" },
];

export class SummaryOfAgents extends Section {
  readonly #report = new Question<readonly SummaryLine[]>(this);
  #more = new More(this);

  protected override willUpdate(): void {
    const address = reportAddress("summary", this.between, this.place);
    this.#report.ask(address, async (signal) => {
      this.#more = new More(this);
      return (await ask<Report>(address, signal)).items;
    });
  }

  override render(): TemplateResult {
    return this.#report.shown((lines) =>
      lines.length === 0 ? emptyState(REPORTS.empty, REPORTS.emptyWhy) : this.#table(lines),
    );
  }

  #table(lines: readonly SummaryLine[]): TemplateResult {
    const value = (line: SummaryLine, column: string): number => {
      const figure = FIGURES.find(({ name }) => name === column);
      return figure === undefined ? 0 : (line[figure.name] ?? -1);
    };
    const rows = sorted(lines, this.place.sort, value, (line) => line);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${SUMMARY.title}>
        <table>
          <thead><tr><th scope="col">${REPORTS.by[this.place.by]}</th>${FIGURES.map(({ name }) => this.sorts(name, SUMMARY.figures[name]))}</tr></thead>
          <tbody>${this.#more.of(rows).map((line) => this.#row(line))}</tbody>
        </table>
      </div>
      ${this.#more.button(rows)}
      <details><summary>${SUMMARY.what}</summary><dl>${FIGURES.map(({ name }) => html`<dt>${SUMMARY.figures[name]}</dt><dd>${SUMMARY.means[name]}</dd>`)}</dl></details>
    `;
  }

  #row(line: SummaryLine): TemplateResult {
    const { place } = this;
    const down = wayDown(line, place);
    return html`
      <tr><th scope="row">${this.leads(down, nameOf(line, place.by, place.zone))}</th>
        ${FIGURES.map((figure) => html`<td class="figure">${this.#figure(line, figure, down)}</td>`)}</tr>
    `;
  }

  #figure(line: SummaryLine, { name, is, rows }: Figure, down: Place | null): TemplateResult {
    const value = line[name];
    if (value === null) return html`<span class="faint">–</span>`;
    const text = shown(value, is);
    if (value === 0 || down === null) return html`<span class=${value === 0 ? "faint" : ""}>${text}</span>`;
    return this.leads(rows === "agent" ? down : rowsOf(line, rows, down), text);
  }

  static override styles = [controls, stateStyles, reportStyles];
}

/** The sign-ins or disconnections of a line. */
function rowsOf(line: SummaryLine, section: SectionName, down: Place): Place {
  const { agentId } = line;
  return agentId === undefined
    ? { ...down, section }
    : { ...down, section, agent: null, agents: [agentId], sort: null };
}

function shown(value: number, is: Figure["is"]): string {
  switch (is) {
    case "count":
      return REPORTS.count(value);
    case "span":
      return stopwatch(value);
    case "rate":
      return REPORTS.share(value);
  }
}

customElements.define("summary-report", SummaryOfAgents);
