/**
 * What the board lists now, from what it knows: looked at anew some times a second, held still while somebody is on
 * the grid, and at once when a person asks.
 */

import type { Roster } from "../client/roster.ts";
import type { Asked } from "./address.ts";
import { chime } from "../look/chime.ts";
import { waiting } from "./held-order.ts";
import { Surveyor, type Surveyed } from "./survey.ts";
import { isNew, over, type Over, type Threshold } from "./thresholds.ts";

/** Rows that jump at every change can be neither read nor clicked, and sorting ten thousand is work. */
const EVERY_MS = 250;

interface Looked {
  readonly roster: Roster;
  readonly asked: Asked;
  readonly thresholds: readonly Threshold[];
  /** Null while what is held may be wrong: then nothing is said to be over. */
  readonly known: { readonly now: number; readonly sound: "on" | "off" } | null;
}

export class Arrangement {
  readonly #surveyor = new Surveyor();
  readonly #due: () => void;
  #surveyed: Surveyed | null = null;
  #shown: readonly string[] = [];
  #waits = 0;
  #occupied = false;
  #over: readonly Over[] | null = null;
  /** What was over when it was known last; null before anything was known. */
  #told: readonly Over[] | null = null;
  #lookedAt = -Infinity;
  #fresh = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `due` is called when it is time to look again. */
  constructor(due: () => void) {
    this.#due = due;
  }

  get surveyed(): Surveyed | null {
    return this.#surveyed;
  }

  get shown(): readonly string[] {
    return this.#shown;
  }

  get over(): readonly Over[] | null {
    return this.#over;
  }

  /** How many rows would come, go or move if the order were not held. */
  get waits(): number {
    return this.#waits;
  }

  /** What comes next is shown whatever was held: a person asked for it. */
  forget(): void {
    this.#fresh = true;
    this.#lookedAt = -Infinity;
  }

  /** Everything changed: it is looked at with the next paint, and still held while somebody is on the grid. */
  hurry(): void {
    this.#lookedAt = -Infinity;
  }

  /** Somebody came onto the grid, or left it. */
  occupy(occupied: boolean): void {
    this.#occupied = occupied;
    if (!occupied) this.forget();
    this.#due();
  }

  #lookLater(wait: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#due();
    }, wait);
  }

  look(looked: Looked): void {
    const wait = this.#lookedAt + EVERY_MS - performance.now();
    if (wait > 0) {
      this.#lookLater(wait);
      return;
    }
    this.#lookedAt = performance.now();
    const { roster, asked, thresholds, known } = looked;
    this.#surveyed = this.#surveyor.survey(roster.agents, roster.presences, asked.filters, asked.order);
    if (this.#fresh || !this.#occupied) this.#shown = this.#surveyed.ids;
    this.#fresh = false;
    this.#waits = waiting(this.#shown, this.#surveyed.ids);
    this.#over = known === null ? null : over(thresholds, roster.agents, roster.presences, known.now);
    if (this.#over === null || known === null) return;
    if (known.sound === "on" && this.#told !== null && isNew(this.#told, this.#over))
      void chime().catch(() => undefined);
    this.#told = this.#over;
  }
}
