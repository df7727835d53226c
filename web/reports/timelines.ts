/** Agents beneath each other, from when to when each had which presence. */

import { html, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { type Span, timeline, timelineStyles } from "../look/timeline.ts";
import type { HistoryInterval, TimeInStatusReport } from "../wire.ts";
import { REPORTS, ROWS, TIMELINES } from "../words/reports.ts";
import { ask, everyItem, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { cutTo } from "./cut.ts";
import { timeTable } from "./figures.ts";
import { reportAddress } from "./question.ts";
import { Section } from "./section.ts";
import type { Between } from "./spans.ts";
import { reportStyles } from "./styles.ts";

/** Each is a question of its own, and their answers count against what a person may ask. */
const ON_A_PAGE = 15;
/** More stretches of presence than anybody has in a week. */
const MOST = 2_000;

interface Agents {
  readonly until: Between;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly texts: ReadonlyMap<string, string>;
}

export class TimelinesOfAgents extends Section {
  readonly #agents = new Question<Agents>(this);
  readonly #bands = new Question<ReadonlyMap<string, readonly Span[]>>(this);
  #page = 0;

  protected override willUpdate(): void {
    const address = reportAddress("time-in-status", this.between, this.place, "agent");
    this.#agents.ask(address, async (signal) => {
      this.#page = 0;
      const { items, to } = await ask<TimeInStatusReport>(address, signal);
      const { rows, columns } = timeTable(items);
      return {
        until: { from: this.between.from, to: Math.min(this.between.to, Date.parse(to)) },
        agents: rows.map(({ subject: { agentId = "", name = "" } }) => ({
          id: agentId,
          name: name === "" ? agentId : name,
        })),
        texts: new Map(columns.map(({ presenceId, text }) => [presenceId, text])),
      };
    });
    const known = this.#agents.value;
    if (known === null) return;
    const listed = this.#listed(known);
    this.#bands.ask(`${address} ${listed.map(({ id }) => id).join(" ")}`, async (signal) => {
      const bands = listed.map(async ({ id }) => [id, await this.#band(id, known, signal)] as const);
      return new Map(await Promise.all(bands));
    });
  }

  #listed({ agents }: Agents): Agents["agents"] {
    return agents.slice(this.#page * ON_A_PAGE, (this.#page + 1) * ON_A_PAGE);
  }

  async #band(id: string, { until, texts }: Agents, signal: AbortSignal): Promise<readonly Span[]> {
    const query = new URLSearchParams({
      from: new Date(until.from).toISOString(),
      to: new Date(until.to).toISOString(),
      merge: "presence",
    });
    const path = `api/v1/agents/${encodeURIComponent(id)}/history?${query.toString()}`;
    const { items } = await everyItem<HistoryInterval>(path, signal, MOST);
    return cutTo(items, until).map(({ interval: { presenceId, basePresenceStatus: status }, start, end }) => {
      const says = ROWS.span(texts.get(presenceId) ?? presenceId, this.#clock(start), this.#clock(end));
      return { start, end, status, says };
    });
  }

  #clock(instant: number): string {
    return clockIn(this.place.zone, instant);
  }

  override render(): TemplateResult {
    return this.#agents.shown((known) =>
      known.agents.length === 0 ? emptyState(REPORTS.empty, REPORTS.emptyWhy) : this.#shown(known),
    );
  }

  #shown(known: Agents): TemplateResult {
    const { until, agents } = known;
    const [from, to] = [this.#clock(until.from), this.#clock(until.to)];
    return html`
      <div class="ends figures faint"><span>${from}</span><span>${to}</span></div>
      ${this.#bands.shown(
        (bands) => html`
          <ul class="bands">${this.#listed(known).map(
            ({ id, name }) => html`
              <li><span class="who">${this.leads({ ...this.place, agent: id }, name)}</span>
                ${timeline(bands.get(id) ?? [], until.from, until.to, ROWS.band(name, from, to))}</li>`,
          )}</ul>`,
      )}
      ${agents.length <= ON_A_PAGE ? nothing : this.#pages(agents.length)}
    `;
  }

  #pages(count: number): TemplateResult {
    const last = Math.ceil(count / ON_A_PAGE) - 1;
    const go = (page: number) => () => {
      this.#page = page;
      this.requestUpdate();
    };
    return html`
      <p class="pages"><button ?disabled=${this.#page === 0} @click=${go(this.#page - 1)}>${TIMELINES.before}</button>
        <span class="figures" role="status">${TIMELINES.page(this.#page * ON_A_PAGE + 1, Math.min(count, (this.#page + 1) * ON_A_PAGE), count)}</span>
        <button ?disabled=${this.#page === last} @click=${go(this.#page + 1)}>${TIMELINES.behind}</button></p>
    `;
  }

  static override styles = [controls, stateStyles, timelineStyles, reportStyles];
}

customElements.define("timelines-report", TimelinesOfAgents);
