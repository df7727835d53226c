/** As many rows as are read at a glance, and the rest when they are asked for. */

import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { REPORTS } from "../words/reports.ts";

const AT_ONCE = 100;

export class More {
  readonly #host: ReactiveControllerHost;
  #shown = AT_ONCE;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  of<Row>(rows: readonly Row[]): readonly Row[] {
    return rows.slice(0, this.#shown);
  }

  button(rows: readonly unknown[]): TemplateResult | typeof nothing {
    const left = rows.length - this.#shown;
    if (left <= 0) return nothing;
    return html`<button @click=${this.#more}>${REPORTS.more(Math.min(left, AT_ONCE), left)}</button>`;
  }

  readonly #more = (): void => {
    this.#shown += AT_ONCE;
    this.#host.requestUpdate();
  };
}
