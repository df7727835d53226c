import assert from "node:assert/strict";
import { test } from "node:test";
import { aWatchedAgent, aWelcome, sample } from "../samples/samples.ts";
import type { ClientFrame, HubFrame } from "../wire.ts";
import { RequestFailed } from "./requests.ts";
import { Watched } from "./watched.ts";

const snapshot = (seq: number): HubFrame => ({
  ...sample<Extract<HubFrame, { type: "snapshot" }>>("hub.snapshot.first"),
  part: 1,
  parts: 1,
  seq,
  agents: [aWatchedAgent("a1")],
});

function watching(answer: () => Promise<never>): { watched: Watched; asked: ClientFrame[]; said: string[] } {
  const [asked, said]: [ClientFrame[], string[]] = [[], []];
  const watched = new Watched(
    { include: ["record"] },
    (frame) => {
      asked.push(frame);
      return answer();
    },
    { changed: ({ type }) => said.push(type), refused: ({ code }) => said.push(code) },
  );
  return { watched, asked, said };
}

test("a watch begins with each welcome, and goes on where it was", () => {
  const { watched, asked } = watching(() => new Promise(() => undefined));
  watched.heard(aWelcome());
  assert.deepEqual(asked, [{ type: "watch", filter: {}, include: ["record"] }]);
  watched.heard(snapshot(7));
  assert.equal(watched.roster.currency, "current");
  // Another socket, although the one before still lives: nothing comes over it yet.
  watched.heard(aWelcome());
  assert.equal(watched.roster.currency, "catching-up");
  assert.equal((asked[1] as { since?: { seq: number } }).since?.seq, 7);
});

test("a watch that the hub does not take is told; one that the network took is asked for again by the next welcome", async () => {
  for (const [code, told] of [
    ["forbidden", ["forbidden"]],
    ["outcome_unknown", []],
  ] as const) {
    const { watched, said } = watching(() => Promise.reject(new RequestFailed(code)));
    watched.heard(aWelcome());
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(said, told);
  }
});
