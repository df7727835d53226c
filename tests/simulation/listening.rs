//! What those who use the hub hear, and what they make of it.

use presence_hub::wire::code::ErrorCode;
use presence_hub::wire::shapes::HubFrame;
use serde_json::{Value, json};

use super::book::Broken;
use super::client::{Answered, Heard};
use super::people::{Asked, By, Outstanding, Person, token_id};
use super::world::World;

impl World {
    /// Nobody will answer this: whether it was applied is not known.
    pub fn never_answered(&mut self, outstanding: Outstanding) {
        match outstanding.asked {
            Asked::Writes { ticket, .. } => self.writes.answered(ticket, 500),
            Asked::Bulk(bulk) => self.bulk_ended(&bulk, 500),
            Asked::Presence | Asked::Events | Asked::Revocation(..) | Asked::Eligible(..) | Asked::Nothing => {}
        }
    }

    /// Everyone who can listen does.
    pub fn listen(&mut self) -> Result<(), Broken> {
        self.read_book()?;
        self.tabs_listen()?;
        self.boards_listen()?;
        self.systems_listen()?;
        self.requests_listen()
    }

    fn tabs_listen(&mut self) -> Result<(), Broken> {
        for place in 0..self.tabs.len() {
            if self.tabs[place].silent {
                continue;
            }
            let agent = self.tabs[place].agent;
            for heard in self.tabs[place].socket.listen() {
                match heard {
                    Heard::Frame(frame) => self.tab_hears(place, *frame)?,
                    Heard::End(_) => self.forget_requests_of(Person::Tab(agent)),
                }
            }
        }
        self.tabs.retain(|tab| !tab.socket.is_gone());
        Ok(())
    }

    fn tab_hears(&mut self, place: usize, frame: HubFrame) -> Result<(), Broken> {
        match frame {
            HubFrame::Welcome { agent, .. } => {
                let tab = &mut self.tabs[place];
                tab.welcomed = true;
                if tab.is_revoked {
                    return Err(format!("token {} was revoked, and welcomed", token_id(tab.agent, tab.token)));
                }
                let agent = agent.ok_or("an agent was welcomed without its presence")?;
                self.was_kept(&agent)
            }
            HubFrame::Presence { agent } => self.was_kept(&agent),
            HubFrame::Result { id, result } => self.answered_frame(&id, &result),
            HubFrame::Error { id: Some(id), .. } => {
                self.was_refused(&id);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn boards_listen(&mut self) -> Result<(), Broken> {
        for place in 0..self.boards.len() {
            let board = &mut self.boards[place];
            let Some(socket) = board.socket.as_mut().filter(|_| !board.rests) else { continue };
            for heard in socket.listen() {
                match heard {
                    // What it asked to watch does not exist now: it is closed, and may be opened again.
                    Heard::Frame(frame) if matches!(*frame, HubFrame::Error { .. }) => self.boards[place].socket = None,
                    Heard::Frame(frame) => {
                        self.book.board_is_shown_what_was_kept(&frame)?;
                        self.boards[place].take(*frame).map_err(|broken| format!("board {place}: {broken}"))?;
                    }
                    Heard::End(_) => self.boards[place].socket = None,
                }
            }
        }
        Ok(())
    }

    fn systems_listen(&mut self) -> Result<(), Broken> {
        for place in 0..self.systems.len() {
            let Some(socket) = &mut self.systems[place].socket else { continue };
            for heard in socket.listen() {
                let system = &mut self.systems[place];
                match heard {
                    Heard::Frame(frame) => match *frame {
                        HubFrame::Welcome { seq, .. } => drop(system.known_since.get_or_insert(seq)),
                        HubFrame::OfferWithdrawn { agent_id, work_item_id, .. } => {
                            if system.known_since.is_none() {
                                return Err("a work system was told of an offer before its welcome".to_owned());
                            }
                            system.told.push((agent_id, work_item_id));
                        }
                        HubFrame::Result { id, result } => self.answered_frame(&id, &result)?,
                        HubFrame::Error { id: Some(id), error } if error.code == ErrorCode::Unavailable => {
                            self.was_refused(&id)
                        }
                        HubFrame::Error { id: Some(id), error } => {
                            return Err(format!("request {id} of a work system: {error:?}"));
                        }
                        _ => {}
                    },
                    Heard::End(_) => {
                        system.socket = None;
                        self.forget_requests_of(Person::System(u8::try_from(place).unwrap_or(0)));
                    }
                }
            }
        }
        Ok(())
    }

    fn was_refused(&mut self, id: &Value) {
        self.outstanding.retain(|one| !matches!(one.by, By::Frame(number, _) if json!(number) == *id));
    }

    fn answered_frame(&mut self, id: &Value, result: &Value) -> Result<(), Broken> {
        let place =
            self.outstanding.iter().position(|one| matches!(one.by, By::Frame(number, _) if json!(number) == *id));
        let Some(place) = place else { return Ok(()) };
        let asked = self.outstanding.remove(place).asked;
        self.answered(&asked, 200, result)
    }

    fn requests_listen(&mut self) -> Result<(), Broken> {
        for mut one in std::mem::take(&mut self.outstanding) {
            let By::Http(request) = &mut one.by else {
                self.outstanding.push(one);
                continue;
            };
            match request.listen() {
                Answered::NotYet => self.outstanding.push(one),
                Answered::With(status, body) => self.answered(&one.asked, status, &body)?,
                Answered::Never => self.never_answered(one),
            }
        }
        Ok(())
    }

    fn answered(&mut self, asked: &Asked, status: u16, body: &Value) -> Result<(), Broken> {
        if status == 500 {
            return Err(format!("a request was answered with 500: {body}"));
        }
        match asked {
            Asked::Presence if status == 200 => {
                let agent = self.book.presence_of(body)?;
                self.was_kept(&agent)
            }
            Asked::Events if status == 200 => self.book.events_were_kept(body),
            Asked::Events if !matches!(status, 429 | 503) => {
                Err(format!("an event was answered with {status}: {body}"))
            }
            Asked::Bulk(bulk) if status == 200 => self.bulk_was_kept(bulk, body),
            Asked::Bulk(bulk) => {
                self.bulk_ended(bulk, status);
                Ok(())
            }
            Asked::Writes { ticket, agent } => {
                self.writes.answered(*ticket, status);
                if let Some(agent) = agent.as_ref().filter(|_| status == 201) {
                    *self.acknowledged_creations.entry(agent.clone()).or_default() += 1;
                }
                Ok(())
            }
            Asked::Revocation(agent, token) => {
                if status == 201 {
                    self.revoked.insert((*agent, *token));
                }
                Ok(())
            }
            // A deadline that passed meanwhile may have changed who is eligible.
            Asked::Eligible(asked_at, _) if !self.disk.beyond(*asked_at).is_empty() => Ok(()),
            Asked::Eligible(_, expected) => {
                let items = body["items"].as_array().into_iter().flatten();
                let listed: Vec<&str> = items.filter_map(|item| item["agentId"].as_str()).collect();
                if status != 200 || listed != *expected {
                    return Err(format!("eligible are {expected:?}, and {status} lists {listed:?}"));
                }
                Ok(())
            }
            Asked::Presence | Asked::Events | Asked::Nothing => Ok(()),
        }
    }
}
