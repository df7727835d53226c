/** What one agent is planned to do on a day, and what of the day is excused: read, changed, and kept as a whole. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { currentSession } from "../../live/session.ts";
import { controls } from "../../look/controls.ts";
import { icon, iconStyles } from "../../look/icon.ts";
import { comingLines, emptyState, stateStyles } from "../../look/states.ts";
import type { Activity, AdherenceException, AgentRecord, PlannedActivity } from "../../wire.ts";
import { PLANS } from "../../words/admin-plans.ts";
import { type Place, sectionAddress } from "../address.ts";
import { REPORT_READERS } from "../../sign-in/destinations.ts";
import { editorStyles } from "../editor-styles.ts";
import type { Page } from "../../live/every-item.ts";
import { ask, everyOne, recordPath, type Refusal } from "../hub.ts";
import { notLoaded, refusalBanner } from "../refusals.ts";
import { type DayRow, dayOf, edgesOf, mistakesOf, plannedOf, rowsOf } from "./day.ts";
import "./excused-times.ts";

type State =
  | { readonly at: "nobody" }
  | { readonly at: "loading" }
  | { readonly at: "failed"; readonly refusal: Refusal }
  | { readonly at: "read"; readonly activities: readonly Activity[]; readonly excused: readonly AdherenceException[] };

export class PlanEditor extends LitElement {
  static override properties = { narrowing: { attribute: false } };
  /** Whose plan, and of which day. */
  declare narrowing: Place["narrowing"];
  #state: State = { at: "nobody" };
  #rows: readonly DayRow[] = [];
  #refusal: Refusal | null = null;
  #tried = false;
  #saved = false;
  #name = "";
  /** Whether the person may read reports too. */
  #reads = false;

  constructor() {
    super();
    this.narrowing = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void currentSession()
      .then(({ session }) => {
        this.#reads = session?.roles.some((role) => REPORT_READERS.includes(role)) === true;
        this.requestUpdate();
      })
      .catch(() => {
        // Who is signed in is not known, and the link to a page that may refuse is left out.
      });
  }

  get #agent(): string {
    return this.narrowing["agent"] ?? "";
  }

  get #day(): string {
    const day = this.narrowing["day"] ?? "";
    return edgesOf(day) === null ? dayOf(Date.now()) : day;
  }

  get #time(): { readonly from: string; readonly to: string } {
    const { from, to } = edgesOf(this.#day) ?? { from: 0, to: 0 };
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("narrowing") && this.#agent !== "") void this.#load();
  }

  readonly #load = async (): Promise<void> => {
    this.#becomes({ at: "loading" });
    const own = recordPath("agents", this.#agent);
    const [record, activities, plan, excused] = await Promise.all([
      ask<AgentRecord>(own),
      everyOne<Activity>("activities"),
      ask<Page<PlannedActivity>>(`${own}/plan`, { query: this.#time }),
      ask<Page<AdherenceException>>(`${own}/adherence-exceptions`, { query: this.#time }),
    ]);
    for (const answer of [record, activities, plan, excused]) {
      if (answer.done) continue;
      this.#becomes({ at: "failed", refusal: answer.refusal });
      return;
    }
    if (!record.done || !activities.done || !plan.done || !excused.done) return;
    this.#name = record.value.name;
    this.#rows = rowsOf(plan.value.items);
    this.#tried = false;
    this.#saved = false;
    this.#becomes({ at: "read", activities: activities.value, excused: excused.value.items });
  };

  #becomes(state: State): void {
    this.#state = state;
    this.toggleAttribute("data-dirty", false);
    this.requestUpdate();
  }

  #change(rows: readonly DayRow[]): void {
    this.#rows = rows;
    this.#saved = false;
    this.toggleAttribute("data-dirty", true);
    this.requestUpdate();
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.#tried = true;
    this.#refusal = null;
    if (mistakesOf(this.#rows, this.#day).size === 0) {
      const items = plannedOf(this.#rows, this.#day);
      const answer = await ask(`${recordPath("agents", this.#agent)}/plan`, {
        method: "PUT",
        query: this.#time,
        body: { items },
      });
      this.#saved = answer.done;
      this.#refusal = answer.done ? null : answer.refusal;
      this.toggleAttribute("data-dirty", !answer.done);
    }
    this.requestUpdate();
  };

  readonly #chosen = (event: SubmitEvent): void => {
    event.preventDefault();
    const entries = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => {
      const entry = entries.get(name);
      return typeof entry === "string" ? entry.trim() : "";
    };
    this.dispatchEvent(new CustomEvent("narrowed", { detail: { agent: text("agent"), day: text("day") } }));
  };

  override render(): TemplateResult {
    return html`
      <form class="card choice" @submit=${this.#chosen}>
        <div class="field"><label for="agent">${PLANS.agent}</label><input id="agent" name="agent" required autocomplete="off" .value=${this.#agent} /></div>
        <div class="field"><label for="day">${PLANS.day}</label><input id="day" name="day" type="date" required .value=${this.#day} /></div>
        <button class="primary">${PLANS.show}</button>
      </form>
      ${this.#body()}
    `;
  }

  #body(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "nobody":
        return emptyState(PLANS.choose, PLANS.chooseText);
      case "loading":
        return comingLines(4, PLANS.unknown);
      case "failed":
        return notLoaded(state.refusal, () => void this.#load());
      case "read":
        return html`${this.#plan(state.activities)}
          <excused-times .agent=${this.#agent} .day=${this.#day} .excused=${state.excused} @changed=${() => void this.#load()}></excused-times>`;
    }
  }

  #plan(activities: readonly Activity[]): TemplateResult {
    if (activities.length === 0)
      return html`<p class="banner warning">${PLANS.noActivities} <a href=${sectionAddress("activities")}>${PLANS.toActivities}</a></p>`;
    const mistakes = this.#tried ? mistakesOf(this.#rows, this.#day) : new Map<number, never>();
    const report = new URLSearchParams({ section: "adherence", day: this.#day, agent: this.#agent });
    return html`
      <form class="card" novalidate aria-labelledby="planned" @submit=${this.#save}>
        <h2 id="planned">${PLANS.plannedFor(this.#name, this.#agent)}</h2>
        ${this.#rows.length === 0 ? html`<p class="faint">${PLANS.nothing}</p>` : nothing}
        <ol>${this.#rows.map((row, at) => this.#row(row, at, activities, mistakes.get(at)))}</ol>
        <p class="hint">${PLANS.midnight}</p>
        <div role="alert">${this.#refusal === null ? nothing : refusalBanner(this.#refusal)}</div>
        <p role="status">${this.#saved ? PLANS.saved : nothing}</p>
        <div class="actions">
          <button class="primary">${PLANS.save}</button>
          <button type="button" @click=${() => this.#change([...this.#rows, this.#next()])}>${PLANS.add}</button>
          <span class="space"></span>${this.#reads ? html`<a href="reports?${report.toString()}">${PLANS.adherence}</a>` : nothing}
        </div>
      </form>
    `;
  }

  /** Goes on where the last ends. */
  #next(): DayRow {
    const last = this.#rows.at(-1);
    return { start: last?.end ?? "", end: "", activityId: "" };
  }

  #row(
    row: DayRow,
    at: number,
    activities: readonly Activity[],
    mistake: keyof typeof PLANS.mistakes | undefined,
  ): TemplateResult {
    const set = (field: keyof DayRow) => (event: Event) => {
      const { value } = event.target as HTMLInputElement | HTMLSelectElement;
      this.#change(this.#rows.map((one, place) => (place === at ? { ...one, [field]: value } : one)));
    };
    const wrong = mistake === undefined ? "false" : "true";
    return html`
      <li>
        <div class="field"><label for="start-${at}">${PLANS.start}</label><input id="start-${at}" type="time" .value=${row.start} aria-invalid=${wrong} aria-describedby="wrong-${at}" @change=${set("start")} /></div>
        <div class="field"><label for="end-${at}">${PLANS.end}</label><input id="end-${at}" type="time" .value=${row.end} aria-invalid=${wrong} aria-describedby="wrong-${at}" @change=${set("end")} /></div>
        <div class="field wide"><label for="activity-${at}">${PLANS.activity}</label><select id="activity-${at}" @change=${set("activityId")}>
          ${row.activityId === "" ? html`<option value="" selected>${PLANS.chooseActivity}</option>` : nothing}
          ${activities.map(({ activityId, text }) => html`<option value=${activityId} ?selected=${activityId === row.activityId}>${text}</option>`)}</select></div>
        <button type="button" class="quiet icon" aria-label=${PLANS.remove(at + 1)} @click=${() => this.#change(this.#rows.filter((_, place) => place !== at))}>${icon("close")}</button>
        <span id="wrong-${at}" class="wrong">${mistake === undefined ? nothing : PLANS.mistakes[mistake]}</span>
      </li>
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    stateStyles,
    editorStyles,
    css`
      .choice { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; }
      ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
      li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: end; }
      li .wide { flex: 1 1 180px; }
      li .wide select { width: 100%; }
      .wrong { flex-basis: 100%; color: var(--danger-text); font: var(--caption) var(--font); }
      .wrong:empty { display: none; }
      .hint { color: var(--text-3); font: var(--caption) var(--font); }
    `,
  ];
}

customElements.define("plan-editor", PlanEditor);
