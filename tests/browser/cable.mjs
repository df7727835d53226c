// A cable between a browser and a hub, which a test can cut: every connection through it ends, and none begins.

import { connect, createServer } from "node:net";

export class Cable {
  #sockets = new Set();
  #cut = false;
  #server;

  constructor(port, hub) {
    this.address = `http://127.0.0.1:${port}`;
    this.port = port;
    this.#server = createServer((socket) => this.#passes(socket, new URL(hub)));
  }

  async isLaid() {
    await new Promise((listening) => this.#server.listen(this.port, "127.0.0.1", listening));
  }

  #passes(socket, { hostname, port }) {
    if (this.#cut) return void socket.destroy();
    const further = connect({ host: hostname, port });
    for (const [end, other] of [
      [socket, further],
      [further, socket],
    ]) {
      this.#sockets.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        this.#sockets.delete(end);
        other.destroy();
      });
    }
    socket.pipe(further).pipe(socket);
  }

  isCut() {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  isMended() {
    this.#cut = false;
  }

  leaves() {
    this.isCut();
    this.#server.close();
  }
}
