//! What is said and what is stored of an agent with open work.

use presence_hub::engine::{Entry, SizeLimit, stored};
use presence_hub::sessions::frame;
use presence_hub::wire::shapes::HubFrame;
use presence_hub::wire::show::{self, Including};

use super::Measure;
use super::floor::{self, NOW, UNITS};

/// Which agent, and the position of its newest entry.
const ADA: usize = 7;
const SEQ: u64 = 1_000_000;

/// Measures every encoding.
pub fn all(measure: &mut impl Measure) {
    let directory = floor::directory();
    let agent = floor::at_work(ADA, &directory);
    let shown = || (&agent, &directory);

    measure.path("encode: an entry of a board", shown, |(agent, directory)| {
        serde_json::to_vec(&show::watched_agent(SEQ, agent, directory, Including::default())).unwrap()
    });
    let at_work = Including { capacity: true, work_items: true, record: false };
    measure.path("encode: an entry of a board, with capacity and work", shown, |(agent, directory)| {
        serde_json::to_vec(&show::watched_agent(SEQ, agent, directory, at_work)).unwrap()
    });
    measure.path("encode: an agent's own presence frame", shown, |(agent, directory)| {
        frame::saying(&HubFrame::Presence { agent: show::agent_presence(SEQ, agent, directory) })
    });

    let decision = agent.decide(&floor::is_assigned(ADA, UNITS), NOW, &directory).unwrap();
    let change = decision.changes.into_iter().next_back().unwrap();
    let entry = Entry::Agent { change: Box::new(change), directory_seq: SEQ };
    let text = stored::encode(&entry, SizeLimit::Usual).unwrap();
    measure.path("store: an entry to its text", || &entry, |entry| stored::encode(entry, SizeLimit::Usual).unwrap());
    measure.path("store: an entry from its text", || &text, |text| stored::decode(text).unwrap());
}
