//! What is between an example and the hub, and what goes wrong there.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

use crate::harness::Hub;

/// What goes wrong, once.
pub enum Mishap {
    None,
    /// The hub takes the first event in, and the connection breaks before its answer.
    LosesTheFirstAnswer,
    /// The first event waits: whoever holds it is given the sender that lets it go on.
    HoldsTheFirstEvent(oneshot::Sender<oneshot::Sender<()>>),
}

impl Mishap {
    /// The first event waits until the sender that the receiver brings is used.
    pub fn holds_the_first_event() -> (Self, oneshot::Receiver<oneshot::Sender<()>>) {
        let (held, holding) = oneshot::channel();
        (Self::HoldsTheFirstEvent(held), holding)
    }
}

/// Passes connections on to a hub.
pub struct Between {
    address: String,
    hub: Arc<Mutex<String>>,
    cut: watch::Sender<()>,
}

impl Between {
    pub async fn before(hub: &Hub, mishap: Mishap) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (cut, is_cut) = watch::channel(());
        let hub = Arc::new(Mutex::new(hub.address().to_owned()));
        let leads_to = hub.clone();
        let mishap = Arc::new(Mutex::new(mishap));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let address = leads_to.lock().clone();
                // Where no hub listens, a client finds the connection closed.
                let Ok(hub) = TcpStream::connect(address).await else { continue };
                tokio::spawn(pass_on(client, hub, mishap.clone(), is_cut.clone()));
            }
        });
        Self { address, hub, cut }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The hub has moved there.
    pub fn leads_to(&self, hub: &Hub) {
        hub.address().clone_into(&mut self.hub.lock());
    }

    pub fn cuts_all_connections(&self) {
        self.cut.send(()).unwrap();
    }
}

/// Ends both connections when one ends, when they are cut, or when an answer is lost.
async fn pass_on(
    mut client: TcpStream,
    mut hub: TcpStream,
    mishap: Arc<Mutex<Mishap>>,
    mut is_cut: watch::Receiver<()>,
) {
    is_cut.mark_unchanged();
    let (mut asked, mut answered) = ([0; 16_384], [0; 16_384]);
    let mut loses_the_answer = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(read @ 1..) = read else { return };
                if asked[..read].starts_with(b"POST") {
                    let mishap = std::mem::replace(&mut *mishap.lock(), Mishap::None);
                    match mishap {
                        Mishap::None => {}
                        Mishap::LosesTheFirstAnswer => loses_the_answer = true,
                        Mishap::HoldsTheFirstEvent(held) => {
                            let (go_on, goes_on) = oneshot::channel();
                            held.send(go_on).unwrap();
                            goes_on.await.unwrap();
                        }
                    }
                }
                if hub.write_all(&asked[..read]).await.is_err() {
                    return;
                }
            }
            read = hub.read(&mut answered) => {
                let Ok(read @ 1..) = read else { return };
                if loses_the_answer || client.write_all(&answered[..read]).await.is_err() {
                    return;
                }
            }
            _ = is_cut.changed() => return,
        }
    }
}
