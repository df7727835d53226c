import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./until.ts";

const NINE = new Date(2026, 2, 2, 9, 0, 0).getTime();

test("minutes count from the hub's time", () => {
  assert.equal(until("15", "", NINE), new Date(NINE + 900_000).toISOString());
});

test("a time of day is today's, or tomorrow's when it has passed", () => {
  assert.equal(until("at", "09:30", NINE), new Date(2026, 2, 2, 9, 30).toISOString());
  assert.equal(until("at", "08:30", NINE), new Date(2026, 2, 3, 8, 30).toISOString());
  assert.equal(until("at", "09:00", NINE), new Date(2026, 2, 3, 9, 0).toISOString());
});

test("no choice and no time mean no end", () => {
  assert.equal(until("", "", NINE), undefined);
  assert.equal(until("at", "", NINE), undefined);
});
