// What a browser inflates, and when: the hub's pieces end in a sync flush, and a frame must come out with its piece.

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, createDeflateRaw, deflateRawSync } from "node:zlib";
import { nobodyComplained } from "../browser.mjs";
import { onStage } from "./stage.mjs";

/** The messages of one history, as a hub says these frames. */
async function history(number, lines) {
  const deflater = createDeflateRaw();
  const messages = [];
  let parts = [];
  deflater.on("data", (part) => parts.push(part));
  for (const [at, line] of lines.entries()) {
    const head = Buffer.alloc(5);
    head.writeUInt8(at === 0 ? 1 : 2, 0);
    head.writeUInt32BE(number, 1);
    deflater.write(`${line}\n`);
    await new Promise((flushed) => deflater.flush(constants.Z_SYNC_FLUSH, flushed));
    messages.push(Buffer.concat([head, ...parts]));
    parts = [];
  }
  return messages;
}

const whole = (line) => Buffer.concat([Buffer.of(0), deflateRawSync(`${line}\n`)]);

/** Says so to the page's socket: a text as it is, a message by its bytes. */
const says = (stage, message) =>
  stage.evaluate((stage, said) => stage.says(said), Buffer.isBuffer(message) ? [...message] : message);

/** What the socket told, once it is so much. */
const tells = (stage, count) => stage.evaluate((stage, count) => stage.tells(count), count);

test("each frame comes out of the browser with its piece, long ones whole, and in order with texts", async () => {
  const { stage } = await onStage("inflating");
  const sizes = [1, 4095, 4096, 16_383, 16_384, 32_767, 32_768, 65_535, 65_536, 200_000];
  const lines = ["{}", ...sizes.map((size) => "ä€😀-".repeat(size).slice(0, size - 1)), '"last"'];
  let told = [];
  for (const [at, message] of (await history(1, lines)).entries()) {
    await says(stage, message);
    told = await tells(stage, at + 1);
    assert.equal(told.at(-1).length, lines[at].length);
  }
  const [begins, continues] = await history(2, ['"one"', '"two"']);
  for (const message of [begins, "text", whole('"whole"'), continues, "behind"]) await says(stage, message);
  assert.deepEqual((await tells(stage, told.length + 5)).slice(-5), ['"one"', "text", '"whole"', '"two"', "behind"]);
  nobodyComplained();
});

test("a broken piece closes the socket without a word on the console, and text is asked for from then on", async () => {
  const { stage } = await onStage("inflating");
  const [begins, continues] = await history(1, ['"one"', '"two"']);
  await says(stage, begins);
  await tells(stage, 1);
  await says(stage, Buffer.concat([continues.subarray(0, 5), Buffer.of(0xff, 0xff, 0xff, 0xff)]));
  await says(stage, "behind");
  assert.deepEqual(await tells(stage, 2), ['"one"', "closed"]);
  assert.deepEqual(await stage.evaluate((stage) => stage.opens()), ["presence.v1.json"]);
  nobodyComplained();
});
