//! The floor: what telling watchers takes when nothing is kept and nothing decided.
//!
//! One thread, and a task per connection that only reads. Every tick the newest entry of each agent
//! that changed is encoded, once, into one frame; that frame is framed by hand and written to one
//! watcher's socket after the other. The handshake and the reading are tungstenite's.

#![allow(clippy::disallowed_methods, reason = "a server that is measured reads the clock itself")]

mod outlet;
mod room;
mod signs;

use std::cell::RefCell;
use std::convert::Infallible;
use std::io::{ErrorKind, Write};
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{Builder, LocalOptions};
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use outlet::Socket;
use room::{Choice, Room, welcome};
pub use signs::SIGNS;
use signs::Signs;

/// For how long changes are gathered.
pub const TICK: Duration = Duration::from_millis(10);
/// Connections that wait to be accepted: as many as the hub lets wait.
const BACKLOG: u32 = 4096;
/// What the kernel keeps for a socket that does not read: as much as for one of the hub's.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// What a connection reads at once, and keeps for as long as it lives.
const READ_BUFFER_BYTES: usize = 1024;
/// The most that a client may say at once.
const MAX_FRAME_BYTES: usize = 64 * 1024;

/// The room, as the tasks of one thread share it.
type Shared = Rc<RefCell<Room>>;

/// Serves on a free port of loopback, and says which in one line on standard output. Changes are told with each tick;
/// without one, at once.
///
/// # Errors
/// What keeps the floor from serving; it does not end otherwise.
pub fn serve(tick: Option<Duration>) -> anyhow::Result<Infallible> {
    presence_hub::server::raise_file_limit();
    let runtime = Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
    runtime.block_on(async {
        let listener = listen()?;
        writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;
        let room: Shared = Rc::new(RefCell::new(Room::telling_at_once(tick.is_none())));
        let signs = Rc::new(Signs::as_asked());
        tokio::task::spawn_local(tell(room.clone(), signs.clone(), tick.unwrap_or(TICK)));
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::task::spawn_local(hold(stream, room.clone(), signs.clone()))),
                // The client was faster.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error.into()),
            }
        }
    })
}

fn listen() -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    socket.listen(BACKLOG)
}

/// Tells the watchers, for ever.
async fn tell(room: Shared, signs: Rc<Signs>, tick: Duration) {
    let mut ticks = tokio::time::interval(tick);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        room.borrow_mut().tell();
        signs.ask_some();
    }
}

/// Who comes in, as the query says it.
#[derive(Deserialize)]
#[serde(tag = "role", rename_all = "camelCase")]
enum Visitor {
    Watcher,
    Member { id: String },
}

/// What a member says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Heard {
    SetPresence { id: u64, presence_id: String },
}

/// One connection, from its handshake to its end.
async fn hold(stream: TcpStream, room: Shared, signs: Rc<Signs>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (socket, outlet) = Socket::new(stream);
    // Boxed, so that the task of a connection is not as large as its handshake.
    let Some((visitor, mut frames)) = Box::pin(shake_hands(socket)).await else { return };
    outlet.send(welcome());
    signs.are_asked_of(&outlet);
    match visitor {
        Visitor::Watcher => {
            let watcher = room.borrow_mut().add_watcher(outlet.clone());
            while let Some(Ok(_)) = frames.next().await {}
            room.borrow_mut().remove_watcher(watcher);
        }
        Visitor::Member { id } => {
            let id = Rc::from(id);
            room.borrow_mut().enter(&id, Timestamp::now());
            while let Some(Ok(frame)) = frames.next().await {
                let Some(Heard::SetPresence { id: request, presence_id }) = heard(&frame) else { continue };
                let choice = Choice { request, presence_id, at: Timestamp::now() };
                outlet.send(room.borrow_mut().choose(&id, choice));
                room.borrow_mut().tell_at_once();
            }
            room.borrow_mut().leave(&id, Timestamp::now());
        }
    }
    outlet.end();
}

async fn shake_hands(socket: Socket) -> Option<(Visitor, WebSocketStream<Socket>)> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    let mut query = String::new();
    #[allow(clippy::result_large_err, reason = "the type is tungstenite's")]
    let read_query = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        request.uri().query().unwrap_or_default().clone_into(&mut query);
        Ok(response)
    };
    let frames = tokio_tungstenite::accept_hdr_async_with_config(socket, read_query, Some(config)).await.ok()?;
    let visitor = serde_json::from_value(form_urlencoded::parse(query.as_bytes()).collect()).ok()?;
    Some((visitor, frames))
}

/// What makes no sense was not heard.
fn heard(frame: &Message) -> Option<Heard> {
    let Message::Text(text) = frame else { return None };
    serde_json::from_str(text).ok()
}
