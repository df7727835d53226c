/** Many agents changed by rows of a table: read, previewed, sent in parts, and what became of each. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { badgeStyles, markOf } from "./bulk-marks.ts";
import { icon, iconStyles } from "../look/icon.ts";
import type { AgentRecord } from "../wire.ts";
import { MANY } from "../words/admin-agents.ts";
import { byWeight, counted, type Planned, planned } from "./bulk-plan.ts";
import { type Table, tableOf } from "./bulk-rows.ts";
import { type Became, sendAll } from "./bulk-sending.ts";
import { editorStyles } from "./editor-styles.ts";
import { ask, recordPath, type Refusal } from "./hub.ts";
import type { Directory } from "./kind.ts";
import { refusalBanner } from "./refusals.ts";
import { sheet, sheetStyles } from "./sheet.ts";

type State =
  | { readonly at: "typing"; readonly table: Table | null }
  | { readonly at: "reading"; readonly done: number; readonly all: number }
  | { readonly at: "planned"; readonly table: Table; readonly plan: readonly Planned[] }
  | { readonly at: "sending"; readonly plan: readonly Planned[]; readonly done: number }
  | { readonly at: "sent"; readonly plan: readonly Planned[]; readonly became: ReadonlyMap<string, Became> };

/** Records are read one by one, so many at a time. */
const AT_ONCE = 6;
/** So many rows are listed: longer lists nobody reads. */
const LISTED = 200;

export class AgentsMany extends LitElement {
  static override properties = { directory: { attribute: false } };
  declare directory: Directory;
  #text = "";
  #state: State = { at: "typing", table: null };
  #refusal: Refusal | null = null;
  #stopped = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopped.abort();
  }

  #become(state: State): void {
    this.#state = state;
    // Whoever goes elsewhere is asked about what was typed and not sent.
    this.toggleAttribute("data-dirty", this.#text !== "" && state.at !== "sent");
    this.requestUpdate();
  }

  readonly #preview = async (): Promise<void> => {
    this.#refusal = null;
    const table = tableOf(this.#text, this.directory);
    if (table.stops) {
      this.#become({ at: "typing", table });
      return;
    }
    this.#stopped = new AbortController();
    const records = await this.#read(table);
    if (records === null) this.#become({ at: "typing", table: null });
    else {
      const plan = table.rows.map((row) => planned(row, records.get(row.agentId) ?? null));
      this.#become({ at: "planned", table, plan });
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
    }
  };

  /** The records as they are, without those that there are not; null if it was stopped, or refused. */
  async #read(table: Table): Promise<ReadonlyMap<string, AgentRecord> | null> {
    const ids = [...new Set(table.rows.filter(({ mistakes }) => mistakes.length === 0).map(({ agentId }) => agentId))];
    const records = new Map<string, AgentRecord>();
    const { signal } = this.#stopped;
    const stopped = (): boolean => signal.aborted;
    let [next, done] = [0, 0];
    const reader = async (): Promise<void> => {
      for (let id = ids[next++]; id !== undefined && !stopped(); id = ids[next++]) {
        const answer = await ask<AgentRecord>(recordPath("agents", id), { signal });
        if (answer.done) records.set(id, answer.value);
        else if (answer.refusal.status !== 404 && !stopped()) {
          this.#refusal = answer.refusal;
          this.#stopped.abort();
        }
        done += 1;
        if (done % 25 === 0) this.#become({ at: "reading", done, all: ids.length });
      }
    };
    this.#become({ at: "reading", done: 0, all: ids.length });
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return stopped() ? null : records;
  }

  async #send(plan: readonly Planned[]): Promise<void> {
    this.#become({ at: "sending", plan, done: 0 });
    const became = await sendAll(plan, (done) => this.#become({ at: "sending", plan, done }));
    this.#become({ at: "sent", plan, became });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  async #chosen(event: Event): Promise<void> {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file === undefined) return;
    this.#text = await file.text().catch(() => "");
    this.#become({ at: "typing", table: null });
  }

  override render(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "typing":
        return this.#typing(state.table);
      case "reading":
        return html`<div class="card"><p role="status">${MANY.reading(state.done, state.all)}</p>
          <progress max=${state.all} .value=${state.done} aria-label=${MANY.preview}></progress>
          <div class="actions"><button @click=${() => this.#stopped.abort()}>${MANY.stop}</button></div></div>`;
      case "planned":
        return this.#planned(state.table, state.plan);
      case "sending":
        return html`<div class="card"><p role="status">${MANY.sending(state.done, sendable(state.plan))}</p>
          <progress max=${sendable(state.plan)} .value=${state.done} aria-label=${MANY.title}></progress></div>`;
      case "sent":
        return this.#sent(state.plan, state.became);
    }
  }

  #typing(table: Table | null): TemplateResult {
    const typed = (event: Event): void => {
      this.#text = (event.target as HTMLTextAreaElement).value;
      this.#become({ at: "typing", table: null });
    };
    const example = (): void => {
      this.#text = MANY.exampleText;
      this.#become({ at: "typing", table: null });
    };
    const remarks = table?.remarks ?? [];
    return html`<div class="card">
      <div class="field"><label for="rows">${MANY.paste}</label>
        <textarea id="rows" rows="10" spellcheck="false" .value=${this.#text} aria-describedby="rows-wrong rows-hint" aria-invalid=${remarks.length > 0 ? "true" : "false"} @input=${typed}></textarea>
        <div role="alert" id="rows-wrong">${remarks.map((remark) => html`<span class="wrong">${icon("danger")}${remark}</span>`)}</div>
        <span class="hint" id="rows-hint">${MANY.pasteHint}</span></div>
      <div class="field"><label for="file">${MANY.file}</label>
        <input id="file" type="file" accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain" @change=${(event: Event) => void this.#chosen(event)} /></div>
      <div role="alert">${this.#refusal === null ? nothing : refusalBanner(this.#refusal)}</div>
      <div class="actions"><button class="primary" @click=${this.#preview}>${MANY.preview}</button>
        ${this.#text === "" ? html`<button class="quiet" @click=${example}>${MANY.example}</button>` : nothing}</div>
    </div>`;
  }

  #planned({ remarks }: Table, plan: readonly Planned[]): TemplateResult {
    const { change, create, stay, fail } = counted(plan);
    const count = change + create;
    return html`
      <div class="card">
        <h2 tabindex="-1">${MANY.summary(change, create, stay, fail)}</h2>
        ${remarks.map((remark) => html`<p class="banner warning">${icon("warning")}<span class="grow">${remark}</span></p>`)}
        <p class="faint">${MANY.nobodyReads}</p>
        <div class="actions">
          ${count === 0 ? nothing : html`<button class="primary" @click=${() => void this.#send(plan)}>${MANY.send(count)}</button>`}
          <button @click=${() => this.#become({ at: "typing", table: null })}>${MANY.again}</button></div>
      </div>
      ${this.#rows(byWeight(plan), null)}
    `;
  }

  #sent(plan: readonly Planned[], became: ReadonlyMap<string, Became>): TemplateResult {
    const sent = plan.filter(({ will }) => will === "change" || will === "create");
    const not = sent.filter(({ row }) => became.get(row.agentId)?.is !== "done");
    const left = not.length > 0 || plan.some(({ will }) => will === "fail");
    const first = [...not, ...sent.filter((one) => !not.includes(one)), ...plan.filter(({ will }) => will === "fail")];
    return html`
      <div class="card" role="status">
        <h2 tabindex="-1">${MANY.outcome(sent.length - not.length, not.length)}</h2>
        <div class="actions">
          ${left ? html`<button class="primary" @click=${this.#preview}>${MANY.lookAgain}</button>` : nothing}
          <button @click=${() => this.#become({ at: "typing", table: null })}>${MANY.again}</button></div>
      </div>
      ${this.#rows(first, became)}
    `;
  }

  #rows(plan: readonly Planned[], became: ReadonlyMap<string, Became> | null): TemplateResult {
    const shown = plan.slice(0, LISTED);
    const marks = markOf(this.directory);
    return html`<div class="sheet-frame">
      ${sheet(
        MANY.title,
        [
          { label: MANY.columns.row, cell: ({ row }) => String(row.row), figures: true },
          { label: MANY.columns.agent, cell: ({ row }) => row.agentId },
          { label: MANY.columns.change, cell: marks.change },
          ...(became === null
            ? []
            : [
                {
                  label: MANY.columns.result,
                  cell: (one: Planned) => marks.result(one.will === "fail" ? undefined : became.get(one.row.agentId)),
                },
              ]),
        ],
        shown,
      )}
      ${plan.length > LISTED ? html`<p class="foot">${MANY.onlyFirst(LISTED, plan.length)}</p>` : nothing}</div>`;
  }

  static override styles = [controls, iconStyles, editorStyles, sheetStyles, badgeStyles];
}

function sendable(plan: readonly Planned[]): number {
  return plan.filter(({ will }) => will === "change" || will === "create").length;
}

customElements.define("agents-many", AgentsMany);
