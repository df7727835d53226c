/** The fields of a record. It shows a draft, what is wrong with it and what is unusual; whoever has it keeps the draft. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { FIELD } from "../words/admin.ts";
import { type Choice, type Field, MOST_NUMBER, rowsOf, textOf, textsOf } from "./fields.ts";
import { formStyles } from "./form-styles.ts";
import type { Json, JsonObject } from "./json.ts";
import type { TextList } from "./text-list.ts";
import "./text-list.ts";

export interface Edit {
  readonly name: string;
  readonly value: Json;
}

const NOTES: ReadonlyMap<string, string> = new Map();

export class RecordForm extends LitElement {
  static override properties = {
    fields: { attribute: false },
    draft: { attribute: false },
    wrong: { attribute: false },
    warned: { attribute: false },
    fixed: { type: Boolean },
  };
  declare fields: readonly Field[];
  declare draft: JsonObject;
  declare wrong: ReadonlyMap<string, string>;
  declare warned: ReadonlyMap<string, string>;
  /** Nothing of it can be changed. */
  declare fixed: boolean;
  /** The field to which a row was just added. */
  #growing: string | null = null;

  constructor() {
    super();
    this.fields = [];
    this.draft = {};
    this.wrong = NOTES;
    this.warned = NOTES;
    this.fixed = false;
  }

  /** The keyboard goes to a field, such as the first that is wrong. */
  focusField(name: string): void {
    const field = this.renderRoot.querySelector(`[data-field="${CSS.escape(name)}"]`);
    const within = field?.querySelector<HTMLElement>(
      "input:enabled, select:enabled, textarea:enabled, text-list, button",
    );
    within?.focus();
  }

  #edit(name: string, value: Json): void {
    this.dispatchEvent(new CustomEvent<Edit>("edited", { detail: { name, value } }));
  }

  override render(): TemplateResult {
    const shown = this.fields.filter(({ when }) => when?.(this.draft) !== false);
    // A form does not reach into a shadow root, so Enter has to be told.
    const keyed = (event: KeyboardEvent): void => {
      const on = event.target as HTMLElement;
      if (event.key === "Enter" && !event.defaultPrevented && on.matches("input"))
        this.dispatchEvent(new CustomEvent("entered"));
    };
    return html`<div class="fields" @keydown=${keyed}>${shown.map((field) => html`<div class="field" data-field=${field.name}>${this.#control(field)}${this.#below(field)}</div>`)}</div>`;
  }

  /** Below a field: what is wrong, else what is unusual; and what it means. */
  #below({ name, hint, control }: Field): TemplateResult {
    const wrong = this.wrong.get(name);
    const warned = this.warned.get(name);
    const own = control.as === "texts";
    return html`
      ${wrong === undefined || own ? nothing : html`<span class="wrong" id="${name}-wrong">${icon("danger")}${wrong}</span>`}
      <span role="status" id="${name}-warned">${warned === undefined ? nothing : html`<span class="warned">${icon("warning")}${warned}</span>`}</span>
      ${hint === undefined || own ? nothing : html`<span class="hint" id="${name}-hint">${hint}</span>`}
    `;
  }

  #described({ name, hint }: Field): string {
    return [this.wrong.has(name) ? `${name}-wrong` : "", `${name}-warned`, hint === undefined ? "" : `${name}-hint`]
      .join(" ")
      .trim();
  }

  #control(field: Field): TemplateResult {
    const { name, control } = field;
    const value = this.draft[name] ?? null;
    const invalid = this.wrong.has(name) ? "true" : "false";
    const described = this.#described(field);
    const off = this.fixed || field.fixed === true;
    const typed = (event: Event): void => this.#edit(name, (event.target as HTMLInputElement).value);
    switch (control.as) {
      case "line":
        return html`${this.#label(field, control.least === 0)}
          <input id=${name} .value=${textOf(value)} ?disabled=${off} autocomplete="off" aria-invalid=${invalid} aria-describedby=${described} @input=${typed} />`;
      case "text":
        return html`${this.#label(field, control.least === 0)}
          <textarea id=${name} rows="3" .value=${textOf(value)} ?disabled=${off} aria-invalid=${invalid} aria-describedby=${described} @input=${typed}></textarea>`;
      case "instant":
        return html`${this.#label(field, false)}
          <input id=${name} type="datetime-local" .value=${textOf(value)} ?disabled=${off} aria-invalid=${invalid} aria-describedby=${described} @input=${typed} />`;
      case "number":
        return html`${this.#label(field, !control.needed)}
          <input id=${name} class="number" inputmode="numeric" .value=${numeral(value)} ?disabled=${off} autocomplete="off" aria-invalid=${invalid} aria-describedby=${described}
            @input=${(event: Event) => this.#edit(name, numberIn(event))} />`;
      case "check":
        return html`<label class="choice"><input id=${name} type="checkbox" .checked=${value === true} ?disabled=${off} aria-describedby=${described}
          @change=${(event: Event) => this.#edit(name, (event.target as HTMLInputElement).checked)} /> ${field.label}</label>`;
      case "select":
        return html`${this.#label(field, false)}
          <select id=${name} ?disabled=${off} aria-invalid=${invalid} aria-describedby=${described} @change=${typed}>
            <option value="" ?selected=${textOf(value) === ""}>${control.none}</option>
            ${withKept(control.choices, textOf(value)).map((choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`)}
          </select>`;
      case "one-of":
        return html`<fieldset aria-describedby=${described} ?disabled=${off}><legend>${field.label}</legend>
          ${control.choices.map((choice) => option(choice, "radio", name, choice.value === value, () => this.#edit(name, choice.value)))}</fieldset>`;
      case "some-of":
        return html`<fieldset aria-describedby=${described} ?disabled=${off}><legend>${field.label}</legend>${this.#some(name, control.choices, textsOf(value))}</fieldset>`;
      case "some-or-all":
        return this.#someOrAll(field, control.choices, control.all, value, off);
      case "texts":
        return html`<text-list .label=${field.label} .texts=${textsOf(value)} .problem=${this.wrong.get(name) ?? ""} .hint=${field.hint ?? ""}
          @edited=${(event: CustomEvent<TextList["texts"]>) => this.#edit(name, event.detail)}></text-list>`;
      case "color":
        return this.#color(field, control.none, value, off);
      case "labels":
        return this.#labels(field, off);
      case "profiles":
        return this.#profiles(field, control.choices, off);
    }
  }

  #label({ name, label }: Field, optional: boolean): TemplateResult {
    return html`<label for=${name}>${label}${optional ? html` <span class="optional">${FIELD.optional}</span>` : nothing}</label>`;
  }

  #some(name: string, choices: readonly Choice[], chosen: readonly string[]): readonly TemplateResult[] {
    const order = withKept(choices, ...chosen).map(({ value }) => value);
    const toggle = (value: string): void => {
      const now = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
      this.#edit(
        name,
        order.filter((one) => now.includes(one)),
      );
    };
    return withKept(choices, ...chosen).map((choice) =>
      option(choice, "checkbox", name, chosen.includes(choice.value), () => toggle(choice.value)),
    );
  }

  #someOrAll(field: Field, choices: readonly Choice[], all: string, value: Json, off: boolean): TemplateResult {
    const { name, label } = field;
    const every = value === null;
    return html`<fieldset aria-describedby=${this.#described(field)} ?disabled=${off}><legend>${label}</legend>
      ${option({ value: "all", label: all }, "radio", `${name}-which`, every, () => this.#edit(name, null))}
      ${option({ value: "some", label: FIELD.onlyThese }, "radio", `${name}-which`, !every, () => this.#edit(name, every ? choices.map((choice) => choice.value) : value))}
      ${every ? nothing : html`<div class="within">${this.#some(name, choices, textsOf(value))}</div>`}</fieldset>`;
  }

  #color(field: Field, none: string, value: Json, off: boolean): TemplateResult {
    const { name } = field;
    const own = typeof value === "string";
    const pick = (event: Event): void => this.#edit(name, (event.target as HTMLInputElement).value);
    return html`<fieldset ?disabled=${off} aria-describedby=${this.#described(field)}><legend>${field.label}</legend>
      ${option({ value: "none", label: none }, "radio", `${name}-which`, !own, () => this.#edit(name, null))}
      <div class="row">${option({ value: "own", label: FIELD.ownColor }, "radio", `${name}-which`, own, () => this.#edit(name, "#5c2e91"))}
      ${own ? html`<input type="color" aria-label=${field.label} .value=${textOf(value)} @input=${pick} /><code>${value}</code>` : nothing}</div></fieldset>`;
  }

  #labels(field: Field, off: boolean): TemplateResult {
    const rows = rowsOf(this.draft[field.name]);
    const set = (at: number, what: JsonObject): void =>
      this.#edit(
        field.name,
        rows.map((row, place) => (place === at ? { ...row, ...what } : row)),
      );
    const typed = (at: number, what: string) => (event: Event) =>
      set(at, { [what]: (event.target as HTMLInputElement).value });
    return html`<fieldset ?disabled=${off} aria-describedby=${this.#described(field)}><legend>${field.label} <span class="optional">${FIELD.optional}</span></legend>
      ${rows.map(
        (row, at) => html`<div class="row">
        <input class="language" aria-label=${FIELD.language} placeholder=${FIELD.languageExample} .value=${textOf(row["language"])} @input=${typed(at, "language")} />
        <input class="grow" aria-label="${FIELD.translation} (${textOf(row["language"])})" .value=${textOf(row["label"])} @input=${typed(at, "label")} />
        ${this.#remove(field, rows, at, textOf(row["language"]))}</div>`,
      )}
      <button type="button" @click=${() => this.#addRow(field, [...rows, { language: "", label: "" }])}>${FIELD.addLanguage}</button></fieldset>`;
  }

  #profiles(field: Field, choices: readonly Choice[], off: boolean): TemplateResult {
    const rows = rowsOf(this.draft[field.name]);
    const set = (at: number, what: JsonObject): void =>
      this.#edit(
        field.name,
        rows.map((row, place) => (place === at ? { ...row, ...what } : row)),
      );
    const choose = (at: number) => (event: Event) => set(at, { profileId: (event.target as HTMLSelectElement).value });
    return html`<fieldset ?disabled=${off} aria-describedby=${this.#described(field)}><legend>${field.label} <span class="optional">${FIELD.optional}</span></legend>
      ${rows.map(
        (row, at) => html`<div class="row">
        <select class="grow" aria-label=${FIELD.profile} @change=${choose(at)}>
          <option value="" ?selected=${row["profileId"] === ""}>${FIELD.chooseProfile}</option>
          ${withKept(choices, textOf(row["profileId"])).map(({ value, label }) => html`<option value=${value} ?selected=${value === row["profileId"]}>${label}</option>`)}
        </select>
        <input class="number" inputmode="numeric" aria-label=${FIELD.max} placeholder=${FIELD.maxDefault} .value=${numeral(row["max"])} @input=${(event: Event) => set(at, { max: numberIn(event) })} />
        ${this.#remove(field, rows, at, textOf(row["profileId"]))}</div>`,
      )}
      ${choices.length === 0 ? html`<span class="hint">${FIELD.noProfiles}</span>` : html`<button type="button" @click=${() => this.#addRow(field, [...rows, { profileId: "", max: null }])}>${FIELD.addProfile}</button>`}</fieldset>`;
  }

  #addRow({ name }: Field, rows: readonly JsonObject[]): void {
    this.#growing = name;
    this.#edit(name, rows);
  }

  /** The keyboard goes to the new row, once the draft with it has come back. */
  protected override updated(changed: Map<string, unknown>): void {
    if (this.#growing === null || !changed.has("draft")) return;
    const rows = this.renderRoot.querySelectorAll(`[data-field="${CSS.escape(this.#growing)}"] .row`);
    this.#growing = null;
    [...rows].at(-1)?.querySelector<HTMLElement>("input, select")?.focus();
  }

  #remove({ name }: Field, rows: readonly JsonObject[], at: number, what: string): TemplateResult {
    const remove = (): void => {
      this.#edit(
        name,
        rows.filter((_, place) => place !== at),
      );
      this.focusField(name);
    };
    return html`<button type="button" class="quiet icon" aria-label=${FIELD.remove(what)} @click=${remove}>${icon("close")}</button>`;
  }

  static override styles = [controls, iconStyles, formStyles];
}

/** What a record names and is not among the choices any more is shown by its id, so that nothing is lost unseen. */
function withKept(choices: readonly Choice[], ...kept: readonly string[]): readonly Choice[] {
  const unknown = kept.filter((id) => id !== "" && !choices.some(({ value }) => value === id));
  return [...choices, ...unknown.map((id) => ({ value: id, label: id }))];
}

function option(
  { value, label, hint }: Choice,
  type: "radio" | "checkbox",
  name: string,
  checked: boolean,
  choose: () => void,
): TemplateResult {
  return html`<label class="choice"><input type=${type} name=${name} value=${value} .checked=${checked} @change=${choose} />
    <span>${label}${hint === undefined ? nothing : html`<span class="hint">${hint}</span>`}</span></label>`;
}

function numeral(value: Json | undefined): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

/** A number if it is one; else what was typed, about which the form says that it is none. */
function numberIn(event: Event): Json {
  const typed = (event.target as HTMLInputElement).value.trim();
  if (typed === "") return null;
  return /^\d{1,10}$/.test(typed) && Number(typed) <= MOST_NUMBER ? Number(typed) : typed;
}

customElements.define("record-form", RecordForm);
