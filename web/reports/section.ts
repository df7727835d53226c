/** What every section of the reports has: the place and the time that it is about, and links to other places. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { addressOf, type Place } from "./address.ts";
import type { Between } from "./spans.ts";

const NOWHERE: Place = {
  section: "time",
  span: { kind: "today" },
  zone: "UTC",
  by: "agent",
  teams: [],
  agents: [],
  agent: null,
  sort: null,
  at: null,
};

export abstract class Section extends LitElement {
  static override properties = {
    place: { attribute: false },
    between: { attribute: false },
    own: { attribute: false },
  };
  declare place: Place;
  declare between: Between;
  /** The zone of whoever looks. */
  declare own: string;

  constructor() {
    super();
    this.place = NOWHERE;
    this.between = { from: 0, to: 0 };
    this.own = "UTC";
  }

  protected href(place: Place): string {
    return addressOf(place, this.own);
  }

  protected leads(place: Place | null, text: string | TemplateResult): TemplateResult {
    return place === null ? html`${text}` : html`<a href=${this.href(place)}>${text}</a>`;
  }

  /** The head of a column that orders the table. */
  protected sorts(column: string, text: string | TemplateResult): TemplateResult {
    const is = this.place.sort === column;
    return html`
      <th scope="col" class="figure" aria-sort=${is ? "descending" : nothing}>
        <a href=${this.href({ ...this.place, sort: is ? null : column })}>${text}${is ? " ↓" : ""}</a></th>`;
  }
}
