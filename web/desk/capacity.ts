/** How much of the agent's capacity is taken, for people and for screen readers. */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Capacity } from "../generated/wire.ts";

interface Gauge {
  readonly name: string;
  readonly used: number;
  readonly reserved: number;
  readonly max: number;
  readonly note: string;
}

export function capacityCard(capacity: Capacity): TemplateResult {
  const gauges = gaugesOf(capacity);
  const count = capacity.openWorkItems;
  return html`
    <section class="card" aria-labelledby="capacity">
      <h2 id="capacity">Capacity</h2>
      <p>${count === 1 ? "1 open work item" : `${count} open work items`}</p>
      ${gauges.length === 0 ? html`<p class="faint">No capacity is configured for you: nothing limits how much you are offered.</p>` : nothing}
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
    note: profile.blockAssignment ? "blocks other work when full" : "",
  }));
  return units === null ? ofProfiles : [{ name: "Units", ...units, note: "" }, ...ofProfiles];
}

function gaugeRow({ name, used, reserved, max, note }: Gauge): TemplateResult {
  const offered = reserved === 0 ? "" : `, ${reserved} reserved by offers`;
  return html`
    <div class="gauge">
      <span class="gauge-name">${name}</span>
      <meter aria-label=${`${name} in use`} min="0" max=${Math.max(1, max)} value=${Math.min(used + reserved, max)}></meter>
      <span class="gauge-sum">${used} of ${max} used${offered}${note === "" ? "" : `; ${note}`}</span>
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
