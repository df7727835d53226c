/** Plans of many agents from a table: read, previewed, sent in parts, and what became of each agent's. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../../look/controls.ts";
import { iconStyles } from "../../look/icon.ts";
import type { Activity, AgentPresence, PlanResult } from "../../wire.ts";
import { PLANS } from "../../words/admin-plans.ts";
import { refused } from "../../words/contract.ts";
import { moment } from "../../words/moment.ts";
import { editorStyles } from "../editor-styles.ts";
import { ask, everyOne, type Refusal } from "../hub.ts";
import { refusalBanner, refusalWords } from "../refusals.ts";
import { sheet, type SheetColumn, sheetStyles } from "../sheet.ts";
import {
  activityFinder,
  partsOf,
  type PlannedAgent,
  plannedAgents,
  type PlanRow,
  planTable,
  spanOf,
  withKnown,
} from "./plan-rows.ts";

/** Of an agent: null if its plan was replaced, else why not. */
type Became = ReadonlyMap<
  string,
  { readonly is: "done" } | { readonly is: "refused" | "unknown"; readonly why: string }
>;

type State =
  | { readonly at: "typing"; readonly stops: string | null }
  | { readonly at: "planned"; readonly rows: readonly PlanRow[]; readonly names: Names }
  | { readonly at: "sending"; readonly rows: readonly PlanRow[]; readonly done: number }
  | { readonly at: "sent"; readonly became: Became };

/** Whose clock a time without an offset is of. */
const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the agents are called whom the hub knows, by id. */
type Names = ReadonlyMap<string, string>;

/** Longer lists nobody reads. */
const LISTED = 200;
/** So many agents are asked for by id; of more, all are read. */
const BY_ID = 50;
const PAGE = 1000;

export class PlansImport extends LitElement {
  #text = "";
  #state: State = { at: "typing", stops: null };
  #refusal: Refusal | null = null;

  #becomes(state: State): void {
    this.#state = state;
    this.toggleAttribute("data-dirty", this.#text !== "" && state.at !== "sent");
    this.requestUpdate();
  }

  readonly #chosen = async (event: Event): Promise<void> => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file === undefined) return;
    this.#text = await file.text().catch(() => "");
    this.#becomes({ at: "typing", stops: null });
  };

  readonly #preview = async (): Promise<void> => {
    this.#refusal = null;
    const activities = await everyOne<Activity>("activities");
    if (!activities.done) {
      this.#refusal = activities.refusal;
      this.requestUpdate();
      return;
    }
    const { rows, stops } = planTable(this.#text, activityFinder(activities.value));
    if (stops !== null || rows.length === 0) this.#becomes({ at: "typing", stops: stops ?? PLANS.empty });
    else {
      const names = await this.#namesOf(rows);
      if (names === null) return;
      this.#becomes({ at: "planned", rows: withKnown(rows, names), names });
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  };

  async #namesOf(rows: readonly PlanRow[]): Promise<Names | null> {
    const ids = [...new Set(rows.map(({ item }) => item.agentId))].filter((id) => id !== "");
    const query = ids.length > BY_ID ? {} : { agentIds: ids };
    const agents = await everyOne<AgentPresence>("agents", { ...query, limit: String(PAGE) });
    if (agents.done) return new Map(agents.value.map(({ agentId, name }) => [agentId, name]));
    this.#refusal = agents.refusal;
    this.requestUpdate();
    return null;
  }

  async #send(rows: readonly PlanRow[]): Promise<void> {
    const span = spanOf(rows);
    if (span === null) return;
    this.#becomes({ at: "sending", rows, done: 0 });
    const became = new Map<
      string,
      { readonly is: "done" } | { readonly is: "refused" | "unknown"; readonly why: string }
    >();
    for (const items of partsOf(rows)) {
      const answer = await ask<{ readonly results: readonly PlanResult[] }>("plans", {
        method: "POST",
        query: span,
        body: { items },
      });
      if (answer.done) {
        for (const { agentId, status, code, message } of answer.value.results)
          became.set(
            agentId,
            status === "applied" ? { is: "done" } : { is: "refused", why: refused(code ?? "", message) },
          );
      } else {
        const { refusal } = answer;
        const unknown = refusal.code === "no_answer" || refusal.code === "outcome_unknown";
        // The part is refused as a whole because of one item, which the hub counts within the part.
        const culprit = refusal.index === null ? undefined : items[refusal.index]?.agentId;
        const why = unknown ? PLANS.notKnown : refusalWords({ ...refusal, index: null }, "write");
        for (const { agentId } of items) {
          const because = culprit === undefined || culprit === agentId ? why : PLANS.becauseOf(culprit);
          became.set(agentId, { is: unknown ? "unknown" : "refused", why: because });
        }
      }
      this.#becomes({ at: "sending", rows, done: became.size });
    }
    this.#becomes({ at: "sent", became });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  override render(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "typing":
        return this.#typing(state.stops);
      case "planned":
        return this.#planned(state.rows, state.names);
      case "sending":
        return html`<div class="card"><p role="status">${PLANS.sending(state.done, agentsOf(state.rows))}</p>
          <progress max=${agentsOf(state.rows)} .value=${state.done} aria-label=${PLANS.many}></progress></div>`;
      case "sent":
        return this.#sent(state.became);
    }
  }

  #typing(stops: string | null): TemplateResult {
    const typed = (event: Event): void => {
      this.#text = (event.target as HTMLTextAreaElement).value;
      this.#becomes({ at: "typing", stops: null });
    };
    return html`<div class="card">
      <div class="field"><label for="rows">${PLANS.table}</label><span class="hint">${PLANS.format} ${PLANS.zone(ZONE)}</span>
        <textarea id="rows" rows="12" spellcheck="false" placeholder=${PLANS.example} .value=${this.#text} aria-invalid=${stops !== null} aria-describedby="rows-wrong" @input=${typed}></textarea>
        <span id="rows-wrong" class="wrong" role="alert">${stops ?? nothing}</span></div>
      <div class="field"><label for="file">${PLANS.file}</label>
        <input id="file" type="file" accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain" @change=${this.#chosen} /></div>
      <div role="alert">${this.#refusal === null ? nothing : refusalBanner(this.#refusal)}</div>
      <div class="actions"><button class="primary" @click=${this.#preview}>${PLANS.preview}</button></div>
    </div>`;
  }

  #planned(rows: readonly PlanRow[], names: Names): TemplateResult {
    const wrong = rows.filter(({ mistake }) => mistake !== null);
    const back = html`<button @click=${() => this.#becomes({ at: "typing", stops: null })}>${PLANS.back}</button>`;
    if (wrong.length > 0) {
      const columns = [
        { label: PLANS.row, cell: ({ row }: PlanRow) => String(row), figures: true },
        { label: PLANS.agent, cell: ({ item }: PlanRow) => item.agentId },
        { label: PLANS.what, cell: ({ mistake }: PlanRow) => mistake ?? "" },
      ];
      return html`<div class="card"><h2 tabindex="-1">${PLANS.wrong(wrong.length)}</h2><div class="actions">${back}</div></div>
        <div class="sheet-frame">${sheet(PLANS.many, columns, wrong.slice(0, LISTED))}</div>`;
    }
    const span = spanOf(rows);
    const [from, to] = span === null ? ["", ""] : [moment(span.from, Date.now()), moment(span.to, Date.now())];
    const agents = agentsOf(rows);
    return html`<div class="card"><h2 tabindex="-1">${PLANS.preview}</h2>
      <p>${PLANS.replaces(agents, rows.length, from, to)} ${PLANS.zone(ZONE)}</p>
      <div class="actions"><button class="primary" @click=${() => void this.#send(rows)}>${PLANS.send(agents)}</button>${back}</div></div>
      <div class="sheet-frame">${sheet(PLANS.many, this.#columns(names), plannedAgents(rows).slice(0, LISTED))}</div>`;
  }

  #columns(names: Names): readonly SheetColumn<PlannedAgent>[] {
    const at = (instant: string): string => moment(instant, Date.now());
    return [
      { label: PLANS.who, cell: ({ agentId }) => `${names.get(agentId) ?? ""} (${agentId})` },
      { label: PLANS.start, cell: ({ start }) => at(start) },
      { label: PLANS.end, cell: ({ end }) => at(end) },
      { label: PLANS.activities, cell: ({ activities }) => String(activities), figures: true },
    ];
  }

  #sent(became: Became): TemplateResult {
    const count = (is: string): number => [...became.values()].filter((one) => one.is === is).length;
    const not = [...became].flatMap(([agentId, one]) => (one.is === "done" ? [] : [{ agentId, why: one.why }]));
    const columns = [
      { label: PLANS.agent, cell: ({ agentId }: (typeof not)[number]) => agentId },
      { label: PLANS.result, cell: ({ why }: (typeof not)[number]) => why },
    ];
    return html`<div class="card" role="status"><h2 tabindex="-1">${PLANS.sent(count("done"), count("refused"), count("unknown"))}</h2>
      <div class="actions"><button @click=${() => this.#becomes({ at: "typing", stops: null })}>${PLANS.back}</button></div></div>
      ${not.length === 0 ? nothing : html`<div class="sheet-frame">${sheet(PLANS.many, columns, not.slice(0, LISTED))}</div>`}`;
  }

  static override styles = [
    controls,
    iconStyles,
    editorStyles,
    sheetStyles,
    css`
      textarea { width: 100%; font-family: ui-monospace, monospace; resize: vertical; }
      .card, .field { min-width: 0; }
      input[type="file"] { width: 100%; min-width: 0; }
      .wrong { color: var(--danger-text); font: var(--caption) var(--font); }
      .hint { color: var(--text-3); font: var(--caption) var(--font); }
      h2:focus { outline: none; }
    `,
  ];
}

function agentsOf(rows: readonly PlanRow[]): number {
  return new Set(rows.map(({ item }) => item.agentId)).size;
}

customElements.define("plans-import", PlansImport);
