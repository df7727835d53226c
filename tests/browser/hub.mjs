// A hub in a process of its own, at the same address and over the same folder whenever it is started again.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/** A port that nobody has. */
export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

export class Hub {
  #process = null;
  #said = [];

  constructor(port, settings) {
    this.address = `http://127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), "hub-"));
    this.environment = {
      ...process.env,
      ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`PRESENCE_HUB__${key}`, value])),
      PRESENCE_HUB__SERVER__LISTEN: `127.0.0.1:${port}`,
    };
    process.once("exit", (code) => this.#goesWithTheTests(code));
  }

  /** It ends even if the tests were stopped, and its log is told if they failed. */
  #goesWithTheTests(code) {
    this.#process?.kill("SIGKILL");
    if (code !== 0) console.error(`the log of the hub at ${this.address}:\n${this.log()}`);
  }

  async starts() {
    const { folder: cwd, environment: env } = this;
    this.#process = spawn(process.env["HUB_PROGRAM"], [], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const said = createInterface({ input: this.#process.stderr });
    said.on("line", (line) => {
      this.#said.push(line);
      for (const waits of this.#waiting) waits(line);
    });
    const ended = new Promise((_, ends) => this.#process.once("exit", (code) => ends(new Error(`it ended (${code})`))));
    const listens = new Promise((line) => createInterface({ input: this.#process.stdout }).once("line", line));
    ended.catch(() => undefined);
    await Promise.race([listens, ended]);
  }

  #waiting = new Set();

  /** Returns once a line of the log has this in it, one of before as well. */
  says(part) {
    if (this.#said.some((line) => line.includes(part))) return Promise.resolve();
    return new Promise((heard) => {
      const waits = (line) => {
        if (!line.includes(part)) return;
        this.#waiting.delete(waits);
        heard();
      };
      this.#waiting.add(waits);
    });
  }

  /** SIGKILL, so that nothing is said or kept at the end. */
  async isKilled() {
    const ended = new Promise((gone) => this.#process.once("exit", gone));
    this.#process.kill("SIGKILL");
    await ended;
  }

  /** So many agents work, take calls and lose their network, ten times as fast as life, until what is returned is called. */
  isPlayed(agents) {
    const { folder: cwd, environment: env, address } = this;
    const words = ["simulate", "--agents", String(agents), "--pace", "10", "--hub", address];
    const played = spawn(process.env["HUB_PROGRAM"], words, { cwd, env, stdio: "ignore" });
    return () => played.kill("SIGKILL");
  }

  /** SIGSTOP: it neither hears nor says anything, and its sockets stay open. */
  standsStill() {
    this.#process.kill("SIGSTOP");
  }

  goesOn() {
    this.#process.kill("SIGCONT");
  }

  async leaves() {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.isKilled();
    rmSync(this.folder, { recursive: true, force: true });
  }

  log() {
    return this.#said.join("\n");
  }

  /** Hours pass within a hub that has a clock for tests. */
  async timePasses(seconds) {
    const body = JSON.stringify({ advanceMs: seconds * 1000 });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.address}/test/clock`, { method: "POST", headers, body });
    if (answer.status !== 200) throw new Error(`the clock was not moved: ${answer.status}`);
  }
}
