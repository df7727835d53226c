// What a hub says to a page, as text, in whichever form it was sent.

import { constants, inflateRawSync } from "node:zlib";

/** The first byte of a message of a history that begins; 2 goes on with one, and 0 is a frame deflated by itself. */
const BEGINS = 1;
const CONTINUES = 2;

/** Hears one socket. */
export class Ear {
  /** The pieces of each history so far, by its number. */
  #histories = new Map();

  frame(payload) {
    return JSON.parse(typeof payload === "string" ? payload : this.#inflated(payload));
  }

  #inflated(message) {
    const kind = message[0];
    if (kind !== BEGINS && kind !== CONTINUES) return inflateRawSync(message.subarray(1)).toString();
    const number = message.readUInt32BE(1);
    const before = kind === BEGINS ? [] : this.#histories.get(number);
    const pieces = [...before, message.subarray(5)];
    this.#histories.set(number, pieces);
    const all = inflateRawSync(Buffer.concat(pieces), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    return all.trimEnd().split("\n").at(-1);
  }
}
