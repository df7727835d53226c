/** Why a presence was what it was at an instant: the rules that were looked at then, asked for when somebody wants to know. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { because } from "../board/because.ts";
import { explain, read } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { iconStyles } from "../look/icon.ts";
import type { Explanation } from "../wire.ts";
import { ROWS } from "../words/reports.ts";

type State =
  | { readonly at: "closed" }
  | { readonly at: "asking" }
  | { readonly at: "failed"; readonly why: string }
  | { readonly at: "told"; readonly explanation: Explanation };

export class WhyThen extends LitElement {
  static override properties = { agent: {}, instant: {} };
  declare agent: string;
  /** An instant, as the hub writes it. */
  declare instant: string;
  #state: State = { at: "closed" };

  constructor() {
    super();
    this.agent = "";
    this.instant = "";
  }

  #becomes(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  readonly #turn = async (): Promise<void> => {
    if (this.#state.at !== "closed") {
      this.#becomes({ at: "closed" });
      return;
    }
    this.#becomes({ at: "asking" });
    const at = new URLSearchParams({ at: this.instant });
    const path = `api/v1/agents/${encodeURIComponent(this.agent)}/presence/explain?${at.toString()}`;
    try {
      this.#becomes({ at: "told", explanation: await read<Explanation>(path) });
    } catch (error) {
      this.#becomes({ at: "failed", why: explain(error) });
    }
  };

  override render(): TemplateResult {
    const state = this.#state;
    return html`
      <button class="quiet" aria-expanded=${state.at !== "closed"} @click=${this.#turn}>${ROWS.why}</button>
      ${state.at === "told" ? because(state.explanation.rules) : nothing}
      ${state.at === "failed" ? html`<p role="alert">${ROWS.notExplained(state.why)}</p>` : nothing}
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    css`
      :host { display: block; }
      button { min-height: 24px; padding: 0 6px; }
      ul { list-style: none; margin: 4px 0; padding: 0; display: grid; gap: 4px; }
      .rule { display: grid; grid-template-columns: auto 1fr; gap: 8px; }
      details { font: var(--caption) var(--font); color: var(--text-3); }
    `,
  ];
}

customElements.define("why-then", WhyThen);
