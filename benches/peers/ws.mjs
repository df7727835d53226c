// The presence room on `ws`: a frame is encoded once, then sent to one watcher after the other.

import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { Room, listen, visitor } from "./room.mjs";

const room = new Room();
const watchers = new Set();

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false });

server.on("connection", (socket, request) => {
  // Without a listener a protocol error of one client would end the process; the socket closes itself.
  socket.on("error", (error) => console.error(error.message));
  const { searchParams } = new URL(request.url, "http://room");
  const who = visitor(searchParams.get("role"), searchParams.get("id"));
  if (who === undefined) return socket.close(1008, "role=watcher, or role=member with an id");
  socket.send(JSON.stringify({ type: "welcome" }));
  if (who.role === "watcher") watch(socket);
  else hold(socket, who.id);
});

listen(http);

function watch(socket) {
  watchers.add(socket);
  socket.on("close", () => watchers.delete(socket));
}

function hold(socket, id) {
  tell(room.enter(id));
  socket.on("close", () => tell(room.leave(id)));
  socket.on("message", (text) => {
    const heard = room.hear(id, parse(text));
    if (heard === undefined) return;
    socket.send(JSON.stringify(heard.result));
    tell(heard.changes);
  });
}

function tell(changes) {
  if (changes === undefined) return;
  // As a buffer: a string would be turned into bytes again for every watcher.
  const text = Buffer.from(JSON.stringify(changes));
  for (const watcher of watchers) watcher.send(text, { binary: false });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
