import assert from "node:assert/strict";
import { test } from "node:test";
import type { HubFrame } from "../wire.ts";
import { anAgent, aPresence, aWelcome, type Frame, sample, samples } from "../samples/samples.ts";
import { answered, evolve, known, NOBODY, putAway } from "./agent.ts";
import { beginning, type Link } from "./link.ts";

const AT = Date.parse("2026-11-22T12:00:00.000Z");
const LIVE: Link = { phase: "live", heartbeatMs: 10_000, welcomedAt: 0, heardAt: 0, quiet: "heard", planned: null };

test("the welcome brings the agent and what may be chosen", () => {
  const state = evolve(NOBODY, aWelcome(), AT);
  assert.deepEqual(state.agent, anAgent());
  assert.deepEqual(state.options, aWelcome().presenceOptions);
});

test("an older state never overwrites a newer one, whichever way it came", () => {
  const { version } = anAgent();
  const state = evolve(
    evolve(NOBODY, aWelcome(), AT),
    { type: "presence", agent: anAgent({ version: version + 2 }) },
    AT,
  );
  assert.equal(evolve(state, { type: "presence", agent: anAgent({ version: version + 1 }) }, AT), state);
  assert.equal(answered(state, anAgent({ version: version + 1 })), state);
  assert.equal(answered(state, anAgent({ version: version + 3 })).agent?.version, version + 3);
});

test("a presence that was true once is not shown as if it were current", () => {
  const state = evolve(NOBODY, aWelcome(), AT);
  assert.deepEqual(known(state, LIVE), anAgent());
  assert.equal(known(state, beginning(0)), null);
  assert.equal(known(state, { ...LIVE, quiet: "overdue" }), null);
  assert.equal(known(state, { ...LIVE, quiet: "no-network" }), null);
  assert.equal(known(state, { phase: "ended", code: 4410, reason: "", refusal: null }), null);
});

test("what may be chosen can change while the page is open", () => {
  const presences = [aPresence("busy"), aPresence("training")];
  const state = evolve(evolve(NOBODY, aWelcome(), AT), { type: "presenceOptions", presences }, AT);
  assert.deepEqual(state.options, presences);
});

test("notices have the hub's time, and stay until they are put away", () => {
  const frame = sample<Frame<"notice">>("hub.notice");
  const state = evolve(NOBODY, frame, AT);
  assert.deepEqual(state.notices, [{ ...frame, at: AT }]);
  for (const notice of state.notices) assert.deepEqual(putAway(state, notice).notices, []);
});

test("a notice goes when its cause is gone, whichever of both the hub tells first", () => {
  const notice: HubFrame = { type: "notice", code: "missedNotification" };
  const { version } = anAgent();
  const held: HubFrame = { type: "presence", agent: anAgent({ version: version + 1, hold: "MISSED" }) };
  for (const frames of [
    [notice, held],
    [held, notice],
  ]) {
    const told = frames.reduce((state, frame) => evolve(state, frame, AT), evolve(NOBODY, aWelcome(), AT));
    assert.equal(told.notices.length, 1);
    const reset = answered(told, anAgent({ version: version + 2, hold: null }));
    assert.deepEqual(reset.notices, []);
  }
});

test("only the frames that are about the agent change what the page holds", () => {
  const about = new Set(
    [...samples<HubFrame>("hub.").values()]
      .filter((frame) => evolve(NOBODY, frame, AT) !== NOBODY)
      .map(({ type }) => type),
  );
  assert.deepEqual([...about].sort(), ["notice", "presence", "presenceOptions", "tokenExpiring", "welcome"]);
});
