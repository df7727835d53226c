//! Whether the log is the one that this node has followed. One that is too short is found by its end; but an older copy may
//! have gone on meanwhile, and then it has other messages where this node's were.

use async_nats::Client;
use serde::Deserialize;
use serde_json::json;

use super::{Actor, Done};
use crate::domain::time::Timestamp;
use crate::engine::nats::api::{Refused, Said};
use crate::engine::nats::consumer::{Consumer, NotMade};
use crate::engine::nats::following::Witness;

/// How long an answer is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// There is no such message.
const NO_MESSAGE: u32 = 10_037;

/// What was found of the message that this node knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::nats) enum Compared {
    /// It stands there, or has left the stream.
    Same,
    /// Something that was kept later stands at this position.
    Other { position: u64 },
}

#[derive(Deserialize)]
struct Answer {
    error: Option<Said>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    time: String,
}

impl Actor {
    /// A consumer is heard once it is known to be one of the same log.
    pub(super) async fn compare(&mut self, made: (Consumer, u64)) {
        let Some(witness) = self.following.witness.filter(|witness| witness.position >= made.1) else {
            return self.is_compared(made, Ok(Compared::Same)).await;
        };
        let (number, client, stream) = (self.consumers, self.api.client.clone(), self.settings.stream.clone());
        self.jobs.push(Box::pin(async move {
            let compared = compare(&client, &stream, witness).await;
            Done::Compared(number, made, compared)
        }));
    }

    pub(super) async fn is_compared(&mut self, made: (Consumer, u64), compared: Result<Compared, Refused>) {
        match compared {
            Ok(Compared::Same) => {
                let (consumer, first) = made;
                self.following.is_making = false;
                self.following.first = first;
                self.following.consumer = Some(consumer);
                (self.put_back, self.unmade) = (None, 0);
            }
            Ok(Compared::Other { position }) => {
                self.lets_go(made);
                self.over = Some(format!(
                    "the log has another message at {position} than this node knows: an older one was put in its place"
                ));
            }
            Err(refused) => {
                self.lets_go(made);
                self.is_not_made(&NotMade::Refused(refused)).await;
            }
        }
    }

    /// A consumer that nobody will hear.
    pub(super) fn lets_go(&self, (consumer, _): (Consumer, u64)) {
        let (api, name) = (self.api.clone(), consumer.name().to_owned());
        // It goes by itself if it cannot be told.
        tokio::spawn(async move { drop(api.consume_no_more(&name).await) });
    }
}

async fn compare(client: &Client, stream: &str, witness: Witness) -> Result<Compared, Refused> {
    let unheard = |error: String| Refused::Unheard(error);
    let request = json!({ "seq": witness.position }).to_string();
    let asked = client.request(format!("$JS.API.STREAM.MSG.GET.{stream}"), request.into());
    let answer = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|error| unheard(error.to_string()))?,
        Err(_) => return Err(unheard("JetStream does not answer in time".to_owned())),
    };
    let answer: Answer = serde_json::from_slice(&answer.payload).map_err(|error| unheard(error.to_string()))?;
    judge(answer, witness)
}

/// The log's own time never goes back, so the message that this node knows was not kept later than it says.
fn judge(answer: Answer, witness: Witness) -> Result<Compared, Refused> {
    match answer {
        Answer { message: Some(Message { time }), .. } => {
            let at: jiff::Timestamp = time.parse().map_err(|error: jiff::Error| Refused::Unheard(error.to_string()))?;
            let is_later = Timestamp(at.as_millisecond()) > witness.at;
            Ok(if is_later { Compared::Other { position: witness.position } } else { Compared::Same })
        }
        // Whoever was erased has no messages any more.
        Answer { error: Some(Said { err_code: NO_MESSAGE, .. }), .. } => Ok(Compared::Same),
        Answer { error: Some(Said { err_code: code, description }), .. } => Err(Refused::Said { code, description }),
        Answer { error: None, message: None } => {
            Err(Refused::Unheard("JetStream's answer is not understood".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(answer: &str) -> Result<Compared, Refused> {
        let at: jiff::Timestamp = "2026-03-01T10:00:00.123Z".parse().unwrap();
        let witness = Witness { position: 7, at: Timestamp(at.as_millisecond()) };
        judge(serde_json::from_str(answer).unwrap(), witness)
    }

    #[test]
    fn a_message_that_was_kept_later_than_the_known_one_is_of_another_log() {
        let at = |time: &str| judged(&format!("{{\"message\":{{\"seq\":7,\"time\":\"{time}\"}}}}")).unwrap();
        assert_eq!(at("2026-03-01T10:00:00.123999999Z"), Compared::Same);
        assert_eq!(at("2026-03-01T10:00:00.09Z"), Compared::Same, "the log's own time never goes back");
        assert_eq!(at("2026-03-01T10:00:00.124Z"), Compared::Other { position: 7 });
    }

    #[test]
    fn a_message_that_is_gone_says_nothing_and_a_log_that_does_not_answer_is_asked_again() {
        let gone = judged("{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}");
        assert_eq!(gone.unwrap(), Compared::Same);
        let busy = judged("{\"error\":{\"code\":503,\"err_code\":10008,\"description\":\"unavailable\"}}");
        assert!(matches!(busy, Err(Refused::Said { code: 10_008, .. })));
        assert!(matches!(judged("{}"), Err(Refused::Unheard(_))));
    }
}
