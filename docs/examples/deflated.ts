// A board in fewer bytes: it takes deflated frames. It ends with its connection; how to come back is in `board.ts`.
//   TOKEN=$(presence-hub token --sub sam --role supervisor) node deflated.ts
// Node 20 has WebSocket behind `--experimental-websocket`, and runs compiled TypeScript only.

import { constants, inflateRawSync } from "node:zlib";

const URL = `${(process.env.HUB ?? "http://127.0.0.1:7350").replace("http", "ws")}/ws?roles=supervisor`;
const PROTOCOLS = ["presence.v1.json.deflate", "presence.v1.json", `bearer.${process.env.TOKEN}`];
const KINDS = ["whole", "begins", "continues"] as const; // by the first byte of a binary message
const WINDOW = 32 * 1024; // a piece refers back no further

type Agent = { agentId: string; presenceId: string };
type Presence = { presenceId: string; presenceText: string };
type Frame = { type: string; agents?: Agent[]; presences?: Presence[]; error?: { message: string } };

const names = new Map<string, string>(); // the presences' texts
let history: { number: number; said: Buffer } | undefined; // a watch has one at a time

/** The frame of a binary message: deflated by itself, or as the next piece of a history. */
function inflated(message: Buffer): string {
  const kind = KINDS[message.readUInt8(0)];
  if (kind === "whole") return inflateRawSync(message.subarray(1)).toString();
  const number = message.readUInt32BE(1);
  if (kind === "begins") history = { number, said: Buffer.alloc(0) };
  if (kind === undefined || history?.number !== number) throw new Error("a piece of what has not begun");
  // A piece ends at a whole byte, so what was said before is all that it needs.
  const needs = { dictionary: history.said, finishFlush: constants.Z_SYNC_FLUSH };
  const frame = inflateRawSync(message.subarray(5), needs);
  history.said = Buffer.concat([history.said, frame]).subarray(-WINDOW);
  return frame.toString();
}

/** A text is a frame. What cannot be inflated ends the program, and with it the connection. */
function frameOf(message: string | ArrayBuffer): Frame {
  if (typeof message === "string") return JSON.parse(message);
  const bytes = Buffer.from(message);
  const frame = inflated(bytes);
  console.log(KINDS[bytes.readUInt8(0)], bytes.length, "bytes for", Buffer.byteLength(frame));
  return JSON.parse(frame);
}

const socket = new WebSocket(URL, PROTOCOLS);
socket.binaryType = "arraybuffer";
socket.onopen = () => socket.send(JSON.stringify({ type: "watch", id: 1, filter: {} }));
socket.onmessage = ({ data }) => {
  const { agents = [], presences = [], error } = frameOf(data);
  if (error) console.error(error.message);
  for (const { presenceId, presenceText } of presences) names.set(presenceId, presenceText);
  for (const { agentId, presenceId } of agents) console.log(agentId, names.get(presenceId));
};
socket.onclose = ({ code }) => {
  console.error(`closed with ${code}`);
  process.exit(1);
};
