/** Each sign-in, from when to when, and how it ended. */

import { html, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { emptyState, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { SignedIn, SignInsReport } from "../wire.ts";
import { subEvent } from "../words/contract.ts";
import { REPORTS, SIGN_INS } from "../words/reports.ts";
import { ask, Question } from "./asking.ts";
import { clockIn } from "./clock.ts";
import { More } from "./more.ts";
import { about } from "./question.ts";
import { Section } from "./section.ts";
import { reportStyles } from "./styles.ts";

export class SignIns extends Section {
  readonly #report = new Question<readonly SignedIn[]>(this);
  #more = new More(this);

  protected override willUpdate(): void {
    const address = `api/v1/reports/sign-ins?${about(this.between, this.place).toString()}`;
    this.#report.ask(address, async (signal) => {
      this.#more = new More(this);
      return (await ask<SignInsReport>(address, signal)).items.toReversed();
    });
  }

  override render(): TemplateResult {
    return this.#report.shown((rows) =>
      rows.length === 0
        ? emptyState(REPORTS.empty, REPORTS.emptyWhy)
        : html`
            <p class="faint">${SIGN_INS.whole(rows.length)}</p>
            <div class="scroll" tabindex="0" role="region" aria-label=${SIGN_INS.title}>
              <table>
                <thead><tr>${SIGN_INS.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
                <tbody>${this.#more.of(rows).map((row) => this.#row(row))}</tbody>
              </table>
            </div>
            ${this.#more.button(rows)}`,
    );
  }

  #row({ agentId, name, start, end, ended, leftBy, signedInMs, connectedMs, restores }: SignedIn): TemplateResult {
    const how = ended === null ? SIGN_INS.lasts : SIGN_INS.ended[ended];
    return html`
      <tr><td>${this.leads({ ...this.place, agent: agentId }, name === "" ? agentId : name)}</td><td class="figures">${this.#clock(start)}</td>
        <td class="figures">${end === null ? nothing : this.#clock(end)}</td><td class="figures">${stopwatch(signedInMs)}</td><td class="figures">${stopwatch(connectedMs)}</td>
        <td class="figures">${REPORTS.count(restores)}</td><td>${how}${leftBy === null || leftBy === "SIGNED_OUT" ? nothing : html` <span class="faint">${subEvent(leftBy)}</span>`}</td></tr>`;
  }

  #clock(instant: string): string {
    return clockIn(this.place.zone, Date.parse(instant));
  }

  static override styles = [controls, stateStyles, reportStyles];
}

customElements.define("sign-ins-report", SignIns);
