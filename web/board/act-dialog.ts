/** The dialog in which a supervisor acts on others, and reads what became of each. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Presence } from "../wire.ts";
import { controls } from "../look/controls.ts";
import { entered, keepFocus } from "../look/form.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { ACTING } from "../words/board.ts";
import { PAGES } from "../words/pages.ts";
import type { Became, Deed, Outcome } from "./acting.ts";
import { endOf, MINUTES } from "./lasting.ts";
import { presenceText } from "../words/indicator.ts";
import { moment } from "../words/moment.ts";

export interface Chosen {
  readonly agentId: string;
  readonly name: string;
  /** Whether the agent is Offline, and may come back to what is set. */
  readonly mayReturn: boolean;
}

export type Do = (deed: Deed, agentIds: readonly string[]) => Promise<readonly Outcome[]>;
/** What became of an agent of whom that was not known when the hub was asked. */
export type Resolve = (deed: Deed, outcome: Outcome) => Became;

type State =
  | { readonly at: "asking"; readonly minutes: string }
  | { readonly at: "doing"; readonly minutes: string }
  | { readonly at: "done"; readonly deed: Deed; readonly outcomes: readonly Outcome[] };

/** What the open dialog is about. */
interface About {
  readonly deed: Deed["type"];
  /** Fixed when the dialog opens: the list below it goes on changing. */
  readonly chosen: readonly Chosen[];
}

/** So many outcomes are listed by name; longer lists nobody reads. */
/** So many of several are named before they are changed. */
const LISTED = 5;
const NAMED = 100;

export class ActDialog extends LitElement {
  static override properties = {
    presences: { attribute: false },
    act: { attribute: false },
    resolve: { attribute: false },
    serverNow: { attribute: false },
  };
  declare presences: readonly Presence[];
  declare act: Do;
  declare resolve: Resolve;
  /** The hub's time. */
  declare serverNow: () => number;
  #about: About = { deed: "set", chosen: [] };
  #state: State = { at: "asking", minutes: "" };

  constructor() {
    super();
    this.presences = [];
    this.act = () => Promise.resolve([]);
    this.resolve = (_, outcome) => outcome.became;
    this.serverNow = () => 0;
  }

  async open(deed: Deed["type"], chosen: readonly Chosen[]): Promise<void> {
    this.#about = { deed, chosen };
    this.#become({ at: "asking", minutes: "" });
    await this.updateComplete;
    this.renderRoot.querySelector("form")?.reset();
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  readonly #close = (): void => this.renderRoot.querySelector("dialog")?.close();

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    const deed = this.#deed(entered(event));
    if (this.#state.at !== "asking") return;
    this.#become({ at: "doing", minutes: this.#state.minutes });
    const ids = this.#about.chosen.map((agent) => agent.agentId);
    const outcomes = await this.act(deed, ids);
    this.#become({ at: "done", deed, outcomes });
    await this.updateComplete;
    keepFocus(this.shadowRoot);
  }

  #deed(text: (field: string) => string): Deed {
    switch (this.#about.deed) {
      case "set": {
        const until = endOf(text("minutes"), this.serverNow());
        const set = { type: "set", presenceId: text("presence"), reason: text("reason") } as const;
        if (until === undefined) return set;
        const next = text("next");
        return next === "" ? { ...set, until } : { ...set, until, next };
      }
      case "reset":
        return { type: "reset" };
      case "sign-out":
        return { type: "sign-out", reason: text("reason") };
    }
  }

  override render(): TemplateResult {
    const { deed, chosen } = this.#about;
    const [first, ...others] = chosen;
    const whom = others.length === 0 ? (first?.name ?? "") : ACTING.agents(chosen.length);
    const state = this.#state;
    return html`
      <dialog aria-labelledby="title">
        <form @submit=${(event: SubmitEvent) => void this.#submit(event)}>
          <h2 id="title">${ACTING.about(ACTING.titles[deed], whom)}</h2>
          ${
            others.length === 0
              ? nothing
              : html`<p class="optional">${ACTING.named(
                  chosen.slice(0, LISTED).map(({ name }) => name),
                  Math.max(0, chosen.length - LISTED),
                )}</p>`
          }
          ${state.at === "done" ? nothing : this.#question(state.minutes)}
          <div role="status">${state.at === "done" ? this.#answer(state.deed, state.outcomes) : nothing}</div>
          <div class="actions">
            ${
              state.at === "done"
                ? html`<button type="button" class="primary" @click=${this.#close}>${PAGES.close}</button>`
                : html`
                  <button class="primary" ?disabled=${state.at === "doing"}>${ACTING.titles[deed]}</button>
                  <button type="button" @click=${this.#close}>${PAGES.cancel}</button>`
            }
          </div>
        </form>
      </dialog>
    `;
  }

  #question(minutes: string): TemplateResult {
    const reason = html`
      <div class="field">
        <label for="reason">${ACTING.reason} <span class="optional">${ACTING.optional}</span></label>
        <input id="reason" name="reason" maxlength="500" autocomplete="off" />
      </div>`;
    switch (this.#about.deed) {
      case "set":
        return html`
          <fieldset>
            <legend class="unseen">${PAGES.presence}</legend>
            ${this.#settable.map(option)}
          </fieldset>
          ${this.#howLong(minutes)} ${reason}`;
      case "reset":
        return html`<p>${ACTING.resets}</p>`;
      case "sign-out":
        return html`<p>${ACTING.signsOut}</p>${reason}`;
    }
  }

  get #settable(): readonly Presence[] {
    return this.presences.filter((presence) => presence.canUserSet && presence.enabled);
  }

  /** The end is said before it is set, with its day if that is not today. */
  #howLong(minutes: string): TemplateResult {
    const now = this.serverNow();
    const until = endOf(minutes, now);
    const choose = (event: Event): void =>
      this.#become({ at: "asking", minutes: (event.target as HTMLSelectElement).value });
    return html`
      <div class="field">
        <label for="minutes">${ACTING.howLong}</label>
        <select id="minutes" name="minutes" @change=${choose}>
          <option value="">${ACTING.lastsUntilChanged}</option>
          ${MINUTES.map((known) => html`<option value=${known}>${ACTING.minutes(known)}</option>`)}
        </select>
        ${until === undefined ? nothing : html`<span class="hint">${ACTING.ends(moment(until, now))}</span>`}
      </div>
      ${
        until === undefined
          ? nothing
          : html`
            <div class="field">
              <label for="next">${ACTING.next}</label>
              <select id="next" name="next">
                <option value="">${ACTING.nextComputed}</option>
                ${this.#settable.map((presence) => html`<option value=${presence.presenceId}>${presenceText(presence)}</option>`)}
              </select>
            </div>`
      }
    `;
  }

  #answer(deed: Deed, outcomes: readonly Outcome[]): TemplateResult {
    const names = new Map(this.#about.chosen.map((agent) => [agent.agentId, agent.name]));
    const away = new Set(this.#about.chosen.filter(({ mayReturn }) => mayReturn).map(({ agentId }) => agentId));
    const now = outcomes.map((outcome) => ({ ...outcome, became: this.resolve(deed, outcome) }));
    const of = (is: Became["is"]): readonly Outcome[] => now.filter(({ became }) => became.is === is);
    const [refused, unknown, done] = [of("refused"), of("unknown"), of("done")];
    return html`
      <p><strong>${ACTING.outcome(done.length, refused.length, unknown.length)}</strong></p>
      <ul tabindex="0" aria-label=${ACTING.results}>
        ${[...refused, ...unknown, ...done].slice(0, NAMED).map(
          ({ agentId, became }) => html`
            <li><span>${names.get(agentId) ?? agentId}</span><span class=${became.is}>${told(became, deed.type === "set" && away.has(agentId))}</span></li>`,
        )}
      </ul>
      ${outcomes.length > NAMED ? html`<p class="optional">${ACTING.more(outcomes.length - NAMED)}</p>` : nothing}
    `;
  }

  static override styles = [
    controls,
    presenceIconStyles,
    css`
      form { display: grid; gap: 16px; }
      fieldset { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(200px, 100%), 1fr)); }
      .option {
        display: grid; grid-template-columns: auto auto 1fr; align-items: center; gap: 10px; padding: 6px 8px;
        border-radius: var(--radius); font-weight: 400; cursor: pointer; --cut-out: var(--raised);
      }
      .option:hover { background: var(--hover); }
      .option:has(:checked) { background: var(--selected); }
      .optional { color: var(--text-3); font-weight: 400; }
      .actions { display: flex; gap: 8px; justify-content: flex-end; }
      ul { list-style: none; margin: 8px 0 0; padding: 0; max-height: 240px; overflow: auto; }
      li { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0; border-bottom: 1px solid var(--line); }
      .done { color: var(--good-text); }
      .refused { color: var(--danger-text); text-align: right; }
      .unknown { color: var(--warning-text); text-align: right; }
    `,
  ];
}

function told(became: Became, forTheReturn: boolean): string {
  switch (became.is) {
    case "done":
      return forTheReturn ? ACTING.doneForTheReturn : ACTING.done;
    case "refused":
      return became.why;
    case "unknown":
      return ACTING.unknown;
  }
}

function option(presence: Presence): TemplateResult {
  return html`
    <label class="option">
      <input type="radio" name="presence" value=${presence.presenceId} required />
      ${presenceIcon(presence.basePresenceStatus, presence)}
      <span>${presenceText(presence)}</span>
    </label>
  `;
}

customElements.define("act-dialog", ActDialog);
