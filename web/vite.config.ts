// Five pages, each its own document, so that each gets its own strict policy and loads only its own code.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { minify, type MinifyOptions } from "terser";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { PAGES } from "./words/pages.ts";

const out = process.env["HUB_PAGES_OUT"] ?? resolve(import.meta.dirname, "../target/pages");

/** Compressed once here, at the highest level, instead of by the hub at every request. */
function variants(folder: string): Plugin {
  return {
    name: "variants",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || /\.(br|gz|etag)$/.test(entry.name)) continue;
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

/** Of `inLanguage({ en: …, de: … })` one language stays, and blanks and last semicolons in styles go: every byte of the embedded script counts. */
function shortened(language: string): Plugin {
  return {
    name: "shortened",
    transform(code, id) {
      if (id.endsWith("/styles.ts"))
        return code
          .replace(/\n\s*/g, "\n")
          .replace(/\s?([{};:,>])\s/g, "$1")
          .replaceAll(";}", "}");
      if (!id.includes("/words/")) return undefined;
      return choicesOf(this.parse(code)).reduceRight((left, { start, end, words }) => {
        const [from, to] = words[language] ?? [start, end];
        return `${left.slice(0, start)}(${left.slice(from, to)})${left.slice(end)}`;
      }, code);
    },
  };
}

/**
 * Comparisons stay as they are: what is written the same way each time is compressed better than what is shorter. `unsafe`
 * is not for pages that put other things in the place of `String` or `Set`; these texts and sets are put together by `+`.
 */
const HARDER: MinifyOptions = {
  ecma: 2020,
  compress: { ecma: 2020, passes: 3, pure_getters: true, unsafe_arrows: true, lhs_constants: false, unsafe: true },
};

/** After Vite's own minifier: 5 % less. */
function minifiedAgain(): Plugin {
  return {
    name: "minified again",
    async generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) {
        if (part.type === "chunk") part.code = (await minify(part.code, HARDER)).code ?? part.code;
      }
    },
  };
}

/** Where `inLanguage` is called, and where the words of each language stand in the call. */
interface Choice {
  readonly start: number;
  readonly end: number;
  readonly words: Readonly<Record<string, readonly [number, number]>>;
}

interface Call {
  readonly type?: string;
  readonly start: number;
  readonly end: number;
  readonly callee?: { readonly name?: string };
  readonly arguments: readonly [{ readonly properties: readonly { key: { name: string }; value: Call }[] }];
}

/** In the order of the code. */
function choicesOf(tree: unknown): readonly Choice[] {
  if (typeof tree !== "object" || tree === null) return [];
  const call = tree as Call;
  if (call.type !== "CallExpression" || call.callee?.name !== "inLanguage")
    return Object.values(tree).flatMap(choicesOf);
  const words = call.arguments[0].properties.map(({ key, value }) => [key.name, [value.start, value.end]] as const);
  return [{ start: call.start, end: call.end, words: Object.fromEntries(words) }];
}

/** What the client asks outside of browsers is known here. */
const IN_A_PAGE = Object.fromEntries(["window", "document", "navigator"].map((name) => [`typeof ${name}`, '"object"']));

/**
 * One script for pages of other origins, at an address that stays; the hub answers with the one of the browser's language.
 * It is no module, so it can see where it was loaded from.
 */
function embedded(language: string): UserConfig {
  const folder = join(out, "embed");
  return {
    root: import.meta.dirname,
    define: { ONE_LANGUAGE: JSON.stringify(language), ...IN_A_PAGE },
    plugins: [shortened(language), minifiedAgain(), variants(folder)],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2023",
      lib: {
        entry: resolve(import.meta.dirname, "indicator/script.ts"),
        formats: ["iife"],
        name: "presenceIndicator",
        fileName: () => `presence-indicator.${language}.js`,
      },
    },
  };
}

const pages: UserConfig = {
  root: import.meta.dirname,
  // A proxy may serve the hub below a path that nobody knows when this is built.
  base: "./",
  plugins: [words(), variants(out)],
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
      input: ["index.html", "desk.html", "board.html", "admin.html", "reports.html"].map((page) =>
        resolve(import.meta.dirname, page),
      ),
    },
  },
};

/** `vite build --mode de` makes the embedded script of that language. It comes after the pages, whose build begins with an empty folder. */
export default defineConfig(({ mode }) => (mode === "en" || mode === "de" ? embedded(mode) : pages));
