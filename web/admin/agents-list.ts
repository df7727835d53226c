/** Agents' records, page by page, narrowed by team, queue, skill or name. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Page } from "../live/every-item.ts";
import { controls } from "../look/controls.ts";
import { entered } from "../look/form.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { markStyles } from "../look/marks.ts";
import { comingLines, emptyState, stateStyles } from "../look/states.ts";
import type { AgentPresence, AgentRecord } from "../wire.ts";
import { ADMIN } from "../words/admin.ts";
import { AGENTS as WORDS } from "../words/admin-agents.ts";
import "./agents-all.ts";
import { LIST, type Place, sectionAddress } from "./address.ts";
import { editorStyles } from "./editor-styles.ts";
import { ask, recordPath, type Refusal } from "./hub.ts";
import type { Directory } from "./kind.ts";
import { agentLink, agentState, capacityWords, presenceName } from "./kinds/agents.ts";
import { notLoaded } from "./refusals.ts";
import { matches } from "../look/fold.ts";
import { sheet, sheetStyles } from "./sheet.ts";

/** Records of a page: each is a request of its own. */
const PAGE = 20;
/** A search by name looks through the hub's list in steps of so many, and keeps only what matches. */
const STEP = 1000;
const MOST_FOUND = 50;

type State =
  | { readonly at: "loading"; readonly looked: number }
  | { readonly at: "failed"; readonly refusal: Refusal }
  | {
      readonly at: "listed";
      readonly agents: readonly AgentRecord[];
      readonly next: string | null;
      readonly cut: boolean;
    };

export class AgentsList extends LitElement {
  static override properties = { directory: { attribute: false }, narrowing: { attribute: false } };
  declare directory: Directory;
  declare narrowing: Place["narrowing"];
  #state: State = { at: "loading", looked: 0 };
  #gone = new AbortController();

  constructor() {
    super();
    this.narrowing = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#gone.abort();
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  get #filter(): Record<string, string> {
    const { team = "", queue = "", skill = "" } = this.narrowing;
    const given = Object.entries({ teams: team, queues: queue, skills: skill });
    return Object.fromEntries(given.filter(([, value]) => value !== ""));
  }

  async #load(): Promise<void> {
    this.#become({ at: "loading", looked: 0 });
    const { text = "" } = this.narrowing;
    await (text === "" ? this.#page() : this.#search(text));
  }

  #ask(limit: number, cursor: string): ReturnType<typeof ask<Page<AgentPresence>>> {
    const query = { ...this.#filter, limit: String(limit), ...(cursor === "" ? {} : { cursor }) };
    return ask<Page<AgentPresence>>("agents", { query, signal: this.#gone.signal });
  }

  async #page(): Promise<void> {
    const answer = await this.#ask(PAGE, this.narrowing["after"] ?? "");
    if (!answer.done) {
      this.#become({ at: "failed", refusal: answer.refusal });
      return;
    }
    await this.#show(answer.value.items, answer.value.nextCursor ?? null, false);
  }

  async #search(text: string): Promise<void> {
    const found: AgentPresence[] = [];
    let cursor = "";
    for (let looked = 0; ;) {
      const answer = await this.#ask(STEP, cursor);
      if (!answer.done) {
        this.#become({ at: "failed", refusal: answer.refusal });
        return;
      }
      const { items, nextCursor } = answer.value;
      found.push(...items.filter(({ name, agentId, teams }) => matches(text, [name, agentId, ...teams])));
      looked += items.length;
      cursor = nextCursor ?? "";
      if (cursor === "" || found.length > MOST_FOUND) break;
      this.#become({ at: "loading", looked });
    }
    await this.#show(found.slice(0, MOST_FOUND), null, found.length > MOST_FOUND || cursor !== "");
  }

  /** Their records. Whoever was deleted meanwhile is left out. */
  async #show(agents: readonly AgentPresence[], next: string | null, cut: boolean): Promise<void> {
    const answers = await Promise.all(
      agents.map(({ agentId }) => ask<AgentRecord>(recordPath("agents", agentId), { signal: this.#gone.signal })),
    );
    const records: AgentRecord[] = [];
    for (const answer of answers) {
      if (answer.done) records.push(answer.value);
      else if (answer.refusal.status !== 404) {
        this.#become({ at: "failed", refusal: answer.refusal });
        return;
      }
    }
    this.#become({ at: "listed", agents: records, next, cut });
  }

  readonly #narrow = (event: SubmitEvent): void => {
    const field = entered(event);
    const detail = Object.fromEntries(["text", "team", "queue", "skill"].map((name) => [name, field(name)]));
    this.dispatchEvent(new CustomEvent<Place["narrowing"]>("narrowed", { detail }));
  };

  override render(): TemplateResult {
    return html`
      <form class="tools" role="search" @submit=${this.#narrow}>
        ${(["text", "team", "queue", "skill"] as const).map(
          (name) => html`<div class="field"><label for=${name}>${WORDS.search[name]}</label>
            <input id=${name} name=${name} .value=${this.narrowing[name] ?? ""} type=${name === "text" ? "search" : "text"} autocomplete="off" /></div>`,
        )}
        <button>${icon("search")}${WORDS.searchDo}</button>
      </form>
      <div class="sheet-frame">${this.#body()}</div>
      ${this.#all()}
    `;
  }

  /** Whom a search by name finds is not what the hub can be told. */
  #all(): TemplateResult | typeof nothing {
    const filter = this.#filter;
    if (Object.keys(filter).length === 0 || (this.narrowing["text"] ?? "") !== "") return nothing;
    return html`<agents-all .directory=${this.directory} .filter=${filter} @changed=${() => void this.#load()}></agents-all>`;
  }

  #body(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "loading":
        return html`${comingLines(8, ADMIN.loading)}${state.looked === 0 ? nothing : html`<p class="foot" role="status">${WORDS.looked(state.looked)}</p>`}`;
      case "failed":
        return notLoaded(state.refusal, () => void this.#load());
      case "listed":
        return state.agents.length === 0 ? this.#nobody() : this.#listed(state);
    }
  }

  #nobody(): TemplateResult {
    const narrowed = Object.values(this.narrowing).some((value) => value !== "");
    if (narrowed)
      return emptyState(
        WORDS.noMatch,
        WORDS.noMatchText,
        html`<a class="button" href=${sectionAddress("agents")}>${WORDS.everyone}</a>`,
      );
    const many = html`<a class="button primary" href=${sectionAddress("agents", { what: "many" })}>${WORDS.many}</a>`;
    return emptyState(WORDS.none, WORDS.noneText, many);
  }

  #listed({ agents, next, cut }: Extract<State, { at: "listed" }>): TemplateResult {
    const { directory } = this;
    const further = next === null ? null : sectionAddress("agents", LIST, { ...this.narrowing, after: next });
    const first =
      (this.narrowing["after"] ?? "") === "" ? null : sectionAddress("agents", LIST, { ...this.narrowing, after: "" });
    return html`
      ${sheet(
        WORDS.title,
        [
          { label: WORDS.name, cell: agentLink },
          { label: WORDS.teams, cell: ({ teams }) => teams.join(", ") },
          { label: WORDS.queues, cell: ({ queues }) => queues.join(", ") },
          { label: WORDS.skills, cell: ({ skills }) => skills.join(", ") },
          { label: WORDS.defaultPresence, cell: ({ defaultPresenceId }) => presenceName(directory, defaultPresenceId) },
          { label: WORDS.capacity, cell: (agent) => capacityWords(agent, directory) },
          { label: WORDS.state, cell: agentState },
        ],
        agents,
      )}
      <p class="foot"><span class="grow">${cut ? WORDS.cut(agents.length) : WORDS.shown(agents.length)}</span>
        ${first === null ? nothing : html`<a class="button" href=${first}>${WORDS.firstPage}</a>`}
        ${further === null ? nothing : html`<a class="button" href=${further}>${WORDS.nextPage}</a>`}</p>
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    stateStyles,
    editorStyles,
    sheetStyles,
    css`
      .tools { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
      .tools .field { flex: 1 1 140px; min-width: 0; }
      .tools .field:first-child { flex: 2 1 220px; }
      .tools input { width: 100%; }
      .two { display: grid; }
      .two .faint { font: var(--caption) var(--font); }
      .foot { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 8px var(--pad); border-top: 1px solid var(--line); color: var(--text-3); }
      .foot .grow { flex: 1; }
    `,
  ];
}

customElements.define("agents-list", AgentsList);
