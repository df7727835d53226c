/** The presence indicator of the navigation bar, and the card that explains it. */

import { html, nothing, type TemplateResult } from "lit";
import type { AgentPresence } from "../wire.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { clockTime, stopwatch } from "../look/time.ts";
import { cause, setBy } from "../words/contract.ts";
import { INDICATOR } from "../words/desk.ts";

/** What is known now. Without a connection that is nothing: others already see the agent as Offline. */
export type Shown =
  { readonly known: false } | { readonly known: true; readonly agent: AgentPresence; readonly now: number };

export function indicator(shown: Shown, open: () => void): TemplateResult {
  return html`
    <button id="indicator" class="indicator" ?disabled=${!shown.known} aria-haspopup="dialog" @click=${open}>
      <span class="plate">${icon(shown)}</span>
      <span><span class="unseen">${INDICATOR.label}</span>${text(shown)}</span>
      ${shown.known ? html`<span class="wide name">${shown.agent.name}</span>` : nothing}
    </button>
  `;
}

function icon(shown: Shown): TemplateResult {
  return shown.known
    ? presenceIcon(shown.agent.presence.basePresenceStatus, shown.agent.presence)
    : presenceIcon("UNKNOWN");
}

function text(shown: Shown): string {
  return shown.known ? shown.agent.presence.presenceText : INDICATOR.unknown;
}

export function presenceCard(shown: Shown): TemplateResult {
  return html`
    <section class="card" aria-labelledby="presence">
      <h2 id="presence">${INDICATOR.title}</h2>
      <p class="large">${icon(shown)} <span>${text(shown)}</span></p>
      ${shown.known ? details(shown.agent, shown.now) : html`<p class="faint">${INDICATOR.unknownExplained}</p>`}
    </section>
  `;
}

function details(agent: AgentPresence, now: number): TemplateResult {
  const windows = agent.activeBrowserSessions;
  const rows: readonly (readonly [string, string | null])[] = [
    [INDICATOR.lasting, INDICATOR.lasts(stopwatch(now - Date.parse(agent.since)), clockTime(agent.since))],
    [INDICATOR.until, agent.until === null ? null : clockTime(agent.until)],
    [INDICATOR.why, cause(agent.eventName, agent.subEventName)],
    [INDICATOR.setBy, agent.modifiedBy.type === "AGENT" ? INDICATOR.you : setBy(agent.modifiedBy, agent.agentId)],
    [INDICATOR.reason, agent.reason],
    [INDICATOR.teams, agent.teams.length === 0 ? null : agent.teams.join(", ")],
    [INDICATOR.windows, windows > 1 ? INDICATOR.severalWindows(windows) : null],
    [INDICATOR.newWork, agent.isBlockedBySomeProfile ? INDICATOR.blocked : null],
  ];
  return html`
    <dl>
      ${rows.map(([name, value]) => (value === null ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`))}
    </dl>
  `;
}
