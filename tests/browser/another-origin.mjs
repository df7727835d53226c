// A web site that is not the hub's: its pages, and its back end, which fetches tickets for whoever is signed in there.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

export class AnotherOrigin {
  #server = createServer((asked, answer) => void this.#answers(asked, answer));
  /** Who is signed in at this site: a demo person of the hub, or nobody. */
  person = null;
  /** Pages that are made here, by their paths, beside the files of the folder. */
  pages = new Map();

  constructor(port, folder) {
    // Another host than the hub's, not only another port: no cookie of the hub's comes along.
    this.address = `http://crm.localhost:${port}`;
    this.port = port;
    this.folder = folder;
  }

  async starts(hub) {
    this.hub = hub;
    await new Promise((listening) => this.#server.listen(this.port, "127.0.0.1", listening));
  }

  leaves() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answers({ url, method }, answer) {
    const { pathname } = new URL(url, this.address);
    if (method === "POST" && pathname === "/ticket") {
      const ticket = await this.#ticket();
      answer.writeHead(ticket === null ? 401 : 200, { "content-type": "text/plain" }).end(ticket ?? "");
      return;
    }
    const made = this.pages.get(pathname);
    const content = made?.content ?? (await readFile(join(this.folder, pathname)).catch(() => null));
    const type = TYPES[extname(pathname)] ?? "text/plain";
    answer.writeHead(content === null ? 404 : 200, { "content-type": type, ...made?.headers }).end(content ?? "");
  }

  /** As the hub's own pages do it, but here, so that the browser never sees the session. */
  async #ticket() {
    if (this.person === null) return null;
    const { address: origin } = this.hub;
    const headers = { origin, "content-type": "application/json" };
    const body = JSON.stringify({ demo: this.person });
    const entered = await fetch(`${origin}/session`, { method: "POST", headers, body });
    const cookie = entered.headers.getSetCookie()[0].split(";")[0];
    const made = await fetch(`${origin}/api/v1/tickets`, { method: "POST", headers: { origin, cookie } });
    if (!made.ok) throw new Error(`no ticket: ${made.status} ${await made.text()}`);
    return (await made.json()).ticket;
  }
}
