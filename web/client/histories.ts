/** The deflated frames of one socket, by the first byte of each. */

import { Inflater } from "./inflater.ts";

/** A stream of its own, with an end. */
const WHOLE = 0;
/** The first piece of a history. */
const BEGINS = 1;
/** The next piece of a history. */
const CONTINUES = 2;

/** Twice the watches that a socket may have. The hub does not say that a history has ended; without a bound each would be kept. */
const MOST = 32;

export class Histories {
  /** By their numbers, the one that was longest without a piece first. */
  readonly #inflaters = new Map<number, Inflater>();

  /** The frame of a message. Fails if it cannot be inflated. To be asked for the next only then. */
  async frame(message: ArrayBuffer): Promise<string> {
    const bytes = new DataView(message);
    switch (bytes.getUint8(0)) {
      case WHOLE:
        return whole(new Uint8Array(message, 1));
      case BEGINS:
        return this.#begun(bytes.getUint32(1)).frame(new Uint8Array(message, 5));
      case CONTINUES:
        return this.#continued(bytes.getUint32(1)).frame(new Uint8Array(message, 5));
      default:
        throw new Error("unknown_kind");
    }
  }

  letGo(): void {
    for (const inflater of this.#inflaters.values()) inflater.letGo();
    this.#inflaters.clear();
  }

  #begun(number: number): Inflater {
    this.#forget(number);
    const [oldest] = this.#inflaters.keys();
    if (oldest !== undefined && this.#inflaters.size === MOST) this.#forget(oldest);
    const inflater = new Inflater();
    this.#inflaters.set(number, inflater);
    return inflater;
  }

  #continued(number: number): Inflater {
    const inflater = this.#inflaters.get(number);
    if (inflater === undefined) throw new Error("no_beginning");
    this.#inflaters.delete(number);
    this.#inflaters.set(number, inflater);
    return inflater;
  }

  #forget(number: number): void {
    this.#inflaters.get(number)?.letGo();
    this.#inflaters.delete(number);
  }
}

async function whole(stream: Uint8Array<ArrayBuffer>): Promise<string> {
  const inflater = new Inflater();
  try {
    return await inflater.frame(stream);
  } finally {
    inflater.letGo();
  }
}
