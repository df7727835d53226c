// The pages of a hub that a proxy serves below a path, which the proxy keeps or takes off.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nobodyComplained, openBrowser } from "./browser.mjs";
import { Agent, demoPeople, Supervisor } from "./people.mjs";
import { strippingProxy } from "./proxy.mjs";

const PATH = "/presence";
const HUB = process.env["HUB"];
let browser;
let people;

before(async () => {
  browser = await openBrowser();
  people = await demoPeople();
});
after(() => browser.close());

for (const [what, address] of [
  ["keeps", () => `${HUB}${PATH}`],
  ["takes off", (t) => strippingProxy(t, HUB, PATH)],
]) {
  test(`desk and board live below a path that the proxy ${what}`, async (t) => {
    const hub = await address(t);
    const agent = await Agent.signsIn(browser, people.agents[0], `${PATH}/desk`, hub);
    t.after(() => agent.leaves());
    const supervisor = await Supervisor.signsIn(browser, people.supervisor, `${PATH}/board`, hub);
    t.after(() => supervisor.leaves());
    await agent.chooses("Busy");
    await supervisor.sees(agent, "Busy");
    const cookies = await agent.page.context().cookies();
    assert.deepEqual(
      cookies.map(({ path }) => path),
      [PATH],
    );
    await agent.page.getByRole("link", { name: "Presence hub" }).click();
    await agent.page.waitForURL(`${hub}/`);
    nobodyComplained();
  });
}
