import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, evolve, known, NOBODY, putAway } from "./agent.ts";
import { exampleAgent, examplePresence, exampleWelcome } from "./example.ts";
import { beginning, type Link } from "./link.ts";

const LIVE: Link = { phase: "live", heartbeatMs: 10_000, heardAt: 0, quiet: "heard", planned: null };

test("the welcome brings the agent and what may be chosen", () => {
  const state = evolve(NOBODY, exampleWelcome());
  assert.equal(state.agent?.agentId, "a1");
  assert.equal(state.options.length, 1);
});

test("an older state never overwrites a newer one, whichever way it came", () => {
  const state = evolve(evolve(NOBODY, exampleWelcome()), { type: "presence", agent: exampleAgent({ version: 3 }) });
  assert.equal(evolve(state, { type: "presence", agent: exampleAgent({ version: 2 }) }), state);
  assert.equal(answered(state, exampleAgent({ version: 2 })), state);
  assert.equal(answered(state, exampleAgent({ version: 4 })).agent?.version, 4);
});

test("a presence that was true once is not shown as if it were current", () => {
  const state = evolve(NOBODY, exampleWelcome());
  assert.equal(known(state, LIVE)?.agentId, "a1");
  assert.equal(known(state, beginning(0)), null);
  assert.equal(known(state, { ...LIVE, quiet: "overdue" }), null);
  assert.equal(known(state, { phase: "ended", code: 4410, reason: "" }), null);
});

test("what may be chosen can change while the page is open", () => {
  const state = evolve(evolve(NOBODY, exampleWelcome()), { type: "presenceOptions", presences: [examplePresence("busy"), examplePresence("training")] });
  assert.deepEqual(state.options.map((option) => option.presenceId), ["busy", "training"]);
});

test("notices stay until they are put away", () => {
  const notice = { type: "notice", code: "missedNotification" } as const;
  const state = evolve(NOBODY, notice);
  assert.equal(state.notices.length, 1);
  assert.equal(putAway(state, notice).notices.length, 0);
});
