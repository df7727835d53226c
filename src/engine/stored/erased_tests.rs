use std::sync::Arc;

use proptest::prelude::*;

use super::Erased;
use super::samples::{actors, changes, directory_changes, times};
use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::ids::{AgentId, WorkItemId};
use crate::domain::offer::Withdrawal;
use crate::engine::Entry;
use crate::engine::stored::{decode, encode_whole};
use crate::history::row::Row;

/// Stands in all that names the person.
const MARK: &str = "q7%q";

fn id() -> AgentId {
    AgentId::new(format!("ada \"{MARK}\"")).unwrap()
}

fn erased() -> Erased {
    Erased::new(id().to_string(), AgentId::new("erased-1").unwrap())
}

/// The change as one of the person, which says who it is wherever it can.
fn of_the_person(mut change: Change) -> Change {
    let marked = |text: &str| format!("{text}{MARK}");
    let item = |place: usize| WorkItemId::new(format!("{MARK}{place}")).unwrap();
    (change.actor, change.work_item, change.withdrawn) = (Actor::Agent(id()), Some(item(0)), vec![item(1)]);
    (change.reported_time, change.reason) = (Some(marked("noon")), Some(marked("because")));
    let after = Arc::make_mut(&mut change.after);
    after.modified_by = Actor::Agent(id());
    let record = Arc::make_mut(&mut after.record);
    (record.agent, record.name) = (id(), marked("Ada"));
    record.skills.insert(marked("skill"));
    record.queues.insert(marked("queue"));
    after.standing.reason = Some(marked("dentist"));
    for (place, own) in after.items.iter_mut().enumerate() {
        own.id = item(place);
    }
    after.past_offers.withdraw(Withdrawal { item: item(9), at: change.at, cause: change.cause });
    change
}

fn entry(change: Change) -> Entry {
    Entry::Agent { change: Box::new(change), directory_seq: 3 }
}

fn change_of(entry: &Entry) -> &Change {
    let Entry::Agent { change, .. } = entry else { panic!("an agent's") };
    change
}

proptest! {
    #[test]
    fn of_a_persons_own_entry_the_figures_stay_and_what_names_it_goes(change in changes()) {
        let before = entry(of_the_person(change));
        let mut after = before.clone();
        prop_assert!(erased().may_be_in(&encode_whole(&before)));
        erased().blank(&mut after);
        let text = encode_whole(&after);
        prop_assert!(!text.contains(MARK), "{}", text);
        prop_assert_eq!(decode(&text).unwrap(), after.clone());
        let pseudonym = Actor::Agent(AgentId::new("erased-1").unwrap());
        let (was, is) = (Row::of(7, change_of(&before)), Row::of(7, change_of(&after)));
        let agent = AgentId::new("erased-1").unwrap();
        prop_assert_eq!(is, Row { agent, name: "", actor: &pseudonym, reason: None, ..was });
        let mut again = after.clone();
        erased().blank(&mut again);
        prop_assert_eq!(again, after);
    }

    #[test]
    fn of_others_only_who_acted_is_another(mut change in changes(), by in actors()) {
        change.actor = Actor::Supervisor(id().to_string());
        let mut expected = change.clone();
        expected.actor = Actor::Supervisor("erased-1".to_owned());
        let mut after = entry(change.clone());
        erased().blank(&mut after);
        prop_assert_eq!(after, entry(expected.clone()));

        Arc::make_mut(&mut change.after).modified_by = Actor::Admin(id().to_string());
        Arc::make_mut(&mut expected.after).modified_by = Actor::Admin("erased-1".to_owned());
        let mut after = entry(change.clone());
        erased().blank(&mut after);
        prop_assert_eq!(after, entry(expected));

        change.actor = by.clone();
        Arc::make_mut(&mut change.after).modified_by = by;
        let mut after = entry(change.clone());
        erased().blank(&mut after);
        prop_assert_eq!(after, entry(change));
    }

    #[test]
    fn who_changed_the_directory_is_another(change in directory_changes(), at in times()) {
        let by = |id: &str| Entry::Directory { change: change.clone(), at, actor: Actor::Admin(id.to_owned()) };
        let mut after = by(id().as_str());
        erased().blank(&mut after);
        prop_assert_eq!(after, by("erased-1"));
    }
}
