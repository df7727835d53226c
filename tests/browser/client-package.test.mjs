// The client as other projects get it: packed, installed outside of the tree, checked, and used by a page of another origin.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { AnotherOrigin } from "./another-origin.mjs";
import { nobodyComplained } from "./browser.mjs";
import { freePort } from "./hub.mjs";
import { aPage, begins, hub, people } from "./scene.mjs";

/** The folder of the pages; the client is one of its folders, and TypeScript is installed there. */
const WEB = process.env["WEB"];
const TOOLS = join(WEB, "node_modules/.bin");

let place;
let site;

begins(
  async () => {
    place = mkdtempSync(join(tmpdir(), "client-"));
    site = new AnotherOrigin(await freePort(), join(place, "example"));
    return { SERVER__ALLOWED_ORIGINS: site.address };
  },
  () => site.starts(hub),
);
after(() => {
  site?.leaves();
  rmSync(place, { recursive: true, force: true });
});

function run(folder, program, ...given) {
  const env = { ...process.env, PATH: `${TOOLS}${delimiter}${process.env["PATH"]}` };
  return execFileSync(program, given, {
    cwd: join(place, folder),
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Packed from a copy, because packing writes into the folder. */
function pack() {
  for (const part of ["client", "wire.ts", "tsconfig.json"]) {
    cpSync(join(WEB, part), join(place, "web", part), { recursive: true });
  }
  const [packed] = JSON.parse(run("web/client", "npm", "pack", "--json", "--silent"));
  return packed;
}

test("the packed client holds what it needs and nothing else, and has the hub's version", () => {
  const { files, version } = pack();
  const paths = files.map(({ path }) => path);
  for (const path of [
    "package.json",
    "README.md",
    "dist/client/index.js",
    "dist/client/index.d.ts",
    "dist/wire.d.ts",
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => /test|live-page|session/.test(path)),
    [],
  );
  assert.equal(version, /^version = "(.*)"/m.exec(readFileSync(join(WEB, "../Cargo.toml"), "utf8"))[1]);
});

test("a page of another origin shows and chooses a presence with the packed client alone", async (t) => {
  const { filename } = pack();
  cpSync("client-package", join(place, "example"), { recursive: true });
  run("example", "npm", "install", "--offline", "--no-audit", "--no-fund", join(place, "web/client", filename));
  run("example", "tsc");

  site.person = people.agents[0].subject;
  const page = await aPage(t, "example");
  await page.goto(`${site.address}/index.html?hub=${hub.address}`);
  await page.getByRole("button", { name: "Busy", exact: true }).click();
  await page.getByRole("status").getByText("Busy", { exact: true }).waitFor();
  await page
    .getByRole("button", { name: "Appear away" })
    .or(page.getByRole("button", { name: "Away" }))
    .first()
    .click();
  await page.getByRole("listitem").nth(1).waitFor();
  assert.match((await page.getByRole("listitem").allInnerTexts())[0], /^Busy$/);
  nobodyComplained();
});
