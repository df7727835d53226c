/**
 * Shows one element alone, with what a test gives it, and does for it what its page would do.
 * No page has this: `tests/browser/components` builds it and drives it.
 */

/// <reference types="vite/client" />

import "../look/page.css";
import { ActDialog } from "../board/act-dialog.ts";
import type { Deed, Outcome } from "../board/acting.ts";
import { type ColumnId, resized } from "../board/columns.ts";
import { AgentGrid } from "../board/grid.ts";
import { EVERYBODY } from "../board/filters.ts";
import { type Order, Surveyor } from "../board/survey.ts";
import { keepListed, type Picking } from "../board/picking.ts";
import { emptyRoster } from "../client/roster.ts";
import { PresenceIndicator } from "../indicator/element.ts";
import type { AgentPresence, Presence, WatchedAgent } from "../wire.ts";
import { Asked } from "./asked.ts";
import { IndicatorStage } from "./indicator.ts";
import { InflatingStage } from "./inflating.ts";

/** A grid of agents, listed and picked as a board does. */
class GridStage {
  readonly #grid = new AgentGrid();
  readonly #roster = emptyRoster();
  readonly #surveyor = new Surveyor();
  /** Whom the grid was asked to open. */
  readonly opened: string[] = [];

  constructor(presences: readonly Presence[]) {
    this.#grid.roster = this.#roster;
    this.#grid.style.height = "480px";
    for (const presence of presences) this.#roster.presences.set(presence.presenceId, presence);
    this.#grid.addEventListener("picked", (event) => this.#pick((event as CustomEvent<Picking>).detail));
    this.#grid.addEventListener("sorted", (event) => {
      this.#grid.order = (event as CustomEvent<Order>).detail;
      this.#list();
    });
    this.#grid.addEventListener("opened", (event) => this.opened.push((event as CustomEvent<string>).detail));
    this.#grid.addEventListener("resized", (event) => {
      const { column, width } = (event as CustomEvent<{ column: ColumnId; width: number }>).detail;
      this.#grid.layout = resized(this.#grid.layout, column, width);
    });
    document.body.append(this.#grid);
  }

  hears(agents: readonly WatchedAgent[]): void {
    for (const agent of agents) this.#roster.agents.set(agent.agentId, agent);
    this.#list();
  }

  /** So many agents, all like this one but for their ids and names, which count from 0: `a00000`, `Agent 00000`. */
  hearsOfMany(count: number, like: WatchedAgent): void {
    const numbers = Array.from({ length: count }, (_, at) => String(at).padStart(5, "0"));
    this.hears(numbers.map((number) => ({ ...like, agentId: `a${number}`, name: `Agent ${number}` })));
  }

  losesSightOf(agentId: string): void {
    this.#roster.agents.delete(agentId);
    this.#list();
  }

  get picked(): readonly string[] {
    return [...this.#grid.picking.picked];
  }

  #list(): void {
    const { agents, presences } = this.#roster;
    this.#grid.ids = this.#surveyor.survey(agents, presences, EVERYBODY, this.#grid.order).ids;
    this.#pick(this.#grid.picking);
  }

  #pick(picking: Picking): void {
    this.#grid.picking = keepListed(picking, this.#grid.ids);
  }
}

/** A dialog behind a button that opens it. */
function behindAButton(dialog: HTMLElement, open: () => Promise<void>): void {
  const button = document.createElement("button");
  button.textContent = "Open";
  button.addEventListener("click", () => void open());
  document.body.append(button, dialog);
}

const STAGES = {
  grid: (presences: readonly Presence[]) => new GridStage(presences),

  indicator: (agent: AgentPresence, options: readonly Presence[], now: number) =>
    new IndicatorStage(agent, options, now),

  inflating: () => new InflatingStage(),

  actDialog(
    presences: readonly Presence[],
    deed: Deed["type"],
    agentIds: readonly string[],
  ): Asked<{ deed: Deed; agentIds: readonly string[] }, readonly Outcome[]> {
    const asked = new Asked<{ deed: Deed; agentIds: readonly string[] }, readonly Outcome[]>();
    const dialog = new ActDialog();
    dialog.presences = presences;
    dialog.serverNow = () => Date.parse("2026-03-02T09:00:00.000Z");
    dialog.act = (done, whom) => asked.ask({ deed: done, agentIds: whom });
    const chosen = agentIds.map((agentId) => ({ agentId, name: `Agent ${agentId}`, mayReturn: false }));
    behindAButton(dialog, () => dialog.open(deed, chosen));
    return asked;
  },
};

customElements.define("presence-indicator", PresenceIndicator);
Object.assign(window, { STAGES });
