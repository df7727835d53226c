//! What frames of changes take deflated, by level and by how much a piece may refer back to: what the feed's
//! deflater and histories were chosen by.

use std::hint::black_box;
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use futures::StreamExt;
use presence_hub::sessions::{Limits, Outlet};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::cases::feed::Floor;

/// Changes of a frame, as a board of a lively floor is told them.
const CHANGES: usize = 13;
/// Frames that are deflated one after the other.
const FRAMES: usize = 400;
/// Those before them fill what may be referred back to.
const FIRST: usize = 100;
/// Changes at once of which the largest frames are made.
const MANY: usize = 2_000;

const LEVEL: u32 = 4;
const REMEMBERED: usize = 8 * 1024;

/// Prints what they take.
pub fn print() {
    let frames = told(CHANGES, FRAMES);
    let texts: usize = frames[FIRST..].iter().map(String::len).sum();
    println!("{CHANGES} changes a frame, as texts: {:.1} bytes a change", a_change(texts));
    println!("level, kB to refer back to: bytes a change, time a frame");
    for (level, remembered) in [
        (LEVEL, 0),
        (LEVEL, REMEMBERED / 2),
        (LEVEL, REMEMBERED),
        (LEVEL, 4 * REMEMBERED),
        (1, REMEMBERED),
        (2, REMEMBERED),
        (6, REMEMBERED),
        (9, REMEMBERED),
    ] {
        let (bytes, time) = deflated(&frames, FIRST, level, remembered);
        println!("{level}, {}: {:.1}, {time:.1?}", remembered / 1024, a_change(bytes));
    }
    let frames = told(MANY, 8);
    let largest = frames.iter().max_by_key(|frame| frame.len()).unwrap();
    let (bytes, time) = deflated(std::slice::from_ref(largest), 0, LEVEL, 0);
    println!("the largest frame, of {} bytes: {bytes} bytes, {time:.1?}", largest.len());
}

#[allow(clippy::cast_precision_loss, reason = "some millions of bytes")]
fn a_change(bytes: usize) -> f64 {
    bytes as f64 / (CHANGES * (FRAMES - FIRST)) as f64
}

/// The bytes of all frames from `first` on, each deflated against the last of those before it, and the time of one.
fn deflated(frames: &[String], first: usize, level: u32, remembered: usize) -> (usize, Duration) {
    let mut compress = Compress::new(Compression::new(level), false);
    let mut said = Vec::new();
    let (mut bytes, mut time) = (0, Duration::ZERO);
    for (number, frame) in frames.iter().enumerate() {
        let began = Instant::now();
        compress.reset();
        if !said.is_empty() {
            compress.set_dictionary(&said).unwrap();
        }
        let mut piece = Vec::with_capacity(frame.len() + 1024);
        compress.compress_vec(frame.as_bytes(), &mut piece, FlushCompress::Sync).unwrap();
        let took = began.elapsed();
        if number >= first {
            bytes += black_box(piece).len();
            time += took;
        }
        said.extend_from_slice(frame.as_bytes());
        said.drain(..said.len().saturating_sub(remembered));
    }
    (bytes, time / u32::try_from(frames.len() - first).unwrap())
}

/// The texts that a board is told over its socket, of so many changes at a time.
fn told(changes: usize, frames: usize) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let (outlet, _end) = Outlet::split(server, Limits::default(), &std::sync::Arc::default());
        let mut board = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        let floor = Floor::before(outlet);
        let mut live = floor.watched();
        let feed = live.feed.clone();
        let telling = async {
            let mut told = Vec::new();
            while told.len() < frames {
                let text = board.next().await.unwrap().unwrap().into_text().unwrap();
                if text.starts_with(r#"{"type":"changes""#) {
                    told.push(text.as_str().to_owned());
                    live.publish(changes);
                } else if text.contains(r#""part":1,"#) {
                    live.publish(changes);
                }
            }
            told
        };
        tokio::select! {
            () = feed.run() => unreachable!("the feed runs for as long as the hub"),
            told = telling => told,
        }
    })
}
