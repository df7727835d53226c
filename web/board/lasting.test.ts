import assert from "node:assert/strict";
import { test } from "node:test";
import { endOf } from "./lasting.ts";
import { moment } from "../words/moment.ts";

test("a presence lasts for the minutes that are offered, by the hub's time, or has no end", () => {
  const nine = Date.parse("2026-03-02T09:00:00.000Z");
  assert.equal(endOf("30", nine), "2026-03-02T09:30:00.000Z");
  assert.equal(endOf("", nine), undefined);
  assert.equal(endOf("31", nine), undefined);
});

test("a time on another day says which day", () => {
  const late = new Date(2026, 2, 2, 23, 50).getTime();
  const minutes = (count: number): number => late + count * 60_000;
  assert.equal(moment(minutes(5), late).includes(","), false);
  assert.match(moment(minutes(15), late), /^tomorrow, /);
  assert.match(moment(minutes(-24 * 60), late), /^yesterday, /);
  assert.match(moment(minutes(72 * 60), late), /\d.*, /);
});
