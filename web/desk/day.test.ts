import assert from "node:assert/strict";
import { test } from "node:test";
import { aPresence, sample } from "../samples/samples.ts";
import type { HistoryInterval, WorkItem } from "../wire.ts";
import { goesOn } from "../live/intervals.ts";
import { spans, sums } from "./today.ts";
import { byOthers, lastDays, midnight, within } from "./week.ts";
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
    new Map([["lunch", aPresence("lunch", { presenceText: "Lunch" })]]),
    { from: midnight(NOON), to: NOON },
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

test("a week has the days of the calendar, and what lasts over midnight lies in both", () => {
  const days = lastDays(NOON, 7);
  assert.deepEqual(
    days.map(({ from }) => new Date(from).getDate()),
    [22, 21, 20, 19, 18, 17, 16],
  );
  assert.equal(days[0]?.to, NOON);
  assert.ok(days.slice(1).every(({ to }, at) => to === days[at]?.from));
  const night = interval({ start: hour(-14), end: hour(-10), seq: 1 });
  const morning = interval({ start: hour(-10), end: null, seq: 2 });
  const listed = days.slice(0, 3).map((day) => within([night, morning], day).map(({ seq }) => seq));
  assert.deepEqual(listed, [[1, 2], [1], []]);
});

test("what others changed is what supervisors and administrators did, not what work brought", () => {
  const types = ["AGENT", "SYSTEM", "INTEGRATION", "SUPERVISOR", "ADMIN"] as const;
  const changes = types.map((type, seq) => interval({ seq, modifiedBy: { type, id: "x" } }));
  assert.deepEqual(
    byOthers(changes).map(({ seq }) => seq),
    [3, 4],
  );
});

test("what came since takes the place of the last that was known, which may have ended", () => {
  const known = [
    interval({ seq: 1, start: hour(-3), end: hour(-2) }),
    interval({ seq: 2, start: hour(-2), end: null }),
  ];
  const since = [
    interval({ seq: 2, start: hour(-2), end: hour(-1) }),
    interval({ seq: 3, start: hour(-1), end: null }),
  ];
  assert.deepEqual(
    goesOn(known, since).map(({ seq, end }) => [seq, end]),
    [
      [1, hour(-2)],
      [2, hour(-1)],
      [3, null],
    ],
  );
  assert.equal(goesOn(known, []), known);
});
