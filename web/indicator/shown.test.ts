import assert from "node:assert/strict";
import { test } from "node:test";
import { evolve, NOBODY } from "../client/agent.ts";
import type { Link } from "../client/link.ts";
import { anAgent, aPresence, aWelcome } from "../samples/samples.ts";
import type { AgentPresence } from "../wire.ts";
import { presenceText } from "../words/indicator.ts";
import { announcement, type Remedy, type Shown, shown } from "./shown.ts";

const NOW = Date.parse("2026-11-22T12:30:00.000Z");
const LIVE: Link = { phase: "live", heartbeatMs: 10_000, welcomedAt: 0, heardAt: 0, quiet: "heard", planned: null };
const state = evolve(NOBODY, aWelcome(), NOW);

const of = (over: Partial<AgentPresence>): Shown => shown({ agent: anAgent(over), state, link: LIVE, now: NOW });
const without = (link: Link): Shown => shown({ agent: null, state, link, now: NOW });

test("the time in a status goes on over an interruption that was restored", () => {
  const known = of({ heldSince: "2026-11-22T11:57:50.000Z", since: "2026-11-22T12:29:48.000Z" });
  assert.equal(known.known && known.time, "32:10");
});

test("an end is told with its day, and with what follows", () => {
  const next = aWelcome().presenceOptions?.[0]?.presenceId ?? null;
  const known = of({ until: "2026-11-24T12:00:00.000Z", nextPresenceId: next });
  assert.match(known.known ? (known.facts.at(-1) ?? "") : "", /until \w+, \w+ \d+, .*, then Busy$/);
});

test("what is not known names its cause, and what can be done about it", () => {
  const remedies: readonly (readonly [Link, Remedy])[] = [
    [{ phase: "connecting", attempt: 0, giveUpAt: 0, code: null, others: 0 }, "wait"],
    [{ ...LIVE, quiet: "no-network" }, "wait"],
    [{ phase: "waiting", attempt: 1, retryAt: 0, code: 1006 }, "reconnect"],
    [{ phase: "ended", code: 4401, reason: "", refusal: null }, "sign-in"],
    [{ phase: "ended", code: 4410, reason: "", refusal: null }, "return"],
    [{ phase: "ended", code: 4403, reason: "", refusal: null }, "ask"],
    [{ phase: "ended", code: 4404, reason: "", refusal: "unknown_agent" }, "ask"],
    [{ phase: "ended", code: 4409, reason: "", refusal: null }, "try-again"],
  ];
  for (const [link, remedy] of remedies) {
    const unknown = without(link);
    assert.equal(!unknown.known && unknown.remedy, remedy, JSON.stringify(link));
    assert.ok(!unknown.known && unknown.long.endsWith("."));
  }
});

test("an agent that is unknown and one that is disabled are told apart, and so are the hub and my own network", () => {
  const long = (link: Link): string => {
    const unknown = without(link);
    return unknown.known ? "" : unknown.long;
  };
  const ended = { phase: "ended", code: 4404, reason: "" } as const;
  assert.notEqual(long({ ...ended, refusal: "unknown_agent" }), long({ ...ended, refusal: "agent_disabled" }));
  const waiting = { phase: "waiting", attempt: 1, retryAt: 0 } as const;
  assert.match(long({ ...waiting, code: 1006 }), /^The hub cannot be reached/);
  assert.match(long({ ...waiting, code: 3001 }), /^This computer has no network/);
});

test("what changes by itself is read out once, and the passing of time never", () => {
  const before = of({});
  assert.equal(announcement(before, of({ reason: "another" })), null);
  const held = of({ hold: "MISSED", presence: aPresence("inactive", { presenceText: "Inactive" }) });
  assert.equal(announcement(before, held), "Inactive, because you missed a notification.");
  const lost = without({ phase: "waiting", attempt: 1, retryAt: 0, code: 3001 });
  assert.match(announcement(before, lost) ?? "", /^Unknown\. This computer has no network/);
  assert.equal(announcement(lost, lost), null);
});

test("presences that ship are told by their own texts in English", () => {
  assert.equal(presenceText(aPresence("away", { presenceText: "Appear away", labels: { de: "Weg" } })), "Appear away");
});
