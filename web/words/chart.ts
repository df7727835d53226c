/** What a chart of counts says beside its drawing. */

import { inLanguage, LOCALE } from "./language.ts";

const COUNT = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });

/** A mean may be no whole number. */
export function countText(count: number): string {
  return COUNT.format(count);
}

export const CHART = inLanguage({
  en: {
    loading: "The chart is loading",
    failed: "The chart could not be loaded. The table below says the same.",
    statuses: "What is shown",
    read: (label: string) => `Read ${label}, step by step`,
    table: "The same as a table",
    time: "Time",
    marks: "Marked",
    marked: "What happened to many at once",
    each: "On average in each step",
    span: (from: string, to: string) => `${from} to ${to}`,
  },
  de: {
    loading: "Das Diagramm wird geladen",
    failed: "Das Diagramm konnte nicht geladen werden. Die Tabelle darunter sagt dasselbe.",
    statuses: "Was gezeigt wird",
    read: (label: string) => `${label} Schritt für Schritt ablesen`,
    table: "Dasselbe als Tabelle",
    time: "Zeit",
    marks: "Markiert",
    marked: "Was vielen auf einmal geschah",
    each: "Im Mittel jedes Abschnitts",
    span: (from: string, to: string) => `${from} bis ${to}`,
  },
});
