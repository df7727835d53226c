import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import type { BasePresenceStatus } from "../wire.ts";
import { SAYINGS } from "../words/sayings.ts";
import { contradiction } from "./contradiction.ts";

/** The tests run in `web/`, and also where the tree is packed: the hub's own rules stand beside it. */
const RUST = resolve(process.cwd(), "..", "src/domain");

const BASES: Readonly<Record<string, BasePresenceStatus>> = {
  Available: "AVAILABLE",
  Busy: "BUSY",
  BusyDoNotDisturb: "BUSY_DO_NOT_DISTURB",
  Away: "AWAY",
  Offline: "OFFLINE",
};

test("what is read into words is what the hub reads into them", () => {
  const source = readFileSync(resolve(RUST, "presence.rs"), "utf8");
  const table = /const SAYINGS.*?\n\};/s.exec(source)?.[0] ?? "";
  const rows = [...table.matchAll(/\("([^"]+)", &\[([^\]]+)\]\)/g)].map(([, phrase = "", fits = ""]) => [
    phrase,
    fits.split(", ").map((base) => BASES[base]),
  ]);
  assert.deepEqual(SAYINGS, rows);
});

test("texts are warned about as the hub's own tests say", () => {
  const source = readFileSync(resolve(RUST, "rules/tests/catalogue.rs"), "utf8");
  const warned = [...source.matchAll(/\("([^"]+)", BaseStatus::(\w+), "([^"]+)"\)/g)];
  const fine = [...source.matchAll(/\("([^"]+)", BaseStatus::(\w+)\)/g)];
  assert.ok(warned.length > 5 && fine.length > 5);
  for (const [, text = "", base = "", phrase] of warned) {
    assert.equal(contradiction(["Custom", text], BASES[base] ?? "BUSY"), phrase, text);
  }
  for (const [, text = "", base = ""] of fine)
    assert.equal(contradiction(["Custom", text], BASES[base] ?? "BUSY"), null, text);
});
