//! Base statuses and presences.

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use super::field::InvalidField;
use super::field::line;
use super::ids::{Literal, PresenceId};

/// The most characters of a presence's name.
pub const MAX_PRESENCE_NAME: usize = 100;
/// The most characters of a presence's text, in any language, and of its description.
pub const MAX_PRESENCE_TEXT: usize = 500;

/// The most languages that a presence has labels in.
pub const MAX_PRESENCE_LABELS: usize = 100;
/// The longest name of a language, in characters: as RFC 5646 (4.4.1) asks for.
pub const MAX_LANGUAGE: usize = 35;

/// What routing looks at: the five base statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaseStatus {
    /// Ready for work.
    Available,
    /// Working, with capacity left.
    Busy,
    /// Full, or not to be disturbed.
    BusyDoNotDisturb,
    /// Not at the desk.
    Away,
    /// Not at work.
    Offline,
}

impl BaseStatus {
    /// All five, in the order of the product's option set.
    pub const ALL: [Self; 5] = [Self::Available, Self::Busy, Self::BusyDoNotDisturb, Self::Away, Self::Offline];

    /// The name on the wire (rule book, *Ids of the product*).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Busy => "BUSY",
            Self::BusyDoNotDisturb => "BUSY_DO_NOT_DISTURB",
            Self::Away => "AWAY",
            Self::Offline => "OFFLINE",
        }
    }

    /// The base status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|base| base.as_str() == name)
    }

    /// Whether a presence of this base, once set by a person, stays until a person changes it.
    /// The others, Available and Busy, last until the next accept or close.
    #[must_use]
    pub fn is_sticky(self) -> bool {
        match self {
            Self::BusyDoNotDisturb | Self::Away | Self::Offline => true,
            Self::Available | Self::Busy => false,
        }
    }
}

/// The six presences that ship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// Base Available.
    Available,
    /// Base Busy.
    Busy,
    /// Base Do not disturb.
    DoNotDisturb,
    /// Base Away.
    Away,
    /// Base Offline.
    Offline,
    /// Base Away; set only by the hub, after a missed notification.
    Inactive,
}

impl BuiltIn {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Available, Self::Busy, Self::DoNotDisturb, Self::Away, Self::Offline, Self::Inactive];

    /// The presence that automatic decisions use for a base status.
    #[must_use]
    pub fn of(base: BaseStatus) -> Self {
        match base {
            BaseStatus::Available => Self::Available,
            BaseStatus::Busy => Self::Busy,
            BaseStatus::BusyDoNotDisturb => Self::DoNotDisturb,
            BaseStatus::Away => Self::Away,
            BaseStatus::Offline => Self::Offline,
        }
    }

    /// The id on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.literal().as_str()
    }

    /// Its id as an id; all agents in it share the text.
    #[must_use]
    pub fn id(self) -> PresenceId {
        static IDS: LazyLock<[PresenceId; 6]> = LazyLock::new(|| BuiltIn::ALL.map(|kind| kind.literal().into()));
        IDS[self as usize].clone()
    }

    fn literal(self) -> Literal {
        match self {
            Self::Available => const { Literal::new("available") },
            Self::Busy => const { Literal::new("busy") },
            Self::DoNotDisturb => const { Literal::new("do-not-disturb") },
            Self::Away => const { Literal::new("away") },
            Self::Offline => const { Literal::new("offline") },
            Self::Inactive => const { Literal::new("inactive") },
        }
    }

    /// The well-known id of the product that is accepted as an alias (rule book, *Ids of the product*).
    #[must_use]
    pub fn well_known_id(self) -> &'static str {
        match self {
            Self::Available => "f523f628-c07a-e811-8162-000d3aa11f50",
            Self::Busy => "efdeb843-c07a-e811-8162-000d3aa11f50",
            Self::DoNotDisturb => "08971864-c07a-e811-8162-000d3aa11f50",
            Self::Away => "3dacae76-c07a-e811-8162-000d3aa11f50",
            Self::Offline => "70139190-c07a-e811-8162-000d3aa11f50",
            Self::Inactive => "a89ee9cf-453a-4b52-8d7a-ad647feecd5d",
        }
    }

    /// The one that a well-known id of the product names, in braces or without, in letters of any case.
    #[must_use]
    pub fn of_well_known_id(id: &str) -> Option<Self> {
        let bare = id.strip_prefix('{').and_then(|id| id.strip_suffix('}')).unwrap_or(id);
        Self::ALL.into_iter().find(|kind| kind.well_known_id().eq_ignore_ascii_case(bare))
    }

    /// Its base status.
    #[must_use]
    pub fn base(self) -> BaseStatus {
        match self {
            Self::Available => BaseStatus::Available,
            Self::Busy => BaseStatus::Busy,
            Self::DoNotDisturb => BaseStatus::BusyDoNotDisturb,
            Self::Away | Self::Inactive => BaseStatus::Away,
            Self::Offline => BaseStatus::Offline,
        }
    }

    /// The text people see (R-7: "Appear away" is Away).
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Busy => "Busy",
            Self::DoNotDisturb => "Do not disturb",
            Self::Away => "Appear away",
            Self::Offline => "Offline",
            Self::Inactive => "Inactive",
        }
    }
}

/// A presence of the catalog: a text for people over a base status for routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Its id.
    pub id: PresenceId,
    /// What administrators call it; at most 100 characters.
    pub name: String,
    /// What people see; at most 500 characters.
    pub text: String,
    /// What routing sees.
    pub base: BaseStatus,
    /// At most 500 characters.
    pub description: String,
    /// Whether it ships with the hub and cannot be changed.
    pub built_in: bool,
    /// Whether a person may choose it.
    pub can_user_set: bool,
    /// `#rrggbb`, for the indicator.
    pub color: String,
    /// The text in other languages, by language tag.
    pub labels: BTreeMap<String, String>,
    /// A retired presence keeps its record but nobody can hold it.
    pub enabled: bool,
}

impl Presence {
    /// The record of a built-in presence.
    #[must_use]
    pub fn built_in(kind: BuiltIn) -> Self {
        let (name, color) = match kind {
            BuiltIn::Available => ("Available", "#13a10e"),
            BuiltIn::Busy => ("Busy", "#c50f1f"),
            BuiltIn::DoNotDisturb => ("Busy - DND", "#c50f1f"),
            BuiltIn::Away => ("Away", "#eaa300"),
            BuiltIn::Offline => ("Offline", "#616161"),
            BuiltIn::Inactive => ("Inactive", "#eaa300"),
        };
        Self {
            id: kind.id(),
            name: name.to_owned(),
            text: kind.text().to_owned(),
            base: kind.base(),
            description: String::new(),
            built_in: true,
            can_user_set: kind != BuiltIn::Inactive,
            color: color.to_owned(),
            labels: BTreeMap::new(),
            enabled: true,
        }
    }

    /// Checks the limits of R-6.
    ///
    /// # Errors
    /// Names the first field that is wrong and what would be right.
    pub fn validate(&self) -> Result<(), InvalidField> {
        line("presenceName", &self.name, 1, MAX_PRESENCE_NAME)?;
        line("presenceText", &self.text, 1, MAX_PRESENCE_TEXT)?;
        line("description", &self.description, 0, MAX_PRESENCE_TEXT)?;
        // An alias means the built-in presence everywhere, so nothing else can be called that.
        if BuiltIn::of_well_known_id(self.id.as_str()).is_some() {
            return Err(InvalidField::new(
                "presenceId",
                "is the well-known id of a built-in presence; another is right",
            ));
        }
        let hex = |c: char| c.is_ascii_hexdigit();
        match self.color.strip_prefix('#') {
            Some(digits) if digits.len() == 6 && digits.chars().all(hex) => {}
            Some(_) | None => {
                return Err(InvalidField::new(
                    "presenceColor",
                    format!("`{}` is not a colour; #13a10e would be", self.color),
                ));
            }
        }
        if self.labels.len() > MAX_PRESENCE_LABELS {
            let problem = format!("has {}; at most {MAX_PRESENCE_LABELS} are right", self.labels.len());
            return Err(InvalidField::new("labels", problem));
        }
        for (language, label) in &self.labels {
            line("labels", language, 1, MAX_LANGUAGE)?;
            line("labels", label, 1, MAX_PRESENCE_TEXT)?;
        }
        Ok(())
    }

    /// The warning for a name or text that says one thing over a base that says another.
    #[must_use]
    pub fn contradiction(&self) -> Option<String> {
        let said = [&self.name, &self.text].map(|text| in_words(text));
        let says = |phrase: &str| said.iter().any(|words| words.contains(&format!(" {phrase} ")));
        let (phrase, _) = SAYINGS.iter().find(|(phrase, fits)| says(phrase) && !fits.contains(&self.base))?;
        let base = self.base.as_str();
        Some(format!(
            "it says \"{phrase}\", but its base status is {base}: agents look \"{phrase}\" and are treated as {base}"
        ))
    }
}

/// What people read into a word, and the base statuses that it does not contradict.
const SAYINGS: [(&str, &[BaseStatus]); 9] = {
    use BaseStatus::{Available, Away, Busy, BusyDoNotDisturb, Offline};
    [
        ("do not disturb", &[BusyDoNotDisturb]),
        ("dnd", &[BusyDoNotDisturb]),
        ("offline", &[Offline]),
        ("available", &[Available]),
        ("unavailable", &[BusyDoNotDisturb, Away, Offline]),
        ("away", &[Away, Offline]),
        ("busy", &[Busy, BusyDoNotDisturb]),
        ("lunch", &[BusyDoNotDisturb, Away, Offline]),
        ("break", &[BusyDoNotDisturb, Away, Offline]),
    ]
};

/// The words in lower case, each between spaces. Who is "not available" is unavailable.
fn in_words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" ")).replace(" not available ", " unavailable ").replace(" don t ", " do not ")
}
