// The presence room on Socket.IO: watchers are a room of its own, which the library tells.

import { createServer } from "node:http";
import { Server } from "socket.io";
import { Room, listen, visitor } from "./room.mjs";

const WATCHERS = "watchers";

const room = new Room();

const http = createServer();
const server = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

server.on("connection", (socket) => {
  const { role, id } = socket.handshake.query;
  const who = visitor(role, id);
  if (who === undefined) return socket.disconnect(true);
  socket.emit("frame", { type: "welcome" });
  if (who.role === "watcher") socket.join(WATCHERS);
  else hold(socket, who.id);
});

listen(http);

function hold(socket, id) {
  tell(room.enter(id));
  socket.on("disconnect", () => tell(room.leave(id)));
  socket.on("frame", (frame) => {
    const heard = room.hear(id, frame);
    if (heard === undefined) return;
    socket.emit("frame", heard.result);
    tell(heard.changes);
  });
}

function tell(changes) {
  if (changes !== undefined) server.to(WATCHERS).emit("frame", changes);
}
