/** The card that says what others see of the agent, since when, and why. */

import { html, type TemplateResult } from "lit";
import type { Shown } from "../indicator/shown.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import type { AgentPresence } from "../wire.ts";
import { DESK } from "../words/desk.ts";
import { INDICATOR } from "../words/indicator.ts";

export function presenceCard(now: Shown, agent: AgentPresence | null): TemplateResult {
  const icon = now.known ? presenceIcon(now.presence.basePresenceStatus, now.presence) : presenceIcon("UNKNOWN");
  return html`
    <section class="card" aria-labelledby="presence">
      <h2 id="presence">${DESK.yourPresence}</h2>
      <p class="large">${icon} <span>${now.text}</span></p>
      ${now.known ? lines([...now.facts, ...more(agent)]) : html`<p class="faint">${INDICATOR.unknownExplained}</p>`}
    </section>
  `;
}

function lines(texts: readonly string[]): TemplateResult {
  return html`<div class="facts">${texts.map((text) => html`<p>${text}</p>`)}</div>`;
}

function more(agent: AgentPresence | null): readonly string[] {
  if (agent === null) return [];
  const windows = agent.activeBrowserSessions;
  return [
    agent.isBlockedBySomeProfile ? DESK.blocked : null,
    windows > 1 ? DESK.severalWindows(windows) : null,
    agent.teams.length === 0 ? null : DESK.teams(agent.teams.join(", ")),
  ].filter((text) => text !== null);
}
