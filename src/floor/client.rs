//! One socket to the hub, as any client opens it.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use crate::wire::close::{self, CloseCode};
use crate::wire::shapes::{HubFrame, Role};

/// How long a hub may take to accept a socket and say welcome.
const WELCOME_WITHIN: Duration = Duration::from_secs(20);
/// How long a good-bye may take before the connection is dropped anyway.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Makes a token for a subject in a role; each connection gets a fresh one.
pub type Tokens = Arc<dyn Fn(&str, Role) -> String + Send + Sync>;

/// The address of a hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// Host and port, as `Host` names them.
    pub authority: String,
    /// What to connect to.
    pub address: String,
}

/// The address of a hub is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no address of a hub; http://127.0.0.1:7350 would be (https is not spoken here: name the hub itself, not its proxy)"
)]
pub struct NotAnAddress(String);

impl Hub {
    /// From `http://host:port`.
    ///
    /// # Errors
    /// It is none.
    pub fn at(url: &str) -> Result<Self, NotAnAddress> {
        let wrong = || NotAnAddress(url.to_owned());
        let authority = url.strip_prefix("http://").ok_or_else(wrong)?.trim_end_matches('/');
        let parsed: hyper::http::uri::Authority = authority.parse().map_err(|_| wrong())?;
        if parsed.host().is_empty() || authority.contains('@') {
            return Err(wrong());
        }
        let address = format!("{}:{}", parsed.host(), parsed.port_u16().unwrap_or(80));
        Ok(Self { authority: authority.to_owned(), address })
    }

    /// A connection to it.
    ///
    /// # Errors
    /// Nobody is there.
    pub async fn connect(&self) -> std::io::Result<TcpStream> {
        let tcp = TcpStream::connect(&self.address).await?;
        // Frames are small and wait for answers; gathering them would only delay them.
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }
}

/// What a client should do after its socket was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Back off, then connect again.
    ComeBack,
    /// The credentials are refused.
    RenewCredentials,
    /// This client, as it is, is not wanted.
    StayAway,
}

impl Advice {
    /// What the contract says of a close code; none came if the connection just broke.
    #[must_use]
    pub fn of(code: Option<u16>) -> Self {
        match code.and_then(CloseCode::of).map(CloseCode::advice) {
            Some(close::Advice::Renew) => Self::RenewCredentials,
            Some(close::Advice::GiveUp) => Self::StayAway,
            Some(close::Advice::ComeBack | close::Advice::Later) | None => Self::ComeBack,
        }
    }
}

/// Why there is no socket.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody answers at the address.
    #[error("cannot reach the hub")]
    Unreachable(#[from] std::io::Error),
    /// Somebody answers, but not with a socket.
    #[error("what answers there is no hub that can be used")]
    NoSocket(#[source] Box<Error>),
    /// The hub closed the socket instead of saying welcome.
    #[error("the hub closed the socket with code {code:?}: {message}")]
    Closed {
        /// The close code.
        code: Option<u16>,
        /// What its `error` frame said.
        message: String,
    },
    /// It took too long.
    #[error("the hub did not say welcome in {WELCOME_WITHIN:?}")]
    TooSlow,
}

impl ConnectError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::Closed { code, .. } => Advice::of(*code),
            Self::Unreachable(_) | Self::NoSocket(_) | Self::TooSlow => Advice::ComeBack,
        }
    }
}

/// What came from the hub.
#[derive(Debug)]
pub enum Heard {
    /// A frame, not read yet.
    Frame(Utf8Bytes),
    /// The socket ended, with this code if the hub said good-bye.
    Closed(Option<u16>),
}

/// A live socket. Dropping it breaks the connection without a good-bye.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Opens a socket and waits for the hub's `welcome`, which is returned beside it. `roles` narrows
    /// those of the token.
    ///
    /// # Errors
    /// Why there is none, with what to do about it.
    pub async fn open(hub: &Hub, token: &str, roles: Option<&str>) -> Result<(Self, HubFrame), ConnectError> {
        match tokio::time::timeout(WELCOME_WITHIN, Self::open_at_leisure(hub, token, roles)).await {
            Ok(opened) => opened,
            Err(_) => Err(ConnectError::TooSlow),
        }
    }

    async fn open_at_leisure(hub: &Hub, token: &str, roles: Option<&str>) -> Result<(Self, HubFrame), ConnectError> {
        let no_socket = |error: Error| ConnectError::NoSocket(Box::new(error));
        let tcp = hub.connect().await?;
        let query = roles.map(|roles| format!("?roles={roles}")).unwrap_or_default();
        let mut request = format!("ws://{}/ws{query}", hub.authority).into_client_request().map_err(no_socket)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|error| no_socket(Error::HttpFormat(error.into())))?;
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("presence.v1.json"));
        // Ten thousand of these live in one process: small buffers, and none for writing.
        let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
        let (stream, _) =
            tokio_tungstenite::client_async_with_config(request, tcp, Some(config)).await.map_err(no_socket)?;
        let mut socket = Self { stream };
        let mut said = String::new();
        loop {
            match socket.next().await {
                Heard::Closed(code) => return Err(ConnectError::Closed { code, message: said }),
                Heard::Frame(text) => match serde_json::from_str(&text) {
                    Ok(welcome @ HubFrame::Welcome { .. }) => return Ok((socket, welcome)),
                    Ok(HubFrame::Error { error, .. }) => said = error.message,
                    Ok(_) | Err(_) => {}
                },
            }
        }
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// The connection is lost; [`Socket::next`] says how.
    pub async fn send(&mut self, frame: String) -> Result<(), Box<Error>> {
        self.stream.send(Message::text(frame)).await.map_err(Box::new)
    }

    /// What comes next. Pings are answered on the way. Cancel-safe.
    pub async fn next(&mut self) -> Heard {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Heard::Frame(text),
                Some(Ok(Message::Close(frame))) => {
                    // The answer to the close is written by the next read; without it the hub would wait.
                    let _ = tokio::time::timeout(CLOSE_WITHIN, self.stream.next()).await;
                    return Heard::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }

    /// Says good-bye and hangs up.
    pub async fn close(mut self) {
        let farewell = async {
            if self.stream.close(None).await.is_ok() {
                while let Some(Ok(_)) = self.stream.next().await {}
            }
        };
        // Whether the hub answered or not, the connection ends here.
        let _ = tokio::time::timeout(CLOSE_WITHIN, farewell).await;
    }
}

#[cfg(test)]
mod tests;
