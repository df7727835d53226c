/** TanStack Virtual in Lit, with the cells of the board's grid. It has no columns, keys or selection. */

import "../../web/look/page.css";
import { html, LitElement, type TemplateResult } from "lit";
import { VirtualizerController } from "@tanstack/lit-virtual";
import { COLUMNS, template, USUAL } from "../../web/board/columns.ts";
import { EVERYBODY } from "../../web/board/filters.ts";
import { gridStyles } from "../../web/board/grid-styles.ts";
import { cell } from "../../web/board/row.ts";
import { Surveyor } from "../../web/board/survey.ts";
import { controls } from "../../web/look/controls.ts";
import { markStyles } from "../../web/look/marks.ts";
import { presenceIconStyles } from "../../web/look/presence-icon.ts";
import type { WatchedAgent } from "../../web/wire.ts";
import { everyTenth, FLOOR, PRESENCES } from "./floor.ts";

const agents = new Map(FLOOR.map((agent): [string, WatchedAgent] => [agent.agentId, agent]));
const presences = new Map(PRESENCES.map((presence) => [presence.presenceId, presence]));
const surveyor = new Surveyor();
const columns = COLUMNS.filter((column) => !USUAL.hidden.includes(column));

class VirtualGrid extends LitElement {
  ids: readonly string[] = [];
  readonly rows = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: FLOOR.length, getScrollElement: () => this, estimateSize: () => 40, overscan: 6,
  });

  override render(): TemplateResult {
    const around = { presences, now: Date.now() };
    const items = this.rows.getVirtualizer().getVirtualItems();
    return html`<div role="grid"><div class="body"><div class="window">${items.map(({ index }) => {
      const agent = agents.get(this.ids[index] ?? "");
      return html`<div role="row" aria-rowindex=${index + 2}><div role="gridcell" class="tick"></div>
        ${agent === undefined ? "" : columns.map((column) => html`<div role="gridcell" class=${column}>${cell(column, agent, around)}</div>`)}</div>`;
    })}</div></div></div>`;
  }

  override updated(): void {
    const virtualizer = this.rows.getVirtualizer();
    const body = this.renderRoot.querySelector<HTMLElement>(".body");
    const window = this.renderRoot.querySelector<HTMLElement>(".window");
    if (body === null || window === null) return;
    body.style.height = `${virtualizer.getTotalSize()}px`;
    window.style.transform = `translateY(${virtualizer.getVirtualItems()[0]?.start ?? 0}px)`;
  }

  static override styles = [controls, markStyles, presenceIconStyles, gridStyles];
}
customElements.define("virtual-grid", VirtualGrid);

const grid = new VirtualGrid();
grid.style.height = "100vh";
grid.style.setProperty("--columns", template(USUAL));
function list(): void {
  grid.ids = surveyor.survey(agents, presences, EVERYBODY, { by: "since", direction: "ascending" }).ids;
  grid.requestUpdate();
}
document.body.append(grid);
list();
everyTenth((changed) => {
  for (const agent of changed) agents.set(agent.agentId, agent);
});
setInterval(list, 250);
Object.assign(window, { scrolled: () => grid });
