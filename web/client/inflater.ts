/** One stream that the hub deflates, inflated by the platform piece by piece. */

/** What ends a frame within a stream. JSON has no raw one. */
const LINE_FEED = "\n";

const nothing = (): void => undefined;

export class Inflater {
  readonly #pieces: WritableStreamDefaultWriter<BufferSource>;
  readonly #inflated: ReadableStreamDefaultReader<Uint8Array>;
  readonly #text = new TextDecoder("utf-8", { fatal: true });

  /** Fails where the platform cannot inflate. */
  constructor() {
    const { readable, writable } = new DecompressionStream("deflate-raw");
    this.#pieces = writable.getWriter();
    this.#inflated = readable.getReader();
    // Whoever reads is told of what goes wrong; the stream tells of it here too.
    this.#pieces.closed.catch(nothing);
    this.#inflated.closed.catch(nothing);
  }

  /**
   * The one frame that the next piece holds. Fails if the piece is broken or holds more, and if the stream is let go; waits
   * for good if it holds less. To be asked for the next only then.
   */
  async frame(piece: Uint8Array<ArrayBuffer>): Promise<string> {
    this.#pieces.write(piece).catch(nothing);
    let text = "";
    while (!text.endsWith(LINE_FEED)) {
      const { value } = await this.#inflated.read();
      if (value === undefined) throw new Error("ended_within_a_frame");
      text += this.#text.decode(value, { stream: true });
    }
    if (text.indexOf(LINE_FEED) < text.length - 1) throw new Error("more_than_one_frame");
    return text;
  }

  letGo(): void {
    this.#pieces.abort().catch(nothing);
  }
}
