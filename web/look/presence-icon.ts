/**
 * The presence icons. The shape differs per base status, not the colour alone, so that they can be
 * told apart in grey, in forced colours and by people who do not see the difference of red and green.
 */

import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { BasePresenceStatus, Presence } from "../wire.ts";

/** What is shown when it is not known: never a presence that was true once. */
export type ShownStatus = BasePresenceStatus | "UNKNOWN";

const SHAPES: Record<ShownStatus, SVGTemplateResult> = {
  AVAILABLE: svg`<circle cx="8" cy="8" r="8"/><path class="mark" d="m4.4 8.3 2.5 2.5 4.8-5.3"/>`,
  BUSY: svg`<circle cx="8" cy="8" r="8"/>`,
  BUSY_DO_NOT_DISTURB: svg`<circle cx="8" cy="8" r="8"/><path class="mark" d="M4 8h8"/>`,
  AWAY: svg`<circle cx="8" cy="8" r="8"/><path class="mark" d="M8 3.8V8l2.9 2.2"/>`,
  OFFLINE: svg`<circle class="ring" cx="8" cy="8" r="7"/><path class="cross" d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"/>`,
  UNKNOWN: svg`<circle class="ring dashed" cx="8" cy="8" r="7"/><path class="cross" d="M6.2 6.4c.1-2.4 3.7-2.3 3.6 0-.1 1.4-1.8 1.4-1.8 3m0 2v.2"/>`,
};

/** Built-in presences take the theme's colour for their status; custom ones the colour they were given. */
export function presenceIcon(status: ShownStatus, presence?: Presence): TemplateResult {
  const color = presence === undefined || presence.builtIn ? "currentColor" : presence.presenceColor;
  return html`<svg class="presence ${status}" viewBox="0 0 16 16" aria-hidden="true" fill=${color} stroke=${color}>${SHAPES[status]}</svg>`;
}

export const presenceIconStyles = css`
  svg.presence { width: 16px; height: 16px; flex: none; stroke-width: 0; }
  svg.presence .mark { fill: none; stroke: var(--cut-out); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
  svg.presence .ring { fill: none; stroke-width: 1.8; }
  svg.presence .dashed { stroke-dasharray: 3 2.2; }
  svg.presence .cross { fill: none; stroke-width: 1.6; stroke-linecap: round; }
  svg.AVAILABLE { color: var(--available); }
  svg.BUSY { color: var(--busy); }
  svg.BUSY_DO_NOT_DISTURB { color: var(--do-not-disturb); }
  svg.AWAY { color: var(--away); }
  svg.OFFLINE, svg.UNKNOWN { color: var(--offline); }
  @media (forced-colors: active) { svg.presence { color: CanvasText; --cut-out: Canvas; } }
`;
