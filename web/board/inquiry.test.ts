import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../samples/samples.ts";
import type { HistoryInterval } from "../wire.ts";
import { type Ask, inquire, NotAnswered } from "./inquiry.ts";

const NEVER = new AbortController().signal;
const interval = sample<{ items: HistoryInterval[] }>("shape.HistoryIntervalList").items[0];

/** A hub whose history has two pages. */
function hub(paths: string[]): Ask {
  return (path) => {
    paths.push(path);
    if (path.includes("/history")) {
      return Promise.resolve(
        Response.json({ items: [interval], ...(path.includes("cursor") ? {} : { nextCursor: "7.1" }) }),
      );
    }
    return Promise.resolve(
      Response.json(path.endsWith("/explain") ? sample("shape.Explanation") : { items: [], version: 1 }),
    );
  };
}

test("everything is asked of the agent by its id, whatever it is written with, and the history to its last page", async () => {
  const paths: string[] = [];
  const known = await inquire("a/1 ä", Date.parse("2026-03-01T12:00:00.000Z"), NEVER, null, hub(paths));
  assert.equal(known.intervals.length, 2);
  assert.ok(paths.every((path) => path.startsWith("api/v1/agents/a%2F1%20%C3%A4/")));
  assert.ok(paths.some((path) => path.includes("from=2026-03-01T12%3A00%3A00.000Z") && path.includes("cursor=7.1")));
});

test("why nothing came is a sentence: the hub's own, the status, or that there was no answer", async () => {
  const failing = (response: () => Promise<Response>): Promise<unknown> => inquire("a", 0, NEVER, null, response);
  const refused = Response.json({ detail: "it is kept since yesterday only" }, { status: 410 });
  await assert.rejects(
    failing(() => Promise.resolve(refused.clone())),
    new NotAnswered("it is kept since yesterday only"),
  );
  await assert.rejects(
    failing(() => Promise.resolve(new Response("", { status: 503 }))),
    /503/,
  );
  await assert.rejects(
    failing(() => Promise.reject(new TypeError("Failed to fetch"))),
    new NotAnswered("There was no answer."),
  );
});
