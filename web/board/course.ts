/** How many agents had each status over the last hours, with what happened to many at once. It is asked for while it is open. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { explain, read } from "../live/session.ts";
import type { ChartMark } from "../look/chart.ts";
import "../look/chart.ts";
import { controls } from "../look/controls.ts";
import { countsAddress, countsOverTime, type CountStep } from "../look/counts.ts";
import type { DisconnectionsReport, TimeInStatusReport } from "../wire.ts";
import { COURSE } from "../words/board-more.ts";
import { subEvent } from "../words/contract.ts";

const HOURS = 8;
const HOUR = 3_600_000;
/** A step is a quarter of an hour, so its mean moves slowly. */
const ANEW_EVERY = 5 * 60_000;
const MARKED = 20;

export class FloorCourse extends LitElement {
  static override properties = { teams: { attribute: false }, now: { attribute: false } };
  declare teams: readonly string[];
  /** The hub's time. */
  declare now: number;
  #steps: readonly CountStep[] = [];
  #marks: readonly ChartMark[] = [];
  #failed: string | null = null;
  #asked: { readonly teams: string; readonly at: number } | null = null;
  #open = false;

  constructor() {
    super();
    this.teams = [];
    this.now = 0;
  }

  protected override willUpdate(): void {
    if (!this.#open || this.now === 0) return;
    const teams = this.teams.join("\n");
    if (this.#asked?.teams === teams && this.now - this.#asked.at < ANEW_EVERY) return;
    this.#asked = { teams, at: this.now };
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { teams, now } = this;
    const from = Math.floor(now / HOUR - HOURS + 1) * HOUR;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const lost = new URLSearchParams({ from: new Date(from).toISOString() });
    for (const team of teams) lost.append("teams", team);
    try {
      const [counts, { incidents }] = await Promise.all([
        read<TimeInStatusReport>(countsAddress({ from, to: now, zone, teams })),
        read<DisconnectionsReport>(`api/v1/reports/disconnections?${lost.toString()}`),
      ]);
      this.#steps = countsOverTime(counts);
      const largest = [...incidents].sort((one, other) => other.sessions - one.sessions).slice(0, MARKED);
      this.#marks = largest.map(({ first, sessions, subEventName }) => ({
        at: Date.parse(first),
        says: COURSE.mark(sessions, subEvent(subEventName)),
      }));
      this.#failed = null;
    } catch (error) {
      this.#failed = COURSE.failed(explain(error));
    }
    this.requestUpdate();
  }

  readonly #turned = (event: Event): void => {
    this.#open = (event.target as HTMLDetailsElement).open;
    this.requestUpdate();
  };

  override render(): TemplateResult {
    return html`
      <details @toggle=${this.#turned}>
        <summary>${COURSE.title(HOURS)}</summary>
        ${this.#failed === null ? nothing : html`<p role="alert">${this.#failed}</p>`}
        ${this.#open && this.#steps.length > 0 ? html`<ph-chart .steps=${this.#steps} .marks=${this.#marks} .label=${COURSE.title(HOURS)} .without=${["OFFLINE"]}></ph-chart>` : nothing}
      </details>
    `;
  }

  static override styles = [
    controls,
    css`
      :host { display: block; --chart-height: 180px; }
      summary { cursor: pointer; width: fit-content; }
      ph-chart { margin-top: 8px; }
    `,
  ];
}

customElements.define("floor-course", FloorCourse);
