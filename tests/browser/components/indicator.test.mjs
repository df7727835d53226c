// The indicator alone: what it shows of a presence, and how one is chosen in its dialog.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, nobodyComplained } from "../browser.mjs";
import { aPresence, isFocused, onStage, sample } from "./stage.mjs";

const PRESENCES = [
  aPresence("available", "Available", { basePresenceStatus: "AVAILABLE" }),
  aPresence("busy", "Busy", { basePresenceStatus: "BUSY" }),
  aPresence("training", "Training", { basePresenceStatus: "BUSY", builtIn: false, description: "in a course" }),
];
const NINE = Date.parse("2026-03-02T09:00:00.000Z");

const anAgent = (over) => ({
  ...sample("shape.AgentPresence"),
  presence: PRESENCES[1],
  since: "2026-03-02T08:59:48.000Z",
  heldSince: "2026-03-02T08:47:55.000Z",
  ...over,
});

/** The indicator of an agent, and what a person finds of it. */
async function shown(over = {}, presences = PRESENCES) {
  const { page, stage } = await onStage("indicator", anAgent(over), presences, NINE);
  const dialog = page.getByRole("dialog");
  const button = page.getByRole("button", { name: /^Your presence/ });
  return {
    page,
    stage,
    dialog,
    button,
    opens: async () => {
      await button.click();
      await dialog.waitFor();
    },
    radio: (name) => dialog.getByRole("radio", { name }),
    press: (name) => dialog.getByRole("button", { name }),
    asked: () => stage.evaluate(({ asked }) => asked.questions),
    answers: (answer) => stage.evaluate(({ asked }, answer) => asked.answer(answer), answer),
    hears: (frame) => stage.evaluate((stage, frame) => stage.hears(frame), frame),
    links: (link) => stage.evaluate((stage, link) => stage.links(link), link),
    isClosed: () => dialog.waitFor({ state: "hidden" }),
  };
}

async function opened(over, presences) {
  const indicator = await shown(over, presences);
  await indicator.opens();
  return indicator;
}

test("the button says the presence to everyone and the time in it to the eye, and has no accessibility fault", async () => {
  const { page, button } = await shown();
  await page.getByRole("button", { name: "Your presence: Busy", exact: true }).waitFor();
  assert.match(await button.innerText(), /12:05/);
  assert.deepEqual(await accessibilityFaults(page), []);
  nobodyComplained();
});

test("the dialog is named by its title, says why the presence is what it is, and has no accessibility fault", async () => {
  const { page, dialog, button } = await opened({ origin: "AUTOMATIC", eventName: "SESSION_ASSIGNED" });
  await page.getByRole("dialog", { name: "Set your presence status", exact: true }).waitFor();
  await dialog.getByText("Busy, because you have open work.").waitFor();
  assert.equal(await dialog.evaluate((dialog) => dialog.matches(":modal")), true);
  assert.equal(await isFocused(button), false);
  assert.deepEqual(await accessibilityFaults(page), []);
});

for (const [how, close] of [
  ["escape", ({ page }) => page.keyboard.press("Escape")],
  ["cancel", ({ press }) => press("Cancel").click()],
]) {
  test(`${how} closes the dialog, asks nothing, and gives the focus back to the indicator`, async () => {
    const indicator = await opened();
    await close(indicator);
    await indicator.isClosed();
    assert.deepEqual(await indicator.asked(), []);
    assert.ok(await isFocused(indicator.button));
  });
}

test("the dialog opens with what is set: presence, end and reason, and the arrow keys choose another", async () => {
  const until = "2026-03-03T09:49:00.000Z";
  const { page, dialog, radio } = await opened({
    until,
    reason: "a course",
    origin: "AGENT",
    eventName: "SET_PRESENCE",
  });
  assert.ok(await radio("Busy").isChecked());
  assert.ok(await isFocused(radio("Busy")));
  assert.equal(await dialog.getByLabel(/^Reason/).inputValue(), "a course");
  assert.match(
    await dialog.getByLabel("How long").locator("option:checked").innerText(),
    /^Until tomorrow, .*as it is$/,
  );
  await page.keyboard.press("ArrowDown");
  assert.ok(await radio("Training").isChecked());
  await dialog.getByText("in a course").waitFor();
  // What belonged to the other presence goes with it.
  assert.equal(await dialog.getByLabel(/^Reason/).inputValue(), "");
  assert.equal(await dialog.getByLabel("How long").inputValue(), "");
});

test("what no end means is said for the presence that is chosen", async () => {
  const away = aPresence("away", "Away", { basePresenceStatus: "AWAY" });
  const { dialog, radio } = await opened({}, [...PRESENCES, away]);
  const first = () => dialog.getByLabel("How long").locator("option").first().innerText();
  assert.equal(await first(), "Until work begins or ends");
  await radio("Away").check();
  assert.equal(await first(), "Until I change it");
});

test("what is chosen for a while ends by the hub's time, then goes to the chosen next, with the reason without blanks", async () => {
  const { dialog, radio, press, asked, answers, button, isClosed } = await opened();
  await radio("Training").check();
  await dialog.getByLabel("How long").selectOption("30 minutes");
  await dialog.getByLabel("Then").selectOption("Available");
  await dialog.getByLabel(/^Reason/).fill("  a course ");
  await press("Set presence").click();
  const until = "2026-03-02T09:30:00.000Z";
  const choice = { presenceId: "training", until, nextPresenceId: "available", reason: "a course" };
  assert.deepEqual(await asked(), [choice]);
  assert.ok(await press("Set presence").isDisabled());
  await answers(null);
  await isClosed();
  assert.ok(await isFocused(button));
});

test("an end at a time of day needs the time, and one that is tomorrow says so before it is set", async () => {
  const { page, dialog, press, asked, stage } = await opened();
  await dialog.getByLabel("How long").selectOption("Until a time…");
  const time = dialog.getByLabel("Time of day");
  assert.ok(await isFocused(time));
  await press("Set presence").click();
  assert.notEqual(await time.evaluate((time) => time.validationMessage), "");
  assert.deepEqual(await asked(), []);
  const earlier = await stage.evaluate((_, now) => {
    const wall = new Date(now - 60_000);
    return `${wall.getHours()}`.padStart(2, "0") + ":" + `${wall.getMinutes()}`.padStart(2, "0");
  }, NINE);
  await time.fill(earlier);
  await dialog.getByText(/^Ends tomorrow, .*That is in 24 hours, longer than a shift\.$/).waitFor();
  await page.keyboard.press("Enter");
  assert.deepEqual(
    (await asked()).map(({ until }) => until),
    ["2026-03-03T08:59:00.000Z"],
  );
});

test("a refusal is told in the dialog, which stays open with what was entered", async () => {
  const { dialog, press, answers, isClosed } = await opened();
  await dialog.getByLabel(/^Reason/).fill("a course");
  await press("Set presence").click();
  await answers("This presence cannot be set.");
  await dialog.getByRole("alert").getByText("This presence cannot be set.").waitFor();
  assert.equal(await dialog.getByLabel(/^Reason/).inputValue(), "a course");
  assert.ok(await isFocused(press("Set presence")));
  await press("Set presence").click();
  await answers(null);
  await isClosed();
});

test("a change that comes while the dialog is open leaves what was entered", async () => {
  const { dialog, radio, hears } = await opened();
  await radio("Training").check();
  await dialog.getByLabel(/^Reason/).fill("a course");
  const { version } = sample("shape.AgentPresence");
  await hears({ type: "presence", agent: anAgent({ version: version + 1, presence: PRESENCES[0], origin: "AGENT" }) });
  await dialog.getByText("Available, because you chose it.").waitFor();
  assert.ok(await radio("Training").isChecked());
  assert.equal(await dialog.getByLabel(/^Reason/).inputValue(), "a course");
});

test("many presences are grouped by base status and found by their words in any order, without accents", async () => {
  const many = Array.from({ length: 12 }, (_, at) =>
    aPresence(`p${at}`, `Café ${at} Pause`, { basePresenceStatus: "AWAY" }),
  );
  const { dialog } = await opened({}, [...PRESENCES, ...many]);
  await dialog.getByText("Away", { exact: true }).waitFor();
  await dialog.getByLabel("Search").fill("pause cafe 11");
  await dialog.getByRole("radio").nth(1).waitFor({ state: "detached" });
  assert.equal(await dialog.getByRole("radio").count(), 1);
  await dialog.getByRole("radio", { name: "Café 11 Pause" }).waitFor();
  await dialog.getByLabel("Search").fill("nothing like it");
  await dialog.getByText("No presence has these words.").waitFor();
});

test("a hold has a banner with its reset below the indicator, also where the dialog is closed", async () => {
  const inactive = aPresence("inactive", "Inactive", { basePresenceStatus: "AWAY", canUserSet: false });
  const { page, stage } = await shown({ presence: inactive, hold: "MISSED", origin: "AUTOMATIC" });
  const banner = page.getByRole("group", { name: "Notices" });
  await banner.getByText("Inactive, because you missed a notification.").waitFor();
  await banner.getByRole("button", { name: "Reset presence" }).click();
  assert.equal(await stage.evaluate(({ resets }) => resets), 1);
  assert.deepEqual(await accessibilityFaults(page), []);
});

test("a supervisor's change is told with the new status, who and why, and read out", async () => {
  const { page, hears } = await shown();
  const { version } = sample("shape.AgentPresence");
  const actor = { type: "SUPERVISOR", id: "sam" };
  const dnd = aPresence("do-not-disturb", "Do not disturb", { basePresenceStatus: "BUSY_DO_NOT_DISTURB" });
  const set = { presence: dnd, origin: "SUPERVISOR", eventName: "SET_PRESENCE", heldBy: actor, reason: "coaching" };
  await hears({ type: "notice", code: "presenceSetBySupervisor", actor, reason: "coaching" });
  await hears({ type: "presence", agent: anAgent({ version: version + 1, ...set }) });
  const told = page.getByRole("group", { name: "Notices" });
  await told.getByText(/Supervisor sam set you to Do not disturb\. Reason: coaching/).waitFor();
  await page.getByRole("status").getByText("Do not disturb, because supervisor sam set it.").waitFor();
});

test("a presence that is not known names its cause and what can be done", async () => {
  const { page, links, opens, dialog, stage, press } = await shown();
  await links({ phase: "waiting", attempt: 3, retryAt: 9_000, code: 3001 });
  await page.getByRole("button", { name: "Your presence: Unknown · No network" }).waitFor();
  await opens();
  await dialog.getByText(/This computer has no network\..*What others see of you is not known right now\./).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await press("Reconnect now").click();
  assert.equal(await stage.evaluate(({ hurries }) => hurries), 1);
  await links({ phase: "ended", code: 4404, reason: "the agent is disabled", refusal: "agent_disabled" });
  await dialog.getByText(/The agent is disabled\./).waitFor();
  await dialog.getByText("Ask whoever administers the presence hub.").waitFor();
});

test("styles of the page stay out, and those of the indicator in", async () => {
  const { page, button } = await shown();
  const looks = () =>
    button.evaluate((button) => {
      const { fontSize, letterSpacing, textTransform, backgroundColor, padding } = getComputedStyle(button);
      return { fontSize, letterSpacing, textTransform, backgroundColor, padding };
    });
  const before = await looks();
  await page.addStyleTag({
    content:
      "* { font-size: 40px; letter-spacing: 9px; text-transform: uppercase; } button { background: red; padding: 50px; }",
  });
  assert.deepEqual(await looks(), before);
  const outside = page.locator("html");
  assert.equal(await outside.evaluate((html) => getComputedStyle(html).fontSize), "40px");
  await page.evaluate(() => document.querySelectorAll("style").forEach((style) => style.remove()));
});

test("at 320 pixels, with texts of 500 characters, nothing is wider than the screen", async (t) => {
  const long = aPresence("long", "Längstbenannte ".repeat(34).trim(), { description: "w".repeat(500) });
  const { page, opens } = await shown({ presence: long, reason: "r".repeat(500) }, [long, ...PRESENCES]);
  const size = page.viewportSize();
  t.after(() => page.setViewportSize(size));
  await page.setViewportSize({ width: 320, height: 640 });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await overflow(), 0);
  await opens();
  assert.equal(await overflow(), 0);
  const beyond = (dialog) => dialog.scrollWidth - dialog.clientWidth;
  assert.equal(await page.getByRole("dialog").evaluate(beyond), 0);
});
