/** The supervisor's board: the floor, live, and never silently wrong. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Connection, RequestFailed, socketAddress } from "../client/connection.ts";
import { beginning, type Link } from "../client/link.ts";
import { renew } from "../client/renewal.ts";
import { apply, disconnected, emptyRoster, resumeFrom, type RosterChange, watching } from "../client/roster.ts";
import { ServerClock } from "../client/server-clock.ts";
import type { HubFrame, WatchResult } from "../generated/wire.ts";
import { signOut } from "../client/session.ts";
import { returnIfSignedInAgain, wakeWithTheWorld } from "../client/waking.ts";
import { bar, barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { clockTimeWithSeconds } from "../look/time.ts";
import { refused } from "../look/words.ts";
import { act, type Deed, type Outcome } from "./acting.ts";
import "./act-dialog.ts";
import type { ActDialog } from "./act-dialog.ts";
import { boardStyles } from "./board-styles.ts";
import { chips, chipStyles } from "./chips.ts";
import { freshness, type Freshness } from "./freshness.ts";
import "./grid.ts";
import { counts, EVERYBODY, Listing, type Narrowing, type Order, teams } from "./listing.ts";
import { keepListed, NONE, type Picking, pickNone } from "./picking.ts";

const SECOND = 1000;
/** Rows that jump at every change can be neither read nor clicked, and sorting ten thousand is work. */
const REORDER_EVERY_MS = 250;

class PresenceBoard extends LitElement {
  static override properties = {
    link: { state: true },
    narrowing: { state: true },
    order: { state: true },
    picking: { state: true },
    refusal: { state: true },
  };
  declare private link: Link;
  declare private narrowing: Narrowing;
  declare private order: Order;
  declare private picking: Picking;
  declare private refusal: string | null;
  readonly #roster = emptyRoster();
  readonly #clock = new ServerClock();
  readonly #listing = new Listing();
  #ids: readonly string[] = [];
  #teams: readonly string[] = [];
  #currentAt: number | null = null;
  #orderedAt = -Infinity;
  #painting = 0;
  #reordering: ReturnType<typeof setTimeout> | undefined;
  #connection: Connection | null = null;
  #leave: () => void = () => {};

  constructor() {
    super();
    this.link = beginning(performance.now());
    this.narrowing = EVERYBODY;
    this.order = { by: "name", direction: "ascending" };
    this.picking = NONE;
    this.refusal = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const connection = new Connection(socketAddress("supervisor"), {
      heard: (frame) => this.#hear(frame),
      linked: (link) => this.#linked(link),
    });
    this.#connection = connection;
    const rest = wakeWithTheWorld(connection);
    const ticking = setInterval(() => this.#paint(), SECOND);
    this.#leave = () => {
      rest();
      clearInterval(ticking);
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  #linked(link: Link): void {
    const lived = this.link.phase === "live";
    this.link = link;
    if (link.phase === "waiting" || link.phase === "ended") this.#changed(disconnected(this.#roster));
    // Only after a connection that lived: a hub that refuses at the door would be asked for ever.
    if (lived && this.#connection !== null) void returnIfSignedInAgain(this.#connection);
  }

  #hear(frame: HubFrame): void {
    if (frame.type === "welcome" || frame.type === "heartbeat") this.#clock.hear(frame.serverTime);
    if (frame.type === "tokenExpiring" && this.#connection !== null) void renew(this.#connection);
    if (frame.type === "welcome") {
      this.#changed(disconnected(this.#roster));
      void this.#watch();
    }
    if (frame.type === "welcome") this.refusal = null;
    // A refusal at the door is told by the close code that follows it.
    if (frame.type === "error" && this.link.phase === "live") this.refusal = refused(frame.error.code, frame.error.message);
    this.#changed(apply(this.#roster, frame));
    if (this.#roster.currency === "current") this.#currentAt = this.#clock.now();
  }

  async #watch(): Promise<void> {
    const since = resumeFrom(this.#roster);
    try {
      const frame = { type: "watch", filter: {}, include: [], ...(since === undefined ? {} : { since }) } as const;
      const result = await this.#connection?.request<WatchResult>({ ...frame, include: [] });
      if (result !== undefined) this.#changed(watching(this.#roster, result));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.code !== "outcome_unknown") this.refusal = refused(error.code, error.message);
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

  #reorder(): void {
    const wait = this.#orderedAt + REORDER_EVERY_MS - performance.now();
    if (wait > 0) {
      this.#reordering ??= setTimeout(() => {
        this.#reordering = undefined;
        this.#paint();
      }, wait);
      return;
    }
    this.#orderedAt = performance.now();
    this.#ids = this.#listing.list(this.#roster, this.narrowing, this.order);
    this.#teams = teams(this.#roster);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("narrowing") || changed.has("order")) this.#orderedAt = -Infinity;
    this.#reorder();
    this.picking = keepListed(this.picking, this.#ids);
  }

  #act(deed: Deed["type"]): void {
    const chosen = this.#ids.filter((id) => this.picking.picked.has(id)).map((agentId) => ({ agentId, name: this.#roster.agents.get(agentId)?.name ?? agentId }));
    if (chosen.length > 0) void this.renderRoot.querySelector<ActDialog>("act-dialog")?.open(deed, chosen);
  }

  #do(deed: Deed, agentIds: readonly string[]): Promise<readonly Outcome[]> {
    return this.#connection === null ? Promise.resolve([]) : act(this.#connection, deed, agentIds);
  }

  async #signOut(): Promise<void> {
    try {
      await signOut();
      location.assign("/");
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
    }
  }

  override render(): TemplateResult {
    const fresh = freshness(this.link, this.#roster.currency, this.#currentAt);
    return html`
      ${bar("Supervisor board", this.link, html`<button @click=${() => void this.#signOut()}>Sign out</button>`)}
      <main>
        <h1 class="unseen">Supervisor board</h1>
        <div role="status" aria-label="Freshness">${this.#doubt(fresh)}</div>
        <div role="alert">${this.refusal === null ? nothing : html`<p class="banner danger">${this.refusal}</p>`}</div>
        ${chips(counts(this.#roster, this.narrowing.team), this.#roster.presences, this.narrowing, (to) => (this.narrowing = { ...this.narrowing, ...to }))}
        ${this.#tools()}
        ${fresh.kind === "live" && this.#ids.length === 0
          ? html`<p class="nobody">${this.#roster.agents.size === 0 ? "There are no agents yet. One appears here when they first sign in." : "No agent matches."}</p>`
          : nothing}
        <agent-grid
          class=${fresh.kind}
          .ids=${this.#ids} .roster=${this.#roster} .order=${this.order} .picking=${this.picking}
          .now=${fresh.kind === "live" ? (this.#clock.now() ?? 0) : (this.#currentAt ?? 0)}
          @picked=${(event: CustomEvent<Picking>) => (this.picking = event.detail)}
          @sorted=${(event: CustomEvent<Order>) => (this.order = event.detail)}
          @act=${() => this.#act("set")}
        ></agent-grid>
      </main>
      <act-dialog .presences=${[...this.#roster.presences.values()]} .act=${(deed: Deed, ids: readonly string[]) => this.#do(deed, ids)}></act-dialog>
    `;
  }

  #doubt(fresh: Freshness): TemplateResult | typeof nothing {
    if (fresh.kind === "live") return nothing;
    const since = fresh.kind === "stale" && fresh.since !== null ? ` What you see may be out of date since ${clockTimeWithSeconds(fresh.since)}.` : "";
    return html`
      <div class="banner ${this.link.phase === "ended" ? "danger" : "warning"}">
        <span class="grow">${fresh.why}${since}</span>
        ${this.link.phase === "ended" ? html`<a class="button" href="/">Go to sign-in</a>` : nothing}
        ${this.link.phase === "waiting" || this.link.phase === "ended" ? html`<button @click=${() => this.#connection?.hurry()}>Reconnect now</button>` : nothing}
      </div>
    `;
  }

  #tools(): TemplateResult {
    const picked = this.picking.picked.size;
    const idle = picked === 0 || this.link.phase !== "live";
    const narrow = (to: Partial<Narrowing>): void => void (this.narrowing = { ...this.narrowing, ...to });
    return html`
      <div class="tools">
        <label class="unseen" for="search">Search by name or id</label>
        <input id="search" type="search" placeholder="Search by name or id" autocomplete="off"
          @input=${(event: Event) => narrow({ text: (event.target as HTMLInputElement).value })} />
        <label class="unseen" for="team">Team</label>
        <select id="team" @change=${(event: Event) => narrow({ team: (event.target as HTMLSelectElement).value || null })}>
          <option value="">All teams</option>
          ${this.#teams.map((team) => html`<option value=${team}>${team}</option>`)}
        </select>
        <span class="listed" role="status">${this.#ids.length} listed${picked === 0 ? "" : `, ${picked} selected`}</span>
        <span class="space"></span>
        ${picked === 0 ? nothing : html`<button class="quiet" @click=${() => (this.picking = pickNone(this.picking))}>Clear selection</button>`}
        <button ?disabled=${idle} @click=${() => this.#act("set")}>Change presence</button>
        <button ?disabled=${idle} @click=${() => this.#act("reset")}>Reset presence</button>
        <button ?disabled=${idle} @click=${() => this.#act("sign-out")}>Sign out agents</button>
      </div>
    `;
  }

  static override styles = [controls, barStyles, presenceIconStyles, chipStyles, boardStyles];
}

customElements.define("presence-board", PresenceBoard);
