/** A list that the hub gives page by page: narrowed, and of which one thing may be ended. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Page } from "../live/every-item.ts";
import { controls } from "../look/controls.ts";
import { entered } from "../look/form.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { markStyles } from "../look/marks.ts";
import { comingLines, emptyState, stateStyles } from "../look/states.ts";
import { ADMIN } from "../words/admin.ts";
import { LISTS as WORDS } from "../words/admin-lists.ts";
import { LIST, type Place, type Section, sectionAddress } from "./address.ts";
import "./ask-dialog.ts";
import type { AskDialog } from "./ask-dialog.ts";
import { download, TABLE_FORMS, type TableForm } from "./download.ts";
import { editorStyles } from "./editor-styles.ts";
import type { Choice } from "./fields.ts";
import { ask, type Refusal } from "./hub.ts";
import { notLoaded, refusalBanner } from "./refusals.ts";
import { sheet, type SheetColumn, sheetStyles } from "./sheet.ts";

export interface Narrower {
  readonly name: string;
  readonly label: string;
  readonly as: "line" | "instant" | { readonly choices: readonly Choice[]; readonly all: string };
}

/** How a row is ended: what is asked before, and what is told to the hub. */
export interface Ending<T> {
  readonly label: string;
  readonly title: (row: T) => string;
  readonly text: string;
  readonly path: (row: T) => string;
}

export interface Listing<T> {
  readonly section: Section;
  readonly path: string;
  readonly title: string;
  readonly none: string;
  readonly noneText: string;
  readonly narrowers: readonly Narrower[];
  readonly columns: readonly SheetColumn<T>[];
  readonly ending: readonly Ending<T>[];
  /** The hub gives it whole, and takes no page. */
  readonly onOnePage?: true;
  /** Whether a row becomes another by itself: then the list is read anew in a while. */
  readonly movesOn?: (row: T) => boolean;
  /** What there is as a file, narrowed as the list is. */
  readonly exported?: { readonly path: string; readonly file: string };
}

const PAGE = 50;
/** After so long a list whose rows move on is read anew. */
const ANEW_MS = 2_000;

type State =
  | { readonly at: "loading" }
  | { readonly at: "failed"; readonly refusal: Refusal }
  | { readonly at: "listed"; readonly rows: readonly unknown[]; readonly next: string | null };

export class PagedList extends LitElement {
  static override properties = { listing: { attribute: false }, narrowing: { attribute: false } };
  /** Each listing knows the shape of its own rows. */
  declare listing: Listing<unknown>;
  declare narrowing: Place["narrowing"];
  #state: State = { at: "loading" };
  #refusal: Refusal | null = null;
  #anew: ReturnType<typeof setTimeout> | null = null;
  #exporting = false;

  constructor() {
    super();
    this.narrowing = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#anew !== null) clearTimeout(this.#anew);
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  async #load(): Promise<void> {
    this.#become({ at: "loading" });
    await this.#read();
  }

  async #read(): Promise<void> {
    const { after = "" } = this.narrowing;
    const page =
      this.listing.onOnePage === true ? {} : { limit: String(PAGE), ...(after === "" ? {} : { cursor: after }) };
    const answer = await ask<Page<unknown>>(this.listing.path, { query: { ...page, ...this.#narrowed() } });
    if (!answer.done) {
      this.#become({ at: "failed", refusal: answer.refusal });
      return;
    }
    const { items: rows, nextCursor: next = null } = answer.value;
    this.#become({ at: "listed", rows, next });
    if (this.isConnected && rows.some((row) => this.listing.movesOn?.(row) === true))
      this.#anew = setTimeout(() => void this.#read(), ANEW_MS);
  }

  /** What narrows the list, as the hub is asked for it. */
  #narrowed(): Record<string, string> {
    const query: Record<string, string> = {};
    for (const { name, as } of this.listing.narrowers) {
      const value = this.narrowing[name] ?? "";
      if (value !== "") query[name] = as === "instant" ? new Date(value).toISOString() : value;
    }
    return query;
  }

  async #export({ path, file }: NonNullable<Listing<unknown>["exported"]>, form: TableForm): Promise<void> {
    if (this.#exporting) return;
    this.#exporting = true;
    this.#refusal = null;
    this.requestUpdate();
    const refusal = await download(path, this.#narrowed(), form, file);
    this.#exporting = false;
    this.#refusal = refusal;
    this.requestUpdate();
  }

  async #end(ending: Ending<unknown>, row: unknown): Promise<void> {
    const dialog = this.renderRoot.querySelector<AskDialog>("ask-dialog");
    const sure = await dialog?.ask({ title: ending.title(row), text: ending.text, yes: ending.label });
    if (sure !== true) return;
    const answer = await ask<null>(ending.path(row), { method: "DELETE" });
    // What somebody else ended meanwhile is ended.
    this.#refusal = answer.done || answer.refusal.status === 404 ? null : answer.refusal;
    await this.#load();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".sheet-frame")?.focus();
  }

  readonly #narrow = (event: SubmitEvent): void => {
    const field = entered(event);
    const detail = Object.fromEntries(this.listing.narrowers.map(({ name }) => [name, field(name)]));
    this.dispatchEvent(new CustomEvent<Place["narrowing"]>("narrowed", { detail }));
  };

  override render(): TemplateResult {
    const { narrowers } = this.listing;
    return html`
      ${narrowers.length === 0 ? nothing : html`<form class="tools" role="search" @submit=${this.#narrow}>${narrowers.map((one) => this.#narrower(one))}<button>${icon("search")}${WORDS.narrow}</button></form>`}
      <div role="alert">${this.#refusal === null ? nothing : refusalBanner(this.#refusal)}</div>
      <div class="sheet-frame" tabindex="-1">${this.#body()}</div>
      ${this.#exports()}
      <ask-dialog></ask-dialog>
    `;
  }

  #exports(): TemplateResult | typeof nothing {
    const { exported } = this.listing;
    if (exported === undefined) return nothing;
    return html`<p class="exports"><span class="faint">${this.#exporting ? WORDS.exporting : WORDS.exportAll}</span>
      ${TABLE_FORMS.map((form) => html`<button aria-disabled=${this.#exporting ? "true" : "false"} @click=${() => void this.#export(exported, form)}>${WORDS.exportAs(form.name)}</button>`)}</p>`;
  }

  #narrower({ name, label, as }: Narrower): TemplateResult {
    const value = this.narrowing[name] ?? "";
    const control =
      typeof as === "object"
        ? html`<select id=${name} name=${name}><option value="">${as.all}</option>${as.choices.map((choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`)}</select>`
        : html`<input id=${name} name=${name} type=${as === "instant" ? "datetime-local" : "text"} .value=${value} autocomplete="off" />`;
    return html`<div class="field"><label for=${name}>${label}</label>${control}</div>`;
  }

  #body(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "loading":
        return comingLines(8, ADMIN.loading);
      case "failed":
        return notLoaded(state.refusal, () => void this.#load());
      case "listed":
        return this.#listed(state.rows, state.next);
    }
  }

  #listed(rows: readonly unknown[], next: string | null): TemplateResult {
    const { listing, narrowing } = this;
    const narrowed = Object.values(narrowing).some((value) => value !== "");
    if (rows.length === 0 && next === null) {
      const all = html`<a class="button" href=${sectionAddress(listing.section)}>${WORDS.all}</a>`;
      return narrowed ? emptyState(WORDS.noMatch, WORDS.noMatchText, all) : emptyState(listing.none, listing.noneText);
    }
    const ends: readonly SheetColumn<unknown>[] =
      listing.ending.length === 0
        ? []
        : [
            {
              label: WORDS.actions,
              cell: (row) =>
                html`<span class="pair">${listing.ending.map((ending) => html`<button class="danger" aria-label=${ending.title(row)} @click=${() => void this.#end(ending, row)}>${ending.label}</button>`)}</span>`,
            },
          ];
    const first =
      (narrowing["after"] ?? "") === "" ? null : sectionAddress(listing.section, LIST, { ...narrowing, after: "" });
    const further = next === null ? null : sectionAddress(listing.section, LIST, { ...narrowing, after: next });
    return html`
      ${sheet(listing.title, [...listing.columns, ...ends], rows)}
      ${
        first === null && further === null
          ? nothing
          : html`<p class="foot"><span class="grow"></span>
        ${first === null ? nothing : html`<a class="button" href=${first}>${WORDS.firstPage}</a>`}
        ${further === null ? nothing : html`<a class="button" href=${further}>${WORDS.nextPage}</a>`}</p>`
      }
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    stateStyles,
    editorStyles,
    sheetStyles,
    css`
      .tools { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
      .tools .field { flex: 1 1 150px; min-width: 0; }
      .tools :is(input, select) { width: 100%; }
      .tools .field:has([type="datetime-local"]) { flex-basis: 230px; }
      [role="alert"]:empty { display: none; }
      .sheet-frame:focus { outline: none; }
      .two { display: grid; } .two .faint { font: var(--caption) var(--font); }
      .changes { list-style: none; margin: 0; padding: 0; font: var(--caption) var(--font); }
      .exports { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 0; }
      .foot { display: flex; flex-wrap: wrap; gap: 8px; padding: 8px var(--pad); border-top: 1px solid var(--line); }
      .foot .grow { flex: 1; }
    `,
  ];
}

customElements.define("paged-list", PagedList);
