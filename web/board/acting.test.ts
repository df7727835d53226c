import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestFailed } from "../client/requests.ts";
import type { AgentResult, ClientFrame } from "../wire.ts";
import { aWatchedAgent, sample } from "../samples/samples.ts";
import { act, type Asks, resolved } from "./acting.ts";

/** A hub that remembers what it was asked, and answers each request with the next of `answers`. */
function hubThat(
  ...answers: readonly (readonly AgentResult[] | RequestFailed)[]
): Asks & { readonly asked: ClientFrame[] } {
  const asked: ClientFrame[] = [];
  const request = <T>(frame: ClientFrame): Promise<T> => {
    const answer = answers[asked.push(frame) - 1] ?? [];
    return answer instanceof RequestFailed ? Promise.reject(answer) : Promise.resolve({ results: answer } as T);
  };
  return { asked, request };
}

test("what is asked of the hub has the contract's form, and an empty reason is left out", async () => {
  const full = sample<Extract<ClientFrame, { type: "setAgentPresence" }>>("client.setAgentPresence");
  const { type, agentIds, presenceId, reason } = full;
  const hub = hubThat();
  await act(hub, { type: "set", presenceId, reason: reason ?? "" }, agentIds);
  await act(hub, { type: "set", presenceId, reason: "" }, agentIds);
  const until = "2026-03-02T09:30:00.000Z";
  await act(hub, { type: "set", presenceId, reason: "", until, next: "busy" }, agentIds);
  assert.deepEqual(hub.asked, [
    { type, agentIds, presenceId, reason },
    { type, agentIds, presenceId },
    { type, agentIds, presenceId, until, nextPresenceId: "busy" },
  ]);
});

test("many agents are asked for in several requests, and each has an outcome", async () => {
  const everybody = Array.from({ length: 401 }, (_, at) => `a${at}`);
  const applied = (agentIds: readonly string[]): AgentResult[] =>
    agentIds.map((agentId) => ({ ...sample<AgentResult>("shape.AgentResult"), agentId }));
  const hub = hubThat(
    applied(everybody.slice(0, 200)),
    applied(everybody.slice(200, 400)),
    applied(everybody.slice(400)),
  );
  const outcomes = await act(hub, { type: "reset" }, everybody);
  assert.equal(hub.asked.length, 3);
  assert.deepEqual(
    outcomes,
    everybody.map((agentId) => ({ agentId, became: { is: "done" } })),
  );
});

test("one agent's refusal is told for that agent, a failed request for all of its agents", async () => {
  const rejected = { ...sample<AgentResult>("shape.AgentResult.rejected"), code: "agent_not_connected" as const };
  const one = await act(hubThat([rejected]), { type: "reset" }, [rejected.agentId]);
  assert.deepEqual(one, [{ agentId: rejected.agentId, became: { is: "refused", why: "The agent is not connected." } }]);
  const both = await act(hubThat(new RequestFailed("forbidden")), { type: "sign-out", reason: "" }, ["a", "b"]);
  const became = { is: "refused", why: "You are not allowed to do this." };
  assert.deepEqual(both, [
    { agentId: "a", became },
    { agentId: "b", became },
  ]);
});

test("what was lost on the way is not known, and known once the board is current again", async () => {
  const [lost] = await act(hubThat(new RequestFailed("outcome_unknown")), { type: "reset" }, ["a"]);
  assert.deepEqual(lost, { agentId: "a", became: { is: "unknown" } });
  const set = { type: "set", presenceId: "busy", reason: "" } as const;
  assert.equal(resolved(set, aWatchedAgent("a", { presenceId: "busy" })).is, "done");
  assert.deepEqual(resolved(set, aWatchedAgent("a")), { is: "refused", why: "It was not done." });
  assert.equal(resolved({ type: "reset" }, aWatchedAgent("a", { hold: "MISSED" })).is, "refused");
  assert.equal(resolved({ type: "sign-out", reason: "" }, aWatchedAgent("a", { isAgentLoggedIn: false })).is, "done");
  assert.equal(resolved(set, undefined).is, "refused");
});
