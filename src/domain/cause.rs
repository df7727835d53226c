//! Why a presence changed, and who changed it, in the vocabulary of the product (rule book, *Causes*).

use super::ids::AgentId;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* #[doc = $text] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The one of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

pub(super) use vocabulary;

vocabulary! {
    /// What happened: `msdyn_eventname`, and ours behind it.
    EventName {
        ConfigurationUpdate = "CONFIGURATION_UPDATE",
        NewUser = "NEW_USER",
        Login = "LOGIN",
        Reconnect = "RECONNECT",
        Logout = "LOGOUT",
        SetPresence = "SET_PRESENCE",
        MissedNotification = "MISSED_NOTIFICATION",
        RejectedNotification = "REJECTED_NOTIFICATION",
        Other = "OTHER",
        ResetPresence = "RESET_MISSED_REJECTED_NOTIFICATION_PRESENCE",
        AssignmentAttempted = "ASSIGNMENT_ATTEMPTED_WITH_CAPACITY_RESERVATION",
        SessionAssigned = "SESSION_ASSIGNED",
        SessionClosed = "SESSION_CLOSED",
        EndOfDayCapacityReset = "END_OF_DAY_CAPACITY_RESET",
        Disconnected = "DISCONNECTED",
        RestoreLapsed = "RESTORE_LAPSED",
        Expired = "EXPIRED",
        WorkItemLimit = "WORK_ITEM_LIMIT",
        PresenceRetired = "PRESENCE_RETIRED",
        Reconciled = "RECONCILED",
        WrapUpEnded = "WRAP_UP_ENDED",
        ConnectionAdded = "CONNECTION_ADDED",
        ConnectionEnded = "CONNECTION_ENDED",
    }
}

impl EventName {
    /// Whether a session ended, by itself and not by a sign-out.
    #[must_use]
    pub fn ends_a_session(self) -> bool {
        matches!(self, Self::Disconnected | Self::ConnectionEnded)
    }
}

vocabulary! {
    /// How it happened: `msdyn_subeventname`, and ours behind it.
    SubEventName {
        AssignmentAccept = "ASSIGNMENT_ACCEPT",
        Pick = "PICK",
        AssignedBySupervisor = "ASSIGNED_BY_SUPERVISOR",
        Transfer = "TRANSFER",
        OutboundCall = "REPRESENTATIVE_INITIATED_OUTBOUND_CALL",
        AgentEndConversation = "AGENT_END_CONVERSATION",
        AgentReject = "AGENT_REJECT",
        AgentTimeout = "AGENT_TIMEOUT",
        ConversationTimeout = "CONVERSATION_TIMEOUT",
        AgentClosed = "AGENT_CLOSED",
        ConversationClosed = "CONVERSATION_CLOSED",
        AgentTransfered = "AGENT_TRANSFERED",
        AgentDisconnected = "AGENT_DISCONNECTED",
        AgentReRouted = "AGENT_RE_ROUTED",
        VirtualAgentClosed = "VIRTUAL_AGENT_CLOSED",
        AgentTransferToQueue = "AGENT_TRANSFER_TO_QUEUE",
        SupervisorAssignToQueue = "SUPERVISOR_ASSIGN_TO_QUEUE",
        SupervisorTransferToAgent = "SUPERVISOR_TRANSFER_TO_AGENT",
        SystemReject = "SYSTEM_REJECT",
        ForceClose = "FORCE_CLOSE",
        OverflowQueueTransfer = "OVERFLOW_QUEUE_TRANSFER",
        OverflowEndConversation = "OVERFLOW_END_CONVERSATION",
        AddAgentFailed = "ADD_AGENT_FAILED",
        AutoClose = "AUTO_CLOSE",
        CustomerDisconnect = "CUSTOMER_DISCONNECT",
        CustomerEndConversation = "CUSTOMER_END_CONVERSATION",
        QueueTransfer = "QUEUE_TRANSFER",
        InQueueOverflowTransfer = "IN_QUEUE_OVERFLOW_TRANSFER",
        InQueueOverflowEnd = "IN_QUEUE_OVERFLOW_END",
        AutoAssign = "AUTO_ASSIGN",
        ConsultJoined = "CONSULT_JOINED",
        ConsultLeft = "CONSULT_LEFT",
        MonitorJoined = "MONITOR_JOINED",
        MonitorLeft = "MONITOR_LEFT",
        TabClosed = "TAB_CLOSED",
        SignedOut = "SIGNED_OUT",
        DeviceClosed = "DEVICE_CLOSED",
        NetworkLost = "NETWORK_LOST",
        PageAsleep = "PAGE_ASLEEP",
        HubRestart = "HUB_RESTART",
        Revoked = "REVOKED",
        Unknown = "UNKNOWN",
    }
}

/// Why something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    /// What happened.
    pub event: EventName,
    /// How, where that is known.
    pub sub_event: Option<SubEventName>,
}

impl Cause {
    /// This happened; nothing more is known.
    #[must_use]
    pub fn of(event: EventName) -> Self {
        Self { event, sub_event: None }
    }

    /// This happened, in this way.
    #[must_use]
    pub fn how(event: EventName, sub_event: SubEventName) -> Self {
        Self { event, sub_event: Some(sub_event) }
    }
}

/// Who changed something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The hub itself.
    System,
    /// The agent.
    Agent(AgentId),
    /// A supervisor, by subject.
    Supervisor(String),
    /// A work system, by subject.
    Integration(String),
    /// An administrator, by subject.
    Admin(String),
}

impl Actor {
    /// The name of its kind on the wire, and its id or subject; the hub itself has none.
    #[must_use]
    pub fn kind_and_id(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::System => ("SYSTEM", None),
            Self::Agent(agent) => ("AGENT", Some(agent.as_str())),
            Self::Supervisor(subject) => ("SUPERVISOR", Some(subject)),
            Self::Integration(subject) => ("INTEGRATION", Some(subject)),
            Self::Admin(subject) => ("ADMIN", Some(subject)),
        }
    }

    /// The one of that kind, with that id or subject.
    #[must_use]
    pub fn of_kind_and_id(kind: &str, id: Option<String>) -> Option<Self> {
        match (kind, id) {
            ("SYSTEM", None) => Some(Self::System),
            ("AGENT", Some(id)) => AgentId::new(id).ok().map(Self::Agent),
            ("SUPERVISOR", Some(subject)) => Some(Self::Supervisor(subject)),
            ("INTEGRATION", Some(subject)) => Some(Self::Integration(subject)),
            ("ADMIN", Some(subject)) => Some(Self::Admin(subject)),
            (_, _) => None,
        }
    }
}
