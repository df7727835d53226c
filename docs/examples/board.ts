// A board: every agent's presence, live.
//   TOKEN=$(presence-hub token --sub sam --role supervisor) node board.ts
// Node 20 has WebSocket behind `--experimental-websocket`, and runs compiled TypeScript only.

const URL = `${(process.env.HUB ?? "http://127.0.0.1:7350").replace("http", "ws")}/ws?roles=supervisor`;
const PROTOCOLS = ["presence.v1.json", `bearer.${process.env.TOKEN}`];
const STAY_AWAY = [4400, 4401, 4403, 4404, 4409, 4410, 4413]; // 4401: with a new token one may come back
const COME_BACK_LATER = [1013, 4408, 4429, 4500];
const [SHORT, LONG] = [500, 30_000];

type Agent = { agentId: string; presenceId: string };
type Presence = { presenceId: string; presenceText: string };
type Watched = { watchId: string; seq: number; agents: Agent[]; presences?: Presence[] };
type Frame =
  | { type: "welcome"; epoch: string; heartbeatSeconds: number }
  | { type: "result"; result: { mode: "snapshot" | "resumed" } }
  | { type: "error"; error: { message: string } }
  | (Watched & { type: "snapshot"; part: number; parts: number })
  | (Watched & { type: "changes"; left: string[] })
  | { type: "presences"; presences: Presence[] }
  | { type: "heartbeat"; seq?: number }
  | { type: "restarting"; reconnectAfterMs: [number, number] }
  | { type: "resync" };

const agents = new Map<string, Agent>(); // what the board shows
const names = new Map<string, string>(); // the presences' texts
let position: { epoch: string; watchId: string; seq: number } | undefined; // from where a watch can go on
let epoch = "";
let pause = SHORT;

/** The catalog comes before the agents that need it. */
function name(presences: Presence[] = []): void {
  for (const { presenceId, presenceText } of presences) names.set(presenceId, presenceText);
}

/** Snapshots and changes bring the newest state of agents: replace, never merge. */
function takeIn(frame: Watched): void {
  name(frame.presences);
  for (const agent of frame.agents) {
    agents.set(agent.agentId, agent);
    console.log(agent.agentId, names.get(agent.presenceId));
  }
}

function reached(frame: Watched): void {
  position = { epoch, watchId: frame.watchId, seq: frame.seq };
}

/** Follows until the connection ends; its close code, or 1006 if none came. */
function follow(): Promise<number> {
  return new Promise((ends) => {
    const socket = new WebSocket(URL, PROTOCOLS);
    let patience = 10_000;
    let silence: ReturnType<typeof setTimeout>;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => end(1006), patience);
    };
    const end = (code: number) => {
      clearTimeout(silence);
      socket.close();
      ends(code);
    };
    socket.onclose = ({ code }) => end(code);
    socket.onmessage = ({ data }) => {
      const frame: Frame = JSON.parse(data);
      switch (frame.type) {
        case "welcome":
          // A hub that has nothing to say sends heartbeats. One that does not is gone.
          patience = 2_500 * frame.heartbeatSeconds;
          epoch = frame.epoch;
          pause = SHORT;
          socket.send(JSON.stringify({ type: "watch", id: 1, filter: {}, since: position }));
          break;
        case "result":
          console.log("following:", frame.result.mode);
          break;
        case "snapshot":
          if (frame.part === 1) {
            agents.clear();
            position = undefined;
          }
          takeIn(frame);
          if (frame.part === frame.parts) reached(frame);
          break;
        case "changes":
          takeIn(frame);
          for (const agentId of frame.left) agents.delete(agentId);
          reached(frame);
          break;
        case "presences":
          name(frame.presences);
          break;
        case "heartbeat":
          if (position && frame.seq !== undefined) position.seq = frame.seq;
          break;
        case "restarting":
          pause = between(...frame.reconnectAfterMs);
          break;
        case "error":
          console.error(frame.error.message);
          break;
        case "resync":
          break; // a snapshot follows
      }
      listen();
    };
    listen();
  });
}

function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}

for (;;) {
  const code = await follow();
  if (STAY_AWAY.includes(code)) {
    console.error(`closed with ${code}`);
    process.exit(1);
  }
  if (COME_BACK_LATER.includes(code)) pause = Math.max(pause, 5_000);
  console.log("not following", code);
  await new Promise((resolve) => setTimeout(resolve, between(pause / 2, pause)));
  pause = Math.min(pause * 2, LONG);
}
