//! What an agent took of daily capacity profiles since its day began.

use super::ids::ProfileId;
use super::time::Timestamp;

/// Uses of daily profiles. Closing work does not give them back, the end of the day does, all at once.
///
/// Boxed, because most agents have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DailyUse(Option<Box<Uses>>);

/// At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Uses {
    since: Timestamp,
    used: Vec<(ProfileId, u32)>,
}

impl DailyUse {
    /// What was kept: when the first use was counted, and how many there were of each profile.
    #[must_use]
    pub fn from_kept(since: Timestamp, used: Vec<(ProfileId, u32)>) -> Self {
        Self((!used.is_empty()).then(|| Box::new(Uses { since, used })))
    }

    /// When the first use was counted; none without any.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.0.as_ref().map(|uses| uses.since)
    }

    /// How often each profile was used.
    #[must_use]
    pub fn used(&self) -> &[(ProfileId, u32)] {
        self.0.as_ref().map_or(&[], |uses| &uses.used)
    }

    /// How often this profile was used.
    #[must_use]
    pub fn of(&self, profile: &ProfileId) -> u32 {
        self.used().iter().find(|(id, _)| id == profile).map_or(0, |(_, used)| *used)
    }

    /// One more use, at this time.
    pub fn count(&mut self, profile: &ProfileId, at: Timestamp) {
        let uses = self.0.get_or_insert_with(|| Box::new(Uses { since: at, used: Vec::new() }));
        match uses.used.iter_mut().find(|(id, _)| id == profile) {
            Some((_, used)) => *used = used.saturating_add(1),
            None => uses.used.push((profile.clone(), 1)),
        }
    }
}
