//! What a node does that is cut off from the cluster's log: its agents are better off on a node that is not.
//!
//! It asks the others, past the log, whether they serve. If one does, it sends its agents there. If they answer and none
//! serves, the log is down for all of them, and everybody stays where they are. If none answers for long, it is this node
//! that nobody reaches.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::time::Instant;
use tracing::warn;

use crate::engine::Members;
use crate::outbound::WayOut;

/// How often a node looks whether it is current.
const LOOKS_EVERY: Duration = Duration::from_millis(250);
/// How long another one serves before it is this node that is cut off: when the log has a leader again, some hear of it
/// sooner than others, and whoever makes a consumer anew may wait for an answer in vain before.
const SERVES_FOR: Duration = Duration::from_secs(3);
/// How long it waits for an answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long nobody answers before it gives up.
const ALONE_AFTER: Duration = Duration::from_secs(7);

/// What the others say.
enum Others {
    /// One of them serves.
    Serve(String),
    /// They answer, and none serves.
    DoNot,
    /// None answers.
    Silent,
    /// None has said where it is.
    Unknown,
}

/// Returns once this node should send its agents away, and says why.
pub async fn watch(members: Members, silent_after: Duration) -> String {
    let way_out = WayOut::new();
    let mut ticks = tokio::time::interval(LOOKS_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut serving, mut alone): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        ticks.tick().await;
        if members.is_current() {
            (serving, alone) = (None, None);
            continue;
        }
        match ask(&way_out, &members).await {
            Others::Serve(address) => {
                alone = None;
                if serving.get_or_insert_with(Instant::now).elapsed() >= SERVES_FOR {
                    return format!("{address} serves, and this node does not hear the log");
                }
            }
            Others::DoNot | Others::Unknown => (serving, alone) = (None, None),
            Others::Silent => {
                serving = None;
                let since = *alone.get_or_insert_with(Instant::now);
                if since.elapsed() >= ALONE_AFTER {
                    let seconds = (silent_after + ALONE_AFTER).as_secs();
                    return format!("neither the log nor another node has answered for {seconds} seconds");
                }
            }
        }
    }
}

async fn ask(way_out: &WayOut, members: &Members) -> Others {
    let addresses = members.addresses();
    if addresses.is_empty() {
        return Others::Unknown;
    }
    let asked = addresses.into_iter().map(|address| async move { (is_ready(way_out, &address).await, address) });
    let answers = futures::future::join_all(asked).await;
    let ready = answers.iter().find(|(answer, _)| *answer == Some(StatusCode::OK));
    match ready {
        Some((_, address)) => Others::Serve(address.clone()),
        None if answers.iter().any(|(answer, _)| answer.is_some()) => Others::DoNot,
        None => Others::Silent,
    }
}

async fn is_ready(way_out: &WayOut, address: &str) -> Option<StatusCode> {
    let request = Request::get(format!("{}/readyz", address.trim_end_matches('/'))).body(Body::empty());
    let request = request.inspect_err(|error| warn!(address, %error, "another node's address is none")).ok()?;
    match tokio::time::timeout(PATIENCE, way_out.send(request)).await {
        Ok(Ok(answer)) => Some(answer.status()),
        Ok(Err(_)) | Err(_) => None,
    }
}
