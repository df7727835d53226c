//! What a simulated node has sent, and what the log says of it.

use std::time::Duration;

use tokio::time::Instant;

use super::{Node, Waiting};
use crate::engine::Outcome;
use crate::engine::embedded::ordered::seq_of;
use crate::engine::shared::log::{Judged, Says, Sent};
use crate::engine::words::{By, DECLARED_GONE};

/// How often something is sent again that the log could not judge, and how soon: later each time.
const TRIES: u8 = 5;
const AGAIN_AFTER: Duration = Duration::from_millis(2);

/// Something that was sent.
pub(super) struct OnItsWay {
    pub at: Instant,
    pub what: Waiting,
    says: Says,
    last: u64,
    tries: u8,
}

impl Node {
    pub(super) fn sends(&mut self, says: Says, last: u64, what: Waiting) -> u64 {
        let number = self.disk.lock().number();
        let on_its_way = OnItsWay { at: Instant::now(), what, says, last, tries: 0 };
        self.hands_over(number, &on_its_way);
        self.sent.insert(number, on_its_way);
        number
    }

    fn hands_over(&self, number: u64, OnItsWay { says, last, .. }: &OnItsWay) {
        let (node, boot) = self.nodes.own;
        let at = self.born.0 + self.born.1.elapsed();
        let sent = Sent { by: By { node, boot, number }, says: says.clone(), last: *last, at };
        self.disk.lock().sends(sent);
    }

    /// Sends something again after a moment; after some tries it is refused. It was not kept.
    fn again(&mut self, number: u64) {
        let Some(sent) = self.sent.get_mut(&number) else { return };
        if sent.tries < TRIES {
            sent.tries += 1;
            self.again.insert((Instant::now() + AGAIN_AFTER * u32::from(sent.tries), number));
            return;
        }
        match self.sent.remove(&number).map(|sent| sent.what) {
            Some(Waiting::Append(_, Some(release))) => release.with(Outcome::Unavailable),
            Some(Waiting::Beside(Some(reply))) => reply.refuse("the log does not keep it now"),
            Some(Waiting::Append(_, None) | Waiting::Beside(None) | Waiting::Word | Waiting::Nobody) | None => {}
        }
    }

    /// When something is to be sent again.
    pub(in crate::engine::shared) fn sends_again_at(&self) -> Option<Instant> {
        self.again.first().map(|(at, _)| *at)
    }

    pub(super) fn sends_again(&mut self) {
        while self.sends_again_at().is_some_and(|at| at <= Instant::now()) {
            let number = self.again.pop_first().map_or(0, |(_, number)| number);
            if let Some(sent) = self.sent.get(&number) {
                self.hands_over(number, sent);
            }
        }
    }

    pub(super) fn is_judged(&mut self, number: u64, judged: Judged) {
        match (judged, self.sent.get(&number).map(|sent| &sent.what)) {
            (Judged::Undecided, Some(_)) => self.again(number),
            (Judged::Kept { position }, Some(Waiting::Word)) => self.nodes.last = self.nodes.last.max(position),
            // A mark that is refused says that something else was kept as this node's last word. The log is asked.
            (Judged::Overtaken { .. }, Some(Waiting::Word)) => {
                self.sent.remove(&number);
                self.sends(Says::LastWord(self.nodes.own.0), 0, Waiting::Nobody);
            }
            (Judged::LastWord(word), _) => {
                self.sent.remove(&number);
                if !self.nodes.last_word_is(word.as_ref().map(|(position, by, word)| (*position, *by, word))) {
                    self.over = Some(DECLARED_GONE.to_owned());
                }
            }
            (Judged::Overtaken { last }, Some(_)) => self.is_overtaken(number, last),
            // Whoever waits goes when it has come out of the log.
            (Judged::Kept { .. }, Some(_))
            | (Judged::Undecided | Judged::Overtaken { .. } | Judged::Kept { .. }, None) => {}
        }
    }

    fn is_overtaken(&mut self, number: u64, last: u64) {
        let Some(sent) = self.sent.get_mut(&number) else { return };
        if last == 0 && sent.last > 0 {
            // What was expected has left the log, or was erased.
            self.first = self.disk.lock().log.first();
            if sent.last < self.first {
                sent.last = 0;
                return self.again(number);
            }
        }
        if let Some(OnItsWay { what: Waiting::Append(_, Some(release)), .. }) = self.sent.remove(&number) {
            release.with(Outcome::Conflict { newest: seq_of(last, 0) });
        }
    }
}
