// Three pages, each its own document, so that each gets its own strict policy and loads only its own code.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { PAGES } from "./words/pages.ts";

const out = process.env["HUB_PAGES_OUT"] ?? resolve(import.meta.dirname, "../target/pages");

/** Compressed once here, at the highest level, instead of by the hub at every request. */
function variants(): Plugin {
  return {
    name: "variants",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const plain = readFileSync(path);
        const brotli = brotliCompressSync(plain, {
          params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
        });
        const gzip = gzipSync(plain, { level: constants.Z_BEST_COMPRESSION });
        if (brotli.length < plain.length) writeFileSync(`${path}.br`, brotli);
        if (gzip.length < plain.length) writeFileSync(`${path}.gz`, gzip);
        const tag = createHash("sha256").update(plain).digest("base64url");
        writeFileSync(`${path}.etag`, tag.slice(0, 22));
      }
    },
  };
}

/** `{{ desk }}` in a document becomes what the catalogue of words says for it. */
function words(): Plugin {
  const said = new Map<string, unknown>(Object.entries(PAGES));
  return {
    name: "words",
    transformIndexHtml: (document) =>
      document.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => {
        const text = said.get(name);
        if (typeof text !== "string") throw new Error(`words/pages.ts has no text "${name}"`);
        return text;
      }),
  };
}

/** `vite` alone (npm run dev) serves the pages while editing and passes the rest on to a running hub. */
const hub = process.env["HUB"] ?? "http://127.0.0.1:7350";

export default defineConfig({
  root: import.meta.dirname,
  // A proxy may serve the hub below a path that nobody knows when this is built.
  base: "./",
  plugins: [words(), variants()],
  server: {
    proxy: { "/session": hub, "/api": hub, "/ws": { target: hub, ws: true } },
  },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2023",
    // A `data:` address would need an exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "desk.html", "board.html"].map((page) => resolve(import.meta.dirname, page)),
    },
  },
});
