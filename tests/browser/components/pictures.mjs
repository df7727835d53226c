// Pictures of elements, compared with those that somebody looked at and kept in `pictures/`.
//
// Both are drawn with the same font and without the help of the machine's own rendering of type, and are compared after
// they were made coarse: what a newer browser smooths differently does not count, what is another colour, size or place does.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WEB } from "./built.mjs";

/** In the source tree, where `ACCEPT=1` writes what is seen as what should be seen. */
const FOLDER = join(WEB, "../tests/browser/components/pictures");

/** Pixels that are compared as one. */
const COARSE = 6;
/** Of 255. What differs less in each colour is the same. */
const SAME = 20;
/** Coarse pixels in a thousand that may differ: the edges of a few letters. */
const STRAYS = 4;

/** Null if the element looks as it should, else how it does not. */
export async function differs(element, name) {
  const seen = await element.screenshot({ animations: "disabled", caret: "hide" });
  const file = join(FOLDER, `${name}.png`);
  if (process.env["ACCEPT"] === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, seen);
    return null;
  }
  if (!existsSync(file)) return `there is no picture ${name}.png; ACCEPT=1 keeps what is seen`;
  const difference = await element
    .page()
    .evaluate(compare, [seen.toString("base64"), readFileSync(file, "base64"), COARSE, SAME]);
  if (typeof difference === "string") return `${name}: ${difference}`;
  if (difference.strays * 1000 <= STRAYS * difference.all) return null;
  const put = join(process.cwd(), `${name}.seen.png`);
  writeFileSync(put, seen);
  return `${name}: ${difference.strays} of ${difference.all} places differ, the first at ${difference.first}; see ${put}`;
}

/** Runs in the browser, which decodes and shrinks pictures. */
async function compare([seen, kept, coarse, same]) {
  const decoded = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: "image/png" }));
  };
  const [one, other] = await Promise.all([decoded(seen), decoded(kept)]);
  // A line that breaks elsewhere moves what is below by a line; a pixel of height is a browser that rounds otherwise.
  if (one.width !== other.width || Math.abs(one.height - other.height) > 2) {
    return `it is ${one.width} × ${one.height}, not ${other.width} × ${other.height}`;
  }
  const [width, height] = [Math.ceil(one.width / coarse), Math.ceil(one.height / coarse)];
  const pixels = (picture) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, picture.width / coarse, picture.height / coarse);
    return context.getImageData(0, 0, width, height).data;
  };
  const [a, b] = [pixels(one), pixels(other)];
  let strays = 0;
  let first = "";
  for (let at = 0; at < a.length; at += 4) {
    if ([0, 1, 2].every((channel) => Math.abs(a[at + channel] - b[at + channel]) <= same)) continue;
    strays += 1;
    first ||= `${((at / 4) % width) * coarse}, ${Math.floor(at / 4 / width) * coarse}`;
  }
  return { strays, all: width * height, first };
}
