/** What agents say of entries of their history. */

import { html, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import type { Dispute } from "../wire.ts";
import { DISPUTES } from "../words/reports.ts";
import { everyItem, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { More } from "./more.ts";
import { Section } from "./section.ts";
import { localOf } from "./spans.ts";
import { reportStyles } from "./styles.ts";

const MOST = 5_000;
const DAY = 86_400_000;

interface Known {
  readonly items: readonly Dispute[];
  readonly cut: boolean;
}

export class Disputes extends Section {
  readonly #known = new Question<Known>(this);
  #more = new More(this);

  protected override willUpdate(): void {
    const { from, to } = this.between;
    const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
    for (const team of this.place.teams) query.append("teams", team);
    const address = `api/v1/disputes?${query.toString()}`;
    this.#known.ask(address, (signal) => {
      this.#more = new More(this);
      return everyItem<Dispute>(address, signal, MOST);
    });
  }

  override render(): TemplateResult {
    return this.#known.shown(({ items, cut }) =>
      items.length === 0
        ? emptyState(DISPUTES.empty, DISPUTES.emptyWhy)
        : html`
            <div class="scroll" tabindex="0" role="region" aria-label=${DISPUTES.title}>
              <table>
                <thead><tr>${DISPUTES.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
                <tbody>${this.#more.of(items).map((one) => this.#row(one))}</tbody>
              </table>
            </div>
            ${this.#more.button(items)} ${cut ? html`<p class="faint">${DISPUTES.cut(MOST)}</p>` : nothing}`,
    );
  }

  #row({ agentId, at, start, note }: Dispute): TemplateResult {
    const { zone } = this.place;
    const entry = Date.parse(start);
    // The day of the entry: what was before and after it tells more than it alone.
    const [from, to] = [localOf(entry - DAY / 2, zone), localOf(entry + DAY / 2, zone)];
    const there = {
      ...this.place,
      section: "time" as const,
      agent: agentId,
      span: { kind: "range" as const, from, to },
    };
    return html`
      <tr><td class="figures">${clockIn(zone, Date.parse(at))}</td><td>${agentId}</td>
        <td class="figures">${this.leads(there, clockIn(zone, entry))}</td><td class="words">${note}</td></tr>`;
  }

  static override styles = [controls, stateStyles, reportStyles];
}

customElements.define("disputes-report", Disputes);
