/** Search as people expect it: accents and case do not count, and all words must be there, in any order. */

export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ı", "i")
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("ł", "l");
}

export function matches(asked: string, texts: readonly string[]): boolean {
  const said = folded(texts.join(" "));
  return folded(asked)
    .split(/\s+/)
    .every((word) => said.includes(word));
}
