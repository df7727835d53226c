/** All records of a kind of which there are few. */

import { html, LitElement, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { iconStyles } from "../look/icon.ts";
import { markStyles } from "../look/marks.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { comingLines, emptyState, stateStyles } from "../look/states.ts";
import { ADMIN } from "../words/admin.ts";
import { sectionAddress } from "./address.ts";
import { editorStyles } from "./editor-styles.ts";
import { everyOne, type Refusal } from "./hub.ts";
import type { JsonObject } from "./json.ts";
import type { Directory, Kind } from "./kind.ts";
import { notLoaded } from "./refusals.ts";
import { sheet, type SheetColumn, sheetStyles } from "./sheet.ts";

type State =
  | { readonly at: "loading" }
  | { readonly at: "failed"; readonly refusal: Refusal }
  | { readonly at: "listed"; readonly records: readonly JsonObject[] };

export class RecordList extends LitElement {
  static override properties = { kind: { attribute: false }, directory: { attribute: false } };
  declare kind: Kind;
  declare directory: Directory;
  #state: State = { at: "loading" };

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  readonly #load = async (): Promise<void> => {
    this.#state = { at: "loading" };
    this.requestUpdate();
    const answer = await everyOne<JsonObject>(this.kind.path);
    this.#state = answer.done ? { at: "listed", records: answer.value } : { at: "failed", refusal: answer.refusal };
    this.requestUpdate();
  };

  override render(): TemplateResult {
    switch (this.#state.at) {
      case "loading":
        return html`<div class="sheet-frame">${comingLines(6, ADMIN.loading)}</div>`;
      case "failed":
        return html`<div class="sheet-frame">${notLoaded(this.#state.refusal, () => void this.#load())}</div>`;
      case "listed":
        return this.#listed(this.#state.records);
    }
  }

  #listed(records: readonly JsonObject[]): TemplateResult {
    const { kind, directory } = this;
    const { add, none, noneText, title } = kind.words;
    const way = html`<a class="button primary" href=${sectionAddress(kind.section, { what: "new" })}>${add}</a>`;
    if (records.length === 0) return html`<div class="sheet-frame">${emptyState(none, noneText, way)}</div>`;
    const columns: readonly SheetColumn<JsonObject>[] = kind.columns.map(({ label, cell }) => ({
      label,
      cell: (record) => cell(record, directory),
    }));
    return html`<div class="sheet-frame">${sheet(title, columns, records)}</div>`;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    presenceIconStyles,
    stateStyles,
    editorStyles,
    sheetStyles,
  ];
}

customElements.define("record-list", RecordList);
