/** The supervisor's board: the floor, live, exceptions first, and never silently wrong. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { FORBIDDEN } from "../client/close-codes.ts";
import type { RosterChange } from "../client/roster.ts";
import { currentSession } from "../live/session.ts";
import { refusalBanner } from "../look/banners.ts";
import { bar } from "../look/bar.ts";
import { comingLines, toast } from "../look/states.ts";
import { BOARD, THRESHOLDS, VIEWS } from "../words/board.ts";
import { TEAMS } from "../words/board-more.ts";
import { LANGUAGE } from "../words/language.ts";
import { PAGES } from "../words/pages.ts";
import { act, type Deed, type Outcome, resolved } from "./acting.ts";
import "./act-dialog.ts";
import type { ActDialog } from "./act-dialog.ts";
import { type Asked, fromSearch, toSearch } from "./address.ts";
import { Arrangement } from "./arrangement.ts";
import { pageStyles } from "./board-styles.ts";
import "./course.ts";
import { resized } from "./columns.ts";
import "./drawer.ts";
import "./eligible.ts";
import type { AgentDrawer } from "./drawer.ts";
import { exceptions } from "./exceptions.ts";
import { EVERYBODY, turned } from "./filters.ts";
import { Floor, roleAsked } from "./floor.ts";
import type { Freshness } from "./freshness.ts";
import "./grid.ts";
import type { AgentGrid } from "./grid.ts";
import { keepListed, NONE, type Picking, pickNone } from "./picking.ts";
import "./refused-page.ts";
import type { Order } from "./survey.ts";
import { type May, selection } from "./selection.ts";
import { doubt } from "./standing.ts";
import type { Threshold } from "./thresholds.ts";
import { downloadView } from "./table.ts";
import { filterMenus, nobody, tiles } from "./toolbar.ts";
import { topLine } from "./top-line.ts";
import { teamTable } from "./teams.ts";
import { WallBoard, wallAsked } from "./wall.ts";
import { FRESH, Keeping, type Setup, type View, withoutView, withView } from "./views.ts";

document.documentElement.lang = LANGUAGE;

class PresenceBoard extends LitElement {
  readonly #role = roleAsked();
  readonly #floor = new Floor(this, this.#role, (change) => this.#changed(change));
  readonly #arrangement = new Arrangement(() => this.requestUpdate());
  #asked: Asked = fromSearch(location.search);
  #keeping: Keeping | null = null;
  #kept = FRESH;
  #name = "";
  #picking: Picking = NONE;
  /** About whom the drawer is. */
  #opened: string | null = null;
  #told: string | null = null;
  #painting = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#meet();
  }

  /** Whose board it is: what they keep is their own. */
  async #meet(): Promise<void> {
    const session = (await currentSession().catch(() => null))?.session ?? null;
    if (session === null) return;
    this.#name = session.name;
    this.#keeping = new Keeping(session.subject);
    this.#kept = this.#keeping.read();
    this.#arrange();
  }

  #changed(change: RosterChange): void {
    if (change.type === "agents" && !this.#concerns(change)) {
      this.#arrangement.look(this.#looked);
      return;
    }
    if (change.type === "everything") this.#arrangement.hurry();
    this.#paint();
  }

  /** Whether what is in view changed; the counts are looked at some times a second anyway. */
  #concerns({ changed, left }: Extract<RosterChange, { type: "agents" }>): boolean {
    const grid = this.renderRoot.querySelector<AgentGrid>("agent-grid");
    if (grid === null) return true;
    return changed.some(({ agentId }) => grid.shows(agentId)) || left.some((agentId) => grid.shows(agentId));
  }

  /** Once per frame of the screen, however many frames the hub sends meanwhile. */
  #paint(): void {
    if (this.#painting !== 0) return;
    this.#painting = requestAnimationFrame(() => {
      this.#painting = 0;
      this.requestUpdate();
    });
  }

  get #looked(): Parameters<Arrangement["look"]>[0] {
    const { roster, fresh, live } = this.#floor;
    const known = fresh.kind === "live" ? { now: live.now ?? 0, sound: this.#kept.setup.sound } : null;
    return { roster, asked: this.#asked, thresholds: this.#kept.setup.thresholds, known };
  }

  /** What a person asked for is listed at once. */
  #ask(asked: Partial<Asked>): void {
    this.#asked = { ...this.#asked, ...asked };
    const search = toSearch(this.#asked, location.search);
    history.replaceState(null, "", search === "" ? location.pathname : `?${search}`);
    this.#arrange();
  }

  #arrange(): void {
    document.documentElement.dataset["density"] = this.#kept.setup.density;
    this.#arrangement.forget();
    this.requestUpdate();
  }

  #set(setup: Partial<Setup>): void {
    this.#keep({ ...this.#kept, setup: { ...this.#kept.setup, ...setup } });
  }

  #keep(kept: typeof FRESH): boolean {
    this.#kept = kept;
    this.#arrange();
    return this.#keeping?.write(kept) ?? false;
  }

  #keepView(name: string): void {
    const view: View = { ...this.#kept.setup, name, search: toSearch(this.#asked, "") };
    this.#told = this.#keep(withView(this.#kept, view)) ? VIEWS.kept(name) : VIEWS.notKept;
  }

  #show({ search, layout, thresholds, sound, density }: View): void {
    this.#set({ layout, thresholds, sound, density });
    this.#ask(fromSearch(search));
  }

  /** Whoever is over a threshold, as filters can say it. */
  #showOver({ of, team }: Threshold): void {
    const which = "status" in of ? { status: [of.status] } : { presence: [of.presenceId] };
    const filters = { ...EVERYBODY, ...which, team: team === null ? [] : [team] };
    this.#ask({ filters, order: { by: "since", direction: "ascending" } });
  }

  #pick(picking: Picking): void {
    this.#picking = picking;
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    this.#arrangement.look(this.#looked);
    this.#picking = keepListed(this.#picking, this.#arrangement.shown);
  }

  get #may(): May {
    if (this.#role === "observer") return "look";
    return this.#floor.live.link.phase === "live" ? "act" : "wait";
  }

  #act(deed: Deed["type"], agentIds: Iterable<string>): void {
    const { agents } = this.#floor.roster;
    const chosen = [...agentIds].map((agentId) => {
      const agent = agents.get(agentId);
      return { agentId, name: agent?.name ?? agentId, mayReturn: agent?.restore !== undefined };
    });
    if (chosen.length > 0) void this.renderRoot.querySelector<ActDialog>("act-dialog")?.open(deed, chosen);
  }

  #resolve(deed: Deed, { agentId, became }: Outcome): Outcome["became"] {
    if (became.is !== "unknown" || this.#floor.fresh.kind !== "live") return became;
    return resolved(deed, this.#floor.roster.agents.get(agentId));
  }

  override render(): TemplateResult {
    const { live, roster, fresh } = this.#floor;
    const right = html`<a class="wide other" href="reports">${PAGES.reports}</a><span class="wide name">${this.#name}</span><button @click=${() => void live.signOut()}>${PAGES.signOut}</button>`;
    if (live.link.phase === "ended" && live.link.code === FORBIDDEN) {
      return html`${bar(PAGES.board, live.link, right)}<main><refused-page></refused-page></main>`;
    }
    const { surveyed, over } = this.#arrangement;
    const narrowing = {
      filters: this.#asked.filters,
      surveyed: roster.currency === "empty" ? null : surveyed,
      roster,
      narrow: (filters: Asked["filters"]) => this.#ask({ filters }),
    };
    return html`
      ${bar(PAGES.board, live.link, right)}
      <main>
        <h1 class="unseen">${PAGES.board}</h1>
        ${this.#top()}
        <div role="status" aria-label=${BOARD.freshness}>${doubt(this.#floor)}</div>
        ${refusalBanner(live.refusal)}
        <section aria-label=${THRESHOLDS.title}>${exceptions({
          thresholds: this.#kept.setup.thresholds,
          over,
          roster,
          now: live.now ?? 0,
          show: (threshold) => this.#showOver(threshold),
          open: (agentId) => void this.#open(agentId),
        })}</section>
        ${tiles(narrowing)}
        ${this.#teams()}
        <floor-course .teams=${this.#asked.filters.team} .now=${live.now ?? 0}></floor-course>
        <who-may-get .teams=${this.#asked.filters.team} .roster=${roster} .now=${live.now ?? 0}></who-may-get>
        <div class="tools" role="search" aria-label=${BOARD.filters}>${filterMenus(narrowing)}</div>
        <div class="floor"><div class="listing">${this.#selection()}${this.#grid(fresh)}</div>${this.#drawer()}</div>
      </main>
      <div class="toasts" role="status">${this.#told === null ? nothing : toast(this.#told, { says: PAGES.close, act: () => this.#tell(null) })}</div>
      <act-dialog
        .presences=${[...roster.presences.values()]} .serverNow=${() => live.now ?? 0}
        .act=${(deed: Deed, agentIds: readonly string[]) => act(live, deed, agentIds)}
        .resolve=${(deed: Deed, outcome: Outcome) => this.#resolve(deed, outcome)}
      ></act-dialog>
    `;
  }

  #tell(text: string | null): void {
    this.#told = text;
    this.requestUpdate();
  }

  /** Beside the grid; the focus goes there, and back to the grid afterwards. */
  async #open(agentId: string | null): Promise<void> {
    this.#opened = agentId;
    this.requestUpdate();
    await this.updateComplete;
    const to =
      agentId === null ? this.renderRoot.querySelector("agent-grid") : this.renderRoot.querySelector("agent-drawer");
    (to as AgentGrid | AgentDrawer | null)?.focus();
  }

  /** Whether it is live and how old it is stand first, at all times. */
  #top(): TemplateResult {
    return topLine({
      floor: this.#floor,
      kept: this.#kept,
      teams: [...(this.#arrangement.surveyed?.counts.team.keys() ?? [])].sort(),
      set: (setup) => this.#set(setup),
      show: (view) => this.#show(view),
      keep: (name) => this.#keepView(name),
      forget: (name) => void this.#keep(withoutView(this.#kept, name)),
      download: () => downloadView(this.#floor, this.#arrangement.shown, this.#kept.setup.layout),
    });
  }

  #teams(): TemplateResult | typeof nothing {
    const { surveyed } = this.#arrangement;
    const { filters } = this.#asked;
    if (surveyed === null || surveyed.teams.size === 0) return nothing;
    const press = (team: string): void => this.#ask({ filters: turned(filters, "team", team) });
    return html`<details class="of-teams"><summary>${TEAMS.title}</summary><div>${teamTable(surveyed, { chosen: filters.team, press })}</div></details>`;
  }

  #selection(): TemplateResult {
    const { shown, waits } = this.#arrangement;
    const { roster } = this.#floor;
    const [first, ...others] = this.#picking.picked;
    return selection({
      listed: roster.currency === "empty" ? null : { shown: shown.length, all: roster.agents.size },
      waits,
      picked: this.#picking.picked.size,
      only:
        first === undefined || others.length > 0 || first === this.#opened
          ? null
          : (roster.agents.get(first)?.name ?? first),
      may: this.#may,
      showNow: () => this.#arrange(),
      clear: () => this.#pick(pickNone(this.#picking)),
      open: () => void this.#open(first ?? null),
      act: (deed) => this.#act(deed, this.#picking.picked),
    });
  }

  #grid(fresh: Freshness): TemplateResult {
    const { roster, live, asOf } = this.#floor;
    if (roster.currency === "empty") return html`<div class="frame">${comingLines(12, BOARD.loading)}</div>`;
    const { setup } = this.#kept;
    const { shown } = this.#arrangement;
    if (shown.length === 0)
      return html`<div class="frame">${nobody(this.#asked.filters, () => this.#ask({ filters: EVERYBODY }))}</div>`;
    return html`
      <agent-grid
        class=${fresh.kind}
        .ids=${shown} .roster=${roster} .order=${this.#asked.order} .picking=${this.#picking}
        .layout=${setup.layout} .density=${setup.density}
        .now=${fresh.kind === "live" ? (live.now ?? 0) : (asOf ?? 0)}
        @picked=${(event: CustomEvent<Picking>) => this.#pick(event.detail)}
        @sorted=${(event: CustomEvent<Order>) => this.#ask({ order: event.detail })}
        @resized=${({ detail: { column, width } }: CustomEvent<{ column: Order["by"]; width: number }>) =>
          this.#set({ layout: resized(setup.layout, column, width) })}
        @occupied=${(event: CustomEvent<boolean>) => this.#arrangement.occupy(event.detail)}
        @opened=${(event: CustomEvent<string>) => void this.#open(event.detail)}
      ></agent-grid>
    `;
  }

  #drawer(): TemplateResult | typeof nothing {
    const opened = this.#opened;
    if (opened === null) return nothing;
    const { roster, live } = this.#floor;
    return html`<agent-drawer .agentId=${opened} .roster=${roster} .now=${live.now ?? 0} .may=${this.#may}
      @closed=${() => void this.#open(null)} @acts=${({ detail }: CustomEvent<Deed["type"]>) => this.#act(detail, [opened])}></agent-drawer>`;
  }

  static override styles = pageStyles;
}

customElements.define("presence-board", wallAsked() ? WallBoard : PresenceBoard);
