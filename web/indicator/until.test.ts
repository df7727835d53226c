import assert from "node:assert/strict";
import { test } from "node:test";
import { aPresence } from "../samples/samples.ts";
import { endInWords, until, untilChoices } from "./until.ts";

const NINE = new Date(2026, 2, 2, 9, 0, 0).getTime();
const at = (day: number, hours: number, minutes: number): number => new Date(2026, 2, day, hours, minutes).getTime();

test("minutes count from the hub's time", () => {
  assert.equal(until("15", "", null, NINE), NINE + 900_000);
});

test("a time of day is today's, or tomorrow's when it has passed", () => {
  assert.equal(until("at", "09:30", null, NINE), at(2, 9, 30));
  assert.equal(until("at", "08:30", null, NINE), at(3, 8, 30));
  assert.equal(until("at", "09:00", null, NINE), at(3, 9, 0));
});

test("no choice and no time mean no end; what was set is kept to the millisecond", () => {
  assert.equal(until("", "", null, NINE), null);
  assert.equal(until("at", "", null, NINE), null);
  assert.equal(until("kept", "", "2026-03-02T10:00:00.123Z", NINE), Date.parse("2026-03-02T10:00:00.123Z"));
});

test("an end that is tomorrow says so before it is chosen, and one beyond a shift warns", () => {
  assert.match(endInWords(at(2, 9, 30), NINE)?.says ?? "", /^Ends 9:30/);
  assert.equal(endInWords(at(2, 9, 30), NINE)?.warns, null);
  assert.match(endInWords(at(3, 8, 49), NINE)?.says ?? "", /^Ends tomorrow, 8:49/);
  assert.match(endInWords(at(3, 8, 49), NINE)?.warns ?? "", /in 24 hours/);
});

test("what no end means follows from the base status", () => {
  const first = (base: "BUSY" | "AWAY"): string | undefined =>
    untilChoices(aPresence("x", { basePresenceStatus: base }), null, NINE)[0]?.label;
  assert.equal(first("BUSY"), "Until work begins or ends");
  assert.equal(first("AWAY"), "Until I change it");
  const kept = untilChoices(null, new Date(at(3, 8, 49)).toISOString(), NINE)[1]?.label ?? "";
  assert.match(kept, /^Until tomorrow, 8:49/);
});
