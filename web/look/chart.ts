/**
 * `<ph-chart>`: counts per base status over time, on each other, with marks for what happened. The drawing is for eyes;
 * a slider reads it out step by step, and a table says the same.
 */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import type { BasePresenceStatus } from "../wire.ts";
import { STATUS } from "../words/contract.ts";
import { CHART, countText } from "../words/chart.ts";
import { LOCALE } from "../words/language.ts";
import { columnsOf, stepAt } from "./chart-data.ts";
import { controls } from "./controls.ts";
import { type CountStep, STACKED } from "./counts.ts";
import type * as Plot from "./plot.ts";
import { presenceIcon, presenceIconStyles } from "./presence-icon.ts";

/** Something that happened: an incident, say. */
export interface ChartMark {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly says: string;
}

type Plots = typeof Plot;
type Drawn = ReturnType<Plots["draw"]>;

const THEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

export class CountChart extends LitElement {
  static override properties = { steps: {}, marks: {}, label: {}, zone: {}, without: {} };
  declare steps: readonly CountStep[];
  declare marks: readonly ChartMark[];
  /** What it is about. */
  declare label: string;
  /** Whose clock is written below it. */
  declare zone: string;
  /** What is not shown at first. */
  declare without: readonly BasePresenceStatus[];
  #hidden: ReadonlySet<BasePresenceStatus> = new Set();
  #plots: Plots | "loading" | "failed" = "loading";
  #drawn: Drawn | null = null;
  #read: number | null = null;
  #media: readonly MediaQueryList[] = [];
  readonly #size = new ResizeObserver(([entry]) => this.#resized(entry?.contentRect.width ?? 0));

  constructor() {
    super();
    this.steps = [];
    this.marks = [];
    this.label = "";
    this.zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.without = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#media = THEMES.map((query) => matchMedia(query));
    for (const one of this.#media) one.addEventListener("change", this.#redraw);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const one of this.#media) one.removeEventListener("change", this.#redraw);
    this.#size.disconnect();
    this.#drawn?.destroy();
    this.#drawn = null;
  }

  async #load(): Promise<void> {
    this.#plots = await import("./plot.ts").catch(() => "failed" as const);
    if (typeof this.#plots !== "string") {
      const sheet = unsafeCSS(this.#plots.PLOT_SHEET).styleSheet;
      const root = this.renderRoot as ShadowRoot;
      if (sheet !== undefined && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.unshift(sheet);
    }
    this.requestUpdate();
    await this.updateComplete;
    const place = this.#place;
    if (place !== null) this.#size.observe(place);
    this.#redraw();
  }

  get #place(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".plot");
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("without")) this.#hidden = new Set(this.without);
    if (changed.has("steps")) this.#read = null;
  }

  override updated(changed: PropertyValues): void {
    if (changed.size > 0) this.#redraw();
  }

  #resized(width: number): void {
    if (this.#drawn !== null && width > 0 && Math.round(width) !== this.#drawn.width) this.#redraw();
  }

  /** All of it anew: colours are read from the page, and a chart is small. */
  readonly #redraw = (): void => {
    const place = this.#place;
    if (place === null || typeof this.#plots === "string" || !this.isConnected) return;
    this.#drawn?.destroy();
    this.#drawn = null;
    const colors = this.#colors();
    for (const canvas of this.renderRoot.querySelectorAll<HTMLCanvasElement>(".sample")) {
      this.#plots.sample(canvas, canvas.dataset["status"] as BasePresenceStatus, colors);
    }
    const width = Math.floor(place.clientWidth);
    if (width === 0 || this.steps.length === 0) return;
    this.#drawn = this.#plots.draw(place, {
      columns: columnsOf(this.steps, this.#hidden),
      width,
      height: place.clientHeight,
      colors,
      marks: this.marks.map(({ at }) => at),
      clock: (seconds) => this.#clock(seconds * 1000),
      count: countText,
      pointed: (instant) => this.#show(instant === null ? null : stepAt(this.steps, instant)),
    });
  };

  #colors(): Plot.Colors {
    const color = (selector: string): string => {
      const probe = this.renderRoot.querySelector(selector);
      return probe === null ? "currentColor" : getComputedStyle(probe).color;
    };
    return {
      of: (status) => color(`.probe.${status}`),
      text: color(".probe.text"),
      line: color(".probe.line"),
      ground: color(".probe.ground"),
      mark: color(".probe.mark"),
      font: `12px ${getComputedStyle(this).fontFamily}`,
      forced: matchMedia("(forced-colors: active)").matches,
    };
  }

  #show(step: number | null): void {
    if (step === this.#read) return;
    this.#read = step;
    this.requestUpdate();
  }

  #clock(instant: number): string {
    const days = (this.steps.at(-1)?.end ?? 0) - (this.steps[0]?.start ?? 0) > 36 * 3_600_000;
    const form = days ? ({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const) : CLOCK;
    return new Intl.DateTimeFormat(LOCALE, { ...form, timeZone: this.zone }).format(instant);
  }

  readonly #stepped = (event: Event): void => {
    const step = Number((event.target as HTMLInputElement).value);
    this.#show(step);
    const { start, end } = this.steps[step] ?? { start: 0, end: 0 };
    const left = this.#drawn?.valToPos((start + end) / 2000, "x") ?? 0;
    this.#drawn?.setCursor({ left, top: 0 }, false);
  };

  #turn(status: BasePresenceStatus): void {
    const hidden = new Set(this.#hidden);
    if (!hidden.delete(status)) hidden.add(status);
    this.#hidden = hidden;
    this.requestUpdate();
    void this.updateComplete.then(this.#redraw);
  }

  #spanOf({ start, end }: CountStep): string {
    return CHART.span(this.#clock(start), this.#clock(end));
  }

  #happened({ start, end }: CountStep): string {
    const marks = this.marks.filter(({ at }) => at >= start && at < end);
    return marks.map(({ says }) => says).join("; ");
  }

  override render(): TemplateResult {
    const step = this.#read === null ? undefined : this.steps[this.#read];
    const value = (status: BasePresenceStatus): string => (step === undefined ? "" : countText(step.counts[status]));
    const says =
      step === undefined
        ? ""
        : [this.#spanOf(step), ...STACKED.map((one) => `${STATUS[one]} ${value(one)}`), this.#happened(step)]
            .filter((part) => part !== "")
            .join(", ");
    return html`
      <div class="legend" role="group" aria-label=${CHART.statuses}>
        ${STACKED.map(
          (status) => html`
            <button class="quiet key" aria-pressed=${this.#hidden.has(status) ? "false" : "true"} @click=${() => this.#turn(status)}>
              <canvas class="sample" width="18" height="12" data-status=${status} aria-hidden="true"></canvas>${presenceIcon(status)}<span>${STATUS[status]}</span><span class="value figures">${value(status)}</span>
            </button>`,
        )}
        ${this.marks.length === 0 ? nothing : html`<span class="marked"><span class="dash" aria-hidden="true"></span>${CHART.marked}</span>`}
      </div>
      <div class="frame">
        <div class="plot" role="img" aria-label=${this.label}></div>
        ${this.#plots === "failed" ? html`<p class="faint" role="alert">${CHART.failed}</p>` : nothing}
        <input class="reader" type="range" min="0" max=${Math.max(0, this.steps.length - 1)} .value=${String(this.#read ?? 0)}
          aria-label=${CHART.read(this.label)} aria-valuetext=${says === "" ? this.label : says} @input=${this.#stepped} @focus=${this.#stepped} />
      </div>
      <p class="readout faint figures">${step === undefined ? CHART.each : this.#spanOf(step)}${step === undefined || this.#happened(step) === "" ? nothing : html` · <strong>${this.#happened(step)}</strong>`}</p>
      <details><summary>${CHART.table}</summary><div class="scroll" tabindex="0" role="region" aria-label=${CHART.table}>${this.#table()}</div></details>
      ${[...STACKED, "text", "line", "ground", "mark"].map((name) => html`<span class="probe ${name}" hidden></span>`)}
    `;
  }

  #table(): TemplateResult {
    const row = (step: CountStep): TemplateResult => html`
      <tr><th scope="row">${this.#spanOf(step)}</th>${STACKED.map((status) => html`<td>${countText(step.counts[status])}</td>`)}<td>${this.#happened(step)}</td></tr>`;
    return html`
      <table class="figures">
        <thead><tr><th scope="col">${CHART.time}</th>${STACKED.map((status) => html`<th scope="col">${STATUS[status]}</th>`)}<th scope="col">${CHART.marks}</th></tr></thead>
        <tbody>${this.steps.map(row)}</tbody>
      </table>`;
  }

  static override styles = [
    controls,
    presenceIconStyles,
    css`
      :host { display: grid; gap: var(--space-2); min-width: 0; }
      .legend { display: flex; flex-wrap: wrap; gap: 2px var(--space-1); }
      .key { min-height: 28px; padding: 2px 8px; font: var(--caption) var(--font); gap: 6px; }
      .key[aria-pressed="true"] { background: transparent; border-color: transparent; }
      .key[aria-pressed="false"] { color: var(--text-3); text-decoration: line-through; }
      .key svg { width: 12px; height: 12px; }
      .key .sample { width: 18px; height: 12px; border: 1px solid var(--line-strong); border-radius: 2px; }
      .key .value { min-width: 3ch; font-weight: 600; text-align: right; text-decoration: none; }
      .marked { display: inline-flex; gap: 6px; align-items: center; padding: 2px 8px; font: var(--caption) var(--font); }
      .dash { height: 14px; border-left: 2px dashed var(--danger-line); }
      .frame { position: relative; min-width: 0; }
      .plot { height: var(--chart-height, 240px); min-width: 0; overflow: hidden; }
      .plot .u-cursor-x { border-color: var(--text-2); }
      .reader { position: absolute; left: 48px; right: 8px; bottom: 30px; width: calc(100% - 56px); margin: 0; opacity: 0; pointer-events: none; }
      .reader:focus-visible { opacity: 1; accent-color: var(--brand-fill); }
      .readout { min-height: 16px; font: var(--caption) var(--font); }
      summary { cursor: pointer; color: var(--brand-text); font: var(--caption) var(--font); width: fit-content; }
      .scroll { max-height: 320px; overflow: auto; }
      table { border-collapse: collapse; font: var(--caption) var(--font); }
      th, td { padding: 4px 12px 4px 0; text-align: right; white-space: nowrap; font-weight: 400; border-bottom: 1px solid var(--line); }
      td:last-child { min-width: 24ch; white-space: normal; }
      thead th { font-weight: 600; }
      details { min-width: 0; }
      th:first-child, td:last-child { text-align: left; }
      .probe.AVAILABLE { color: var(--available); } .probe.BUSY { color: var(--busy); } .probe.BUSY_DO_NOT_DISTURB { color: var(--do-not-disturb); }
      .probe.AWAY { color: var(--away); } .probe.OFFLINE { color: var(--offline); } .probe.text { color: var(--text-3); }
      .probe.line { color: var(--line); } .probe.ground { color: var(--surface); } .probe.mark { color: var(--danger-line); }
      @media (forced-colors: active) {
        .probe { color: CanvasText; } .probe.line { color: GrayText; } .probe.ground { color: Canvas; }
        .key[aria-pressed="true"] { background: Canvas; color: CanvasText; border-color: CanvasText; }
        .key[aria-pressed="false"] { color: GrayText; }
      }
    `,
  ];
}

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;

customElements.define("ph-chart", CountChart);
