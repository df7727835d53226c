//! The corners of offers, of the limit and of the hub's absence, held against a second account of
//! them: it is smaller than the rules, shares nothing with them, and is believed on sight.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;

use super::desk::{Answer, Desk, item, ms, of, profile, workstream};
use crate::domain::agent::Hold;
use crate::domain::command::{Terms, WorkEvent};
use crate::domain::presence::BaseStatus;
use crate::domain::record::{PresenceEffect, Workstream};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

const ITEMS: [&str; 7] = ["w1", "w2", "w3", "w4", "w5", "w6", "w7"];
const LIMIT: usize = 3;
const WINDOW: u64 = 150_000;
const GRACE: u64 = 10_000;

type Id = &'static str;

#[derive(Clone, Debug)]
enum Step {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    Out,
    Here(u32),
    Grace(Timestamp),
    Window(Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Follows,
    Chose(BaseStatus),
    Held(Hold),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has {
    Rings(Option<Timestamp>),
    /// Whether it moves the presence.
    Open(bool),
}

/// The second account.
#[derive(Clone, Debug)]
struct Account {
    now: Timestamp,
    there: There,
    stands: Stands,
    has: BTreeMap<Id, Has>,
    over: BTreeSet<Id>,
    /// Withdrawn, and not had again since.
    news: BTreeSet<Id>,
    clears: bool,
}

impl Account {
    fn is_there(&self) -> bool {
        matches!(self.there, There::Here(_) | There::Grace(_))
    }

    fn open(&self) -> usize {
        self.has.values().filter(|has| matches!(has, Has::Open(_))).count()
    }

    fn is_pinned(&self) -> bool {
        match self.stands {
            Stands::Follows => false,
            Stands::Held(_) => true,
            Stands::Chose(base) => !matches!(base, BaseStatus::Available | BaseStatus::Busy),
        }
    }

    fn shows(&self) -> BaseStatus {
        match self.stands {
            _ if !self.is_there() => BaseStatus::Offline,
            Stands::Chose(base) => base,
            Stands::Held(Hold::Missed) => BaseStatus::Away,
            Stands::Held(Hold::Rejected | Hold::WorkItemLimit) => BaseStatus::BusyDoNotDisturb,
            Stands::Follows if self.has.values().any(|has| *has == Has::Open(true)) => BaseStatus::Busy,
            Stands::Follows => BaseStatus::Available,
        }
    }

    fn work_moves(&mut self) {
        if self.there != There::Out && !self.is_pinned() {
            self.stands = Stands::Follows;
        }
    }

    fn came_in(&mut self) {
        self.work_moves();
        if self.open() > LIMIT {
            self.holds(Hold::WorkItemLimit);
        }
    }

    fn holds(&mut self, hold: Hold) {
        if self.there != There::Out && !self.is_pinned() {
            self.stands = Stands::Held(hold);
        }
    }

    fn clears(&mut self) {
        if self.clears && self.stands == Stands::Held(Hold::WorkItemLimit) && self.open() < LIMIT {
            self.stands = Stands::Follows;
        }
    }

    fn ends(&mut self, hold: Hold) {
        let offline = self.stands == Stands::Chose(BaseStatus::Offline);
        let stays = hold == Hold::Rejected && self.stands == Stands::Chose(BaseStatus::BusyDoNotDisturb);
        if self.is_there() && !offline && !stays {
            self.stands = Stands::Held(hold);
        }
    }

    fn rings(&self) -> Vec<Id> {
        self.has.iter().filter(|(_, has)| matches!(has, Has::Rings(_))).map(|(id, _)| *id).collect()
    }

    fn withdraws(&mut self) {
        for id in self.rings() {
            self.has.remove(id);
            self.over.insert(id);
            self.news.insert(id);
        }
    }

    fn the_hub_is_away(&mut self, down: u64) {
        self.now = self.now.plus(ms(down));
        match &mut self.there {
            There::Out => {}
            There::Window(last) => *last = last.plus(ms(down)),
            There::Here(_) | There::Grace(_) => {
                self.there = There::Grace(self.now.plus(ms(GRACE)));
                self.rings_longer(down);
            }
        }
    }

    fn the_hub_stands_still(&mut self, lasted: u64) {
        self.now = self.now.plus(ms(lasted));
        match &mut self.there {
            There::Window(last) | There::Grace(last) => *last = last.plus(ms(lasted)),
            There::Out | There::Here(_) => {}
        }
        self.rings_longer(lasted);
    }

    fn rings_longer(&mut self, by: u64) {
        for has in self.has.values_mut() {
            if let Has::Rings(Some(deadline)) = has {
                *deadline = deadline.plus(ms(by));
            }
        }
    }

    /// Time alone, up to `until`.
    fn passes_to(&mut self, until: Timestamp) {
        loop {
            let connection = match self.there {
                There::Grace(last) | There::Window(last) => Some((last.next(), None)),
                There::Out | There::Here(_) => None,
            };
            let offers = self.has.iter().filter_map(|(id, has)| match has {
                Has::Rings(deadline) => Some(((*deadline)?, Some(*id))),
                Has::Open(_) => None,
            });
            let due = offers.chain(connection).filter(|(at, _)| *at <= until);
            match due.min_by_key(|(at, _)| *at) {
                None => break,
                Some((_, Some(id))) => {
                    self.has.remove(id);
                    self.over.insert(id);
                    self.ends(Hold::Missed);
                }
                Some((_, None)) => match self.there {
                    There::Grace(last) => {
                        self.withdraws();
                        self.there = There::Window(last.plus(ms(WINDOW)));
                    }
                    There::Window(_) | There::Out | There::Here(_) => {
                        self.there = There::Out;
                        self.stands = Stands::Follows;
                    }
                },
            }
        }
        self.now = until;
    }

    /// What happens, and the answer to it.
    fn takes(&mut self, step: &Step) -> Option<Answer> {
        match step {
            Step::Waits(span) => {
                self.passes_to(self.now.plus(ms(*span)));
                None
            }
            Step::TheHubIsAway(down) => {
                self.the_hub_is_away(*down);
                None
            }
            Step::TheHubStandsStill(lasted) => {
                self.the_hub_stands_still(*lasted);
                None
            }
            Step::SignsIn => {
                if self.there == There::Out {
                    self.stands = Stands::Follows;
                }
                let sessions = if let There::Here(sessions) = self.there { sessions } else { 0 };
                self.there = There::Here(sessions + 1);
                Some(Answer::Applied)
            }
            Step::LosesASession => match self.there {
                There::Here(1) => {
                    self.withdraws();
                    self.there = There::Window(self.now.plus(ms(WINDOW)));
                    Some(Answer::Applied)
                }
                There::Here(sessions) => {
                    self.there = There::Here(sessions - 1);
                    Some(Answer::Applied)
                }
                There::Out | There::Grace(_) | There::Window(_) => Some(Answer::Unchanged),
            },
            Step::Chooses(presence) => {
                if !self.is_there() {
                    return Some(Answer::Refused("agent_not_connected"));
                }
                let chosen = Stands::Chose(base(presence));
                if self.stands == chosen {
                    return Some(Answer::Unchanged);
                }
                self.stands = chosen;
                if chosen == Stands::Chose(BaseStatus::Offline) {
                    self.withdraws();
                }
                Some(Answer::Applied)
            }
            Step::Resets => match self.stands {
                Stands::Held(_) => {
                    self.stands = Stands::Follows;
                    Some(Answer::Applied)
                }
                Stands::Follows | Stands::Chose(_) => Some(Answer::Refused("nothing_to_reset")),
            },
            Step::TheDirectoryChanges => Some(Answer::Unchanged),
            Step::IsOffered(id, lasts) => Some(self.is_offered(id, *lasts)),
            Step::Accepts(id, terms) => Some(self.accepts(id, terms)),
            Step::Ends(id, end) => Some(match self.has.get(id) {
                Some(Has::Open(_)) => Answer::Refused("already_assigned"),
                None if self.over.contains(id) => Answer::Refused("duplicate"),
                Some(Has::Rings(_)) | None => {
                    self.has.remove(id);
                    self.over.insert(id);
                    match end {
                        WorkEvent::Missed => self.ends(Hold::Missed),
                        WorkEvent::Rejected => self.ends(Hold::Rejected),
                        _ => {}
                    }
                    Answer::Applied
                }
            }),
            Step::Closes(id) => Some(match self.has.remove(id) {
                None => Answer::Refused("unknown_work_item"),
                Some(Has::Rings(_)) => {
                    self.over.insert(id);
                    Answer::Applied
                }
                Some(Has::Open(moves)) => {
                    if moves {
                        self.work_moves();
                    }
                    self.clears();
                    Answer::Applied
                }
            }),
            Step::IsReconciled(items) => {
                self.is_reconciled(items);
                None
            }
        }
    }

    fn is_offered(&mut self, id: Id, lasts: Option<u64>) -> Answer {
        match self.has.get(id) {
            Some(Has::Rings(_)) => return Answer::Refused("already_offered"),
            Some(Has::Open(_)) => return Answer::Refused("already_assigned"),
            None => {}
        }
        if !self.is_there() {
            self.over.insert(id);
            self.news.insert(id);
            return Answer::AppliedWith("agent_not_connected");
        }
        if self.open() >= LIMIT {
            self.over.insert(id);
            self.holds(Hold::WorkItemLimit);
            return Answer::AppliedWith("work_item_limit");
        }
        self.news.remove(id);
        self.has.insert(id, Has::Rings(lasts.map(|lasts| self.now.plus(ms(lasts)))));
        Answer::Applied
    }

    fn accepts(&mut self, id: Id, terms: &Terms) -> Answer {
        match self.has.get(id) {
            Some(Has::Open(_)) => return Answer::Refused("already_assigned"),
            Some(Has::Rings(_)) => {
                self.over.insert(id);
            }
            None => {}
        }
        self.news.remove(id);
        let moves = terms.workstream.is_none();
        self.has.insert(id, Has::Open(moves));
        if moves {
            self.came_in();
        }
        Answer::Applied
    }

    fn is_reconciled(&mut self, items: &BTreeMap<Id, bool>) {
        let before = std::mem::take(&mut self.has);
        for (id, rings) in items {
            let has = match (rings, before.get(id)) {
                (true, Some(Has::Rings(deadline))) => Has::Rings(*deadline),
                (true, _) => Has::Rings(None),
                (false, Some(Has::Open(moves))) => Has::Open(*moves),
                (false, _) => Has::Open(true),
            };
            self.news.remove(id);
            self.has.insert(id, has);
        }
        let open = |items: &BTreeMap<Id, Has>| -> BTreeSet<Id> {
            items.iter().filter(|(_, has)| **has == Has::Open(true)).map(|(id, _)| *id).collect()
        };
        for (id, has) in &before {
            let still = matches!(self.has.get(id), Some(Has::Rings(_)));
            if matches!(has, Has::Rings(_)) && !still {
                self.over.insert(id);
            }
        }
        let (was, is) = (open(&before), open(&self.has));
        if !is.is_subset(&was) {
            self.came_in();
        } else if was != is {
            self.work_moves();
        }
        self.clears();
        if !self.is_there() {
            self.withdraws();
        }
    }
}

fn base(presence: &str) -> BaseStatus {
    match presence {
        "available" => BaseStatus::Available,
        "busy" => BaseStatus::Busy,
        "do-not-disturb" => BaseStatus::BusyDoNotDisturb,
        "away" => BaseStatus::Away,
        _ => BaseStatus::Offline,
    }
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
