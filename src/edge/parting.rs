//! The end of a connection whose client may still be sending.
//!
//! A connection that ends with bytes unread is reset, and the reset can overtake the last answer: the client
//! would read an error instead of why it was refused. So the hub says that nothing follows, and drops what
//! still comes until the client has ended its side or has had its share.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::lobby::Place;
use crate::sessions::Stream;

/// How long a client may take to hear that nobody listens.
const LINGER: Duration = Duration::from_secs(2);
/// How much of it is dropped: as much as the largest request that anybody may make.
const LINGER_BYTES: usize = 8 * 1024 * 1024;
const DROPPED_AT_ONCE: usize = 16 * 1024;

/// Ends the connection so that the client can read its last answer, unless somebody else needs its place.
pub async fn see_off(mut stream: Stream, place: &Place) {
    let hear_out = async {
        // An error says that the client was faster.
        if stream.shutdown().await.is_err() {
            return;
        }
        let (mut dropped, mut left) = (vec![0; DROPPED_AT_ONCE], LINGER_BYTES);
        while left > 0 {
            match stream.read(&mut dropped).await {
                Ok(read @ 1..) => left = left.saturating_sub(read),
                Ok(0) | Err(_) => return,
            }
        }
    };
    tokio::select! {
        biased;
        () = hear_out => {}
        () = place.is_wanted() => {}
        () = tokio::time::sleep(LINGER) => {}
    }
}
