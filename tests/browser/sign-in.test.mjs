// People sign in at a real identity provider, in a real browser, to a real hub.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { accessibilityFaults, listenForComplaints, nobodyComplained } from "./browser.mjs";
import { settingsOf, startProvider } from "./provider.mjs";
import { anotherHub, aPage, begins, browser, hub } from "./scene.mjs";

const HOUR = 3600;
let provider;

begins(
  async (address) => {
    provider = await startProvider(address);
    return { ...settingsOf(provider), SERVER__TEST_CLOCK: "true" };
  },
  () => hub.says("the keys that tokens are verified with were read"),
);
after(() => provider?.isDown());

/** Somebody in a browser of their own, with verbs that read as the specification. */
class Person {
  static async comes(t, name) {
    const person = new this();
    person.name = name;
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    person.context = context;
    person.page = await person.opensAPage();
    t.after(() => context.close());
    return person;
  }

  /** Somebody who signs in and lands on that page. */
  static async signsIn(t, name, page) {
    const person = await this.comes(t, name);
    await person.goes(`?to=${page}`);
    await person.signsInAtTheProvider();
    await person.isOn(page);
    return person;
  }

  async opensAPage() {
    const page = await this.context.newPage();
    listenForComplaints(page, this.name);
    page.on("websocket", (socket) => (this.socket = socket));
    return page;
  }

  async goes(path) {
    await this.page.goto(`${hub.address}/${path}`);
  }

  async signsInAtTheProvider(page = this.page) {
    await page.getByRole("link", { name: "Sign in with Example" }).click();
    await page.getByLabel("Account").fill(this.name);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async isOn(page) {
    await this.page.waitForURL(`${hub.address}/${page}`);
    if (page === "desk") await this.page.getByRole("button", { name: /^Your presence: (?!Unknown)/ }).waitFor();
    if (page === "board") await this.page.getByRole("grid").getByRole("row").nth(1).waitFor();
  }

  async chooses(presence) {
    await this.page.getByRole("button", { name: /^Your presence/ }).click();
    await this.page.getByRole("radio", { name: presence, exact: true }).check();
    await this.page.getByRole("button", { name: "Set presence" }).click();
    await this.page.getByRole("button", { name: `Your presence: ${presence}` }).waitFor();
  }

  async isToldThatItsSignInHasEnded() {
    await this.page
      .getByText(/your sign-in has ended\./)
      .first()
      .waitFor();
  }

  async cookies() {
    return (await this.context.cookies(hub.address)).filter(({ domain }) => domain === "127.0.0.1");
  }

  /** Asks the API as a page of this browser does. */
  async asks(path, method = "GET") {
    const headers = { origin: hub.address };
    const answer = await this.context.request.fetch(`${hub.address}/${path}`, { method, headers });
    return { status: answer.status(), body: await answer.json().catch(() => null) };
  }

  /** Waits until its socket's credentials go on. */
  async isRenewed() {
    const { payload } = await this.socket.waitForEvent(
      "framereceived",
      // What was asked for is answered as text, also where boards are told what happens deflated.
      ({ payload }) => typeof payload === "string" && JSON.parse(payload).result?.tokenExpiresAt !== undefined,
    );
    return Date.parse(JSON.parse(payload).result.tokenExpiresAt);
  }

  async sessionsOf(subject) {
    const { status, body } = await this.asks(`api/v1/sessions?subject=${subject}`);
    assert.equal(status, 200);
    return body.items;
  }
}

test("a person signs in, and sees what the groups at the provider say", async (t) => {
  const ada = await Person.comes(t, "ada");
  await ada.goes("desk");
  await ada.page.getByRole("link", { name: "Go to sign-in" }).click();
  await ada.page.getByRole("link", { name: "Sign in with Example" }).waitFor();
  assert.deepEqual(await accessibilityFaults(ada.page), []);
  await ada.signsInAtTheProvider();
  await ada.isOn("desk");
  const cookies = await ada.cookies();
  assert.deepEqual(
    cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]),
    [["presence-hub", true, "Strict"]],
    "the cookie of the sign-in under way is gone",
  );
  assert.match(cookies[0].value, /^phs_[\w-]{43}$/, "small whatever the tokens' size");
  const ben = await Person.signsIn(t, "ben", "desk");
  const sam = await Person.signsIn(t, "sam", "board");
  await sam.page.locator('[data-agent="ada"]').waitFor();
  assert.equal(await sam.page.locator('[data-agent="ben"]').count(), 0, "the groups limit to a team");
  await ada.chooses("Busy");
  await sam.page.locator('[data-agent="ada"] .presence').getByText("Busy", { exact: true }).waitFor();
  assert.equal((await ben.asks("api/v1/agents/ada/presence")).status, 403);
  nobodyComplained();
});

test("two tabs sign in at once, and one who has no role here is told so", async (t) => {
  const ada = await Person.comes(t, "ada");
  const other = await ada.opensAPage();
  for (const page of [ada.page, other]) {
    await page.goto(`${hub.address}/?to=desk`);
    await page.getByRole("link", { name: "Sign in with Example" }).click();
    await page.getByLabel("Account").waitFor();
  }
  for (const page of [ada.page, other]) {
    await page.getByLabel("Account").fill("ada");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${hub.address}/desk`);
  }
  const ben = await Person.comes(t, "ben");
  await ben.goes("");
  await ben.signsInAtTheProvider();
  await ben.isOn("desk");
  const cook = await Person.comes(t, "cook");
  await cook.goes("?to=desk");
  await cook.signsInAtTheProvider();
  await cook.page.getByText("You are known, and have no role in this hub.").waitFor();
  assert.deepEqual(await cook.cookies(), []);
  nobodyComplained();
});

test("an administrator sees a session, and revoking it closes its socket", async (t) => {
  const ada = await Person.signsIn(t, "ada", "desk");
  const alex = await Person.comes(t, "alex");
  await alex.goes("");
  await alex.signsInAtTheProvider();
  await alex.page.getByText("Signed in as").waitFor();
  const newest = (await alex.sessionsOf("ada")).at(-1);
  assert.deepEqual(
    [newest.subject, newest.name, newest.roles, newest.teams, newest.by, newest.address],
    ["ada", "Ada Lindqvist", ["agent"], ["billing"], "provider", "127.0.0.1"],
  );
  assert.equal((await ada.asks(`api/v1/sessions/${newest.sessionId}`, "DELETE")).status, 403);
  assert.equal((await alex.asks(`api/v1/sessions/${newest.sessionId}`, "DELETE")).status, 204);
  await ada.isToldThatItsSignInHasEnded();
  assert.equal((await ada.asks("api/v1/presences")).status, 401);
  await ada.page.getByRole("link", { name: "Go to sign-in" }).click();
  await ada.page.getByRole("link", { name: "Sign in with Example" }).click();
  await ada.isOn("desk");
});

test("the session outlives a hub that is killed", async (t) => {
  const ada = await Person.signsIn(t, "ada", "desk");
  await hub.isKilled();
  await ada.page.getByText("Reconnecting").first().waitFor();
  await hub.starts();
  await ada.page.getByText("Connected", { exact: true }).waitFor();
  await ada.chooses("Busy");
  await ada.chooses("Available");
});

test("signing out here signs out at the provider, and signing out at the provider signs out here", async (t) => {
  const ada = await Person.signsIn(t, "ada", "desk");
  await ada.page.getByRole("button", { name: "Sign out" }).click();
  await ada.page.waitForURL(`${provider.issuer}/session/end?*`);
  assert.deepEqual(await ada.cookies(), [], "it ended here first");
  await ada.page.getByRole("button", { name: /^Yes, sign me out/ }).click();
  await ada.page.waitForURL(`${hub.address}/`);
  await ada.page.getByRole("link", { name: "Sign in with Example" }).click();
  await ada.page.getByLabel("Account").waitFor();

  const ben = await Person.signsIn(t, "ben", "desk");
  const elsewhere = await ben.opensAPage();
  await elsewhere.goto(`${provider.issuer}/session/end`);
  await elsewhere.getByRole("button", { name: /^Yes, sign me out/ }).click();
  await ben.isToldThatItsSignInHasEnded();
  assert.deepEqual([provider.told.loggedOut.includes("ben"), provider.told.notHeard], [true, []]);
});

test("an open page stays signed in by renewal up to the end of its session, and is told then", async (t) => {
  const ada = await Person.signsIn(t, "ada", "desk");
  const socket = ada.socket;
  let before = 0;
  for (let hours = 1; hours <= 3; hours += 1) {
    const renewed = ada.isRenewed();
    await hub.timePasses(HOUR - 45);
    const until = await renewed;
    assert.ok(until > before, "each time for longer");
    before = until;
  }
  assert.equal(ada.socket, socket, "it is the same socket");
  await ada.chooses("Busy");
  await hub.timePasses(12 * HOUR);
  await ada.isToldThatItsSignInHasEnded();
  assert.equal((await ada.asks("api/v1/presences")).status, 401);
});

test("a provider whose clock is behind, or that is down, signs nobody in, and the page says so", async (t) => {
  const ben = await Person.comes(t, "ben");
  await ben.goes("?to=desk");
  await ben.signsInAtTheProvider();
  await ben.page.getByText("the hub did not believe its answer").waitFor();
  await ben.page.getByRole("link", { name: "Sign in with Example" }).waitFor();
  await hub.says("the token expired");
  await hub.isKilled();
  await provider.isDown();
  await hub.starts();
  const health = await (await fetch(`${hub.address}/readyz`)).json();
  assert.match(health.warning, /there are no keys/);
  await ben.goes("?to=desk");
  await ben.page.getByRole("link", { name: "Sign in with Example" }).click();
  await ben.page.getByText("Sign-in does not work right now").waitFor();
  await provider.isUp();
});

test("a browser that keeps no cookies is told so where it signs in", async (t) => {
  const demo = await anotherHub(t, {});
  const page = await aPage(t, "somebody");
  await page.route("**/session", async (route) => {
    const answer = await route.fetch();
    const { "set-cookie": _, ...headers } = answer.headers();
    await page.context().clearCookies();
    await route.fulfill({ response: answer, headers });
  });
  await page.goto(`${demo.address}/`);
  await page.getByRole("button").first().click();
  await page
    .getByRole("alert")
    .getByText(/your browser did not keep the sign-in/)
    .waitFor();
});
