import assert from "node:assert/strict";
import { test } from "node:test";
import type { Planned } from "./bulk-plan.ts";
import { type Send, sendAll } from "./bulk-sending.ts";
import type { Refusal } from "./hub.ts";

function change(agentId: string): Planned {
  const row = { row: 2, agentId, change: {}, mistakes: [] };
  return { will: "change", row, differences: [], patch: { units: 3 } };
}

function create(agentId: string): Planned {
  const row = { row: 2, agentId, change: { name: agentId, units: null }, mistakes: [] };
  return { will: "create", row, differences: [] };
}

const no = (code: Refusal["code"], index: number | null): { done: false; refusal: Refusal } => ({
  done: false,
  refusal: { code, status: 422, detail: "units: is wrong", field: "units", index },
});

/** A hub to which these agents are wrong, and what it was sent. */
function hub(...wrong: readonly string[]): { send: Send; sent: string[][] } {
  const sent: string[][] = [];
  const send: Send = (method, body) => {
    const ids = body.map(({ agentId }) => agentId as string);
    sent.push([method, ...ids]);
    const index = ids.findIndex((id) => wrong.includes(id));
    if (index >= 0) return Promise.resolve(no("invalid", index));
    const results = ids.map((agentId) => ({ agentId, status: "applied" as const }));
    return Promise.resolve({ done: true, value: { results }, tag: null });
  };
  return { send, sent };
}

const nobodyListens = (): void => undefined;

test("what is there is changed and what is not is created, each once", async () => {
  const { send, sent } = hub();
  const became = await sendAll([change("a"), create("b"), change("c")], nobodyListens, send);
  assert.deepEqual(sent, [
    ["PATCH", "a", "c"],
    ["PUT", "b"],
  ]);
  assert.deepEqual(
    [...became.values()].map(({ is }) => is),
    ["done", "done", "done"],
  );
});

test("one that the hub finds wrong holds up none of the others", async () => {
  const { send, sent } = hub("b", "d");
  const became = await sendAll(["a", "b", "c", "d"].map(change), nobodyListens, send);
  assert.deepEqual([...became].map(([id, { is }]) => `${id} ${is}`).sort(), [
    "a done",
    "b refused",
    "c done",
    "d refused",
  ]);
  assert.deepEqual(sent.at(-1), ["PATCH", "a", "c"]);
});

test("many go in parts, and a lost answer leaves its part in doubt and no other", async () => {
  let parts = 0;
  const { send } = hub();
  const lossy: Send = (method, body) => {
    parts += 1;
    return parts === 2 ? Promise.resolve(no("no_answer", null)) : send(method, body);
  };
  const told: number[] = [];
  const all = Array.from({ length: 1200 }, (_, at) => change(`a${at}`));
  const became = await sendAll(all, (done) => told.push(done), lossy);
  assert.deepEqual(told, [500, 1000, 1200]);
  assert.equal([...became.values()].filter(({ is }) => is === "unknown").length, 500);
});
