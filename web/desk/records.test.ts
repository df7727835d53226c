import assert from "node:assert/strict";
import { test } from "node:test";
import { Records } from "./records.ts";

const NOON = new Date(2026, 10, 22, 12).getTime();

test("what changes while it is read is read after it, and what failed is read again when it is asked for", async () => {
  const asked: string[] = [];
  let answer = (): Response => Response.json({ items: [], version: 1 });
  let changes = 0;
  const records = new Records(() => (changes += 1));
  Object.assign(globalThis, {
    fetch: (address: string) => {
      asked.push(address.replace(/\?.*/, ""));
      return Promise.resolve(answer());
    },
  });
  const first = records.follow("a 1", 1, NOON);
  await records.follow("a 1", 2, NOON);
  await first;
  const once = ["api/v1/agents/a%201/work-items", "api/v1/agents/a%201/history"];
  assert.deepEqual(asked, [...once, ...once]);
  await records.follow("a 1", 2, NOON);
  assert.equal(asked.length, 4);

  answer = () => Response.json({ detail: "the hub is stopping" }, { status: 503 });
  await records.follow("a 1", 3, NOON);
  assert.deepEqual(records.recorded, { state: "failed", why: "the hub is stopping" });
  answer = () => Response.json({ items: [], version: 3 });
  await records.follow("a 1", 3, NOON);
  assert.equal(records.recorded.state, "read");
  assert.equal(changes, 4);
});

test("a day of many presences is read page by page", async () => {
  const pages = [{ items: [1, 2], nextCursor: "2" }, { items: [3] }];
  const cursors: (string | null)[] = [];
  Object.assign(globalThis, {
    fetch: (address: string) => {
      if (!address.includes("/history")) return Promise.resolve(Response.json({ items: [], version: 1 }));
      cursors.push(new URL(address, "http://hub/").searchParams.get("cursor"));
      return Promise.resolve(Response.json(pages[cursors.length - 1]));
    },
  });
  const records = new Records(() => undefined);
  await records.follow("a", 1, NOON);
  assert.deepEqual(cursors, [null, "2"]);
  assert.ok(records.recorded.state === "read");
  assert.deepEqual(records.recorded.day, [1, 2, 3]);
});
