import assert from "node:assert/strict";
import { test } from "node:test";
import { linkWords } from "../look/link-words.ts";
import { stopwatch } from "../look/time.ts";
import { closed } from "./connection.ts";
import { cause, noticed, refused, setBy } from "./contract.ts";

test("causes are told once, and words of a newer hub are spelled out", () => {
  assert.equal(cause("SESSION_ASSIGNED", "PICK"), "Work was assigned (picked)");
  assert.equal(cause("LOGOUT", "SIGNED_OUT"), "Signed out");
  assert.equal(cause("LOGIN", null), "Signed in");
  assert.equal(cause("SOMETHING_NEW", "FOR_A_REASON"), "Something new (for a reason)");
});

test("a notice names who did it and why", () => {
  const actor = { type: "SUPERVISOR", id: "sam" } as const;
  assert.equal(
    noticed({ type: "notice", code: "presenceSetBySupervisor", actor, reason: "coaching" }),
    "A supervisor changed your presence (sam): coaching",
  );
  assert.equal(noticed({ type: "notice", code: "missedNotification" }), "You missed a notification.");
});

test("who set a presence is named as seen from the agent", () => {
  assert.equal(setBy(undefined, "a1"), "the hub");
  assert.equal(setBy({ type: "AGENT", id: "a1" }, "a1"), "the agent");
  assert.equal(setBy({ type: "SUPERVISOR", id: "sam" }, "a1"), "supervisor sam");
});

test("a refusal is a sentence, and never nothing", () => {
  assert.equal(refused("agent_not_connected"), "The agent is not connected.");
  assert.equal(refused("brand_new", "it was refused"), "it was refused");
  assert.equal(refused("brand_new"), "Brand new");
});

test("a stopwatch never runs backwards from zero", () => {
  assert.equal(stopwatch(-5), "0:00");
  assert.equal(stopwatch(65_000), "1:05");
  assert.equal(stopwatch(3_665_000), "1:01:05");
});

test("a closed connection has a sentence, whatever its code", () => {
  for (const code of [1000, 1006, 1012, 4410, 4999]) assert.match(closed(code), /^[A-Z].*\.$/);
});

test("the hub's reason for closing is told when it says more than the code does", () => {
  const ended = (reason: string): string | null =>
    linkWords({ phase: "ended", code: 4410, reason, refusal: null }).long;
  assert.equal(ended(""), "You have been signed out.");
  assert.equal(ended("signed out"), "You have been signed out.");
  assert.equal(ended("the shift is over"), "You have been signed out. (the shift is over)");
});
