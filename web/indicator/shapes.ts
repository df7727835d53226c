/**
 * The presence icons. The shape differs per base status, not the colour alone, so that they can be
 * told apart in grey, in forced colours and by people who do not see the difference of red and green.
 */

import type { BasePresenceStatus, Presence } from "../wire.ts";
import { h, type Markup } from "./dom.ts";

/** What is shown when it is not known: never a presence that was true once. */
export type ShownStatus = BasePresenceStatus | "UNKNOWN";

const disc = (): Markup => h("circle", { cx: "8", cy: "8", r: "8" });
const ring = (name: string): Markup => h("circle", { class: name, cx: "8", cy: "8", r: "7" });
const line = (name: string, d: string): Markup => h("path", { class: name, d });

const SHAPES: Readonly<Record<ShownStatus, readonly Markup[]>> = {
  AVAILABLE: [disc(), line("mark", "m4.4 8.3 2.5 2.5 4.8-5.3")],
  BUSY: [disc()],
  BUSY_DO_NOT_DISTURB: [disc(), line("mark", "M4 8h8")],
  AWAY: [disc(), line("mark", "M8 3.8V8l2.9 2.2")],
  OFFLINE: [ring("ring"), line("cross", "m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8")],
  UNKNOWN: [ring("dashed"), line("cross", "M6.2 6.4c.1-2.4 3.7-2.3 3.6 0-.1 1.4-1.8 1.4-1.8 3m0 2v.2")],
};

/** Built-in presences take the theme's colour for their status; custom ones the colour they were given. */
export function icon(presence: Presence | null): Markup {
  const status = presence?.basePresenceStatus ?? "UNKNOWN";
  const color = presence === null || presence.builtIn ? "currentColor" : presence.presenceColor;
  const look = { class: `icon ${status}`, part: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" };
  return h("svg", { ...look, fill: color, stroke: color }, ...SHAPES[status]);
}
