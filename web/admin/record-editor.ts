/** One record in a form: read, changed, created and deleted, and what becomes of two people who do so at once. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { comingLines, emptyState, stateStyles } from "../look/states.ts";
import { ADMIN, EDITOR } from "../words/admin.ts";
import { LIST, sectionAddress } from "./address.ts";
import "./ask-dialog.ts";
import type { AskDialog } from "./ask-dialog.ts";
import { editorStyles } from "./editor-styles.ts";
import { spoken } from "./spoken.ts";
import * as form from "./editing.ts";
import { type Field, said } from "./fields.ts";
import { ask, recordPath, type Refusal } from "./hub.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Directory, Kind } from "./kind.ts";
import "./record-form.ts";
import type { Edit, RecordForm } from "./record-form.ts";
import { notLoaded, refusalBanner } from "./refusals.ts";
import { suggestedId, withoutNulls } from "./values.ts";

type State =
  | { readonly at: "loading" }
  | { readonly at: "failed"; readonly refusal: Refusal }
  | { readonly at: "missing" }
  | { readonly at: "open"; readonly editing: form.Editing };

/** What the hub answers to an id that another record has, or that ships with it. */
const TAKEN: readonly Refusal["code"][] = ["in_use", "built_in_presence"];

export class RecordEditor extends LitElement {
  static override properties = {
    kind: { attribute: false },
    directory: { attribute: false },
    recordId: { attribute: false },
    more: { attribute: false },
  };
  declare kind: Kind;
  declare directory: Directory;
  /** The record that is open; null for a new one. */
  declare recordId: string | null;
  /** What a kind has beside its form. */
  declare more:
    ((record: JsonObject, tag: string | null, changed: () => void) => TemplateResult | typeof nothing) | null;
  #state: State = { at: "loading" };
  /** The id was chosen by hand, and follows the name no more. */
  #idChosen = false;

  constructor() {
    super();
    this.recordId = null;
    this.more = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  get dirty(): boolean {
    return this.#state.at === "open" && form.isDirty(this.#fields, this.#state.editing, this.kind.blank);
  }

  get #fields(): readonly Field[] {
    const there = this.#state.at === "open" ? this.#state.editing.record !== null : this.recordId !== null;
    return this.kind.fields(this.directory, there ? "there" : "new");
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  readonly #load = async (): Promise<void> => {
    if (this.recordId === null) {
      this.#become({ at: "open", editing: form.beginNew(this.#fields, this.kind.blank) });
      return;
    }
    this.#become({ at: "loading" });
    const answer = await ask<JsonObject>(this.#pathOf(this.recordId));
    if (answer.done) {
      this.#become({ at: "open", editing: form.begin(this.#fields, this.#read(answer.value), answer.tag) });
      this.#tellName(answer.value);
      return;
    }
    this.#become(
      answer.refusal.status === 404 || answer.refusal.status === 422
        ? { at: "missing" }
        : { at: "failed", refusal: answer.refusal },
    );
  };

  /** The settings are one record, without an id. */
  #pathOf(id: string): string {
    return this.kind.id === "" ? this.kind.path : recordPath(this.kind.path, id);
  }

  #read(record: JsonObject): JsonObject {
    return this.kind.read?.(record, this.directory) ?? record;
  }

  #tellName(record: JsonObject): void {
    const name = record[this.kind.named];
    if (typeof name === "string") this.dispatchEvent(new CustomEvent<string>("named", { detail: name }));
  }

  #edit(editing: form.Editing): void {
    this.#become({ at: "open", editing });
  }

  #typed({ name, value }: Edit, editing: form.Editing): void {
    const { id, named, hubMakesIds } = this.kind;
    let next = form.edit(editing, name, value);
    if (name === id) this.#idChosen = value !== "";
    if (name === named && editing.record === null && !this.#idChosen && !hubMakesIds)
      next = form.edit(next, id, suggestedId(said(value)));
    this.#edit(next);
  }

  async #save(event: Event, editing: form.Editing): Promise<void> {
    event.preventDefault();
    if (editing.busy) return;
    const checked = form.check(this.#fields, editing);
    this.#edit(checked);
    if (!checked.busy) {
      this.#showFirstWrong(checked);
      return;
    }
    const answer = await this.#send(checked);
    if (answer.done) {
      const created = checked.record === null;
      this.recordId = said(answer.value[this.kind.id] ?? this.recordId ?? "");
      this.#edit(form.saved(this.kind.fields(this.directory, "there"), checked, this.#read(answer.value), answer.tag));
      this.dispatchEvent(new CustomEvent<string>(created ? "created" : "saved", { detail: this.recordId }));
      this.#tellName(answer.value);
    } else {
      await this.#wasRefused(checked, answer.refusal);
    }
    await this.updateComplete;
  }

  #send(editing: form.Editing): ReturnType<typeof ask<JsonObject>> {
    const changed = form.change(this.#fields, editing);
    const body = this.kind.completed?.(changed, editing.draft) ?? changed;
    if (editing.record === null) return ask<JsonObject>(this.kind.path, { method: "POST", body: withoutNulls(body) });
    return ask<JsonObject>(this.#path(editing), { method: "PATCH", body, ifMatch: editing.tag });
  }

  #path({ record }: form.Editing): string {
    return this.#pathOf(said(record?.[this.kind.id] ?? this.recordId ?? ""));
  }

  /** Somebody else was there first, or the hub says no, or says nothing. */
  async #wasRefused(editing: form.Editing, refusal: Refusal): Promise<void> {
    const was = editing.record !== null;
    if (was && (refusal.code === "precondition_failed" || refusal.status === 404)) {
      const now = await ask<JsonObject>(this.#path(editing));
      if (now.done) {
        this.#edit(form.meanwhile(this.#fields, editing, this.#read(now.value), now.tag));
        return;
      }
      if (now.refusal.status === 404) {
        this.#edit(form.gone(editing));
        return;
      }
      this.#edit(form.refused(this.#fields, editing, now.refusal));
      return;
    }
    // An id that is taken is wrong at its field, which the hub does not name.
    const taken = !was && TAKEN.includes(refusal.code) && refusal.field === null;
    const next = form.refused(this.#fields, editing, taken ? { ...refusal, field: this.kind.id } : refusal);
    this.#edit(next);
    this.#showFirstWrong(next);
  }

  #showFirstWrong({ wrong }: form.Editing): void {
    const [first] = wrong.keys();
    if (first === undefined) return;
    void this.updateComplete.then(() => this.renderRoot.querySelector<RecordForm>("record-form")?.focusField(first));
  }

  async #delete(editing: form.Editing): Promise<void> {
    const dialog = this.renderRoot.querySelector<AskDialog>("ask-dialog");
    const title = EDITOR.deleteAsk(this.#name(editing));
    if (dialog === null || !(await dialog.ask({ title, text: EDITOR.deleteText, yes: EDITOR.delete }))) return;
    const answer = await ask<null>(this.#path(editing), { method: "DELETE", ifMatch: editing.tag });
    if (answer.done) this.dispatchEvent(new CustomEvent("deleted"));
    else await this.#wasRefused(editing, answer.refusal);
  }

  #name({ record }: form.Editing): string {
    return said(record?.[this.kind.named] ?? this.recordId ?? "");
  }

  override render(): TemplateResult {
    switch (this.#state.at) {
      case "loading":
        return comingLines(6, ADMIN.loading);
      case "failed":
        return notLoaded(this.#state.refusal, () => void this.#load());
      case "missing":
        return emptyState(ADMIN.notFound, ADMIN.notFoundText(this.recordId ?? ""));
      case "open":
        return this.#open(this.#state.editing);
    }
  }

  #open(editing: form.Editing): TemplateResult {
    const { kind, directory } = this;
    const fields = this.#fields;
    const fixed = editing.record === null ? null : kind.whyFixed(editing.record);
    const more =
      editing.record === null
        ? nothing
        : (this.more?.(editing.record, editing.tag, () => void this.#load()) ?? nothing);
    return html`
      ${fixed === null ? nothing : html`<p class="banner"><span class="grow">${fixed}</span></p>`}
      <form class="card" novalidate @submit=${(event: Event) => void this.#save(event, editing)}>
        <record-form .fields=${fields} .draft=${editing.draft} .wrong=${editing.wrong} .warned=${kind.warned(editing.draft, directory)} ?fixed=${fixed !== null}
          @edited=${(event: CustomEvent<Edit>) => this.#typed(event.detail, editing)} @entered=${(event: Event) => void this.#save(event, editing)}></record-form>
        <div role="status">${this.#told(editing)}</div>
        ${fixed === null ? this.#actions(editing) : nothing}
      </form>
      ${more}
      <ask-dialog></ask-dialog>
    `;
  }

  #actions(editing: form.Editing): TemplateResult {
    const save = editing.record === null ? EDITOR.create : EDITOR.save;
    return html`<div class="actions">
      <button class="primary" aria-disabled=${editing.busy ? "true" : "false"}>${editing.busy ? EDITOR.saving : save}</button>
      ${this.kind.id === "" ? nothing : html`<a class="button" href=${sectionAddress(this.kind.section, LIST)}>${ADMIN.backToList}</a>`}
      <span class="space"></span>
      ${editing.record === null || this.kind.section === "presences" || this.kind.id === "" ? nothing : html`<button type="button" class="danger" @click=${() => void this.#delete(editing)}>${EDITOR.delete}</button>`}
    </div>`;
  }

  #told(editing: form.Editing): TemplateResult | typeof nothing {
    const { told } = editing;
    switch (told.what) {
      case "nothing":
        return nothing;
      case "saved": {
        const done = told.created ? EDITOR.created : EDITOR.saved;
        return told.warnings.length === 0
          ? html`<p class="banner good">${icon("good")}<span class="grow">${done}</span></p>`
          : html`<div class="banner warning">${icon("warning")}<div class="grow"><p>${EDITOR.warned}</p><ul>${told.warnings.map((one) => html`<li>${one}</li>`)}</ul></div></div>`;
      }
      case "unchanged":
        return html`<p class="banner"><span class="grow">${EDITOR.unchanged}</span></p>`;
      case "mistakes":
        return html`<p class="banner danger">${icon("danger")}<span class="grow">${EDITOR.mistakes(told.count)}</span></p>`;
      case "refused":
        return refusalBanner(told.refusal);
      case "gone":
        return html`<p class="banner warning">${icon("warning")}<span class="grow">${EDITOR.goneMeanwhile} ${this.#whoDidIt()}</span></p>`;
      case "merged":
        return this.#merged(editing, told.taken, told.conflicts);
    }
  }

  #merged(editing: form.Editing, taken: readonly string[], conflicts: readonly form.Conflict[]): TemplateResult {
    const label = (name: string): string => this.#fields.find((field) => field.name === name)?.label ?? name;
    const says = (name: string, value: Json): string =>
      spoken(
        this.#fields.find((field) => field.name === name),
        value,
      );
    return html`<div class="banner warning">${icon("warning")}<div class="grow">
      <p><strong>${EDITOR.changedMeanwhile}</strong> ${this.#whoDidIt()}</p>
      ${taken.length === 0 ? nothing : html`<p>${EDITOR.taken(taken.map(label).join(", "))}</p>`}
      ${conflicts.map(
        ({
          name,
          theirs,
        }) => html`<p class="conflict"><span><strong>${EDITOR.both(label(name))}</strong> ${EDITOR.theirs(says(name, theirs))}</span>
        <button type="button" @click=${() => this.#edit(form.takeTheirs(this.#fields, editing, name))}>${EDITOR.takeTheirs}</button></p>`,
      )}
      <p>${conflicts.length === 0 ? EDITOR.saveAgain : EDITOR.mineStays}</p></div></div>`;
  }

  #whoDidIt(): TemplateResult {
    const about = this.kind.id === "" ? this.kind.about : `${this.kind.about}/${this.recordId ?? ""}`;
    return html`<a href=${sectionAddress("audit", LIST, { about })} target="_blank">${EDITOR.whoDidIt}</a>`;
  }

  static override styles = [controls, iconStyles, stateStyles, editorStyles];
}

customElements.define("record-editor", RecordEditor);
