/** A stretch of time as a band: what lasted from when to when. The same stands in words beneath it for whoever does not see it. */

import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { BasePresenceStatus } from "../wire.ts";

export interface Span {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly status: BasePresenceStatus;
  /** What it was, from when to when, in words. */
  readonly says: string;
}

/** The hours between two instants by the clock of this computer, which people read the labels with. */
export function hoursBetween(from: number, to: number): readonly number[] {
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  const hours: number[] = [];
  for (let at = first.getTime(); at <= to; at += 3_600_000) if (at >= from) hours.push(at);
  return hours;
}

/** Units of the drawing: enough that a minute of a day is one. */
const WIDE = 1440;

export function timeline(spans: readonly Span[], from: number, to: number, label: string): TemplateResult {
  const x = (instant: number): number => ((Math.min(Math.max(instant, from), to) - from) / (to - from)) * WIDE;
  const drawn = (span: Span): SVGTemplateResult => svg`
    <rect class="span ${span.status}" x=${x(span.start)} width=${Math.max(1, x(span.end) - x(span.start))} y=${TOP[span.status]} height=${40 - TOP[span.status]}>
      <title>${span.says}</title></rect>`;
  const hours = hoursBetween(from, to);
  return html`
    <svg class="timeline" role="img" aria-label=${label} viewBox="0 0 ${WIDE} 40" preserveAspectRatio="none">
      <rect class="ground" width=${WIDE} height="40"/>
      ${spans.map(drawn)}
      ${hours.map((hour) => svg`<line class="hour" x1=${x(hour)} x2=${x(hour)} y1="0" y2="40"/>`)}
    </svg>
  `;
}

/** Who takes work stands tall, who is away low: so that the band can be read without its colours. */
const TOP: Record<BasePresenceStatus, number> = {
  AVAILABLE: 0,
  BUSY: 8,
  BUSY_DO_NOT_DISTURB: 14,
  AWAY: 22,
  OFFLINE: 34,
};

export const timelineStyles = css`
  .timeline { display: block; width: 100%; height: 40px; border-radius: var(--radius); }
  .timeline .ground { fill: var(--hover); }
  .timeline .AVAILABLE { fill: var(--available); }
  .timeline .BUSY { fill: var(--busy); }
  .timeline .BUSY_DO_NOT_DISTURB { fill: var(--do-not-disturb); }
  .timeline .AWAY { fill: var(--away); }
  .timeline .OFFLINE { fill: var(--offline); opacity: 0.5; }
  .timeline .hour { stroke: var(--surface); stroke-width: 1; opacity: 0.6; vector-effect: non-scaling-stroke; }
  @media (forced-colors: active) { .timeline .ground { fill: Canvas; stroke: CanvasText; } .timeline .span { fill: CanvasText; } .timeline .OFFLINE { fill: GrayText; } .timeline .hour { stroke: Canvas; } }
`;
