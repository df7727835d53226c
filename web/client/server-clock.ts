/**
 * The hub's time: what it said last, and what has passed since by a clock that nobody can set. The
 * wall clock of a person's computer may be minutes off, so it is never asked.
 */
export class ServerClock {
  readonly #monotonic: () => number;
  #offset: number | null = null;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  hear(serverTime: string): void {
    this.#offset = Date.parse(serverTime) - this.#monotonic();
  }

  /** Milliseconds since 1970, or null before the hub said anything. */
  now(): number | null {
    return this.#offset === null ? null : this.#offset + this.#monotonic();
  }
}
