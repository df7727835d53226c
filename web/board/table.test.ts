import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyRoster } from "../client/roster.ts";
import { aPresence, aWatchedAgent } from "../samples/samples.ts";
import { csv } from "./table.ts";

test("a table has who is listed in their order, the columns that are shown, and nothing that a spreadsheet computes", () => {
  const agents = [
    aWatchedAgent("a1", { name: 'Ada "the first"', teams: ["billing", "care"], since: "2026-03-02T09:00:00.000Z" }),
    aWatchedAgent("a2", { name: "=1+1", reason: " +SUM(A1)", since: "2026-03-02T09:30:00.000Z" }),
  ];
  const roster = {
    ...emptyRoster(),
    presences: new Map([["available", aPresence("available", { presenceText: "Available" })]]),
    agents: new Map(agents.map((agent) => [agent.agentId, agent])),
  };
  const text = csv(["a2", "gone", "a1"], roster, ["agent", "presence", "since", "reason", "teams"], 0);
  assert.deepEqual(text.split("\r\n"), [
    "Id,Agent,Presence,Time in status,Reason,Teams",
    "a2,'=1+1,Available,2026-03-02T09:30:00.000Z,' +SUM(A1),",
    'a1,"Ada ""the first""",Available,2026-03-02T09:00:00.000Z,,"billing, care"',
  ]);
});
