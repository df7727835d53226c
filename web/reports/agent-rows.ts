/** The rows of one agent that a figure rests on, cut to the time, with both sums: of the rows, and of the report. */

import { html, nothing, type TemplateResult } from "lit";
import { PEOPLE } from "../live/people.ts";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import { timeline, timelineStyles } from "../look/timeline.ts";
import type { Dispute, DisputeList, HistoryInterval, TimeInStatusReport } from "../wire.ts";
import { cause, HOLD, setBy } from "../words/contract.ts";
import { REPORTS, ROWS } from "../words/reports.ts";
import { ask, everyItem, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { type Cut, cutTo, sumsOf } from "./cut.ts";
import { type Column, timeTable } from "./figures.ts";
import { More } from "./more.ts";
import { reportAddress } from "./question.ts";
import { Section } from "./section.ts";
import { reportStyles } from "./styles.ts";
import "./why-then.ts";

/** More than any agent has in the time that one looks at row by row. */
const MOST = 10_000;

interface Known {
  readonly rows: readonly Cut[];
  readonly cut: boolean;
  readonly columns: readonly Column[];
  readonly reported: ReadonlyMap<string, number>;
  readonly disputes: readonly Dispute[];
  readonly name: string;
}

export class AgentRows extends Section {
  #scrolledTo: number | null = null;
  readonly #known = new Question<Known>(this);
  #more = new More(this);

  protected override willUpdate(): void {
    const { between, place } = this;
    const agent = place.agent ?? "";
    const key = `${agent} ${between.from} ${between.to}`;
    this.#known.ask(key, (signal) => this.#read(agent, signal));
  }

  async #read(agent: string, signal: AbortSignal): Promise<Known> {
    const { between, place } = this;
    this.#more = new More(this);
    const own = `api/v1/agents/${encodeURIComponent(agent)}`;
    // The report first: what it says up to now, the rows are then cut to.
    const { items, to } = await ask<TimeInStatusReport>(
      reportAddress("time-in-status", between, { ...place, teams: [], agents: [agent] }, "agent"),
      signal,
    );
    const until = { from: between.from, to: Math.min(between.to, Date.parse(to)) };
    const query = new URLSearchParams({
      from: new Date(until.from).toISOString(),
      to: new Date(until.to).toISOString(),
      limit: "1000",
    });
    const [history, { items: disputes }] = await Promise.all([
      everyItem<HistoryInterval>(`${own}/history?${query.toString()}`, signal, MOST),
      ask<DisputeList>(`${own}/disputes`, signal),
    ]);
    const { columns, whole } = timeTable(items);
    void PEOPLE.meet(history.items.map(({ modifiedBy }) => modifiedBy.id)).then((came) => came && this.requestUpdate());
    return {
      rows: cutTo(history.items, until),
      cut: history.cut,
      columns,
      reported: whole.spent,
      disputes,
      name: items[0]?.name ?? agent,
    };
  }

  override render(): TemplateResult {
    return this.#known.shown((known) =>
      known.rows.length === 0 ? emptyState(REPORTS.empty, REPORTS.emptyWhy) : this.#shown(known),
    );
  }

  #text({ columns }: Known, presenceId: string): string {
    return columns.find((column) => column.presenceId === presenceId)?.text ?? presenceId;
  }

  #shown(known: Known): TemplateResult {
    const { rows, columns, reported, cut } = known;
    const sums = sumsOf(rows);
    const [first, last] = [rows[0], rows.at(-1)];
    const spans = rows.map(({ interval, start, end }) => ({
      start,
      end,
      status: interval.basePresenceStatus,
      says: ROWS.span(this.#text(known, interval.presenceId), this.#clock(start), this.#clock(end)),
    }));
    const listed = rows.toReversed();
    return html`
      <h2>${known.name} <span class="faint">${this.place.agent}</span></h2>
      ${first === undefined || last === undefined ? nothing : timeline(spans, first.start, last.end, ROWS.band(known.name, this.#clock(first.start), this.#clock(last.end)))}
      <div class="scroll" tabindex="0" role="region" aria-label=${ROWS.sums}>
        <table class="narrow">
          <thead><tr><th scope="col">${ROWS.presence}</th><th scope="col" class="figure">${ROWS.ofRows}</th><th scope="col" class="figure">${ROWS.ofReport}</th><th scope="col"></th></tr></thead>
          <tbody>${columns.map(
            ({ presenceId, text, base }) => html`
              <tr><th scope="row">${presenceIcon(base)} ${text}</th><td class="figure">${stopwatch(sums.get(presenceId) ?? 0)}</td><td class="figure">${stopwatch(reported.get(presenceId) ?? 0)}</td>
                <td>${sums.get(presenceId) === reported.get(presenceId) ? html`${icon("good")}<span class="unseen">${ROWS.same}</span>` : cut ? nothing : ROWS.differs}</td></tr>`,
          )}</tbody>
        </table>
      </div>
      ${cut ? html`<p class="faint">${ROWS.cut(MOST)}</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${ROWS.rows}>
        <table>
          <thead><tr>${[ROWS.from, ROWS.to, ROWS.presence, ROWS.lasted, ROWS.cause, ROWS.by, ROWS.reason, ROWS.why].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${this.#more.of(listed).map((row) => this.#row(row, known))}</tbody>
        </table>
      </div>
      ${this.#more.button(listed)}
    `;
  }

  #row({ interval, start, end }: Cut, known: Known): TemplateResult {
    const { basePresenceStatus, presenceId, hold, eventName, subEventName, modifiedBy, reason, seq } = interval;
    const { id } = modifiedBy;
    const who = setBy(id === undefined ? modifiedBy : { ...modifiedBy, id: PEOPLE.name(id) }, known.name);
    const said = known.disputes.filter((dispute) => dispute.seq === seq);
    // The instant that somebody came here about.
    const { at } = this.place;
    const isThen = at !== null && start <= at && at < end;
    return html`
      <tr aria-current=${isThen ? "true" : nothing}>
        <td class="figures">${this.#clock(start)}</td><td class="figures">${this.#clock(end)}</td>
        <td>${presenceIcon(basePresenceStatus)} ${this.#text(known, presenceId)}${hold === null ? nothing : html` · ${HOLD[hold]}`}</td>
        <td class="figures">${stopwatch(end - start)}</td>
        <td>${cause(eventName, subEventName)}</td><td>${modifiedBy.type === "AGENT" ? ROWS.itself : who}</td>
        <td class="words">${reason ?? nothing}${said.map(({ note, at }) => html`<p class="said">${ROWS.disputed(this.#clock(Date.parse(at)), note)}</p>`)}</td>
        <td><why-then .agent=${this.place.agent ?? ""} .instant=${interval.start}></why-then></td>
      </tr>
    `;
  }

  protected override updated(): void {
    const then = this.renderRoot.querySelector("tr[aria-current]");
    if (this.#scrolledTo === this.place.at || then === null) return;
    this.#scrolledTo = this.place.at;
    then.scrollIntoView({ block: "center" });
  }

  #clock(instant: number): string {
    return clockIn(this.place.zone, instant);
  }

  static override styles = [controls, iconStyles, presenceIconStyles, stateStyles, timelineStyles, reportStyles];
}

customElements.define("agent-rows", AgentRows);
