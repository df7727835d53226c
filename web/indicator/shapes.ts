/** The presence icons, as the indicator draws. */

import { MARKS, radius } from "../look/presence-marks.ts";
import type { Presence } from "../wire.ts";
import { h, type Markup } from "./dom.ts";

/** Built-in presences take the theme's colour for their status; custom ones the colour they were given. */
export function icon(presence: Presence | null): Markup {
  const status = presence?.basePresenceStatus ?? "UNKNOWN";
  const color = presence === null || presence.builtIn ? "currentColor" : presence.presenceColor;
  const look = { class: `icon ${status}`, part: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" };
  const disc = h("circle", { cx: "8", cy: "8", r: radius(status) });
  return h("svg", { ...look, fill: color, stroke: color }, disc, h("path", { d: MARKS[status] }));
}
