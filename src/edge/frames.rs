//! Frames of the hub's, ready for the socket.

use bytes::{BufMut, Bytes};
use serde_json::Value;

use crate::sessions::Session;
use crate::sessions::frame::TextBuilder;
use crate::wire;
use crate::wire::problem::Problem;
use crate::wire::shapes::HubFrame;

/// What most frames fit into: an agent's own presence takes some 900 bytes.
const USUAL_FRAME_BYTES: usize = 1_024;

/// A frame, ready for the socket.
pub fn encode(message: &HubFrame) -> Bytes {
    let mut frame = TextBuilder::with_capacity(USUAL_FRAME_BYTES);
    wire::write(message, frame.payload().writer());
    frame.finish()
}

/// The answer to a request, as [`HubFrame::Result`], whose result is JSON already: an agent's whole state is
/// written once, and not built as a tree of values before.
pub fn encode_result(id: &Value, result: &[u8]) -> Bytes {
    let mut frame = TextBuilder::with_capacity(64 + result.len());
    let payload = frame.payload();
    payload.put_slice(b"{\"type\":\"result\",\"id\":");
    wire::write(id, payload.writer());
    payload.put_slice(b",\"result\":");
    payload.put_slice(result);
    payload.put_u8(b'}');
    frame.finish()
}

/// Sends an error frame.
pub fn report(session: &Session, id: Option<Value>, problem: Problem) {
    session.outlet().send(encode(&HubFrame::Error { id, error: problem.into() }));
}
