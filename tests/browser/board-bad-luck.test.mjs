// The supervisor's board when the browser, the hub or the shift has a bad moment.

import assert from "node:assert/strict";
import { test } from "node:test";
import { forgives, nobodyComplained } from "./browser.mjs";
import { anAgent, anotherHub, aSupervisor, begins, theWorkSystem } from "./scene.mjs";

begins();

test("a board whose page was frozen is right again once it runs", async (t) => {
  const agent = await anAgent(t, 0);
  await agent.chooses("Available");
  const supervisor = await aSupervisor(t);
  await supervisor.sees(agent, "Available");
  await supervisor.fallsAsleep(true);
  await agent.chooses("Busy");
  await agent.sees("Busy");
  await supervisor.wakesUp();
  await supervisor.sees(agent, "Busy");
  await supervisor.page.getByText("Live", { exact: true }).waitFor();
  nobodyComplained();
});

test("a change of several over a hub that stands still is not known, and then what it became", async (t) => {
  const another = await anotherHub(t, { SESSIONS__HEARTBEAT_INTERVAL: "1s" });
  const at = another.address;
  const agents = [await anAgent(t, 0, { at }), await anAgent(t, 1, { at })];
  for (const agent of agents) await agent.chooses("Available");
  const supervisor = await aSupervisor(t, { at });
  const { page } = supervisor;
  for (const agent of agents) await supervisor.sees(agent, "Available");
  await page.getByRole("checkbox", { name: "Select all listed agents" }).check();
  await page.getByRole("button", { name: "Change presence" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Busy", exact: true }).check();
  another.standsStill();
  await dialog.getByRole("button", { name: "Change presence" }).click();
  await dialog.getByText("The connection was lost before the hub answered.").first().waitFor();
  another.goesOn();
  await dialog.getByText(/^\d+ applied/).waitFor();
  await dialog.getByText("The connection was lost before the hub answered.").first().waitFor({ state: "detached" });
  for (const agent of agents) await supervisor.sees(agent, "Busy");
  forgives(/WebSocket|ERR_/);
  nobodyComplained();
});

test("whoever comes over a threshold is heard by who asked for a sound, once", async (t) => {
  const agent = await anAgent(t, 2);
  await agent.chooses("Available");
  const supervisor = await aSupervisor(t);
  const { page } = supervisor;
  await page.evaluate(() => {
    window.notes = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      window.notes += 1;
      return start.apply(this, when);
    };
  });
  await page.getByRole("button", { name: /^Thresholds/ }).click();
  await page.getByRole("checkbox", { name: /sound/i }).check();
  await page.keyboard.press("Escape");
  await supervisor.sees(agent, "Available");
  const work = await theWorkSystem(t);
  await work.isMissedBy(agent, "call-9");
  await supervisor.sees(agent, "Inactive");
  await page.waitForFunction(() => window.notes > 0);
  // Two notes are one chime.
  assert.equal(await page.evaluate(() => window.notes), 2);
  nobodyComplained();
});
