//! A second account of offers, of the limit and of the hub's absence: smaller than the rules, sharing
//! nothing with them, and believed on sight.

use std::collections::{BTreeMap, BTreeSet};

use super::corners::{Id, LIMIT, Step};
use super::desk::{Answer, ms};
use crate::domain::command::{Terms, WorkEvent};
use crate::domain::presence::BaseStatus;
use crate::domain::standing::Hold;
use crate::domain::time::Timestamp;

const WINDOW: u64 = 150_000;
const GRACE: u64 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    Out,
    Here(u32),
    Grace(Timestamp),
    Window(Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Follows,
    Chose(BaseStatus),
    Held(Hold),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    Rings(Option<Timestamp>),
    /// Whether it moves the presence.
    Open(bool),
}

/// What is said of an agent.
#[derive(Clone, Debug)]
pub struct Account {
    pub now: Timestamp,
    pub there: There,
    pub stands: Stands,
    pub has: BTreeMap<Id, Has>,
    pub over: BTreeSet<Id>,
    /// Withdrawn, and not had again since.
    pub news: BTreeSet<Id>,
    pub clears: bool,
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

    pub fn shows(&self) -> BaseStatus {
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
    pub fn takes(&mut self, step: &Step) -> Option<Answer> {
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
                None if self.over.contains(id) => Answer::Refused("offer_already_ended"),
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
