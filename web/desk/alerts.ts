/** What is worth a notification of the computer or a sound: becoming Inactive, missed offers, and what others did. */

import type { Notice } from "../client/agent.ts";
import type { Shown } from "../indicator/shown.ts";
import { noticeText } from "../words/indicator.ts";

/** What the desk showed at one moment. */
export interface Moment {
  readonly shown: Shown;
  readonly notices: readonly Notice[];
}

/** The sentence, or null. Whatever was there before, or is only restored, is no news. */
export function alertOf(before: Moment, after: Moment): string | null {
  const { shown } = after;
  if (!shown.known || !before.shown.known) return null;
  if (shown.hold !== null && before.shown.hold === null) return shown.facts[0] ?? null;
  const fresh = after.notices.filter((notice) => !before.notices.includes(notice));
  const texts = fresh.map((notice) => noticeText(notice, shown.text)).filter((text) => text !== null);
  return texts.at(-1) ?? null;
}

/** How a person wants to be told; each is off until it is chosen. */
export type Way = "notification" | "sound";

const KEY = "presence-desk:alerts";

export function chosenWays(): ReadonlySet<Way> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(
      Array.isArray(kept) ? kept.filter((way): way is Way => way === "notification" || way === "sound") : [],
    );
  } catch {
    return new Set();
  }
}

export function keepWays(ways: ReadonlySet<Way>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...ways]));
  } catch {
    // Then it is chosen anew each time.
  }
}

/** What the browser says to notifications; it asks the person once. */
export async function mayNotify(): Promise<"granted" | "refused"> {
  if (!("Notification" in window)) return "refused";
  return (await Notification.requestPermission()) === "granted" ? "granted" : "refused";
}
