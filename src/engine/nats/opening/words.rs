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
/// How soon it is asked again.
pub(super) const AGAIN: Duration = Duration::from_millis(500);

/// This node's last word, if there is one. Refuses to take the number of a node that goes on marking.
pub(super) async fn last_word(api: &Api, own: &str, settings: &Settings) -> Result<Option<(Found, Word)>, OpenError> {
    let unusable = |error: Refused| OpenError::Stream { stream: settings.stream.clone(), error: error.to_string() };
    let Some(found) = patiently(|| api.last(own)).await.map_err(unusable)? else { return Ok(None) };
    let word = word_of(&found);
    if matches!(word, Some(Word::Up { .. } | Word::Mark { .. })) {
        // Two marks and more.
        tokio::time::sleep(settings.silent_after / 2).await;
        let again = patiently(|| api.last(own)).await.map_err(unusable)?;
        if again.is_some_and(|again| again.position != found.position && is_alive(&again)) {
            return Err(OpenError::NumberTaken { node: settings.node });
        }
        let again = patiently(|| api.last(own)).await.map_err(unusable)?;
        return Ok(again.and_then(|found| word_of(&found).map(|word| (found, word))));
    }
    Ok(word.map(|word| (found, word)))
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

fn is_alive(found: &Found) -> bool {
    matches!(word_of(found), Some(Word::Up { .. } | Word::Mark { .. }))
}

/// Begins the boot, unless somebody else has said a word under this number. Returns the word's position.
pub(super) async fn say_up(actor: &mut Actor, own: &str, up: &Word, last: u64) -> Result<u64, OpenError> {
    let node = actor.settings.node;
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
            Ok(position)
        }
        Ok(Judged::Overtaken { .. }) => Err(OpenError::NumberTaken { node }),
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
