/** The dialog in which a supervisor acts on others, and reads what became of each. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Presence } from "../wire.ts";
import { controls } from "../look/controls.ts";
import { entered, keepFocus } from "../look/form.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { ACTING } from "../words/board.ts";
import { PAGES } from "../words/pages.ts";
import type { Deed, Outcome } from "./acting.ts";

export interface Chosen {
  readonly agentId: string;
  readonly name: string;
}

export type Do = (deed: Deed, agentIds: readonly string[]) => Promise<readonly Outcome[]>;

type State =
  { readonly at: "asking" } | { readonly at: "doing" } | { readonly at: "done"; readonly outcomes: readonly Outcome[] };

/** What the open dialog is about. */
interface About {
  readonly deed: Deed["type"];
  /** Fixed when the dialog opens: the list below it goes on changing. */
  readonly chosen: readonly Chosen[];
}

/** So many outcomes are listed by name; longer lists nobody reads. */
const NAMED = 100;

export class ActDialog extends LitElement {
  static override properties = {
    presences: { attribute: false },
    act: { attribute: false },
  };
  declare presences: readonly Presence[];
  declare act: Do;
  #about: About = { deed: "set", chosen: [] };
  #state: State = { at: "asking" };

  constructor() {
    super();
    this.presences = [];
    this.act = () => Promise.resolve([]);
  }

  async open(deed: Deed["type"], chosen: readonly Chosen[]): Promise<void> {
    this.#about = { deed, chosen };
    this.#become({ at: "asking" });
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
    const text = entered(event);
    this.#become({ at: "doing" });
    const ids = this.#about.chosen.map((agent) => agent.agentId);
    const outcomes = await this.act(this.#deed(text("presence"), text("reason")), ids);
    this.#become({ at: "done", outcomes });
    await this.updateComplete;
    keepFocus(this.shadowRoot);
  }

  #deed(presenceId: string, reason: string): Deed {
    switch (this.#about.deed) {
      case "set":
        return { type: "set", presenceId, reason };
      case "reset":
        return { type: "reset" };
      case "sign-out":
        return { type: "sign-out", reason };
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
          ${state.at === "done" ? nothing : this.#question()}
          <div role="status">${state.at === "done" ? this.#answer(state.outcomes) : nothing}</div>
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

  #question(): TemplateResult {
    const reason = html`
      <div class="field">
        <label for="reason">${ACTING.reason} <span class="optional">${ACTING.optional}</span></label>
        <input id="reason" name="reason" maxlength="200" autocomplete="off" />
      </div>`;
    switch (this.#about.deed) {
      case "set":
        return html`
          <fieldset>
            <legend class="unseen">${PAGES.presence}</legend>
            ${this.presences.filter((presence) => presence.canUserSet && presence.enabled).map(option)}
          </fieldset>
          ${reason}`;
      case "reset":
        return html`<p>${ACTING.resets}</p>`;
      case "sign-out":
        return html`<p>${ACTING.signsOut}</p>${reason}`;
    }
  }

  #answer(outcomes: readonly Outcome[]): TemplateResult {
    const names = new Map(this.#about.chosen.map((agent) => [agent.agentId, agent.name]));
    const refusals = outcomes.filter((outcome) => outcome.refusal !== null);
    const done = outcomes.length - refusals.length;
    const named = [...refusals, ...outcomes.filter((outcome) => outcome.refusal === null)].slice(0, NAMED);
    return html`
      <p>${ACTING.outcome(html`<strong>${ACTING.applied(done)}</strong>`, refusals.length)}</p>
      <ul tabindex="0" aria-label=${ACTING.results}>
        ${named.map(
          ({ agentId, refusal }) => html`
            <li><span>${names.get(agentId) ?? agentId}</span>
            <span class=${refusal === null ? "applied" : "refused"}>${refusal ?? ACTING.done}</span></li>`,
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
      .option {
        display: grid; grid-template-columns: auto auto 1fr; align-items: center; gap: 10px; padding: 8px;
        border-radius: var(--radius); font-weight: 400; cursor: pointer; --cut-out: var(--raised);
      }
      .option:hover { background: var(--hover); }
      .option:has(:checked) { background: var(--selected); }
      .field { display: grid; gap: 4px; }
      .optional { color: var(--text-3); font-weight: 400; }
      .actions { display: flex; gap: 8px; justify-content: flex-end; }
      ul { list-style: none; margin: 8px 0 0; padding: 0; max-height: 240px; overflow: auto; }
      li { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0; border-bottom: 1px solid var(--line); }
      .applied { color: var(--good-text); }
      .refused { color: var(--danger-text); text-align: right; }
    `,
  ];
}

function option(presence: Presence): TemplateResult {
  return html`
    <label class="option">
      <input type="radio" name="presence" value=${presence.presenceId} required />
      ${presenceIcon(presence.basePresenceStatus, presence)}
      <span>${presence.presenceText}</span>
    </label>
  `;
}

customElements.define("act-dialog", ActDialog);
