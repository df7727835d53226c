/** A few agents in the grid of the board, at an instant that does not pass. */

import { html, LitElement, type TemplateResult } from "lit";
import "../board/grid.ts";
import { emptyRoster } from "../client/roster.ts";
import { NONE } from "../board/picking.ts";
import type { Presence, WatchedAgent } from "../wire.ts";

const NOW = Date.parse("2026-03-02T12:00:00.000Z");

function presence(presenceId: string, presenceText: string, over: Partial<Presence>): [string, Presence] {
  const custom = {
    builtIn: true,
    canUserSet: true,
    description: "",
    enabled: true,
    labels: {},
    presenceColor: "#8764b8",
  };
  return [
    presenceId,
    { ...custom, basePresenceStatus: "AVAILABLE", presenceId, presenceName: presenceText, presenceText, ...over },
  ];
}

function agent(agentId: string, name: string, over: Partial<WatchedAgent>): [string, WatchedAgent] {
  const since = new Date(NOW - 754_000).toISOString();
  const usual = {
    presenceId: "available",
    eventName: "LOGIN",
    isAgentLoggedIn: true,
    origin: "DEFAULT",
    seq: 1,
    version: 1,
  } as const;
  return [agentId, { ...usual, agentId, name, since, teams: ["billing"], ...over }];
}

class GridSpecimen extends LitElement {
  readonly #roster = {
    ...emptyRoster(),
    presences: new Map([
      presence("available", "Available", {}),
      presence("busy", "Busy", { basePresenceStatus: "BUSY" }),
      presence("training", "Training", { basePresenceStatus: "AWAY", builtIn: false }),
      presence("inactive", "Inactive", { basePresenceStatus: "AWAY" }),
      presence("offline", "Offline", { basePresenceStatus: "OFFLINE" }),
    ]),
    agents: new Map([
      agent("a1", "Ada Lindqvist", { openWorkItems: 2, presenceId: "busy", eventName: "SESSION_ASSIGNED" }),
      agent("a2", "Bruno Costa", { presenceId: "inactive", hold: "MISSED", eventName: "MISSED_NOTIFICATION" }),
      agent("a3", "Chiara Rossi", {
        presenceId: "training",
        eventName: "SET_PRESENCE",
        modifiedBy: { type: "SUPERVISOR", id: "sam" },
        reason: "a course about the new returns",
        until: new Date(NOW + 1_800_000).toISOString(),
      }),
      agent("a4", "Dmitri Ito", {
        presenceId: "offline",
        eventName: "DISCONNECTED",
        subEventName: "NETWORK_LOST",
        restore: { presenceId: "available", until: new Date(NOW + 107_000).toISOString() },
      }),
      agent("a5", "Emma Haddad", {}),
    ]),
  };

  override render(): TemplateResult {
    return html`<agent-grid
      .ids=${["a1", "a2", "a3", "a4", "a5"]} .roster=${this.#roster} .now=${NOW}
      .picking=${{ ...NONE, active: "a3", picked: new Set(["a3"]) }}></agent-grid>`;
  }

  protected override updated(): void {
    const grid = this.renderRoot.querySelector<HTMLElement>("agent-grid");
    if (grid !== null) grid.style.height = "280px";
  }
}

customElements.define("grid-specimen", GridSpecimen);
