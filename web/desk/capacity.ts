/** How much of the agent's capacity is taken, for people and for screen readers. */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Capacity } from "../wire.ts";
import { CAPACITY, type Taken } from "../words/desk.ts";

interface Gauge extends Taken {
  readonly name: string;
}

export function capacityCard(capacity: Capacity): TemplateResult {
  const gauges = gaugesOf(capacity);
  return html`
    <section class="card" aria-labelledby="capacity">
      <h2 id="capacity">${CAPACITY.title}</h2>
      <p>${CAPACITY.openWork(capacity.openWorkItems)}</p>
      ${gauges.length === 0 ? html`<p class="faint">${CAPACITY.unlimited}</p>` : nothing}
      ${gauges.map(gaugeRow)}
    </section>
  `;
}

function gaugesOf({ units, profiles }: Capacity): readonly Gauge[] {
  const ofProfiles = profiles.map((profile) => ({
    name: profile.profileId,
    used: profile.used,
    reserved: profile.reserved,
    max: profile.max,
    blocksOthers: profile.blockAssignment,
  }));
  return units === null ? ofProfiles : [{ name: CAPACITY.units, ...units, blocksOthers: false }, ...ofProfiles];
}

function gaugeRow(gauge: Gauge): TemplateResult {
  const { name, used, reserved, max } = gauge;
  return html`
    <div class="gauge">
      <span class="gauge-name">${name}</span>
      <meter aria-label=${CAPACITY.inUse(name)} min="0" max=${Math.max(1, max)} value=${Math.min(used + reserved, max)}></meter>
      <span class="gauge-sum">${CAPACITY.taken(gauge)}</span>
    </div>
  `;
}

export const capacityStyles = css`
  .gauge { display: grid; grid-template-columns: minmax(80px, auto) 1fr; gap: 2px 12px; align-items: center; }
  .gauge-name { font-weight: 600; }
  .gauge-sum { grid-column: 2; font-size: 12px; line-height: 16px; color: var(--text-3); }
  meter { appearance: none; display: block; width: 100%; height: 8px; border-radius: 4px; overflow: hidden; background: var(--line); }
  meter::-webkit-meter-inner-element, meter::-webkit-meter-bar { display: block; height: 8px; border: 0; border-radius: 4px; background: var(--line); }
  /* Chromium lifts the bar by half a line, which only fits its own height. */
  meter::-webkit-meter-bar { position: static; }
  meter::-webkit-meter-optimum-value { display: block; height: 8px; border-radius: 4px; background: var(--brand); }
  meter::-moz-meter-bar { background: var(--brand); }
`;
