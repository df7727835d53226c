/**
 * One agent's own presence. The surface is that of the presence part of the product's embed SDK:
 * `getPresence`, `getPresenceOptions`, `setPresence`, `onPresenceChange`.
 */

import type { AgentPresence, HubFrame, Presence, SetPresence } from "../wire.ts";
import { type AgentState, answered, evolve, known, NOBODY, type Notice, putAway } from "./agent.ts";
import type { Link } from "./link.ts";
import { Live, type Options } from "./live.ts";
import { beforeReload } from "./reload.ts";
import { RequestFailed } from "./requests.ts";

/** How a presence is chosen, beside which one. */
export type Choice = Omit<SetPresence, "presenceId">;

export class AgentClient {
  readonly #live: Live;
  readonly #stopListening: () => void;
  readonly #presenceChanged = new Set<(presence: Presence) => void>();
  readonly #changed = new Set<() => void>();
  #state: AgentState = NOBODY;

  constructor(options: Options) {
    this.#live = new Live("agent", options, {
      heard: (frame) => this.#heard(frame),
      linked: () => this.#tell(),
    });
    this.#stopListening = beforeReload(() => this.#live.send({ type: "refreshing" }));
  }

  /** The presence that others see. Waits for the hub; fails if it lets nobody in. */
  async getPresence(): Promise<Presence> {
    return (await this.#whenKnown()).presence;
  }

  /** What this agent may choose. */
  async getPresenceOptions(): Promise<readonly Presence[]> {
    await this.#whenKnown();
    return this.#state.options;
  }

  /** Resolves when the choice is durable. Fails with a `RequestFailed`, whose `code` says why. */
  async setPresence(presenceId: string, choice: Choice = {}): Promise<void> {
    this.#hold(answered(this.#state, await this.#live.request({ type: "setPresence", presenceId, ...choice })));
  }

  /** Calls back with each presence that differs from the one before. The returned function ends it. */
  onPresenceChange(callback: (presence: Presence) => void): () => void {
    return added(this.#presenceChanged, callback);
  }

  /** Leaves Inactive, or the Do not disturb that followed a rejection or the limit of work items. */
  async resetPresence(): Promise<void> {
    this.#hold(answered(this.#state, await this.#live.request({ type: "resetPresence" })));
  }

  /** Ends all of the agent's sockets, in all windows. */
  async signOut(): Promise<void> {
    await this.#live.request({ type: "signOut" });
  }

  get link(): Link {
    return this.#live.link;
  }

  /** The addresses of the hubs, the one in use first. */
  get hubs(): readonly string[] {
    return this.#live.hubs;
  }

  /** The hub's time in milliseconds since 1970, or null before it said anything. */
  get now(): number | null {
    return this.#live.now;
  }

  /** Everything about the presence, or null while it is not known. */
  get agent(): AgentPresence | null {
    return known(this.#state, this.#live.link);
  }

  get state(): AgentState {
    return this.#state;
  }

  /** Calls back when anything has changed: the state, or the connection. The returned function ends it. */
  onChange(callback: () => void): () => void {
    return added(this.#changed, callback);
  }

  putAway(notice: Notice): void {
    this.#hold(putAway(this.#state, notice));
  }

  /** Tries now instead of at the end of a wait; signs in again whoever was signed out. */
  readonly hurry = (): void => this.#live.hurry();

  /** Closes the connection for good: for the hub, this window is gone. */
  leave(): void {
    this.#stopListening();
    this.#live.leave();
  }

  #heard(frame: HubFrame): void {
    this.#hold(evolve(this.#state, frame, this.#live.now));
  }

  #hold(state: AgentState): void {
    const before = this.#state.agent;
    this.#state = state;
    const after = state.agent?.presence;
    if (before !== null && after !== undefined && after.presenceId !== before.presence.presenceId) {
      for (const callback of [...this.#presenceChanged]) callback(after);
    }
    this.#tell();
  }

  #tell(): void {
    for (const callback of [...this.#changed]) callback();
  }

  #whenKnown(): Promise<AgentPresence> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { agent, link } = this;
        if (agent !== null) resolve(agent);
        else if (link.phase === "ended") reject(new RequestFailed(link.refusal ?? "not_connected", link.reason));
        else return;
        stop();
      };
      const stop = this.onChange(look);
      look();
    });
  }
}

function added<Callback>(callbacks: Set<Callback>, callback: Callback): () => void {
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}
