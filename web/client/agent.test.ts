import assert from "node:assert/strict";
import { test } from "node:test";
import type { HubFrame } from "../wire.ts";
import { anAgent, aPresence, aWelcome, type Frame, sample, samples } from "../samples/samples.ts";
import { answered, evolve, known, NOBODY, putAway } from "./agent.ts";
import { beginning, type Link } from "./link.ts";

const LIVE: Link = { phase: "live", heartbeatMs: 10_000, heardAt: 0, quiet: "heard", planned: null };

test("the welcome brings the agent and what may be chosen", () => {
  const state = evolve(NOBODY, aWelcome());
  assert.deepEqual(state.agent, anAgent());
  assert.deepEqual(state.options, aWelcome().presenceOptions);
});

test("an older state never overwrites a newer one, whichever way it came", () => {
  const { version } = anAgent();
  const state = evolve(evolve(NOBODY, aWelcome()), { type: "presence", agent: anAgent({ version: version + 2 }) });
  assert.equal(evolve(state, { type: "presence", agent: anAgent({ version: version + 1 }) }), state);
  assert.equal(answered(state, anAgent({ version: version + 1 })), state);
  assert.equal(answered(state, anAgent({ version: version + 3 })).agent?.version, version + 3);
});

test("a presence that was true once is not shown as if it were current", () => {
  const state = evolve(NOBODY, aWelcome());
  assert.deepEqual(known(state, LIVE), anAgent());
  assert.equal(known(state, beginning(0)), null);
  assert.equal(known(state, { ...LIVE, quiet: "overdue" }), null);
  assert.equal(known(state, { phase: "ended", code: 4410, reason: "" }), null);
});

test("what may be chosen can change while the page is open", () => {
  const presences = [aPresence("busy"), aPresence("training")];
  const state = evolve(evolve(NOBODY, aWelcome()), { type: "presenceOptions", presences });
  assert.deepEqual(state.options, presences);
});

test("notices stay until they are put away", () => {
  const notice = sample<Frame<"notice">>("hub.notice");
  const state = evolve(NOBODY, notice);
  assert.deepEqual(state.notices, [notice]);
  assert.deepEqual(putAway(state, notice).notices, []);
});

test("only the frames that are about the agent change what the page holds", () => {
  const about = new Set(
    [...samples<HubFrame>("hub.").values()].filter((frame) => evolve(NOBODY, frame) !== NOBODY).map(({ type }) => type),
  );
  assert.deepEqual([...about].sort(), ["notice", "presence", "presenceOptions", "tokenExpiring", "welcome"]);
});
