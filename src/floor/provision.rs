//! Prepares the hub for the floor, in the name of an administrator and of the work system.

use futures::future::try_join_all;
use hyper::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

use super::cast;
use super::client::Hub;
use super::http::{Answer, Http, HttpError};

/// Records in one request.
const AT_ONCE: u32 = 500;
/// Connections that tell the hub what each agent works on.
const SIDE_BY_SIDE: u32 = 8;

/// Why the floor cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// There is no answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The credentials are not believed.
    #[error(
        "the hub refuses the credentials ({0}); name the settings that it runs with by --config, or their HS256 secret by --secret"
    )]
    Credentials(StatusCode),
    /// Anything else than success.
    #[error("{method} {path} was answered {status}: {body}")]
    Refused {
        /// What was asked.
        method: Method,
        /// Of whom.
        path: String,
        /// The answer's status.
        status: StatusCode,
        /// Its text.
        body: String,
    },
}

/// Writes presences, profiles, workstreams and agents as they should be.
pub async fn provision(hub: &Hub, admin: &str, seed: u64, agents: u32) -> Result<(), ProvisionError> {
    let mut http = Http::new(hub.clone(), admin.to_owned());
    for presence in cast::presences() {
        put(&mut http, &format!("/api/v1/presences/{}", presence.presence_id), &presence).await?;
    }
    for profile in cast::profiles() {
        put(&mut http, &format!("/api/v1/capacity-profiles/{}", profile.profile_id), &profile).await?;
    }
    for workstream in cast::workstreams() {
        put(&mut http, &format!("/api/v1/workstreams/{}", workstream.workstream_id), &workstream).await?;
    }
    let mut from = 0;
    while from < agents {
        let to = agents.min(from + AT_ONCE);
        let items: Vec<_> = (from..to).map(|index| cast::agent(seed, index)).collect();
        put(&mut http, "/api/v1/agents", &json!({ "items": items })).await?;
        from = to;
    }
    Ok(())
}

/// An earlier floor may have stopped in the middle of its work: tells the hub that nobody has any.
pub async fn clear_desks(hub: &Hub, integration: &str, agents: u32) -> Result<(), ProvisionError> {
    let nothing: Value = json!({ "items": [] });
    let lanes = (0..SIDE_BY_SIDE).map(|lane| {
        let (mut http, nothing) = (Http::new(hub.clone(), integration.to_owned()), &nothing);
        async move {
            for index in (lane..agents).step_by(SIDE_BY_SIDE as usize) {
                put(&mut http, &format!("/api/v1/agents/{}/work-items", cast::agent_id(index)), nothing).await?;
            }
            Ok::<(), ProvisionError>(())
        }
    });
    try_join_all(lanes).await.map(|_| ())
}

async fn put(http: &mut Http, path: &str, body: &impl Serialize) -> Result<(), ProvisionError> {
    let Answer { status, body } = http.send(Method::PUT, path, body).await?;
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ProvisionError::Credentials(status)),
        status if status.is_success() => Ok(()),
        status => {
            let body = String::from_utf8_lossy(&body).into_owned();
            Err(ProvisionError::Refused { method: Method::PUT, path: path.to_owned(), status, body })
        }
    }
}
