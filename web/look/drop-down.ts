/**
 * A button with a panel below it, for menus and for choices. The panel is the browser's own popover: a click elsewhere
 * or the escape key closes it, and the focus goes back to the button.
 */

import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "./controls.ts";
import { icon, iconStyles, type Icon } from "./icon.ts";
import { beside } from "./place.ts";

export class DropDown extends LitElement {
  static override properties = { label: {}, note: {}, glyph: {}, set: { type: Boolean } };
  declare label: string;
  /** What is chosen, in a few letters. */
  declare note: string;
  declare glyph: Icon | "";
  /** Whether what is chosen narrows something. */
  declare set: boolean;
  #expanded = false;

  constructor() {
    super();
    this.label = "";
    this.note = "";
    this.glyph = "";
    this.set = false;
  }

  close(): void {
    this.#panel?.hidePopover();
  }

  get #panel(): HTMLElement | null {
    return this.renderRoot.querySelector("[popover]");
  }

  readonly #toggle = (): void => {
    this.#panel?.togglePopover();
  };

  readonly #toggled = (event: ToggleEvent): void => {
    this.#expanded = event.newState === "open";
    this.requestUpdate();
    if (this.#expanded) this.#open();
    this.dispatchEvent(new CustomEvent(this.#expanded ? "opened" : "closed"));
  };

  #open(): void {
    const [panel, button] = [this.#panel, this.renderRoot.querySelector("button")];
    if (panel === null || button === null) return;
    const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
    const { left, top } = beside(button.getBoundingClientRect(), panel.getBoundingClientRect(), view);
    panel.style.left = `${left}px`;
    panel.style.top = `${top}px`;
    this.querySelector<HTMLElement>("button, input, select, a[href]")?.focus();
  }

  /** The arrow keys go through the entries, as in a menu. */
  readonly #keyed = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const within = event.target as HTMLElement;
    if (step === 0 || within.matches("select, input[type=number]")) return;
    const entries = [...this.querySelectorAll<HTMLElement>("button:enabled, input:enabled, select, a[href]")];
    const at = entries.findIndex((entry) => entry === within);
    entries[(at + step + entries.length) % entries.length]?.focus();
    event.preventDefault();
  };

  override render(): TemplateResult {
    const { label, note, glyph } = this;
    return html`
      <button aria-expanded=${this.#expanded ? "true" : "false"} class=${this.set ? "set" : ""} @click=${this.#toggle}>
        ${glyph === "" ? "" : icon(glyph)}<span>${label}</span>${note === "" ? "" : html`<span class="note">${note}</span>`}${icon("down")}
      </button>
      <div popover role="group" aria-label=${label} @toggle=${this.#toggled} @keydown=${this.#keyed}><slot></slot></div>
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    css`
      :host { display: inline-block; }
      button { font-weight: 400; }
      .set { border-color: var(--brand); box-shadow: inset 0 0 0 1px var(--brand); background: var(--selected); }
      .note { font-weight: 600; max-width: 16ch; overflow: hidden; text-overflow: ellipsis; }
      [popover] {
        position: fixed; inset: auto; margin: 0; padding: var(--space-2); min-width: 180px; max-width: calc(100vw - 16px); max-height: min(600px, calc(100vh - 16px)); overflow: auto;
        border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--raised); color: var(--text); box-shadow: var(--shadow);
      }
    `,
  ];
}

customElements.define("drop-down", DropDown);
