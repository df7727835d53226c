/** The tab of the browser carries the status, because the page is mostly behind others. */

import type { Shown } from "../indicator/shown.ts";
import type { BasePresenceStatus } from "../wire.ts";
import { PAGES } from "../words/pages.ts";

const ICONS: Readonly<Record<BasePresenceStatus | "UNKNOWN", string>> = {
  AVAILABLE: new URL("./tab/available.svg", import.meta.url).href,
  BUSY: new URL("./tab/busy.svg", import.meta.url).href,
  BUSY_DO_NOT_DISTURB: new URL("./tab/do-not-disturb.svg", import.meta.url).href,
  AWAY: new URL("./tab/away.svg", import.meta.url).href,
  OFFLINE: new URL("./tab/offline.svg", import.meta.url).href,
  UNKNOWN: new URL("./tab/unknown.svg", import.meta.url).href,
};

/** What holds the presence comes first, for a narrow tab shows the first letters alone. */
export function tabTitle(now: Shown): string {
  const held = now.known && now.hold !== null ? "! " : "";
  return `${held}${now.text} · ${PAGES.desk}`;
}

export function showInTheTab(now: Shown): void {
  document.title = tabTitle(now);
  const icon = ICONS[now.known ? now.presence.basePresenceStatus : "UNKNOWN"];
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link !== null && link.href !== icon) link.href = icon;
}
