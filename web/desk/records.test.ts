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
