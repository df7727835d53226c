/**
 * The hub's time. A person's computer may be minutes off, so its clock is never asked: the hub's
 * last word about the time, carried on by a clock that nobody can set.
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
