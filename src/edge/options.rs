//! What agents may choose, as they are told.

use bytes::Bytes;
use parking_lot::Mutex;

use crate::agents::DirectoryView;
use crate::domain::record::AgentRecord;
use crate::engine::Seq;
use crate::sessions::frame;
use crate::wire::shapes::{HubFrame, Presence};
use crate::wire::show;
use crate::wire::written::Written;

/// What agents may choose. Hardly any record lists a choice of its own, so what all the
/// others may choose is made once for each state of the directory: it is the larger half of a welcome.
#[derive(Debug, Default)]
pub struct Options {
    common: Mutex<Option<(Seq, Written<Vec<Presence>>)>>,
}

impl Options {
    /// The list of one agent.
    pub fn of(&self, record: &AgentRecord, view: &DirectoryView) -> Written<Vec<Presence>> {
        let made = || {
            let options = view.directory.presence_options(record);
            Written::of(&options.into_iter().map(show::presence).collect())
        };
        if record.selectable.is_some() {
            return made();
        }
        let mut common = self.common.lock();
        match &*common {
            Some((seq, options)) if *seq == view.seq => options.clone(),
            Some(_) | None => common.insert((view.seq, made())).1.clone(),
        }
    }
}

/// The `presenceOptions` frame of a list.
pub fn frame(options: Written<Vec<Presence>>) -> Bytes {
    frame::saying(&HubFrame::PresenceOptions { presences: options })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::Directory;
    use crate::domain::ids::{AgentId, PresenceId};
    use crate::domain::presence;
    use crate::wire;

    fn record(agent: &str) -> AgentRecord {
        AgentRecord::new(AgentId::new(agent).unwrap(), agent)
    }

    #[test]
    fn the_options_of_all_who_list_none_are_made_once_for_each_state_of_the_directory() {
        let options = Options::default();
        let before = DirectoryView::default();
        let first = options.of(&record("ada"), &before);
        assert!(options.of(&record("bob"), &before).is(&first));
        let away = before.directory.catalog.iter().find(|presence| presence.id.as_str() == "away").unwrap();
        let one = AgentRecord { selectable: Some([away.id.clone()].into()), ..record("eve") };
        assert_eq!(wire::text(&options.of(&one, &before)), wire::text(&[show::presence(away)]));
        assert!(options.of(&record("ada"), &before).is(&first));

        let mut directory = Directory::default();
        directory.catalog.put(presence::Presence {
            id: PresenceId::new("lunch").unwrap(),
            built_in: false,
            ..away.clone()
        });
        let mut after = DirectoryView::default();
        (after.seq, after.directory) = (7, directory.into());
        assert_ne!(wire::text(&options.of(&record("ada"), &after)), wire::text(&first));
    }
}
