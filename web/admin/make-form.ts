/** Makes something that is never changed afterwards: an API token, a revocation, an erasure. What is told only once stays until it is put away. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { EDITOR } from "../words/admin.ts";
import { LISTS as WORDS } from "../words/admin-lists.ts";
import { type Section, sectionAddress } from "./address.ts";
import "./ask-dialog.ts";
import type { AskDialog, Question } from "./ask-dialog.ts";
import { editorStyles } from "./editor-styles.ts";
import * as form from "./editing.ts";
import type { Field } from "./fields.ts";
import { ask } from "./hub.ts";
import type { JsonObject } from "./json.ts";
import "./record-form.ts";
import type { Edit, RecordForm } from "./record-form.ts";
import { refusalBanner } from "./refusals.ts";
import { withoutNulls } from "./values.ts";

export interface Making {
  readonly section: Section;
  readonly path: string;
  readonly fields: readonly Field[];
  readonly blank: JsonObject;
  readonly make: string;
  readonly made: string;
  /** What was made, and is told here alone. */
  readonly secret?: (made: JsonObject) => { readonly label: string; readonly text: string };
  /** What there is to know of what was made. */
  readonly tells?: (made: JsonObject) => string;
  /** What of the form is sent, if that is not all of it. */
  readonly sent?: (record: JsonObject) => JsonObject;
  /** What is asked before, if it cannot be taken back. */
  readonly sure?: (record: JsonObject) => Question;
}

const NONE: ReadonlyMap<string, string> = new Map();

export class MakeForm extends LitElement {
  static override properties = { making: { attribute: false } };
  declare making: Making;
  #editing: form.Editing | null = null;
  #made: JsonObject | null = null;
  #copied = false;

  #edit(editing: form.Editing): void {
    this.#editing = editing;
    this.toggleAttribute(
      "data-dirty",
      form.isDirty(this.making.fields, editing, this.making.blank) && this.#made === null,
    );
    this.requestUpdate();
  }

  async #make(event: Event, editing: form.Editing): Promise<void> {
    event.preventDefault();
    if (editing.busy) return;
    const { fields, path, sent, sure } = this.making;
    const checked = form.check(fields, editing);
    this.#edit(checked);
    if (!checked.busy) {
      this.#showFirstWrong(checked);
      return;
    }
    const record = withoutNulls(form.change(fields, checked));
    if (sure !== undefined && !(await this.#isSure(sure(record)))) {
      this.#edit(editing);
      return;
    }
    const answer = await ask<JsonObject>(path, { method: "POST", body: sent?.(record) ?? record });
    if (answer.done) this.#made = answer.value;
    const next = answer.done ? checked : form.refused(fields, checked, answer.refusal);
    this.#edit(next);
    await this.updateComplete;
    if (answer.done) this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
    else this.#showFirstWrong(next);
  }

  #isSure(question: Question): Promise<boolean> {
    const dialog = this.renderRoot.querySelector<AskDialog>("ask-dialog");
    return dialog?.ask(question) ?? Promise.resolve(false);
  }

  #showFirstWrong({ wrong }: form.Editing): void {
    const [first] = wrong.keys();
    if (first !== undefined)
      void this.updateComplete.then(() => this.renderRoot.querySelector<RecordForm>("record-form")?.focusField(first));
  }

  async #copy(text: string): Promise<void> {
    // Where the browser does not allow it the text can still be selected.
    this.#copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { making } = this;
    if (this.#made !== null) return this.#done(this.#made);
    const editing = this.#editing ?? form.beginNew(making.fields, making.blank);
    const { told } = editing;
    return html`
      <form class="card" novalidate @submit=${(event: Event) => void this.#make(event, editing)}>
        <record-form .fields=${making.fields} .draft=${editing.draft} .wrong=${editing.wrong} .warned=${NONE}
          @edited=${({ detail }: CustomEvent<Edit>) => this.#edit(form.edit(editing, detail.name, detail.value))} @entered=${(event: Event) => void this.#make(event, editing)}></record-form>
        <div role="status">${told.what === "mistakes" ? html`<p class="banner danger">${icon("danger")}<span class="grow">${EDITOR.mistakes(told.count)}</span></p>` : nothing}
          ${told.what === "refused" ? refusalBanner(told.refusal, WORDS.madeUnknown) : nothing}</div>
        <div class="actions"><button class="primary" aria-disabled=${editing.busy ? "true" : "false"}>${making.make}</button>
          <a class="button" href=${sectionAddress(making.section)}>${EDITOR.cancel}</a></div>
      </form>
      <ask-dialog></ask-dialog>
    `;
  }

  #done(made: JsonObject): TemplateResult {
    const { making } = this;
    const secret = making.secret?.(made);
    return html`<div class="card">
      <h2 tabindex="-1">${making.made}</h2>
      ${making.tells === undefined ? nothing : html`<p>${making.tells(made)}</p>`}
      ${
        secret === undefined
          ? nothing
          : html`<p class="banner warning">${icon("warning")}<span class="grow">${WORDS.once}</span></p>
            <div class="field"><label for="secret">${secret.label}</label>
              <div class="row"><input id="secret" readonly .value=${secret.text} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
              <button @click=${() => void this.#copy(secret.text)}>${WORDS.copy}</button></div>
              <span role="status">${this.#copied ? WORDS.copied : nothing}</span></div>`
      }
      <div class="actions"><a class="button" href=${sectionAddress(making.section)}>${WORDS.toList}</a></div>
    </div>`;
  }

  static override styles = [
    controls,
    iconStyles,
    editorStyles,
    css`
      h2:focus { outline: none; }
      .row { display: flex; flex-wrap: wrap; gap: 8px; }
      #secret { flex: 1 1 240px; min-width: 0; font-family: ui-monospace, "Cascadia Mono", Consolas, monospace; }
    `,
  ];
}

customElements.define("make-form", MakeForm);
