// A proxy that serves a hub below a path, and takes that path off before it asks the hub.

import { createServer, request } from "node:http";
import { connect } from "node:net";

/** Its address, with the path; it ends with the test `t`. */
export async function strippingProxy(t, hub, path) {
  const { hostname, port } = new URL(hub);
  const stripped = (url) => (url.startsWith(`${path}/`) ? url.slice(path.length) : "/not-below-the-path");
  const server = createServer((asked, answer) => {
    const { method, headers } = asked;
    const further = request({ hostname, port, method, headers, path: stripped(asked.url) }, (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    });
    asked.pipe(further);
  });
  const sockets = new Set();
  server.on("upgrade", (asked, socket, head) => {
    const further = connect({ host: hostname, port }, () => {
      const headers = [];
      for (let at = 0; at < asked.rawHeaders.length; at += 2) {
        headers.push(`${asked.rawHeaders[at]}: ${asked.rawHeaders[at + 1]}\r\n`);
      }
      further.write(`GET ${stripped(asked.url)} HTTP/1.1\r\n${headers.join("")}\r\n`);
      further.write(head);
      socket.pipe(further).pipe(socket);
    });
    for (const [end, other] of [
      [socket, further],
      [further, socket],
    ]) {
      sockets.add(end);
      // A browser that leaves resets its connection.
      end.on("error", () => other.destroy());
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}${path}`;
}
