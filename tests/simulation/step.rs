//! What may happen, in steps that mean something whatever happened before: so a plan that breaks a
//! promise can be made shorter by leaving steps out.

use presence_hub::engine::faulty::Mood;
use proptest::prelude::*;
use proptest::strategy::Union;

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
const VITAL_TASKS: u8 = 5;

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
    /// The newest event of the system is sent again.
    Again(u8),
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
    Http,
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

/// A plan of about so many steps.
pub fn plan(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), steps / 2..steps)
}

fn step() -> impl Strategy<Value = Step> {
    let weighted: Vec<(u32, BoxedStrategy<Step>)> = vec![
        (24, passes().boxed()),
        (2, (2..400_u16).prop_map(|seconds| Step::StandsStill { seconds }).boxed()),
        (1, wall().boxed()),
        (2, Just(Step::Killed).boxed()),
        (1, Just(Step::Stopped).boxed()),
        (1, (0..VITAL_TASKS).prop_map(Step::Panics).boxed()),
        (4, mood().prop_map(Step::Engine).boxed()),
        (1, Just(Step::Calms).boxed()),
        (14, agent().prop_map(Step::Opens).boxed()),
        (8, (agent(), end()).prop_map(|(agent, end)| Step::Ends(agent, end)).boxed()),
        (8, chooses().boxed()),
        (3, agent().prop_map(Step::Resets).boxed()),
        (2, agent().prop_map(Step::SignsOut).boxed()),
        (3, (agent(), chosen()).prop_map(|(agent, presence)| Step::Sets { agent, presence }).boxed()),
        (1, agent().prop_map(Step::SignedOut).boxed()),
        (6, (0..BOARDS).prop_map(Step::Watches).boxed()),
        (2, (0..BOARDS).prop_map(Step::Leaves).boxed()),
        (2, (0..BOARDS).prop_map(Step::Rests).boxed()),
        (3, (0..BOARDS).prop_map(Step::Wakes).boxed()),
        (3, (0..SYSTEMS).prop_map(Step::SystemComes).boxed()),
        (1, (0..SYSTEMS).prop_map(Step::SystemGoes).boxed()),
        (30, event().boxed()),
        (3, (0..SYSTEMS).prop_map(Step::Again).boxed()),
        (2, reconciles().boxed()),
        (3, (agent(), template()).prop_map(|(agent, with)| Step::Puts { agent, with }).boxed()),
        (2, agent().prop_map(|agent| Step::Posts { agent }).boxed()),
        (6, (agent(), field()).prop_map(|(agent, field)| Step::Patches { agent, field }).boxed()),
        (1, agent().prop_map(Step::Deletes).boxed()),
        (4, puts_presence().boxed()),
        (2, (0..PRESENCES).prop_map(Step::DropsPresence).boxed()),
        (4, puts_profile().boxed()),
        (2, (0..PROFILES).prop_map(Step::DropsProfile).boxed()),
        (3, puts_workstream().boxed()),
        (1, (0..WORKSTREAMS).prop_map(Step::DropsWorkstream).boxed()),
        (2, setting().prop_map(Step::PatchesSettings).boxed()),
    ];
    Union::new_weighted(weighted)
}

fn agent() -> impl Strategy<Value = u8> {
    0..AGENTS
}

fn passes() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => 0..2_u32,
        6 => 2..60_u32,
        4 => 100..3_000_u32,
        2 => 4_000..12_000_u32,
        1 => 30_000..200_000_u32,
    ]
    .prop_map(|millis| Step::Passes { millis })
}

fn wall() -> impl Strategy<Value = Step> {
    prop_oneof![-7_200..-1_i32, 1..40_000_i32].prop_map(|seconds| Step::WallClockSteps { seconds })
}

fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![
        5 => Just(Mood::Calm),
        3 => Just(Mood::Stalled),
        1 => Just(Mood::Failing),
        1 => Just(Mood::UnknownButKept),
        1 => Just(Mood::UnknownAndLost),
    ]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![Just(End::Closed), Just(End::BrokenOff), Just(End::Silent), Just(End::Reloads)]
}

fn chosen() -> impl Strategy<Value = Chosen> {
    prop_oneof![
        1 => Just(Chosen::Available),
        1 => Just(Chosen::Busy),
        1 => Just(Chosen::DoNotDisturb),
        1 => Just(Chosen::Away),
        1 => Just(Chosen::Offline),
        4 => (0..PRESENCES).prop_map(Chosen::Custom),
    ]
}

fn chooses() -> impl Strategy<Value = Step> {
    let lasts = prop_oneof![3 => Just(None), 1 => (1..20_u16).prop_map(Some)];
    (agent(), chosen(), lasts, proptest::option::of(chosen())).prop_map(|(agent, presence, lasts, next)| {
        Step::Chooses { agent, presence, lasts, next: next.filter(|_| lasts.is_some()) }
    })
}

fn workstream() -> impl Strategy<Value = Option<u8>> {
    proptest::option::of(0..WORKSTREAMS)
}

fn event() -> impl Strategy<Value = Step> {
    let seconds = || proptest::option::of(1..30_u8);
    let what = prop_oneof![
        4 => (seconds(), workstream(), proptest::bool::weighted(0.2)).prop_map(|(seconds, workstream, if_eligible)| {
            Work::Offered { seconds, workstream, if_eligible }
        }),
        4 => (workstream(), proptest::bool::weighted(0.2))
            .prop_map(|(workstream, if_eligible)| Work::Assigned { workstream, if_eligible }),
        1 => Just(Work::Missed),
        1 => Just(Work::Rejected),
        1 => Just(Work::Withdrawn),
        2 => seconds().prop_map(|seconds| Work::WrapsUp { seconds }),
        3 => Just(Work::Closed),
    ];
    let over = prop_oneof![3 => Just(Over::Socket), 1 => Just(Over::Http)];
    (0..SYSTEMS, agent(), 0..ITEMS, what, over).prop_map(|(system, agent, item, what, over)| Step::Work {
        system,
        agent,
        item,
        what,
        over,
    })
}

fn reconciles() -> impl Strategy<Value = Step> {
    let items = proptest::collection::vec((0..ITEMS, any::<bool>()), 0..4);
    (agent(), items).prop_map(|(agent, items)| Step::Reconciles { agent, items })
}

fn template() -> impl Strategy<Value = Template> {
    let units = proptest::option::of(0..4_u8);
    (units, proptest::option::of(0..PROFILES), proptest::option::of(chosen()), 0..2_u8)
        .prop_map(|(units, profile, default, team)| Template { units, profile, default, team })
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![
        3 => Just(Field::Name),
        2 => proptest::option::of(0..4_u8).prop_map(Field::Units),
        2 => (0..5_u8).prop_map(Field::Skill),
        1 => (0..2_u8).prop_map(Field::Team),
        2 => proptest::option::of(0..PROFILES).prop_map(Field::Profile),
        2 => proptest::option::of(chosen()).prop_map(Field::Default),
        1 => any::<bool>().prop_map(Field::Enabled),
    ]
}

fn puts_presence() -> impl Strategy<Value = Step> {
    (0..PRESENCES, 0..5_u8, proptest::bool::weighted(0.8)).prop_map(|(presence, base, enabled)| Step::PutsPresence {
        presence,
        base,
        enabled,
    })
}

fn puts_profile() -> impl Strategy<Value = Step> {
    (0..PROFILES, 0..3_u8, any::<bool>()).prop_map(|(profile, most, blocks)| Step::PutsProfile {
        profile,
        most,
        blocks,
    })
}

fn puts_workstream() -> impl Strategy<Value = Step> {
    (0..WORKSTREAMS, proptest::option::of(0..PROFILES), any::<bool>())
        .prop_map(|(workstream, profile, moves)| Step::PutsWorkstream { workstream, profile, moves })
}

fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        (1..12_u8).prop_map(Setting::MaxOpenWorkItems),
        (0..10_u8).prop_map(Setting::RefreshGrace),
        any::<bool>().prop_map(Setting::RestoreAfterSignOut),
    ]
}
