//! What may happen, in steps that mean something whatever happened before: so a plan that breaks a
//! promise can be made shorter by leaving steps out.

use presence_hub::engine::faulty::Mood;

/// How many of each there are.
pub const AGENTS: u8 = 4;
pub const PRESENCES: u8 = 2;
pub const PROFILES: u8 = 2;
pub const WORKSTREAMS: u8 = 2;
pub const SYSTEMS: u8 = 2;
pub const BOARDS: u8 = 4;
pub const ITEMS: u8 = 5;
/// Tasks without which a hub must not live on.
pub const VITAL: [&str; 5] = ["the applier", "the feed", "the sweep", "the keeper of deadlines", "the keeper of ends"];

/// Something that happens. Numbers name agents, presences and so on.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Time passes; everyone who can listen does.
    Passes {
        millis: u32,
    },
    /// The hub's process is stopped for so long; what is said meanwhile waits in its sockets.
    StandsStill {
        seconds: u16,
    },
    /// The wall clock of the machine is put forward or back.
    WallClockSteps {
        seconds: i32,
    },
    /// The process is killed and started again.
    Killed,
    /// The process is told to stop, and started again.
    Stopped,
    /// A task that the hub cannot live without panics, of [`VITAL`] the one of this number.
    Panics(u8),
    /// The engine's mood changes.
    Engine(Mood),
    /// Everything calms down, and every promise is checked.
    Calms,
    /// A tab of the agent opens.
    Opens(u8),
    /// A tab opens because the agent asks to be signed in, whoever signed it out.
    OpensByHand(u8),
    /// A tab opens with the first token that the agent ever had.
    OpensWithFirstToken(u8),
    /// An administrator revokes the token that the agent has; from now on it has another.
    Revokes(u8),
    /// The agent's oldest tab ends.
    Ends(u8, End),
    Chooses {
        agent: u8,
        presence: Chosen,
        lasts: Option<u16>,
        next: Option<Chosen>,
    },
    Resets(u8),
    SignsOut(u8),
    /// A supervisor does it for the agent.
    Sets {
        agent: u8,
        presence: Chosen,
    },
    SignedOut(u8),
    Watches(u8),
    Leaves(u8),
    /// The board does not read until it rests no more.
    Rests(u8),
    Wakes(u8),
    SystemComes(u8),
    SystemGoes(u8),
    Work {
        system: u8,
        agent: u8,
        item: u8,
        what: Work,
        over: Over,
    },
    /// The newest event of the system is sent again, perhaps in another way.
    Again {
        system: u8,
        over: Over,
    },
    Reconciles {
        agent: u8,
        items: Vec<(u8, bool)>,
    },
    Puts {
        agent: u8,
        with: Template,
    },
    Posts {
        agent: u8,
    },
    Patches {
        agent: u8,
        field: Field,
    },
    /// A bulk of merge patches, each of one agent.
    PatchesMany(Vec<(u8, Field)>),
    /// One merge patch for all agents that a filter names.
    PatchesAll {
        whose: Whose,
        field: Field,
    },
    Deletes(u8),
    PutsPresence {
        presence: u8,
        base: u8,
        enabled: bool,
    },
    DropsPresence(u8),
    PutsProfile {
        profile: u8,
        most: u8,
        blocks: bool,
    },
    DropsProfile(u8),
    PutsWorkstream {
        workstream: u8,
        profile: Option<u8>,
        moves: bool,
    },
    DropsWorkstream(u8),
    PatchesSettings(Setting),
}

/// How a tab ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Closed,
    BrokenOff,
    /// It says nothing more; the hub has to find out.
    Silent,
    /// It announces its reload and closes.
    Reloads,
}

/// A presence that a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    Available,
    Busy,
    DoNotDisturb,
    Away,
    Offline,
    Custom(u8),
}

/// What happens to a work item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Offered { seconds: Option<u8>, workstream: Option<u8>, if_eligible: bool },
    Assigned { workstream: Option<u8>, if_eligible: bool },
    Missed,
    Rejected,
    Withdrawn,
    WrapsUp { seconds: Option<u8> },
    Closed,
}

/// How an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Socket,
    /// Over HTTP, structured: the whole event is the body.
    Http,
    /// Over HTTP, in binary mode: the body is its data, and the rest stands in headers.
    Binary,
}

/// An agent's record as it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    pub units: Option<u8>,
    pub profile: Option<u8>,
    pub default: Option<Chosen>,
    pub team: u8,
}

/// A field of an agent's record, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A name that no other write gives.
    Name,
    Units(Option<u8>),
    Skill(u8),
    Team(u8),
    Profile(Option<u8>),
    Default(Option<Chosen>),
    Enabled(bool),
}

/// A setting, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    MaxOpenWorkItems(u8),
    RefreshGrace(u8),
    RestoreAfterSignOut(bool),
}

/// The agents that a filter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Everyone,
    Team(u8),
    Skill(u8),
}
