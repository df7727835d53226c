// How smooth a board of 10,000 agents is at 1,000 changes a second, sorted by time in status: the page itself, its grid
// alone, and two libraries. `npm ci --ignore-scripts`, then `node bench.mjs [board own tanstack ag-grid]`; Vite is that
// of `web/` (`npm ci --ignore-scripts` there). CHROMIUM names the browser.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { CHROMIUM, HEAD, measured, ready } from "./watching.mjs";

const HERE = import.meta.dirname;
const WEB = join(HERE, "../../web");
const ADDRESS = "http://bench.example";
const VARIANTS = process.argv.length > 2 ? process.argv.slice(2) : ["board", "own", "tanstack", "ag-grid"];

async function built(variant) {
  const vite = await import(pathToFileURL(join(WEB, "node_modules/vite/dist/node/index.js")).href);
  const { output } = await vite.build({
    configFile: false, root: HERE, logLevel: "error",
    resolve: { alias: { lit: join(WEB, "node_modules/lit") } },
    build: { write: false, target: "es2023", modulePreload: false, rolldownOptions: { input: join(HERE, `${variant}.ts`) } },
  });
  const files = new Map();
  for (const file of output) {
    const script = file.type === "chunk";
    files.set(`/${file.fileName}`, { contentType: script ? "text/javascript" : "text/css", body: script ? file.code : file.source });
  }
  const entry = output.find((file) => file.isEntry).fileName;
  const style = output.find((file) => file.fileName.endsWith(".css"))?.fileName;
  const body = `<!doctype html><html lang="en"><head><title>Bench</title><link rel="icon" href="data:,">
    <link rel="stylesheet" href="/${style}"><script type="module" src="/${entry}"></script></head><body></body></html>`;
  files.set("/", { contentType: "text/html", body });
  const bytes = output.filter(({ type }) => type === "chunk").reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  return { files, kilobytes: bytes / 1000 };
}

async function measure(browser, variant) {
  const { files, kilobytes } = await built(variant);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.on("pageerror", (error) => console.error(variant, error));
  await page.route(`${ADDRESS}/**`, (route) => route.fulfill(files.get(new URL(route.request().url()).pathname) ?? { status: 404 }));
  await page.goto(ADDRESS);
  await ready(page);
  for (const line of await measured(page, variant, kilobytes.toFixed(0))) console.log(line);
  await page.close();
}

console.log(HEAD);
const browser = await chromium.launch(CHROMIUM);
for (const variant of VARIANTS) await measure(browser, variant);
await browser.close();
