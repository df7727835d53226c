//! `presence-hub cluster copy`: the database of a node that serves, fetched over the network.
//!
//! What comes is written beside the database, compared with the checksum that was sent before it, looked over, and held
//! against the cluster's log. Only then it takes the database's place; before, whatever happens leaves the folder as it
//! was.

use std::fs::File;
use std::io::{self, Write as _};
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use clap::Args;
use futures::StreamExt as _;
use hyper::body::Incoming;
use tokio::signal::unix::{SignalKind, signal};

use super::{Exit, Output};
use crate::config::Config;
use crate::engine::embedded::copies::{self, CopyError, Place, Replaces};
use crate::engine::nats::{self, OpenError};
use crate::outbound::WayOut;
use crate::telemetry::WithCauses;
use crate::wire::problem::ProblemDocument;
use std::path::PathBuf;

/// The variable that holds the token: an argument would be seen by everybody on the machine.
const TOKEN: &str = "PRESENCE_HUB_TOKEN";
/// How long nothing may come of a copy that is on its way.
const STALL: Duration = Duration::from_secs(60);
/// The longest refusal that is read.
const MOST_REFUSAL_BYTES: usize = 64 * 1024;

/// `presence-hub cluster copy`
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ClusterCopyArgs {
    /// The address of the node, such as http://10.0.0.1:7350; https:// where it speaks TLS.
    #[arg(value_parser = address)]
    pub from: String,
    /// Put a database that is in the data folder aside.
    #[arg(long)]
    pub replace: bool,
    /// A PEM file with the certificates by which the node is believed, instead of those that the system trusts.
    #[arg(long, value_name = "FILE")]
    pub tls_ca: Option<PathBuf>,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Copy(#[from] CopyError),
    #[error(transparent)]
    Log(#[from] OpenError),
    #[error("{0}")]
    WayOut(String),
    #[error("{from} cannot be asked: {why}; is a hub serving there?")]
    Unreachable { from: String, why: String },
    #[error("{from} refuses ({status}): {why}")]
    Refused { from: String, status: StatusCode, why: String },
    #[error("{from} answers, but not with a database of a hub: it says no {what}")]
    NoCopy { from: String, what: &'static str },
    #[error("the copy broke off after {came} of {bytes} bytes: {why}; nothing is left of it, so begin anew")]
    BrokeOff { came: u64, bytes: u64, why: String },
    #[error("the copy that came is not what {from} sent: its checksum differs; nothing is left of it, so begin anew")]
    Garbled { from: String },
    #[error("the copy has not followed the log `{stream}`: {from} is no node of this cluster")]
    Foreign { from: String, stream: String },
    #[error(
        "the copy goes up to {position}, and the log `{stream}` begins at {first}: fetch that of a node that is current"
    )]
    Behind { position: u64, stream: String, first: u64 },
    #[error("the copy goes up to {position}, and the log `{stream}` ends at {last}: an older log was put in its place")]
    Ahead { position: u64, stream: String, last: u64 },
    #[error("it was stopped; nothing is left of it")]
    Stopped,
}

/// What was fetched.
struct Fetched {
    bytes: u64,
    position: u64,
    aside: Option<PathBuf>,
}

/// `presence-hub cluster copy`, for a hub of a cluster.
///
/// # Errors
/// The output cannot be written.
pub(super) fn copy(args: &ClusterCopyArgs, config: &Config, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(token) = std::env::var(TOKEN).ok().map(|token| token.trim().to_owned()).filter(|token| !token.is_empty())
    else {
        writeln!(
            output.err,
            "there is no token: {TOKEN} must hold one of an administrator who is limited to no teams"
        )?;
        return Ok(Exit::Refused);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ClusterCopyArgs { from, .. } = args;
    match runtime.block_on(until_stopped(fetch(args, &token, config, output))) {
        Ok(Fetched { bytes, position, aside }) => {
            let folder = config.storage.path.display();
            writeln!(output.out, "ok: {folder} holds what {from} does up to position {position}, {bytes} bytes")?;
            if let Some(aside) = aside {
                writeln!(output.out, "what was there is {}", aside.display())?;
            }
            Ok(Exit::Done)
        }
        Err(error) => writeln!(output.err, "{}", WithCauses(&error)).map(|()| Exit::Failed),
    }
}

/// Whoever ends the command finds the folder as it was, too.
async fn until_stopped(fetch: impl Future<Output = Result<Fetched, FetchError>>) -> Result<Fetched, FetchError> {
    let stopped = async {
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            // Then it ends with the process, and what is left is removed by whoever uses the folder next.
            (Err(_), _) | (_, Err(_)) => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = stopped => Err(FetchError::Stopped),
        fetched = fetch => fetched,
    }
}

async fn fetch(
    args: &ClusterCopyArgs,
    token: &str,
    config: &Config,
    output: &mut Output<'_>,
) -> Result<Fetched, FetchError> {
    let ClusterCopyArgs { from, replace, tls_ca } = args;
    let (folder, cluster) = (&config.storage.path, config.node());
    // Taken first, so that nothing comes over the network for a folder that cannot be used.
    let place = Place::take(folder, if *replace { Replaces::PutAside } else { Replaces::Nothing })?;
    let way_out = WayOut::to_a_hub(tls_ca.as_deref()).map_err(FetchError::WayOut)?;
    let epoch = nats::status(&cluster).await?.epoch;
    // What is under way is told beside the result; nobody may be there to read it.
    drop(writeln!(output.err, "{from} makes a copy of its database"));
    let answer = ask(&way_out, from, token, &epoch).await?;
    let Promised { bytes, digest } = promised(from, answer.headers())?;
    let free = copies::free_bytes(folder).map_err(|source| CopyError::File { path: folder.clone(), source })?;
    if free < bytes {
        return Err(CopyError::NoRoom { folder: folder.clone(), free, needed: bytes }.into());
    }
    drop(writeln!(output.err, "{bytes} bytes come"));
    if written(answer.into_body(), &place, bytes).await? != digest {
        return Err(FetchError::Garbled { from: from.clone() });
    }
    if let Some(mistake) = copies::check(place.file())?.mistakes.pop() {
        return Err(CopyError::Damaged { path: place.file().to_owned(), mistake }.into());
    }
    let followed = copies::followed(place.file())?;
    // Asked again: the log went on meanwhile, at both of its ends.
    let log = nats::status(&cluster).await?;
    let stream = log.stream;
    let Some(position) = followed.position.filter(|_| followed.epoch == log.epoch) else {
        return Err(FetchError::Foreign { from: from.clone(), stream });
    };
    if log.first > position + 1 {
        return Err(FetchError::Behind { position, stream, first: log.first });
    }
    if log.last < position {
        return Err(FetchError::Ahead { position, stream, last: log.last });
    }
    Ok(Fetched { bytes, position, aside: place.put()? })
}

/// Asks for the copy; the head of the answer comes once it is made.
async fn ask(way_out: &WayOut, from: &str, token: &str, epoch: &str) -> Result<Response<Incoming>, FetchError> {
    let unreachable = |why: String| FetchError::Unreachable { from: from.to_owned(), why };
    let epoch: String = form_urlencoded::byte_serialize(epoch.as_bytes()).collect();
    let request = Request::get(format!("{from}/api/v1/cluster/database?epoch={epoch}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::USER_AGENT, "presence-hub")
        .body(Body::empty());
    let request = request.map_err(|error| unreachable(error.to_string()))?;
    let answer = way_out.send(request).await.map_err(unreachable)?;
    if answer.status() == StatusCode::OK {
        return Ok(answer);
    }
    let status = answer.status();
    let body = axum::body::to_bytes(Body::new(answer.into_body()), MOST_REFUSAL_BYTES).await.unwrap_or_default();
    Err(FetchError::Refused { from: from.to_owned(), status, why: why(&body) })
}

/// What a refusal says.
fn why(body: &[u8]) -> String {
    let problem: Result<ProblemDocument, _> = serde_json::from_slice(body);
    problem.map_or_else(|_| "it says no more".to_owned(), |problem| problem.detail)
}

/// What the head of an answer says of the copy.
struct Promised {
    bytes: u64,
    /// Its SHA-256.
    digest: Vec<u8>,
}

fn promised(from: &str, headers: &HeaderMap) -> Result<Promised, FetchError> {
    let said = |name: &str| headers.get(name)?.to_str().ok();
    let without = |what| FetchError::NoCopy { from: from.to_owned(), what };
    let bytes = said("content-length").and_then(|bytes| bytes.parse().ok()).ok_or_else(|| without("size"))?;
    let digest = said("repr-digest").and_then(|said| said.strip_prefix("sha-256=:")?.strip_suffix(':'));
    let digest = digest.and_then(|digest| STANDARD.decode(digest).ok()).ok_or_else(|| without("checksum"))?;
    Ok(Promised { bytes, digest })
}

/// Writes what comes, piece by piece. Returns the SHA-256 of it.
async fn written(body: Incoming, place: &Place, bytes: u64) -> Result<Vec<u8>, FetchError> {
    let mut file = place.begin()?;
    let (mut digest, mut came) = (Context::new(&SHA256), 0);
    let mut pieces = Body::new(body).into_data_stream();
    while came < bytes {
        let broke_off = |why: String| FetchError::BrokeOff { came, bytes, why };
        let piece = match tokio::time::timeout(STALL, pieces.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(Some(Err(error))) => return Err(broke_off(WithCauses(&error).to_string())),
            Ok(None) => return Err(broke_off("the hub sent no more".to_owned())),
            Err(_) => return Err(broke_off(format!("nothing came for {} s", STALL.as_secs()))),
        };
        digest.update(&piece);
        came += keep(&mut file, place, &piece)?;
    }
    Ok(digest.finish().as_ref().to_vec())
}

fn keep(file: &mut File, place: &Place, piece: &Bytes) -> Result<u64, FetchError> {
    let written = file.write_all(piece).map_err(|source| CopyError::File { path: place.file().to_owned(), source });
    Ok(written.map(|()| piece.len() as u64)?)
}

/// The address of a hub, without a slash at its end.
fn address(text: &str) -> Result<String, String> {
    let right = || "the address of a node, such as http://10.0.0.1:7350 or https://hub1.example:7350".to_owned();
    let uri: Uri = text.parse().map_err(|_| right())?;
    let is_known = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_known || uri.authority().is_none_or(|authority| authority.as_str().contains('@')) || uri.query().is_some() {
        return Err(right());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_a_hub_and_holds_no_secret() {
        assert_eq!(address("http://10.0.0.1:7350/").unwrap(), "http://10.0.0.1:7350");
        assert_eq!(address("https://hub.example/below").unwrap(), "https://hub.example/below");
        for wrong in ["10.0.0.1:7350", "ftp://10.0.0.1", "http://root:secret@10.0.0.1", "http://10.0.0.1/?token=x", ""]
        {
            address(wrong).unwrap_err();
        }
    }
}
