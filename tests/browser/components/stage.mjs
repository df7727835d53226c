// One element of the pages, alone in the browser: built from `web/stage`, shown without any hub.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { listenForComplaints, openBrowser } from "../browser.mjs";

/** The folder of the pages; their packages are installed there. */
const WEB = process.env["WEB"];
/** Nothing leaves the browser: whatever this host is asked for is answered here. */
const ADDRESS = "http://stage.example";

let browser;
let page;

before(async () => {
  const [opened, files] = await Promise.all([openBrowser(), built()]);
  browser = opened;
  page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  await page.route(`${ADDRESS}/**`, (route) => route.fulfill(files.get(new URL(route.request().url()).pathname)));
  page.setDefaultTimeout(10_000);
  listenForComplaints(page, "stage");
  await page.goto(ADDRESS);
});

after(() => browser?.close());

async function built() {
  const vite = await import(pathToFileURL(join(WEB, "node_modules/vite/dist/node/index.js")).href);
  const { output } = await vite.build({
    configFile: false,
    root: WEB,
    logLevel: "error",
    build: { write: false, minify: false, target: "es2023", rolldownOptions: { input: join(WEB, "stage/stage.ts") } },
  });
  const script = output.find((file) => file.type === "chunk").code;
  const style = output.find((file) => file.fileName.endsWith(".css")).source;
  const document = `<!doctype html><html lang="en"><head><title>Stage</title><link rel="icon" href="data:,">
    <link rel="stylesheet" href="/stage.css"><script type="module" src="/stage.js"></script></head>
    <body></body></html>`;
  return new Map([
    ["/", { contentType: "text/html", body: document }],
    ["/stage.js", { contentType: "text/javascript", body: script }],
    ["/stage.css", { contentType: "text/css", body: style }],
  ]);
}

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
