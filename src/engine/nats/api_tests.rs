//! What old messages are, over a real server.

use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::engine::alike::Alike;
use crate::nats_server::NatsServer;

/// A stream of its own, whose messages are of two subjects.
struct Log {
    api: Api,
    /// When each message was kept that is still there, by position.
    kept: BTreeMap<u64, Timestamp>,
    /// Whom each message is about.
    about: BTreeMap<u64, String>,
}

impl Log {
    async fn begin(server: &NatsServer) -> Self {
        static STREAMS: AtomicU64 = AtomicU64::new(0);
        let stream = format!("OLD{}", STREAMS.fetch_add(1, Ordering::Relaxed));
        let client = async_nats::connect(server.address()).await.unwrap();
        let settings = Settings {
            node: 1,
            servers: vec![server.address()],
            login: None,
            tls_ca: None,
            certificate: None,
            stream: stream.clone(),
            replicas: 1,
            window: Duration::from_hours(48),
            silent_after: Duration::from_secs(3),
            advertise: None,
            alike: Alike::default(),
        };
        let api = Api::new(client, &stream);
        api.make_stream(&settings, "e", 1).await.unwrap();
        Self { api, kept: BTreeMap::new(), about: BTreeMap::new() }
    }

    fn subject(&self, agent: &str) -> String {
        self.api.subjects.all().replace('>', &format!("a.{agent}"))
    }

    /// Keeps a message, some milliseconds at the least after the one before.
    async fn keeps(&mut self, agent: &str) -> u64 {
        let before = self.kept.last_key_value().map(|(_, at)| *at);
        let subject = self.subject(agent);
        loop {
            self.api.client.request(subject.clone(), "{}".into()).await.unwrap();
            let Found { position, at, .. } = self.api.last(&subject).await.unwrap().unwrap();
            self.kept.insert(position, at);
            self.about.insert(position, agent.to_owned());
            if before.is_none_or(|before| at > before) {
                return position;
            }
        }
    }

    /// All messages of an agent go.
    async fn erases(&mut self, agent: &str) {
        let end = self.state().await.last_seq + 1;
        self.api.purge_subject(&self.subject(agent), end).await.unwrap();
        let about = &self.about;
        self.kept.retain(|position, _| about[position] != agent);
    }

    async fn state(&self) -> StreamState {
        self.api.stream().await.unwrap().unwrap().state
    }

    /// The first position that is kept if everything goes that is older than this message.
    async fn first_if_older_than_go(&self, position: u64) -> u64 {
        self.api.first_since(&self.state().await, self.kept[&position]).await.unwrap()
    }

    /// The first message that was kept then or later.
    fn first_since(&self, at: Timestamp) -> u64 {
        self.kept.iter().find(|(_, kept)| **kept >= at).map_or(u64::MAX, |(position, _)| *position)
    }

    /// How long before the last message this one was kept.
    fn age(&self, position: u64) -> Duration {
        self.kept.last_key_value().unwrap().1.since(self.kept[&position])
    }
}

#[tokio::test]
async fn what_is_old_is_found_and_goes_whatever_is_missing() {
    let server = NatsServer::start();
    let mut log = Log::begin(&server).await;
    let hour = Duration::from_hours(1);
    // Nothing at all.
    log.api.purge_old(hour).await.unwrap();
    assert_eq!((log.state().await.first_seq, log.state().await.last_seq), (1, 0));

    for _ in 0..4 {
        log.keeps("anna").await;
        log.keeps("bert").await;
        log.keeps("bert").await;
    }
    log.keeps("anna").await;
    // Nothing is old.
    log.api.purge_old(hour).await.unwrap();
    assert_eq!(log.state().await.first_seq, 1);
    // Every message is found, without and with gaps, also where the newest one is missing.
    for has_gaps in [false, true] {
        if has_gaps {
            log.keeps("bert").await;
            log.erases("bert").await;
        }
        for (position, at) in &log.kept {
            let first = log.first_if_older_than_go(*position).await;
            let goes = log.kept.iter().rfind(|(_, kept)| *kept < at).map_or(0, |(goes, _)| *goes);
            assert!(first > goes && first <= log.first_since(*at), "{position} after {goes} → {first}");
        }
    }
    // The window ends with a message, which stays.
    let third = *log.kept.keys().nth(2).unwrap();
    let state = log.state().await;
    assert!(state.last_seq > *log.kept.keys().last().unwrap(), "the newest message is gone");
    let last_at = state.last_at().unwrap();
    log.api.purge_old(last_at.since(log.kept[&third])).await.unwrap();
    assert_eq!(log.state().await.first_seq, log.first_since(log.kept[&third]));
    // All are old but the newest.
    let newest = log.keeps("anna").await;
    assert!(log.age(third) > Duration::ZERO);
    log.api.purge_old(Duration::ZERO).await.unwrap();
    let state = log.state().await;
    assert_eq!((state.first_seq, state.last_seq), (newest, newest));
    // Nobody is there any more, and positions go on.
    log.api.purge_subject(&log.subject("anna"), newest + 1).await.unwrap();
    log.api.purge_old(Duration::ZERO).await.unwrap();
    assert!(log.keeps("anna").await > newest);
}
