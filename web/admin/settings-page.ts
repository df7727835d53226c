/** The settings in a form, once the hub has said what they mean. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { comingLines, stateStyles } from "../look/states.ts";
import { ADMIN } from "../words/admin.ts";
import { SETTINGS as WORDS } from "../words/admin-settings.ts";
import { editorStyles } from "./editor-styles.ts";
import type { Json } from "./json.ts";
import type { Directory, Kind } from "./kind.ts";
import { meanings, settingsKind } from "./kinds/settings.ts";
import { RecordEditor } from "./record-editor.ts";

export class SettingsPage extends LitElement {
  static override properties = { directory: { attribute: false } };
  declare directory: Directory;
  /** Null until the hub has told what they mean, or has not. */
  #kind: Kind | null = null;
  #meant = true;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  get dirty(): boolean {
    const editor = this.renderRoot.querySelector("record-editor");
    return editor instanceof RecordEditor && editor.dirty;
  }

  async #load(): Promise<void> {
    const answer = await fetch("api/openapi.json").catch(() => null);
    const said = answer?.ok === true ? ((await answer.json().catch(() => null)) as Json) : null;
    const meaning = meanings(said);
    this.#meant = meaning.size > 0;
    this.#kind = settingsKind(meaning);
    this.requestUpdate();
  }

  override render(): TemplateResult {
    if (this.#kind === null) return comingLines(6, ADMIN.loading);
    return html`
      ${this.#meant ? nothing : html`<p class="banner warning"><span class="grow">${WORDS.notMeant}</span></p>`}
      <record-editor .kind=${this.#kind} .directory=${this.directory} .recordId=${"settings"}></record-editor>
      <section class="card" aria-labelledby="others"><h2 id="others">${WORDS.others}</h2><p>${WORDS.othersText}</p></section>
    `;
  }

  static override styles = [controls, stateStyles, editorStyles];
}

customElements.define("settings-page", SettingsPage);
