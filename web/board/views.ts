/** What a person keeps of the board in this browser: how it looks, and views by name. Everything that is read back is checked. */

import { type Layout, layoutOf, USUAL } from "./columns.ts";
import { type Threshold, thresholdsOf } from "./thresholds.ts";

export type Density = "comfortable" | "compact";

/** How the board looks and what it watches for, but for the filters, which stand in the address. */
export interface Setup {
  readonly layout: Layout;
  readonly thresholds: readonly Threshold[];
  readonly sound: "on" | "off";
  readonly density: Density;
}

export interface View extends Setup {
  readonly name: string;
  /** The filters and the order, as they stand in the address. */
  readonly search: string;
}

export interface Kept {
  readonly setup: Setup;
  readonly views: readonly View[];
}

/** Somebody Inactive got no work although they are there: whoever opens a board for the first time is told. */
const FIRST: readonly Threshold[] = [{ is: "more", than: 0, of: { presenceId: "inactive" }, team: null }];

export const FRESH: Kept = {
  setup: { layout: USUAL, thresholds: FIRST, sound: "off", density: "comfortable" },
  views: [],
};

function setupOf(kept: unknown): Setup {
  if (typeof kept !== "object" || kept === null) return FRESH.setup;
  const { layout, thresholds, sound, density } = kept as Record<string, unknown>;
  return {
    layout: layoutOf(layout),
    thresholds: Array.isArray(thresholds) ? thresholdsOf(thresholds) : FIRST,
    sound: sound === "on" ? "on" : "off",
    density: density === "compact" ? "compact" : "comfortable",
  };
}

/** What was kept, from its text. */
export function keptOf(text: string | null): Kept {
  const kept = parsed(text);
  if (kept === null) return FRESH;
  const views: unknown = kept["views"];
  return { setup: setupOf(kept["setup"]), views: Array.isArray(views) ? views.flatMap(viewOf) : [] };
}

function viewOf(kept: unknown): readonly View[] {
  if (typeof kept !== "object" || kept === null) return [];
  const { name, search } = kept as Record<string, unknown>;
  if (typeof name !== "string" || typeof search !== "string") return [];
  return [{ ...setupOf(kept), name, search }];
}

function parsed(text: string | null): Record<string, unknown> | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** With this view; one of the same name gives way. */
export function withView(kept: Kept, view: View): Kept {
  const others = kept.views.filter(({ name }) => name !== view.name);
  return { ...kept, views: [...others, view].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

export function withoutView(kept: Kept, name: string): Kept {
  return { ...kept, views: kept.views.filter((view) => view.name !== name) };
}

/** Where it is kept. Whoever shares a browser has a place of their own. */
export class Keeping {
  readonly #place: string;

  constructor(subject: string) {
    this.#place = `presence-hub.board.${subject}`;
  }

  read(): Kept {
    try {
      return keptOf(localStorage.getItem(this.#place));
    } catch {
      // A browser that keeps nothing for pages has a board as well.
      return FRESH;
    }
  }

  /** Whether the browser kept it. */
  write(kept: Kept): boolean {
    try {
      localStorage.setItem(this.#place, JSON.stringify(kept));
      return true;
    } catch {
      return false;
    }
  }
}
