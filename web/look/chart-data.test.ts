import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, stepAt } from "./chart-data.ts";
import type { CountStep } from "./counts.ts";

const step = (start: number, end: number, available: number, away: number): CountStep => ({
  start,
  end,
  counts: { AVAILABLE: available, BUSY: 0, BUSY_DO_NOT_DISTURB: 0, AWAY: away, OFFLINE: 7 },
});

test("what lies on each other is summed from below, and what is left out counts nothing", () => {
  const { statuses, heights, at } = columnsOf([step(1000, 2000, 3, 2)], new Set(["OFFLINE", "BUSY"]));
  assert.deepEqual(statuses, ["AWAY", "BUSY_DO_NOT_DISTURB", "AVAILABLE"]);
  assert.deepEqual(at, [1, 2]);
  assert.deepEqual(
    heights.map(([first]) => first),
    [5, 3, 3],
  );
});

test("between steps that do not follow each other there is a gap", () => {
  const { heights, at } = columnsOf(
    [step(1000, 2000, 1, 0), step(2000, 3000, 2, 0), step(5000, 6000, 3, 0)],
    new Set(),
  );
  assert.deepEqual(at, [1, 2, 3, 3.001, 5, 6]);
  assert.deepEqual(heights.at(-1), [1, 2, 2, null, 3, 3]);
});

test("an instant is read from the step that it lies in", () => {
  const steps = [step(1000, 2000, 1, 0), step(2000, 3000, 2, 0)];
  assert.deepEqual(
    [0, 1000, 1999, 2000, 9000].map((instant) => stepAt(steps, instant)),
    [0, 0, 0, 1, 1],
  );
});
