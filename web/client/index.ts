/** A client of the presence hub: one agent's own presence, or a live view of many. */

export { type AgentState, answered, evolve, known, NOBODY, type Notice, putAway } from "./agent.ts";
export { ask } from "./ask.ts";
export { BACK_OFF, type BackOff } from "./back-off.ts";
export { mayMove, mayReturn } from "./close-codes.ts";
export { type Place, places } from "./address.ts";
export { BROWSER, Connection, type Socket, type Target, type World } from "./connection.ts";
export { byCookie, byToken, type Credentials, type Fetch, type Renewal } from "./credentials.ts";
export { inflating } from "./inflating.ts";
export type { Link, Quiet } from "./link.ts";
export { type Hubs, Live, type Options } from "./live.ts";
export { AgentClient, type Choice } from "./presence.ts";
export { RequestFailed } from "./requests.ts";
export { apply, type Currency, emptyRoster, type Roster, type RosterChange, resumeFrom } from "./roster.ts";
export { ServerClock } from "./server-clock.ts";
export { Watch, type WatchOptions } from "./watch.ts";
export { type Scope, Watched, type Watcher } from "./watched.ts";
export type * from "../wire.ts";
export { CLOSE_CODES } from "../wire.ts";
