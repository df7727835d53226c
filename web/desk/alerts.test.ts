import assert from "node:assert/strict";
import { test } from "node:test";
import { evolve, NOBODY, type Notice } from "../client/agent.ts";
import type { Link } from "../client/link.ts";
import { shown } from "../indicator/shown.ts";
import { anAgent, aWelcome } from "../samples/samples.ts";
import type { AgentPresence } from "../wire.ts";
import { alertOf, type Moment } from "./alerts.ts";

const NOW = Date.parse("2026-11-22T12:30:00.000Z");
const LIVE: Link = { phase: "live", heartbeatMs: 10_000, welcomedAt: 0, heardAt: 0, quiet: "heard", planned: null };
const state = evolve(NOBODY, aWelcome(), NOW);

const moment = (over: Partial<AgentPresence>, ...notices: readonly Notice[]): Moment => ({
  shown: shown({ agent: anAgent(over), state, link: LIVE, now: NOW }),
  notices,
});
const unknown: Moment = { shown: shown({ agent: null, state, link: LIVE, now: NOW }), notices: [] };

test("a hold that begins is told, and one that was there is not told again", () => {
  assert.match(alertOf(moment({}), moment({ hold: "MISSED" })) ?? "", /because you missed a notification\.$/);
  assert.equal(alertOf(moment({ hold: "MISSED" }), moment({ hold: "MISSED" })), null);
  assert.equal(alertOf(unknown, moment({ hold: "MISSED" })), null);
});

test("what a supervisor did is told once, and what oneself does never", () => {
  const actor = { type: "SUPERVISOR", id: "sam" } as const;
  const notice: Notice = { type: "notice", code: "presenceSetBySupervisor", actor, at: NOW };
  assert.equal(alertOf(moment({}), moment({}, notice)), "Supervisor sam set you to Busy.");
  assert.equal(alertOf(moment({}, notice), moment({}, notice)), null);
  assert.equal(alertOf(moment({}), moment({ reason: "lunch" })), null);
});
