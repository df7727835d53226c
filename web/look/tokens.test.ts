import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** npm starts the tests in `web/`. */
const SHEET = readFileSync("look/tokens.css", "utf8");

type Theme = "light" | "dark";
const THEMES: readonly Theme[] = ["light", "dark"];

/** The colour that a token has in a theme, as `#rrggbb`. */
function color(name: string, theme: Theme): string {
  const both = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(SHEET);
  const one = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(SHEET);
  const found = both?.[theme === "light" ? 1 : 2] ?? one?.[1];
  assert.ok(found !== undefined, `tokens.css has no colour --${name}`);
  return found;
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** What is held for every token on every ground that it may stand on. */
function holds(atLeast: number, foregrounds: readonly string[], grounds: readonly string[]): void {
  for (const theme of THEMES) {
    for (const foreground of foregrounds) {
      for (const ground of grounds) {
        const ratio = contrast(color(foreground, theme), color(ground, theme));
        assert.ok(ratio >= atLeast, `${theme}: --${foreground} on --${ground} is ${ratio.toFixed(2)}, not ${atLeast}`);
      }
    }
  }
}

const GROUNDS = ["canvas", "surface", "raised", "hover", "selected"];
const [AA, AAA, SEEN] = [4.5, 7, 3];

test("the contrast of black and white is 21", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
});

test("all text can be read on every ground (AA)", () => {
  holds(AA, ["text", "text-2", "text-3", "brand-text"], GROUNDS);
  holds(AA, ["on-brand"], ["brand-fill", "brand-fill-hover"]);
  holds(AA, ["on-bar", "bar-good", "bar-doubtful", "bar-bad"], ["bar", "bar-hover"]);
});

test("what tells how things stand can be read by more people (AAA)", () => {
  holds(AAA, ["text"], GROUNDS);
  for (const mood of ["good", "note", "warning", "danger"]) {
    holds(AAA, [`${mood}-text`], [`${mood}-fill`, "surface", "raised", "canvas"]);
  }
});

test("icons, and lines around what can be operated, can be seen", () => {
  holds(SEEN, ["available", "busy", "do-not-disturb", "away", "offline"], ["surface", "raised", "hover", "selected"]);
  holds(SEEN, ["line-strong", "brand"], ["canvas", "surface", "raised"]);
  for (const mood of ["good", "note", "warning", "danger"]) holds(SEEN, [`${mood}-line`], [`${mood}-fill`, "surface"]);
  holds(SEEN, ["cut-out"], ["available", "busy", "do-not-disturb", "away"]);
});
