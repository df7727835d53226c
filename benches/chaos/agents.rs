//! Agents with live sockets, who try the next hub at once when theirs is gone.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::client::{Socket, token};
use crate::network::MACHINES;
use crate::record::{Ack, Attempt, End, Life, Random, Record, count, now};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_millis(800);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// How long an agent stays away that comes back within the restart grace, and one that does not.
const SHORT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(18);
/// How often an agent chooses a presence, and how often one that has a bad network loses it.
const CHOOSES_EVERY: usize = 20_000;
const DROPS_EVERY: usize = 15_000;
const CHOICES: [&str; 3] = ["available", "away", "do-not-disturb"];

/// What an agent does when its hub goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Comes back at once, and chooses presences.
    Steady,
    /// Its own network is bad besides.
    Restless,
    /// Comes back after a while, within the grace.
    Late,
    /// Comes back after the grace.
    Away,
}

/// How far the run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Everyone works.
    Load,
    /// Nobody does anything any more but to stay connected.
    Quiet,
    /// It is over.
    Over,
}

/// An agent.
pub struct Agent {
    pub name: String,
    pub kind: Kind,
    pub hub: usize,
    pub addresses: [String; MACHINES],
    pub record: Record,
    pub random: Random,
    pub phase: watch::Receiver<Phase>,
    /// How many are connected.
    pub connected: watch::Sender<usize>,
}

impl Agent {
    /// Lives to the end of the run.
    pub async fn live(mut self) -> anyhow::Result<()> {
        let token = token(&self.name, &["agent"])?;
        let mut pause = FIRST_PAUSE;
        let mut over = self.phase.clone();
        let mut over = std::pin::pin!(async move { over.wait_for(|phase| *phase == Phase::Over).await.is_ok() });
        loop {
            self.record.attempts.lock().push(Attempt { agent: self.name.clone(), at: now() });
            let opened = tokio::select! {
                opened = Socket::open(&self.addresses[self.hub], &token) => opened,
                _ = &mut over => return Ok(()),
            };
            if opened.as_ref().is_err_and(|error| error.is::<tokio::time::error::Elapsed>()) {
                self.record.given_up.lock().push(Attempt { agent: self.name.clone(), at: now() });
            }
            let Ok((mut socket, _)) = opened else {
                self.hub = (self.hub + 1) % MACHINES;
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            };
            pause = FIRST_PAUSE;
            let opened = now();
            self.connected.send_modify(|connected| *connected += 1);
            let end = tokio::select! {
                end = self.works(&mut socket) => end,
                _ = &mut over => End::Open,
            };
            self.connected.send_modify(|connected| *connected -= 1);
            let life = Life { agent: self.name.clone(), hub: self.hub, opened, heard: socket.heard, ended: now(), end };
            self.record.lives.lock().push(life);
            match end {
                End::Open => return Ok(()),
                End::Dropped => {
                    socket.drop_it();
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                End::Closed(_) | End::Lost | End::Silent => {
                    drop(socket);
                    self.hub = (self.hub + 1) % MACHINES;
                    let away = match self.kind {
                        Kind::Steady | Kind::Restless => Duration::ZERO,
                        Kind::Late => SHORT,
                        Kind::Away => LONG,
                    };
                    tokio::time::sleep(away).await;
                }
            }
        }
    }

    /// Until the socket ends.
    async fn works(&mut self, socket: &mut Socket) -> End {
        let mut phase = self.phase.clone();
        let mut chooses = Instant::now() + self.soon(CHOOSES_EVERY);
        let drops = Instant::now() + self.soon(DROPS_EVERY);
        let mut sent: Option<i64> = None;
        loop {
            let is_loaded = *phase.borrow() == Phase::Load;
            let is_restless = self.kind == Kind::Restless && is_loaded;
            tokio::select! {
                frame = socket.next() => match frame {
                    Ok(frame) => {
                        if frame["id"] == "choice" {
                            self.hears(&frame, sent.take());
                        }
                    }
                    Err(end) => return end,
                },
                () = tokio::time::sleep_until(chooses), if is_loaded && sent.is_none() => {
                    chooses = Instant::now() + self.soon(CHOOSES_EVERY);
                    let presence = CHOICES[self.random.below(CHOICES.len())];
                    count(&self.record.counts.commands);
                    sent = Some(now());
                    let frame = json!({ "type": "setPresence", "id": "choice", "presenceId": presence });
                    if let Err(end) = socket.send(&frame).await {
                        return end;
                    }
                }
                () = tokio::time::sleep_until(drops), if is_restless => return End::Dropped,
                _ = phase.changed() => {}
            }
        }
    }

    fn hears(&self, frame: &Value, sent: Option<i64>) {
        let counts = &self.record.counts;
        let result = &frame["result"];
        match (frame["type"] == "result", frame["error"]["code"].as_str(), result["version"].as_u64(), sent) {
            (true, _, Some(version), Some(sent)) => self.record.acks.lock().push(Ack {
                agent: self.name.clone(),
                operation: None,
                version,
                seq: result["seq"].as_u64(),
                sent,
                answered: now(),
                hub: self.hub,
                answer: frame.to_string(),
            }),
            (_, Some("unavailable"), ..) => count(&counts.unavailable),
            (_, Some("outcome_unknown"), ..) => count(&counts.unknown),
            (_, _, None, _) | (false, ..) | (_, _, _, None) => count(&counts.refused),
        }
    }

    fn soon(&mut self, average: usize) -> Duration {
        Duration::from_millis(self.random.below(2 * average) as u64)
    }
}
