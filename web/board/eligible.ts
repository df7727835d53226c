/** Who may get work of a workstream now, in the order in which routing would ask, and why others may not. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Roster } from "../client/roster.ts";
import { emptyRoster } from "../client/roster.ts";
import { explain, read } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { clockTimeWithSeconds } from "../look/time.ts";
import type { EligibleAgent, EligibleAgentList, Workstream } from "../wire.ts";
import { ELIGIBLE } from "../words/board-more.ts";

/** A page of the answer: those who may come first. */
const ASKED = 200;
const LISTED = 25;

type State =
  | { readonly at: "nothing" }
  | { readonly at: "failed"; readonly why: string }
  | { readonly at: "told"; readonly agents: readonly EligibleAgent[]; readonly cut: boolean; readonly asOf: number };

export class WhoMayGet extends LitElement {
  static override properties = { teams: { attribute: false }, roster: { attribute: false }, now: { attribute: false } };
  declare teams: readonly string[];
  declare roster: Roster;
  /** The hub's time. */
  declare now: number;
  #workstreams: readonly Workstream[] | null = null;
  #chosen = "";
  #state: State = { at: "nothing" };

  constructor() {
    super();
    this.teams = [];
    this.roster = emptyRoster();
    this.now = 0;
  }

  protected override updated(changed: PropertyValues): void {
    const before = changed.get("teams") as readonly string[] | undefined;
    if (before !== undefined && before.join("\n") !== this.teams.join("\n") && this.#chosen !== "") void this.#ask();
  }

  readonly #opened = async (event: Event): Promise<void> => {
    if (!(event.target as HTMLDetailsElement).open || this.#workstreams !== null) return;
    try {
      this.#workstreams = (await read<{ items: Workstream[] }>("api/v1/workstreams?limit=1000")).items;
    } catch (error) {
      this.#state = { at: "failed", why: explain(error) };
    }
    this.requestUpdate();
  };

  readonly #ask = async (): Promise<void> => {
    const query = new URLSearchParams({ explain: "true", limit: String(ASKED) });
    for (const team of this.teams) query.append("teams", team);
    const path = `api/v1/workstreams/${encodeURIComponent(this.#chosen)}/eligible-agents?${query.toString()}`;
    try {
      const { items, nextCursor } = await read<EligibleAgentList>(path);
      this.#state = { at: "told", agents: items, cut: nextCursor !== undefined, asOf: this.now };
    } catch (error) {
      this.#state = { at: "failed", why: explain(error) };
    }
    this.requestUpdate();
  };

  readonly #choose = (event: Event): void => {
    this.#chosen = (event.target as HTMLSelectElement).value;
    this.#state = { at: "nothing" };
    this.requestUpdate();
    if (this.#chosen !== "") void this.#ask();
  };

  override render(): TemplateResult {
    return html`<details @toggle=${this.#opened}><summary>${ELIGIBLE.title}</summary><div class="body" tabindex="0" role="region" aria-label=${ELIGIBLE.title}>${this.#asking()}${this.#told()}</div></details>`;
  }

  #asking(): TemplateResult | typeof nothing {
    if (this.#workstreams === null) return nothing;
    if (this.#workstreams.length === 0) return html`<p class="faint">${ELIGIBLE.noWorkstreams}</p>`;
    return html`
      <p class="ask"><label for="workstream">${ELIGIBLE.workstream}</label>
        <select id="workstream" @change=${this.#choose}><option value="">${ELIGIBLE.choose}</option>
          ${this.#workstreams.map(({ workstreamId, name }) => html`<option value=${workstreamId} ?selected=${workstreamId === this.#chosen}>${name}</option>`)}</select>
        ${this.#chosen === "" ? nothing : html`<button @click=${this.#ask}>${ELIGIBLE.again}</button>`}</p>`;
  }

  #told(): TemplateResult | typeof nothing {
    const state = this.#state;
    if (state.at === "nothing") return nothing;
    if (state.at === "failed") return html`<p role="alert">${ELIGIBLE.failed(state.why)}</p>`;
    const may = state.agents.filter(({ eligible }) => eligible);
    const not = state.agents.filter(({ eligible }) => !eligible);
    return html`
      <p role="status">${countWords(may.length, state)} <span class="faint figures">${ELIGIBLE.asOf(clockTimeWithSeconds(state.asOf))}</span></p>
      ${this.#list(ELIGIBLE.may, may, ({ capacity: { units } }) => (units === null ? "" : ELIGIBLE.free(units.available)))}
      ${this.#list(ELIGIBLE.mayNot, not, ({ reasons }) => reasons.map((reason) => ELIGIBLE.reasons[reason]).join(", "))}
    `;
  }

  #list(
    title: string,
    agents: readonly EligibleAgent[],
    says: (agent: EligibleAgent) => string,
  ): TemplateResult | typeof nothing {
    if (agents.length === 0) return nothing;
    const left = agents.length - LISTED;
    return html`
      <h3>${title}</h3>
      <ol>${agents.slice(0, LISTED).map((agent) => html`<li>${this.roster.agents.get(agent.agentId)?.name ?? agent.agentId} <span class="faint">${says(agent)}</span></li>`)}</ol>
      ${left > 0 ? html`<p class="faint">${ELIGIBLE.more(left)}</p>` : nothing}
    `;
  }

  static override styles = [
    controls,
    css`
      :host { display: block; }
      summary { cursor: pointer; width: fit-content; }
      .body { display: grid; gap: 8px; max-height: 260px; overflow: auto; margin-top: 8px; }
      .ask { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
      ol { margin: 0; padding-left: 24px; columns: 260px auto; }
      li { overflow-wrap: anywhere; break-inside: avoid; }
    `,
  ];
}

/** A page that is full of those who may says nothing of the others. */
function countWords(may: number, { agents, cut }: Extract<State, { at: "told" }>): string {
  if (may === 0) return ELIGIBLE.none;
  return cut && may === agents.length ? ELIGIBLE.atLeast(may) : ELIGIBLE.count(may, agents.length, cut);
}

customElements.define("who-may-get", WhoMayGet);
