/** The indicator over a client whose hub is the test. */

import { type AgentState, evolve, NOBODY } from "../client/agent.ts";
import type { Link } from "../client/link.ts";
import type { AgentClient } from "../client/presence.ts";
import { RequestFailed } from "../client/requests.ts";
import { PresenceIndicator } from "../indicator/element.ts";
import type { AgentPresence, HubFrame, Presence, SetPresence } from "../wire.ts";
import { Asked } from "./asked.ts";

const LIVE: Link = { phase: "live", heartbeatMs: 10_000, welcomedAt: 0, heardAt: 0, quiet: "heard", planned: null };

export class IndicatorStage {
  readonly asked = new Asked<SetPresence, string | null>();
  readonly element = new PresenceIndicator();
  resets = 0;
  hurries = 0;
  #state: AgentState;
  #link: Link = LIVE;
  #now: number;
  #changed: () => void = () => undefined;

  constructor(agent: AgentPresence, presences: readonly Presence[], now: number) {
    this.#now = now;
    this.#state = evolve({ ...NOBODY, agent }, { type: "presenceOptions", presences: [...presences] }, now);
    this.element.client = this.#client();
    document.body.append(this.element);
  }

  hears(frame: HubFrame, now = this.#now): void {
    this.#now = now;
    this.#state = evolve(this.#state, frame, now);
    this.#changed();
  }

  links(link: Link): void {
    this.#link = link;
    this.#changed();
  }

  /** What the element uses of a client, and nothing else. */
  #client(): AgentClient {
    const state = (): AgentState => this.#state;
    const link = (): Link => this.#link;
    const now = (): number => this.#now;
    const client = {
      get state() {
        return state();
      },
      get agent() {
        return link().phase === "live" ? state().agent : null;
      },
      get link() {
        return link();
      },
      get now() {
        return now();
      },
      onChange: (changed: () => void) => {
        this.#changed = changed;
        return () => undefined;
      },
      onPresenceChange: () => () => undefined,
      setPresence: async (presenceId: string, choice: Omit<SetPresence, "presenceId">) => {
        const refusal = await this.asked.ask({ presenceId, ...choice });
        if (refusal !== null) throw new RequestFailed("refused", refusal);
      },
      resetPresence: () => Promise.resolve(void (this.resets += 1)),
      putAway: () => undefined,
      hurry: () => void (this.hurries += 1),
    };
    return client as unknown as AgentClient;
  }
}
