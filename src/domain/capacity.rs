//! The sums: what an agent's capacity is, how much of it is used and reserved.

use std::collections::BTreeMap;

use super::agent::Agent;
use super::directory::Directory;
use super::ids::ProfileId;
use super::record::{PresenceEffect, ResetDuration};
use super::work_item::WorkItem;

/// One kind of capacity: a limit, what is used and what offers reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    /// The limit.
    pub max: u32,
    /// Taken by work.
    pub used: u32,
    /// Reserved by offers.
    pub reserved: u32,
}

impl Meter {
    /// What work leaves; negative after a forced assignment.
    #[must_use]
    pub fn available(self) -> i64 {
        i64::from(self.max) - i64::from(self.used)
    }

    /// What work and offers leave: what routing may still give out.
    #[must_use]
    pub fn unreserved(self) -> i64 {
        self.available() - i64::from(self.reserved)
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_exhausted(self) -> bool {
        self.available() <= 0
    }
}

/// A capacity profile of the agent, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileMeter {
    /// Which.
    pub profile: ProfileId,
    /// The sums.
    pub meter: Meter,
    /// Whether using it up blocks all work.
    pub blocks: bool,
    /// When it is given back.
    pub reset: ResetDuration,
}

/// How much of the capacity is used, over all kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utilization {
    /// Nothing.
    Unused,
    /// Some.
    Partial,
    /// All that is configured.
    Full,
}

/// The sums over an agent's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Units, if configured.
    pub units: Option<Meter>,
    /// The agent's profiles that the directory knows, in the order of the agent's record.
    pub profiles: Vec<ProfileMeter>,
    /// Work items that hold capacity, those of weight 0 included.
    pub holding: usize,
}

/// The agent's units over all of its work, if they are configured: they depend on nothing but the agent.
#[must_use]
pub fn units(agent: &Agent) -> Option<Meter> {
    let mut meter = Meter { max: agent.record.units?, used: 0, reserved: 0 };
    for item in &agent.items {
        if item.holds_capacity() {
            meter.used = meter.used.saturating_add(item.takes.units);
        } else if item.is_offer() {
            meter.reserved = meter.reserved.saturating_add(item.takes.units);
        }
    }
    Some(meter)
}

/// Which work counts in a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// All of it: what routing asks.
    All,
    /// Only work that moves the presence: what automatic presence asks.
    MovesPresence,
}

impl Capacity {
    /// The sums over the work of `agent`.
    #[must_use]
    pub fn of(agent: &Agent, directory: &Directory, counting: Counting) -> Self {
        let counts = |item: &&WorkItem| match counting {
            Counting::All => true,
            Counting::MovesPresence => item.presence_effect == PresenceEffect::Moves,
        };
        let items: Vec<&WorkItem> = agent.items.iter().filter(counts).collect();
        let sum = |wanted: fn(&WorkItem) -> bool, weight: &dyn Fn(&WorkItem) -> u32| {
            items.iter().filter(|item| wanted(item)).fold(0_u32, |sum, item| sum.saturating_add(weight(item)))
        };
        let meter = |max: u32, weight: &dyn Fn(&WorkItem) -> u32| Meter {
            max,
            used: sum(WorkItem::holds_capacity, weight),
            reserved: sum(WorkItem::is_offer, weight),
        };
        let profiles = agent.record.profiles.iter().filter_map(|own| {
            let profile = directory.profiles.get(&own.profile)?;
            let weight = |item: &WorkItem| u32::from(item.takes.profiles.contains(&profile.id));
            let mut meter = meter(own.max.unwrap_or(profile.default_max), &weight);
            if profile.reset == ResetDuration::Daily {
                meter.used = agent.daily.of(&profile.id);
            }
            Some(ProfileMeter {
                profile: profile.id.clone(),
                meter,
                blocks: profile.block_assignment,
                reset: profile.reset,
            })
        });
        Self {
            units: agent.record.units.map(|max| meter(max, &|item| item.takes.units)),
            profiles: profiles.collect(),
            holding: items.iter().filter(|item| item.holds_capacity()).count(),
        }
    }

    /// What bounds the agent's work: the units, and of each profile how many, and whether it blocks.
    #[must_use]
    pub fn limits(&self) -> (Option<u32>, BTreeMap<&ProfileId, (u32, bool)>) {
        let profiles = self.profiles.iter().map(|own| (&own.profile, (own.meter.max, own.blocks)));
        (self.units.map(|units| units.max), profiles.collect())
    }

    fn meters(&self) -> impl Iterator<Item = Meter> {
        self.units.into_iter().chain(self.profiles.iter().map(|profile| profile.meter))
    }

    /// Whether any configured kind is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.meters().any(|meter| meter.available() < 0)
    }

    /// Whether every configured kind is used up: units if configured, and, of
    /// the profiles, any blocking one, or all of them if none is blocking.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        let units = self.units.map(Meter::is_exhausted);
        let profiles = (!self.profiles.is_empty()).then(|| {
            let mut blocking = self.profiles.iter().filter(|profile| profile.blocks).peekable();
            if blocking.peek().is_some() {
                return blocking.any(|profile| profile.meter.is_exhausted());
            }
            self.profiles.iter().all(|profile| profile.meter.is_exhausted())
        });
        let kinds: Vec<bool> = [units, profiles].into_iter().flatten().collect();
        !kinds.is_empty() && kinds.into_iter().all(|exhausted| exhausted)
    }

    /// Whether anything is used.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.meters().any(|meter| meter.used > 0)
    }

    /// Whether a used-up blocking profile stops automatic assignment.
    #[must_use]
    pub fn is_blocked_by_some_profile(&self) -> bool {
        self.profiles.iter().any(|profile| profile.blocks && profile.meter.is_exhausted())
    }

    /// How much is used, over all kinds.
    #[must_use]
    pub fn utilization(&self) -> Utilization {
        if self.is_negative() || self.is_exhausted() {
            Utilization::Full
        } else if self.is_used() || self.holding > 0 {
            Utilization::Partial
        } else {
            Utilization::Unused
        }
    }
}
