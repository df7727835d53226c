//! A process that is kept: whoever ends without having been told to is started anew, as systemd does it.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use parking_lot::Mutex;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::record::now;

/// How soon it is started anew.
const AGAIN_AFTER: Duration = Duration::from_millis(300);
/// How long a process may take to end that was told to.
const ENDS_WITHIN: Duration = Duration::from_secs(20);

/// What is done to a process.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// SIGKILL; it is not started anew until it is told to.
    Kill,
    /// It is started, if it does not run.
    Start,
    /// SIGTERM; once it has ended it is not started anew until it is told to.
    End,
    /// SIGTERM, and started anew once it has ended.
    Restart,
    /// SIGSTOP.
    Stop,
    /// SIGCONT.
    Continue,
}

impl Order {
    /// What undoes it; of what undoes itself, what changes nothing.
    pub fn undone(self) -> Self {
        match self {
            Self::Stop | Self::Continue => Self::Continue,
            Self::Kill | Self::End | Self::Start | Self::Restart => Self::Start,
        }
    }
}

/// A kept process. Dropping it kills it.
pub struct Kept {
    orders: mpsc::Sender<(Order, oneshot::Sender<()>)>,
    ends: Arc<Mutex<Vec<(i64, String)>>>,
    task: JoinHandle<()>,
}

struct Keeper {
    make: Box<dyn Fn() -> Command + Send>,
    log: PathBuf,
    child: Option<Child>,
    is_wanted: bool,
    ends: Arc<Mutex<Vec<(i64, String)>>>,
}

impl Kept {
    /// Starts it; what it says goes to the end of a file.
    pub fn start(log: PathBuf, make: impl Fn() -> Command + Send + 'static) -> anyhow::Result<Self> {
        let (orders, taken) = mpsc::channel(4);
        let ends = Arc::new(Mutex::new(Vec::new()));
        let mut keeper = Keeper { make: Box::new(make), log, child: None, is_wanted: true, ends: ends.clone() };
        keeper.spawn()?;
        let task = tokio::spawn(async move { keeper.keep(taken).await });
        Ok(Self { orders, ends, task })
    }

    /// Returns once it is done.
    pub async fn tell(&self, order: Order) -> anyhow::Result<()> {
        let (done, is_done) = oneshot::channel();
        self.orders.send((order, done)).await.context("the keeper of a process has ended")?;
        is_done.await.with_context(|| format!("{order:?} was not done"))
    }

    /// When it ended without having been killed, and how.
    pub fn ends(&self) -> Vec<(i64, String)> {
        self.ends.lock().clone()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Keeper {
    fn spawn(&mut self) -> anyhow::Result<()> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut command = (self.make)();
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut command = tokio::process::Command::from(command);
        self.child = Some(command.kill_on_drop(true).spawn().context("a process cannot be started")?);
        Ok(())
    }

    async fn keep(mut self, mut orders: mpsc::Receiver<(Order, oneshot::Sender<()>)>) {
        loop {
            let ended = async {
                match &mut self.child {
                    Some(child) => child.wait().await.map_or_else(|error| error.to_string(), |how| how.to_string()),
                    None if self.is_wanted => {
                        tokio::time::sleep(AGAIN_AFTER).await;
                        String::new()
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                how = ended => match self.child.take() {
                    Some(_) => self.ends.lock().push((now(), how)),
                    None => drop(self.spawn()),
                },
                order = orders.recv() => {
                    let Some((order, done)) = order else { return };
                    self.obey(order).await;
                    let _ = done.send(());
                }
            }
        }
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Kill => {
                self.is_wanted = false;
                if let Some(mut child) = self.child.take() {
                    drop(child.kill().await);
                }
            }
            Order::Start => {
                self.is_wanted = true;
                if self.child.is_none() {
                    drop(self.spawn());
                }
            }
            Order::End => {
                self.is_wanted = false;
                self.end().await;
            }
            Order::Restart => {
                self.end().await;
                drop(self.spawn());
            }
            Order::Stop => self.signal(Signal::STOP),
            Order::Continue => self.signal(Signal::CONT),
        }
    }

    async fn end(&mut self) {
        self.signal(Signal::TERM);
        if let Some(mut child) = self.child.take() {
            let ended = tokio::time::timeout(ENDS_WITHIN, child.wait()).await;
            let how = ended.map_or("it did not end within 20 s".to_owned(), |how| format!("{how:?}"));
            self.ends.lock().push((now(), format!("SIGTERM: {how}")));
        }
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().and_then(Child::id).and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id {
            // One that has ended needs none.
            let _ = kill_process(id, signal);
        }
    }
}
