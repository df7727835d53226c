// The presence room that both peers serve: its state and its words. Nothing is kept.

/** Connections that wait to be accepted while the room is busy: as many as the hub lets wait. */
const BACKLOG = 4096;

/** Who is in what state. Every change is one `changes` frame for all watchers. */
export class Room {
  #members = new Map();
  #seq = 0;

  /** A connection of a member begins. Returns what watchers are told. */
  enter(id) {
    const member = this.#members.get(id) ?? { id, name: `Agent ${id.slice(1)}`, version: 0, connections: 0 };
    this.#members.set(id, member);
    member.connections += 1;
    return this.#change(member, "available", "DEFAULT", "LOGIN");
  }

  /** A connection of a member ends. Returns what watchers are told; nothing while another one lives. */
  leave(id) {
    const member = this.#members.get(id);
    member.connections -= 1;
    if (member.connections > 0) return undefined;
    return this.#change(member, "offline", "AUTOMATIC", "DISCONNECTED");
  }

  /** A member said something. Returns the answer and what watchers are told; nothing if it makes no sense. */
  hear(id, frame) {
    if (frame?.type !== "setPresence" || typeof frame.presenceId !== "string") return undefined;
    const member = this.#members.get(id);
    const changes = this.#change(member, frame.presenceId, "AGENT", "SET_PRESENCE");
    return { result: { type: "result", id: frame.id, result: { version: member.version } }, changes };
  }

  #change(member, presenceId, origin, eventName) {
    member.version += 1;
    this.#seq += 1;
    const entry = {
      agentId: member.id,
      name: member.name,
      teams: ["floor"],
      presenceId,
      since: new Date().toISOString(),
      version: member.version,
      seq: this.#seq,
      origin,
      eventName,
      // What is undefined is left out of the JSON.
      isAgentLoggedIn: member.connections > 0 || undefined,
      activeBrowserSessions: member.connections || undefined,
      modifiedBy: { type: "AGENT", id: member.id },
    };
    return { type: "changes", watchId: "w", seq: this.#seq, agents: [entry], left: [] };
  }
}

/** Who asks to come in: a watcher, a member with an id, or nobody the room knows. */
export function visitor(role, id) {
  if (role === "watcher") return { role };
  if (role === "member" && typeof id === "string" && id !== "") return { role, id };
  return undefined;
}

/** Listens on a port of loopback that is free, and says so in the one line on standard output. */
export function listen(server) {
  server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
}
