/** The supervisor's board: the floor, live, and never silently wrong. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { RequestFailed } from "../client/requests.ts";
import { LivePage } from "../live/live-page.ts";
import { apply, disconnected, emptyRoster, resumeFrom, type RosterChange, watching } from "../client/roster.ts";
import type { HubFrame, Role, WatchResult } from "../wire.ts";
import { refusalBanner, wayBack } from "../look/banners.ts";
import { bar, barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { clockTimeWithSeconds } from "../look/time.ts";
import { ACTING, BOARD } from "../words/board.ts";
import { refused } from "../words/contract.ts";
import { PAGES } from "../words/pages.ts";
import { act, type Deed } from "./acting.ts";
import "./act-dialog.ts";
import type { ActDialog } from "./act-dialog.ts";
import { boardStyles } from "./board-styles.ts";
import { chips, chipStyles, type Narrow } from "./chips.ts";
import { freshness, type Freshness } from "./freshness.ts";
import "./grid.ts";
import { counts, EVERYBODY, Listing, type Narrowing, type Order, teams } from "./listing.ts";
import { keepListed, NONE, type Picking, pickNone } from "./picking.ts";

/** Who observes opens the same board, and changes nothing. */
function roleAsked(): Role {
  return new URLSearchParams(location.search).get("role") === "observer" ? "observer" : "supervisor";
}

/** Rows that jump at every change can be neither read nor clicked, and sorting ten thousand is work. */
const REORDER_EVERY_MS = 250;

class PresenceBoard extends LitElement {
  readonly #role = roleAsked();
  readonly #live = new LivePage(this, this.#role, {
    heard: (frame) => this.#hear(frame),
    linked: ({ phase }) => {
      if (phase === "waiting" || phase === "ended") this.#changed(disconnected(this.#roster));
    },
  });
  readonly #roster = emptyRoster();
  readonly #listing = new Listing();
  #narrowing: Narrowing = EVERYBODY;
  #order: Order = { by: "name", direction: "ascending" };
  #picking: Picking = NONE;
  #ids: readonly string[] = [];
  #teams: readonly string[] = [];
  /** The hub's time when what is shown was last known to be true. */
  #currentAt: number | null = null;
  #orderedAt = -Infinity;
  #painting = 0;
  #reordering: ReturnType<typeof setTimeout> | undefined;

  #hear(frame: HubFrame): void {
    if (frame.type === "welcome") {
      this.#changed(disconnected(this.#roster));
      void this.#watch();
    }
    this.#changed(apply(this.#roster, frame));
    if (this.#roster.currency === "current") this.#currentAt = this.#live.now;
  }

  async #watch(): Promise<void> {
    const since = resumeFrom(this.#roster);
    try {
      const result = await this.#live.request<WatchResult>({
        type: "watch",
        filter: {},
        include: [],
        ...(since === undefined ? {} : { since }),
      });
      this.#changed(watching(this.#roster, result));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.code !== "outcome_unknown") this.#live.refusal = refused(error.code, error.said);
    }
  }

  #changed(change: RosterChange): void {
    if (change.type === "nothing") return;
    if (change.type === "everything") this.#orderedAt = -Infinity;
    this.#paint();
  }

  /** Once per frame of the screen, however many frames the hub sends meanwhile. */
  #paint(): void {
    if (this.#painting !== 0) return;
    this.#painting = requestAnimationFrame(() => {
      this.#painting = 0;
      this.requestUpdate();
    });
  }

  /** What a person asked for is listed at once. */
  #list(how: { narrowing?: Partial<Narrowing>; order?: Order }): void {
    this.#narrowing = { ...this.#narrowing, ...how.narrowing };
    this.#order = how.order ?? this.#order;
    this.#orderedAt = -Infinity;
    this.requestUpdate();
  }

  #pick(picking: Picking): void {
    this.#picking = picking;
    this.requestUpdate();
  }

  #reorder(): void {
    const wait = this.#orderedAt + REORDER_EVERY_MS - performance.now();
    if (wait > 0) {
      if (this.#reordering !== undefined) return;
      this.#reordering = setTimeout(() => {
        this.#reordering = undefined;
        this.#paint();
      }, wait);
      return;
    }
    this.#orderedAt = performance.now();
    this.#ids = this.#listing.list(this.#roster, this.#narrowing, this.#order);
    this.#teams = teams(this.#roster);
  }

  protected override willUpdate(): void {
    this.#reorder();
    this.#picking = keepListed(this.#picking, this.#ids);
  }

  #act(deed: Deed["type"]): void {
    if (this.#role === "observer") return;
    const name = (agentId: string): string => this.#roster.agents.get(agentId)?.name ?? agentId;
    const picked = this.#ids.filter((agentId) => this.#picking.picked.has(agentId));
    const chosen = picked.map((agentId) => ({ agentId, name: name(agentId) }));
    if (chosen.length > 0) void this.renderRoot.querySelector<ActDialog>("act-dialog")?.open(deed, chosen);
  }

  override render(): TemplateResult {
    const fresh = freshness(this.#live.link, this.#roster.currency, this.#currentAt);
    const signOut = html`<button @click=${() => void this.#live.signOut()}>${PAGES.signOut}</button>`;
    const counted = counts(this.#roster, this.#narrowing.team);
    const narrow: Narrow = (narrowing) => this.#list({ narrowing });
    return html`
      ${bar(PAGES.board, this.#live.link, signOut)}
      <main>
        <h1 class="unseen">${PAGES.board}</h1>
        <div role="status" aria-label=${BOARD.freshness}>${this.#doubt(fresh)}</div>
        ${refusalBanner(this.#live.refusal)}
        ${chips(counted, this.#roster.presences, this.#narrowing, narrow)}
        ${this.#tools()}
        ${fresh.kind === "live" && this.#ids.length === 0 ? this.#nobody() : nothing}
        <agent-grid
          class=${fresh.kind}
          .ids=${this.#ids} .roster=${this.#roster} .order=${this.#order} .picking=${this.#picking}
          .now=${fresh.kind === "live" ? (this.#live.now ?? 0) : (this.#currentAt ?? 0)}
          @picked=${(event: CustomEvent<Picking>) => this.#pick(event.detail)}
          @sorted=${(event: CustomEvent<Order>) => this.#list({ order: event.detail })}
          @act=${() => this.#act("set")}
        ></agent-grid>
      </main>
      <act-dialog
        .presences=${[...this.#roster.presences.values()]}
        .act=${(deed: Deed, agentIds: readonly string[]) => act(this.#live, deed, agentIds)}
      ></act-dialog>
    `;
  }

  #doubt(fresh: Freshness): TemplateResult | typeof nothing {
    if (fresh.kind === "live") return nothing;
    const { link } = this.#live;
    const outOfDate = fresh.kind === "stale" && fresh.since !== null;
    const why = outOfDate ? BOARD.outOfDate(fresh.why, clockTimeWithSeconds(fresh.since)) : fresh.why;
    return html`
      <div class="banner ${link.phase === "ended" ? "danger" : "warning"}">
        <span class="grow">${why}</span>
        ${wayBack(link, this.#live.hurry)}
      </div>
    `;
  }

  #nobody(): TemplateResult {
    return html`<p class="nobody">${this.#roster.agents.size === 0 ? BOARD.nobodyYet : BOARD.nobodyMatches}</p>`;
  }

  #tools(): TemplateResult {
    const listed = this.#ids.length;
    const picked = this.#picking.picked.size;
    const idle = picked === 0 || this.#live.link.phase !== "live";
    const search = (event: Event): void =>
      this.#list({ narrowing: { text: (event.target as HTMLInputElement).value } });
    const choose = (event: Event): void =>
      this.#list({ narrowing: { team: (event.target as HTMLSelectElement).value || null } });
    const clear = (): void => this.#pick(pickNone(this.#picking));
    return html`
      <div class="tools">
        <label class="unseen" for="search">${BOARD.search}</label>
        <input id="search" type="search" placeholder=${BOARD.search} autocomplete="off" @input=${search} />
        <label class="unseen" for="team">${BOARD.team}</label>
        <select id="team" @change=${choose}>
          <option value="">${BOARD.allTeams}</option>
          ${this.#teams.map((team) => html`<option value=${team}>${team}</option>`)}
        </select>
        <span class="listed" role="status">${picked === 0 ? BOARD.listed(listed) : BOARD.listedAndSelected(listed, picked)}</span>
        <span class="space"></span>
        ${picked === 0 ? nothing : html`<button class="quiet" @click=${clear}>${BOARD.clearSelection}</button>`}
        ${this.#role === "observer" ? nothing : this.#deeds(idle)}
      </div>
    `;
  }

  #deeds(idle: boolean): TemplateResult {
    return html`
      <button ?disabled=${idle} @click=${() => this.#act("set")}>${ACTING.titles.set}</button>
      <button ?disabled=${idle} @click=${() => this.#act("reset")}>${ACTING.titles.reset}</button>
      <button ?disabled=${idle} @click=${() => this.#act("sign-out")}>${BOARD.signOutAgents}</button>
    `;
  }

  static override styles = [controls, barStyles, presenceIconStyles, chipStyles, boardStyles];
}

customElements.define("presence-board", PresenceBoard);
