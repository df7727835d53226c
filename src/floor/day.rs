//! One agent's day: what they do next, and when.
//!
//! Pure: an agenda in the day's own time, fed by dice. The hub's answers come back as [`Fact`]s and
//! only ever add or remove plans, so a day can be read, tested and repeated without a hub.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::dice::Dice;

/// How long an offer rings before the hub records a miss.
pub const OFFER_TIMEOUT: Duration = Duration::from_secs(20);

/// Seconds from one to the next, on average. With 200 agents the board changes a few times a second.
const OFFER_EVERY: f64 = 80.0;
const BREAK_EVERY: f64 = 480.0;
const RELOAD_EVERY: f64 = 1_500.0;
const LEAVE_EVERY: f64 = 900.0;
const SIGN_OUT_EVERY: f64 = 3_000.0;

/// What kind of work an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Several conversations at once.
    Chat,
    /// One call, and nothing beside it.
    Voice,
    /// What can wait.
    Cases,
}

/// How an agent goes away without signing out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaving {
    /// Closes the tab: the socket says good-bye.
    ClosesTab,
    /// The browser dies: the connection breaks at once.
    Crashes,
    /// The network is gone: nothing arrives any more, and nothing says so.
    LosesNetwork,
}

/// How a work item ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    Closed,
    Transferred,
    Requeued,
}

/// What happens next. Items are counted from 1 within the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    SignIn,
    SignOut,
    Reload,
    Leave(Leaving),
    /// Chooses a presence; with a span, for so long.
    Choose(&'static str, Option<Duration>),
    ResetHold,
    Offer(u32, Channel),
    Accept(u32),
    Reject(u32),
    /// The customer hangs up before anybody answers.
    Withdraw(u32),
    WrapUp(u32),
    End(u32, Ending),
}

/// What the hub made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The offer stands.
    Offered(u32, Channel),
    /// The hub ended the session, and it is not to come back by itself.
    SignedOut,
}

/// What is on the agenda: a step, or the thought of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plan {
    Do(Step),
    Work,
    Break,
    Reload,
    Leave,
    SignOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whereabouts {
    AtDesk,
    OnBreak,
    Away,
}

#[derive(Debug)]
pub struct Day {
    dice: Dice,
    now: Duration,
    whereabouts: Whereabouts,
    /// Earliest first; the number keeps plans of one instant in the order they were made.
    agenda: BinaryHeap<Reverse<(Duration, u64, Plan)>>,
    planned: u64,
    items: u32,
}

impl Day {
    pub fn new(seed: u64, index: u32) -> Self {
        let mut day = Self {
            dice: Dice::new(seed, index),
            now: Duration::ZERO,
            whereabouts: Whereabouts::Away,
            agenda: BinaryHeap::new(),
            planned: 0,
            items: 0,
        };
        // Nearly everybody begins at once; the others are late, so that people keep arriving.
        let arrival = if day.dice.percent(92) { day.dice.seconds(0.0, 2.0) } else { day.dice.seconds(15.0, 240.0) };
        day.plan(arrival, Plan::Do(Step::SignIn));
        let first_work = arrival + day.dice.seconds(1.0, 60.0);
        day.plan(first_work, Plan::Work);
        // A few are on a break already when a newcomer looks at the board.
        let first_break = if day.dice.percent(12) { day.dice.seconds(1.0, 8.0) } else { day.dice.about(BREAK_EVERY) };
        day.plan(arrival + first_break, Plan::Break);
        for (every, plan) in [(RELOAD_EVERY, Plan::Reload), (LEAVE_EVERY, Plan::Leave), (SIGN_OUT_EVERY, Plan::SignOut)]
        {
            let span = day.dice.about(every);
            day.plan(arrival + span, plan);
        }
        day
    }

    /// When the next plan is due, since the day began. There always is one.
    pub fn due(&self) -> Duration {
        self.agenda.peek().map_or(self.now, |Reverse((at, ..))| *at)
    }

    /// Takes the next plan; none if the agent thought better of it.
    pub fn next(&mut self) -> Option<Step> {
        let Reverse((at, _, plan)) = self.agenda.pop()?;
        self.now = self.now.max(at);
        match plan {
            Plan::Do(step) => self.does(step),
            Plan::Work => self.works(),
            Plan::Break => self.takes_a_break(),
            Plan::Reload => {
                self.again(RELOAD_EVERY, Plan::Reload);
                self.if_here(Step::Reload)
            }
            Plan::Leave => self.leaves(),
            Plan::SignOut => self.signs_out(),
        }
    }

    /// What the hub answered.
    pub fn learn(&mut self, fact: Fact) {
        match fact {
            Fact::SignedOut => {
                self.goes();
                let span = self.dice.seconds(60.0, 180.0);
                self.after(span, Step::SignIn);
            }
            Fact::Offered(item, _) => {
                let answer = self.dice.weighted(&[
                    (84, Some(Step::Accept(item))),
                    (6, Some(Step::Reject(item))),
                    (3, Some(Step::Withdraw(item))),
                    (7, None),
                ]);
                match answer {
                    Some(step) => {
                        let span = self.dice.seconds(2.0, 12.0);
                        self.after(span, step);
                    }
                    None => {
                        let span = OFFER_TIMEOUT + self.dice.seconds(15.0, 60.0);
                        self.after(span, Step::ResetHold);
                    }
                }
            }
        }
    }

    fn does(&mut self, step: Step) -> Option<Step> {
        match step {
            Step::SignIn => {
                self.whereabouts = Whereabouts::AtDesk;
                Some(step)
            }
            Step::Accept(item) => {
                let span = self.dice.seconds(40.0, 240.0);
                let wraps_up = self.dice.percent(70);
                self.after(span, if wraps_up { Step::WrapUp(item) } else { Step::End(item, Ending::Closed) });
                Some(step)
            }
            Step::WrapUp(item) => {
                let span = self.dice.seconds(8.0, 45.0);
                let ending =
                    self.dice.weighted(&[(92, Ending::Closed), (5, Ending::Transferred), (3, Ending::Requeued)]);
                self.after(span, Step::End(item, ending));
                Some(step)
            }
            Step::Reject(_) => {
                let span = self.dice.seconds(15.0, 60.0);
                self.after(span, Step::ResetHold);
                Some(step)
            }
            Step::Choose(..) => {
                self.whereabouts = match self.whereabouts {
                    Whereabouts::OnBreak | Whereabouts::AtDesk => Whereabouts::AtDesk,
                    Whereabouts::Away => return None,
                };
                Some(step)
            }
            Step::ResetHold => self.if_here(step),
            Step::SignOut | Step::Reload | Step::Leave(_) | Step::Offer(..) | Step::Withdraw(_) | Step::End(..) => {
                Some(step)
            }
        }
    }

    fn works(&mut self) -> Option<Step> {
        self.again(OFFER_EVERY, Plan::Work);
        match self.whereabouts {
            Whereabouts::OnBreak | Whereabouts::Away => None,
            Whereabouts::AtDesk => {
                self.items += 1;
                let channel = self.dice.weighted(&[(60, Channel::Chat), (15, Channel::Voice), (25, Channel::Cases)]);
                Some(Step::Offer(self.items, channel))
            }
        }
    }

    fn takes_a_break(&mut self) -> Option<Step> {
        self.again(BREAK_EVERY, Plan::Break);
        if self.whereabouts != Whereabouts::AtDesk {
            return None;
        }
        let presence = self.dice.weighted(&[
            (25, "lunch"),
            (15, "training"),
            (20, "follow-up"),
            (20, "away"),
            (20, "do-not-disturb"),
        ]);
        let span = self.dice.seconds(60.0, 300.0);
        self.whereabouts = Whereabouts::OnBreak;
        // With an end that the hub keeps, the agent only has to be back; otherwise they choose again.
        let ends_by_itself = self.dice.percent(50);
        self.after(span, Step::Choose("available", None));
        Some(Step::Choose(presence, ends_by_itself.then_some(span)))
    }

    fn leaves(&mut self) -> Option<Step> {
        self.again(LEAVE_EVERY, Plan::Leave);
        if self.whereabouts == Whereabouts::Away {
            return None;
        }
        let how = self.dice.weighted(&[(40, Leaving::LosesNetwork), (35, Leaving::ClosesTab), (25, Leaving::Crashes)]);
        // Most return within the restore window of 150 seconds.
        let absence =
            if self.dice.percent(75) { self.dice.seconds(6.0, 120.0) } else { self.dice.seconds(170.0, 260.0) };
        self.goes();
        self.after(absence, Step::SignIn);
        Some(Step::Leave(how))
    }

    fn signs_out(&mut self) -> Option<Step> {
        self.again(SIGN_OUT_EVERY, Plan::SignOut);
        if self.whereabouts == Whereabouts::Away {
            return None;
        }
        self.goes();
        let absence = self.dice.seconds(60.0, 360.0);
        self.after(absence, Step::SignIn);
        Some(Step::SignOut)
    }

    /// Nobody is there to answer: the hub withdraws the offers, and there is nothing to reset.
    fn goes(&mut self) {
        self.whereabouts = Whereabouts::Away;
        let needs_the_agent = |plan: &Plan| {
            matches!(
                plan,
                Plan::Do(Step::SignIn | Step::Accept(_) | Step::Reject(_) | Step::Withdraw(_) | Step::ResetHold)
            )
        };
        self.agenda.retain(|Reverse((_, _, plan))| !needs_the_agent(plan));
    }

    fn if_here(&self, step: Step) -> Option<Step> {
        (self.whereabouts != Whereabouts::Away).then_some(step)
    }

    fn after(&mut self, span: Duration, step: Step) {
        self.plan(self.now + span, Plan::Do(step));
    }

    fn again(&mut self, mean_seconds: f64, plan: Plan) {
        let span = self.dice.about(mean_seconds).max(Duration::from_secs(1));
        self.plan(self.now + span, plan);
    }

    fn plan(&mut self, at: Duration, plan: Plan) {
        self.planned += 1;
        self.agenda.push(Reverse((at, self.planned, plan)));
    }
}

#[cfg(test)]
mod tests;
