/** The dialog "Set your presence status". It chooses; whoever opened it asks the hub. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Presence, SetPresence } from "../wire.ts";
import { controls } from "../look/controls.ts";
import { entered, keepFocus } from "../look/form.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { CHOOSING } from "../words/desk.ts";
import { PAGES } from "../words/pages.ts";
import { until, UNTIL_CHOICES } from "./until.ts";

/** Asks the hub; resolves with the sentence that explains a refusal, or null when it is done. */
export type Choose = (choice: SetPresence) => Promise<string | null>;

/** What the person has entered so far, and what the hub said to it. */
interface State {
  /** The choice of "how long", a value of `UNTIL_CHOICES`. */
  readonly length: string;
  readonly refusal: string | null;
  readonly asking: "idle" | "asking";
}

const FRESH: State = { length: "", refusal: null, asking: "idle" };

export class PresenceDialog extends LitElement {
  static override properties = {
    options: { attribute: false },
    current: { attribute: false },
    choose: { attribute: false },
    serverNow: { attribute: false },
  };
  declare options: readonly Presence[];
  declare current: string | null;
  declare choose: Choose;
  /** The hub's time. */
  declare serverNow: () => number;
  #state: State = FRESH;

  constructor() {
    super();
    this.options = [];
    this.current = null;
    this.choose = () => Promise.resolve(null);
    this.serverNow = () => 0;
  }

  async open(): Promise<void> {
    this.#become(FRESH);
    await this.updateComplete;
    const form = this.renderRoot.querySelector("form");
    form?.reset();
    for (const radio of this.renderRoot.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      radio.checked = radio.value === this.current;
    }
    this.#dialog?.showModal();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #become(state: Partial<State>): void {
    this.#state = { ...this.#state, ...state };
    this.requestUpdate();
  }

  readonly #close = (): void => this.#dialog?.close();

  async #submit(event: SubmitEvent): Promise<void> {
    const text = entered(event);
    const end = until(text("length"), text("at"), this.serverNow());
    const reason = text("reason");
    this.#become({ asking: "asking" });
    const refusal = await this.choose({
      presenceId: text("presence"),
      ...(end === undefined ? {} : { until: end }),
      ...(reason === "" ? {} : { reason }),
    });
    this.#become({ asking: "idle", refusal });
    if (refusal === null) {
      this.#close();
      return;
    }
    await this.updateComplete;
    keepFocus(this.shadowRoot);
  }

  async #chooseLength(length: string): Promise<void> {
    this.#become({ length });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>("#at")?.focus();
  }

  override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title">
        <form @submit=${(event: SubmitEvent) => void this.#submit(event)}>
          <h2 id="title">${CHOOSING.title}</h2>
          <fieldset>
            <legend class="unseen">${PAGES.presence}</legend>
            ${this.options.map(option)}
          </fieldset>
          <div class="field">
            <label for="length">${CHOOSING.howLong}</label>
            <select id="length" name="length" @change=${(event: Event) => void this.#chooseLength((event.target as HTMLSelectElement).value)}>
              ${UNTIL_CHOICES.map((choice) => html`<option value=${choice.value}>${choice.label}</option>`)}
            </select>
          </div>
          ${this.#state.length === "at" ? timeOfDay() : nothing}
          <div class="field">
            <label for="reason">${CHOOSING.reason} <span class="optional">${CHOOSING.optional}</span></label>
            <input id="reason" name="reason" maxlength="200" autocomplete="off" />
          </div>
          <p class="refusal" role="alert">${this.#state.refusal}</p>
          <div class="actions">
            <button class="primary" ?disabled=${this.#state.asking === "asking"}>${CHOOSING.set}</button>
            <button type="button" @click=${this.#close}>${PAGES.cancel}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  static override styles = [
    controls,
    presenceIconStyles,
    css`
      form { display: grid; gap: 16px; }
      .option {
        display: grid; grid-template-columns: auto auto 1fr; align-items: center; gap: 0 10px; padding: 8px;
        border-radius: var(--radius); font-weight: 400; cursor: pointer; --cut-out: var(--raised);
      }
      .option:hover { background: var(--hover); }
      .option:has(:checked) { background: var(--selected); }
      .option small { grid-column: 3; color: var(--text-3); font-size: 12px; line-height: 16px; }
      .field { display: grid; gap: 4px; }
      .optional { color: var(--text-3); font-weight: 400; }
      .actions { display: flex; gap: 8px; justify-content: flex-end; }
      .refusal { color: var(--danger-text); }
      .refusal:empty { display: none; }
    `,
  ];
}

function option(presence: Presence): TemplateResult {
  return html`
    <label class="option">
      <input type="radio" name="presence" value=${presence.presenceId} required />
      ${presenceIcon(presence.basePresenceStatus, presence)}
      <span>${presence.presenceText}</span>
      ${presence.description === "" ? nothing : html`<small>${presence.description}</small>`}
    </label>
  `;
}

function timeOfDay(): TemplateResult {
  return html`
    <div class="field">
      <label for="at">${CHOOSING.timeOfDay}</label>
      <input id="at" name="at" type="time" required />
    </div>
  `;
}

customElements.define("presence-dialog", PresenceDialog);
