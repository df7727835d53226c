import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentRecord } from "../wire.ts";
import { byWeight, counted, planned } from "./bulk-plan.ts";
import type { Row } from "./bulk-rows.ts";

const ADA: AgentRecord = {
  agentId: "a1",
  name: "Ada",
  enabled: true,
  teams: ["billing"],
  queues: [],
  skills: [],
  profiles: [],
};
const row = (change: Row["change"], mistakes: readonly string[] = []): Row => ({
  row: 2,
  agentId: "a1",
  change,
  mistakes,
});

test("only what differs from the record is sent", () => {
  const plan = planned(row({ name: "Ada", teams: ["billing", "sales"], units: 100, queues: [] }), ADA);
  assert.ok(plan.will === "change");
  assert.deepEqual(plan.patch, { teams: ["billing", "sales"], units: 100 });
  assert.deepEqual(plan.differences[0], { name: "teams", before: ["billing"], after: ["billing", "sales"] });
});

test("what is so already stays, and so does the emptied name of an agent that is called by the id", () => {
  assert.equal(planned(row({ name: "Ada", units: null }), ADA).will, "stay");
  assert.equal(planned(row({ name: null }), { ...ADA, name: "a1" }).will, "stay");
});

test("an agent that there is not is created, and a row with a mistake is left out", () => {
  assert.equal(planned(row({ units: 3 }), null).will, "create");
  assert.equal(planned(row({ units: 3 }, ["no"]), ADA).will, "fail");
});

test("mistakes are listed first", () => {
  const plan = [planned(row({}), ADA), planned(row({ units: 3 }), ADA), planned(row({}, ["no"]), ADA)];
  assert.deepEqual(counted(plan), { change: 1, create: 0, stay: 1, fail: 1 });
  assert.deepEqual(
    byWeight(plan).map(({ will }) => will),
    ["fail", "change", "stay"],
  );
});
