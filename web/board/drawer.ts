/** Everything about one agent, beside the grid: now, why, the last 24 hours, and what holds the capacity. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { emptyRoster, type Roster } from "../client/roster.ts";
import type { Capacity, WatchedAgent, WorkItem } from "../wire.ts";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { gauge, markStyles } from "../look/marks.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { comingLines, failedState, stateStyles } from "../look/states.ts";
import { clockTime, stopwatch } from "../look/time.ts";
import { timelineStyles } from "../look/timeline.ts";
import { DRAWER, GRID } from "../words/board.ts";
import { capitalized, presenceNamed } from "../words/contract.ts";
import type { Deed } from "./acting.ts";
import { because } from "./because.ts";
import { next, why } from "./cell-text.ts";
import { heldSince } from "./held.ts";
import { inquire, type Known, NotAnswered } from "./inquiry.ts";
import { past, pastStyles } from "./past.ts";
import { deeds, type May } from "./selection.ts";

type State =
  | { readonly at: "asking" }
  | { readonly at: "failed"; readonly why: string }
  | { readonly at: "known"; readonly known: Known; readonly version: number };

const DAY = 24 * 3_600_000;

export class AgentDrawer extends LitElement {
  static override properties = {
    agentId: {},
    roster: { attribute: false },
    now: { attribute: false },
    may: { attribute: false },
  };
  declare agentId: string;
  declare roster: Roster;
  /** The hub's time. */
  declare now: number;
  declare may: May;
  #state: State = { at: "asking" };
  #asking: AbortController | null = null;
  /** How many days of the past are listed. */
  #days = 1;
  /** Why there are not more of them. */
  #noMore: string | null = null;

  constructor() {
    super();
    this.agentId = "";
    this.roster = emptyRoster();
    this.now = 0;
    this.may = "look";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("agentId")) {
      this.#state = { at: "asking" };
      this.#days = 1;
      this.#noMore = null;
      void this.#ask();
    } else if (this.#asking === null && this.#state.at === "known" && this.#state.version < this.#version) {
      void this.#ask();
    }
  }

  get #agent(): WatchedAgent | undefined {
    return this.roster.agents.get(this.agentId);
  }

  get #version(): number {
    return this.#agent?.version ?? 0;
  }

  /** Asks anew; what is shown stays until the answer is here. */
  async #ask(days = this.#days): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const version = this.#version;
    try {
      const before = days === this.#days && this.#state.at === "known" ? this.#state.known : null;
      const known = await inquire(this.agentId, this.now - days * DAY, asking.signal, before);
      this.#state = { at: "known", known, version };
      this.#days = days;
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof NotAnswered)) throw error;
      // The days that are here stay, also if there are no older ones.
      if (days > this.#days) this.#noMore = error.message;
      else this.#state = { at: "failed", why: error.message };
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
    this.requestUpdate();
  }

  readonly #act = (deed: Deed["type"]): void => {
    this.dispatchEvent(new CustomEvent("acts", { detail: deed }));
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("closed"));
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  };

  override render(): TemplateResult {
    const agent = this.#agent;
    return html`
      <aside class="drawer" aria-label=${DRAWER.title} @keydown=${this.#keyed}>
        <header>
          <div><h2 tabindex="-1">${agent?.name ?? this.agentId}</h2><span class="faint">${this.agentId}</span></div>
          <button class="quiet icon" aria-label=${DRAWER.close} @click=${this.#close}>${icon("close")}</button>
        </header>
        ${agent === undefined ? html`<section><p>${GRID.gone}</p></section>` : this.#current(agent)}
        ${agent === undefined || this.may === "look" ? nothing : html`<section><div class="deeds">${deeds(this.may, this.#act)}</div></section>`}
        ${this.#more()}
      </aside>
    `;
  }

  /** The keyboard comes along when it was asked for. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  #current(agent: WatchedAgent): TemplateResult {
    const presence = this.roster.presences.get(agent.presenceId);
    const around = { presences: this.roster.presences, now: this.now };
    const says = [DRAWER.since(clockTime(heldSince(agent))), why(agent), next(agent, around)].filter(
      (part) => part !== "",
    );
    return html`
      <section>
        <p class="large">${presenceIcon(presence?.basePresenceStatus ?? "UNKNOWN", presence)} <span>${presenceNamed(this.roster.presences, agent.presenceId)}</span>
          <span class="figures faint">${stopwatch(this.now - Date.parse(heldSince(agent)))}</span></p>
        <p>${says.map((part) => `${capitalized(part)}.`).join(" ")}</p>
        ${agent.reason === undefined ? nothing : html`<blockquote>${agent.reason}</blockquote>`}
        <p class="faint">${[...(agent.teams ?? []), ...(agent.queues ?? []), ...(agent.skills ?? [])].join(" · ")}</p>
      </section>
    `;
  }

  #more(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "asking":
        return comingLines(6, DRAWER.loading);
      case "failed":
        return failedState(
          DRAWER.failed,
          state.why,
          html`<button @click=${() => void this.#ask()}>${DRAWER.again}</button>`,
        );
      case "known": {
        const { explanation, intervals, items, disputes } = state.known;
        return html`
          <section><h3>${DRAWER.why}</h3>${because(explanation.rules)}</section>
          <section><h3>${DRAWER.days(this.#days)}</h3>${past(intervals, this.now, this.#agent?.name ?? this.agentId, this.roster.presences, disputes)}
            ${this.#older()}</section>
          <section><h3>${DRAWER.holds}</h3>${capacityOf(explanation.capacity)}</section>
          <section><h3>${DRAWER.work}</h3>${workOf(items, this.now)}</section>
        `;
      }
    }
  }

  #older(): TemplateResult {
    if (this.#noMore !== null) return html`<p class="faint" role="status">${DRAWER.noOlder(this.#noMore)}</p>`;
    return html`<button @click=${() => void this.#ask(this.#days + 1)}>${DRAWER.older}</button>`;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    presenceIconStyles,
    stateStyles,
    timelineStyles,
    pastStyles,
    css`
      :host { display: block; min-height: 0; }
      .drawer { width: 100%; height: 100%; }
      .deeds { display: flex; flex-wrap: wrap; gap: 8px; }
      .large { display: flex; align-items: center; gap: 8px; font: 600 var(--title) var(--font); }
      .large svg.presence { width: 20px; height: 20px; }
      .large .figures { font: var(--body) var(--font); font-variant-numeric: tabular-nums; }
      blockquote { margin: 0; padding-left: 12px; border-left: 3px solid var(--line-strong); white-space: pre-wrap; }
      h2:focus { outline: none; }
      ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
      .item { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; }
      .item .faint { grid-column: 1 / -1; }
      .rule { display: grid; grid-template-columns: auto 1fr; gap: 8px; align-items: start; }
      .rule .glyph { margin-top: 2px; color: var(--good-line); }
      details summary { cursor: pointer; color: var(--text-3); font: var(--caption) var(--font); }
      details ul { padding: 8px 0 0 24px; color: var(--text-3); font: var(--caption) var(--font); }
    `,
  ];
}

function capacityOf({ units, profiles }: Capacity): TemplateResult {
  const bars = [
    ...(units === null ? [] : [{ label: GRID.units(units.used, units.reserved, units.max), ...units }]),
    ...profiles.map((profile) => ({ label: DRAWER.profile(profile.profileId, profile.used, profile.max), ...profile })),
  ];
  if (bars.length === 0) return html`<p class="faint">${GRID.noUnits}</p>`;
  return html`<ul>${bars.map((bar) => html`<li>${bar.label}${gauge(bar)}</li>`)}</ul>`;
}

function workOf(items: readonly WorkItem[], now: number): TemplateResult {
  if (items.length === 0) return html`<p class="faint">${DRAWER.noWork}</p>`;
  return html`
    <ul>
      ${items.map(
        ({ workItemId, state, since, units, profiles, holdsCapacity, deadline, workstreamId }) => html`
          <li class="item">
            <span><strong>${DRAWER.state[state]}</strong> ${workItemId}</span>
            <span class="figures">${since === null ? nothing : stopwatch(now - Date.parse(since))}</span>
            <span class="faint">${[
              workstreamId ?? "",
              holdsCapacity === true ? DRAWER.takes(units ?? 0, (profiles ?? []).join(", ")) : "",
              deadline === null ? "" : DRAWER.deadline(clockTime(deadline)),
            ]
              .filter((part) => part !== "")
              .join(" · ")}</span>
          </li>`,
      )}
    </ul>
  `;
}

customElements.define("agent-drawer", AgentDrawer);
