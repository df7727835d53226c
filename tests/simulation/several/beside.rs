//! What nodes keep beside the log: it is the same on each, and counts on all of them.

use presence_hub::domain::ids::AgentId;
use presence_hub::engine::{Beside, Subject};

use super::world::World;
use crate::book::Broken;
use crate::people::token_id;

impl World {
    /// Something was kept beside the log.
    pub fn beside(&mut self, what: &Beside) {
        self.webhook_is(what);
        if let Beside::Erase(erase) = what {
            self.book.is_erased(&erase.id);
            self.erased.insert(erase.id.clone(), self.now);
        }
    }

    /// What names somebody who was erased has left the log, unless a node was lost since: then it goes with the window.
    pub fn the_erased_have_left_the_log(&self) -> Result<(), Broken> {
        for agent in self.book.erased() {
            let erased = self.erased.get(agent).copied().unwrap_or(0);
            let id = AgentId::new(agent).map_err(|error| error.to_string())?;
            if self.disturbed < erased && self.disk.still_has(&Subject::Agent(id)) {
                return Err(format!("{agent} was erased, and the log still has what names it"));
            }
        }
        Ok(())
    }

    /// Plans, webhooks, erasures and the history are the same on every node.
    pub fn nodes_have_the_same_beside_it(&self) -> Result<(), Broken> {
        let first = self.disk.says(self.places[0].number);
        for place in &self.places[1..] {
            let says = self.disk.says(place.number);
            if says != first {
                let differs = says.iter().zip(&first).find(|(one, other)| one != other);
                let (many, of) = (says.len(), first.len());
                return Err(format!("node {} has {many} rows, and the first {of}: {differs:?}", place.number));
            }
        }
        let activities: Vec<_> = self
            .places
            .iter()
            .filter_map(|place| place.with(|begun| begun.serving.hub.door().plans.activities()))
            .collect();
        match activities.iter().find(|one| **one != activities[0]) {
            Some(one) => Err(format!("a node knows the activities {one:?}, and the first {:?}", activities[0])),
            None => Ok(()),
        }
    }

    pub fn nobody_is_here_with_what_was_revoked(&self) -> Result<(), Broken> {
        let mut live = self.pages.iter().filter(|page| page.welcomed && !page.silent);
        match live.find(|page| self.revoked.contains_key(&token_id(page.agent, page.token))) {
            Some(page) => Err(format!("token {} was revoked, and its tab lives", token_id(page.agent, page.token))),
            None => Ok(()),
        }
    }

    /// An event of which every answer said that it did not happen has not.
    pub fn what_was_refused_did_not_happen(&self) -> Result<(), Broken> {
        let refused = self.events.iter().filter(|(_, sends)| sends.open == 0 && !sends.may_have_happened);
        match refused.map(|(time, _)| time).find(|time| self.book.has_happened(time)) {
            Some(time) => Err(format!("every answer said that the event of {time} did not happen, and it has")),
            None => Ok(()),
        }
    }
}
