/** Which language is spoken: the first of the browser's that there are words in. */

export type Language = "en" | "de";

/** Set where a script is built for one language alone (`vite.config.ts`). */
declare const ONE_LANGUAGE: Language | undefined;

export function languageFor(asked: readonly string[]): Language {
  const spoken = asked.map((tag) => tag.toLowerCase().split("-")[0]);
  return spoken.find((language): language is Language => language === "en" || language === "de") ?? "en";
}

/** The browser's, unless the page says that it has words in one alone. Outside of a document nobody asks. */
function asked(): readonly string[] {
  if (typeof document === "undefined") return [];
  const { language } = document.documentElement.dataset;
  return language === undefined ? navigator.languages : [language];
}

const ASKED = asked();

export const LANGUAGE: Language = typeof ONE_LANGUAGE === "string" ? ONE_LANGUAGE : languageFor(ASKED);

/** For `Intl`: the person's own form of the language, such as `de-AT`; where they speak another, the hub's. */
export const LOCALE: string = ASKED.find((tag) => tag.startsWith(LANGUAGE)) ?? LANGUAGE;

/** The words in the language that is spoken. Each language has all of them: the types say so. */
/* @__NO_SIDE_EFFECTS__ */
export function inLanguage<Words>(words: { readonly en: Words; readonly de: NoInfer<Words> }): Words {
  return words[LANGUAGE];
}
