/** The floor as it was at an instant, and as it went on from there, 1 to 60 times as fast. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import "../look/chart.ts";
import { explain } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { countsAddress, countsOverTime, type CountStep, STACKED } from "../look/counts.ts";
import { matches } from "../look/fold.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { BasePresenceStatus, PastPresence, PresenceDifference, TimeInStatusReport } from "../wire.ts";
import { HOLD, STATUS } from "../words/contract.ts";
import { FLOOR, REPORTS } from "../words/reports.ts";
import { ask, everyItem, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { countsOf, type Floor, floorOf, goesOn } from "./floor-state.ts";
import { More } from "./more.ts";
import { about } from "./question.ts";
import { Section } from "./section.ts";
import { reportStyles } from "./styles.ts";

/** Agents that are read; a floor of more is narrowed by team. */
const MOST = 20_000;
const SPEEDS = [1, 5, 15, 60] as const;
const TICK = 1_000;
const MINUTE = 60_000;

interface Span {
  readonly steps: readonly CountStep[];
  /** As far as the hub's time has come. */
  readonly until: number;
}

interface Known {
  readonly at: number;
  readonly floor: Floor;
  readonly cut: boolean;
}

export class FloorThen extends Section {
  readonly #span = new Question<Span>(this);
  readonly #start = new Question<Known>(this);
  /** Where a replay has come to; null before one. */
  #replayed: Known | null = null;
  #playing: ReturnType<typeof setInterval> | undefined;
  #reading: AbortController | null = null;
  #speed: number = SPEEDS[1];
  #stopped: string | null = null;
  #more = new More(this);
  #words = "";
  #base: BasePresenceStatus | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("place") || changed.has("between")) {
      this.#stop();
      this.#replayed = null;
    }
    const { zone, teams, agents } = this.place;
    const address = countsAddress({ ...this.between, zone, teams, agents });
    this.#span.ask(address, async (signal) => {
      const report = await ask<TimeInStatusReport>(address, signal);
      return { steps: countsOverTime(report), until: Date.parse(report.to) };
    });
    const span = this.#span.value;
    if (span === null) return;
    const at = Math.min(Math.max(this.place.at ?? span.until, this.between.from), span.until);
    const query = this.#whom();
    query.set("at", new Date(at).toISOString());
    const floor = `api/v1/presence?${query.toString()}&limit=1000`;
    this.#start.ask(floor, async (signal) => {
      const { items, cut } = await everyItem<PastPresence>(floor, signal, MOST);
      return { at, floor: floorOf(items), cut };
    });
  }

  #whom(): URLSearchParams {
    const query = about(this.between, this.place);
    query.delete("from");
    query.delete("to");
    return query;
  }

  get #known(): Known | null {
    return this.#replayed ?? this.#start.value;
  }

  #play(): void {
    this.#stopped = null;
    this.#playing = setInterval(() => void this.#step(), TICK);
    this.requestUpdate();
  }

  #stop(): void {
    clearInterval(this.#playing);
    this.#playing = undefined;
    this.#reading?.abort();
    this.#reading = null;
  }

  /** A second on the wall. While the hub is still asked for the one before, the floor stands. */
  async #step(): Promise<void> {
    const [known, until] = [this.#known, this.#span.value?.until];
    if (this.#reading !== null || known === null || until === undefined) return;
    const at = Math.min(until, known.at + this.#speed * TICK);
    const reading = new AbortController();
    this.#reading = reading;
    const query = this.#whom();
    query.set("from", new Date(known.at).toISOString());
    query.set("to", new Date(at).toISOString());
    try {
      const path = `api/v1/presence/changes?${query.toString()}&limit=200`;
      const { items } = await everyItem<PresenceDifference>(path, reading.signal, MOST);
      this.#replayed = { ...known, at, floor: goesOn(known.floor, items) };
      if (at === until) this.#pauses(FLOOR.isNow);
    } catch (error) {
      if (!reading.signal.aborted) this.#pauses(FLOOR.stopped(explain(error)));
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
    this.requestUpdate();
  }

  #pauses(why: string | null): void {
    this.#stop();
    this.#stopped = why;
    this.requestUpdate();
  }

  readonly #moved = (event: Event): void => {
    const at = Number((event.target as HTMLInputElement).value);
    this.dispatchEvent(new CustomEvent("goes", { detail: { ...this.place, at } }));
  };

  override render(): TemplateResult {
    return this.#span.shown((span) =>
      span.steps.length === 0 ? emptyState(REPORTS.empty, REPORTS.emptyWhy) : this.#shown(span),
    );
  }

  #shown({ steps, until }: Span): TemplateResult {
    const known = this.#known;
    const at = known?.at ?? this.place.at ?? until;
    const clock = clockIn(this.place.zone, at);
    const plays = this.#playing !== undefined;
    return html`
      <ph-chart .steps=${steps} .marks=${[{ at, says: clock }]} .label=${FLOOR.chart} .zone=${this.place.zone} .without=${["OFFLINE"]}></ph-chart>
      <div class="player">
        <button class="primary" ?disabled=${known === null || (!plays && at >= until)} @click=${() => (plays ? this.#pauses(null) : this.#play())}>${plays ? FLOOR.pause : FLOOR.play}</button>
        <label class="choice">${FLOOR.speed}
          <select @change=${(event: Event) => (this.#speed = Number((event.target as HTMLSelectElement).value))}>${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.#speed}>${FLOOR.times(speed)}</option>`)}</select></label>
        <output class="large figures" aria-live="off">${clock}</output>
        <input type="range" aria-label=${FLOOR.instant} aria-valuetext=${clock} min=${this.between.from} max=${until} step=${MINUTE} .value=${String(at)} @change=${this.#moved} />
        <span role="status">${this.#stopped ?? nothing}</span>
      </div>
      ${this.#replayed === null ? this.#start.shown((start) => this.#floor(start)) : this.#floor(this.#replayed)}
    `;
  }

  #floor({ at, floor, cut }: Known): TemplateResult {
    const counts = countsOf(floor);
    const listed = [...floor.values()].filter(
      ({ basePresenceStatus, name, agentId, teams, presenceText }) =>
        (this.#base === null || basePresenceStatus === this.#base) &&
        (this.#words === "" || matches(this.#words, [name, agentId, presenceText, ...teams])),
    );
    return html`
      <div class="tiles" role="group" aria-label=${FLOOR.counts}>${STACKED.map(
        (status) => html`
          <button class="tile" aria-pressed=${status === this.#base} @click=${() => this.#narrow({ base: status === this.#base ? null : status })}>
            ${presenceIcon(status)}<strong class="figures">${REPORTS.count(counts[status])}</strong><span>${STATUS[status]}</span></button>`,
      )}</div>
      <label class="choice">${FLOOR.search}<input type="search" .value=${this.#words} @input=${(event: Event) => this.#narrow({ words: (event.target as HTMLInputElement).value })} /></label>
      <div class="scroll" tabindex="0" role="region" aria-label=${FLOOR.title}>
        <table>
          <thead><tr>${FLOOR.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${this.#more.of(listed).map((agent) => this.#row(agent, at))}</tbody>
        </table>
      </div>
      ${this.#more.button(listed)} ${cut ? html`<p class="faint">${FLOOR.cut(MOST)}</p>` : nothing}
    `;
  }

  #narrow({ words = this.#words, base = this.#base }: { words?: string; base?: BasePresenceStatus | null }): void {
    this.#words = words;
    this.#base = base;
    this.requestUpdate();
  }

  #row(
    { agentId, name, basePresenceStatus, presenceText, start, teams, hold, reason }: PastPresence,
    at: number,
  ): TemplateResult {
    return html`
      <tr><th scope="row">${this.leads({ ...this.place, section: "time", agent: agentId }, name === "" ? agentId : name)}</th>
        <td>${presenceIcon(basePresenceStatus)} ${presenceText}</td><td class="figures">${stopwatch(at - Date.parse(start))}</td>
        <td>${teams.join(", ")}</td><td>${hold === null ? nothing : HOLD[hold]}</td><td class="words">${reason ?? nothing}</td></tr>`;
  }

  static override styles = [controls, presenceIconStyles, stateStyles, reportStyles];
}

customElements.define("floor-then", FloorThen);
