/** A socket that inflates what a test says to it, as the hub would. */

import { SUBPROTOCOL } from "../client/address.ts";
import { BROWSER, type Socket } from "../client/connection.ts";
import { inflating } from "../client/inflating.ts";

export class InflatingStage {
  readonly #told: string[] = [];
  #changed: () => void = () => undefined;
  #below: Socket | null = null;
  #asked: readonly string[] = [];
  readonly #world = inflating({
    ...BROWSER,
    open: (_, protocols) => {
      this.#asked = protocols;
      this.#below = { onmessage: null, onclose: null, send: () => undefined, close: () => this.#tell("closed") };
      return this.#below;
    },
  });

  constructor() {
    this.opens();
  }

  /** Another socket. The sub-protocols that are asked for. */
  opens(): readonly string[] {
    const socket = this.#world.open("", [SUBPROTOCOL]);
    socket.onmessage = ({ data }: MessageEvent<string>) => this.#tell(data.trimEnd());
    return this.#asked;
  }

  /** A text, or the bytes of a message. */
  says(said: string | readonly number[]): void {
    const data = typeof said === "string" ? said : Uint8Array.from(said).buffer;
    this.#below?.onmessage?.(new MessageEvent("message", { data }));
  }

  /** All that was told, once it is so much. */
  async tells(count: number): Promise<readonly string[]> {
    while (this.#told.length < count) await new Promise<void>((changed) => (this.#changed = changed));
    return this.#told;
  }

  #tell(what: string): void {
    this.#told.push(what);
    this.#changed();
  }
}
