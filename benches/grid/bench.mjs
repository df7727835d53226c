// How smooth a board of 10,000 agents is at 1,000 changes a second, sorted by time in status: the page itself, its grid
// alone, and two libraries. `npm ci --ignore-scripts`, then `node bench.mjs [board own tanstack ag-grid]`; Vite is that
// of `web/` (`npm ci --ignore-scripts` there). CHROMIUM names the browser.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const HERE = import.meta.dirname;
const WEB = join(HERE, "../../web");
const ADDRESS = "http://bench.example";
const SECONDS = 10;
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

/** Counts frames and long tasks within the page for some seconds; `by` is how far each frame scrolls. */
function watch([seconds, by]) {
  return new Promise((done) => {
    const element = window.scrolled();
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "longtask" });
    const gaps = [];
    const start = performance.now();
    let before = start;
    let down = by;
    const frame = (now) => {
      if (now > before) gaps.push(now - before);
      before = now;
      if (by !== 0) {
        const end = element.scrollHeight - element.clientHeight;
        if (element.scrollTop + down > end || element.scrollTop + down < 0) down = -down;
        element.scrollTop += down;
      }
      if (now - start < seconds * 1000) return void requestAnimationFrame(frame);
      observer.disconnect();
      gaps.sort((a, b) => a - b);
      const spent = gaps.reduce((sum, gap) => sum + gap, 0);
      done({
        fps: (gaps.length / spent) * 1000,
        slowest: gaps[Math.floor(gaps.length * 0.99)],
        long: long.length,
        longest: Math.max(0, ...long),
      });
    };
    requestAnimationFrame(frame);
  });
}

async function measure(browser, variant) {
  const { files, kilobytes } = await built(variant);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.on("pageerror", (error) => console.error(variant, error));
  await page.route(`${ADDRESS}/**`, (route) => route.fulfill(files.get(new URL(route.request().url()).pathname) ?? { status: 404 }));
  await page.goto(ADDRESS);
  await page.waitForFunction(() => (window.scrolled?.()?.scrollHeight ?? 0) > 300_000);
  await page.waitForTimeout(4000);
  const debug = await page.context().newCDPSession(page);
  await debug.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await debug.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  let still = 0;
  for (const [how, by] of [["still", 0], ["scrolling", 97]]) {
    const before = await busy();
    const { fps, slowest, long, longest } = await page.evaluate(watch, [SECONDS, by]);
    const share = ((await busy()) - before) / SECONDS;
    if (by === 0) still = share;
    const rows = await page.evaluate(() => window.scrolled().shadowRoot?.querySelectorAll("[role=row]").length ?? document.querySelectorAll("[role=row]").length);
    console.log(
      `| ${variant} | ${how} | ${fps.toFixed(1)} | ${slowest.toFixed(1)} | ${(share * 100).toFixed(0)} % | ${by === 0 ? "" : (((share - still) * 1000) / fps).toFixed(1)} | ${long} | ${longest.toFixed(0)} | ${rows} | ${kilobytes.toFixed(0)} |`,
    );
  }
  await page.close();
}

console.log("| grid | | frames a second | slowest hundredth of the frames, ms | processor of the main thread | of it for a frame that scrolls, ms | long tasks (over 50 ms) | the longest, ms | rows in the DOM | script, gzip, kB |");
console.log("|---|---|---|---|---|---|---|---|---|---|");
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const variant of VARIANTS) await measure(browser, variant);
await browser.close();
