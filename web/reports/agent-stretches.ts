/** An agent's planned time, stretch by stretch, as what each counts; whoever may, excuses one. */

import { html, nothing, type TemplateResult } from "lit";
import { explain, post } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { entered } from "../look/form.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { Activity, AdherenceCounts, AdherenceStretch, AgentAdherence, ExcuseTime } from "../wire.ts";
import { ADHERENCE } from "../words/reports.ts";
import { ask, everyItem, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { More } from "./more.ts";
import { Section } from "./section.ts";
import { reportStyles } from "./styles.ts";

interface Known {
  readonly stretches: readonly AdherenceStretch[];
  readonly activities: ReadonlyMap<string, string>;
}

const LONGEST_REASON = 500;

export class AgentStretches extends Section {
  static override properties = { ...Section.properties, mayExcuse: { attribute: false } };
  declare mayExcuse: boolean;
  readonly #known = new Question<Known>(this);
  #more = new More(this);
  /** The stretch that is to be excused, and why it was not. */
  #excusing: { readonly start: string; readonly wrong: string | null } | null = null;

  constructor() {
    super();
    this.mayExcuse = false;
  }

  get #own(): string {
    return `api/v1/agents/${encodeURIComponent(this.place.agent ?? "")}`;
  }

  protected override willUpdate(): void {
    const { from, to } = this.between;
    const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
    const address = `${this.#own}/adherence?${query.toString()}`;
    this.#known.ask(address, async (signal) => {
      this.#more = new More(this);
      const [{ items }, activities] = await Promise.all([
        ask<AgentAdherence>(address, signal),
        everyItem<Activity>("api/v1/activities?limit=1000", signal, 1_000),
      ]);
      return {
        stretches: items,
        activities: new Map(activities.items.map(({ activityId, text }) => [activityId, text])),
      };
    });
  }

  override render(): TemplateResult {
    return html`
      <h2>${this.place.agent}</h2>
      ${this.#known.shown((known) =>
        known.stretches.length === 0 ? emptyState(ADHERENCE.empty, ADHERENCE.emptyWhy) : this.#table(known),
      )}`;
  }

  #table(known: Known): TemplateResult {
    const { stretches } = known;
    const total = (counts: AdherenceCounts): number =>
      stretches.filter((one) => one.counts === counts).reduce((sum, { durationMs }) => sum + durationMs, 0);
    return html`
      <p class="figures">${(["IN", "TOLERATED", "OUT", "EXCUSED"] as const).map((counts) => `${ADHERENCE.counts[counts]} ${stopwatch(total(counts))}`).join(" · ")}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${ADHERENCE.stretches}>
        <table>
          <thead><tr>${ADHERENCE.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${this.#more.of(stretches).map((stretch) => this.#row(stretch, known))}</tbody>
        </table>
      </div>
      ${this.#more.button(stretches)}
    `;
  }

  #row(stretch: AdherenceStretch, { activities }: Known): TemplateResult {
    const { start, end, durationMs, activityId, presenceId, counts } = stretch;
    const [from, to] = [start, end].map((instant) => clockIn(this.place.zone, Date.parse(instant)));
    const excusing = this.#excusing?.start === start ? this.#excusing : null;
    return html`
      <tr><td class="figures">${from}</td><td class="figures">${to}</td><td class="figures">${stopwatch(durationMs)}</td>
        <td>${activities.get(activityId) ?? activityId}</td><td>${presenceId}</td>
        <td><span class="mark ${counts}">${ADHERENCE.counts[counts]}</span></td>
        <td>${this.mayExcuse && counts === "OUT" ? html`<button class="quiet" aria-expanded=${excusing !== null} @click=${() => this.#excuse(excusing === null ? { start, wrong: null } : null)}>${ADHERENCE.excuse}</button>` : nothing}</td></tr>
      ${excusing === null ? nothing : html`<tr><td colspan="7">${this.#form(stretch, excusing.wrong)}</td></tr>`}
    `;
  }

  #excuse(excusing: { readonly start: string; readonly wrong: string | null } | null): void {
    this.#excusing = excusing;
    this.requestUpdate();
  }

  #form(stretch: AdherenceStretch, wrong: string | null): TemplateResult {
    return html`
      <form class="field" @submit=${(event: SubmitEvent) => void this.#send(event, stretch)}>
        <label for="reason">${ADHERENCE.reason}</label>
        <input id="reason" name="reason" maxlength=${LONGEST_REASON} required aria-describedby="wrong" aria-invalid=${wrong !== null} />
        <span id="wrong" class="wrong" role="alert">${wrong ?? nothing}</span>
        <div class="pages"><button class="primary">${ADHERENCE.excuse}</button><button type="button" @click=${() => this.#excuse(null)}>${ADHERENCE.cancel}</button></div>
      </form>`;
  }

  async #send(event: SubmitEvent, { start, end }: AdherenceStretch): Promise<void> {
    const reason = entered(event)("reason");
    try {
      const said: ExcuseTime = { start, end, reason };
      await post(`${this.#own}/adherence-exceptions`, said);
      this.#excuse(null);
      await this.#known.again();
    } catch (error) {
      this.#excuse({ start, wrong: ADHERENCE.notExcused(explain(error)) });
    }
  }

  static override styles = [controls, stateStyles, reportStyles];
}

customElements.define("agent-stretches", AgentStretches);
