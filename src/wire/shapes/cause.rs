//! Why something changed, how, and who changed it, in the vocabulary of the product.

use serde::{Deserialize, Serialize};

/// What happened: the cause of a change. The first fourteen are those of `msdyn_eventname`; the
/// others are the hub's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventName {
    /// The agent's record or its capacity was configured anew.
    ConfigurationUpdate,
    /// The agent got its record.
    NewUser,
    /// The agent signed in.
    Login,
    /// The agent came back within the restore window, and has again what it had.
    Reconnect,
    /// The agent signed out, or was signed out.
    Logout,
    /// A person chose a presence.
    SetPresence,
    /// A notification rang in vain.
    MissedNotification,
    /// A notification was rejected.
    RejectedNotification,
    /// Something that has no name of its own, such as consulting.
    Other,
    /// A hold was cleared.
    ResetMissedRejectedNotificationPresence,
    /// A work item was offered, and its capacity reserved.
    AssignmentAttemptedWithCapacityReservation,
    /// A work item was assigned.
    SessionAssigned,
    /// A work item ended, or went elsewhere.
    SessionClosed,
    /// What was taken of daily capacity profiles was given back.
    EndOfDayCapacityReset,
    /// The agent's last live session ended.
    Disconnected,
    /// The agent did not come back within the restore window.
    RestoreLapsed,
    /// The time for which a presence was chosen is over.
    Expired,
    /// The limit of open work items was reached, and more work came in.
    WorkItemLimit,
    /// The presence was retired, and the one that ships with the same base status followed.
    PresenceRetired,
    /// The work system told the whole truth about the agent's work items.
    Reconciled,
    /// The time of a wrap-up is over.
    WrapUpEnded,
    /// One more browser of an agent that was there already: no sign-in.
    ConnectionAdded,
    /// One of the agent's browsers went, and another stays: no disconnection of the agent.
    ConnectionEnded,
}

/// How it happened. The names up to `IN_QUEUE_OVERFLOW_END` are those of `msdyn_subeventname`, which
/// work systems report; the others are the hub's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubEventName {
    /// The agent accepted the notification.
    AssignmentAccept,
    /// The agent picked the work item from a list.
    Pick,
    /// A supervisor assigned it.
    AssignedBySupervisor,
    /// It was transferred to the agent.
    Transfer,
    /// The agent made an outbound call.
    RepresentativeInitiatedOutboundCall,
    /// The agent ended the conversation.
    AgentEndConversation,
    /// The agent rejected the notification.
    AgentReject,
    /// The agent did not answer the notification in time.
    AgentTimeout,
    /// The conversation timed out.
    ConversationTimeout,
    /// The agent closed the work item.
    AgentClosed,
    /// The conversation was closed.
    ConversationClosed,
    /// The agent transferred it. The spelling is that of the product.
    AgentTransfered,
    /// The agent was disconnected from the conversation.
    AgentDisconnected,
    /// It was routed to another agent.
    AgentReRouted,
    /// A virtual agent closed it.
    VirtualAgentClosed,
    /// The agent transferred it to a queue.
    AgentTransferToQueue,
    /// A supervisor moved it to a queue.
    SupervisorAssignToQueue,
    /// A supervisor transferred it to another agent.
    SupervisorTransferToAgent,
    /// The work system took the notification back: no rejection by the agent.
    SystemReject,
    /// It was closed by force.
    ForceClose,
    /// The overflow rule of a queue moved it to another queue.
    OverflowQueueTransfer,
    /// The overflow rule of a queue ended it.
    OverflowEndConversation,
    /// The agent could not be added to the conversation.
    AddAgentFailed,
    /// It was closed automatically.
    AutoClose,
    /// The customer's connection was lost.
    CustomerDisconnect,
    /// The customer ended the conversation.
    CustomerEndConversation,
    /// It was transferred to another queue.
    QueueTransfer,
    /// It overflowed to another queue while it waited.
    InQueueOverflowTransfer,
    /// It was ended by overflow while it waited.
    InQueueOverflowEnd,
    /// It was assigned without a notification.
    AutoAssign,
    /// The agent joined a conversation to consult.
    ConsultJoined,
    /// The agent left a conversation in which it consulted.
    ConsultLeft,
    /// The agent began to monitor a conversation.
    MonitorJoined,
    /// The agent stopped monitoring a conversation.
    MonitorLeft,
    /// The last page was closed or left.
    TabClosed,
    /// The agent signed out.
    SignedOut,
    /// The device was closed or shut down.
    DeviceClosed,
    /// The network was lost: no sign of life came in time.
    NetworkLost,
    /// The browser put the page to sleep.
    PageAsleep,
    /// The hub itself restarted, and the agent did not come back in time.
    HubRestart,
    /// The credentials were revoked, or the agent's record was disabled or deleted.
    Revoked,
    /// Nobody can tell; said rather than a guess.
    Unknown,
}

/// Who changed something: the kind of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorType {
    /// The agent itself.
    Agent,
    /// A supervisor.
    Supervisor,
    /// The hub, by its rules.
    System,
    /// A work system.
    Integration,
    /// An administrator.
    Admin,
}

/// Who changed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ModifiedBy {
    /// The kind of actor.
    #[serde(rename = "type")]
    pub kind: ActorType,
    /// The agent's id, or the caller's subject. Left out for the hub itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}
