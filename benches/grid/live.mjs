// How smooth the board is beside a real hub: 10,000 simulated agents, sorted by time in status. The hub and the
// simulation have one core, the browser the other. `cargo build --release --locked`, `npm ci --ignore-scripts`, then
// `HUB=../../target/release/presence-hub taskset -c 1 node live.mjs [agents] [pace]`. CHROMIUM names the browser.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM, HEAD, measured, ready } from "./watching.mjs";

const [AGENTS, PACE] = [process.argv[2] ?? "10000", process.argv[3] ?? "3"];
const LISTEN = "127.0.0.1:7399";
const HUB = `http://${LISTEN}`;
const folder = mkdtempSync(join(tmpdir(), "board-"));
const env = {
  ...process.env,
  PRESENCE_HUB__SERVER__LISTEN: LISTEN,
  PRESENCE_HUB__STORAGE__PATH: join(folder, "data"),
};

/** On the core that the browser leaves alone. */
const begins = (...words) => spawn("taskset", ["-c", "0", process.env["HUB"], ...words], { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });

/** The newest position of the log: each change of an agent is one. */
async function kept() {
  const metrics = await (await fetch(`${HUB}/metrics`)).text();
  return Number(/^presence_hub_log_position (\S+)/m.exec(metrics)?.[1]);
}

const hub = begins();
await new Promise((listens) => hub.stdout.once("data", listens));
const floor = begins("simulate", "--agents", AGENTS, "--pace", PACE, "--hub", HUB);
try {
  const browser = await chromium.launch(CHROMIUM);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.on("pageerror", (error) => console.error(error));
  await page.goto(HUB);
  await page.getByRole("button", { name: "Sam Rivera" }).click();
  await page.waitForURL("**/board");
  await page.goto(`${HUB}/board?sort=since`);
  await page.evaluate(() => Object.assign(window, {
    scrolled: () => document.querySelector("presence-board")?.shadowRoot?.querySelector("agent-grid"),
  }));
  await ready(page);
  console.log(HEAD);
  const [from, began] = [await kept(), performance.now()];
  for (const line of await measured(page, "beside a hub")) console.log(line);
  const changes = ((await kept()) - from) / ((performance.now() - began) / 1000);
  console.log(`${changes.toFixed(0)} changes a second were kept meanwhile`);
  await browser.close();
} finally {
  floor.kill();
  hub.kill();
  rmSync(folder, { recursive: true, force: true });
}
