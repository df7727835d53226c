//! The corners of offers, of the limit and of the hub's absence, held against the second
//! [account](super::account) of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;

use super::account::{Account, Has, Stands, There};
use super::desk::{Answer, Desk, item, ms, of, profile, workstream};
use crate::domain::command::{Terms, WorkEvent};
use crate::domain::record::{PresenceEffect, Workstream};
use crate::domain::standing::Hold;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

const ITEMS: [&str; 7] = ["w1", "w2", "w3", "w4", "w5", "w6", "w7"];
pub const LIMIT: usize = 3;

pub type Id = &'static str;

#[derive(Clone, Debug)]
pub enum Step {
    Waits(u64),
    TheHubIsAway(u64),
    TheHubStandsStill(u64),
    SignsIn,
    LosesASession,
    Chooses(&'static str),
    Resets,
    TheDirectoryChanges,
    IsOffered(Id, Option<u64>),
    Accepts(Id, Terms),
    Ends(Id, WorkEvent),
    Closes(Id),
    /// Each item, and whether it rings.
    IsReconciled(BTreeMap<Id, bool>),
}

fn a_step() -> impl Strategy<Value = Step> {
    let id = || select(ITEMS.to_vec());
    let span = || select(vec![1, 999, 1_000, 9_999, 10_000, 10_001, 30_000, 149_999, 150_001]);
    let ends = select(vec![WorkEvent::Missed, WorkEvent::Rejected, WorkEvent::Withdrawn]);
    let choice = select(vec!["available", "busy", "do-not-disturb", "away", "offline"]);
    prop_oneof![
        4 => span().prop_map(Step::Waits),
        2 => span().prop_map(Step::TheHubIsAway),
        2 => span().prop_map(Step::TheHubStandsStill),
        5 => Just(Step::SignsIn),
        2 => Just(Step::LosesASession),
        3 => choice.prop_map(Step::Chooses),
        3 => Just(Step::Resets),
        1 => Just(Step::TheDirectoryChanges),
        8 => (id(), prop::option::of(span())).prop_map(|(id, lasts)| Step::IsOffered(id, lasts)),
        8 => (id(), select(vec![Terms::default(), of("mail")])).prop_map(|(id, terms)| Step::Accepts(id, terms)),
        8 => (id(), ends).prop_map(|(id, end)| Step::Ends(id, end)),
        6 => id().prop_map(Step::Closes),
        2 => prop::collection::btree_map(id(), any::<bool>(), 0..6).prop_map(Step::IsReconciled),
    ]
}

/// The list that a work system sends: what stays is sent as it is, what is new takes one unit.
fn truth(desk: &Desk, items: &BTreeMap<Id, bool>) -> Vec<WorkItem> {
    let one = |(id, rings): (&Id, &bool)| {
        let known = desk.agent.items.iter().find(|known| known.id.as_str() == *id && known.is_offer() == *rings);
        let stage = if *rings { Stage::Offered { deadline: None } } else { Stage::Active };
        known.cloned().unwrap_or_else(|| WorkItem {
            id: item(id),
            stage,
            since: desk.now,
            workstream: None,
            takes: Consumption { units: 1, profiles: Vec::new() },
            presence_effect: PresenceEffect::Moves,
        })
    };
    items.iter().map(one).collect()
}

fn the_desk_takes(desk: &mut Desk, step: &Step) -> Answer {
    match step {
        Step::Waits(span) => desk.after(*span).ticks(),
        Step::TheHubIsAway(down) => desk.the_hub_is_away(*down),
        Step::TheHubStandsStill(lasted) => desk.the_hub_stands_still(*lasted).ticks(),
        Step::SignsIn => desk.signs_in(),
        Step::LosesASession => desk.loses_its_network(),
        Step::Chooses(presence) => desk.chooses(presence),
        Step::Resets => desk.resets(),
        Step::TheDirectoryChanges => desk.the_directory_changes(|directory| {
            let another = profile(&format!("p{}", directory.profiles.len()), 1);
            directory.profiles.insert(another.id.clone(), another);
        }),
        Step::IsOffered(id, lasts) => {
            desk.works(id, WorkEvent::Offered { terms: Terms::default(), timeout: lasts.map(ms) })
        }
        Step::Accepts(id, terms) => desk.accepts_with(id, terms.clone()),
        Step::Ends(id, end) => desk.works(id, end.clone()),
        Step::Closes(id) => desk.closes(id),
        Step::IsReconciled(items) => desk.is_reconciled_to(truth(desk, items)),
    }
}

/// What the desk has, in the words of the account.
fn has(desk: &Desk) -> BTreeMap<&str, Has> {
    let one = |item: &WorkItem| match item.stage {
        Stage::Offered { deadline } => Has::Rings(deadline),
        Stage::Active | Stage::WrapUp { .. } | Stage::WrapUpReleased => {
            Has::Open(item.presence_effect == PresenceEffect::Moves)
        }
    };
    desk.agent.items.iter().map(|item| (item.id.as_str(), one(item))).collect()
}

fn held(stands: Stands) -> Option<Hold> {
    match stands {
        Stands::Held(hold) => Some(hold),
        Stands::Follows | Stands::Chose(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_accounts_agree(clears: bool, steps in prop::collection::vec(a_step(), 1..60)) {
        let mut desk = Desk::of(|_, _| {})
            .with_workstream(Workstream { presence_effect: PresenceEffect::Ignored, ..workstream("mail") })
            .with_policy(|policy| {
                policy.max_open_work_items = LIMIT as u32;
                policy.work_item_limit_auto_clear = clears;
            });
        let mut account = Account {
            now: desk.now,
            there: There::Out,
            stands: Stands::Follows,
            has: BTreeMap::new(),
            over: BTreeSet::new(),
            news: BTreeSet::new(),
            clears,
        };
        for step in &steps {
            let (answer, expected) = (the_desk_takes(&mut desk, step), account.takes(step));
            if let Some(expected) = expected {
                prop_assert_eq!(answer, expected, "{:?} of {:#?}", step, account);
            }
            prop_assert_eq!(has(&desk), account.has.clone(), "after {:?}", step);
            prop_assert_eq!(desk.agent.shown_base(), account.shows(), "after {:?}", step);
            prop_assert_eq!(desk.hold(), held(account.stands), "after {:?}", step);
            for id in ITEMS {
                let past = &desk.agent.past_offers;
                prop_assert_eq!(past.contains(&item(id)), account.over.contains(id), "{} after {:?}", id, step);
            }
            let told = desk.agent.past_offers.withdrawn().iter().map(|one| one.item.as_str());
            prop_assert_eq!(told.collect::<BTreeSet<_>>(), account.news.clone(), "after {:?}", step);
        }
    }
}
