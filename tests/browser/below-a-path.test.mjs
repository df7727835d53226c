// The pages of a hub that a proxy serves below a path, which the proxy keeps or takes off.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nobodyComplained } from "./browser.mjs";
import { Agent, Supervisor } from "./people.mjs";
import { strippingProxy } from "./proxy.mjs";
import { begins, comes, hub, people } from "./scene.mjs";

const PATH = "/presence";

begins(() => ({ SERVER__PUBLIC_URL: `http://hub.example${PATH}` }));

for (const [what, address] of [
  ["keeps", () => `${hub.address}${PATH}`],
  ["takes off", (t) => strippingProxy(t, hub.address, PATH)],
]) {
  test(`desk and board live below a path that the proxy ${what}`, async (t) => {
    const at = await address(t);
    const agent = await comes(t, Agent, people.agents[0], `${PATH}/desk`, { at });
    const supervisor = await comes(t, Supervisor, people.supervisor, `${PATH}/board`, { at });
    await agent.chooses("Busy");
    await supervisor.sees(agent, "Busy");
    const cookies = await agent.page.context().cookies();
    assert.deepEqual(
      cookies.map(({ path }) => path),
      [PATH],
    );
    await agent.page.getByRole("link", { name: "Presence hub" }).click();
    await agent.page.waitForURL(`${at}/`);
    nobodyComplained();
  });
}
