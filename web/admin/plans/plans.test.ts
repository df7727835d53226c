import assert from "node:assert/strict";
import { test } from "node:test";
import { type DayRow, dayOf, edgesOf, mistakesOf, plannedOf, rowsOf } from "./day.ts";
import { activityFinder, partsOf, planTable, plannedAgents, spanOf, withKnown } from "./plan-rows.ts";

const DAY = "2026-11-27";
const at = (time: string, day = DAY): string => new Date(`${day}T${time}:00`).toISOString();

test("a day's plan is rows by the clock on the wall, and midnight ends the day", () => {
  const rows = [
    { start: "09:00", end: "12:30", activityId: "calls" },
    { start: "22:00", end: "00:00", activityId: "chat" },
  ];
  const planned = plannedOf(rows, DAY);
  assert.deepEqual(
    planned.map(({ start, end }) => [start, end]),
    [
      [at("09:00"), at("12:30")],
      [at("22:00"), at("00:00", "2026-11-28")],
    ],
  );
  assert.deepEqual(rowsOf(planned), rows);
  assert.equal(dayOf(edgesOf(DAY)?.from ?? 0), DAY);
  assert.equal(edgesOf("27.11."), null);
});

test("what is wrong with a row is known before the hub is asked", () => {
  const row = (start: string, end: string, activityId = "calls"): DayRow => ({ start, end, activityId });
  const wrong = mistakesOf(
    [row("09:00", "10:00"), row("09:30", "11:00"), row("12:00", "11:00"), row("", "13:00"), row("13:00", "14:00", "")],
    DAY,
  );
  assert.deepEqual(
    [...wrong],
    [
      [1, "overlaps"],
      [2, "backwards"],
      [3, "incomplete"],
      [4, "incomplete"],
    ],
  );
});

const ACTIVITIES = activityFinder([{ activityId: "calls", text: "Phone calls" }]);

test("a table names its columns in any order, and each mistake is of its row", () => {
  const { rows, stops } = planTable(
    [
      "Activity ID;agentId;start;end",
      "calls;ada;2026-11-27 09:00;2026-11-27 12:00",
      "calls;ada;2026-11-27 11:00;2026-11-27 13:00",
      "chat;ben;2026-11-27 09:00;2026-11-27 12:00",
      "calls;ben;morning;2026-11-27 12:00",
      "calls;;2026-11-27 09:00;2026-11-27 12:00",
      "calls;cyd;2026-11-27T09:00:00Z;2026-11-27T08:00:00Z",
    ].join("\n"),
    ACTIVITIES,
  );
  assert.equal(stops, null);
  assert.deepEqual(rows[0], {
    row: 2,
    item: { agentId: "ada", start: at("09:00"), end: at("12:00"), activityId: "calls" },
    mistake: null,
  });
  assert.deepEqual(
    rows.filter(({ mistake }) => mistake !== null).map(({ row }) => row),
    [3, 4, 5, 6, 7],
  );
  assert.match(planTable("agentId,start\nada,x", ACTIVITIES).stops ?? "", /end, activityId/);
});

test("plans are sent in parts of whole agents, over whole days", () => {
  const lines = ["ada", "ben", "ada", "cyd"].map(
    (agent, hour) => `${agent},2026-11-2${hour + 1} 09:00,2026-11-2${hour + 1} 12:00,calls`,
  );
  const { rows } = planTable(["agentId,start,end,activityId", ...lines].join("\n"), ACTIVITIES);
  assert.deepEqual(
    partsOf(rows, 3).map((part) => part.map(({ agentId }) => agentId)),
    [["ada", "ada", "ben"], ["cyd"]],
  );
  assert.deepEqual(spanOf(rows), { from: at("00:00", "2026-11-21"), to: at("00:00", "2026-11-25") });
  assert.equal(spanOf([]), null);
});

test("an activity is named by its text too, and an agent whom the hub does not know is a mistake of its row", () => {
  const lines = ["ada,2026-11-27 09:00,2026-11-27 12:00,phone CALLS", "nobody,2026-11-27 09:00,2026-11-27 12:00,calls"];
  const { rows } = planTable(["agentId,start,end,activityId", ...lines].join("\n"), ACTIVITIES);
  assert.equal(rows[0]?.item.activityId, "calls");
  const known = withKnown(rows, new Map([["ada", "Ada Lindqvist"]]));
  assert.deepEqual(
    known.filter(({ mistake }) => mistake !== null).map(({ row }) => row),
    [3],
  );
  assert.deepEqual(plannedAgents(rows.slice(0, 1)), [
    { agentId: "ada", start: at("09:00"), end: at("12:00"), activities: 1 },
  ]);
});
