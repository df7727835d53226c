import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf } from "./bulk-rows.ts";
import type { Directory } from "./kind.ts";

function presence(presenceId: string, presenceName: string, enabled = true): Directory["presences"][number] {
  return {
    presenceId,
    presenceName,
    presenceText: presenceName,
    enabled,
    basePresenceStatus: "AWAY",
    builtIn: false,
    canUserSet: true,
    description: "",
    labels: {},
    presenceColor: null,
  };
}

const DIRECTORY: Directory = {
  presences: [
    presence("available", "Available"),
    presence("inactive", "Inactive"),
    presence("lunch", "Lunch"),
    presence("lunch-2", "Second lunch"),
    presence("old", "Old", false),
    presence("twin-1", "Twin"),
    presence("twin-2", "Twin"),
  ],
  profiles: [{ profileId: "chat", name: "Chats", defaultMax: 3, blockAssignment: false, resetDuration: "IMMEDIATE" }],
};

const read = (text: string): ReturnType<typeof tableOf> => tableOf(text, DIRECTORY);

test("what a cell says is changed, what it leaves empty stays, and a lone dash empties", () => {
  const { rows, remarks } = read("agentId,name,teams,units,enabled\na1,Ada,billing; sales,100,yes\na2,,-,-,no\n");
  assert.deepEqual(remarks, []);
  assert.deepEqual(
    rows.map(({ row, agentId, change }) => ({ row, agentId, change })),
    [
      { row: 2, agentId: "a1", change: { name: "Ada", teams: ["billing", "sales"], units: 100, enabled: true } },
      { row: 3, agentId: "a2", change: { teams: [], units: null, enabled: false } },
    ],
  );
});

test("tabs of a spreadsheet, semicolons, quotes, ends of lines of any system and a byte order mark are read", () => {
  for (const text of [
    "agentId\tname\na1\tLindqvist, Ada",
    "Agent ID;Name\r\na1;Lindqvist, Ada\r\n",
    '\uFEFF"agentId","name"\r"a1","Lindqvist, Ada"',
  ]) {
    assert.deepEqual(read(text).rows[0]?.change, { name: "Lindqvist, Ada" }, JSON.stringify(text));
  }
});

test("a presence is named by its id, its name or its text, and mistakes are of their rows", () => {
  const { rows } = read(
    "id,default presence\na,lunch\nb,SECOND LUNCH\nc,Nowhere\nd,Inactive\ne,Old\nf,Twin\ng,twin-2\nh,-",
  );
  assert.deepEqual(
    rows.map(({ change, mistakes }) => change["defaultPresenceId"] ?? mistakes[0]),
    [
      "lunch",
      "lunch-2",
      "There is no presence “Nowhere”.",
      "“Inactive” cannot be a default: Inactive and retired presences cannot.",
      "“Old” cannot be a default: Inactive and retired presences cannot.",
      "Several presences are called “Twin”: write the id.",
      "twin-2",
      undefined,
    ],
  );
});

test("profiles are named with or without a number of their own", () => {
  const { rows } = read("id,profiles\na,chat:5\nb,Chats\nc,mail\nd,chat:many");
  assert.deepEqual(rows[0]?.change, { profiles: [{ profileId: "chat", max: 5 }] });
  assert.deepEqual(rows[1]?.change, { profiles: [{ profileId: "chat" }] });
  assert.deepEqual(rows[2]?.mistakes, ["There is no capacity profile “mail”."]);
  assert.deepEqual(rows[3]?.mistakes, ["“many” is no number of work items."]);
});

test("a row without an agent, an agent twice, a number that is none and a hidden sign are mistakes", () => {
  const { rows } = read("id,units,name\n,1,x\na,1,x\na,2,x\nb,1.5,x\nc,,a\u202enimda\nd,1,x,y,z");
  assert.deepEqual(
    rows.map(({ mistakes }) => mistakes.length),
    [1, 0, 1, 1, 1, 1],
  );
});

test("a table without agents, without rows or with too many is refused as a whole", () => {
  for (const text of ["", "agentId,name", "name,teams\nAda,billing", `id\n${"a\n".repeat(10_001)}`]) {
    const { stops, remarks } = read(text);
    assert.ok(stops && remarks.length > 0, text.slice(0, 20));
  }
});

test("a column that nobody knows is told and changes nothing", () => {
  const { rows, remarks, stops } = read("id,shoe size\na,44");
  assert.deepEqual([rows[0]?.change, remarks.length, stops], [{}, 1, false]);
});
