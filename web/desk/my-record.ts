/** The agent's week, and what is recorded: each entry, who changed it and why, and what the agent disputes of it. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { goesOn } from "../live/intervals.ts";
import { PEOPLE } from "../live/people.ts";
import { readPresences } from "../live/presences.ts";
import { explain, read } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { comingLines, failedState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import { timeline, timelineStyles } from "../look/timeline.ts";
import type { Dispute, DisputeList, HistoryInterval, Presence } from "../wire.ts";
import { capitalized, cause, presenceNamed, setBy } from "../words/contract.ts";
import { TODAY } from "../words/desk.ts";
import { BASES } from "../words/indicator.ts";
import { moment } from "../words/moment.ts";
import { dayNamed, MY_RECORD } from "../words/my-record.ts";
import "./dispute-form.ts";
import { readHistory } from "./history.ts";
import { myRecordStyles } from "./my-record-styles.ts";
import { spans, sums } from "./today.ts";
import { byOthers, type Day, lastDays, within } from "./week.ts";

const DAYS = 7;
/** Intervals of a page: one for the week of most people, and few for what came since. */
const [WHOLE, SINCE] = [1_000, 100];

type Kind = "presences" | "others" | "everything";

interface Recorded {
  readonly week: readonly HistoryInterval[];
  readonly cut: boolean;
  readonly disputes: readonly Dispute[];
  readonly presences: ReadonlyMap<string, Presence>;
}

type State =
  | { readonly at: "unasked" }
  | { readonly at: "asking" }
  | { readonly at: "failed"; readonly why: string }
  | { readonly at: "read"; readonly recorded: Recorded };

/** Each change of a day: asked for when somebody wants to see more than presences. */
interface Changes {
  readonly day: number;
  readonly intervals: readonly HistoryInterval[];
  readonly cut: boolean;
}

export class MyRecord extends LitElement {
  static override properties = { agentId: {}, version: { type: Number }, now: { attribute: false } };
  declare agentId: string;
  /** The agent's version: with a new one there is more to read. */
  declare version: number;
  /** The hub's time. */
  declare now: number;
  #state: State = { at: "unasked" };
  /** The version that was read. */
  #read = -1;
  #reading = false;
  /** How many days ago is listed. */
  #ago = 0;
  #kind: Kind = "presences";
  #changes: Changes | null = null;
  /** The entry of which something is being said. */
  #disputing: number | null = null;
  #done = "";

  constructor() {
    super();
    this.agentId = "";
    this.version = 0;
    this.now = 0;
  }

  get #own(): string {
    return `api/v1/agents/${encodeURIComponent(this.agentId)}`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("version") && this.#state.at === "read") void this.#follow();
  }

  readonly #opened = (event: Event): void => {
    const isOpen = event.target instanceof HTMLDetailsElement && event.target.open;
    if (isOpen && this.#state.at === "unasked") void this.#ask();
  };

  /** Asks for all of it. */
  async #ask(): Promise<void> {
    this.#state = { at: "asking" };
    this.requestUpdate();
    const version = this.version;
    const from = lastDays(this.now, DAYS).at(-1)?.from ?? this.now;
    try {
      const [{ items: week, cut }, { items: disputes }, presences] = await Promise.all([
        readHistory(this.#own, { from, merged: true, page: WHOLE }),
        read<DisputeList>(`${this.#own}/disputes`),
        readPresences(),
      ]);
      this.#state = { at: "read", recorded: { week, cut, disputes, presences } };
      this.#read = version;
    } catch (error) {
      this.#state = { at: "failed", why: explain(error) };
    }
    this.requestUpdate();
    await this.#readChanges();
    void this.#follow();
  }

  /** Reads what came since. One reading at a time; what was not answered is read with the next change. */
  async #follow(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#state.at === "read" && this.#read !== this.version) {
        const version = this.version;
        const { recorded } = this.#state;
        const last = recorded.week.at(-1);
        const from = last === undefined ? this.now : Date.parse(last.start);
        const { items: intervals } = await readHistory(this.#own, { from, merged: true, page: SINCE });
        this.#state = { at: "read", recorded: { ...recorded, week: goesOn(recorded.week, intervals) } };
        this.#read = version;
        if (this.#ago === 0) await this.#readChanges();
        this.requestUpdate();
      }
    } catch {
      // What is shown is of the version before: the next change, or the button of the day, reads on.
    } finally {
      this.#reading = false;
    }
  }

  /** Reads each change of the day that is listed, if they are looked at. */
  async #readChanges(): Promise<void> {
    if (this.#kind === "presences") return;
    const ago = this.#ago;
    const day = this.#day(ago);
    if (day === undefined) return;
    const known = this.#changes?.day === day.from ? this.#changes : null;
    const last = known?.intervals.at(-1);
    const from = last === undefined ? day.from : Date.parse(last.start);
    try {
      const { items: intervals, cut } = await readHistory(this.#own, {
        from,
        ...(ago === 0 ? {} : { to: day.to }),
        merged: false,
        page: last === undefined ? WHOLE : SINCE,
      });
      this.#changes = { day: day.from, intervals: goesOn(known?.intervals ?? [], intervals), cut };
    } catch (error) {
      this.#state = { at: "failed", why: explain(error) };
    }
    this.requestUpdate();
  }

  #day(ago: number): Day | undefined {
    return lastDays(this.now, DAYS)[ago];
  }

  #look(ago: number, kind: Kind): void {
    this.#ago = ago;
    this.#kind = kind;
    this.#disputing = null;
    this.requestUpdate();
    void this.#readChanges();
  }

  override render(): TemplateResult {
    return html`
      <details class="card" @toggle=${this.#opened}>
        <summary><h2>${MY_RECORD.title}</h2></summary>
        ${this.#body()}
        <p role="status" class="unseen">${this.#done}</p>
      </details>
    `;
  }

  #body(): TemplateResult | typeof nothing {
    switch (this.#state.at) {
      case "unasked":
        return nothing;
      case "asking":
        return comingLines(DAYS, MY_RECORD.reading);
      case "failed":
        return failedState(
          MY_RECORD.failed,
          this.#state.why,
          html`<button @click=${() => void this.#ask()}>${MY_RECORD.again}</button>`,
        );
      case "read":
        return this.#shown(this.#state.recorded);
    }
  }

  #shown(recorded: Recorded): TemplateResult {
    const days = lastDays(this.now, DAYS);
    const chosen = days[this.#ago];
    return html`
      <div class="days" role="group" aria-label=${MY_RECORD.days}>
        ${days.map((day, ago) => this.#dayRow(recorded, day, ago))}
      </div>
      <fieldset class="kinds">
        <legend class="unseen">${MY_RECORD.which}</legend>
        ${(["presences", "others", "everything"] as const).map(
          (kind) => html`
            <label class="choice"><input type="radio" name="kind" .checked=${kind === this.#kind}
              @change=${() => this.#look(this.#ago, kind)}>${MY_RECORD[kind]}</label>`,
        )}
      </fieldset>
      ${chosen === undefined ? nothing : this.#entries(recorded, chosen)}
      ${recorded.cut || this.#changes?.cut === true ? html`<p class="faint">${MY_RECORD.cut}</p>` : nothing}
    `;
  }

  #dayRow({ week, presences }: Recorded, day: Day, ago: number): TemplateResult {
    const bands = spans(within(week, day), presences, day, this.now);
    const name = capitalized(dayNamed(day.from, ago));
    const midnight = ago === 0 ? new Date(day.from).setHours(24, 0, 0, 0) : day.to;
    const figures = sums(bands).filter(([status]) => status !== "OFFLINE");
    return html`
      <button class="day" aria-pressed=${ago === this.#ago} @click=${() => this.#look(ago, this.#kind)}>
        <span class="name">${name}</span>
        ${timeline(bands, day.from, midnight, MY_RECORD.band(name))}
        <span class="sums">${figures.length === 0 ? MY_RECORD.nothing : figures.map(([status, ms]) => TODAY.sum(BASES[status], ms)).join(" · ")}</span>
      </button>
    `;
  }

  #entries(recorded: Recorded, day: Day): TemplateResult {
    if (this.#kind !== "presences" && this.#changes?.day !== day.from) return comingLines(3, MY_RECORD.reading);
    const all = this.#kind === "presences" ? recorded.week : (this.#changes?.intervals ?? []);
    const listed = within(this.#kind === "others" ? byOthers(all) : all, day).toReversed();
    if (listed.length === 0) {
      return html`<p class="faint">${this.#kind === "others" ? MY_RECORD.noOthers : MY_RECORD.nothing}</p>`;
    }
    return html`
      <ol class="entries" aria-label=${MY_RECORD.list}>
        ${repeat(
          listed,
          ({ seq }) => seq,
          (entry) => this.#entry(entry, recorded),
        )}
      </ol>
    `;
  }

  #entry(entry: HistoryInterval, { presences, disputes }: Recorded): TemplateResult {
    const { seq, start, end, basePresenceStatus, presenceId, reason } = entry;
    const text = presenceNamed(presences, presenceId);
    const when =
      end === null
        ? MY_RECORD.since(moment(start, this.now))
        : MY_RECORD.when(moment(start, this.now), moment(end, this.now));
    const said = disputes.filter((dispute) => dispute.seq === seq).toReversed();
    return html`
      <li>
        ${presenceIcon(basePresenceStatus, presences.get(presenceId))}
        <span class="text">${text}</span>
        <span class="figures">${stopwatch((end === null ? this.now : Date.parse(end)) - Date.parse(start))}</span>
        <button class="quiet" aria-label=${MY_RECORD.disputes(`${text}, ${when}`)} aria-expanded=${seq === this.#disputing}
          @click=${() => this.#dispute(seq === this.#disputing ? null : seq)}>${MY_RECORD.dispute}</button>
        <span class="more faint">${when} · ${this.#why(entry)}${reason === null ? nothing : html` · ${reason}`}</span>
        ${said.map(({ at, note }) => html`<span class="more said">${MY_RECORD.disputed(moment(at, this.now), note)}</span>`)}
        ${seq === this.#disputing ? html`<dispute-form class="more" .agentId=${this.agentId} .entry=${entry} @disputed=${this.#disputed} @cancelled=${() => this.#dispute(null)}></dispute-form>` : nothing}
      </li>
    `;
  }

  #why({ eventName, subEventName, modifiedBy }: HistoryInterval): string {
    const what = cause(eventName, subEventName);
    if (modifiedBy.type === "AGENT") return what;
    return MY_RECORD.by(what, setBy(PEOPLE.called(modifiedBy), ""));
  }

  #dispute(seq: number | null): void {
    this.#disputing = seq;
    this.#done = "";
    this.requestUpdate();
  }

  readonly #disputed = ({ detail }: CustomEvent<Dispute>): void => {
    if (this.#state.at === "read") {
      const { recorded } = this.#state;
      this.#state = { at: "read", recorded: { ...recorded, disputes: [detail, ...recorded.disputes] } };
    }
    this.#dispute(null);
    this.#done = MY_RECORD.sent;
  };

  static override styles = [controls, presenceIconStyles, stateStyles, timelineStyles, myRecordStyles];
}

customElements.define("my-record", MyRecord);
