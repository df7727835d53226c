//! Plans, drawn at random: how often each kind of step is taken, and with what.

use presence_hub::engine::faulty::Mood;
use proptest::prelude::*;
use proptest::strategy::Union;

use super::step::{
    AGENTS, BOARDS, Chosen, End, Field, ITEMS, Over, PRESENCES, PROFILES, SYSTEMS, Setting, Step, Template, VITAL,
    WORKSTREAMS, Whose, Work,
};

const VITAL_TASKS: u8 = VITAL.len() as u8;

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
        (4, agent().prop_map(Step::OpensByHand).boxed()),
        (1, agent().prop_map(Step::OpensWithFirstToken).boxed()),
        (2, agent().prop_map(Step::Revokes).boxed()),
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
        (3, (0..SYSTEMS, over()).prop_map(|(system, over)| Step::Again { system, over }).boxed()),
        (2, reconciles().boxed()),
        (3, (agent(), template()).prop_map(|(agent, with)| Step::Puts { agent, with }).boxed()),
        (2, agent().prop_map(|agent| Step::Posts { agent }).boxed()),
        (6, (agent(), field()).prop_map(|(agent, field)| Step::Patches { agent, field }).boxed()),
        (2, patches_many().boxed()),
        (2, (whose(), field()).prop_map(|(whose, field)| Step::PatchesAll { whose, field }).boxed()),
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

pub fn end() -> impl Strategy<Value = End> {
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
    (0..SYSTEMS, agent(), 0..ITEMS, what, over()).prop_map(|(system, agent, item, what, over)| Step::Work {
        system,
        agent,
        item,
        what,
        over,
    })
}

fn over() -> impl Strategy<Value = Over> {
    prop_oneof![6 => Just(Over::Socket), 1 => Just(Over::Http), 1 => Just(Over::Binary)]
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

/// An agent may be named twice.
fn patches_many() -> impl Strategy<Value = Step> {
    proptest::collection::vec((agent(), field()), 1..4).prop_map(Step::PatchesMany)
}

fn whose() -> impl Strategy<Value = Whose> {
    prop_oneof![
        2 => Just(Whose::Everyone),
        1 => (0..2_u8).prop_map(Whose::Team),
        1 => (0..5_u8).prop_map(Whose::Skill),
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

pub fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        (1..12_u8).prop_map(Setting::MaxOpenWorkItems),
        (0..10_u8).prop_map(Setting::RefreshGrace),
        any::<bool>().prop_map(Setting::RestoreAfterSignOut),
    ]
}
