import assert from "node:assert/strict";
import { test } from "node:test";
import type { BasePresenceStatus, TimeInStatus } from "../wire.ts";
import { countsAddress, countsOverTime } from "./counts.ts";

const HOUR = 3_600_000;

function sum(start: string, end: string, basePresenceStatus: BasePresenceStatus, durationMs: number): TimeInStatus {
  return { start, end, basePresenceStatus, durationMs, presenceId: "x", presenceText: "X" };
}

test("a count is the time in a status by how long the step is, whatever the presences of that status are", () => {
  const [eight, nine, ten] = ["2026-03-02T08:00:00.000Z", "2026-03-02T09:00:00.000Z", "2026-03-02T09:30:00.000Z"];
  const steps = countsOverTime({
    items: [
      sum(nine, ten, "AVAILABLE", HOUR),
      sum(eight, nine, "AVAILABLE", HOUR * 1.5),
      sum(eight, nine, "AVAILABLE", HOUR * 0.5),
      sum(eight, nine, "AWAY", HOUR * 0.25),
    ],
  });
  assert.deepEqual(
    steps.map(({ start, end, counts }) => [(end - start) / HOUR, counts.AVAILABLE, counts.AWAY, counts.OFFLINE]),
    [
      [1, 2, 0.25, 0],
      [0.5, 2, 0, 0],
    ],
  );
});

test("sums that are of no step, or of one without length, are no step", () => {
  const at = "2026-03-02T08:00:00.000Z";
  const whole: TimeInStatus = { basePresenceStatus: "BUSY", durationMs: 5, presenceId: "x", presenceText: "X" };
  assert.deepEqual(countsOverTime({ items: [whole, sum(at, at, "BUSY", 0)] }), []);
});

test("the hub is asked by quarter hour, in the zone, of the teams, and by hour of more than a day", () => {
  const address = countsAddress({ from: 0, to: HOUR, zone: "Europe/Berlin", teams: ["a b", "c"] });
  assert.deepEqual(
    [...new URL(address, "http://hub.example").searchParams],
    [
      ["by", "quarterHour"],
      ["tz", "Europe/Berlin"],
      ["from", "1970-01-01T00:00:00.000Z"],
      ["to", "1970-01-01T01:00:00.000Z"],
      ["teams", "a b"],
      ["teams", "c"],
    ],
  );
  const longer = countsAddress({ from: 0, to: 25 * HOUR, zone: "UTC", teams: [] });
  assert.equal(new URL(longer, "http://hub.example").searchParams.get("by"), "hour");
});
