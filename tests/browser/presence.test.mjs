// Agents and supervisors in a real browser, against a real hub.

import assert from "node:assert/strict";
import { test } from "node:test";
import { forgives, nobodyComplained, pictured } from "./browser.mjs";
import { anAgent, anotherHub, aSupervisor, begins, hub, theWorkSystem } from "./scene.mjs";

begins();

/** One agent at the desk and a supervisor who looks for them on the board. */
async function onTheFloor(t, which, options) {
  const agent = await anAgent(t, which, options);
  const supervisor = await aSupervisor(t, options);
  await supervisor.looksFor(agent);
  return { agent, supervisor };
}

test("what an agent chooses in the dialog, the supervisor sees", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 0);
  await agent.chooses("Busy");
  await agent.sees("Busy");
  await supervisor.sees(agent, "Busy");
  await agent.chooses("Available");
  await supervisor.sees(agent, "Available");
  nobodyComplained();
});

test("what a supervisor sets, the agent sees and is told, with the reason", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 0);
  await supervisor.changes(agent, "Do not disturb", "Coaching until noon");
  await agent.sees("Do not disturb");
  await agent.isTold(/Coaching until noon/);
  await supervisor.closesTheDialog();
  await supervisor.sees(agent, "Do not disturb");
  nobodyComplained();
});

test("a closed window is Offline at once, and a return in time restores what was chosen", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 1);
  await agent.chooses("Busy");
  await supervisor.sees(agent, "Busy");
  await agent.closesTheWindow();
  await supervisor.sees(agent, "Offline");
  await agent.comesBack();
  await agent.sees("Busy");
  await supervisor.sees(agent, "Busy");
  nobodyComplained();
});

test("an announced reload is never shown as Offline", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 1);
  await agent.chooses("Busy");
  await supervisor.sees(agent, "Busy");
  const before = supervisor.states.length;
  await agent.reloadsByKey();
  await agent.chooses("Available");
  await supervisor.sees(agent, "Available");
  const shown = supervisor.states.slice(before).filter((state) => state.agentId === agent.subject);
  assert.ok(shown.length > 0);
  assert.deepEqual(
    shown.filter((state) => state.presenceId === "offline"),
    [],
  );
  nobodyComplained();
});

/** One that gives sleeping pages up soon. */
const BRISK = { SESSIONS__HEARTBEAT_INTERVAL: "1s", SESSIONS__PAGE_TIMEOUT: "3s" };

for (const [which, word, where] of [
  ["that says so", true, () => hub],
  ["that cannot say so", false, (t) => anotherHub(t, BRISK)],
]) {
  test(`a frozen page ${which} is Offline, and what it was once it runs again`, async (t) => {
    const { agent, supervisor } = await onTheFloor(t, 0, { at: (await where(t)).address });
    await agent.chooses("Busy");
    await supervisor.sees(agent, "Busy");
    await agent.fallsAsleep(word);
    await supervisor.sees(agent, "Offline");
    assert.equal(supervisor.causeOf(agent), "PAGE_ASLEEP");
    await agent.wakesUp();
    await supervisor.sees(agent, "Busy");
    nobodyComplained();
  });
}

test("a missed notification says so on both pages, until the agent resets it", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 2);
  await agent.chooses("Available");
  const work = await theWorkSystem(t);
  await work.isMissedBy(agent, "call-1");
  await agent.sees("Inactive");
  await agent.isHeld("Inactive, because you missed a notification.");
  await supervisor.sees(agent, "Inactive");
  await supervisor.row(agent).getByText("Missed", { exact: true }).waitFor();
  await agent.resets();
  await agent.sees("Available");
  await supervisor.sees(agent, "Available");
  nobodyComplained();
});

test("an agent sees the offers and the work that is open, what ends them, and its own day", async (t) => {
  const agent = await anAgent(t, 3);
  await agent.chooses("Available");
  const work = await theWorkSystem(t);
  await work.offers(agent, "call-7");
  const offered = agent.page.getByRole("region", { name: "Offers and open work" });
  await offered.getByText("call-7").waitFor();
  await offered.getByText(/^missed in \d+:\d\d$/).waitFor();
  await work.assigns(agent, "call-7");
  await offered.getByText("Active", { exact: true }).waitFor();
  await agent.sees("Busy");
  await agent.page.getByText("Busy, because you have open work.").first().waitFor();
  const day = agent.page.getByRole("region", { name: "Your day" });
  await day.getByText(/^All \d+ stretches$/).click();
  await day
    .getByRole("listitem")
    .getByText(/^Busy, /)
    .first()
    .waitFor();
  await pictured(agent.page, "desk");
  assert.deepEqual(await agent.accessibilityFaults(), []);
  nobodyComplained();
});

test("the tab says the status, and who wants to be told of a change by others is", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 4);
  await agent.chooses("Available");
  await agent.page.waitForFunction(() => document.title === "Available · Agent desk");
  await agent.wantsToBeNotified();
  await supervisor.changes(agent, "Do not disturb", "Coaching");
  await agent.page.waitForFunction(() => document.title === "Do not disturb · Agent desk");
  const icon = await agent.page.locator("link[rel=icon]").getAttribute("href");
  assert.match(icon, /do-not-disturb/);
  assert.equal((await agent.page.request.get(new URL(icon, agent.page.url()).href)).status(), 200);
  const [text, ...others] = await agent.notifications();
  assert.match(text, /set you to Do not disturb\. Reason: Coaching$/);
  assert.deepEqual(others, []);
  nobodyComplained();
});

test("whoever signs out while the hub is gone stays gone, and reads that the hub was not told", async (t) => {
  const agent = await anAgent(t, 4);
  await agent.page.route("**/session", (route) => route.abort());
  let opened = 0;
  agent.page.on("websocket", () => (opened += 1));
  await agent.page.getByRole("button", { name: "Sign out" }).click();
  await agent.page.getByText("Not signed out: there was no answer.").waitFor();
  await agent.sees("Unknown · Not connected");
  await agent.page.evaluate(() => void window.dispatchEvent(new Event("online")));
  await agent.sees("Unknown · Not connected");
  assert.equal(opened, 0);
  forgives(/net::ERR_FAILED/);
});

test("a board without its hub says since when it may be wrong, and catches up", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 0);
  await agent.chooses("Available");
  await supervisor.sees(agent, "Available");
  await supervisor.losesTheHub();
  const doubt = supervisor.page.getByText(/may be out of date since \d/);
  await doubt.waitFor();
  await agent.chooses("Busy");
  await agent.sees("Busy");
  await supervisor.findsTheHubAgain();
  await supervisor.sees(agent, "Busy");
  await doubt.waitFor({ state: "detached" });
  nobodyComplained();
});

test("the pages have no serious accessibility fault, in either colour scheme", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 0);
  await agent.opensTheDialog();
  for (const colorScheme of ["light", "dark"]) {
    for (const person of [agent, supervisor]) {
      await person.page.emulateMedia({ colorScheme });
      assert.deepEqual(await person.accessibilityFaults(), [], `${person.constructor.name}, ${colorScheme}`);
    }
  }
  await agent.page.keyboard.press("Escape");
  assert.deepEqual(await agent.accessibilityFaults(), []);
  await supervisor.changes(agent, "Busy", "");
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  await supervisor.page.goto(new URL("/", supervisor.page.url()).href);
  await supervisor.page.getByRole("link", { name: "Supervisor board" }).waitFor();
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  nobodyComplained();
});

test("an agent reads what others changed, and disputes it; the entry stays and the note stands beside it", async (t) => {
  const { agent, supervisor } = await onTheFloor(t, 0);
  await supervisor.changes(agent, "Do not disturb", "Was not at the desk");
  await agent.sees("Do not disturb");
  const { page } = agent;
  await page.getByText("Your week, and what is recorded about you").click();
  await page.getByRole("group", { name: "Days" }).getByRole("button").nth(6).waitFor();
  await page.getByRole("radio", { name: "Changed by others" }).check();
  const entry = page.getByRole("list", { name: "Entries" }).getByRole("listitem").first();
  await entry.getByText(/by supervisor Sam Rivera · Was not at the desk$/).waitFor();
  await entry.getByRole("button", { name: /^Dispute the entry Do not disturb/ }).click();
  await entry.getByRole("button", { name: "Add the note" }).click();
  await entry.getByRole("alert").getByText("Say what is wrong.").waitFor();
  await entry.getByRole("textbox").fill("I was in a call\nthat was not reported");
  await entry.getByRole("button", { name: "Add the note" }).click();
  await entry.getByText(/^You disputed this .*: I was in a call that was not reported$/).waitFor();
  await page.getByRole("status").getByText("Your note stands beside the entry now.").waitFor();
  // What others change meanwhile comes to the list.
  await supervisor.closesTheDialog();
  await supervisor.changes(agent, "Busy", "Back at work");
  await page.getByText(/by supervisor Sam Rivera · Back at work$/).waitFor();
  // Over a reload it is all still there.
  await agent.reloadsByKey();
  await page.getByText("Your week, and what is recorded about you").click();
  await page.getByText(/^You disputed this .*: I was in a call that was not reported$/).waitFor();
  nobodyComplained();
});
