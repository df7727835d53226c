//! The first words of a boot, and the last ones of others.

use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

use super::OpenError;
use crate::engine::nats::actor::Actor;
use crate::engine::nats::api::{Api, Found, Refused};
use crate::engine::nats::appends::{Guard, Judged, Sent, Waiting};
use crate::engine::nats::message::{self, Says};
use crate::engine::nats::settings::Settings;
use crate::engine::words::Word;

/// How long a word may take to be kept.
const KEPT_WITHIN: Duration = Duration::from_secs(10);
/// How long the log is waited for while it has no leader.
pub(super) const ELECTION: Duration = Duration::from_secs(30);
/// So often a word of a number may be followed by another one before the number is taken. What was sent before a hub was
/// killed is kept at once, or with the end of an election; both at most.
const LATE_WORDS: u32 = 2;
/// How soon it is asked again.
pub(super) const AGAIN: Duration = Duration::from_millis(500);

/// The last word of a number, if there is one, and how often more it may be heard before it is taken for that of a node
/// that lives.
pub(super) struct Number<'a> {
    api: &'a Api,
    own: &'a str,
    settings: &'a Settings,
    left: u32,
}

impl<'a> Number<'a> {
    /// The number of these settings, whose words have this subject.
    pub fn of(api: &'a Api, own: &'a str, settings: &'a Settings) -> Self {
        Self { api, own, settings, left: LATE_WORDS }
    }

    /// The last word, once it stands still for longer than between two marks. A hub that was killed may be heard for a
    /// moment more, one that lives goes on.
    pub async fn last_word(&mut self) -> Result<Option<(Found, Word)>, OpenError> {
        let mut last = self.ask().await?;
        while last.as_ref().is_some_and(|(_, word)| !word.is_the_end()) {
            tokio::time::sleep(self.settings.silent_after / 2).await;
            let again = self.ask().await?;
            let position = |last: &Option<(Found, Word)>| last.as_ref().map(|(found, _)| found.position);
            let stands_still = position(&again) == position(&last);
            last = again;
            if stands_still {
                break;
            }
            self.was_heard()?;
        }
        Ok(last)
    }

    /// It was heard since.
    pub fn was_heard(&mut self) -> Result<(), OpenError> {
        self.left = self.left.checked_sub(1).ok_or(OpenError::NumberTaken { node: self.settings.node })?;
        Ok(())
    }

    async fn ask(&self) -> Result<Option<(Found, Word)>, OpenError> {
        let found = patiently(|| self.api.last(self.own)).await;
        let unusable =
            |error: Refused| OpenError::Stream { stream: self.settings.stream.clone(), error: error.to_string() };
        Ok(found.map_err(unusable)?.and_then(|found| word_of(&found).map(|word| (found, word))))
    }
}

/// Asks until there is an answer: the log may have no leader for some seconds.
pub(super) async fn patiently<T, F: Future<Output = Result<T, Refused>>>(
    mut ask: impl FnMut() -> F,
) -> Result<T, Refused> {
    let until = Instant::now() + ELECTION;
    loop {
        match ask().await {
            Err(refused @ Refused::Unheard(_)) if Instant::now() < until => {
                warn!(%refused, "the cluster's log cannot be asked yet");
                tokio::time::sleep(AGAIN).await;
            }
            answer => return answer,
        }
    }
}

fn word_of(found: &Found) -> Option<Word> {
    match message::read(&found.payload) {
        Ok((_, Says::Word(word))) => Some(word),
        Ok(_) | Err(_) => None,
    }
}

/// Begins the boot. Returns the word's position; none if somebody has said a word under this number meanwhile.
pub(super) async fn say_up(actor: &mut Actor, own: &str, up: &Word, last: u64) -> Result<Option<u64>, OpenError> {
    let stream = actor.settings.stream.clone();
    let unusable = |error: String| OpenError::Stream { stream: stream.clone(), error };
    actor.nodes.own.1 = up.boot();
    let number = actor.appends.number();
    let payload = message::of_word(actor.by(number), up);
    actor.nodes.own.1 = 0;
    let guard = Some(Guard { last, group: None });
    let at = Instant::now();
    let sent = Sent { what: Waiting::Gone, subject: own.to_owned(), payload, guard, tries: 0, at };
    if actor.appends.send(number, sent).await.is_err() {
        return Err(unusable("the connection is gone".to_owned()));
    }
    let answered = async {
        loop {
            match actor.appends.answer().await {
                Some((answered, judged)) if answered == number => return judged,
                Some(_) => {}
                None => return Judged::Nobody,
            }
        }
    };
    match tokio::time::timeout(KEPT_WITHIN, answered).await {
        Ok(Judged::Kept { position }) => {
            actor.nodes.sent_up(number, at);
            Ok(Some(position))
        }
        Ok(Judged::Overtaken { .. }) => Ok(None),
        Ok(other) => Err(unusable(format!("{other:?}"))),
        Err(_) => Err(unusable("it does not answer in time".to_owned())),
    }
}

/// The last words of all other nodes.
pub(super) async fn other_words(api: &Api, own: u16) -> Result<Vec<(u16, Found, Word)>, Refused> {
    let mut words = every_word(api).await?;
    words.retain(|(node, ..)| *node != own);
    Ok(words)
}

/// The last word of each node, by number.
pub(in crate::engine::nats) async fn every_word(api: &Api) -> Result<Vec<(u16, Found, Word)>, Refused> {
    let mut words = Vec::new();
    for subject in api.nodes().await? {
        let node = subject.rsplit('.').next().and_then(|node| node.parse().ok());
        let Some(node) = node else { continue };
        if let Some(found) = api.last(&subject).await?
            && let Some(word) = word_of(&found)
        {
            words.push((node, found, word));
        }
    }
    words.sort_by_key(|(node, ..)| *node);
    Ok(words)
}
