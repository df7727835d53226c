/** Retires a presence, having said who has it now, and brings it back; deletes one that is retired. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import type { AgentPresence } from "../wire.ts";
import { EDITOR } from "../words/admin.ts";
import { PRESENCES, RETIRE } from "../words/admin-records.ts";
import "./ask-dialog.ts";
import type { AskDialog } from "./ask-dialog.ts";
import { editorStyles } from "./editor-styles.ts";
import { textOf } from "./fields.ts";
import type { Page } from "../live/every-item.ts";
import { ask, recordPath, type Refusal } from "./hub.ts";
import type { JsonObject } from "./json.ts";
import { statusName } from "./kinds/presences.ts";
import { refusalBanner } from "./refusals.ts";

/** So many are named; of more it is said how many there are at least. */
const NAMED = 20;

export class RetirePresence extends LitElement {
  static override properties = { record: { attribute: false }, tag: { attribute: false } };
  declare record: JsonObject;
  declare tag: string | null;
  #refusal: Refusal | null = null;

  constructor() {
    super();
    this.record = {};
    this.tag = null;
  }

  get #path(): string {
    return recordPath("presences", textOf(this.record["presenceId"]));
  }

  #tell(refusal: Refusal | null): void {
    this.#refusal = refusal;
    this.requestUpdate();
  }

  async #retire(): Promise<void> {
    this.#tell(null);
    const query = { presenceIds: textOf(this.record["presenceId"]), limit: String(NAMED) };
    const holders = await ask<Page<AgentPresence>>("agents", { query });
    if (!holders.done) {
      this.#tell(holders.refusal);
      return;
    }
    const { items, nextCursor } = holders.value;
    const base = statusName(textOf(this.record["basePresenceStatus"]));
    const names = items.map(({ name }) => name).join(", ");
    const text = html`
      <p>${items.length === 0 ? RETIRE.nobody : RETIRE.affected(items.length, nextCursor !== undefined, base)}</p>
      ${items.length === 0 ? "" : html`<p>${names}${nextCursor === undefined ? "" : "…"}</p>`}
      <p>${RETIRE.defaults}</p><p>${RETIRE.back}</p>`;
    if (await this.#asked(RETIRE.ask(textOf(this.record["presenceName"])), text, RETIRE.retire))
      await this.#enable(false);
  }

  #asked(title: string, text: TemplateResult | string, yes: string): Promise<boolean> {
    return this.renderRoot.querySelector<AskDialog>("ask-dialog")?.ask({ title, text, yes }) ?? Promise.resolve(false);
  }

  async #enable(enabled: boolean): Promise<void> {
    this.#tell(null);
    const answer = await ask(this.#path, { method: "PATCH", body: { enabled }, ifMatch: this.tag });
    if (answer.done) this.dispatchEvent(new CustomEvent("changed"));
    else this.#tell(answer.refusal);
  }

  async #delete(): Promise<void> {
    this.#tell(null);
    const sure = await this.#asked(
      EDITOR.deleteAsk(textOf(this.record["presenceName"])),
      RETIRE.deleteText,
      EDITOR.delete,
    );
    if (!sure) return;
    const answer = await ask(this.#path, { method: "DELETE", ifMatch: this.tag });
    if (answer.done) this.dispatchEvent(new CustomEvent("deleted"));
    else this.#tell(answer.refusal);
  }

  override render(): TemplateResult {
    const enabled = this.record["enabled"] === true;
    return html`
      <section class="card" aria-labelledby="retire">
        <h2 id="retire">${enabled ? RETIRE.title : PRESENCES.retired}</h2>
        <p>${enabled ? RETIRE.text : RETIRE.retiredText}</p>
        <div role="alert">${this.#refusal === null ? "" : refusalBanner(this.#refusal)}</div>
        <div class="actions">
          ${
            enabled
              ? html`<button class="danger" @click=${() => void this.#retire()}>${RETIRE.retire}</button>`
              : html`<button @click=${() => void this.#enable(true)}>${icon("up")}${RETIRE.bringBack}</button>
                <button class="danger" @click=${() => void this.#delete()}>${EDITOR.delete}</button>`
          }
        </div>
      </section>
      <ask-dialog></ask-dialog>
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    editorStyles,
    css`[role="alert"]:empty { display: none; } p { max-width: 70ch; }`,
  ];
}

customElements.define("retire-presence", RetirePresence);
