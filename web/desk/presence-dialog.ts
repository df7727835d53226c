/** The dialog "Set your presence status". It chooses; whoever opened it asks the hub. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Presence, SetPresence } from "../generated/wire.ts";
import { controls } from "../look/controls.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { until, UNTIL_CHOICES } from "./until.ts";

/** Asks the hub; resolves with the sentence that explains a refusal, or null when it is done. */
export type Choose = (choice: SetPresence) => Promise<string | null>;

export class PresenceDialog extends LitElement {
  static override properties = {
    options: { attribute: false },
    current: { attribute: false },
    choose: { attribute: false },
    serverNow: { attribute: false },
    length: { state: true },
    refusal: { state: true },
    asking: { state: true },
  };
  declare options: readonly Presence[];
  declare current: string | null;
  declare choose: Choose;
  /** The hub's time. */
  declare serverNow: () => number;
  declare private length: string;
  declare private refusal: string | null;
  declare private asking: boolean;

  constructor() {
    super();
    this.options = [];
    this.current = null;
    this.choose = () => Promise.resolve(null);
    this.serverNow = () => 0;
    this.length = "";
    this.refusal = null;
    this.asking = false;
  }

  async open(): Promise<void> {
    this.length = "";
    this.refusal = null;
    await this.updateComplete;
    const form = this.renderRoot.querySelector("form");
    form?.reset();
    for (const radio of this.renderRoot.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      radio.checked = radio.value === this.current;
    }
    this.dialog?.showModal();
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? "").trim();
    const end = until(text("length"), text("at"), this.serverNow());
    const reason = text("reason");
    this.asking = true;
    this.refusal = await this.choose({
      presenceId: text("presence"),
      ...(end === undefined ? {} : { until: end }),
      ...(reason === "" ? {} : { reason }),
    });
    this.asking = false;
    if (this.refusal === null) this.dialog?.close();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("length") && this.length === "at") {
      this.renderRoot.querySelector<HTMLInputElement>("#at")?.focus();
    }
  }

  override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title">
        <form @submit=${(event: SubmitEvent) => void this.submit(event)}>
          <h2 id="title">Set your presence status</h2>
          <fieldset>
            <legend class="unseen">Presence</legend>
            ${this.options.map((option) => this.option(option))}
          </fieldset>
          <div class="field">
            <label for="length">How long</label>
            <select id="length" name="length" @change=${(event: Event) => (this.length = (event.target as HTMLSelectElement).value)}>
              ${UNTIL_CHOICES.map((choice) => html`<option value=${choice.value}>${choice.label}</option>`)}
            </select>
          </div>
          ${this.length === "at"
            ? html`<div class="field"><label for="at">Time of day</label><input id="at" name="at" type="time" required /></div>`
            : nothing}
          <div class="field">
            <label for="reason">Reason <span class="optional">(optional)</span></label>
            <input id="reason" name="reason" maxlength="200" autocomplete="off" />
          </div>
          <p class="refusal" role="alert">${this.refusal}</p>
          <div class="actions">
            <button class="primary" ?disabled=${this.asking}>Set presence</button>
            <button type="button" @click=${() => this.dialog?.close()}>Cancel</button>
          </div>
        </form>
      </dialog>
    `;
  }

  private option(option: Presence): TemplateResult {
    return html`
      <label class="option">
        <input type="radio" name="presence" value=${option.presenceId} required />
        ${presenceIcon(option.basePresenceStatus, option)}
        <span>${option.presenceText}</span>
        ${option.description === "" ? nothing : html`<small>${option.description}</small>`}
      </label>
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

customElements.define("presence-dialog", PresenceDialog);
