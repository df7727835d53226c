// A NATS server with JetStream, over which hubs share a log. The program is the one that `.ci/run` unpacks, else the one
// that `NATS_SERVER` names, else the one in the path.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** Beside the folder in which the hub's own program was built. */
const UNPACKED = join(dirname(process.env["HUB_PROGRAM"]), "../nats/nats-server");

export class NatsServer {
  #process = null;

  constructor(port) {
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), "nats-"));
    process.once("exit", () => this.leaves());
  }

  /** Returns once it says that it is ready. */
  async starts() {
    const store = JSON.stringify(join(this.folder, "store"));
    const config = join(this.folder, "nats.conf");
    writeFileSync(
      config,
      `listen: "127.0.0.1:${this.port}"\njetstream { store_dir: ${store}, sync_interval: always, max_mem: 64MB, max_file: 1GB }\n`,
    );
    const program = [UNPACKED, process.env["NATS_SERVER"]].find((path) => path && existsSync(path)) ?? "nats-server";
    this.#process = spawn(program, ["-c", config], { stdio: ["ignore", "ignore", "pipe"] });
    const lines = createInterface({ input: this.#process.stderr });
    await new Promise((ready, failed) => {
      lines.on("line", (line) => {
        if (line.includes("Server is ready")) ready();
      });
      this.#process.once("error", failed);
      this.#process.once("exit", (code) => failed(new Error(`the NATS server ended (${code})`)));
    });
  }

  /** What a hub is told of it, and of which node it is. */
  settingsOf(node) {
    return {
      STORAGE__ENGINE: "nats",
      CLUSTER__NODE: String(node),
      CLUSTER__SERVERS: JSON.stringify([`nats://127.0.0.1:${this.port}`]),
      CLUSTER__REPLICAS: "1",
    };
  }

  leaves() {
    this.#process?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
