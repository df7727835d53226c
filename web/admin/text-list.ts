/** A list of short texts, such as teams: each is a chip that can be removed, and one field adds to them. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { FIELD } from "../words/admin.ts";

export class TextList extends LitElement {
  static override properties = { texts: { attribute: false }, label: {}, problem: {}, hint: {} };
  declare texts: readonly string[];
  declare label: string;
  declare problem: string;
  declare hint: string;

  constructor() {
    super();
    this.texts = [];
    this.label = "";
    this.problem = "";
    this.hint = "";
  }

  override focus(): void {
    this.#input?.focus();
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }

  #become(texts: readonly string[]): void {
    this.texts = texts;
    this.dispatchEvent(new CustomEvent("edited", { detail: texts }));
  }

  /** What is pasted may be many, parted by commas, tabs or lines. */
  readonly #add = (): void => {
    const input = this.#input;
    if (input === null) return;
    const added = input.value.split(/[,\t\n]/).map((text) => text.trim());
    input.value = "";
    const texts = [...new Set([...this.texts, ...added.filter((text) => text !== "")])];
    if (texts.length > this.texts.length) this.#become(texts);
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== ",") return;
    event.preventDefault();
    this.#add();
  };

  #remove(text: string): void {
    this.#become(this.texts.filter((other) => other !== text));
    this.focus();
  }

  override render(): TemplateResult {
    const described = [this.problem === "" ? "" : "wrong", "hint"].join(" ").trim();
    return html`
      <label for="add">${this.label}</label>
      <div class="chips">
        <ul aria-label=${this.label} ?hidden=${this.texts.length === 0}>
          ${this.texts.map(
            (text) =>
              html`<li><span>${text}</span><button type="button" class="quiet" aria-label=${FIELD.remove(text)} @click=${() => this.#remove(text)}>${icon("close")}</button></li>`,
          )}
        </ul>
        <input id="add" autocomplete="off" aria-invalid=${this.problem === "" ? "false" : "true"} aria-describedby=${described} @keydown=${this.#keyed} @change=${this.#add} />
      </div>
      ${this.problem === "" ? "" : html`<span class="wrong" id="wrong">${this.problem}</span>`}
      <span class="hint" id="hint">${this.hint} ${FIELD.pressEnter}</span>
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    css`
      :host { display: grid; gap: 4px; min-width: 0; }
      .chips { display: flex; flex-wrap: wrap; gap: 6px; min-width: 0; }
      ul { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; margin: 0; padding: 0; min-width: 0; }
      ul[hidden] { display: none; }
      li {
        display: inline-flex; align-items: center; min-width: 0; padding-left: 10px; border: 1px solid var(--line-strong); border-radius: var(--radius);
        background: var(--selected); overflow-wrap: anywhere;
      }
      li button { width: 28px; min-height: 28px; padding: 0; flex: none; }
      li button .glyph { width: 12px; height: 12px; }
      input { flex: 1 1 140px; min-width: 0; }
      .hint { color: var(--text-3); font: var(--caption) var(--font); }
      .wrong { color: var(--danger-text); font: var(--caption) var(--font); }
    `,
  ];
}

customElements.define("text-list", TextList);
