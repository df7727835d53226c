/** Requests of one socket, and who waits for their answers. */

import type { ClientFrame, HubFrame } from "../wire.ts";

/** A request that the hub refused, or of which nobody knows whether it was done. */
export class RequestFailed extends Error {
  /** The hub's, or `not_connected` or `outcome_unknown`. */
  readonly code: string;
  /** The hub's own sentence; undefined when the hub said nothing. */
  readonly said: string | undefined;

  constructor(code: string, said?: string) {
    super(said ?? code);
    this.code = code;
    this.said = said;
  }
}

interface Waiting {
  answered(result: unknown): void;
  failed(error: RequestFailed): void;
}

export class Requests {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** Resolves with the `result` of the hub's answer. */
  ask<T>(frame: ClientFrame, send: (text: string) => void): Promise<T> {
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { answered: (result) => resolve(result as T), failed: reject });
      send(JSON.stringify({ ...frame, id }));
    });
  }

  /** Whether the frame was the answer to a request of ours. */
  answer(frame: HubFrame): boolean {
    if ((frame.type !== "result" && frame.type !== "error") || typeof frame.id !== "number") return false;
    const waiting = this.#waiting.get(frame.id);
    if (waiting === undefined) return false;
    this.#waiting.delete(frame.id);
    if (frame.type === "result") waiting.answered(frame.result);
    else waiting.failed(new RequestFailed(frame.error.code, frame.error.message));
    return true;
  }

  /** What was asked on a socket that is gone may or may not have been done. */
  forget(): void {
    for (const waiting of this.#waiting.values()) waiting.failed(new RequestFailed("outcome_unknown"));
    this.#waiting.clear();
  }
}
