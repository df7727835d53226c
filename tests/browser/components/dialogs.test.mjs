// The two dialogs, each alone: how an agent chooses a presence, and how a supervisor acts on others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, nobodyComplained } from "../browser.mjs";
import { aPresence, isFocused, onStage } from "./stage.mjs";

const PRESENCES = [
  aPresence("available", "Available", { basePresenceStatus: "AVAILABLE" }),
  aPresence("busy", "Busy", { basePresenceStatus: "BUSY" }),
  aPresence("training", "Training", { basePresenceStatus: "BUSY", builtIn: false, description: "in a course" }),
];

const NINE = Date.parse("2026-03-02T09:00:00.000Z");

/** The dialog of this stage, opened by its button as a person does. */
async function opened(stageName, ...given) {
  const { page, stage } = await onStage(stageName, ...given);
  const opener = page.getByRole("button", { name: "Open" });
  await opener.click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  return {
    page,
    opener,
    dialog,
    radio: (name) => dialog.getByRole("radio", { name }),
    button: (name) => dialog.getByRole("button", { name }),
    asked: () => stage.evaluate(({ questions }) => questions),
    answers: (answer) => stage.evaluate((asked, answer) => asked.answer(answer), answer),
    isClosed: () => dialog.waitFor({ state: "hidden" }),
  };
}

const choosing = () => opened("presenceDialog", PRESENCES, "busy", NINE);
const acting = (deed, ...agentIds) => opened("actDialog", PRESENCES, deed, agentIds);

for (const [whose, open, title] of [
  ["an agent's", choosing, "Set your presence status"],
  ["a supervisor's", () => acting("set", "a1"), "Change presence: Agent a1"],
]) {
  test(`${whose} dialog is named by its title, keeps the rest of the page out, and has no accessibility fault`, async () => {
    const { page, dialog, opener } = await open();
    await page.getByRole("dialog", { name: title, exact: true }).waitFor();
    assert.equal(await dialog.evaluate((dialog) => dialog.matches(":modal")), true);
    assert.equal(await isFocused(opener), false);
    assert.deepEqual(await accessibilityFaults(page), []);
    nobodyComplained();
  });

  for (const [how, close] of [
    ["escape", ({ page }) => page.keyboard.press("Escape")],
    ["cancel", ({ button }) => button("Cancel").click()],
  ]) {
    test(`${how} closes ${whose} dialog, asks nothing, and gives the focus back to the button that opened it`, async () => {
      const stage = await open();
      await close(stage);
      await stage.isClosed();
      assert.deepEqual(await stage.asked(), []);
      assert.ok(await isFocused(stage.opener));
    });
  }
}

test("an agent's dialog begins with the current presence, and the arrow keys choose another", async () => {
  const { page, dialog, radio } = await choosing();
  assert.deepEqual(await dialog.getByRole("radio").evaluateAll((radios) => radios.map((radio) => radio.checked)), [
    false,
    true,
    false,
  ]);
  await radio("Busy").focus();
  await page.keyboard.press("ArrowDown");
  assert.ok(await radio("Training").isChecked());
  await dialog.getByText("in a course").waitFor();
});

test("what is chosen for a while ends by the hub's time, and the reason is sent without blanks around it", async () => {
  const { dialog, radio, button, asked, answers, opener, isClosed } = await choosing();
  await radio("Training").check();
  await dialog.getByLabel("How long").selectOption("30 minutes");
  await dialog.getByLabel(/^Reason/).fill("  a course ");
  await button("Set presence").click();
  const until = "2026-03-02T09:30:00.000Z";
  assert.deepEqual(await asked(), [{ presenceId: "training", until, reason: "a course" }]);
  assert.ok(await button("Set presence").isDisabled());
  await answers(null);
  await isClosed();
  assert.ok(await isFocused(opener));
});

test("an end at a time of day needs the time: the field says so, and nothing is asked", async () => {
  const { page, dialog, button, asked } = await choosing();
  await dialog.getByLabel("How long").selectOption("Until a time…");
  const time = dialog.getByLabel("Time of day");
  await time.waitFor();
  assert.ok(await isFocused(time));
  await button("Set presence").click();
  assert.notEqual(await time.evaluate((time) => time.validationMessage), "");
  assert.ok(await isFocused(time));
  assert.deepEqual(await asked(), []);
  await time.fill("10:30");
  await page.keyboard.press("Enter");
  assert.equal((await asked()).length, 1);
});

test("a refusal is told in the dialog, which stays open with what was entered", async () => {
  const { dialog, button, answers, isClosed } = await choosing();
  await dialog.getByLabel(/^Reason/).fill("a course");
  await button("Set presence").click();
  await answers("This presence cannot be set.");
  await dialog.getByRole("alert").getByText("This presence cannot be set.").waitFor();
  assert.equal(await dialog.getByLabel(/^Reason/).inputValue(), "a course");
  assert.ok(await isFocused(button("Set presence")));
  await button("Set presence").click();
  await answers(null);
  await isClosed();
});

test("an agent's dialog forgets what was entered when it is opened again", async () => {
  const { page, opener, dialog, radio, isClosed } = await choosing();
  await radio("Available").check();
  await dialog.getByLabel("How long").selectOption("Until a time…");
  await page.keyboard.press("Escape");
  await isClosed();
  await opener.click();
  await dialog.waitFor();
  assert.ok(await radio("Busy").isChecked());
  assert.equal(await dialog.getByLabel("Time of day").count(), 0);
});

test("a supervisor must choose a presence: the choice says so, and nothing is asked", async () => {
  const { radio, button, asked } = await acting("set", "a1");
  await button("Change presence").click();
  assert.notEqual(await radio("Available").evaluate((radio) => radio.validationMessage), "");
  assert.ok(await isFocused(radio("Available")));
  assert.deepEqual(await asked(), []);
});

test("each deed asks for what it needs, and names whom it is done to", async () => {
  const set = await acting("set", "a1", "a2");
  await set.page.getByRole("dialog", { name: "Change presence: 2 agents" }).waitFor();
  await set.radio("Busy").check();
  await set.dialog.getByLabel(/^Reason/).fill("coaching");
  await set.button("Change presence").click();
  const deed = { type: "set", presenceId: "busy", reason: "coaching" };
  assert.deepEqual(await set.asked(), [{ deed, agentIds: ["a1", "a2"] }]);

  const reset = await acting("reset", "a1");
  assert.equal(await reset.dialog.getByRole("textbox").count(), 0);
  await reset.button("Reset presence").click();
  assert.deepEqual(await reset.asked(), [{ deed: { type: "reset" }, agentIds: ["a1"] }]);

  const signOut = await acting("sign-out", "a1");
  assert.equal(await signOut.dialog.getByRole("radio").count(), 0);
  await signOut.dialog.getByLabel(/^Reason/).fill("the shift is over");
  await signOut.button("Sign out").click();
  assert.deepEqual(await signOut.asked(), [
    { deed: { type: "sign-out", reason: "the shift is over" }, agentIds: ["a1"] },
  ]);
});

test("what became of each agent is told, refusals first, and the focus returns when it was read", async () => {
  const { page, dialog, button, answers, opener, isClosed } = await acting("reset", "a1", "a2");
  await button("Reset presence").click();
  assert.ok(await button("Reset presence").isDisabled());
  await answers([
    { agentId: "a1", became: { is: "done" } },
    { agentId: "a2", became: { is: "refused", why: "There is nothing to reset." } },
  ]);
  await dialog.getByRole("status").getByText("1 applied, 1 not", { exact: true }).waitFor();
  const results = await dialog.getByRole("list", { name: "Results" }).getByRole("listitem").allInnerTexts();
  assert.deepEqual(
    results.map((text) => text.split(/\s*\n\s*/)),
    [
      ["Agent a2", "There is nothing to reset."],
      ["Agent a1", "Applied"],
    ],
  );
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.ok(await isFocused(button("Close")));
  await page.keyboard.press("Enter");
  await isClosed();
  assert.ok(await isFocused(opener));
});

test("of very many agents the first hundred are named, and how many more there are", async () => {
  const agentIds = Array.from({ length: 120 }, (_, at) => `a${at}`);
  const { dialog, button, answers } = await acting("reset", ...agentIds);
  await button("Reset presence").click();
  await answers(agentIds.map((agentId) => ({ agentId, became: { is: "done" } })));
  await dialog.getByText("and 20 more").waitFor();
  assert.equal(await dialog.getByRole("listitem").count(), 100);
});

test("what is set for a while says when it ends before it is set, and what follows then", async () => {
  const { dialog, radio, button, asked } = await acting("set", "a1");
  await radio("Training").check();
  await dialog.getByLabel("How long").selectOption("30 minutes");
  await dialog.getByText(/^Ends at /).waitFor();
  await dialog.getByLabel("Then").selectOption("Busy");
  await button("Change presence").click();
  const deed = { type: "set", presenceId: "training", reason: "", until: "2026-03-02T09:30:00.000Z", next: "busy" };
  assert.deepEqual(await asked(), [{ deed, agentIds: ["a1"] }]);
});

test("what the hub could not say is not told as a refusal", async () => {
  const { dialog, button, answers } = await acting("reset", "a1");
  await button("Reset presence").click();
  await answers([{ agentId: "a1", became: { is: "unknown" } }]);
  await dialog.getByText("0 applied, 1 not known yet", { exact: true }).waitFor();
  await dialog.getByText("The connection was lost before the hub answered").waitFor();
});
