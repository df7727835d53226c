//! What may happen to several nodes and those who use them, in steps that mean something whatever happened before.

use presence_hub::engine::shared::{Cut, Link};
use proptest::prelude::*;
use proptest::strategy::Union;

use crate::plan::{end, setting};
use crate::step::{Chosen, End, Field, Setting, Work};

/// How many of each there are.
pub const NODES: u8 = 3;
pub const AGENTS: u8 = 4;
pub const PRESENCES: u8 = 1;
pub const PROFILES: u8 = 2;
pub const WORKSTREAMS: u8 = 2;
pub const ITEMS: u8 = 4;
pub const ACTIVITIES: u8 = 2;
/// How far wall clocks are put from that of the world, in milliseconds.
const CLOCKS_APART: i32 = 200;

/// Something that happens. Numbers name agents, nodes and so on.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Passes {
        millis: u32,
    },
    /// Everything is mended, calms down, and every promise is checked.
    Calms,
    /// The node's process is killed, and started again after so long.
    Kills {
        node: u8,
        away: u32,
    },
    /// It is told to stop, and started again.
    Stops(u8),
    /// Its process stands still for so long.
    StandsStill {
        node: u8,
        millis: u32,
    },
    /// Its ways are cut, or are not any more.
    Cuts(u8, Cut),
    /// Its ways take so long, and lose so much.
    Link(u8, Ways),
    /// Its machine's wall clock is put so many milliseconds off that of the world.
    Clock(u8, i32),
    /// What was kept longer than so many seconds leaves the log.
    Purges(u8),
    /// A tab of the agent opens at the node.
    Opens(u8, u8),
    OpensByHand(u8, u8),
    /// An administrator at the node revokes the token that the agent has; from now on it has another.
    Revokes {
        node: u8,
        agent: u8,
    },
    /// An administrator at the node makes the webhook, unless there is one.
    Webhook(u8),
    /// A person who was an agent is erased at the node.
    Erases {
        node: u8,
        agent: u8,
    },
    /// An activity of this number is there, or is there no more.
    PutsActivity {
        node: u8,
        activity: u8,
    },
    DropsActivity {
        node: u8,
        activity: u8,
    },
    /// The agent is planned to do this for an hour.
    Plans {
        node: u8,
        agent: u8,
        activity: u8,
        hour: u8,
    },
    /// The agent's oldest tab ends.
    Ends(u8, End),
    Chooses {
        agent: u8,
        presence: Chosen,
        lasts: Option<u16>,
    },
    SignsOut(u8),
    /// A supervisor at the node does it for the agent.
    Sets {
        node: u8,
        agent: u8,
        presence: Chosen,
    },
    SignedOut {
        node: u8,
        agent: u8,
    },
    Work {
        node: u8,
        agent: u8,
        item: u8,
        what: Work,
    },
    /// The newest event is sent again, to this node.
    Again(u8),
    Puts {
        node: u8,
        agent: u8,
        profile: Option<u8>,
    },
    Patches {
        node: u8,
        agent: u8,
        field: Field,
    },
    Deletes {
        node: u8,
        agent: u8,
    },
    PutsPresence {
        node: u8,
        presence: u8,
        base: u8,
        enabled: bool,
    },
    DropsPresence {
        node: u8,
        presence: u8,
    },
    /// A profile of this number; the first is given back at the end of the day.
    PutsProfile {
        node: u8,
        profile: u8,
        most: u8,
    },
    PutsWorkstream {
        node: u8,
        workstream: u8,
        profile: Option<u8>,
    },
    DropsWorkstream {
        node: u8,
        workstream: u8,
    },
    PatchesSettings {
        node: u8,
        setting: Setting,
    },
}

/// How the ways of a node are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    Fast,
    /// Some answers are lost.
    Forgetful,
    Slow,
    /// What it hears comes late, though not too late for it to be current.
    HearsLate,
    /// What it sends comes so late that it may not be current.
    SendsLate,
    /// The log often says that something is to be sent again.
    Undecided,
    /// What it sends is lost, and some answers.
    Loses,
}

impl Ways {
    pub fn link(self) -> Link {
        match self {
            Self::Fast => Link::default(),
            Self::Forgetful => Link { answers_lost: 50, ..Link::default() },
            Self::Slow => {
                Link { sends: 20..=200, answers: 20..=200, hears: 20..=200, answers_lost: 5, ..Link::default() }
            }
            Self::HearsLate => Link { hears: 100..=1_500, ..Link::default() },
            Self::Undecided => Link { undecided: 60, ..Link::default() },
            Self::Loses => Link { lost: 15, answers_lost: 30, ..Link::default() },
            Self::SendsLate => Link { sends: 100..=2_600, answers: 1..=400, ..Link::default() },
        }
    }
}

/// A plan of about so many steps.
pub fn plan(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), steps / 2..steps)
}

fn step() -> impl Strategy<Value = Step> {
    let (node, agent) = (|| 0..NODES, || 0..AGENTS);
    let at = move || (node(), agent());
    let weighted: Vec<(u32, BoxedStrategy<Step>)> = vec![
        (26, passes().boxed()),
        (1, Just(Step::Calms).boxed()),
        (3, (node(), away()).prop_map(|(node, away)| Step::Kills { node, away }).boxed()),
        (2, node().prop_map(Step::Stops).boxed()),
        (2, (node(), 500..9_000_u32).prop_map(|(node, millis)| Step::StandsStill { node, millis }).boxed()),
        (5, (node(), cut()).prop_map(|(node, cut)| Step::Cuts(node, cut)).boxed()),
        (5, (node(), ways()).prop_map(|(node, ways)| Step::Link(node, ways)).boxed()),
        (2, (node(), clock()).prop_map(|(node, millis)| Step::Clock(node, millis)).boxed()),
        (1, (20..90_u8).prop_map(Step::Purges).boxed()),
        (2, at().prop_map(|(node, agent)| Step::Revokes { node, agent }).boxed()),
        (2, node().prop_map(Step::Webhook).boxed()),
        (2, at().prop_map(|(node, agent)| Step::Erases { node, agent }).boxed()),
        (2, (node(), 0..ACTIVITIES).prop_map(|(node, activity)| Step::PutsActivity { node, activity }).boxed()),
        (1, (node(), 0..ACTIVITIES).prop_map(|(node, activity)| Step::DropsActivity { node, activity }).boxed()),
        (3, plans().boxed()),
        (16, (agent(), node()).prop_map(|(agent, node)| Step::Opens(agent, node)).boxed()),
        (4, (agent(), node()).prop_map(|(agent, node)| Step::OpensByHand(agent, node)).boxed()),
        (6, (agent(), end()).prop_map(|(agent, end)| Step::Ends(agent, end)).boxed()),
        (8, chooses().boxed()),
        (2, agent().prop_map(Step::SignsOut).boxed()),
        (4, (at(), chosen()).prop_map(|((node, agent), presence)| Step::Sets { node, agent, presence }).boxed()),
        (1, at().prop_map(|(node, agent)| Step::SignedOut { node, agent }).boxed()),
        (30, event().boxed()),
        (7, node().prop_map(Step::Again).boxed()),
        (5, puts().boxed()),
        (5, (at(), field()).prop_map(|((node, agent), field)| Step::Patches { node, agent, field }).boxed()),
        (1, at().prop_map(|(node, agent)| Step::Deletes { node, agent }).boxed()),
        (3, puts_presence().boxed()),
        (2, (node(), 0..PRESENCES).prop_map(|(node, presence)| Step::DropsPresence { node, presence }).boxed()),
        (4, puts_profile().boxed()),
        (5, puts_workstream().boxed()),
        (1, (node(), 0..WORKSTREAMS).prop_map(|(node, workstream)| Step::DropsWorkstream { node, workstream }).boxed()),
        (4, (node(), setting()).prop_map(|(node, setting)| Step::PatchesSettings { node, setting }).boxed()),
    ];
    Union::new_weighted(weighted)
}

/// Within what the rules allow: two may be half a second apart.
fn clock() -> impl Strategy<Value = i32> {
    -CLOCKS_APART..=CLOCKS_APART
}

fn plans() -> impl Strategy<Value = Step> {
    (0..NODES, 0..AGENTS, 0..ACTIVITIES, 0..3_u8).prop_map(|(node, agent, activity, hour)| Step::Plans {
        node,
        agent,
        activity,
        hour,
    })
}

fn passes() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => 0..2_u32,
        6 => 2..60_u32,
        5 => 100..3_000_u32,
        2 => 4_000..12_000_u32,
    ]
    .prop_map(|millis| Step::Passes { millis })
}

fn away() -> impl Strategy<Value = u32> {
    prop_oneof![1 => 500..3_000_u32, 1 => 3_000..25_000_u32]
}

fn cut() -> impl Strategy<Value = Cut> {
    prop_oneof![3 => Just(Cut::Nowhere), 1 => Just(Cut::Sends), 1 => Just(Cut::Hears), 2 => Just(Cut::Both)]
}

fn ways() -> impl Strategy<Value = Ways> {
    prop_oneof![
        3 => Just(Ways::Fast),
        1 => Just(Ways::Forgetful),
        1 => Just(Ways::Slow),
        1 => Just(Ways::HearsLate),
        1 => Just(Ways::SendsLate),
        1 => Just(Ways::Undecided),
        1 => Just(Ways::Loses),
    ]
}

fn chosen() -> impl Strategy<Value = Chosen> {
    prop_oneof![
        1 => Just(Chosen::Available),
        1 => Just(Chosen::Busy),
        1 => Just(Chosen::DoNotDisturb),
        1 => Just(Chosen::Offline),
        2 => (0..PRESENCES).prop_map(Chosen::Custom),
    ]
}

fn chooses() -> impl Strategy<Value = Step> {
    let lasts = prop_oneof![2 => Just(None), 1 => (1..20_u16).prop_map(Some)];
    (0..AGENTS, chosen(), lasts).prop_map(|(agent, presence, lasts)| Step::Chooses { agent, presence, lasts })
}

fn workstream() -> impl Strategy<Value = Option<u8>> {
    proptest::option::weighted(0.8, 0..WORKSTREAMS)
}

fn event() -> impl Strategy<Value = Step> {
    let seconds = || proptest::option::of(1..20_u8);
    let what = prop_oneof![
        5 => (seconds(), workstream())
            .prop_map(|(seconds, workstream)| Work::Offered { seconds, workstream, if_eligible: false }),
        5 => workstream().prop_map(|workstream| Work::Assigned { workstream, if_eligible: false }),
        1 => Just(Work::Missed),
        1 => Just(Work::Rejected),
        2 => seconds().prop_map(|seconds| Work::WrapsUp { seconds }),
        4 => Just(Work::Closed),
    ];
    (0..NODES, 0..AGENTS, 0..ITEMS, what).prop_map(|(node, agent, item, what)| Step::Work { node, agent, item, what })
}

fn profile() -> impl Strategy<Value = Option<u8>> {
    proptest::option::weighted(0.8, 0..PROFILES)
}

fn puts() -> impl Strategy<Value = Step> {
    (0..NODES, 0..AGENTS, profile()).prop_map(|(node, agent, profile)| Step::Puts { node, agent, profile })
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![2 => Just(Field::Name), 2 => proptest::option::of(0..4_u8).prop_map(Field::Units)]
}

fn puts_presence() -> impl Strategy<Value = Step> {
    (0..NODES, 0..PRESENCES, 0..5_u8, proptest::bool::weighted(0.8))
        .prop_map(|(node, presence, base, enabled)| Step::PutsPresence { node, presence, base, enabled })
}

fn puts_profile() -> impl Strategy<Value = Step> {
    (0..NODES, 0..PROFILES, 1..4_u8).prop_map(|(node, profile, most)| Step::PutsProfile { node, profile, most })
}

fn puts_workstream() -> impl Strategy<Value = Step> {
    (0..NODES, 0..WORKSTREAMS, profile()).prop_map(|(node, workstream, profile)| Step::PutsWorkstream {
        node,
        workstream,
        profile,
    })
}
