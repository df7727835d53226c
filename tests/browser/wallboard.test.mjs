// The board for a large screen that nobody touches, in a real browser, against a real hub.

import assert from "node:assert/strict";
import { test } from "node:test";
import { forgives, nobodyComplained } from "./browser.mjs";
import { anAgent, anotherHub, aSupervisor, begins, hub, people } from "./scene.mjs";

begins();

/** The page looks so often whether it is another by now, or somebody signed in. */
const LOOKS_EVERY = 60_000;

/** A wallboard whose clock a test can put forward. */
async function aWallboard(t) {
  await anAgent(t, 0);
  const { page } = await aSupervisor(t);
  await page.clock.install();
  await page.goto(`${hub.address}/board?wall=1`);
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
}

test("a wallboard shows what is over, counts and teams, and lives over a hub that is killed", async (t) => {
  const another = await anotherHub(t, {});
  const at = another.address;
  const agent = await anAgent(t, 0, { at });
  await agent.chooses("Available");
  const supervisor = await aSupervisor(t, { at });
  const { page } = supervisor;
  await page.goto(`${at}/board?wall=1`);
  await page.getByText("Live", { exact: true }).waitFor();
  const available = page.getByRole("listitem").filter({ hasText: "Available" }).getByRole("strong");
  assert.equal(await available.innerText(), "1");
  assert.equal(await supervisor.overflow(), 0);
  await another.isKilled();
  await page.getByText("Disconnected", { exact: true }).waitFor();
  await another.starts();
  await page.getByText("Live", { exact: true }).waitFor();
  await agent.chooses("Busy");
  await page.getByRole("listitem").filter({ hasText: "Busy" }).getByText("1", { exact: true }).waitFor();
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  forgives(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection/);
  nobodyComplained();
});

test("a wallboard loads itself anew once the hub has another page", async (t) => {
  const page = await aWallboard(t);
  // As after an upgrade: what is asked for by the page has another tag than the page has.
  await page.route("**/board", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), etag: '"of the next version"' } });
  });
  const loaded = page.waitForEvent("load");
  await page.clock.fastForward(LOOKS_EVERY);
  await loaded;
  await page.getByText("Live", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).search, "?wall=1");
  nobodyComplained();
});

test("a wallboard whose sign-in was ended says so, and shows the floor again once somebody signs in there", async (t) => {
  const page = await aWallboard(t);
  const origin = hub.address;
  const asks = (method, data) => page.request.fetch(`${origin}/session`, { method, headers: { origin }, data });
  assert.equal((await asks("DELETE")).status(), 204);
  await page.getByText("This screen is not signed in any more.").waitFor();
  await page.clock.fastForward(LOOKS_EVERY);
  assert.equal(await page.getByText("Live", { exact: true }).count(), 0);
  assert.equal((await asks("POST", { demo: people.supervisor.subject })).status(), 204);
  const loaded = page.waitForEvent("load");
  await page.clock.fastForward(LOOKS_EVERY);
  await loaded;
  await page.getByText("Live", { exact: true }).waitFor();
  forgives(/401/);
  nobodyComplained();
});
