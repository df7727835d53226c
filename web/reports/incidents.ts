/** Sessions that were lost: why, which of them together, and what became of each. */

import { html, nothing, type TemplateResult } from "lit";
import "../look/chart.ts";
import type { ChartMark } from "../look/chart.ts";
import { controls } from "../look/controls.ts";
import { countsAddress, countsOverTime, type CountStep } from "../look/counts.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import type { Disconnection, DisconnectionsReport, Incident, TimeInStatusReport } from "../wire.ts";
import { subEvent } from "../words/contract.ts";
import { INCIDENTS, REPORTS } from "../words/reports.ts";
import { ask, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { More } from "./more.ts";
import { about } from "./question.ts";
import { Section } from "./section.ts";
import { reportStyles } from "./styles.ts";

/** More marks than these would be a wall. */
const MARKED = 40;

export class Incidents extends Section {
  readonly #report = new Question<DisconnectionsReport>(this);
  readonly #steps = new Question<readonly CountStep[]>(this);
  #more = new More(this);
  /** The incident whose sessions are listed; all of them if none is chosen. */
  #chosen: number | null = null;

  protected override willUpdate(): void {
    const address = `api/v1/reports/disconnections?${about(this.between, this.place).toString()}`;
    this.#report.ask(address, async (signal) => {
      this.#more = new More(this);
      this.#chosen = null;
      return ask<DisconnectionsReport>(address, signal);
    });
    const { zone, teams, agents } = this.place;
    const counts = countsAddress({ ...this.between, zone, teams, agents });
    this.#steps.ask(counts, async (signal) => countsOverTime(await ask<TimeInStatusReport>(counts, signal)));
  }

  override render(): TemplateResult {
    return this.#report.shown((report) =>
      report.items.length === 0 ? emptyState(INCIDENTS.empty, INCIDENTS.emptyWhy) : this.#shown(report),
    );
  }

  #shown(report: DisconnectionsReport): TemplateResult {
    const { causes, incidents, items } = report;
    const listed = this.#chosen === null ? items : items.filter(({ incident }) => incident === this.#chosen);
    const newest = listed.toReversed();
    return html`
      ${this.#chart(incidents)}
      <ul class="tiles">${causes.map(
        ({ subEventName, sessions, disconnections }) => html`
          <li><strong class="figures">${REPORTS.count(sessions)}</strong><span>${subEvent(subEventName)}</span><span class="faint">${INCIDENTS.seenOffline(disconnections)}</span></li>`,
      )}</ul>
      <h2>${INCIDENTS.together}</h2>
      ${incidents.length === 0 ? html`<p class="faint">${INCIDENTS.none}</p>` : this.#incidents(incidents)}
      <h2>${this.#chosen === null ? INCIDENTS.each : INCIDENTS.ofIncident(this.#chosen)}
        ${this.#chosen === null ? nothing : html`<button class="quiet" @click=${() => this.#choose(null)}>${INCIDENTS.all}</button>`}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${INCIDENTS.each}>
        <table>
          <thead><tr>${INCIDENTS.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${this.#more.of(newest).map((one) => this.#row(one))}</tbody>
        </table>
      </div>
      ${this.#more.button(newest)}
    `;
  }

  #chart(incidents: readonly Incident[]): TemplateResult | typeof nothing {
    const steps = this.#steps.value ?? [];
    if (steps.length === 0) return nothing;
    const largest = [...incidents].sort((one, other) => other.sessions - one.sessions).slice(0, MARKED);
    const marks: ChartMark[] = largest.map(({ first, sessions, subEventName }) => ({
      at: Date.parse(first),
      says: INCIDENTS.mark(sessions, subEvent(subEventName)),
    }));
    return html`<ph-chart .steps=${steps} .marks=${marks} .label=${INCIDENTS.chart} .zone=${this.place.zone} .without=${["OFFLINE"]}></ph-chart>`;
  }

  #choose(incident: number | null): void {
    this.#chosen = incident;
    this.requestUpdate();
  }

  #incidents(incidents: readonly Incident[]): TemplateResult {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${INCIDENTS.together}>
        <table>
          <thead><tr>${INCIDENTS.togetherHeads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${incidents.toReversed().map(
            ({ incident, first, last, sessions, agents, subEventName, network }) => html`
              <tr><td class="figures">${this.#clock(first)}</td><td class="figures">${this.#clock(last)}</td><td>${subEvent(subEventName)}</td>
                <td class="figures">${REPORTS.count(agents)}</td><td class="figures"><button class="quiet link" @click=${() => this.#choose(incident)}>${REPORTS.count(sessions)}</button></td><td>${network ?? html`<span class="faint">${INCIDENTS.noNetwork}</span>`}</td></tr>`,
          )}</tbody>
        </table>
      </div>`;
  }

  #row({ agentId, name, at, subEventName, network, became, becameAt }: Disconnection): TemplateResult {
    return html`
      <tr><td class="figures">${this.#clock(at)}</td><td>${this.leads({ ...this.place, agent: agentId }, name === "" ? agentId : name)}</td>
        <td>${subEvent(subEventName)}</td><td>${network ?? nothing}</td>
        <td>${became === null ? INCIDENTS.open : INCIDENTS.became[became]}${becameAt === null ? nothing : html` <span class="faint figures">${this.#clock(becameAt)}</span>`}</td></tr>`;
  }

  #clock(instant: string): string {
    return clockIn(this.place.zone, Date.parse(instant));
  }

  static override styles = [controls, stateStyles, reportStyles];
}

customElements.define("incidents-report", Incidents);
