// One element of the pages, alone in the browser: built from `web/stage`, shown without any hub.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { listenForComplaints, openBrowser } from "../browser.mjs";
import { show, WEB } from "./built.mjs";

let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  page.setDefaultTimeout(10_000);
  listenForComplaints(page, "stage");
  await show(page, "stage/stage.ts");
});

after(() => browser?.close());

/** A sample of the contract, as Rust's tests hold it. */
export function sample(name) {
  return JSON.parse(readFileSync(join(WEB, "../tests/wire", `${name}.json`), "utf8"));
}

export function aPresence(presenceId, presenceText, over = {}) {
  return { ...sample("shape.Presence"), presenceId, presenceName: presenceText, presenceText, ...over };
}

/** Clears the page and sets up one of the stages; gives the page and a handle of the stage. */
export async function onStage(name, ...given) {
  const stage = await page.evaluateHandle(
    ([name, given]) => {
      document.body.replaceChildren();
      return window.STAGES[name](...given);
    },
    [name, given],
  );
  return { page, stage };
}

export const isFocused = (locator) => locator.evaluate((element) => element.matches(":focus"));
