/**
 * The board for a large screen that nobody touches: what is over its threshold largest, counts, team totals, and how
 * old all of it is. It comes back by itself from whatever happens to the hub, its network, its page and its sign-in.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { currentSession } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { iconStyles } from "../look/icon.ts";
import { badge, markStyles } from "../look/marks.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import { comingLines, stateStyles } from "../look/states.ts";
import { stopwatch } from "../look/time.ts";
import type { BasePresenceStatus } from "../wire.ts";
import { BOARD, THRESHOLDS } from "../words/board.ts";
import { WALL } from "../words/board-more.ts";
import { STATUS } from "../words/contract.ts";
import { fromSearch } from "./address.ts";
import { Arrangement } from "./arrangement.ts";
import { saysThreshold } from "./exceptions.ts";
import { Floor, roleAsked } from "./floor.ts";
import { heldSince } from "./held.ts";
import { age } from "./standing.ts";
import { teamStyles, teamTable } from "./teams.ts";
import type { Over } from "./thresholds.ts";
import { FRESH, Keeping } from "./views.ts";

/** How often it is looked whether the page is another by now, or somebody signed in here. */
const LOOKS_EVERY = 60_000;
const NAMED = 8;
const TEAMS_SHOWN = 12;
const STATUSES = Object.keys(STATUS) as readonly BasePresenceStatus[];

/** Whether the address asks for it. */
export function wallAsked(): boolean {
  return new URLSearchParams(location.search).has("wall");
}

export class WallBoard extends LitElement {
  readonly #floor = new Floor(this, roleAsked(), () => this.#arrangement.look(this.#looked));
  readonly #arrangement = new Arrangement(() => this.requestUpdate());
  readonly #asked = fromSearch(location.search);
  #setup = FRESH.setup;
  #looking: ReturnType<typeof setInterval> | undefined;
  /** What the hub calls the page that is shown; another one is newer. */
  #page: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#stayAwake);
    this.#stayAwake();
    this.#looking = setInterval(() => void this.#look(), LOOKS_EVERY);
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#stayAwake);
    clearInterval(this.#looking);
  }

  /** The screen stays on where the browser can keep it; it lets go of it whenever the page is hidden. */
  readonly #stayAwake = (): void => {
    if (document.visibilityState === "visible" && "wakeLock" in navigator)
      void navigator.wakeLock.request("screen").catch(() => undefined);
  };

  /** It is loaded anew only when the hub has just answered with another page, and so never into an error. */
  async #look(): Promise<void> {
    const { session } = await currentSession().catch(() => ({ session: null }));
    if (session !== null) this.#setup = new Keeping(session.subject).read().setup;
    const answer = await fetch(location.pathname, { cache: "no-cache" }).catch(() => null);
    const page = answer?.ok === true ? answer.headers.get("etag") : null;
    const isNewer = this.#page !== null && page !== null && page !== this.#page;
    const isBack = this.#floor.live.link.phase === "ended" && session !== null && page !== null;
    if (isNewer || isBack) location.reload();
    this.#page ??= page;
    this.requestUpdate();
  }

  get #looked(): Parameters<Arrangement["look"]>[0] {
    const { roster, fresh, live } = this.#floor;
    const known = fresh.kind === "live" ? { now: live.now ?? 0, sound: this.#setup.sound } : null;
    return { roster, asked: this.#asked, thresholds: this.#setup.thresholds, known };
  }

  protected override willUpdate(): void {
    this.#arrangement.look(this.#looked);
  }

  override render(): TemplateResult {
    const { live, roster, fresh } = this.#floor;
    const { surveyed } = this.#arrangement;
    const ended = live.link.phase === "ended";
    return html`
      <main class=${fresh.kind}>
        <h1 class="unseen">${WALL.title}</h1>
        <p class="standing" role="status">${ended ? badge("danger", WALL.ended) : age(this.#floor)}</p>
        ${
          roster.currency === "empty" || surveyed === null
            ? comingLines(6, BOARD.loading)
            : html`
          <section class="over">${this.#over()}</section>
          <ul class="counts">${STATUSES.map(
            (status) =>
              html`<li>${presenceIcon(status)}<strong class="figures">${surveyed.counts.status.get(status) ?? 0}</strong><span>${STATUS[status]}</span></li>`,
          )}</ul>
          ${surveyed.teams.size < 2 ? nothing : html`<section>${teamTable(surveyed, { chosen: [], press: null, most: TEAMS_SHOWN })}</section>`}`
        }
      </main>
    `;
  }

  #over(): TemplateResult {
    const { over } = this.#arrangement;
    const { length } = this.#setup.thresholds;
    if (length === 0) return html`<p class="calm">${WALL.noThresholds}</p>`;
    if (over === null) return html`<p class="calm">${THRESHOLDS.unknown}</p>`;
    if (over.length === 0) return html`<p class="calm">${badge("good", THRESHOLDS.allWell(length))}</p>`;
    return html`<ul>${over.map((one) => this.#card(one))}</ul>`;
  }

  #card({ threshold, count, agentIds }: Over): TemplateResult {
    const { roster, live } = this.#floor;
    const named = agentIds.slice(0, NAMED).map((id) => {
      const agent = roster.agents.get(id);
      const lasted = agent === undefined ? "" : stopwatch((live.now ?? 0) - Date.parse(heldSince(agent)));
      return html`<span>${agent?.name ?? id} <span class="figures">${lasted}</span></span>`;
    });
    const more = agentIds.length - named.length;
    return html`
      <li class=${threshold.is === "fewer" ? "danger" : "warning"}>
        <strong class="figures">${threshold.is === "fewer" ? count : agentIds.length}</strong><span class="what">${saysThreshold(threshold, roster)}</span>
        <span class="who">${named}${more > 0 ? html`<span>${THRESHOLDS.andMore(more)}</span>` : nothing}</span>
      </li>`;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    presenceIconStyles,
    stateStyles,
    teamStyles,
    css`
      /* Everything grows with the screen: it is read from across a room. */
      :host { display: block; height: 100vh; height: 100dvh; overflow: hidden; font-size: clamp(16px, 1.4vw, 36px); line-height: 1.3; }
      main { height: 100%; display: flex; flex-direction: column; gap: 1em; padding: 1em 1.5em; }
      main.stale { outline: 0.4em dashed var(--warning-line); outline-offset: -0.4em; }
      .standing { font-size: 1.1em; }
      .standing .badge { font-size: 0.9em; padding: 0.1em 0.6em; }
      .standing .age { display: inline-flex; align-items: center; gap: 0.5em; font-variant-numeric: tabular-nums; color: var(--text-2); }
      .over ul, .counts { list-style: none; margin: 0; padding: 0; }
      .over ul { display: grid; gap: 0.5em; }
      .over li { display: grid; grid-template-columns: auto 1fr; gap: 0 0.8em; align-items: center; padding: 0.3em 0.8em; border: 1px solid var(--warning-line); border-left-width: 0.4em; border-radius: 0.4em; background: var(--warning-fill); color: var(--warning-text); }
      .over li.danger { border-color: var(--danger-line); background: var(--danger-fill); color: var(--danger-text); }
      .over li strong { grid-row: span 2; font-size: 4em; line-height: 1.1; }
      .over .what { font-size: 1.6em; font-weight: 600; }
      .over .who { display: flex; flex-wrap: wrap; gap: 0 1em; min-height: 1.3em; }
      .calm { font-size: 1.2em; }
      .counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7em, 1fr)); gap: 0.6em; }
      .counts li { display: grid; grid-template-columns: auto 1fr; gap: 0 0.5em; align-items: center; padding: 0.6em 0.8em; border: 1px solid var(--line); border-radius: 0.4em; background: var(--surface); }
      .counts strong { font-size: 3.2em; line-height: 1.1; }
      .counts svg.presence { width: 1.6em; height: 1.6em; }
      .counts li > span { grid-column: 1 / -1; overflow-wrap: anywhere; }
      .teams { width: 100%; font-size: 1em; }
      .teams thead th { font-size: 0.8em; }
    `,
  ];
}
