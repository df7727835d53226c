import assert from "node:assert/strict";
import { test } from "node:test";
import { anAgent, aPresence } from "../samples/samples.ts";
import type { AgentPresence } from "../wire.ts";
import { why } from "./why.ts";

const said = (over: Partial<AgentPresence>, status = "Busy"): string => why(anAgent(over), status);
const capacity = (openWorkItems: number): AgentPresence["capacity"] => ({ ...anAgent().capacity, openWorkItems });

test("a choice is told as that of whoever made it, also after it was restored", () => {
  assert.equal(said({ origin: "AGENT", eventName: "SET_PRESENCE" }), "Busy, because you chose it.");
  const sam = { type: "SUPERVISOR", id: "sam" } as const;
  assert.equal(
    said({ origin: "SUPERVISOR", heldBy: sam, eventName: "RECONNECT" }),
    "Busy, because supervisor sam set it. It was restored when you came back.",
  );
  const acd = { type: "INTEGRATION", id: "acd" } as const;
  assert.equal(said({ origin: "SUPERVISOR", heldBy: acd }), "Busy, because acd set it.");
});

test("a sign-in is no choice of the agent's", () => {
  const agent = { type: "AGENT", id: "a17" } as const;
  const signedIn = { eventName: "LOGIN", modifiedBy: agent, heldBy: agent } as const;
  const available = aPresence("available");
  assert.equal(
    said({ ...signedIn, origin: "AUTOMATIC", presence: available, capacity: capacity(0) }, "Available"),
    "Available, because you have no open work.",
  );
  assert.equal(said({ ...signedIn, origin: "DEFAULT" }), "Busy, because it is what you begin with after signing in.");
});

test("what follows from capacity says so, and what followed an end does not guess whose it was", () => {
  const dnd = aPresence("do-not-disturb", { basePresenceStatus: "BUSY_DO_NOT_DISTURB" });
  assert.equal(
    said({ origin: "AUTOMATIC", presence: dnd }, "Do not disturb"),
    "Do not disturb, because your capacity is full.",
  );
  const expired = said({ origin: "AUTOMATIC", eventName: "EXPIRED" });
  assert.equal(expired, "Busy, because the time set for your presence before is over.");
});

test("a limit that was reached once is told as past, because closed work would make it false", () => {
  const held = said({ hold: "WORK_ITEM_LIMIT", capacity: capacity(0) }, "Do not disturb");
  assert.equal(held, "Do not disturb, because more work came when you had reached the limit of open work items.");
});
