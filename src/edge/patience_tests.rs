//! Clients that keep the hub waiting, in each of their ways, over connections in memory.

use axum::body::Body as Answer;
use axum::response::IntoResponse;
use futures::future::{BoxFuture, FutureExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

use super::super::lobby::Lobby;
use super::*;

const TIMES: Times =
    Times { head: Duration::from_secs(15), idle: Duration::from_secs(75), body: Duration::from_secs(30) };
const ASKS: &[u8] = b"GET /short HTTP/1.1\r\nhost: hub\r\n\r\n";

/// Answers once it has the body: shortly, at length, or after an hour, as the path says.
struct Desk(Patience);

impl Service<Request<Incoming>> for Desk {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let patience = self.0.clone();
        let (head, body) = request.into_parts();
        let body = patience.body(body);
        async move {
            let read = axum::body::to_bytes(Answer::new(body), usize::MAX).await;
            let answer = match head.uri.path() {
                "/long" => "x".repeat(1_000_000),
                "/slow" => {
                    tokio::time::sleep(Duration::from_secs(3_600)).await;
                    "at last".to_owned()
                }
                _ => read.map_or("cut off".to_owned(), |read| format!("read {}", read.len())),
            };
            Ok(match patience.answers() {
                Answered::Late => "late".into_response(),
                Answered::Early => "early".into_response(),
                Answered::InTime => answer.into_response(),
            })
        }
        .boxed()
    }
}

/// A client, and the hub's side of its connection.
struct Visit {
    client: DuplexStream,
    lobby: Arc<Lobby>,
    stop: watch::Sender<()>,
    served: JoinHandle<Option<hyper::Result<()>>>,
    began: Instant,
}

impl Visit {
    async fn saying(said: &[u8]) -> Self {
        let (client, hub) = tokio::io::duplex(4_096);
        let (stop, stopped) = watch::channel(());
        let lobby = Arc::new(Lobby::new(1, 1));
        let served = tokio::spawn({
            let place = lobby.extra();
            async move {
                let patience = Patience::new(TIMES);
                let stream = TokioIo::new(patience.watch(hub));
                let mut http = http1::Builder::new().serve_connection(stream, Desk(patience.clone()));
                patience.serve(&mut http, &place, stopped).await
            }
        });
        let mut visit = Self { client, lobby, stop, served, began: Instant::now() };
        visit.says(said).await;
        visit
    }

    async fn says(&mut self, said: &[u8]) {
        self.client.write_all(said).await.unwrap();
    }

    /// Reads one short answer.
    async fn hears(&mut self, wanted: &str) {
        let mut heard = String::new();
        while !heard.ends_with(wanted) {
            let byte = self.client.read_u8().await.unwrap_or_else(|_| panic!("ended after {heard:?}"));
            heard.push(char::from(byte));
        }
    }

    /// Waits for the end; whether the client was given up, and how long after the beginning.
    async fn ends(self) -> (bool, Duration) {
        let ended = self.served.await.unwrap();
        (ended.is_none(), self.began.elapsed())
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_not_waited_for_however_much_of_it_comes() {
    let mut visit = Visit::saying(b"GET / HT").await;
    for _ in 0..14 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        visit.says(b"T").await;
    }
    assert_eq!(visit.ends().await, (true, TIMES.head));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_refused() {
    let mut visit = Visit::saying(b"POST / HTTP/1.1\r\nhost: hub\r\ncontent-length: 9\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(29)).await;
    visit.says(b"some").await;
    visit.hears("late").await;
    assert_eq!(visit.ends().await, (false, TIMES.body));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_in_time_is_read_and_the_hub_takes_its_own_time() {
    let mut visit = Visit::saying(b"POST /slow HTTP/1.1\r\nhost: hub\r\ncontent-length: 9\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(29)).await;
    visit.says(b"something").await;
    visit.hears("at last").await;
    visit.says(b"POST / HTTP/1.1\r\nhost: hub\r\ncontent-length: 3\r\n\r\nabc").await;
    visit.hears("read 3").await;
}

#[tokio::test(start_paused = true)]
async fn a_kept_connection_is_kept_longer_than_balancers_keep_theirs_and_not_for_ever() {
    let mut visit = Visit::saying(ASKS).await;
    visit.hears("read 0").await;
    tokio::time::sleep(TIMES.idle - Duration::from_secs(1)).await;
    visit.says(ASKS).await;
    visit.hears("read 0").await;
    let again = visit.began.elapsed();
    assert_eq!(visit.ends().await, (true, again + TIMES.idle));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_is_not_waited_for() {
    let mut visit = Visit::saying(b"GET /long HTTP/1.1\r\nhost: hub\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    // Whoever takes some of it is waited for anew.
    visit.client.read_exact(&mut [0; 4_096]).await.unwrap();
    assert_eq!(visit.ends().await, (true, Duration::from_secs(20) + TIMES.body));
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_the_hubs_own_work_and_for_nobody_elses() {
    let head = Visit::saying(b"GET / HT").await;
    let body = Visit::saying(b"POST / HTTP/1.1\r\nhost: hub\r\ncontent-length: 9\r\n\r\n").await;
    let answer = Visit::saying(b"GET /long HTTP/1.1\r\nhost: hub\r\n\r\n").await;
    let mut idle = Visit::saying(ASKS).await;
    idle.hears("read 0").await;
    let mut work = Visit::saying(b"GET /slow HTTP/1.1\r\nhost: hub\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(1)).await;
    for (visit, within) in [(head, AFTER_A_STOP), (body, AFTER_A_STOP), (answer, AFTER_A_STOP), (idle, Duration::ZERO)]
    {
        let stopped = Instant::now();
        visit.stop.send_replace(());
        visit.served.await.unwrap();
        assert_eq!(stopped.elapsed(), within);
    }
    work.stop.send_replace(());
    work.hears("at last").await;
    assert!(!work.ends().await.0);
}

#[tokio::test(start_paused = true)]
async fn who_only_keeps_a_connection_leaves_for_somebody_who_comes() {
    let mut visit = Visit::saying(ASKS).await;
    let place = visit.lobby.enter(None).await.unwrap();
    visit.hears("read 0").await;
    let answered = visit.began.elapsed();
    let lobby = visit.lobby.clone();
    let comes = tokio::spawn(async move { lobby.enter(None).await });
    assert_eq!(visit.ends().await, (false, answered));
    drop(place);
    assert!(comes.await.unwrap().is_ok());
}
