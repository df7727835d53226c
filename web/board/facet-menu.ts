/** The menu of one facet: which of its values are listed, with how many agents each would list. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import "../look/drop-down.ts";
import { BOARD } from "../words/board.ts";
import { folded } from "../look/fold.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** More than this nobody looks through; there is a search then. */
const SEARCHED_BEYOND = 8;
const SHOWN = 100;

export class FacetMenu extends LitElement {
  static override properties = { label: {}, choices: { attribute: false }, chosen: { attribute: false } };
  declare label: string;
  declare choices: readonly Choice[];
  declare chosen: readonly string[];
  #text = "";

  constructor() {
    super();
    this.label = "";
    this.choices = [];
    this.chosen = [];
  }

  readonly #search = (event: Event): void => {
    this.#text = folded((event.target as HTMLInputElement).value);
    this.requestUpdate();
  };

  #turn(value: string): void {
    this.dispatchEvent(new CustomEvent("turned", { detail: value }));
  }

  override render(): TemplateResult {
    const { choices, chosen, label } = this;
    const found = choices.filter((choice) => folded(choice.label).includes(this.#text)).slice(0, SHOWN);
    const name = (value: string): string => choices.find((choice) => choice.value === value)?.label ?? value;
    return html`
      <drop-down label=${label} note=${chosen.map(name).join(", ")} ?set=${chosen.length > 0}>
        ${
          choices.length <= SEARCHED_BEYOND
            ? nothing
            : html`<input type="search" aria-label=${BOARD.searchValues} placeholder=${BOARD.searchValues} @input=${this.#search} />`
        }
        ${choices.length === 0 ? html`<p class="faint">${BOARD.noValues}</p>` : nothing}
        ${found.map(
          ({ value, label, count }) => html`
            <label class="choice">
              <input type="checkbox" .checked=${chosen.includes(value)} @change=${() => this.#turn(value)} />
              <span class="grow">${label}</span> <span class="faint figures">${count}</span>
            </label>`,
        )}
      </drop-down>
    `;
  }

  static override styles = [
    controls,
    css`
      :host { display: inline-block; }
      .choice { padding: 2px 4px; border-radius: var(--radius); }
      .choice:hover { background: var(--hover); }
      .grow { flex: 1; }
      input[type="search"] { width: 100%; margin-bottom: 4px; }
    `,
  ];
}

customElements.define("facet-menu", FacetMenu);
