/**
 * Sockets whose hub may deflate what it says, for those who are told much. A world that opens such sockets is given to a
 * connection, which knows nothing of it: a client that is told little, such as the indicator, does not carry this.
 */

import { SUBPROTOCOL } from "./address.ts";
import { BROWSER, type Socket, type World } from "./connection.ts";
import { Histories } from "./histories.ts";
import { Inflater } from "./inflater.ts";

export const DEFLATED = `${SUBPROTOCOL}.deflate`;

/**
 * The same world, with sockets that ask for deflated frames where the platform can inflate them. Once a frame could not be
 * inflated they are asked for no more.
 */
export function inflating(world: World): World {
  let able = canInflate();
  return {
    open: (url, protocols) => {
      if (!able) return world.open(url, protocols);
      return new InflatingSocket(world.open(url, [DEFLATED, ...protocols]), () => (able = false));
    },
    now: () => world.now(),
    random: () => world.random(),
    network: () => world.network(),
  };
}

/** For all watches of a page. */
export const INFLATING_BROWSER = inflating(BROWSER);

function canInflate(): boolean {
  try {
    new Inflater().letGo();
    return true;
  } catch {
    return false;
  }
}

/** A socket that tells each frame as text, in the order in which the hub said them. */
class InflatingSocket implements Socket {
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly #socket: Socket;
  readonly #failed: () => void;
  readonly #histories = new Histories();
  /** What is to be told once the frame that is inflated now was; null while none is. */
  #behind: (() => void)[] | null = null;
  #left = false;

  constructor(socket: Socket, failed: () => void) {
    this.#socket = socket;
    this.#failed = failed;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (message) => this.#inOrder(() => this.#hear(message));
    socket.onclose = (closed) => this.#inOrder(() => this.#closed(closed));
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Nothing but the end is told from now on. */
  close(code?: number): void {
    // A frame that does not come out, or comes out broken, would be no other on the next socket.
    if (this.#behind !== null) this.#failed();
    this.#behind = null;
    this.#left = true;
    this.#histories.letGo();
    this.#socket.close(code);
  }

  #inOrder(step: () => void): void {
    if (this.#behind === null) step();
    else this.#behind.push(step);
  }

  #hear(message: MessageEvent): void {
    if (this.#left) return;
    if (typeof message.data === "string") this.onmessage?.(message);
    else void this.#inflate(message.data as ArrayBuffer);
  }

  async #inflate(message: ArrayBuffer): Promise<void> {
    this.#behind = [];
    const data = await this.#histories.frame(message).catch(() => null);
    if (this.#left) return;
    if (data === null) {
      this.close();
      return;
    }
    const behind = this.#behind;
    this.#behind = null;
    const inflated = new MessageEvent("message", { data });
    // Each on its own, as a browser tells them: what goes wrong with one is reported, and the next is told.
    for (const step of [() => this.#hear(inflated), ...behind]) queueMicrotask(() => this.#inOrder(step));
  }

  #closed(closed: CloseEvent): void {
    this.#histories.letGo();
    this.onclose?.(closed);
  }
}
