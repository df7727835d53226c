/** The agent's own day: what it was, from when to when, by the hub's history. */

import { html, type TemplateResult } from "lit";
import { timeline, type Span } from "../look/timeline.ts";
import type { BasePresenceStatus, HistoryInterval, Presence } from "../wire.ts";
import { TODAY } from "../words/desk.ts";
import { BASES, presenceText } from "../words/indicator.ts";
import { moment } from "../words/moment.ts";
import { type Day, midnight } from "./week.ts";

/** What is drawn of a day: what began before begins with the day, and what lasts longer ends with it. */
export function spans(
  intervals: readonly HistoryInterval[],
  presences: ReadonlyMap<string, Presence>,
  { from, to }: Day,
  now: number,
): readonly Span[] {
  return intervals
    .map((interval) => {
      const start = Math.max(from, Date.parse(interval.start));
      const end = Math.min(to, interval.end === null ? now : Date.parse(interval.end));
      const presence = presences.get(interval.presenceId);
      const text = presence === undefined ? BASES[interval.basePresenceStatus] : presenceText(presence);
      const says = TODAY.span(text, moment(start, now), moment(end, now));
      return { start, end, status: interval.basePresenceStatus, says };
    })
    .filter(({ start, end }) => end > start);
}

/** How long the agent had each base status, the longest first. */
export function sums(day: readonly Span[]): readonly (readonly [BasePresenceStatus, number])[] {
  const total = new Map<BasePresenceStatus, number>();
  for (const { status, start, end } of day) total.set(status, (total.get(status) ?? 0) + end - start);
  return [...total].sort(([, one], [, other]) => other - one);
}

export function todayCard(
  intervals: readonly HistoryInterval[],
  presences: readonly Presence[],
  now: number,
): TemplateResult {
  const known = new Map(presences.map((presence) => [presence.presenceId, presence]));
  const day = spans(intervals, known, { from: midnight(now), to: now }, now);
  // The band begins with the first sign-in: hours before it say nothing.
  const first = day.find(({ status }) => status !== "OFFLINE")?.start ?? midnight(now);
  return html`
    <section class="card wide-card" aria-labelledby="today">
      <h2 id="today">${TODAY.title}</h2>
      ${timeline(day, first, now, TODAY.since(moment(first, now)))}
      <p class="figures">${sums(day)
        .map(([status, ms]) => TODAY.sum(BASES[status], ms))
        .join(" · ")}</p>
      <details>
        <summary>${TODAY.all(day.length)}</summary>
        <ol class="spans">${day.toReversed().map(({ says }) => html`<li>${says}</li>`)}</ol>
      </details>
    </section>
  `;
}
