/** Times of an agent's day that are not held against it. It says `changed` once the hub kept another. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { PEOPLE } from "../../live/people.ts";
import { controls } from "../../look/controls.ts";
import { icon, iconStyles } from "../../look/icon.ts";
import { clockTime } from "../../look/time.ts";
import type { AdherenceException } from "../../wire.ts";
import { PLANS } from "../../words/admin-plans.ts";
import { editorStyles } from "../editor-styles.ts";
import { ask, recordPath, type Refusal } from "../hub.ts";
import { refusalBanner } from "../refusals.ts";
import { plannedOf } from "./day.ts";

const LONGEST_REASON = 500;

export class ExcusedTimes extends LitElement {
  static override properties = { agent: {}, day: {}, excused: { attribute: false } };
  declare agent: string;
  declare day: string;
  declare excused: readonly AdherenceException[];
  #refusal: Refusal | null = null;
  #wrong: string | null = null;

  constructor() {
    super();
    this.agent = "";
    this.day = "";
    this.excused = [];
  }

  protected override firstUpdated(): void {
    void PEOPLE.meet(this.excused.map(({ author }) => author)).then(() => this.requestUpdate());
  }

  #told(refusal: Refusal | null, wrong: string | null = null): void {
    this.#refusal = refusal;
    this.#wrong = wrong;
    this.requestUpdate();
    if (refusal === null && wrong === null) this.dispatchEvent(new CustomEvent("changed"));
  }

  readonly #add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const entries = new FormData(event.target as HTMLFormElement);
    const [start, end, reason] = ["start", "end", "reason"].map((name) => {
      const entry = entries.get(name);
      return typeof entry === "string" ? entry.trim() : "";
    });
    const [time] = plannedOf([{ start: start ?? "", end: end ?? "", activityId: "" }], this.day);
    if (time === undefined || time.start === "" || time.end === "" || reason === "") {
      this.#told(null, PLANS.notFilled);
      return;
    }
    const answer = await ask(`${recordPath("agents", this.agent)}/adherence-exceptions`, {
      method: "POST",
      body: { start: time.start, end: time.end, reason },
    });
    this.#told(answer.done ? null : answer.refusal);
  };

  async #takeBack({ exceptionId }: AdherenceException): Promise<void> {
    const answer = await ask(recordPath("adherence-exceptions", exceptionId), { method: "DELETE" });
    this.#told(answer.done ? null : answer.refusal);
  }

  override render(): TemplateResult {
    return html`
      <section class="card" aria-labelledby="excused">
        <h2 id="excused">${PLANS.excused}</h2>
        ${this.excused.length === 0 ? html`<p class="faint">${PLANS.noExcused}</p>` : html`<ul>${this.excused.map((one) => this.#row(one))}</ul>`}
        <form novalidate @submit=${this.#add}>
          <div class="field"><label for="from">${PLANS.start}</label><input id="from" name="start" type="time" /></div>
          <div class="field"><label for="to">${PLANS.end}</label><input id="to" name="end" type="time" /></div>
          <div class="field wide"><label for="reason">${PLANS.reason}</label><input id="reason" name="reason" maxlength=${LONGEST_REASON} autocomplete="off" /></div>
          <button>${PLANS.excuse}</button>
        </form>
        <div role="alert">${this.#refusal !== null ? refusalBanner(this.#refusal) : this.#wrong === null ? nothing : html`<span class="wrong">${this.#wrong}</span>`}</div>
      </section>
    `;
  }

  #row(one: AdherenceException): TemplateResult {
    const [from, to] = [clockTime(one.start), clockTime(one.end)];
    return html`
      <li><span class="figures">${from} – ${to}</span><span class="why">${one.reason} <span class="faint">${PLANS.by(PEOPLE.name(one.author))}</span></span>
        <button class="quiet icon" aria-label=${PLANS.takeBack(from, to)} @click=${() => void this.#takeBack(one)}>${icon("close")}</button></li>`;
  }

  static override styles = [
    controls,
    iconStyles,
    editorStyles,
    css`
      ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
      li { display: grid; grid-template-columns: auto 1fr auto; gap: 12px; align-items: center; }
      .why { overflow-wrap: anywhere; }
      form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
      .wide { flex: 1 1 200px; }
      .wide input { width: 100%; }
      .wrong { color: var(--danger-text); }
    `,
  ];
}

customElements.define("excused-times", ExcusedTimes);
