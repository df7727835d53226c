// Every component in all of its states, as `/styles` shows them while the pages are built: in both themes, dense, in
// forced colours, and as narrow as a phone or a screen at 400 %.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessibilityFaults, listenForComplaints, nobodyComplained, openBrowser } from "../browser.mjs";
import { show } from "./built.mjs";
import { differs } from "./pictures.mjs";

let browser;
let page;

before(async () => {
  browser = await openBrowser();
  const viewport = { width: 1180, height: 900 };
  page = await browser.newPage({ viewport, timezoneId: "UTC", locale: "en-US", reducedMotion: "reduce" });
  listenForComplaints(page, "styles");
  await show(page, "styles/page.ts", "<styles-page></styles-page>");
  await page.getByRole("heading", { name: "Grid" }).waitFor();
  await page.locator("ph-chart .plot canvas").waitFor();
});

after(() => browser?.close());

/** Every specimen that does not look as it should. */
async function unlike(look) {
  const found = [];
  for (const specimen of await page.locator("[data-specimen]").all()) {
    const name = (await specimen.getAttribute("data-specimen")).toLowerCase();
    found.push(await differs(specimen, `${name}-${look}`));
  }
  return found.filter((difference) => difference !== null);
}

const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const colorScheme of ["light", "dark"]) {
  test(`every component looks as it should, and can be used by everybody: ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme, forcedColors: "none" });
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(await unlike(colorScheme), []);
    nobodyComplained();
  });
}

test("compact is denser, and keeps targets that can be hit", async () => {
  const heights = () =>
    page.locator("button:visible").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  const comfortable = await heights();
  await page.evaluate(() => (document.documentElement.dataset.density = "compact"));
  const compact = await heights();
  await page.evaluate(() => delete document.documentElement.dataset.density);
  const sum = (all) => all.reduce((a, b) => a + b, 0);
  assert.ok(sum(compact) < sum(comfortable));
  // WCAG 2.2, 2.5.8.
  assert.ok(Math.min(...compact) >= 24, `${Math.min(...compact)} px`);
});

test("in forced colours what is pressed differs from what is not, and nothing is told by colour alone", async () => {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  const ground = (name) =>
    page
      .locator("[data-specimen=Button]")
      .getByRole("button", { name })
      .evaluate((button) => getComputedStyle(button).backgroundColor);
  assert.notEqual(await ground("Pressed"), await ground("Button"));
  assert.deepEqual(await unlike("forced"), []);
  await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
});

test("nothing is wider than a phone, which is 320 pixels, or 1280 at 400 %", async () => {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  assert.equal(await overflow(), 0);
  await page.setViewportSize(before);
});
