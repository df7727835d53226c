/** Offers and open work items, with what ends by itself counted down, and what holds the capacity. */

import { css, html, nothing, type TemplateResult } from "lit";
import { stopwatch } from "../look/time.ts";
import type { WorkItem } from "../wire.ts";
import { WORK } from "../words/desk.ts";

/** Offers first, because they ring; then what ends soonest, then what has been open longest. */
export function inOrder(items: readonly WorkItem[]): readonly WorkItem[] {
  const rank = ({ state }: WorkItem): number => (state === "OFFERED" ? 0 : state === "WRAP_UP" ? 1 : 2);
  const end = ({ deadline, since }: WorkItem): string => deadline ?? since ?? "";
  return items.toSorted((one, other) => rank(one) - rank(other) || end(one).localeCompare(end(other)));
}

export function workCard(items: readonly WorkItem[], now: number): TemplateResult {
  return html`
    <section class="card" aria-labelledby="work">
      <h2 id="work">${WORK.title}</h2>
      ${items.length === 0 ? html`<p class="faint">${WORK.none}</p>` : html`<ul class="work">${inOrder(items).map((item) => row(item, now))}</ul>`}
    </section>
  `;
}

function row(item: WorkItem, now: number): TemplateResult {
  const { state, deadline, since, workItemId, workstreamId } = item;
  const time =
    deadline === null
      ? WORK.lasts(stopwatch(now - Date.parse(since ?? "")))
      : WORK.ends[state](stopwatch(Date.parse(deadline) - now));
  return html`
    <li class=${state}>
      <span class="state">${WORK.states[state]}</span>
      <span class="id">${workItemId}</span>
      <span class="figures">${since === null && deadline === null ? nothing : time}</span>
      <span class="faint">${[workstreamId, holds(item)].filter((text) => text !== null && text !== "").join(" · ")}</span>
    </li>
  `;
}

function holds({ holdsCapacity, units, profiles, state }: WorkItem): string {
  if (holdsCapacity !== true && state !== "OFFERED") return WORK.holdsNothing;
  const parts = [units === null || units === 0 ? null : WORK.units(units), ...(profiles ?? [])].filter(
    (part) => part !== null,
  );
  if (parts.length === 0) return "";
  return state === "OFFERED" ? WORK.reserves(parts.join(", ")) : WORK.holds(parts.join(", "));
}

export const workStyles = css`
  .work { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
  .work li { display: grid; grid-template-columns: auto 1fr auto; gap: 0 12px; padding: 8px 12px; border: 1px solid var(--line); border-left-width: 4px; border-radius: var(--radius); }
  .work .OFFERED { border-left-color: var(--warning-line); } .work .ACTIVE { border-left-color: var(--brand); }
  .work .state { font-weight: 600; } .work .id { overflow-wrap: anywhere; } .work .faint { grid-column: 1 / -1; overflow-wrap: anywhere; }
`;
