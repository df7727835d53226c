//! What those who use the nodes hear, and what they make of it.

use presence_hub::identity::Role;
use presence_hub::wire::shapes::{AgentPresence, HubFrame};
use serde_json::{Value, json};

use super::people::Asked;
use super::world::World;
use crate::book::Broken;
use crate::client::{Answered, Heard, Socket};

/// The close codes after which a page comes back by itself: the hub restarts, it was too slow, the hub heard nothing of it.
const COMES_BACK_AFTER: [u16; 5] = [1001, 1012, 1013, 4408, 4411];

impl World {
    /// Everyone who can listen does.
    pub fn listen(&mut self) -> Result<(), Broken> {
        self.read_log()?;
        self.pages_listen()?;
        self.boards_listen()?;
        for mut one in std::mem::take(&mut self.requests) {
            match one.request.listen() {
                Answered::NotYet => self.requests.push(one),
                Answered::With(status, body) => self.answered(&one.asked, status, &body)?,
                Answered::Never => self.never_answered(&one.asked),
            }
        }
        Ok(())
    }

    fn pages_listen(&mut self) -> Result<(), Broken> {
        for place in 0..self.pages.len() {
            let page = &mut self.pages[place];
            let Some(socket) = page.socket.as_mut().filter(|_| !page.silent) else { continue };
            let heard = socket.listen();
            let is_gone = socket.is_gone();
            let mut code = None;
            for heard in heard {
                match heard {
                    Heard::Frame(frame) => self.page_hears(place, *frame)?,
                    Heard::End(ended) => code = ended,
                }
            }
            if is_gone && code.is_none_or(|code| COMES_BACK_AFTER.contains(&code)) {
                self.loses_its_node(place);
            } else if is_gone {
                self.pages[place].over = true;
            }
        }
        // Of a page that says nothing nobody hears that its socket has ended.
        self.pages.retain(|page| !page.over);
        Ok(())
    }

    fn page_hears(&mut self, place: usize, frame: HubFrame) -> Result<(), Broken> {
        match frame {
            HubFrame::Welcome { agent, .. } => {
                let agent = agent.ok_or("an agent was welcomed without its presence")?;
                if self.pages[place].is_revoked {
                    return Err(format!("a token of {} was revoked, and welcomed", agent.agent_id));
                }
                self.book.was_shown(&agent)?;
                self.came_back_unnoticed(place, &agent)?;
                let page = &mut self.pages[place];
                (page.welcomed, page.lost) = (true, None);
                Ok(())
            }
            HubFrame::Presence { agent } => self.book.was_shown(&agent),
            HubFrame::Result { result, .. } => match serde_json::from_value::<AgentPresence>(result) {
                Ok(agent) => self.book.was_shown(&agent),
                Err(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn boards_listen(&mut self) -> Result<(), Broken> {
        for place in 0..self.boards.len() {
            if self.boards[place].socket.is_none() {
                let token = self.token("supervisor", Role::Supervisor);
                let Some(wire) = self.places[place].connects() else { continue };
                let board = &mut self.boards[place];
                let mut socket = Socket::open(wire, &token, "");
                socket.say(&board.watch(&json!({}), &json!(["capacity", "workItems"])));
                board.socket = Some(socket);
            }
            let Some(socket) = self.boards[place].socket.as_mut() else { continue };
            for heard in socket.listen() {
                match heard {
                    Heard::Frame(frame) if matches!(*frame, HubFrame::Error { .. }) => {}
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

    /// Nobody will answer this: whether it was applied is not known.
    pub fn never_answered(&mut self, asked: &Asked) {
        match asked {
            Asked::Writes(ticket) => self.writes.answered(*ticket, 500),
            Asked::Events(time) => self.event_ends(time, true),
            Asked::Presence | Asked::Revocation(_) | Asked::Nothing => {}
        }
    }

    fn answered(&mut self, asked: &Asked, status: u16, body: &Value) -> Result<(), Broken> {
        if status == 500 {
            return Err(format!("a request was answered with 500: {body}"));
        }
        match asked {
            Asked::Presence if status == 200 => {
                let agent = self.book.presence_of(body)?;
                self.book.was_shown(&agent)
            }
            Asked::Events(time) => {
                let results = || body["results"].as_array().into_iter().flatten();
                let happened = |result: &Value| matches!(result["status"].as_str(), Some("applied" | "duplicate"));
                let is_unknown = |said: &Value| said["code"] == "outcome_unknown";
                let may = is_unknown(body) || results().any(|result| happened(result) || is_unknown(result));
                self.event_ends(time, may);
                match status {
                    200 => self.book.events_were_kept(body),
                    429 | 503 => Ok(()),
                    _ => Err(format!("an event was answered with {status}: {body}")),
                }
            }
            Asked::Writes(ticket) => {
                // It says that nothing was changed.
                let is_refused = status == 503 && body["code"] == "unavailable";
                self.writes.answered(*ticket, if is_refused { 400 } else { status });
                Ok(())
            }
            Asked::Revocation(token) => {
                if status == 201 {
                    self.revoked.entry(token.clone()).or_insert(self.read);
                }
                Ok(())
            }
            Asked::Presence | Asked::Nothing => Ok(()),
        }
    }

    fn event_ends(&mut self, time: &str, may_have_happened: bool) {
        let sends = self.events.entry(time.to_owned()).or_default();
        sends.open -= 1;
        sends.may_have_happened |= may_have_happened;
    }
}
