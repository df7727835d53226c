//! The vocabulary, word by word: from the domain to the contract, and back where clients use it.
//!
//! Both name the same things. That they are two sets of names is the freedom to rename on one side.

use super::shapes;
use crate::domain::audit::{Deed, Outcome};
use crate::domain::capacity::Utilization;
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::presence::BaseStatus;
use crate::domain::record::ResetDuration;
use crate::domain::role::Role;
use crate::domain::rules::eligibility::Reason;
use crate::domain::standing::{Hold, Origin};

/// A function that takes each word of one set to that of the other; `=>` where their names differ. A
/// word that is missing here does not compile.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $from:ty => $to:ty { $($variant:ident $(=> $other:ident)?,)* }) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(word: $from) -> $to {
            type From = $from;
            type To = $to;
            match word { $(From::$variant => words!(@ To $variant $($other)?),)* }
        }
    };
    (@ $to:ident $same:ident) => { $to::$same };
    (@ $to:ident $name:ident $other:ident) => { $to::$other };
}

words! {
    /// A base status.
    base: BaseStatus => shapes::BasePresenceStatus { Available, Busy, BusyDoNotDisturb, Away, Offline, }
}

words! {
    /// A base status that a client named.
    base_of: shapes::BasePresenceStatus => BaseStatus { Available, Busy, BusyDoNotDisturb, Away, Offline, }
}

words! {
    /// Who set a presence.
    origin: Origin => shapes::Origin { Automatic, Agent, Supervisor, Default, }
}

words! {
    /// Why new work is kept from the agent.
    hold: Hold => shapes::Hold { Missed, Rejected, WorkItemLimit, }
}

words! {
    /// How much of a capacity is used.
    utilization: Utilization => shapes::Utilization { Unused, Partial, Full, }
}

words! {
    /// When a capacity profile is given back.
    reset: ResetDuration => shapes::ResetDuration { Immediate, Daily, }
}

words! {
    /// When a capacity profile is given back, as a client named it.
    reset_of: shapes::ResetDuration => ResetDuration { Immediate, Daily, }
}

words! {
    /// A role that a client named.
    role_of: shapes::Role => Role { Agent, Supervisor, Observer, Analyst, Integration, Auditor, Admin, }
}

words! {
    /// A role.
    role: Role => shapes::Role { Agent, Supervisor, Observer, Analyst, Integration, Auditor, Admin, }
}

words! {
    /// Why an agent may not get work.
    ineligible: Reason => shapes::IneligibleReason {
        PresenceNotAllowed,
        Capacity,
        ProfileMissing,
        BlockedByProfile,
        Hold,
        NotConnected,
        Disabled,
        WorkItemLimit,
    }
}

words! {
    /// How work comes to an agent, as a work system named it.
    assigned_how: shapes::AssignmentWay => SubEventName {
        AssignmentAccept,
        Pick,
        AutoAssign,
        AssignedBySupervisor,
        Transfer,
        RepresentativeInitiatedOutboundCall => OutboundCall,
    }
}

words! {
    /// What happened.
    event: EventName => shapes::EventName {
        ConfigurationUpdate,
        NewUser,
        Login,
        Reconnect,
        Logout,
        SetPresence,
        MissedNotification,
        RejectedNotification,
        Other,
        ResetPresence => ResetMissedRejectedNotificationPresence,
        AssignmentAttempted => AssignmentAttemptedWithCapacityReservation,
        SessionAssigned,
        SessionClosed,
        EndOfDayCapacityReset,
        Disconnected,
        RestoreLapsed,
        Expired,
        WorkItemLimit,
        PresenceRetired,
        Reconciled,
        WrapUpEnded,
        ConnectionAdded,
        ConnectionEnded,
    }
}

words! {
    /// How it happened.
    sub_event: SubEventName => shapes::SubEventName {
        AssignmentAccept,
        Pick,
        AssignedBySupervisor,
        Transfer,
        OutboundCall => RepresentativeInitiatedOutboundCall,
        AgentEndConversation,
        AgentReject,
        AgentTimeout,
        ConversationTimeout,
        AgentClosed,
        ConversationClosed,
        AgentTransfered,
        AgentDisconnected,
        AgentReRouted,
        VirtualAgentClosed,
        AgentTransferToQueue,
        SupervisorAssignToQueue,
        SupervisorTransferToAgent,
        SystemReject,
        ForceClose,
        OverflowQueueTransfer,
        OverflowEndConversation,
        AddAgentFailed,
        AutoClose,
        CustomerDisconnect,
        CustomerEndConversation,
        QueueTransfer,
        InQueueOverflowTransfer,
        InQueueOverflowEnd,
        AutoAssign,
        ConsultJoined,
        ConsultLeft,
        MonitorJoined,
        MonitorLeft,
        TabClosed,
        SignedOut,
        DeviceClosed,
        NetworkLost,
        PageAsleep,
        HubRestart,
        Revoked,
        Unknown,
    }
}

words! {
    /// How it happened, as a work system named it.
    sub_event_of: shapes::SubEventName => SubEventName {
        AssignmentAccept,
        Pick,
        AssignedBySupervisor,
        Transfer,
        RepresentativeInitiatedOutboundCall => OutboundCall,
        AgentEndConversation,
        AgentReject,
        AgentTimeout,
        ConversationTimeout,
        AgentClosed,
        ConversationClosed,
        AgentTransfered,
        AgentDisconnected,
        AgentReRouted,
        VirtualAgentClosed,
        AgentTransferToQueue,
        SupervisorAssignToQueue,
        SupervisorTransferToAgent,
        SystemReject,
        ForceClose,
        OverflowQueueTransfer,
        OverflowEndConversation,
        AddAgentFailed,
        AutoClose,
        CustomerDisconnect,
        CustomerEndConversation,
        QueueTransfer,
        InQueueOverflowTransfer,
        InQueueOverflowEnd,
        AutoAssign,
        ConsultJoined,
        ConsultLeft,
        MonitorJoined,
        MonitorLeft,
        TabClosed,
        SignedOut,
        DeviceClosed,
        NetworkLost,
        PageAsleep,
        HubRestart,
        Revoked,
        Unknown,
    }
}

words! {
    /// What somebody did.
    deed: Deed => shapes::AuditAction {
        SignIn,
        SignOut,
        SetPresence,
        ResetPresence,
        SignOutAgent,
        Create,
        Change,
        Delete,
        Plan,
        Erase,
        Revoke,
        Export,
        Refusal,
        Restore,
    }
}

words! {
    /// What somebody did, as a client named it.
    deed_of: shapes::AuditAction => Deed {
        SignIn,
        SignOut,
        SetPresence,
        ResetPresence,
        SignOutAgent,
        Create,
        Change,
        Delete,
        Plan,
        Erase,
        Revoke,
        Export,
        Refusal,
        Restore,
    }
}

words! {
    /// What became of it.
    outcome: Outcome => shapes::AuditOutcome { Done, Started, BrokenOff, Refused, }
}
