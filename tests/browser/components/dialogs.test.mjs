// The dialog in which a supervisor acts on others, alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, nobodyComplained } from "../browser.mjs";
import { aPresence, isFocused, onStage } from "./stage.mjs";

const PRESENCES = [
  aPresence("available", "Available", { basePresenceStatus: "AVAILABLE" }),
  aPresence("busy", "Busy", { basePresenceStatus: "BUSY" }),
  aPresence("training", "Training", { basePresenceStatus: "BUSY", builtIn: false, description: "in a course" }),
];

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

const acting = (deed, ...agentIds) => opened("actDialog", PRESENCES, deed, agentIds);

test("a supervisor's dialog is named by its title, keeps the rest of the page out, and has no accessibility fault", async () => {
  const { page, dialog, opener } = await acting("set", "a1");
  await page.getByRole("dialog", { name: "Change presence: Agent a1", exact: true }).waitFor();
  assert.equal(await dialog.evaluate((dialog) => dialog.matches(":modal")), true);
  assert.equal(await isFocused(opener), false);
  assert.deepEqual(await accessibilityFaults(page), []);
  nobodyComplained();
});

for (const [how, close] of [
  ["escape", ({ page }) => page.keyboard.press("Escape")],
  ["cancel", ({ button }) => button("Cancel").click()],
]) {
  test(`${how} closes a supervisor's dialog, asks nothing, and gives the focus back to the button that opened it`, async () => {
    const stage = await acting("set", "a1");
    await close(stage);
    await stage.isClosed();
    assert.deepEqual(await stage.asked(), []);
    assert.ok(await isFocused(stage.opener));
  });
}

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
