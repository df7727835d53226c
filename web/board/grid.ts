/**
 * The virtualised grid: only the rows in view exist, and they are reused while scrolling.
 *
 * It is an ARIA grid whose rows are one tab stop; the keyboard is on a row, named by `aria-activedescendant`, because
 * rows come and go under the focus. Positions are set through the style object: a style attribute would break the
 * content security policy.
 */

import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { Roster } from "../client/roster.ts";
import { controls } from "../look/controls.ts";
import { iconStyles } from "../look/icon.ts";
import { markStyles } from "../look/marks.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { GRID } from "../words/board.ts";
import { type ColumnId, type Layout, shownColumns, template, USUAL, wholeWidth } from "./columns.ts";
import { headings } from "./grid-head.ts";
import { gridStyles } from "./grid-styles.ts";
import { destination, NONE, pick, pickAll, type Picking, pickNone, type Reach } from "./picking.ts";
import { cell } from "./row.ts";
import type { Order } from "./survey.ts";
import type { Density } from "./views.ts";

/** Pixels; `look/tokens.css` has the same numbers as `--row`. */
export const ROW: Readonly<Record<Density, number>> = { comfortable: 40, compact: 30 };
/** Of the column of boxes. */
const TICK = 44;
/** Rows kept ready beyond the edges, so that scrolling does not show gaps. */
const BEYOND = 3;

export class AgentGrid extends LitElement {
  static override properties = {
    ids: { attribute: false },
    roster: { attribute: false },
    now: { attribute: false },
    order: { attribute: false },
    picking: { attribute: false },
    layout: { attribute: false },
    density: { attribute: false },
  };
  declare ids: readonly string[];
  declare roster: Roster;
  /** The hub's time that the stopwatches show. */
  declare now: number;
  declare order: Order;
  declare picking: Picking;
  declare layout: Layout;
  declare density: Density;
  /** What the scrolled element shows of itself, in pixels. */
  #view = { top: 0, height: 0 };
  /** The first row that existed when scrolling ended last: it stands first in the document. */
  #settled = 0;
  /** Whether the pointer or the keyboard is here. */
  #on = { pointer: false, keyboard: false };
  readonly #resizing = new ResizeObserver(() => this.#look({ height: this.clientHeight }));

  constructor() {
    super();
    this.ids = [];
    this.now = 0;
    this.order = { by: "agent", direction: "ascending" };
    this.picking = NONE;
    this.layout = USUAL;
    this.density = "comfortable";
    this.addEventListener("pointerenter", () => this.#come({ pointer: true }));
    this.addEventListener("pointerleave", () => this.#come({ pointer: false }));
    this.addEventListener("focusin", () => this.#come({ keyboard: true }));
    this.addEventListener("focusout", () => this.#come({ keyboard: false }));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizing.observe(this);
    this.addEventListener("scroll", this.#scrolled, { passive: true });
    this.addEventListener("scrollend", this.#settle);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing.disconnect();
    this.removeEventListener("scroll", this.#scrolled);
    this.removeEventListener("scrollend", this.#settle);
    this.#come({ pointer: false, keyboard: false });
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("[role=grid]")?.focus();
  }

  /** Whether the agent's row is in view or near it. */
  shows(agentId: string): boolean {
    return this.#shown.has(agentId);
  }
  #shown: ReadonlySet<string> = new Set();

  readonly #scrolled = (): void => this.#look({ top: this.scrollTop });

  /** The rows are put into the order of the document again, in which a screen reader reads them. */
  readonly #settle = (): void => {
    this.#settled = this.#first;
    this.requestUpdate();
  };

  #look(view: Partial<{ top: number; height: number }>): void {
    this.#view = { ...this.#view, ...view };
    this.requestUpdate();
  }

  #come(to: Partial<{ pointer: boolean; keyboard: boolean }>): void {
    const was = this.#on.pointer || this.#on.keyboard;
    this.#on = { ...this.#on, ...to };
    const is = this.#on.pointer || this.#on.keyboard;
    if (is !== was) this.#tell("occupied", is);
  }

  get #row(): number {
    return ROW[this.density];
  }

  /** So many rows exist at once. */
  get #count(): number {
    return Math.min(this.ids.length, Math.ceil(this.#view.height / this.#row) + 2 * BEYOND + 1);
  }

  /** The first row that exists. */
  get #first(): number {
    const first = Math.floor(this.#view.top / this.#row) - BEYOND;
    return Math.max(0, Math.min(first, this.ids.length - this.#count));
  }

  /** Which row stands in each place of the document. */
  get #places(): readonly number[] {
    const [first, count] = [this.#first, this.#count];
    return Array.from(
      { length: count },
      (_, place) => first + ((((place + this.#settled - first) % count) + count) % count),
    );
  }

  override render(): TemplateResult {
    const { active } = this.picking;
    const at = active === null ? -1 : this.ids.indexOf(active);
    const places = this.#places;
    const activePlace = places.indexOf(at);
    const columns = shownColumns(this.layout);
    this.#shown = new Set(places.map((row) => this.ids[row] ?? ""));
    const head = {
      layout: this.layout,
      order: this.order,
      sort: (by: ColumnId) => this.#sort(by),
      resize: (column: ColumnId, width: number) => this.#tell("resized", { column, width }),
    };
    return html`
      <div
        role="grid" aria-label=${GRID.label} aria-multiselectable="true" tabindex="0"
        aria-rowcount=${this.ids.length + 1} aria-colcount=${columns.length + 1}
        aria-activedescendant=${activePlace < 0 ? "" : `row-${activePlace}`}
        @keydown=${this.#keyed}
      >
        <div role="rowgroup" class="head">
          <div role="row" aria-rowindex="1"><div role="columnheader">${this.#pickEverybody()}</div>${headings(head)}</div>
        </div>
        <div role="rowgroup" class="body" @click=${this.#clicked} @dblclick=${this.#clickedTwice} @mousedown=${unmarked}>
          ${places.map((row, place) => this.#agent(this.ids[row] ?? "", place, row))}
        </div>
      </div>
    `;
  }

  #pickEverybody(): TemplateResult {
    const { picked } = this.picking;
    const all = picked.size === this.ids.length;
    return html`
      <input type="checkbox" aria-label=${GRID.selectAll}
        .checked=${picked.size > 0 && all} .indeterminate=${picked.size > 0 && !all}
        @change=${() => this.#picked(all ? pickNone(this.picking) : pickAll(this.picking, this.ids))} />
    `;
  }

  /**
   * A row that leaves the view goes on as one that comes, wherever in the document it stands: scrolling makes none anew,
   * and moves none. What did not change of a row is not even looked at; times go on by the second.
   */
  #agent(id: string, place: number, at: number): TemplateResult {
    const agent = this.roster.agents.get(id);
    const picked = this.picking.picked.has(id);
    const current = this.picking.active === id ? "active" : "";
    const second = Math.floor(this.now / 1000);
    const around = { presences: this.roster.presences, now: this.now };
    return html`
      <div
        role="row" id=${`row-${place}`} class=${current} data-agent=${id}
        aria-rowindex=${at + 2} aria-selected=${picked ? "true" : "false"}>
        <div role="gridcell" class="tick"><span class="box" aria-hidden="true"></span></div>
        ${guard([agent, second, this.layout, around.presences], () =>
          agent === undefined
            ? html`<div role="gridcell">${id} <span class="faint">${GRID.gone}</span></div>`
            : shownColumns(this.layout).map(
                (column) => html`<div role="gridcell" class=${column}>${cell(column, agent, around)}</div>`,
              ),
        )}
      </div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    const grid = this.renderRoot.querySelector<HTMLElement>("[role=grid]");
    const body = this.renderRoot.querySelector<HTMLElement>(".body");
    if (grid === null || body === null) return;
    if (changed.has("ids") || changed.has("density")) body.style.height = `${this.ids.length * this.#row}px`;
    if (changed.has("layout")) {
      grid.style.setProperty("--columns", template(this.layout));
      grid.style.minWidth = `${TICK + wholeWidth(this.layout)}px`;
    }
    for (const [place, row] of this.#places.entries()) {
      const element = body.children[place] as HTMLElement;
      const top = `${row * this.#row}px`;
      if (element.style.top !== top) element.style.top = top;
    }
  }

  #sort(by: ColumnId): void {
    const turned = this.order.by === by && this.order.direction === "ascending" ? "descending" : "ascending";
    this.#tell("sorted", { by, direction: turned } satisfies Order);
  }

  readonly #clicked = (event: MouseEvent): void => {
    const id = rowOf(event);
    if (id === null) return;
    const onTick = (event.target as Element).closest(".tick") !== null;
    const reach: Reach = event.shiftKey ? "range" : onTick || event.ctrlKey || event.metaKey ? "toggle" : "one";
    this.#picked(pick(this.picking, this.ids, id, reach));
  };

  readonly #clickedTwice = (event: MouseEvent): void => {
    const id = rowOf(event);
    if (id !== null) this.#open(id);
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const { active } = this.picking;
    const page = Math.max(1, Math.floor(this.#view.height / this.#row) - 2);
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
    } else if (event.key === "Enter" && active !== null) {
      this.#open(active);
    } else {
      return;
    }
    event.preventDefault();
  };

  #reveal(at: number): void {
    const row = this.#row;
    const [from, to] = [at * row, (at + 1) * row];
    if (from < this.scrollTop) this.scrollTop = from;
    else if (to > this.scrollTop + this.clientHeight - row) this.scrollTop = to - this.clientHeight + row;
  }

  #picked(picking: Picking): void {
    this.#tell("picked", picking);
  }

  #open(agentId: string): void {
    this.#tell("opened", agentId);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [controls, iconStyles, markStyles, presenceIconStyles, gridStyles];
}

/** Whose row it was. */
function rowOf(event: Event): string | null {
  return (event.target as Element).closest<HTMLElement>("[data-agent]")?.dataset["agent"] ?? null;
}

/** A second click opens the row; it is not there to mark a word. */
function unmarked(event: MouseEvent): void {
  if (event.detail > 1) event.preventDefault();
}

customElements.define("agent-grid", AgentGrid);
