/**
 * The virtualised grid: only the rows in view exist, and they are reused while scrolling.
 *
 * It is an ARIA grid with one tab stop; the keyboard is on a row, named by `aria-activedescendant`,
 * because rows come and go under the focus. Positions are set through the style object: a style
 * attribute would break the content security policy.
 */

import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Roster } from "../client/roster.ts";
import { controls } from "../look/controls.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { GRID } from "../words/board.ts";
import { gridStyles } from "./grid-styles.ts";
import type { Column, Order } from "./listing.ts";
import { destination, NONE, pick, pickAll, type Picking, pickNone, type Reach } from "./picking.ts";
import { cells, HEADINGS } from "./row.ts";

/** Pixels; the sheet has the same number as `--row`. */
export const ROW = 40;
/** Rows kept ready beyond the edges, so that scrolling does not show gaps. */
const BEYOND = 6;

export class AgentGrid extends LitElement {
  static override properties = {
    ids: { attribute: false },
    roster: { attribute: false },
    now: { attribute: false },
    order: { attribute: false },
    picking: { attribute: false },
  };
  declare ids: readonly string[];
  declare roster: Roster;
  /** The hub's time that the stopwatches show. */
  declare now: number;
  declare order: Order;
  declare picking: Picking;
  /** What the scrolled element shows of itself, in pixels. */
  #view = { top: 0, height: 0 };
  readonly #resizing = new ResizeObserver(() => this.#look({ height: this.clientHeight }));

  constructor() {
    super();
    this.ids = [];
    this.now = 0;
    this.order = { by: "name", direction: "ascending" };
    this.picking = NONE;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizing.observe(this);
    this.addEventListener("scroll", this.#scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing.disconnect();
    this.removeEventListener("scroll", this.#scrolled);
  }

  readonly #scrolled = (): void => this.#look({ top: this.scrollTop });

  #look(view: Partial<{ top: number; height: number }>): void {
    this.#view = { ...this.#view, ...view };
    this.requestUpdate();
  }

  /** The rows that exist: from the first to before the last. */
  get #window(): readonly [number, number] {
    const { top, height } = this.#view;
    const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
    return [first, Math.min(this.ids.length, Math.ceil((top + height) / ROW) + BEYOND)];
  }

  override render(): TemplateResult {
    const [first, end] = this.#window;
    const { active } = this.picking;
    const at = active === null ? -1 : this.ids.indexOf(active);
    const activeRow = at >= first && at < end ? `row-${at - first}` : "";
    return html`
      <div
        role="grid" aria-label=${GRID.label} aria-multiselectable="true" tabindex="0"
        aria-rowcount=${this.ids.length + 1} aria-colcount=${HEADINGS.length} aria-activedescendant=${activeRow}
        @keydown=${this.#keyed}
      >
        <div role="rowgroup" class="head">
          <div role="row" aria-rowindex="1">${HEADINGS.map(({ label, sorts }) => this.#heading(label, sorts))}</div>
        </div>
        <div role="rowgroup" class="body">
          <div class="window" role="presentation">
            ${this.ids.slice(first, end).map((id, slot) => this.#row(id, slot, first + slot))}
          </div>
        </div>
      </div>
    `;
  }

  #heading(label: string, sorts: Column | null): TemplateResult {
    if (sorts === null) return html`<div role="columnheader">${label === "" ? this.#pickEverybody() : label}</div>`;
    const sorted = this.order.by === sorts ? this.order.direction : "none";
    const mark = { ascending: "↑", descending: "↓", none: "" }[sorted];
    return html`
      <div role="columnheader" aria-sort=${sorted}>
        <button class="sort" @click=${() => this.#sort(sorts)}>${label}<span aria-hidden="true">${mark}</span></button>
      </div>
    `;
  }

  #pickEverybody(): TemplateResult {
    const { picked } = this.picking;
    return html`
      <input type="checkbox" aria-label=${GRID.selectAll}
        .checked=${picked.size > 0 && picked.size === this.ids.length}
        .indeterminate=${picked.size > 0 && picked.size < this.ids.length}
        @change=${() => this.#picked(picked.size === this.ids.length ? pickNone(this.picking) : pickAll(this.picking, this.ids))} />
    `;
  }

  #row(id: string, slot: number, at: number): TemplateResult {
    const agent = this.roster.agents.get(id);
    const picked = this.picking.picked.has(id);
    const current = this.picking.active === id ? "active" : "";
    return html`
      <div
        role="row" id=${`row-${slot}`} class=${current} data-agent=${id}
        aria-rowindex=${at + 2} aria-selected=${picked ? "true" : "false"}
        @click=${(event: MouseEvent) => this.#clicked(event, id)} @dblclick=${() => this.#act()}>
        ${agent === undefined ? html`<div role="gridcell">${id}</div>` : cells(agent, this.roster.presences, this.now)}
      </div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    const [first] = this.#window;
    const body = this.renderRoot.querySelector<HTMLElement>(".body");
    const rows = this.renderRoot.querySelector<HTMLElement>(".window");
    if (body !== null && changed.has("ids")) body.style.height = `${this.ids.length * ROW}px`;
    if (rows !== null) rows.style.transform = `translateY(${first * ROW}px)`;
  }

  #sort(by: Column): void {
    const turned = this.order.by === by && this.order.direction === "ascending" ? "descending" : "ascending";
    this.#tell("sorted", { by, direction: turned } satisfies Order);
  }

  #clicked(event: MouseEvent, id: string): void {
    const onTick = (event.target as Element).closest(".tick") !== null;
    const reach: Reach = event.shiftKey ? "range" : onTick || event.ctrlKey || event.metaKey ? "toggle" : "one";
    this.#picked(pick(this.picking, this.ids, id, reach));
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const { active } = this.picking;
    const page = Math.max(1, Math.floor(this.#view.height / ROW) - 2);
    const to = destination(event.key, this.ids, active, page);
    if (to !== null) {
      this.#picked(
        event.shiftKey ? pick(this.picking, this.ids, to, "range") : { ...this.picking, active: to, anchor: to },
      );
      this.#reveal(this.ids.indexOf(to));
    } else if (event.key === " " && active !== null) {
      this.#picked(pick(this.picking, this.ids, active, "toggle"));
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      this.#picked(pickAll(this.picking, this.ids));
    } else if (event.key === "Escape") {
      this.#picked(pickNone(this.picking));
    } else if (event.key === "Enter") {
      if (this.picking.picked.size === 0 && active !== null) this.#picked(pick(this.picking, this.ids, active, "one"));
      this.#act();
    } else {
      return;
    }
    event.preventDefault();
  };

  #reveal(at: number): void {
    const headHeight = ROW;
    const [from, to] = [at * ROW, (at + 1) * ROW];
    if (from < this.scrollTop) this.scrollTop = from;
    else if (to > this.scrollTop + this.clientHeight - headHeight) this.scrollTop = to - this.clientHeight + headHeight;
  }

  #picked(picking: Picking): void {
    this.#tell("picked", picking);
  }

  #act(): void {
    this.#tell("act", null);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [controls, presenceIconStyles, gridStyles];
}

customElements.define("agent-grid", AgentGrid);
