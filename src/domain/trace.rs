//! What a decision looked at: the rules considered, in order, and the one that decided.

macro_rules! rules {
    ($($variant:ident = $id:literal, $sentence:literal;)*) => {
        /// A rule of the rule book that decides a presence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule { $(#[doc = $sentence] $variant,)* }

        impl Rule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its number in the rule book.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What it says.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// The rule that [`Rule::name`] names.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.name() == name)
            }

            /// A name that stays the same when sentences are reworded; stored with each entry.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }
        }
    };
}

rules! {
    DefaultPassesThrough = "R-11", "a default presence of base Away or Offline is taken as it is at sign-in";
    DefaultWithoutWork = "R-14", "without work the default presence is taken as it is at sign-in";
    DefaultStickyWithWork = "R-14", "a default presence of base Do not disturb is taken as it is at sign-in, even with work";
    DefaultUnusable = "A-3", "the default presence is Inactive or retired, so Available stands in for it";
    DefaultRecordKept = "A-2", "capacity leads to the base status of the default presence, so the default's own record is shown";
    SignInFromCapacity = "R-12", "at sign-in the presence follows capacity";
    SignInUnused = "R-20", "at sign-in nothing is used and no work is open: Available";
    CapacityNegative = "R-30", "available capacity is negative: Do not disturb";
    CapacityExhausted = "R-22", "every configured kind of capacity is used up: Do not disturb";
    CapacityPartlyUsed = "R-21", "capacity is partly used: Busy";
    WorkIsOpen = "R-23", "an open work item holds capacity, if only of weight 0: Busy";
    CapacityUnused = "R-20", "capacity is unused: Available";
    Pinned = "R-42", "a chosen Do not disturb, Away or Offline is not moved by work";
    Held = "R-52", "a hold stays until it is reset, changed by hand or by a supervisor";
    SoftChoiceEnds = "R-40", "a chosen Available or Busy lasts until the next accept or close";
    ChosenByAgent = "R-40", "the agent chose it";
    ChosenBySupervisor = "R-43", "a supervisor chose it";
    ChosenNext = "P-next", "the chosen time is over and the presence planned next begins";
    ChoiceExpired = "P-until", "the chosen time is over and the presence follows capacity";
    ChoiceKeptOnConfiguration = "A-13", "new capacity settings leave a presence alone that a person or a default set";
    Missed = "R-50", "a notification was missed: Inactive";
    MissedSwitchedOff = "R-50", "missed notifications change no presence: the setting is off";
    Rejected = "R-55", "a notification was rejected: Do not disturb";
    RejectedSwitchedOff = "R-55", "rejected notifications change no presence: the setting is off";
    NeverLiftsOffline = "A-19", "a missed or rejected notification never lifts Offline";
    NotSeen = "A-20", "an offer that ends while the agent is disconnected is not a miss";
    ManualDoNotDisturbStays = "A-19", "a chosen Do not disturb stays when a notification is rejected";
    SystemRejection = "R-56", "a rejection by the system changes no presence";
    WorkItemLimit = "R-57", "the limit of open work items was reached and new work came in: Do not disturb";
    HoldReset = "R-54", "the hold was reset: the presence follows capacity";
    LimitCleared = "A-21", "work was closed below the limit, which ends the hold that the limit set";
    NoEffect = "A-8", "work of this workstream does not move the presence";
    ReleasedNothing = "A-5", "the work item held no capacity, so nothing was given back";
    OfferReserves = "A-6", "an offer reserves capacity and changes no presence";
    OfferWithdrawn = "A-20", "an offer ends when the agent is disconnected";
    SideWork = "R-84", "consulting and monitoring change no presence";
    OfflineAtOnce = "R-70", "the last live session ended: Offline at once, what was is kept";
    OtherSessions = "A-25", "another live session remains";
    RefreshHeld = "A-26", "the page announced its reload: Offline is held back for the refresh grace";
    RestartHeld = "P-restart", "the hub was away: Offline is held back for the restart grace";
    Restored = "R-71", "a return within the window restores what was";
    WindowLapsed = "R-72", "nobody returned within the window: what was kept is gone";
    NotSignedIn = "R-77", "the agent is not signed in: work is counted, and the presence stays Offline";
    SignedOutForGood = "A-24", "signing out ends the presence, as the setting says";
    PresenceRetired = "P-retired", "the presence was retired: the built-in one of the same base takes its place";
    AgentDisabled = "P-disabled", "the agent was disabled or deleted";
    Created = "R-17", "a new agent is Offline and not signed in";
}

/// What became of a rule that was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It decided.
    Decided,
    /// It was looked at and did not apply.
    Passed,
}

/// A rule that was considered, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Considered {
    /// The rule.
    pub rule: Rule,
    /// What became of it.
    pub verdict: Verdict,
}

/// The rules a decision considered, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace(Vec<Considered>);

impl Trace {
    /// A trace read back from where it was kept.
    #[must_use]
    pub fn from_kept(considered: Vec<Considered>) -> Self {
        Self(considered)
    }

    /// Notes whether `rule` applied, and returns it, so that a condition can be written once.
    pub fn applies(&mut self, rule: Rule, condition: bool) -> bool {
        let verdict = if condition { Verdict::Decided } else { Verdict::Passed };
        self.0.push(Considered { rule, verdict });
        condition
    }

    /// Notes that `rule` decided.
    pub fn decided(&mut self, rule: Rule) {
        self.applies(rule, true);
    }

    /// What was considered, in order.
    #[must_use]
    pub fn considered(&self) -> &[Considered] {
        &self.0
    }
}
