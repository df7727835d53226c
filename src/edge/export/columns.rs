//! The columns of an export: the same in every form of it.

use crate::domain::cause::SubEventName;
use crate::domain::standing::Hold;
use crate::domain::time::Timestamp;
use crate::history::export::Exported;
use crate::history::row::There;

/// A column.
pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub of: for<'a> fn(&'a Exported) -> Cell<'a>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    OptionalText,
    Texts,
    Instant,
    Whole,
    OptionalWhole,
}

/// What stands in a cell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Texts(&'a [String]),
    Instant(Timestamp),
    Whole(i64),
    Nothing,
}

impl<'a> Cell<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    /// Versions and positions that are kept fit.
    fn count(count: u64) -> Self {
        Self::Whole(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

macro_rules! columns {
    ($($name:literal $kind:ident |$row:ident| $of:expr;)*) => {
        &[$(Column { name: $name, kind: Kind::$kind, of: |$row| $of },)*]
    };
}

pub(super) const COLUMNS: &[Column] = columns! {
    "agentId" Text |row| Cell::Text(&row.agent);
    "name" Text |row| Cell::Text(&row.record.name);
    "teams" Texts |row| Cell::Texts(&row.record.teams);
    "start" Instant |row| Cell::Instant(row.start);
    "end" Instant |row| Cell::Instant(row.end);
    "durationMs" Whole |row| Cell::Whole(row.end.0 - row.start.0);
    "presenceId" Text |row| Cell::Text(row.state.presence.as_str());
    "presenceText" Text |row| Cell::Text(&row.text);
    "basePresenceStatus" Text |row| Cell::Text(row.state.base.as_str());
    "origin" Text |row| Cell::Text(row.state.origin.as_str());
    "hold" OptionalText |row| Cell::text(row.state.hold.map(Hold::as_str));
    "connection" OptionalText |row| Cell::text(row.there.map(There::as_str));
    "eventName" Text |row| Cell::Text(row.cause.event.as_str());
    "subEventName" OptionalText |row| Cell::text(row.cause.sub_event.map(SubEventName::as_str));
    "modifiedByType" Text |row| Cell::Text(row.actor.kind_and_id().0);
    "modifiedById" OptionalText |row| Cell::text(row.actor.kind_and_id().1);
    "reason" OptionalText |row| Cell::text(row.reason.as_deref());
    "units" OptionalWhole |row| row.record.units.map_or(Cell::Nothing, |units| Cell::Whole(units.into()));
    "availableUnitsCapacity" OptionalWhole |row| row.available_units.map_or(Cell::Nothing, Cell::Whole);
    "version" Whole |row| Cell::count(row.version);
    "seq" Whole |row| Cell::count(row.seq);
};
