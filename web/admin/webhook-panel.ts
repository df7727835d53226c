/** What a webhook delivers: its secret while it is told, how it stands, and its last tries. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { badge, markStyles } from "../look/marks.ts";
import type { WebhookDelivery } from "../wire.ts";
import { WEBHOOKS as WORDS } from "../words/admin-settings.ts";
import "./ask-dialog.ts";
import type { AskDialog } from "./ask-dialog.ts";
import { editorStyles } from "./editor-styles.ts";
import { textOf } from "./fields.ts";
import type { Page } from "../live/every-item.ts";
import { type Answer, ask, recordPath, type Refusal } from "./hub.ts";
import type { JsonObject } from "./json.ts";
import { webhookStatus } from "./kinds/webhooks.ts";
import { refusalBanner } from "./refusals.ts";
import { sheet, sheetStyles } from "./sheet.ts";
import { LOCALE } from "../words/language.ts";

const WHEN = new Intl.DateTimeFormat(LOCALE, { dateStyle: "short", timeStyle: "medium" });

export class WebhookPanel extends LitElement {
  static override properties = { record: { attribute: false } };
  declare record: JsonObject;
  #secret: string | null = null;
  #tries: readonly WebhookDelivery[] | null = null;
  #refusal: Refusal | null = null;

  constructor() {
    super();
    this.record = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  get #path(): string {
    return recordPath("webhooks", textOf(this.record["webhookId"]));
  }

  async #load(): Promise<void> {
    const answer = await ask<Page<WebhookDelivery>>(`${this.#path}/deliveries`);
    if (answer.done) this.#tries = answer.value.items;
    else this.#refusal = answer.refusal;
    this.requestUpdate();
  }

  /** Whether it was done; else it is told why not. */
  #told<T>(answer: Answer<T>): answer is Extract<Answer<T>, { done: true }> {
    this.#refusal = answer.done ? null : answer.refusal;
    this.requestUpdate();
    return answer.done;
  }

  async #resume(): Promise<void> {
    if (this.#told(await ask(`${this.#path}/resume`, { method: "POST", body: {} })))
      this.dispatchEvent(new CustomEvent("changed"));
  }

  async #rotate(): Promise<void> {
    const question = { title: WORDS.rotateAsk, text: WORDS.rotateText, yes: WORDS.rotate };
    if ((await this.renderRoot.querySelector<AskDialog>("ask-dialog")?.ask(question)) !== true) return;
    const answer = await ask<JsonObject>(`${this.#path}/rotate-secret`, { method: "POST" });
    if (this.#told(answer)) this.#secret = textOf(answer.value["secret"]);
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { record } = this;
    const secret = this.#secret ?? textOf(record["secret"]);
    const since = textOf(record["since"]);
    return html`
      <section class="card" aria-labelledby="delivery">
        <h2 id="delivery">${WORDS.delivery}</h2>
        <div role="status">${
          secret === ""
            ? nothing
            : html`<div class="banner warning">${icon("warning")}<div class="grow"><p>${WORDS.secretOnce}</p>
              <label for="secret">${WORDS.secret}</label><input id="secret" readonly .value=${secret} /></div></div>`
        }</div>
        <p>${webhookStatus(record)} ${since === "" ? nothing : WORDS.since(WHEN.format(new Date(since)))} ${textOf(record["problem"])}</p>
        <div role="alert">${this.#refusal === null ? nothing : refusalBanner(this.#refusal)}</div>
        <div class="actions">
          ${record["status"] === "off" ? html`<button @click=${() => void this.#resume()}>${WORDS.resume}</button>` : nothing}
          <button @click=${() => void this.#rotate()}>${WORDS.rotate}</button></div>
        ${this.#tries === null ? nothing : this.#listed(this.#tries)}
      </section>
      <ask-dialog></ask-dialog>
    `;
  }

  #listed(tries: readonly WebhookDelivery[]): TemplateResult {
    if (tries.length === 0) return html`<p class="faint">${WORDS.noTries}</p>`;
    return html`<div class="sheet-frame">${sheet(
      WORDS.delivery,
      [
        { label: WORDS.when, cell: ({ at }) => WHEN.format(new Date(at)), figures: true },
        { label: WORDS.event, cell: ({ id }) => id },
        {
          label: WORDS.attempt,
          cell: ({ attempt, durationMs }) => `${attempt} · ${WORDS.took(durationMs)}`,
          figures: true,
        },
        {
          label: WORDS.result,
          cell: ({ status, error }) =>
            error === undefined
              ? badge("good", String(status ?? ""))
              : html`${badge("danger", String(status ?? ""))} ${error}`,
        },
      ],
      tries,
    )}</div>`;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    editorStyles,
    sheetStyles,
    css`
      :host { container-type: inline-size; }
      [role="alert"]:empty { display: none; }
      #secret { width: 100%; font-family: ui-monospace, "Cascadia Mono", Consolas, monospace; }
    `,
  ];
}

customElements.define("webhook-panel", WebhookPanel);
