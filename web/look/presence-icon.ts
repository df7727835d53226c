/** The presence icons on the hub's pages. */

import { css, html, type TemplateResult } from "lit";
import type { Presence } from "../wire.ts";
import { MARKS, radius, type ShownStatus } from "./presence-marks.ts";

/** Built-in presences take the theme's colour for their status; custom ones the colour they were given. */
export function presenceIcon(status: ShownStatus, presence?: Presence): TemplateResult {
  const color = presence === undefined || presence.builtIn ? "currentColor" : presence.presenceColor;
  return html`<svg class="presence ${status}" viewBox="0 0 16 16" aria-hidden="true" fill=${color} stroke=${color}><circle cx="8" cy="8" r=${radius(status)}/><path d=${MARKS[status]}/></svg>`;
}

export const presenceIconStyles = css`
  svg.presence { width: 16px; height: 16px; flex: none; stroke-width: 0; }
  svg.presence path { fill: none; stroke: var(--cut-out); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
  svg.AVAILABLE { color: var(--available); }
  svg.BUSY { color: var(--busy); }
  svg.BUSY_DO_NOT_DISTURB { color: var(--do-not-disturb); }
  svg.AWAY { color: var(--away); }
  svg.OFFLINE, svg.UNKNOWN { color: var(--offline); }
  svg.presence:is(.OFFLINE, .UNKNOWN) circle { fill: none; stroke-width: 1.8; }
  svg.presence:is(.OFFLINE, .UNKNOWN) path { stroke: inherit; stroke-width: 1.6; }
  svg.UNKNOWN circle { stroke-dasharray: 3 2.2; }
  @media (forced-colors: active) { svg.presence { color: CanvasText; --cut-out: Canvas; } }
`;
