// Elements of the pages, built from the source as Vite builds the pages, and shown without any hub.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder of the pages; their packages are installed there. */
export const WEB = process.env["WEB"];
/** Nothing leaves the browser: whatever this host is asked for is answered here. */
const ADDRESS = "http://stage.example";

/** What the browser is told for this entry: a document, its script and its style. */
async function built(entry, body) {
  const vite = await import(pathToFileURL(join(WEB, "node_modules/vite/dist/node/index.js")).href);
  const { output } = await vite.build({
    configFile: false,
    root: WEB,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      target: "es2023",
      rolldownOptions: { input: join(WEB, entry), output: { codeSplitting: false } },
    },
  });
  const script = output.find((file) => file.type === "chunk").code;
  const style = output.find((file) => file.fileName.endsWith(".css")).source;
  const document = `<!doctype html><html lang="en"><head><title>Stage</title><link rel="icon" href="data:,">
    <link rel="stylesheet" href="/stage.css"><script type="module" src="/stage.js"></script></head>
    <body>${body}</body></html>`;
  return new Map([
    ["/", { contentType: "text/html", body: document }],
    ["/stage.js", { contentType: "text/javascript", body: script }],
    ["/stage.css", { contentType: "text/css", body: style + PINNED }],
    ...WEIGHTS.map((weight) => [`/${weight}.woff2`, { contentType: "font/woff2", body: font(weight) }]),
  ]);
}

/** One font on every machine, so that texts are as wide here as there. It is a package of the tests. */
const WEIGHTS = [400, 600];
const PINNED = `
  ${WEIGHTS.map((weight) => `@font-face { font-family: Pinned; font-weight: ${weight}; src: url(/${weight}.woff2); }`).join("\n")}
  :root { --font: Pinned; }`;

function font(weight) {
  const folder = dirname(createRequire(import.meta.url).resolve("@fontsource/noto-sans/package.json"));
  return readFileSync(join(folder, `files/noto-sans-latin-${weight}-normal.woff2`));
}

/** Leads the page there. */
export async function show(page, entry, body = "") {
  const files = await built(entry, body);
  await page.route(`${ADDRESS}/**`, (route) => route.fulfill(files.get(new URL(route.request().url()).pathname)));
  await page.goto(ADDRESS);
  await page.evaluate(
    (weights) => Promise.all(weights.map((weight) => document.fonts.load(`${weight} 14px Pinned`))),
    WEIGHTS,
  );
}
