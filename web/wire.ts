// Made from src/wire: `ACCEPT=1 cargo test --locked --lib documents`. Changes made here are lost.

/** Something that agents are planned to do, and the presences that are right meanwhile: one at least, or one base status. */
export type Activity = {
  /** The id of the activity. Where the path says it, it is only read: it may be left out, or repeat the path. */
  activityId: string;
  /** The base statuses of which every presence is right meanwhile. */
  basePresenceStatuses: BasePresenceStatus[];
  /** The ids of presences that are right meanwhile. */
  presenceIds: string[];
  /** What people see, of at most 256 characters. The id if left out. */
  text: string;
  /** For how long an agent may have another presence and still be in adherence; what lasts longer is out from its first millisecond. 0 if left out. */
  toleranceSeconds: number;
};

/** Something that agents are planned to do, and the presences that are right meanwhile: one at least, or one base status. */
export type ActivityInput = {
  /** The id of the activity. Where the path says it, it is only read: it may be left out, or repeat the path. */
  activityId?: string;
  /** The base statuses of which every presence is right meanwhile. */
  basePresenceStatuses?: BasePresenceStatus[];
  /** The ids of presences that are right meanwhile. */
  presenceIds?: string[];
  /** What people see, of at most 256 characters. The id if left out. */
  text?: string;
  /** For how long an agent may have another presence and still be in adherence; what lasts longer is out from its first millisecond. 0 if left out. */
  toleranceSeconds?: number;
};

/** A page of a list. */
export type ActivityList = {
  /** The items of this page. */
  items: Activity[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Fields of Activity that change; null takes one away. */
export type ActivityPatch = {
  /** The id of the activity. Where the path says it, it is only read: it may be left out, or repeat the path. */
  activityId?: string | null;
  /** The base statuses of which every presence is right meanwhile. */
  basePresenceStatuses?: BasePresenceStatus[] | null;
  /** The ids of presences that are right meanwhile. */
  presenceIds?: string[] | null;
  /** What people see, of at most 256 characters. The id if left out. */
  text?: string | null;
  /** For how long an agent may have another presence and still be in adherence; what lasts longer is out from its first millisecond. 0 if left out. */
  toleranceSeconds?: number | null;
};

/** Who changed something: the kind of actor. */
export type ActorType =
  /** The agent itself. */
  | "AGENT"
  /** A supervisor. */
  | "SUPERVISOR"
  /** The hub, by its rules. */
  | "SYSTEM"
  /** A work system. */
  | "INTEGRATION"
  /** An administrator. */
  | "ADMIN";

/** As what a stretch of planned time counts. */
export type AdherenceCounts =
  /** The presence was right: in adherence. */
  | "IN"
  /** It was not, for no longer than the activity tolerates: in adherence. */
  | "TOLERATED"
  /** It was not, for longer: out of adherence. */
  | "OUT"
  /** An exception covers it: neither. */
  | "EXCUSED";

/** A time of an agent that is excused: it counts neither as in adherence nor as out. */
export type AdherenceException = {
  /** The agent. */
  agentId: string;
  /** When that was. */
  at: string;
  /** Who said so: the subject of the token. */
  author: string;
  /** When it ends, itself not included. */
  end: string;
  /** Its id. */
  exceptionId: string;
  /** Why. */
  reason: string;
  /** When it begins. */
  start: string;
};

/** A page of a list. */
export type AdherenceExceptionList = {
  /** The items of this page. */
  items: AdherenceException[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** How an agent, a team, an hour or a day was in adherence. Times are milliseconds, exactly. */
export type AdherenceLine = {
  /** The share of `inMs` in `inMs` and `outMs`; null if there is neither. */
  adherence: number | null;
  /** The agent, if each has figures of its own. */
  agentId?: string;
  /** When the quarter hour, hour or day ended, or the time asked for within it; now at the latest. */
  end?: string;
  /** For how long of it they are excused. */
  excusedMs: number;
  /** For how long of it agents were in adherence, tolerated stretches included. */
  inMs: number;
  /** The agent's name, as it was last in the time asked for. */
  name?: string;
  /** For how long they were not. */
  outMs: number;
  /** For how long something was planned: the sum of the three below. */
  plannedMs: number;
  /** When the quarter hour, hour or day began, or the time asked for within it. Left out if the figures are of all of that time. */
  start?: string;
  /** The team, if each has figures of its own. Left out for agents without a team. */
  team?: string;
};

/** Adherence. */
export type AdherenceReport = {
  /** When the time began. */
  from: string;
  /** The figures of each agent, team, quarter hour, hour or day of which something was planned. */
  items: AdherenceLine[];
  /** When it ended: as asked for, or now if that is earlier. */
  to: string;
};

/** A stretch of an agent's planned time with one presence, or what of it lies in the time asked for. */
export type AdherenceStretch = {
  /** The activity that was planned. */
  activityId: string;
  /** As what it counts. */
  counts: AdherenceCounts;
  /** What lies between them. */
  durationMs: number;
  /** When it ended, or the time asked for. */
  end: string;
  /** The presence that the agent had. */
  presenceId: string;
  /** The position of the change with which the presence began, or of the last one before `start`: a row of the agent's history. */
  seq: number;
  /** When it began, or the time asked for. */
  start: string;
};

/** How an agent was in adherence, stretch by stretch. */
export type AgentAdherence = {
  /** When the time began. */
  from: string;
  /** Each stretch of planned time in which the agent was there, in order. */
  items: AdherenceStretch[];
  /** When it ended: as asked for, or now if that is earlier. */
  to: string;
};

/** A change of one agent's record: a merge patch (RFC 7396) beside the agent's id. */
export type AgentChange = {
  /** The id of the record. */
  agentId: string;
  /** The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left out, it is Available. */
  defaultPresenceId?: string | null;
  /** Whether the agent may sign in and get work. True if left out. */
  enabled?: boolean | null;
  /** The agent's name, of at most 256 characters. The id if left out. */
  name?: string | null;
  /** The agent's capacity profiles. */
  profiles?: AgentProfileInput[] | null;
  /** The queues that the agent serves. */
  queues?: string[] | null;
  /** The ids of the presences that the agent may choose. Left out, all that are enabled and that a person may choose. */
  selectablePresenceIds?: string[] | null;
  /** The position of the agent's newest change in the one log of the hub. Read only: ignored when written. */
  seq?: number | null;
  /** The agent's skills. */
  skills?: string[] | null;
  /** The agent's teams. */
  teams?: string[] | null;
  /** The agent's units of capacity. Left out, they are not configured, which limits nothing. */
  units?: number | null;
  /** Rises by one with each change of this agent, be it of its record or its presence. Read only: ignored when written. */
  version?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[] | null;
};

/** Changes of many agents' records. */
export type AgentChanges =
  /** Each agent's own. */
  | AgentChange[]
  /** The same for all that a filter names. */
  | ChangeForAll;

/** An event about an agent. */
export type AgentEvent = {
  /** The agent's id. */
  agentId: string;
  /** Why, in the words of the work system. */
  reason?: string | null;
};

/** Everything about an agent's presence, as others see it. While the agent is disconnected inside the restore window, others see Offline, and `restore` says what a return brings back. An agent that chose Offline is logged in and has no `restore`; one that signed out is not logged in. */
export type AgentPresence = {
  /** How many live sockets the agent has. */
  activeBrowserSessions: number;
  /** The agent's id. */
  agentId: string;
  /** The agent's capacity. */
  capacity: Capacity;
  /** What last changed the presence, its origin or its hold. */
  eventName: EventName;
  /** Who brought the agent into it, or set its origin, hold, reason or end since then. */
  heldBy: ModifiedBy;
  /** When the agent came into this presence; interruptions that were restored are left out. */
  heldSince: string;
  /** Why new work is kept from the agent. Null if there is no hold. */
  hold: Hold | null;
  /** Whether the agent is signed in. It stays true while `restore` is set. */
  isAgentLoggedIn: boolean;
  /** Whether a capacity profile that is used up keeps all work from the agent. */
  isBlockedBySomeProfile: boolean;
  /** Who last changed the presence, its origin or its hold. */
  modifiedBy: ModifiedBy;
  /** The agent's name. */
  name: string;
  /** The id of the presence that follows at `until`. Null if it is computed from capacity, or none follows. */
  nextPresenceId: string | null;
  /** Who set the presence. */
  origin: Origin;
  /** The presence that others see now. */
  presence: Presence;
  /** Why the presence was chosen, in the words of the person who chose it. Null if nothing was said. */
  reason: string | null;
  /** What a return brings back. Null unless the agent is disconnected inside the restore window. */
  restore: Restore | null;
  /** The position of the agent's newest change in the one log of the hub. Positions rise, with gaps, and survive restarts. */
  seq: number;
  /** When the visible presence last changed; it restarts on a restore. */
  since: string;
  /** How that happened. Null if nothing more is known. */
  subEventName: SubEventName | null;
  /** The agent's teams. */
  teams: string[];
  /** When the presence ends by itself. Null if it does not. */
  until: string | null;
  /** Rises by one with each change of this agent; it never restarts. */
  version: number;
};

/** A page of a list. */
export type AgentPresenceList = {
  /** The items of this page. */
  items: AgentPresence[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** A capacity profile that an agent has. */
export type AgentProfile = {
  /** The most work items of this agent. Left out, what the profile says. */
  max?: number;
  /** The id of the capacity profile. */
  profileId: string;
};

/** A capacity profile that an agent has. */
export type AgentProfileInput = {
  /** The most work items of this agent. Left out, what the profile says. */
  max?: number | null;
  /** The id of the capacity profile. */
  profileId: string;
};

/** An agent's record. */
export type AgentRecord = {
  /** The agent's id. Where the path says it, it is only read: it may be left out, or repeat the path. */
  agentId: string;
  /** The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left out, it is Available. */
  defaultPresenceId?: string;
  /** Whether the agent may sign in and get work. True if left out. */
  enabled: boolean;
  /** The agent's name, of at most 256 characters. The id if left out. */
  name: string;
  /** The agent's capacity profiles. */
  profiles: AgentProfile[];
  /** The queues that the agent serves. */
  queues: string[];
  /** The ids of the presences that the agent may choose. Left out, all that are enabled and that a person may choose. */
  selectablePresenceIds?: string[];
  /** The position of the agent's newest change in the one log of the hub. Read only: ignored when written. */
  seq?: number;
  /** The agent's skills. */
  skills: string[];
  /** The agent's teams. */
  teams: string[];
  /** The agent's units of capacity. Left out, they are not configured, which limits nothing. */
  units?: number;
  /** Rises by one with each change of this agent, be it of its record or its presence. Read only: ignored when written. */
  version?: number;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
};

/** An agent's record. */
export type AgentRecordInput = {
  /** The agent's id. Where the path says it, it is only read: it may be left out, or repeat the path. */
  agentId?: string;
  /** The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left out, it is Available. */
  defaultPresenceId?: string | null;
  /** Whether the agent may sign in and get work. True if left out. */
  enabled?: boolean;
  /** The agent's name, of at most 256 characters. The id if left out. */
  name?: string;
  /** The agent's capacity profiles. */
  profiles?: AgentProfileInput[];
  /** The queues that the agent serves. */
  queues?: string[];
  /** The ids of the presences that the agent may choose. Left out, all that are enabled and that a person may choose. */
  selectablePresenceIds?: string[] | null;
  /** The position of the agent's newest change in the one log of the hub. Read only: ignored when written. */
  seq?: number | null;
  /** The agent's skills. */
  skills?: string[];
  /** The agent's teams. */
  teams?: string[];
  /** The agent's units of capacity. Left out, they are not configured, which limits nothing. */
  units?: number | null;
  /** Rises by one with each change of this agent, be it of its record or its presence. Read only: ignored when written. */
  version?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
};

/** Fields of AgentRecord that change; null takes one away. */
export type AgentRecordPatch = {
  /** The agent's id. Where the path says it, it is only read: it may be left out, or repeat the path. */
  agentId?: string | null;
  /** The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left out, it is Available. */
  defaultPresenceId?: string | null;
  /** Whether the agent may sign in and get work. True if left out. */
  enabled?: boolean | null;
  /** The agent's name, of at most 256 characters. The id if left out. */
  name?: string | null;
  /** The agent's capacity profiles. */
  profiles?: AgentProfileInput[] | null;
  /** The queues that the agent serves. */
  queues?: string[] | null;
  /** The ids of the presences that the agent may choose. Left out, all that are enabled and that a person may choose. */
  selectablePresenceIds?: string[] | null;
  /** The position of the agent's newest change in the one log of the hub. Read only: ignored when written. */
  seq?: number | null;
  /** The agent's skills. */
  skills?: string[] | null;
  /** The agent's teams. */
  teams?: string[] | null;
  /** The agent's units of capacity. Left out, they are not configured, which limits nothing. */
  units?: number | null;
  /** Rises by one with each change of this agent, be it of its record or its presence. Read only: ignored when written. */
  version?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[] | null;
};

/** Agents' records to write together. */
export type AgentRecords =
  /** As a list. */
  | NewAgentRecord[]
  /** As lists of agents come. */
  | {
    /** The records. */
    items: NewAgentRecord[];
  };

/** What became of one agent that a request named. */
export type AgentResult = {
  /** The agent's id. */
  agentId: string;
  /** Why it was refused, for programs. Left out if it was not. */
  code?: ErrorCode;
  /** The field of the request that is wrong. Left out when no single one is. */
  field?: string;
  /** What became of it. */
  status: ResultStatus;
  /** The agent's version after it. Left out if it was refused. */
  version?: number;
};

/** What became of each agent or event that a request named, in its order. */
export type AgentResults = {
  /** One for each. */
  results: AgentResult[];
};

/** An activity that one of several agents is planned to do. */
export type AgentsPlannedActivity = {
  /** What is planned. */
  activityId: string;
  /** The agent. */
  agentId: string;
  /** When it ends, itself not included. */
  end: string;
  /** When it begins. */
  start: string;
};

/** What a request is answered with. */
export type Answer =
  /** To `setPresence` and `resetPresence`. */
  | AgentPresence
  /** To `watch`. */
  | WatchResult
  /** To what acts on other agents. */
  | AgentResults
  /** To `events`. */
  | EventResults
  /** To `authenticate`. */
  | TokenRenewed
  /** To `signOut` and `unwatch`. */
  | Nothing;

/** An API token. */
export type ApiToken = {
  /** When it ends. */
  expiresAt: string;
  /** When. */
  madeAt: string;
  /** The administrator who made it. */
  madeBy: string;
  /** What it is for. */
  name: string;
  /** What it allows. */
  roles: Role[];
  /** Who shows it, as the history, the audit and the limits know it. */
  subject: string;
  /** The teams that it is limited to. Left out if it is not limited. */
  teams?: string[];
  /** The token itself, in the answer that made it and nowhere else: the hub keeps a digest. */
  token?: string;
  /** Its id, which is not the token. */
  tokenId: string;
  /** When it was shown last. Left out if it was not since the hub was started. */
  usedAt?: string;
};

/** A page of a list. */
export type ApiTokenList = {
  /** The items of this page. */
  items: ApiToken[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** How a work item comes to an agent. */
export type AssignmentWay =
  /** The agent accepted the notification. */
  | "ASSIGNMENT_ACCEPT"
  /** The agent picked the work item from a list. */
  | "PICK"
  /** It was assigned without a notification. */
  | "AUTO_ASSIGN"
  /** A supervisor assigned it. */
  | "ASSIGNED_BY_SUPERVISOR"
  /** It was transferred to the agent. */
  | "TRANSFER"
  /** The agent made an outbound call. */
  | "REPRESENTATIVE_INITIATED_OUTBOUND_CALL";

/** What somebody did. */
export type AuditAction =
  /** An agent signed in, or somebody else opened a socket. */
  | "SIGN_IN"
  /** Somebody ended their own session at the hub, with its token and its sockets. */
  | "SIGN_OUT"
  /** A supervisor set an agent's presence. */
  | "SET_PRESENCE"
  /** A supervisor cleared an agent's hold. */
  | "RESET_PRESENCE"
  /** A supervisor signed an agent out. */
  | "SIGN_OUT_AGENT"
  /** A record was created. */
  | "CREATE"
  /** A record, or the settings, were changed. */
  | "CHANGE"
  /** A record was deleted. */
  | "DELETE"
  /** What an agent is planned to do was replaced. */
  | "PLAN"
  /** A person was erased. */
  | "ERASE"
  /** Somebody else's token or session was revoked. */
  | "REVOKE"
  /** Data was exported: once when it begins and once when it ends. */
  | "EXPORT"
  /** Somebody asked for what they may not do. */
  | "REFUSAL"
  /** A copy was put in the place of the database. */
  | "RESTORE";

/** An entry of the audit. */
export type AuditEntry = {
  /** To what: its kind and its id, such as `agent/a17`. Left out if that says nothing. */
  about?: string;
  /** What they did. */
  action: AuditAction;
  /** The subject of who did it. Left out if it was the hub, or whoever runs it. */
  actor?: string;
  /** The address that they came from; behind a proxy it is the proxy's. Left out if it is not known. */
  address?: string;
  /** What is different after: the fields that changed, or the whole record if it was created; else what there is to say besides. */
  after?: Record<string, unknown>;
  /** When. */
  at: string;
  /** What was different before: the fields that changed, or the whole record if it was deleted. */
  before?: Record<string, unknown>;
  /** Whether somebody who was erased stood in it. */
  blanked?: boolean;
  /** The hash that the next entry is chained to: SHA-256, in hexadecimal. */
  hash: string;
  /** What became of it. */
  outcome: AuditOutcome;
  /** Its position in the audit: one more than that of the entry before it. */
  position: number;
  /** The roles that they had. */
  roles: string[];
};

/** A page of a list. */
export type AuditEntryList = {
  /** The items of this page. */
  items: AuditEntry[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** What became of it. */
export type AuditOutcome =
  /** It was done. */
  | "DONE"
  /** It began. */
  | "STARTED"
  /** It ended before its end. */
  | "BROKEN_OFF"
  /** It was refused. */
  | "REFUSED";

/** What an identity provider says when somebody has signed out there, as the fields of a form. */
export type BackChannelLogout = {
  /** The logout token, a JSON Web Token of the provider. */
  logout_token: string;
};

/** What routing looks at: every presence stands over one of these five. */
export type BasePresenceStatus =
  /** Free to take work. */
  | "AVAILABLE"
  /** At work, and perhaps free for more. */
  | "BUSY"
  /** Not to be disturbed. */
  | "BUSY_DO_NOT_DISTURB"
  /** Away from the desk. */
  | "AWAY"
  /** Not there. */
  | "OFFLINE";

/** What became of a disconnection. */
export type Became =
  /** The agent had another session: others saw nothing of it. */
  | "OTHER_SESSIONS"
  /** It was back within the restore window. */
  | "RESTORED"
  /** It was not. */
  | "LAPSED"
  /** It was disabled or deleted meanwhile. */
  | "REMOVED";

/** An agent's capacity. */
export type Capacity = {
  /** How many work items are assigned and not closed, wrap-up included. Offers are not counted. */
  openWorkItems: number;
  /** The capacity profiles of the agent. */
  profiles: ProfileUse[];
  /** Unit capacity. Null when it is not configured, which limits nothing. */
  units: Units | null;
  /** How much of the capacity is used, in a word. */
  utilization: Utilization;
};

/** A capacity profile: a number of work items of a kind. */
export type CapacityProfile = {
  /** Whether an agent gets no work at all once the profile is used up. False if left out. */
  blockAssignment: boolean;
  /** The most work items of an agent that has no number of its own. */
  defaultMax: number;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name: string;
  /** The id of the capacity profile. Where the path says it, it is only read: it may be left out, or repeat the path. */
  profileId: string;
  /** When what was taken of the profile is given back. `IMMEDIATE` if left out. */
  resetDuration: ResetDuration;
};

/** A capacity profile: a number of work items of a kind. */
export type CapacityProfileInput = {
  /** Whether an agent gets no work at all once the profile is used up. False if left out. */
  blockAssignment?: boolean;
  /** The most work items of an agent that has no number of its own. */
  defaultMax: number;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name?: string;
  /** The id of the capacity profile. Where the path says it, it is only read: it may be left out, or repeat the path. */
  profileId?: string;
  /** When what was taken of the profile is given back. `IMMEDIATE` if left out. */
  resetDuration?: ResetDuration;
};

/** A page of a list. */
export type CapacityProfileList = {
  /** The items of this page. */
  items: CapacityProfile[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Fields of CapacityProfile that change; null takes one away. */
export type CapacityProfilePatch = {
  /** Whether an agent gets no work at all once the profile is used up. False if left out. */
  blockAssignment?: boolean | null;
  /** The most work items of an agent that has no number of its own. */
  defaultMax?: number;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name?: string | null;
  /** The id of the capacity profile. Where the path says it, it is only read: it may be left out, or repeat the path. */
  profileId?: string | null;
  /** When what was taken of the profile is given back. `IMMEDIATE` if left out. */
  resetDuration?: ResetDuration | null;
};

/** A change of an agent: a CloudEvent in structured mode. */
export type ChangeEvent =
  /** What others see of the agent's presence: the presence, its origin, hold, reason or end, or whether the agent is signed in. */
  | {
    data: ChangedAgent;
    /** The position of the change: its `seq` and the epoch of the log. To go on behind it, send it as `after`. A change that is told again has the same. */
    id: string;
    /** The hub that tells it: its `[server] public_url`, or `presence-hub`. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** The agent's id. */
    subject: string;
    /** When the change took effect. Positions order changes; times may go back when the hub's clock was set back. */
    time: string;
    type: "agent.presence_changed";
  }
  /** Something beside the presence: work, capacity, sessions or the record. */
  | {
    data: ChangedAgent;
    /** The position of the change: its `seq` and the epoch of the log. To go on behind it, send it as `after`. A change that is told again has the same. */
    id: string;
    /** The hub that tells it: its `[server] public_url`, or `presence-hub`. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** The agent's id. */
    subject: string;
    /** When the change took effect. Positions order changes; times may go back when the hub's clock was set back. */
    time: string;
    type: "agent.changed";
  }
  /** The agent was deleted. */
  | {
    data: GoneAgent;
    /** The position of the change: its `seq` and the epoch of the log. To go on behind it, send it as `after`. A change that is told again has the same. */
    id: string;
    /** The hub that tells it: its `[server] public_url`, or `presence-hub`. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** The agent's id. */
    subject: string;
    /** When the change took effect. Positions order changes; times may go back when the hub's clock was set back. */
    time: string;
    type: "agent.deleted";
  }
  /** The agent is in none of the teams any more that were asked for, or that the caller supervises. */
  | {
    data: GoneAgent;
    /** The position of the change: its `seq` and the epoch of the log. To go on behind it, send it as `after`. A change that is told again has the same. */
    id: string;
    /** The hub that tells it: its `[server] public_url`, or `presence-hub`. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** The agent's id. */
    subject: string;
    /** When the change took effect. Positions order changes; times may go back when the hub's clock was set back. */
    time: string;
    type: "agent.left";
  };

/** One change of the records of all agents that a filter names. */
export type ChangeForAll = {
  /** The fields that change, as a merge patch (RFC 7396); null takes one away. */
  change: AgentRecordPatch;
  /** Whose records: `{}` for everyone. */
  filter: Filter;
};

/** A kind of change, as filters name it. */
export type ChangeType =
  /** What others see of an agent's presence. */
  | "agent.presence_changed"
  /** Something beside the presence. */
  | "agent.changed"
  /** An agent was deleted. */
  | "agent.deleted"
  /** An agent is in none of the teams any more. */
  | "agent.left";

/** An agent from a change on. */
export type ChangedAgent = {
  /** The agent's id. */
  agentId: string;
  /** The units that work left, or null if none were configured. Negative if there was more work than units. */
  availableUnitsCapacity: number | null;
  /** Its base status then. */
  basePresenceStatus: BasePresenceStatus;
  /** What caused the change. */
  eventName: EventName;
  /** The hold, or null. */
  hold: Hold | null;
  /** Whether the agent is signed in; it stays true while a return brings its presence back. */
  isAgentLoggedIn: boolean;
  /** Who caused the change: a work system too, whose report made the hub compute the presence. */
  modifiedBy: ModifiedBy;
  /** Its name. */
  name: string;
  /** How many work items are assigned and not closed, wrap-up included. */
  openWorkItems: number;
  /** Who set the presence. */
  origin: Origin;
  /** The id of the presence. */
  presenceId: string;
  /** Why, in the words of whoever changed it or set the presence, or null. */
  reason: string | null;
  /** The position of the change in the one log of the hub. */
  seq: number;
  /** When the visible presence last changed. */
  since: string;
  /** How, or null if nothing more is known. */
  subEventName: SubEventName | null;
  /** Its teams. */
  teams: string[];
  /** When the presence ends by itself, or null. */
  until: string | null;
  /** The agent's version from the change on. */
  version: number;
};

/** Changes behind a position. */
export type ChangesPage = {
  /** The changes, in the order of the log. */
  items: ChangeEvent[];
  /** The position up to which everything that was asked for is told: `after` of the next request. It moves on although nothing matched. */
  nextAfter: string;
};

/** What a client may send. A request that wants an answer carries an `id` beside these fields. */
export type ClientFrame =
  /** Chooses a presence. With `until` it ends at that instant and goes to `nextPresenceId`, or to what is computed from capacity. The result is the agent's presence. */
  | SetPresence & {
    type: "setPresence";
  }
  /** Clears a hold: leaves Inactive, or the Do not disturb that followed a rejection or the limit of open work items. The result is the agent's presence. */
  | {
    type: "resetPresence";
  }
  /** This page is about to reload itself: Offline is held back for the refresh grace. No answer. */
  | {
    type: "refreshing";
  }
  /** The agent signs out. The result is empty, then all of the agent's sockets are closed with 4410. */
  | {
    type: "signOut";
  }
  /** Follows agents live. The result comes right before the first frame of the watch: a snapshot in parts, or one `changes` frame if the watch resumed. Over very many agents it takes a moment. */
  | {
    /** Whom to show. Left out, everyone whom the caller may see. */
    filter?: Filter;
    /** What to show of each agent besides. Left out, nothing more. */
    include?: Include[];
    /** The position to resume from. Left out, a snapshot comes. */
    since?: Since | null;
    type: "watch";
  }
  /** Stops following; no frame of the watch comes after the result, which is empty. */
  | {
    type: "unwatch";
    /** The id of the watch. */
    watchId: string;
  }
  /** Sets the presence of other agents. Each is decided for itself, and the result says what became of each. */
  | {
    /** The ids of the agents. */
    agentIds: string[];
    /** The version that the agent has to be at still, else the answer is `version_conflict`. Left out, it may be at any. */
    ifVersion?: number | null;
    /** The id of the presence that follows at `until`, without which it is not allowed. Left out, what follows is computed from capacity. */
    nextPresenceId?: string | null;
    /** The id of the presence, or the well-known id of one that ships. */
    presenceId: string;
    /** Why, for those who see the presence: at most 500 characters. */
    reason?: string | null;
    type: "setAgentPresence";
    /** When the presence ends by itself. Left out, it does not. */
    until?: string | null;
  }
  /** Clears the holds of other agents. Each is decided for itself, and the result says what became of each. */
  | {
    /** The ids of the agents. */
    agentIds: string[];
    type: "resetAgentPresence";
  }
  /** Signs other agents out; their sockets are closed with 4410. Each is decided for itself, and the result says what became of each. */
  | {
    /** The ids of the agents. */
    agentIds: string[];
    /** Why, for the agents. Left out, nothing is said. */
    reason?: string | null;
    type: "signOutAgent";
  }
  /** Reports assignment events. The result says what became of each, and comes once every one that is applied is durable. Order holds within a batch, and from batch to batch of one socket. */
  | {
    /** The events, each of at most 65,536 bytes. A malformed one fails alone. */
    events: CloudEvent[];
    type: "events";
  }
  /** Renews the credentials of this socket. Who it is, the roles and the teams stay as they are. The result says when the new credentials end. */
  | {
    /** A token. Left out to go on with the session of the cookie that the socket was opened with: it is renewed if it may last longer. */
    token?: string | null;
    type: "authenticate";
  }
  /** The page runs: its answer to a heartbeat, if it announced that it answers them. Any other frame says so too. No answer. */
  | {
    type: "awake";
  };

/** An assignment event: a CloudEvent in structured mode. Other attributes of CloudEvents are ignored. */
export type CloudEvent =
  /** A notification rings: the work item's capacity is reserved, and no presence changes. With `timeoutSeconds` the hub itself counts the miss. */
  | {
    data: WorkItemOffered;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.offered";
  }
  /** The agent has the work item; `subEvent` says how it came. Its capacity is taken. */
  | {
    data: WorkItemAssigned;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.assigned";
  }
  /** Nobody answered the notification: the agent becomes Inactive, unless the setting `missedNotifications` is off. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.missed";
  }
  /** The agent said no: it becomes Do not disturb, unless the setting `rejectNotifications` is off. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.rejected";
  }
  /** The work system took the notification back: the offer ends, and no presence changes. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.withdrawn";
  }
  /** The conversation ended, and the agent finishes it up. By `blockCapacityForWrapUp` its capacity stays taken, is given back at once, or is given back after `wrapUpSeconds`, which the hub counts. */
  | {
    data: WorkItemWrapUp;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.wrap_up_started";
  }
  /** The work item waits: its capacity is given back. */
  | {
    data: WorkItemReleased;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.waiting";
  }
  /** The work item went back to a queue: its capacity is given back. */
  | {
    data: WorkItemReleased;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.requeued";
  }
  /** The work item went to somebody else: its capacity is given back. */
  | {
    data: WorkItemReleased;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.transferred";
  }
  /** The work item is done: its capacity is given back. */
  | {
    data: WorkItemReleased;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.closed";
  }
  /** The agent consults in somebody else's work: nothing changes but the log. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.consult_joined";
  }
  /** The agent no longer consults there: nothing changes but the log. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.consult_left";
  }
  /** The agent monitors somebody else's work: nothing changes but the log. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.monitor_joined";
  }
  /** The agent no longer monitors it: nothing changes but the log. */
  | {
    data: WorkItemEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "workitem.monitor_left";
  }
  /** The agent's day is over: what was taken of its daily capacity profiles is given back. */
  | {
    data: AgentEvent;
    /** The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is remembered for 24 hours, and seen again it is a duplicate. */
    id: string;
    /** Where the event comes from: 1 to 512 bytes. */
    source: string;
    /** The version of CloudEvents: `1.0`. */
    specversion: SpecVersion;
    /** When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders or dates anything. */
    time?: string | null;
    type: "capacity.end_of_day";
  };

/** Whether an agent is there. */
export type ConnectionState =
  /** It is not signed in. */
  | {
    state: "SIGNED_OUT";
  }
  /** It has at least one live socket. */
  | {
    /** The ids of its sessions. */
    sessions: string[];
    state: "CONNECTED";
  }
  /** It has no live socket, and Offline is held back because its page reloads or the hub itself restarted. */
  | {
    /** From when its absence counts if it does not return. */
    since: string;
    state: "HELD";
    /** The last instant at which a return was never shown as an absence. */
    until: string;
  }
  /** It has no live socket, and others see Offline. */
  | {
    /** The last instant at which a return brings back what was. */
    restoreUntil: string;
    state: "DISCONNECTED";
  };

/** Who may sign in without a token, in demo mode. */
export type DemoPeople = {
  /** The demo people. */
  people: Person[];
};

/** A session that ended without a sign-out. */
export type Disconnection = {
  /** The agent. */
  agentId: string;
  /** When. */
  at: string;
  /** What became of it; null while the restore window is open. */
  became: Became | null;
  /** When that was decided; null as well if the agent had other sessions. */
  becameAt: string | null;
  /** The position of that change. */
  becameSeq: number | null;
  /** The number of the incident that it belongs to, or null. */
  incident: number | null;
  /** Its name then. */
  name: string;
  /** The network that the session came from, by the first 24 bits of an IPv4 address or 48 of an IPv6 one; null if it came through a proxy, from the hub's own machine, or is not known. */
  network: string | null;
  /** The position of the change in the log. */
  seq: number;
  /** Why. */
  subEventName: SubEventName;
};

/** How many sessions ended in one way. */
export type DisconnectionCause = {
  /** After how many of them others saw Offline. */
  disconnections: number;
  /** How many. */
  sessions: number;
  /** Why they ended. */
  subEventName: SubEventName;
};

/** Disconnections. */
export type DisconnectionsReport = {
  /** How many there were of each cause. */
  causes: DisconnectionCause[];
  /** When the time began. */
  from: string;
  /** Losses of several agents at once, the first first. */
  incidents: Incident[];
  /** Each of them, agent by agent. */
  items: Disconnection[];
  /** When it ended: as asked for, or now if that is earlier. */
  to: string;
};

/** An agent disputes an entry of its history. */
export type Dispute = {
  /** The agent. */
  agentId: string;
  /** When it said so. */
  at: string;
  /** Its id. */
  disputeId: string;
  /** What the agent says. */
  note: string;
  /** The entry's position in the log: `seq` of a row of the agent's history. */
  seq: number;
  /** When the entry starts. */
  start: string;
};

/** An entry of the caller's history, and what it says of it. */
export type DisputeEntry = {
  /** What is wrong with it: at most 500 characters. */
  note: string;
  /** The entry's position in the log, as the history says it. */
  seq: number;
  /** When the entry starts, as the history says it. */
  start: string;
};

/** A page of a list. */
export type DisputeList = {
  /** The items of this page. */
  items: Dispute[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Whether an agent may get work of a workstream now. */
export type EligibleAgent = {
  /** The agent's id. */
  agentId: string;
  /** The agent's capacity. */
  capacity: Capacity;
  /** Whether it may. */
  eligible: boolean;
  /** The id of the presence that others see. */
  presenceId: string;
  /** Why it may not: every reason. Empty if it may. */
  reasons: IneligibleReason[];
  /** The position of the agent's newest change in the one log of the hub. */
  seq: number;
  /** The agent's version at which it is so. */
  version: number;
};

/** A page of a list. */
export type EligibleAgentList = {
  /** The items of this page. */
  items: EligibleAgent[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Who is to be erased. */
export type ErasePerson = {
  /** The id of an agent that was deleted, or the `sub` of anybody who acted. */
  id: string;
};

/** The erasure of a person. */
export type Erasure = {
  /** When. */
  at: string;
  /** Who asked for it first. */
  erasedBy: string;
  /** What stands in the place of the id, in reports and elsewhere. */
  pseudonym: string;
  /** How far it has come. */
  state: ErasureState;
};

/** A page of a list. */
export type ErasureList = {
  /** The items of this page. */
  items: Erasure[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** How far an erasure has come. */
export type ErasureState =
  /** Nobody is told the id and the name any more, and they are being taken from what is kept. */
  | "UNDER_WAY"
  /** They are nowhere in the database. */
  | "DONE";

/** Why something was refused. The code is stable; the words beside it are for people and may change. */
export type ErrorCode =
  /** The request, the frame or the event cannot be read: it is no JSON, or not of the kind that belongs there. */
  | "malformed"
  /** No frame, or no assignment event, has this `type`. */
  | "unknown_type"
  /** Credentials are missing, expired, revoked or signed by somebody unknown. */
  | "unauthenticated"
  /** The caller's roles or teams, or the page's origin, do not allow it. The words name the role that does. */
  | "forbidden"
  /** The address, or the record that it names, does not exist. */
  | "not_found"
  /** The address exists and does not answer to this method; the header `Allow` lists those it answers to. */
  | "method_not_allowed"
  /** The body did not come in time. The connection ends. */
  | "request_timeout"
  /** Somebody else changed the agent meanwhile: `ifVersion` is not its version any more. Read it and decide again. */
  | "version_conflict"
  /** The position to go on from is older than what is kept, of another log, or beyond the newest. `beginAfter` is the oldest that is kept. */
  | "position_gone"
  /** The time that is asked about begins before what is kept; the words say from when on it is. */
  | "not_kept"
  /** The record is not as `If-Match` or `If-None-Match` expected. Read it and decide again. */
  | "precondition_failed"
  /** The body, the batch or the list is larger than allowed. Send it in parts. */
  | "too_large"
  /** The body's media type or its encoding is not understood here. */
  | "unsupported_media_type"
  /** A field has a value that cannot be; `field` names it. */
  | "invalid"
  /** This address speaks WebSocket only. */
  | "upgrade_required"
  /** The caller asked too much. Send it again after `Retry-After`. */
  | "rate_limited"
  /** There are as many of these as the hub's settings allow. Nothing was made; whoever runs the hub can allow more. */
  | "limit_reached"
  /** The hub could not keep it now. Nothing was changed; send it again. */
  | "unavailable"
  /** The hub cannot tell whether it was kept. Ask again with the same `id`, or read what became of it. */
  | "outcome_unknown"
  /** No agent has this id. Events make no agents. */
  | "unknown_agent"
  /** The agent's record is disabled. */
  | "agent_disabled"
  /** No enabled presence has this id. */
  | "unknown_presence"
  /** Only the hub sets this presence. */
  | "presence_not_settable"
  /** The agent's record does not list this presence among those it may choose. */
  | "presence_not_allowed"
  /** The agent has no open session, so its presence cannot be set. An offer to it ends at once. */
  | "agent_not_connected"
  /** The agent has no hold that could be reset. */
  | "nothing_to_reset"
  /** The agent does not hold this work item. */
  | "unknown_work_item"
  /** The work item is already offered to this agent. */
  | "already_offered"
  /** The agent already holds this work item. */
  | "already_assigned"
  /** The offer has ended before. Events are answered `duplicate` instead. */
  | "offer_already_ended"
  /** The event asked for it with `ifEligible`, and the agent is not eligible. */
  | "not_eligible"
  /** The agent has as many open work items as it may. The offer was applied and not kept. */
  | "work_item_limit"
  /** No capacity profile has this id. */
  | "unknown_profile"
  /** No workstream has this id. */
  | "unknown_workstream"
  /** No activity has this id. */
  | "unknown_activity"
  /** The socket has no watch of this id. */
  | "unknown_watch"
  /** The six presences that ship cannot be changed or deleted. */
  | "built_in_presence"
  /** The id is taken, something still refers to the record, or the agent to be erased is still there. */
  | "in_use"
  /** A supervisor signed the agent out, who can be signed in again by hand: the socket is opened with `signIn=byHand`. */
  | "signed_out";

/** What happened: the cause of a change. The first fourteen are those of `msdyn_eventname`; the others are the hub's own. */
export type EventName =
  /** The agent's record or its capacity was configured anew. */
  | "CONFIGURATION_UPDATE"
  /** The agent got its record. */
  | "NEW_USER"
  /** The agent signed in. */
  | "LOGIN"
  /** The agent came back within the restore window, and has again what it had. */
  | "RECONNECT"
  /** The agent signed out, or was signed out. */
  | "LOGOUT"
  /** A person chose a presence. */
  | "SET_PRESENCE"
  /** A notification rang in vain. */
  | "MISSED_NOTIFICATION"
  /** A notification was rejected. */
  | "REJECTED_NOTIFICATION"
  /** Something that has no name of its own, such as consulting. */
  | "OTHER"
  /** A hold was cleared. */
  | "RESET_MISSED_REJECTED_NOTIFICATION_PRESENCE"
  /** A work item was offered, and its capacity reserved. */
  | "ASSIGNMENT_ATTEMPTED_WITH_CAPACITY_RESERVATION"
  /** A work item was assigned. */
  | "SESSION_ASSIGNED"
  /** A work item ended, or went elsewhere. */
  | "SESSION_CLOSED"
  /** What was taken of daily capacity profiles was given back. */
  | "END_OF_DAY_CAPACITY_RESET"
  /** The agent's last live session ended. */
  | "DISCONNECTED"
  /** The agent did not come back within the restore window. */
  | "RESTORE_LAPSED"
  /** The time for which a presence was chosen is over. */
  | "EXPIRED"
  /** The limit of open work items was reached, and more work came in. */
  | "WORK_ITEM_LIMIT"
  /** The presence was retired, and the one that ships with the same base status followed. */
  | "PRESENCE_RETIRED"
  /** The work system told the whole truth about the agent's work items. */
  | "RECONCILED"
  /** The time of a wrap-up is over. */
  | "WRAP_UP_ENDED"
  /** One more browser of an agent that was there already: no sign-in. */
  | "CONNECTION_ADDED"
  /** One of the agent's browsers went, and another stays: no disconnection of the agent. */
  | "CONNECTION_ENDED";

/** What became of one event. */
export type EventResult = {
  /** The agent's id. Left out if the event could not be understood. */
  agentId?: string;
  /** Why, for programs. Left out if there is nothing to say; an offer that is `applied` and still not kept says why too: `work_item_limit` or `agent_not_connected`. */
  code?: ErrorCode;
  /** The field that is wrong. Left out when no single one is. */
  field?: string;
  /** The event's id. Left out if it has none. */
  id?: string;
  /** False if an offer was applied and still not kept: the agent does not have it, and it can be offered to somebody else. Left out otherwise. */
  kept?: boolean;
  /** What is wrong, and what would be right, for people. Left out if nothing is wrong. */
  message?: string;
  /** The id of the presence that others see after it. Left out if it was not decided. */
  presenceId?: string;
  /** What became of it. */
  status: EventStatus;
  /** The agent's version after it. Left out if it was not decided. */
  version?: number;
};

/** What became of each agent or event that a request named, in its order. */
export type EventResults = {
  /** One for each. */
  results: EventResult[];
};

/** What became of one event, in a word. */
export type EventStatus =
  /** It counts, and what it changed is durable. */
  | "applied"
  /** It was applied before, and nothing happened twice. */
  | "duplicate"
  /** It was refused, finally: nothing was changed, and repeating it is judged anew. */
  | "rejected"
  /** It could not be kept: it is to be sent again with the same id. Later events of the same agent in the batch are `unavailable` too. */
  | "unavailable";

/** One assignment event, or several that are taken in together. */
export type EventsToSend =
  /** Several. */
  | CloudEvent[]
  /** One. */
  | CloudEvent;

/** A time of an agent that is to be excused. */
export type ExcuseTime = {
  /** When it ends, itself not included. */
  end: string;
  /** Why: at most 500 characters. */
  reason: string;
  /** When it begins. */
  start: string;
};

/** Why an agent's presence is what it is. */
export type Explanation = {
  /** The instant of the agent's newest change, of those up to the instant that was asked for. */
  at: string;
  /** The sums of the agent's capacity. */
  capacity: Capacity;
  /** Whether the agent is there. */
  connection: ConnectionState;
  /** Why new work is kept from the agent; while it is disconnected, what a return brings back. Null if there is no hold. */
  hold: Hold | null;
  /** The work items that take capacity. */
  holdingCapacity: WorkItem[];
  /** The presence that is explained. */
  presence: AgentPresence;
  /** The rules that the newest change looked at, in order. The last one that applied made the presence what it is. */
  rules: RuleConsidered[];
};

/** Whom a watch shows. Every part may be left out, and an agent has to match all that are there; within a list, one match is enough. A longer list than allowed is refused as `too_large`. */
export type Filter = {
  /** Agents with one of these ids. */
  agentIds?: string[] | null;
  /** Agents whose presence has one of these base statuses. */
  baseStatuses?: BasePresenceStatus[] | null;
  /** Agents with one of these presences, by their ids. */
  presenceIds?: string[] | null;
  /** Agents of one of these queues. */
  queues?: string[] | null;
  /** Agents with one of these skills. */
  skills?: string[] | null;
  /** Agents of one of these teams. */
  teams?: string[] | null;
  /** Agents whose presence this workstream allows. */
  workstreamId?: string | null;
};

/** A problem over the socket. */
export type FrameError = {
  /** Why, for programs. */
  code: ErrorCode;
  /** Where in the request it is. Left out when no single part of it is wrong. */
  details?: Location;
  /** Why, for people: what is wrong, and what would be right. The words may change. */
  message: string;
};

/** An agent that is not there any more. */
export type GoneAgent = {
  /** The agent's id. */
  agentId: string;
  /** The position of the change in the one log of the hub. */
  seq: number;
  /** The agent's version from the change on. */
  version: number;
};

/** A time in which an agent was what it was, from one change to the next. */
export type HistoryInterval = {
  /** The units that work left, or null if none were configured. Negative if there was more work than units. */
  availableUnitsCapacity: number | null;
  /** Its base status then. */
  basePresenceStatus: BasePresenceStatus;
  /** How long it lasted, in milliseconds; up to now while it lasts. */
  durationMs: number;
  /** When it ended, which is when the next one began; null while it lasts. */
  end: string | null;
  /** What caused the change. */
  eventName: EventName;
  /** The hold, or null. */
  hold: Hold | null;
  /** Who caused the change: a work system too, whose report made the hub compute the presence. */
  modifiedBy: ModifiedBy;
  /** Who set the presence. */
  origin: Origin;
  /** The id of the presence. */
  presenceId: string;
  /** Why, in the words of whoever changed it or set the presence, or null. */
  reason: string | null;
  /** The position of the change in the one log of the hub. */
  seq: number;
  /** When it began. */
  start: string;
  /** How, or null if nothing more is known. */
  subEventName: SubEventName | null;
  /** The agent's version from the change on. */
  version: number;
};

/** A page of a list. */
export type HistoryIntervalList = {
  /** The items of this page. */
  items: HistoryInterval[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Why new work is kept from the agent. A hold stays until it is reset or a presence is chosen. */
export type Hold =
  /** The agent missed a notification, and is Inactive. */
  | "MISSED"
  /** The agent rejected a notification, and is in Do not disturb. */
  | "REJECTED"
  /** The agent reached the limit of open work items, and is in Do not disturb. */
  | "WORK_ITEM_LIMIT";

/** What the hub may send. Clients ignore frames and fields that they do not know. */
export type HubFrame =
  /** The first frame of a socket. Clients reset their back-off here, not when the socket opens. */
  | {
    /** The agent's own presence. Left out unless the socket is an agent's. */
    agent?: AgentPresence;
    /** Changes only if the log was replaced, for example by a backup. */
    epoch: string;
    /** How often a heartbeat comes when nothing else does, in seconds. A socket that is silent for much longer is dead. */
    heartbeatSeconds: number;
    /** What the agent may choose. Left out unless the socket is an agent's. */
    presenceOptions?: Presence[];
    /** The roles that this socket has. */
    roles: Role[];
    /** A position in the one log of the hub. Positions rise, with gaps, and survive restarts. */
    seq: number;
    /** The hub's time. */
    serverTime: string;
    /** The id of the session that this socket is. */
    sessionId: string;
    /** Who the caller is, by the token; for agents the agent's id. */
    subject: string;
    /** When the credentials of this socket end. */
    tokenExpiresAt: string;
    type: "welcome";
  }
  /** The answer to the request of this id. What it changed is durable. */
  | {
    /** The id of the request. */
    id: RequestId;
    /** What was asked for; its shape follows from the request. */
    result: Answer;
    type: "result";
  }
  /** The request of this id was refused, and nothing was changed. Without an id: a frame that could not be understood or, before the socket is closed, why. Otherwise the socket stays. */
  | {
    /** What is wrong. */
    error: FrameError;
    /** The id of the request. Left out if no request is answered. */
    id?: RequestId;
    type: "error";
  }
  /** To each of the agent's own sockets whenever anything in it changes, be it in a record that it shows, such as the text of a presence or the limit of a profile; then `version` stays. */
  | {
    /** The agent's own presence. */
    agent: AgentPresence;
    type: "presence";
  }
  /** What this agent may choose has changed. Changes of the catalog gather: several reach an agent as one list. */
  | {
    /** All that the agent may choose now. */
    presences: Presence[];
    type: "presenceOptions";
  }
  /** The state when the watch began, in parts of bounded size. The position `seq` is held after the last part; agents may be shown newer than that. */
  | {
    /** Agents that the watch shows. */
    agents: WatchedAgent[];
    /** Changes only if the log was replaced, for example by a backup. */
    epoch: string;
    /** Which part this is; counts from 1. */
    part: number;
    /** How many parts there are. */
    parts: number;
    /** The whole catalog. Only in the first part. */
    presences?: Presence[];
    /** The position that the client holds after the last part. */
    seq: number;
    /** Counts over the whole watch. Only in the first part. */
    summary?: Summary;
    type: "snapshot";
    /** The id of the watch. */
    watchId: string;
  }
  /** The newest state of each agent that changed since the last frame, to replace what is held, and those that no longer match. State, not history: a slow reader is sent fewer, newer frames. */
  | {
    /** Agents that the watch shows, as they are now. */
    agents: WatchedAgent[];
    /** The ids of agents that the watch no longer shows. Some may never have been held. */
    left: string[];
    /** The whole catalog. Only in the first frame of a watch that resumed. */
    presences?: Presence[];
    /** The position that the client holds now, and may resume from. */
    seq: number;
    /** Counts over the whole watch. Left out if they did not change. */
    summary?: Summary;
    type: "changes";
    /** The id of the watch. */
    watchId: string;
  }
  /** The catalog changed. It comes before any frame that names a new presence; otherwise changes gather, and several reach a watcher as one list. */
  | {
    /** The whole catalog. */
    presences: Presence[];
    type: "presences";
  }
  /** To work systems: an offer ended because the agent was disconnected or went away. It is to be offered to someone else now. Told at least once. */
  | {
    /** The id of the agent. */
    agentId: string;
    /** Why the offer ended. */
    reason: WithdrawalReason;
    type: "offerWithdrawn";
    /** The id of the work item. */
    workItemId: string;
  }
  /** What is held of this watch can no longer be brought up to date. A snapshot follows. */
  | {
    /** Why. */
    reason: ResyncReason;
    type: "resync";
    /** The id of the watch. */
    watchId: string;
  }
  /** Something that the person should be told. */
  | {
    /** Who did it. Left out if there is nobody to name. */
    actor?: ModifiedBy;
    /** What it is about. */
    code: NoticeCode;
    /** Why, in the words of whoever did it. Left out if nothing was said. */
    reason?: string;
    type: "notice";
    /** The id of the work item that it is about. Left out if it is about none. */
    workItemId?: string;
  }
  /** When nothing else was sent for `heartbeatSeconds`, so that a quiet hub can be told from a dead one; to pages that answer them, every `heartbeatSeconds` whatever else is sent. To all at once when `stale` changes. */
  | {
    /** The position that the client holds now of all that this connection watches, and may resume from. Left out if it watches nothing, or is yet to be sent all of it: what the client holds of before stands where it stood. */
    seq?: number;
    /** The hub's time. */
    serverTime: string;
    /** True while the hub knows of changes that it could not keep yet, or is cut off from the log of its cluster, so that what is shown may be old. Left out otherwise. */
    stale?: boolean;
    type: "heartbeat";
  }
  /** A minute before the credentials end: they can be renewed with `authenticate`. */
  | {
    /** When they end. */
    expiresAt: string;
    type: "tokenExpiring";
  }
  /** A planned stop. Clients come back after a random time in the range. */
  | {
    /** The shortest and the longest time after which to come back, in milliseconds. */
    reconnectAfterMs: [number, number];
    type: "restarting";
  };

/** Sessions of several agents that were lost in one way, each within ten seconds of the one before: `NETWORK_LOST`, `HUB_RESTART` or `UNKNOWN`. What people do at the same time, such as closing their tabs, is none. */
export type Incident = {
  /** Of how many agents. */
  agents: number;
  /** When the first ended. */
  first: string;
  /** Its number in this answer. */
  incident: number;
  /** When the last ended. */
  last: string;
  /** The network that all of them came from; null if none is known. */
  network: string | null;
  /** How many. */
  sessions: number;
  /** Why the sessions ended. */
  subEventName: SubEventName;
};

/** What a watch shows of each agent besides. */
export type Include =
  /** The capacity. */
  | "capacity"
  /** The work items. */
  | "workItems"
  /** Of the agent's record: queues and skills. */
  | "record";

/** Why an agent may not get work of a workstream now. */
export type IneligibleReason =
  /** The workstream does not allow the base status of the agent's presence. */
  | "PRESENCE_NOT_ALLOWED"
  /** What work and offers leave of the capacity is not enough. */
  | "CAPACITY"
  /** Work of the workstream takes a capacity profile that the agent does not have. */
  | "PROFILE_MISSING"
  /** A capacity profile that is used up keeps all work from the agent. */
  | "BLOCKED_BY_PROFILE"
  /** A hold is set. */
  | "HOLD"
  /** The agent has no live socket, whatever is shown. */
  | "NOT_CONNECTED"
  /** The agent's record is disabled. */
  | "DISABLED"
  /** The limit of open work items is reached. */
  | "WORK_ITEM_LIMIT";

/** Where in a request something is wrong. */
export type Location = {
  /** The agent whom the item concerns. Left out when no list of agents was sent. */
  agentId?: string;
  /** The field or parameter that is wrong. Left out when no single one is. */
  field?: string;
  /** The place in the list of the item that is wrong, counted from 0. Left out when no list was sent. */
  index?: number;
};

/** What an API token is to be. */
export type MakeApiToken = {
  /** When it ends: at most 366 days from now. In 90 days if left out. */
  expiresAt?: string | null;
  /** What it is for. */
  name: string;
  /** What it allows: one role at least. */
  roles: Role[];
  /** Who shows it, as the history, the audit and the limits know it. Several tokens may have the same. */
  subject: string;
  /** The teams that a supervisor, an observer or an analyst is limited to. Every team if left out; allowed only with one of these roles. */
  teams?: string[] | null;
};

/** Which changes begin an interval. */
export type MergeIntervals =
  /** Only those of the presence: neighbours of equal presence are one, shown as it began. */
  | "presence";

/** Who changed something. */
export type ModifiedBy = {
  /** The agent's id, or the caller's subject. Left out for the hub itself. */
  id?: string;
  /** The kind of actor. */
  type: ActorType;
};

/** Somebody who acted, with their name. */
export type NamedPerson = {
  /** The subject. */
  id: string;
  /** What they are called. */
  name: string;
};

/** A page of a list. */
export type NamedPersonList = {
  /** The items of this page. */
  items: NamedPerson[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Something that agents are planned to do, and the presences that are right meanwhile: one at least, or one base status. */
export type NewActivity = {
  /** The id of the record. */
  activityId: string;
  /** The base statuses of which every presence is right meanwhile. */
  basePresenceStatuses?: BasePresenceStatus[];
  /** The ids of presences that are right meanwhile. */
  presenceIds?: string[];
  /** What people see, of at most 256 characters. The id if left out. */
  text?: string;
  /** For how long an agent may have another presence and still be in adherence; what lasts longer is out from its first millisecond. 0 if left out. */
  toleranceSeconds?: number;
};

/** An agent's record. */
export type NewAgentRecord = {
  /** The id of the record. */
  agentId: string;
  /** The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left out, it is Available. */
  defaultPresenceId?: string | null;
  /** Whether the agent may sign in and get work. True if left out. */
  enabled?: boolean;
  /** The agent's name, of at most 256 characters. The id if left out. */
  name?: string;
  /** The agent's capacity profiles. */
  profiles?: AgentProfileInput[];
  /** The queues that the agent serves. */
  queues?: string[];
  /** The ids of the presences that the agent may choose. Left out, all that are enabled and that a person may choose. */
  selectablePresenceIds?: string[] | null;
  /** The position of the agent's newest change in the one log of the hub. Read only: ignored when written. */
  seq?: number | null;
  /** The agent's skills. */
  skills?: string[];
  /** The agent's teams. */
  teams?: string[];
  /** The agent's units of capacity. Left out, they are not configured, which limits nothing. */
  units?: number | null;
  /** Rises by one with each change of this agent, be it of its record or its presence. Read only: ignored when written. */
  version?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
};

/** A capacity profile: a number of work items of a kind. */
export type NewCapacityProfile = {
  /** Whether an agent gets no work at all once the profile is used up. False if left out. */
  blockAssignment?: boolean;
  /** The most work items of an agent that has no number of its own. */
  defaultMax: number;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name?: string;
  /** The id of the record. */
  profileId: string;
  /** When what was taken of the profile is given back. `IMMEDIATE` if left out. */
  resetDuration?: ResetDuration;
};

/** A custom presence as an administrator writes it. Most of it may be left out. */
export type NewPresenceRecord = {
  /** The base status, which routing looks at. */
  basePresenceStatus: BasePresenceStatus;
  /** Whether it is one of the six that ship, which cannot be changed. Read only: true is refused when written. */
  builtIn?: boolean;
  /** Whether a person may choose it. True if left out. */
  canUserSet?: boolean;
  /** What the presence is for, in at most 500 characters. Empty if left out. */
  description?: string;
  /** Whether it can be held. False retires it: its holders move to the presence that ships with the same base status, and are told. True if left out. */
  enabled?: boolean;
  /** The text in other languages, by language tag such as `de`; each has 1 to 500 characters. At most 100. */
  labels?: Record<string, never>;
  /** The colour of its symbol, as `#` and six hexadecimal digits. That of the base status if left out. */
  presenceColor?: string | null;
  /** The id of the record. */
  presenceId: string;
  /** The name that administrators see: 1 to 100 characters. */
  presenceName: string;
  /** The text that people see: 1 to 500 characters. The name if left out. */
  presenceText?: string | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
};

/** A workstream: where work comes from, what it takes, and who may get it. */
export type NewWorkstream = {
  /** Whether its work moves presences. True if left out. */
  affectsPresence?: boolean;
  /** The base statuses whose agents get this work. If it is empty, nobody ever does. */
  allowedPresences: BasePresenceStatus[];
  /** What wrap-up does to capacity. `ALWAYS` if left out. */
  blockCapacityForWrapUp?: WrapUpBlock;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name?: string;
  /** The ids of the capacity profiles that a work item takes one of each, unless an event says otherwise. */
  profiles?: string[];
  /** The units of capacity that a work item takes, unless an event says otherwise. Left out, none if there are profiles, else 1. */
  units?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
  /** The id of the record. */
  workstreamId: string;
  /** For how many seconds wrap-up holds capacity, with `CUSTOM` and only then; below 30 is unusual. */
  wrapUpSeconds?: number | null;
};

/** The request is done, and there is nothing more to say. */
export type Nothing = Record<string, never>;

/** What a person is told. */
export type NoticeCode =
  /** A supervisor set the agent's presence. */
  | "presenceSetBySupervisor"
  /** A supervisor signed the agent out. */
  | "signedOutBySupervisor"
  /** A notification was missed, and the agent is Inactive. */
  | "missedNotification"
  /** A notification was rejected, and the agent is in Do not disturb. */
  | "rejectedNotification"
  /** The limit of open work items was reached, and the agent is in Do not disturb. */
  | "workItemLimit"
  /** The time for which a presence was chosen is over. */
  | "presenceExpired"
  /** The agent's presence was retired, and the one that ships with the same base status followed. */
  | "presenceRetired";

/** Who set the presence. */
export type Origin =
  /** The hub computed it from work and capacity, or set it for a hold. */
  | "AUTOMATIC"
  /** The agent chose it. */
  | "AGENT"
  /** A supervisor chose it. */
  | "SUPERVISOR"
  /** It is the default presence of the agent's record, taken at sign-in. */
  | "DEFAULT";

/** Somebody who is signed in to the hub's own pages in one browser. */
export type PageSession = {
  /** From which address. Left out if it is not known. */
  address?: string;
  /** When they signed in. */
  begunAt: string;
  /** How they signed in. */
  by: SignedInBy;
  /** When it ends in any case. */
  endsAt: string;
  /** When the session ends unless it is used. */
  expiresAt: string;
  /** The name that people see. Left out if the sign-in said none. */
  name?: string;
  /** What they may do, as of the sign-in. */
  roles: Role[];
  /** Its id, which is not what the cookie holds. */
  sessionId: string;
  /** Who is signed in; of an agent, the agent's id. */
  subject: string;
  /** Their teams, as of the sign-in. Left out if it said none. */
  teams?: string[];
  /** When the cookie was shown last. Left out if it was not since the hub was started. */
  usedAt?: string;
};

/** A page of a list. */
export type PageSessionList = {
  /** The items of this page. */
  items: PageSession[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** An agent as it was at an instant. */
export type PastPresence = {
  /** The agent's id. */
  agentId: string;
  /** The units that work left, or null if none were configured. Negative if there was more work than units. */
  availableUnitsCapacity: number | null;
  /** Its base status then. */
  basePresenceStatus: BasePresenceStatus;
  /** What caused the change. */
  eventName: EventName;
  /** The hold, or null. */
  hold: Hold | null;
  /** Who caused the change: a work system too, whose report made the hub compute the presence. */
  modifiedBy: ModifiedBy;
  /** Its name then. */
  name: string;
  /** Who set the presence. */
  origin: Origin;
  /** The id of the presence. */
  presenceId: string;
  /** What its presence was called then. */
  presenceText: string;
  /** Why, in the words of whoever changed it or set the presence, or null. */
  reason: string | null;
  /** The position of the change in the one log of the hub. */
  seq: number;
  /** When the last change before the instant took effect. */
  start: string;
  /** How, or null if nothing more is known. */
  subEventName: SubEventName | null;
  /** Its teams then. */
  teams: string[];
  /** The agent's version from the change on. */
  version: number;
};

/** A page of a list. */
export type PastPresenceList = {
  /** The items of this page. */
  items: PastPresence[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Someone who is or may be signed in. */
export type Person = {
  /** What one sees signed in as them. Left out unless they are a demo person. */
  about?: string;
  /** The name that people see; the subject if the token says none. */
  name: string;
  /** What they may do. */
  roles: Role[];
  /** Who it is, by the token; for agents the agent's id. */
  subject: string;
  /** The teams of the token. Null if it names none. */
  teams: string[] | null;
};

/** What became of an agent's plan. */
export type PlanResult = {
  /** The agent's id. */
  agentId: string;
  /** Why it was refused, for programs. Left out if it was not. */
  code?: ErrorCode;
  /** The same, for people. */
  message?: string;
  /** How many activities are planned of the agent in the time now. Left out if it was refused. */
  planned?: number;
  /** What became of it. */
  status: ResultStatus;
};

/** What became of each agent or event that a request named, in its order. */
export type PlanResults = {
  /** One for each. */
  results: PlanResult[];
};

/** All that is planned of an agent in a time: at most 500 activities, in any order, of which none overlap. */
export type PlannedActivities = {
  /** Each of them. */
  items: PlannedActivity[];
};

/** An activity that an agent is planned to do. */
export type PlannedActivity = {
  /** What is planned. */
  activityId: string;
  /** When it ends, itself not included. */
  end: string;
  /** When it begins. */
  start: string;
};

/** A page of a list. */
export type PlannedActivityList = {
  /** The items of this page. */
  items: PlannedActivity[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** What is planned of many agents in a time: at most 100,000 activities, and 500 of each agent. */
export type PlansToImport = {
  /** Each of them, in any order. */
  items: AgentsPlannedActivity[];
};

/** A presence of the catalog: a text for people over a base status for routing. */
export type Presence = {
  /** The base status, which routing looks at. */
  basePresenceStatus: BasePresenceStatus;
  /** Whether it is one of the six that ship, which cannot be changed. */
  builtIn: boolean;
  /** Whether a person may choose it. Others are set by the hub alone. */
  canUserSet: boolean;
  /** What the presence is for; may be empty. */
  description: string;
  /** Whether it can be held. A retired presence keeps its record, but nobody can hold it. */
  enabled: boolean;
  /** The text in other languages, by language tag such as `de`. */
  labels: Record<string, string>;
  /** The colour of its symbol, as `#` and six hexadecimal digits. */
  presenceColor: string;
  /** The id of the presence. Those of the six that ship are `available`, `busy`, `do-not-disturb`, `away`, `offline` and `inactive`. */
  presenceId: string;
  /** The name that administrators see. */
  presenceName: string;
  /** The text that people see. */
  presenceText: string;
};

/** An agent whose presence at one instant is another than at one before, or that came or went. */
export type PresenceDifference = {
  /** As it was at the second. */
  after: PastPresence | null;
  /** The agent. */
  agentId: string;
  /** As it was at the first instant; null if it was not there, or not in the teams asked for. */
  before: PastPresence | null;
};

/** A page of a list. */
export type PresenceDifferenceList = {
  /** The items of this page. */
  items: PresenceDifference[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** A custom presence as an administrator writes it. Most of it may be left out. */
export type PresenceRecord = {
  /** The base status, which routing looks at. */
  basePresenceStatus: BasePresenceStatus;
  /** Whether it is one of the six that ship, which cannot be changed. Read only: true is refused when written. */
  builtIn: boolean;
  /** Whether a person may choose it. True if left out. */
  canUserSet: boolean;
  /** What the presence is for, in at most 500 characters. Empty if left out. */
  description: string;
  /** Whether it can be held. False retires it: its holders move to the presence that ships with the same base status, and are told. True if left out. */
  enabled: boolean;
  /** The text in other languages, by language tag such as `de`; each has 1 to 500 characters. At most 100. */
  labels: Record<string, never>;
  /** The colour of its symbol, as `#` and six hexadecimal digits. That of the base status if left out. */
  presenceColor: string | null;
  /** The id. Where the path says it, it is only read: it may be left out, or repeat the path. */
  presenceId: string;
  /** The name that administrators see: 1 to 100 characters. */
  presenceName: string;
  /** The text that people see: 1 to 500 characters. The name if left out. */
  presenceText: string | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
};

/** A custom presence as an administrator writes it. Most of it may be left out. */
export type PresenceRecordInput = {
  /** The base status, which routing looks at. */
  basePresenceStatus: BasePresenceStatus;
  /** Whether it is one of the six that ship, which cannot be changed. Read only: true is refused when written. */
  builtIn?: boolean;
  /** Whether a person may choose it. True if left out. */
  canUserSet?: boolean;
  /** What the presence is for, in at most 500 characters. Empty if left out. */
  description?: string;
  /** Whether it can be held. False retires it: its holders move to the presence that ships with the same base status, and are told. True if left out. */
  enabled?: boolean;
  /** The text in other languages, by language tag such as `de`; each has 1 to 500 characters. At most 100. */
  labels?: Record<string, never>;
  /** The colour of its symbol, as `#` and six hexadecimal digits. That of the base status if left out. */
  presenceColor?: string | null;
  /** The id. Where the path says it, it is only read: it may be left out, or repeat the path. */
  presenceId?: string;
  /** The name that administrators see: 1 to 100 characters. */
  presenceName: string;
  /** The text that people see: 1 to 500 characters. The name if left out. */
  presenceText?: string | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
};

/** A page of a list. */
export type PresenceRecordList = {
  /** The items of this page. */
  items: PresenceRecord[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Fields of PresenceRecord that change; null takes one away. */
export type PresenceRecordPatch = {
  /** The base status, which routing looks at. */
  basePresenceStatus?: BasePresenceStatus;
  /** Whether it is one of the six that ship, which cannot be changed. Read only: true is refused when written. */
  builtIn?: boolean | null;
  /** Whether a person may choose it. True if left out. */
  canUserSet?: boolean | null;
  /** What the presence is for, in at most 500 characters. Empty if left out. */
  description?: string | null;
  /** Whether it can be held. False retires it: its holders move to the presence that ships with the same base status, and are told. True if left out. */
  enabled?: boolean | null;
  /** The text in other languages, by language tag such as `de`; each has 1 to 500 characters. At most 100. */
  labels?: Record<string, never> | null;
  /** The colour of its symbol, as `#` and six hexadecimal digits. That of the base status if left out. */
  presenceColor?: string | null;
  /** The id. Where the path says it, it is only read: it may be left out, or repeat the path. */
  presenceId?: string | null;
  /** The name that administrators see: 1 to 100 characters. */
  presenceName?: string;
  /** The text that people see: 1 to 500 characters. The name if left out. */
  presenceText?: string | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[] | null;
};

/** One capacity profile of an agent: a number of work items of a kind. */
export type ProfileUse = {
  /** Work items that still fit: `max` less `used`. Offers that ring are not taken off. Negative if more is used than there is. */
  available: number;
  /** Whether the agent gets no work at all once the profile is used up. */
  blockAssignment: boolean;
  /** The most work items: the agent's own limit, else that of the profile. */
  max: number;
  /** The id of the capacity profile. */
  profileId: string;
  /** Work items that are offered and would take it. */
  reserved: number;
  /** When what was taken of the profile is given back. */
  resetDuration: ResetDuration;
  /** Work items that take the profile. */
  used: number;
};

/** The whole truth of the work system about one agent's work items: those that are not named end. */
export type Reconciliation = {
  /** The version that the agent has to be at still, else the answer is `version_conflict`. Left out, it is the version at which the request came. */
  ifVersion?: number | null;
  /** Whatever is offered, active or in wrap-up, each once. */
  items: WorkItemInput[];
};

/** What has a sum of its own in a report. */
export type ReportBy =
  /** Each agent. */
  | "agent"
  /** Each team. An agent of several counts in each. */
  | "team"
  /** Each quarter of an hour of the zone's clock. */
  | "quarterHour"
  /** Each hour of the zone's clock. */
  | "hour"
  /** Each day of the zone, from midnight to midnight. */
  | "day";

/** Chosen by the client, and repeated by the answer: a number or a text of at most 512 bytes. */
export type RequestId =
  /** A number. */
  | number
  /** A text. */
  | string;

/** When what a work item took of a capacity profile is given back. */
export type ResetDuration =
  /** As the work ends. */
  | "IMMEDIATE"
  /** At the daily reset, or when the end of the agent's day is reported. */
  | "DAILY";

/** What a return within the restore window brings back. The rules keep it current meanwhile. */
export type Restore = {
  /** The hold that returns with it. Null if there is none. */
  hold: Hold | null;
  /** The id of the presence that follows then. Null if it is computed from capacity, or none follows. */
  nextPresenceId: string | null;
  /** Who set that presence. */
  origin: Origin;
  /** The presence that returns. */
  presence: Presence;
  /** When the presence ends by itself. Null if it does not. */
  presenceUntil: string | null;
  /** Why the presence was chosen, in the words of the person who chose it. Null if nothing was said. */
  reason: string | null;
  /** The last instant at which a return brings all of this back. */
  until: string;
};

/** What became of one agent that a request named, in a word. */
export type ResultStatus =
  /** It was done, and is durable. */
  | "applied"
  /** It was refused, and nothing was changed for this agent. */
  | "rejected";

/** From where a webhook goes on. */
export type ResumeWebhook = {
  /** The position behind which it goes on: an `id` of an event, or a `seq`. Where it stopped if left out. */
  after?: string | null;
};

/** Why what is held of a watch can no longer be brought up to date. */
export type ResyncReason =
  /** The workstream that the filter names allows other presences now. */
  | "workstreamChanged";

/** Tokens that are no longer believed. */
export type Revocation = {
  /** When. */
  at: string;
  /** Of a subject: what was issued before is not believed. Left out for a single token. */
  issuedBefore?: string;
  /** Why. Left out if nothing was said. */
  reason?: string;
  /** Its id. */
  revocationId: string;
  /** Who revoked it: an administrator, or the owner by signing out. */
  revokedBy: string;
  /** Whose tokens, or whose token if that is known. Left out if it is not. */
  subject?: string;
  /** The token that it is about: its `jti`, or a digest of a token that has none. Left out if it is about all of the subject. */
  tokenId?: string;
  /** When the token would have ended anyway. Left out if that is not known. */
  until?: string;
};

/** A page of a list. */
export type RevocationList = {
  /** The items of this page. */
  items: Revocation[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** What is to be revoked: all tokens of a `subject`, or the one token of a `tokenId`. */
export type RevokeTokens = {
  /** When that token ends, so that the revocation can be forgotten a day later. Kept until it is taken back if left out. */
  expiresAt?: string | null;
  /** Why, for whoever reads the list. */
  reason?: string | null;
  /** Whose tokens: all that were issued up to now. */
  subject?: string | null;
  /** The `jti` of a token. */
  tokenId?: string | null;
};

/** A role of a caller. One person may have several. */
export type Role =
  /** Takes work. Opening a socket with this role signs the agent in. */
  | "agent"
  /** Watches agents and sets their presence; of its own teams only, if its token names any. */
  | "supervisor"
  /** Sees what a supervisor sees, and changes nothing. */
  | "observer"
  /** Reads reports, and what agents were in the past; of its own teams only, if its token names any. */
  | "analyst"
  /** A work system: reports assignment events, and watches. */
  | "integration"
  /** Reads the audit, and nothing else. */
  | "auditor"
  /** Writes the directory and the settings. */
  | "admin";

/** A rule that a change looked at. */
export type RuleConsidered = {
  /** Whether the rule decided something. Otherwise it was looked at and passed over. */
  applied: boolean;
  /** The number of the rule in the rule book, such as `R-50`. */
  rule: string;
  /** What the rule says. */
  says: string;
};

/** Who is signed in, and how one signs in. */
export type SessionInfo = {
  /** Whom people can ask who may not do something. Left out if the settings name nobody. */
  contact?: string;
  /** Who may sign in without a token. Left out unless the hub is in demo mode. */
  demo?: DemoPeople;
  /** How one signs in here. */
  mode: SignInMode;
  /** Where one signs in. Left out unless that is an identity provider. */
  provider?: SignInProvider;
  /** Who is signed in by the cookie. Null if nobody is. */
  session: Person | null;
};

/** A presence to choose, for how long, and what follows. */
export type SetPresence = {
  /** The version that the agent has to be at still, else the answer is `version_conflict`. Left out, it may be at any. */
  ifVersion?: number | null;
  /** The id of the presence that follows at `until`, without which it is not allowed. Left out, what follows is computed from capacity. */
  nextPresenceId?: string | null;
  /** The id of the presence, or the well-known id of one that ships. */
  presenceId: string;
  /** Why, for those who see the presence: at most 500 characters. */
  reason?: string | null;
  /** When the presence ends by itself. Left out, it does not. */
  until?: string | null;
};

/** The settings in force: `[presence]` of the file, with what is stored over it. */
export type Settings = {
  /** Whether an unknown agent with a valid token gets a record. Switch it off when every agent is provisioned, so that a token for a deleted agent brings nobody back. May be true or false. */
  autoProvisionAgents: boolean;
  /** When capacity profiles that reset daily are given back. When empty, the work system says so with `capacity.end_of_day`. A new time counts at once: whoever had used some before it was last due is given all of it back. May be a time of day and a time zone, such as "03:00 Europe/Berlin"; "" for none. */
  dailyReset: string;
  /** With so many open work items an agent is offered no more. The most that can be set is what an agent can have at all, offers included. May be a whole number of work items from 1 to 100. */
  maxOpenWorkItems: number;
  /** Whether an agent who misses a notification becomes Inactive until clearing it. May be true or false. */
  missedNotifications: boolean;
  /** After a page announced that it reloads, others are not shown Offline for so long. May be a duration from "0s" to "5m". */
  refreshGrace: string;
  /** Whether an agent who rejects a notification becomes Do not disturb until clearing it. May be true or false. */
  rejectNotifications: boolean;
  /** After the hub itself was away, its agents are not shown Offline for so long, counted from when it serves again. It should be longer than clients take to come back. May be a duration from "0s" to "1h". */
  restartGrace: string;
  /** Whether signing out counts as losing the connection does, so that signing in again soon brings the status back. May be true or false. */
  restoreAfterSignOut: boolean;
  /** An agent who loses every connection gets the status back when returning within this time. 150 seconds is what agents know from Dynamics 365. May be a duration from "0s" to "24h". */
  restoreWindow: string;
  /** How a fresh sign-in chooses the status. `"capacity_first"`: computed from open work, unless the agent's default is of base Away or Offline. `"default_first"`: the agent's default. May be one of "capacity_first", "default_first". */
  signInPolicy: "capacity_first" | "default_first";
  /** Whether closing work below the limit of open work items ends the Do not disturb that the limit set. Otherwise the agent clears it. May be true or false. */
  workItemLimitAutoClear: boolean;
};

/** Fields of Settings that change; null takes one away. */
export type SettingsPatch = {
  /** Whether an unknown agent with a valid token gets a record. Switch it off when every agent is provisioned, so that a token for a deleted agent brings nobody back. May be true or false. */
  autoProvisionAgents?: boolean | null;
  /** When capacity profiles that reset daily are given back. When empty, the work system says so with `capacity.end_of_day`. A new time counts at once: whoever had used some before it was last due is given all of it back. May be a time of day and a time zone, such as "03:00 Europe/Berlin"; "" for none. */
  dailyReset?: string | null;
  /** With so many open work items an agent is offered no more. The most that can be set is what an agent can have at all, offers included. May be a whole number of work items from 1 to 100. */
  maxOpenWorkItems?: number | null;
  /** Whether an agent who misses a notification becomes Inactive until clearing it. May be true or false. */
  missedNotifications?: boolean | null;
  /** After a page announced that it reloads, others are not shown Offline for so long. May be a duration from "0s" to "5m". */
  refreshGrace?: string | null;
  /** Whether an agent who rejects a notification becomes Do not disturb until clearing it. May be true or false. */
  rejectNotifications?: boolean | null;
  /** After the hub itself was away, its agents are not shown Offline for so long, counted from when it serves again. It should be longer than clients take to come back. May be a duration from "0s" to "1h". */
  restartGrace?: string | null;
  /** Whether signing out counts as losing the connection does, so that signing in again soon brings the status back. May be true or false. */
  restoreAfterSignOut?: boolean | null;
  /** An agent who loses every connection gets the status back when returning within this time. 150 seconds is what agents know from Dynamics 365. May be a duration from "0s" to "24h". */
  restoreWindow?: string | null;
  /** How a fresh sign-in chooses the status. `"capacity_first"`: computed from open work, unless the agent's default is of base Away or Offline. `"default_first"`: the agent's default. May be one of "capacity_first", "default_first". */
  signInPolicy?: "capacity_first" | "default_first" | null;
  /** Whether closing work below the limit of open work items ends the Do not disturb that the limit set. Otherwise the agent clears it. May be true or false. */
  workItemLimitAutoClear?: boolean | null;
};

/** How to sign in to the hub's own pages: one of these. */
export type SignIn =
  /** With a token. */
  | {
    /** A JSON Web Token that has `sub`, `roles` and `exp`. */
    token: string;
  }
  /** As a demo person; in demo mode only. */
  | {
    /** The subject of the demo person. */
    demo: string;
  };

/** How a sign-in was over. */
export type SignInEnd =
  /** The agent signed out, or was signed out, and did not come back within the restore window. */
  | "SIGNED_OUT"
  /** It was disconnected, and did not come back within the restore window. */
  | "LAPSED"
  /** It was disabled or deleted. */
  | "REMOVED"
  /** The agent left the teams that the question is about; what became of the sign-in is not told. */
  | "LEFT_TEAMS";

/** How one signs in. */
export type SignInMode =
  /** With a token. */
  | "jwt"
  /** With a token, or by the name of a demo person. */
  | "demo"
  /** At an identity provider: `GET /sign-in` leads there. */
  | "oidc";

/** The identity provider at which one signs in. */
export type SignInProvider = {
  /** Its name for people. */
  name: string;
  /** Where a page goes to sign out of it too, once the session here has ended. Left out if it has no such place. */
  signOutUrl?: string;
};

/** Sign-ins. */
export type SignInsReport = {
  /** When the time began. */
  from: string;
  /** The sign-ins that last within it, agent by agent. */
  items: SignedIn[];
  /** When it ended: as asked for, or now if that is earlier. */
  to: string;
};

/** A time in which an agent was signed in, restore windows included. It is told whole. */
export type SignedIn = {
  /** The agent. */
  agentId: string;
  /** For how long of it the agent was there. */
  connectedMs: number;
  /** When it was signed out for good; null while it is signed in. */
  end: string | null;
  /** The position of that change. */
  endSeq: number | null;
  /** How it was over; null while it lasts. */
  ended: SignInEnd | null;
  /** When its last session ended; null while it is there. */
  left: string | null;
  /** How its last session ended: `SIGNED_OUT` for a sign-out. */
  leftBy: SubEventName | null;
  /** The position of that change. */
  leftSeq: number | null;
  /** Its name when it signed in. */
  name: string;
  /** How often the agent was back within the restore window. */
  restores: number;
  /** From `start` to `end`, or up to now, in milliseconds. */
  signedInMs: number;
  /** When it signed in. */
  start: string;
  /** The position of that change in the log. */
  startSeq: number;
};

/** How somebody signed in. */
export type SignedInBy =
  /** At the identity provider. */
  | "provider"
  /** With a token, with which the session ends. */
  | "token";

/** The position that a watch resumes from: the last one that the client holds. */
export type Since = {
  /** The epoch of the log that the position is one of. */
  epoch: string;
  /** The position. */
  seq: number;
  /** The watch that was watched up to there. Left out, the client answers for it that it watched the same. */
  watchId?: string | null;
};

/** The version of CloudEvents. */
export type SpecVersion =
  /** The only one that is spoken here. */
  | "1.0";

/** How it happened. The names up to `IN_QUEUE_OVERFLOW_END` are those of `msdyn_subeventname`, which work systems report; the others are the hub's own. */
export type SubEventName =
  /** The agent accepted the notification. */
  | "ASSIGNMENT_ACCEPT"
  /** The agent picked the work item from a list. */
  | "PICK"
  /** A supervisor assigned it. */
  | "ASSIGNED_BY_SUPERVISOR"
  /** It was transferred to the agent. */
  | "TRANSFER"
  /** The agent made an outbound call. */
  | "REPRESENTATIVE_INITIATED_OUTBOUND_CALL"
  /** The agent ended the conversation. */
  | "AGENT_END_CONVERSATION"
  /** The agent rejected the notification. */
  | "AGENT_REJECT"
  /** The agent did not answer the notification in time. */
  | "AGENT_TIMEOUT"
  /** The conversation timed out. */
  | "CONVERSATION_TIMEOUT"
  /** The agent closed the work item. */
  | "AGENT_CLOSED"
  /** The conversation was closed. */
  | "CONVERSATION_CLOSED"
  /** The agent transferred it. The spelling is that of the product. */
  | "AGENT_TRANSFERED"
  /** The agent was disconnected from the conversation. */
  | "AGENT_DISCONNECTED"
  /** It was routed to another agent. */
  | "AGENT_RE_ROUTED"
  /** A virtual agent closed it. */
  | "VIRTUAL_AGENT_CLOSED"
  /** The agent transferred it to a queue. */
  | "AGENT_TRANSFER_TO_QUEUE"
  /** A supervisor moved it to a queue. */
  | "SUPERVISOR_ASSIGN_TO_QUEUE"
  /** A supervisor transferred it to another agent. */
  | "SUPERVISOR_TRANSFER_TO_AGENT"
  /** The work system took the notification back: no rejection by the agent. */
  | "SYSTEM_REJECT"
  /** It was closed by force. */
  | "FORCE_CLOSE"
  /** The overflow rule of a queue moved it to another queue. */
  | "OVERFLOW_QUEUE_TRANSFER"
  /** The overflow rule of a queue ended it. */
  | "OVERFLOW_END_CONVERSATION"
  /** The agent could not be added to the conversation. */
  | "ADD_AGENT_FAILED"
  /** It was closed automatically. */
  | "AUTO_CLOSE"
  /** The customer's connection was lost. */
  | "CUSTOMER_DISCONNECT"
  /** The customer ended the conversation. */
  | "CUSTOMER_END_CONVERSATION"
  /** It was transferred to another queue. */
  | "QUEUE_TRANSFER"
  /** It overflowed to another queue while it waited. */
  | "IN_QUEUE_OVERFLOW_TRANSFER"
  /** It was ended by overflow while it waited. */
  | "IN_QUEUE_OVERFLOW_END"
  /** It was assigned without a notification. */
  | "AUTO_ASSIGN"
  /** The agent joined a conversation to consult. */
  | "CONSULT_JOINED"
  /** The agent left a conversation in which it consulted. */
  | "CONSULT_LEFT"
  /** The agent began to monitor a conversation. */
  | "MONITOR_JOINED"
  /** The agent stopped monitoring a conversation. */
  | "MONITOR_LEFT"
  /** The last page was closed or left. */
  | "TAB_CLOSED"
  /** The agent signed out. */
  | "SIGNED_OUT"
  /** The device was closed or shut down. */
  | "DEVICE_CLOSED"
  /** The network was lost: no sign of life came in time. */
  | "NETWORK_LOST"
  /** The browser put the page to sleep. */
  | "PAGE_ASLEEP"
  /** The hub itself restarted, and the agent did not come back in time. */
  | "HUB_RESTART"
  /** The credentials were revoked, or the agent's record was disabled or deleted. */
  | "REVOKED"
  /** Nobody can tell; said rather than a guess. */
  | "UNKNOWN";

/** How many agents of a watch have which presence. */
export type Summary = {
  /** How many of them have each base status; all five are named. */
  byBaseStatus: Record<string, number>;
  /** How many of them have each presence, by its id; those that nobody has are left out. */
  byPresence: Record<string, number>;
  /** How many agents the watch shows. */
  total: number;
};

/** The figures of an agent, a team, an hour or a day. Times are milliseconds, exactly. */
export type SummaryLine = {
  /** Notifications that were accepted. */
  acceptedNotifications: number;
  /** The agent, if each has figures of its own. */
  agentId?: string;
  /** For how long they were there: with a session, or held in a grace. */
  connectedMs: number;
  /** How often the last session of one ended otherwise, and others saw Offline. */
  disconnections: number;
  /** When the quarter hour, hour or day ended, or the time asked for within it; now at the latest. */
  end?: string;
  /** The same, and none were left. */
  fullMs: number;
  /** How often one was not, after a disconnection or a sign-out. */
  lapses: number;
  /** For how long a missed notification kept work from agents who were there. */
  missedHoldMs: number;
  /** Notifications that were missed. */
  missedNotifications: number;
  /** Missed ones among those that were accepted, missed or rejected: 0 to 1, or null if there were none. */
  missedRate: number | null;
  /** The agent's name, as it was last in the time asked for. */
  name?: string;
  /** Notifications of work that began in the time. */
  notifications: number;
  /** The same, and some were used. */
  partlyUsedMs: number;
  /** For how long a rejected one did. */
  rejectedHoldMs: number;
  /** Notifications that were rejected. */
  rejectedNotifications: number;
  /** Rejected ones among the same. */
  rejectedRate: number | null;
  /** How often one was disabled or deleted while it was signed in. */
  removals: number;
  /** How often one was back within the restore window. */
  restores: number;
  /** How often an agent signed in. A second tab is no sign-in. */
  signIns: number;
  /** How often one signed out, or was signed out. */
  signOuts: number;
  /** For how long agents were signed in, restore windows included: `isAgentLoggedIn`. */
  signedInMs: number;
  /** When the quarter hour, hour or day began, or the time asked for within it. Left out if the figures are of all of that time. */
  start?: string;
  /** The team, if each has figures of its own. Left out for agents without a team. */
  team?: string;
  /** For how long agents with configured units were there and all of them were unused. */
  unusedMs: number;
  /** For how long the limit of open work items did. */
  workItemLimitHoldMs: number;
};

/** Figures of agents. */
export type SummaryReport = {
  /** When the time began. */
  from: string;
  /** The figures of each agent, team, quarter hour, hour or day that has any. */
  items: SummaryLine[];
  /** When it ended: as asked for, or now if that is earlier. */
  to: string;
};

/** What a page of another origin opens one socket with. */
export type Ticket = {
  /** When it is of no use any more: a minute after it was made. */
  expiresAt: string;
  /** To be shown once, where a token is: as `bearer.<ticket>` among the sub-protocols, or in `Authorization`. */
  ticket: string;
};

/** How long agents had a presence. */
export type TimeInStatus = {
  /** The agent, if each has a sum of its own. */
  agentId?: string;
  /** The base status that it had. */
  basePresenceStatus: BasePresenceStatus;
  /** How long, in milliseconds: exactly, nothing is rounded. */
  durationMs: number;
  /** When the quarter hour, hour or day ended, or the time asked for within it; now at the latest. */
  end?: string;
  /** The agent's name, as it was last in the time asked for. */
  name?: string;
  /** The id of the presence. */
  presenceId: string;
  /** What it was called at the end of the time asked for. */
  presenceText: string;
  /** When the quarter hour, hour or day began, or the time asked for within it. Left out if the sum is of all of that time. */
  start?: string;
  /** The team, if each has a sum of its own. Left out for agents without a team. */
  team?: string;
};

/** A report. */
export type TimeInStatusReport = {
  /** When the time that was summed began. */
  from: string;
  /** A sum for each presence of each agent, team, quarter hour, hour or day that there was. */
  items: TimeInStatus[];
  /** When it ended: as asked for, or now if that is earlier. */
  to: string;
};

/** New credentials are in force. */
export type TokenRenewed = {
  /** When they end. */
  tokenExpiresAt: string;
};

/** Unit capacity: work items take units of one common number. */
export type Units = {
  /** Units that are left beside those used: `max` less `used`. Offers that ring are not taken off. Negative if more is used than there is. */
  available: number;
  /** The units of the agent's record. */
  max: number;
  /** Units that offers reserve while they ring. */
  reserved: number;
  /** Units that work items take. */
  used: number;
};

/** How much of an agent's capacity is used. */
export type Utilization =
  /** Nothing is used, and no work item is open. */
  | "UNUSED"
  /** Some of it is used, or a work item is open that takes none of it. */
  | "PARTIAL"
  /** Every configured kind of capacity is used up. */
  | "FULL";

/** How a watch begins. */
export type WatchMode =
  /** The whole state follows, in `snapshot` frames. */
  | "snapshot"
  /** What has changed since the position that the client named follows, in a `changes` frame. */
  | "resumed";

/** What a watch begins with. */
export type WatchResult = {
  /** Changes only if the log was replaced, for example by a backup. */
  epoch: string;
  /** Whether a snapshot follows, or what has changed since. */
  mode: WatchMode;
  /** The position at which the watch begins. */
  seq: number;
  /** The id of the watch: a digest of the filter, of what is included and of whom the caller may see. */
  watchId: string;
};

/** An agent, made small for boards: presences stand by their ids, and whatever is null, false, zero or empty is left out. */
export type WatchedAgent = {
  /** How many live sockets the agent has. Left out if it has none. */
  activeBrowserSessions?: number;
  /** The agent's id. */
  agentId: string;
  /** The agent's capacity. Left out unless the watch includes it. */
  capacity?: Capacity;
  /** What last changed the presence, its origin or its hold. */
  eventName: EventName;
  /** Who brought the agent into it, or set its origin, hold, reason or end since then. Left out if `modifiedBy` tells it. */
  heldBy?: ModifiedBy;
  /** When the agent came into this presence, if it was restored since. Left out if that is `since`. */
  heldSince?: string;
  /** Why new work is kept from the agent. Left out if there is no hold. */
  hold?: Hold;
  /** Whether the agent is signed in; it stays true while `restore` is there. Left out if not. */
  isAgentLoggedIn?: boolean;
  /** Whether a capacity profile that is used up keeps all work from the agent. Left out if not. */
  isBlockedBySomeProfile?: boolean;
  /** Who last changed the presence, its origin or its hold. Left out if it was the hub itself. */
  modifiedBy?: ModifiedBy;
  /** The agent's name. */
  name: string;
  /** The id of the presence that follows at `until`. Left out if it is computed from capacity, or none follows. */
  nextPresenceId?: string;
  /** How many work items are assigned and not closed, wrap-up included. Left out if none is. */
  openWorkItems?: number;
  /** Who set the presence. */
  origin: Origin;
  /** The id of the presence that others see now. The catalog came with the snapshot. */
  presenceId: string;
  /** The queues that the agent serves. Left out unless the watch includes the record, and if there are none. */
  queues?: string[];
  /** Why the presence was chosen, in the words of the person who chose it. Left out if nothing was said. */
  reason?: string;
  /** What a return brings back. Left out unless the agent is disconnected inside the restore window. */
  restore?: WatchedRestore;
  /** The position of the agent's newest change in the one log of the hub. Positions rise, with gaps, and survive restarts. */
  seq: number;
  /** When the visible presence last changed; it restarts on a restore. */
  since: string;
  /** The agent's skills. Left out unless the watch includes the record, and if there are none. */
  skills?: string[];
  /** How that happened. Left out if nothing more is known. */
  subEventName?: SubEventName;
  /** The agent's teams. Left out if there are none. */
  teams?: string[];
  /** When the presence ends by itself. Left out if it does not. */
  until?: string;
  /** Rises by one with each change of this agent; it never restarts. */
  version: number;
  /** The agent's work items. Left out unless the watch includes them, and if there are none. */
  workItems?: WorkItem[];
};

/** What a board needs to know of what a return brings back. */
export type WatchedRestore = {
  /** The id of the presence that returns. */
  presenceId: string;
  /** The last instant at which a return brings it back. */
  until: string;
};

/** A webhook. */
export type Webhook = {
  /** The position up to which everything was delivered. */
  after: string;
  /** What it is for. Left out if nothing was said. */
  description?: string;
  /** Whether changes are to be sent, as an administrator said. */
  enabled: boolean;
  /** Until when deliveries are also signed with the secret before. Left out if there is none. */
  formerSecretUntil?: string;
  /** Why the hub switched it off, or what the last try that failed ran into. Left out if all is well. */
  problem?: string;
  /** The secret that deliveries are signed with. Only in the answer to its creation and its replacement. */
  secret?: string;
  /** Since when every try has failed, or since when it is off. Left out if all is well. */
  since?: string;
  /** Whether they are. */
  status: WebhookStatus;
  /** Changes of agents of any of these teams. Left out if all are sent. */
  teams?: string[];
  /** Changes of these types. Left out if all are sent. */
  types?: ChangeType[];
  /** Where each change is sent to. */
  url: string;
  /** Its id. */
  webhookId: string;
};

/** A try to deliver a change. */
export type WebhookDelivery = {
  /** When. */
  at: string;
  /** The how manieth try of this event, since the webhook began or the hub started. */
  attempt: number;
  /** How long it took, in milliseconds. */
  durationMs: number;
  /** Why it failed. Left out if it did not. */
  error?: string;
  /** The id of the event, which is its `webhook-id`. */
  id: string;
  /** The status that was answered. Left out if nothing was. */
  status?: number;
};

/** A page of a list. */
export type WebhookDeliveryList = {
  /** The items of this page. */
  items: WebhookDelivery[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** A page of a list. */
export type WebhookList = {
  /** The items of this page. */
  items: Webhook[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** A webhook, as it is written: where changes of agents are sent, and which. */
export type WebhookSettings = {
  /** What it is for, in the words of an administrator. Left out if nothing was said. */
  description?: string | null;
  /** Whether changes are sent. True if left out. Switched on again it goes on from where it stopped. */
  enabled?: boolean;
  /** Changes of agents of any of these teams. All if left out. */
  teams?: string[] | null;
  /** Changes of these types. All if left out. */
  types?: ChangeType[] | null;
  /** Where each change is sent to with `POST`: an `https` address, or an `http` one, which anybody on the way can read. Redirections are not followed. */
  url: string;
};

/** Fields of WebhookSettings that change; null takes one away. */
export type WebhookSettingsPatch = {
  /** What it is for, in the words of an administrator. Left out if nothing was said. */
  description?: string | null;
  /** Whether changes are sent. True if left out. Switched on again it goes on from where it stopped. */
  enabled?: boolean | null;
  /** Changes of agents of any of these teams. All if left out. */
  teams?: string[] | null;
  /** Changes of these types. All if left out. */
  types?: ChangeType[] | null;
  /** Where each change is sent to with `POST`: an `https` address, or an `http` one, which anybody on the way can read. Redirections are not followed. */
  url?: string;
};

/** Whether a webhook delivers. */
export type WebhookStatus =
  /** It delivers, or has nothing to deliver. */
  | "active"
  /** The last try has failed, and is repeated after a pause. */
  | "failing"
  /** The hub has switched it off; it has to be resumed. */
  | "off"
  /** An administrator has switched it off. */
  | "disabled";

/** Why an offer ended: how the agent was disconnected (`TAB_CLOSED`, `NETWORK_LOST` and the like), or what happened instead (`SET_PRESENCE` when Offline was chosen, and the like). */
export type WithdrawalReason =
  /** How it happened. */
  | SubEventName
  /** What happened, if there is nothing more to say. */
  | EventName;

/** A work item of an agent: a conversation, a case or a call. In a reconciliation all but the id and the state may be left out: what is left out stays as it is, or comes from the workstream. */
export type WorkItem = {
  /** When an offer is missed, or a wrap-up gives its capacity back. Null if it has no such end; left out of a reconciliation, what runs goes on. */
  deadline: string | null;
  /** Whether it takes capacity now: while it is active, and in a wrap-up that blocks. */
  holdsCapacity: boolean | null;
  /** The ids of the capacity profiles that it takes one of each. */
  profiles: string[] | null;
  /** Since when it is in this state. */
  since: string | null;
  /** Where it is in its life. */
  state: WorkItemState;
  /** How many units of capacity it takes. */
  units: number | null;
  /** The id that the work system gave it. */
  workItemId: string;
  /** The id of the workstream that it came from. Null if it came from none. */
  workstreamId: string | null;
};

/** An assignment of a work item. One that was offered before keeps the capacity of its offer. */
export type WorkItemAssigned = {
  /** The agent's id. */
  agentId: string;
  /** Whether the assignment counts only if the agent is eligible at that moment; otherwise it is rejected as `not_eligible`. */
  ifEligible?: boolean;
  /** The ids of the capacity profiles that it takes one of each. Left out, those of the workstream. */
  profiles?: string[] | null;
  /** Why, in the words of the work system. */
  reason?: string | null;
  /** How it came to the agent. `ASSIGNMENT_ACCEPT` if left out. */
  subEvent?: AssignmentWay | null;
  /** How many units of capacity it takes. Left out: none if `profiles` is there, else what the workstream says, else 1. */
  units?: number | null;
  /** The id of the work item. */
  workItemId: string;
  /** The id of the workstream that it comes from. Left out, it comes from none. */
  workstreamId?: string | null;
};

/** An event about a work item that needs no more words. */
export type WorkItemEvent = {
  /** The agent's id. */
  agentId: string;
  /** Why, in the words of the work system. */
  reason?: string | null;
  /** The id of the work item. */
  workItemId: string;
};

/** A work item of an agent: a conversation, a case or a call. In a reconciliation all but the id and the state may be left out: what is left out stays as it is, or comes from the workstream. */
export type WorkItemInput = {
  /** When an offer is missed, or a wrap-up gives its capacity back. Null if it has no such end; left out of a reconciliation, what runs goes on. */
  deadline?: string | null;
  /** Whether it takes capacity now: while it is active, and in a wrap-up that blocks. */
  holdsCapacity?: boolean | null;
  /** The ids of the capacity profiles that it takes one of each. */
  profiles?: string[] | null;
  /** Since when it is in this state. */
  since?: string | null;
  /** Where it is in its life. */
  state: WorkItemState;
  /** How many units of capacity it takes. */
  units?: number | null;
  /** The id that the work system gave it. */
  workItemId: string;
  /** The id of the workstream that it came from. Null if it came from none. */
  workstreamId?: string | null;
};

/** An offer of a work item. */
export type WorkItemOffered = {
  /** The agent's id. */
  agentId: string;
  /** Whether the offer counts only if the agent is eligible at that moment; otherwise it is rejected as `not_eligible`. */
  ifEligible?: boolean;
  /** The ids of the capacity profiles that it takes one of each. Left out, those of the workstream. */
  profiles?: string[] | null;
  /** Why, in the words of the work system. */
  reason?: string | null;
  /** After how many seconds the hub itself records the miss: at most a day. Left out, never. */
  timeoutSeconds?: number | null;
  /** How many units of capacity it takes. Left out: none if `profiles` is there, else what the workstream says, else 1. */
  units?: number | null;
  /** The id of the work item. */
  workItemId: string;
  /** The id of the workstream that it comes from. Left out, it comes from none. */
  workstreamId?: string | null;
};

/** The end of a work item, for this agent. */
export type WorkItemReleased = {
  /** The agent's id. */
  agentId: string;
  /** Why, in the words of the work system. */
  reason?: string | null;
  /** How the work ended. Left out, what fits the type of the event. */
  subEvent?: SubEventName | null;
  /** The id of the work item. */
  workItemId: string;
};

/** Where a work item is in its life. */
export type WorkItemState =
  /** The agent is notified of it: capacity is reserved. */
  | "OFFERED"
  /** The agent works on it: capacity is taken. */
  | "ACTIVE"
  /** The agent finishes it up, and may hold its capacity until then. */
  | "WRAP_UP";

/** The beginning of a wrap-up. */
export type WorkItemWrapUp = {
  /** The agent's id. */
  agentId: string;
  /** What the wrap-up does to capacity. Left out, what the workstream says. */
  blockCapacityForWrapUp?: WrapUpBlock | null;
  /** Why, in the words of the work system. */
  reason?: string | null;
  /** How the work ended. */
  subEvent?: SubEventName | null;
  /** The id of the work item. */
  workItemId: string;
  /** For how many seconds it holds capacity, with `CUSTOM`. Left out, what the workstream says. */
  wrapUpSeconds?: number | null;
};

/** An agent's work items. */
export type WorkItems = {
  /** Whatever is offered, active or in wrap-up. */
  items: WorkItem[];
  /** The agent's version at which they were so. */
  version: number;
};

/** A workstream: where work comes from, what it takes, and who may get it. */
export type Workstream = {
  /** Whether its work moves presences. True if left out. */
  affectsPresence: boolean;
  /** The base statuses whose agents get this work. If it is empty, nobody ever does. */
  allowedPresences: BasePresenceStatus[];
  /** What wrap-up does to capacity. `ALWAYS` if left out. */
  blockCapacityForWrapUp: WrapUpBlock;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name: string;
  /** The ids of the capacity profiles that a work item takes one of each, unless an event says otherwise. */
  profiles: string[];
  /** The units of capacity that a work item takes, unless an event says otherwise. Left out, none if there are profiles, else 1. */
  units?: number;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
  /** The id of the workstream. Where the path says it, it is only read: it may be left out, or repeat the path. */
  workstreamId: string;
  /** For how many seconds wrap-up holds capacity, with `CUSTOM` and only then; below 30 is unusual. */
  wrapUpSeconds?: number;
};

/** A workstream: where work comes from, what it takes, and who may get it. */
export type WorkstreamInput = {
  /** Whether its work moves presences. True if left out. */
  affectsPresence?: boolean;
  /** The base statuses whose agents get this work. If it is empty, nobody ever does. */
  allowedPresences: BasePresenceStatus[];
  /** What wrap-up does to capacity. `ALWAYS` if left out. */
  blockCapacityForWrapUp?: WrapUpBlock;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name?: string;
  /** The ids of the capacity profiles that a work item takes one of each, unless an event says otherwise. */
  profiles?: string[];
  /** The units of capacity that a work item takes, unless an event says otherwise. Left out, none if there are profiles, else 1. */
  units?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[];
  /** The id of the workstream. Where the path says it, it is only read: it may be left out, or repeat the path. */
  workstreamId?: string;
  /** For how many seconds wrap-up holds capacity, with `CUSTOM` and only then; below 30 is unusual. */
  wrapUpSeconds?: number | null;
};

/** A page of a list. */
export type WorkstreamList = {
  /** The items of this page. */
  items: Workstream[];
  /** There is more: the next page is asked for with this as `cursor`. Left out on the last page. */
  nextCursor?: string;
};

/** Fields of Workstream that change; null takes one away. */
export type WorkstreamPatch = {
  /** Whether its work moves presences. True if left out. */
  affectsPresence?: boolean | null;
  /** The base statuses whose agents get this work. If it is empty, nobody ever does. */
  allowedPresences?: BasePresenceStatus[];
  /** What wrap-up does to capacity. `ALWAYS` if left out. */
  blockCapacityForWrapUp?: WrapUpBlock | null;
  /** The name that administrators see, of at most 256 characters. The id if left out. */
  name?: string | null;
  /** The ids of the capacity profiles that a work item takes one of each, unless an event says otherwise. */
  profiles?: string[] | null;
  /** The units of capacity that a work item takes, unless an event says otherwise. Left out, none if there are profiles, else 1. */
  units?: number | null;
  /** What is allowed and still unusual about the record. Only in the answer to a change, and left out if there is nothing. Read only: ignored when written. */
  warnings?: string[] | null;
  /** The id of the workstream. Where the path says it, it is only read: it may be left out, or repeat the path. */
  workstreamId?: string | null;
  /** For how many seconds wrap-up holds capacity, with `CUSTOM` and only then; below 30 is unusual. */
  wrapUpSeconds?: number | null;
};

/** What wrap-up does to capacity. */
export type WrapUpBlock =
  /** Holds it until the work item is closed. */
  | "ALWAYS"
  /** Holds it for `wrapUpSeconds`. */
  | "CUSTOM"
  /** Gives it back at once. */
  | "DONT";

/** What a client should do after a socket was closed. */
export type Advice = "comeBack" | "renew" | "later" | "giveUp";

/** Why the hub closes a socket, by its number. */
export const CLOSE_CODES: Readonly<Record<number, Advice>> = {
  /** The client broke the WebSocket protocol (RFC 6455). */
  1002: "later",
  /** A text or the reason of a close was not UTF-8. */
  1007: "later",
  /** The hub stops as planned. It announced with `restarting` when to come back. */
  1012: "comeBack",
  /** The hub has as many connections as it takes, or too many come at once. */
  1013: "later",
  /** Frames, again and again, were none of the protocol. */
  4400: "giveUp",
  /** Credentials are missing, invalid or expired. */
  4401: "renew",
  /** The role or the origin is not allowed. */
  4403: "giveUp",
  /** The agent is unknown or disabled. */
  4404: "giveUp",
  /** The client did not read what it was sent. */
  4408: "later",
  /** The subject has as many sockets as one may. */
  4409: "giveUp",
  /** The agent signed out, or a supervisor signed it out. */
  4410: "giveUp",
  /** The client gave no sign of life in time. */
  4411: "comeBack",
  /** What the credentials allow has changed; it counts once the client has come back. */
  4412: "comeBack",
  /** A frame was larger than allowed. */
  4413: "giveUp",
  /** The client asked too much for too long. */
  4429: "later",
  /** The hub failed. */
  4500: "later",
};
