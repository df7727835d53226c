// What the hub says and understands: the types of src/wire/shapes.

export type BasePresenceStatus = "AVAILABLE" | "BUSY" | "BUSY_DO_NOT_DISTURB" | "AWAY" | "OFFLINE";

export type Origin = "AUTOMATIC" | "AGENT" | "SUPERVISOR" | "DEFAULT";

export type Hold = "MISSED" | "REJECTED" | "WORK_ITEM_LIMIT";

export type Utilization = "UNUSED" | "PARTIAL" | "FULL";

export type Role = "agent" | "supervisor" | "integration" | "admin";

export type EventName = "CONFIGURATION_UPDATE" | "NEW_USER" | "LOGIN" | "RECONNECT" | "LOGOUT" | "SET_PRESENCE" | "MISSED_NOTIFICATION" | "REJECTED_NOTIFICATION" | "OTHER" | "RESET_MISSED_REJECTED_NOTIFICATION_PRESENCE" | "ASSIGNMENT_ATTEMPTED_WITH_CAPACITY_RESERVATION" | "SESSION_ASSIGNED" | "SESSION_CLOSED" | "END_OF_DAY_CAPACITY_RESET" | "DISCONNECTED" | "RESTORE_LAPSED" | "EXPIRED" | "WORK_ITEM_LIMIT" | "PRESENCE_RETIRED" | "RECONCILED" | "WRAP_UP_ENDED";

export type SubEventName = "ASSIGNMENT_ACCEPT" | "PICK" | "ASSIGNED_BY_SUPERVISOR" | "TRANSFER" | "REPRESENTATIVE_INITIATED_OUTBOUND_CALL" | "AGENT_END_CONVERSATION" | "AGENT_REJECT" | "AGENT_TIMEOUT" | "CONVERSATION_TIMEOUT" | "AGENT_CLOSED" | "CONVERSATION_CLOSED" | "AGENT_TRANSFERED" | "AGENT_DISCONNECTED" | "AGENT_RE_ROUTED" | "VIRTUAL_AGENT_CLOSED" | "AGENT_TRANSFER_TO_QUEUE" | "SUPERVISOR_ASSIGN_TO_QUEUE" | "SUPERVISOR_TRANSFER_TO_AGENT" | "SYSTEM_REJECT" | "FORCE_CLOSE" | "OVERFLOW_QUEUE_TRANSFER" | "OVERFLOW_END_CONVERSATION" | "ADD_AGENT_FAILED" | "AUTO_CLOSE" | "CUSTOMER_DISCONNECT" | "CUSTOMER_END_CONVERSATION" | "QUEUE_TRANSFER" | "IN_QUEUE_OVERFLOW_TRANSFER" | "IN_QUEUE_OVERFLOW_END" | "AUTO_ASSIGN" | "CONSULT_JOINED" | "CONSULT_LEFT" | "MONITOR_JOINED" | "MONITOR_LEFT" | "TAB_CLOSED" | "SIGNED_OUT" | "DEVICE_CLOSED" | "NETWORK_LOST" | "PAGE_ASLEEP" | "HUB_RESTART" | "REVOKED" | "UNKNOWN";

export type ActorType = "AGENT" | "SUPERVISOR" | "SYSTEM" | "INTEGRATION" | "ADMIN";

export type ResetDuration = "IMMEDIATE" | "DAILY";

export type WithdrawalReason = SubEventName | EventName;

export type ResyncReason = "workstreamChanged";

export type NoticeCode = "presenceSetBySupervisor" | "signedOutBySupervisor" | "missedNotification" | "rejectedNotification" | "workItemLimit" | "presenceExpired" | "presenceRetired";

export type ResultStatus = "applied" | "rejected";

export type ErrorDetails = { field: string, };

export type Presence = { presenceId: string, presenceName: string, presenceText: string, basePresenceStatus: BasePresenceStatus, description: string, builtIn: boolean, canUserSet: boolean, presenceColor: string, labels: { [key in string]: string }, enabled: boolean, };

export type ModifiedBy = { type: ActorType, id?: string, };

export type Restore = { presence: Presence, origin: Origin, hold: Hold | null, reason: string | null, presenceUntil: string | null, nextPresenceId: string | null, until: string, };

export type Units = { max: number, used: number, reserved: number, available: number, };

export type ProfileUse = { profileId: string, max: number, used: number, reserved: number, available: number, blockAssignment: boolean, resetDuration: ResetDuration, };

export type Capacity = { units: Units | null, profiles: Array<ProfileUse>, openWorkItems: number, utilization: Utilization, };

export type AgentPresence = { agentId: string, name: string, teams: Array<string>, presence: Presence, since: string, version: number, seq: number, origin: Origin, hold: Hold | null, eventName: EventName, subEventName: SubEventName | null, modifiedBy: ModifiedBy, reason: string | null, until: string | null, nextPresenceId: string | null, isAgentLoggedIn: boolean, activeBrowserSessions: number, restore: Restore | null, capacity: Capacity, isBlockedBySomeProfile: boolean, };

export type WatchedRestore = { presenceId: string, until: string, };

export type WatchedAgent = { agentId: string, name: string, teams?: Array<string>, presenceId: string, since: string, version: number, seq: number, origin: Origin, eventName: EventName, subEventName?: SubEventName, isAgentLoggedIn?: boolean, openWorkItems?: number, activeBrowserSessions?: number, isBlockedBySomeProfile?: boolean, hold?: Hold, reason?: string, until?: string, nextPresenceId?: string, 
/**
 * Left out when the hub itself changed it.
 */
modifiedBy?: ModifiedBy, restore?: WatchedRestore, capacity?: Capacity, workItems?: Array<WorkItem>, };

export type WorkItemState = "OFFERED" | "ACTIVE" | "WRAP_UP";

export type WorkItem = { workItemId: string, state: WorkItemState, since: string | null, workstreamId: string | null, units: number | null, profiles: Array<string> | null, holdsCapacity: boolean | null, deadline: string | null, };

export type Summary = { total: number, byBaseStatus: { [key in BasePresenceStatus]?: number }, byPresence: { [key in string]: number }, };

export type Filter = { teams?: Array<string>, queues?: Array<string>, skills?: Array<string>, agentIds?: Array<string>, baseStatuses?: Array<BasePresenceStatus>, presenceIds?: Array<string>, workstreamId?: string, };

export type Include = "capacity" | "workItems";

export type Since = { epoch: string, seq: number, watchId?: string, };

export type SetPresence = { presenceId: string, until?: string, nextPresenceId?: string, reason?: string, ifVersion?: number, };

export type ClientFrame = { "type": "setPresence" } & SetPresence | { "type": "resetPresence", } | { "type": "refreshing", } | { "type": "signOut", } | { "type": "watch", filter: Filter, include: Array<Include>, since?: Since, } | { "type": "unwatch", watchId: string, } | { "type": "setAgentPresence", agentIds: Array<string>, presenceId: string, until?: string, nextPresenceId?: string, reason?: string, ifVersion?: number, } | { "type": "resetAgentPresence", agentIds: Array<string>, } | { "type": "signOutAgent", agentIds: Array<string>, reason?: string, } | { "type": "events", events: unknown[], } | { "type": "authenticate", token: string, } | { "type": "awake", };

export type FrameError = { code: string, message: string, details?: ErrorDetails, };

export type HubFrame = { "type": "welcome", sessionId: string, roles: Array<Role>, subject: string, epoch: string, seq: number, serverTime: string, heartbeatSeconds: number, tokenExpiresAt: string, agent?: AgentPresence, presenceOptions?: Array<Presence>, } | { "type": "result", id: number | string, result: unknown, } | { "type": "error", id?: number | string, error: FrameError, } | { "type": "presence", agent: AgentPresence, } | { "type": "presenceOptions", presences: Array<Presence>, } | { "type": "snapshot", watchId: string, epoch: string, seq: number, part: number, parts: number, agents: Array<WatchedAgent>, presences?: Array<Presence>, summary?: Summary, } | { "type": "changes", watchId: string, seq: number, agents: Array<WatchedAgent>, left: Array<string>, presences?: Array<Presence>, summary?: Summary, } | { "type": "presences", presences: Array<Presence>, } | { "type": "offerWithdrawn", agentId: string, workItemId: string, reason: WithdrawalReason, } | { "type": "resync", watchId: string, reason: ResyncReason, } | { "type": "notice", code: NoticeCode, actor?: ModifiedBy, reason?: string, workItemId?: string, } | { "type": "heartbeat", seq: number, serverTime: string, 
/**
 * True while the hub knows of changes that it could not keep yet.
 */
stale?: boolean, } | { "type": "tokenExpiring", expiresAt: string, } | { "type": "restarting", reconnectAfterMs: [number, number], };

export type WatchResult = { watchId: string, epoch: string, seq: number, mode: WatchMode, };

export type WatchMode = "snapshot" | "resumed";

export type AgentResult = { agentId: string, status: ResultStatus, code?: string, version?: number, };
