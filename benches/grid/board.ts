/** The whole page of the board, with a hub that is played within it: frames are text, and are parsed. */

import "../../web/look/page.css";
import { everyTenth, FLOOR, PRESENCES } from "./floor.ts";

const IN_A_PART = 250;

class PlayedHub {
  onmessage: (message: MessageEvent) => void = () => undefined;

  constructor() {
    setTimeout(() => {
      this.#say({ type: "welcome", serverTime: new Date().toISOString(), heartbeatSeconds: 10, sessionId: "1", roles: ["supervisor"] });
    });
    setInterval(() => this.#say({ type: "heartbeat", seq: 1, serverTime: new Date().toISOString() }), 5000);
  }

  #say(frame: unknown): void {
    this.onmessage(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  send(text: string): void {
    const { type, id } = JSON.parse(text) as { type: string; id?: number };
    if (type !== "watch") return;
    const watched = { epoch: "e", seq: 1, watchId: "w" };
    this.#say({ type: "result", id, result: { ...watched, mode: "snapshot" } });
    const parts = FLOOR.length / IN_A_PART;
    for (let part = 1; part <= parts; part += 1) {
      const agents = FLOOR.slice((part - 1) * IN_A_PART, part * IN_A_PART);
      const presences = part === 1 ? { presences: PRESENCES } : {};
      setTimeout(() => this.#say({ type: "snapshot", part, parts, agents, ...presences, ...watched }), part * 5);
    }
    setTimeout(() => {
      everyTenth((agents) => this.#say({ type: "changes", agents, left: [], seq: agents.at(-1)?.seq, watchId: "w" }));
    }, 1000);
  }

  close(): void {
    // It is never left.
  }
}

const session = { mode: "demo", session: { subject: "sam", name: "Sam Rivera", roles: ["supervisor"], teams: [] } };
Object.assign(window, { WebSocket: PlayedHub, fetch: () => Promise.resolve(Response.json(session)) });
localStorage.clear();
history.replaceState(null, "", "?sort=since");
await import("../../web/board/page.ts");
document.body.append(document.createElement("presence-board"));
Object.assign(window, {
  scrolled: () => document.querySelector("presence-board")?.shadowRoot?.querySelector("agent-grid"),
});
