/** The line above the grid: how many are listed and selected, what waits, and what can be done with those who are selected. */

import { html, nothing, type TemplateResult } from "lit";
import { ACTING, BOARD } from "../words/board.ts";
import type { Deed } from "./acting.ts";

/** `look`: this person changes nothing; `wait`: there is no connection to ask over. */
export type May = "act" | "wait" | "look";

export interface Selection {
  /** Null while nothing is known. */
  readonly listed: { readonly shown: number; readonly all: number } | null;
  readonly waits: number;
  readonly picked: number;
  /** The name of the only one who is selected. */
  readonly only: string | null;
  readonly may: May;
  readonly showNow: () => void;
  readonly clear: () => void;
  readonly open: () => void;
  readonly act: (deed: Deed["type"]) => void;
}

export function selection(told: Selection): TemplateResult {
  const { listed, waits, picked, only } = told;
  return html`
    <div class="waiting">
      <span role="status">${listed === null ? nothing : says(listed)}${picked === 0 ? nothing : html`, <strong>${BOARD.selected(picked)}</strong>`}</span>
      ${waits === 0 ? nothing : html`<span title=${BOARD.waitingWhy}>· ${BOARD.waiting(waits)}</span><button @click=${() => told.showNow()}>${BOARD.showNow}</button>`}
      <span class="space"></span>
      ${picked === 0 ? nothing : html`<button class="quiet" @click=${() => told.clear()}>${BOARD.clearSelection}</button>`}
      ${only === null ? nothing : html`<button @click=${() => told.open()}>${BOARD.about(only)}</button>`}
      ${picked === 0 ? nothing : deeds(told.may, told.act)}
    </div>
  `;
}

function says({ shown, all }: NonNullable<Selection["listed"]>): string {
  return shown === all ? BOARD.listed(all) : BOARD.listedOf(shown, all);
}

/** What can be done with agents, for whoever may. */
export function deeds(may: May, act: (deed: Deed["type"]) => void): TemplateResult | typeof nothing {
  if (may === "look") return nothing;
  const deed = (type: Deed["type"], label: string): TemplateResult =>
    html`<button ?disabled=${may === "wait"} @click=${() => act(type)}>${label}</button>`;
  return html`${deed("set", ACTING.titles.set)} ${deed("reset", ACTING.titles.reset)} ${deed("sign-out", BOARD.signOutAgents)}`;
}
