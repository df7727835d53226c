import assert from "node:assert/strict";
import { test } from "node:test";
import { aPresence, sample } from "../samples/samples.ts";
import type { HistoryInterval, WorkItem } from "../wire.ts";
import { midnight, spans, sums } from "./today.ts";
import { inOrder } from "./work.ts";

const NOON = new Date(2026, 10, 22, 12).getTime();
const hour = (hours: number): string => new Date(NOON + hours * 3_600_000).toISOString();

const interval = (over: Partial<HistoryInterval>): HistoryInterval => ({
  ...sample<HistoryInterval>("shape.HistoryInterval"),
  ...over,
});

test("a day begins at midnight, what lasts goes on to now, and what lasted no time is left out", () => {
  const day = spans(
    [
      interval({ start: hour(-20), end: hour(-3), presenceId: "offline", basePresenceStatus: "OFFLINE" }),
      interval({ start: hour(-3), end: hour(-3), presenceId: "available", basePresenceStatus: "AVAILABLE" }),
      interval({ start: hour(-3), end: null, presenceId: "lunch", basePresenceStatus: "AWAY" }),
    ],
    [aPresence("lunch", { presenceText: "Lunch" })],
    midnight(NOON),
    NOON,
  );
  assert.deepEqual(
    day.map(({ start, end, status }) => [(start - NOON) / 3_600_000, (end - NOON) / 3_600_000, status]),
    [
      [-12, -3, "OFFLINE"],
      [-3, 0, "AWAY"],
    ],
  );
  assert.match(day[1]?.says ?? "", /^Lunch, 9:00.* to 12:00/);
  assert.deepEqual(
    sums(day).map(([status, ms]) => [status, ms / 3_600_000]),
    [
      ["OFFLINE", 9],
      ["AWAY", 3],
    ],
  );
});

test("offers come first, then what ends soonest", () => {
  const item = (workItemId: string, over: Partial<WorkItem>): WorkItem => ({
    ...sample<WorkItem>("shape.WorkItem"),
    workItemId,
    ...over,
  });
  const items = [
    item("old", { state: "ACTIVE", since: hour(-2), deadline: null }),
    item("wrapped", { state: "WRAP_UP", deadline: hour(1) }),
    item("later", { state: "OFFERED", deadline: hour(2) }),
    item("soon", { state: "OFFERED", deadline: hour(1) }),
  ];
  assert.deepEqual(
    inOrder(items).map(({ workItemId }) => workItemId),
    ["soon", "later", "wrapped", "old"],
  );
});
