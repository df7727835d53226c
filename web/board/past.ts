/** The past of an agent: the last 24 hours as a band, and each stretch that is known in words below it, the newest first. */

import { css, html, nothing, type TemplateResult } from "lit";
import { PEOPLE } from "../live/people.ts";
import type { Dispute, HistoryInterval, Presence } from "../wire.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { stopwatch } from "../look/time.ts";
import { type Span, timeline } from "../look/timeline.ts";
import { DRAWER } from "../words/board.ts";
import { cause, presenceNamed, setBy } from "../words/contract.ts";
import { moment } from "../words/moment.ts";

const DAY = 24 * 3_600_000;
/** So many are drawn at most: each second their times move on. */
const LISTED = 500;

type Presences = ReadonlyMap<string, Presence>;

export function past(
  intervals: readonly HistoryInterval[],
  now: number,
  name: string,
  presences: Presences,
  disputes: readonly Dispute[],
): TemplateResult {
  const spans = spansOf(intervals, now, presences).filter(({ end }) => end > now - DAY);
  const newest = [...intervals].reverse().slice(0, LISTED);
  return html`
    ${timeline(spans, now - DAY, now, DRAWER.dayOf(name))}
    <div class="ends faint"><span>${moment(now - DAY, now)}</span><span>${DRAWER.now}</span></div>
    <ol class="past">${newest.map((interval) => stretch(interval, now, presences, disputesOf(interval, disputes)))}</ol>
    ${intervals.length > LISTED ? html`<p class="faint">${DRAWER.earlier(intervals.length - LISTED)}</p>` : nothing}
  `;
}

export function spansOf(intervals: readonly HistoryInterval[], now: number, presences: Presences): readonly Span[] {
  return intervals.map((interval) => {
    const [start, end] = [Date.parse(interval.start), interval.end === null ? now : Date.parse(interval.end)];
    const says = DRAWER.span(textOf(interval, presences), when(interval, now), stopwatch(end - start));
    return { start, end, status: interval.basePresenceStatus, says };
  });
}

function textOf({ presenceId }: HistoryInterval, presences: Presences): string {
  return presenceNamed(presences, presenceId);
}

function when({ start, end }: HistoryInterval, now: number): string {
  return end === null ? DRAWER.since(moment(start, now)) : DRAWER.to(moment(start, now), moment(end, now));
}

function disputesOf({ seq }: HistoryInterval, disputes: readonly Dispute[]): readonly Dispute[] {
  return disputes.filter((dispute) => dispute.seq === seq);
}

function stretch(
  interval: HistoryInterval,
  now: number,
  presences: Presences,
  disputes: readonly Dispute[],
): TemplateResult {
  const end = interval.end === null ? now : Date.parse(interval.end);
  const who = interval.modifiedBy.type === "AGENT" ? "" : setBy(PEOPLE.called(interval.modifiedBy), "");
  const why = cause(interval.eventName, interval.subEventName);
  return html`
    <li>
      ${presenceIcon(interval.basePresenceStatus, presences.get(interval.presenceId))}
      <span>${textOf(interval, presences)}</span>
      <span class="figures">${stopwatch(end - Date.parse(interval.start))}</span>
      <span class="faint">${when(interval, now)} · ${who === "" ? why : DRAWER.by(why, who)}${interval.reason === null ? nothing : html` · ${interval.reason}`}</span>
      ${disputes.map(({ at, note }) => html`<span class="said">${DRAWER.disputed(moment(at, now), note)}</span>`)}
    </li>
  `;
}

export const pastStyles = css`
  .ends { display: flex; justify-content: space-between; font: var(--caption) var(--font); }
  .past { list-style: none; margin: 4px 0 0; padding: 0; display: grid; gap: 8px; max-height: 320px; overflow: auto; }
  .past li { display: grid; grid-template-columns: auto 1fr auto; gap: 0 8px; align-items: center; }
  .past .said { grid-column: 2 / -1; padding-left: 8px; border-left: 3px solid var(--warning-line); overflow-wrap: anywhere; }
  .past .faint { grid-column: 2 / -1; font: var(--caption) var(--font); }
`;
