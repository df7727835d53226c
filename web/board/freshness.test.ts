import assert from "node:assert/strict";
import { test } from "node:test";
import { beginning, type Link } from "../client/link.ts";
import { freshness } from "./freshness.ts";

const LIVE: Link = { phase: "live", heartbeatMs: 10_000, welcomedAt: 0, heardAt: 0, quiet: "heard", planned: null };

test("only a live connection with a complete roster is live", () => {
  assert.equal(freshness(LIVE, "current", 5).kind, "live");
  assert.equal(freshness(LIVE, "empty", null).kind, "loading");
});

test("whatever casts doubt on a board makes it stale since it was last known to be true", () => {
  const lost: Link = { phase: "waiting", attempt: 1, retryAt: 0, code: 1006 };
  const doubts = [
    freshness(lost, "current", 5),
    freshness(beginning(0), "current", 5),
    freshness({ phase: "ended", code: 4401, reason: "", refusal: null }, "current", 5),
    freshness({ ...LIVE, quiet: "overdue" }, "current", 5),
    freshness(LIVE, "catching-up", 5),
    freshness(LIVE, "hub-behind", 5),
  ];
  for (const doubt of doubts) assert.equal(doubt.kind === "stale" && doubt.since, 5);
});

test("an announced restart does not make a board stale yet", () => {
  assert.equal(freshness({ ...LIVE, planned: [1000, 2000] }, "current", 5).kind, "live");
});
