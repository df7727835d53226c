//! TLS at the hub's own door. A thread of its own takes it off what comes and puts it on what goes, so that neither a
//! storm of handshakes nor what is encrypted for a thousand boards keeps the thread that serves from serving. Between
//! the two stands a pipe in memory, which blocks as a socket does.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, info, warn};

use crate::config::ServerSettings;
use crate::identity::{KeyError, read_key_file};
use crate::sessions::Stream;
use crate::sessions::stream::memory::{self, End};
use crate::telemetry::WithCauses;

/// What waits between the thread that serves and this one, each way and for each connection, in bytes.
const CAPACITY: usize = 64 * 1024;
/// What is taken at once of what a client says, and of what it is told. Both are kept for as long as it is there.
const FROM_CLIENT_BYTES: usize = 1_024;
const TO_CLIENT_BYTES: usize = 4_096;
/// How long a client may go on once the hub has said its last word.
const LINGER: Duration = Duration::from_secs(2);
/// How often the files are read, as those of keys are.
const READ_EVERY: Duration = Duration::from_secs(2);

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] KeyError),
    /// The one holds no certificate.
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(String),
    /// The other holds no key.
    #[error("{0} holds no private key in PEM")]
    NoKey(String),
    /// They are of no use, or not of each other.
    #[error("the certificate and its key cannot be used")]
    Unusable(#[from] rustls::Error),
    /// There is no thread for it.
    #[error("there is no thread for TLS")]
    NoThread(#[source] io::Error),
}

/// TLS at the door. Clones share it; dropping the last ends its thread.
#[derive(Clone)]
pub struct Tls {
    shared: Arc<Shared>,
}

struct Shared {
    files: Files,
    settings: RwLock<Arc<ServerConfig>>,
    /// Why newer files cannot be used; none if those that are there are used.
    error: RwLock<Option<String>>,
    thread: Handle,
    /// How many connections live.
    live: watch::Sender<usize>,
    /// Dropped with this, at which the thread ends.
    _stop: oneshot::Sender<()>,
}

/// Where the certificate and its key are.
#[derive(Clone)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// A connection that lives.
struct Live(watch::Sender<usize>);

impl Live {
    fn of(live: &watch::Sender<usize>) -> Self {
        live.send_modify(|live| *live += 1);
        Self(live.clone())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.send_modify(|live| *live -= 1);
    }
}

impl Tls {
    /// With the files that the settings name; none if they name none.
    ///
    /// # Errors
    /// [`TlsError`]
    pub fn open(settings: &ServerSettings) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (&settings.tls_certificate_file, &settings.tls_key_file) else {
            return Ok(None);
        };
        let files = Files { certificate: certificate.clone(), key: key.clone() };
        let (certificate, key) = files.read()?;
        let settings = RwLock::new(files.settings(&certificate, &key)?);
        let (stop, stopped) = oneshot::channel();
        let thread = thread(stopped).map_err(TlsError::NoThread)?;
        let (live, error) = (watch::Sender::new(0), RwLock::new(None));
        Ok(Some(Self { shared: Arc::new(Shared { files, settings, error, thread, live, _stop: stop }) }))
    }

    /// Goes on with what is within a connection that comes over TLS, at once: nothing is to be read of it before it has
    /// shown that it speaks it.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn take_off(&self, stream: TcpStream) -> io::Result<Stream> {
        let client = stream.peer_addr().ok().map(|peer| peer.ip());
        let stream = stream.into_std()?;
        let (inside, outside) = memory::connection(CAPACITY);
        let (settings, live) = (self.shared.settings.read().clone(), Live::of(&self.shared.live));
        self.shared.thread.spawn(async move {
            let _live = live;
            match TcpStream::from_std(stream) {
                Ok(stream) => pass_on(stream, TlsAcceptor::from(settings), outside).await,
                Err(error) => debug!(%error, "a connection is lost before TLS"),
            }
        });
        Ok(Stream::Memory(inside.of_client(client)))
    }

    /// Returns once what the hub has said to everybody is on its way.
    pub async fn is_quiet(&self) {
        let mut live = self.shared.live.subscribe();
        // The sender lives as long as this.
        drop(live.wait_for(|live| *live == 0).await);
    }

    /// Why newer files cannot be used, if they cannot.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.shared.error.read().clone()
    }

    /// Reads the files again and again, for ever.
    pub async fn keep_reading(self) {
        let mut known = None;
        loop {
            let shared = self.shared.clone();
            let before = known.clone();
            let read = tokio::task::spawn_blocking(move || {
                let read = shared.files.read()?;
                let new = (before.as_ref() != Some(&read)).then(|| shared.files.settings(&read.0, &read.1)).transpose();
                new.map(|new| (read, new))
            });
            match read.await.unwrap_or_else(|error| Err(TlsError::NoThread(io::Error::other(error)))) {
                Ok((read, new)) => {
                    if let Some(new) = new.filter(|_| known.is_some()) {
                        *self.shared.settings.write() = new;
                        info!("a newer certificate is used for TLS");
                    }
                    known = Some(read);
                    *self.shared.error.write() = None;
                }
                Err(error) => self.fails(&WithCauses(&error).to_string()),
            }
            sleep(READ_EVERY).await;
        }
    }

    fn fails(&self, error: &str) {
        let before = self.shared.error.write().replace(error.to_owned());
        if before.as_deref() != Some(error) {
            warn!(error, "the certificate for TLS cannot be read again; that of before is kept");
        }
    }
}

impl Files {
    fn read(&self) -> Result<(Vec<u8>, Vec<u8>), TlsError> {
        Ok((read_key_file(&self.certificate)?, read_key_file(&self.key)?))
    }

    fn settings(&self, certificate: &[u8], key: &[u8]) -> Result<Arc<ServerConfig>, TlsError> {
        let place = |file: &Path| file.display().to_string();
        let no_certificate = || TlsError::NoCertificate(place(&self.certificate));
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(certificate).collect::<Result<_, _>>().map_err(|_| no_certificate())?;
        if chain.is_empty() {
            return Err(no_certificate());
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey(place(&self.key)))?;
        let mut settings = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        settings.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Who comes back, such as everybody after a restart of a balancer, needs no whole handshake.
        settings.ticketer = aws_lc_rs::Ticketer::new()?;
        Ok(Arc::new(settings))
    }
}

/// A thread that serves what is spawned on it, until whoever would stop it is gone.
fn thread(stopped: oneshot::Receiver<()>) -> io::Result<Handle> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let run = move || {
        // Gone is as good as told.
        let _ = runtime.block_on(stopped);
    };
    std::thread::Builder::new().name("tls".to_owned()).spawn(run)?;
    Ok(handle)
}

/// Passes on what the client says and what it is told, until one of the two has ended.
async fn pass_on(stream: TcpStream, acceptor: TlsAcceptor, hub: End) {
    let (mut from_hub, to_hub) = tokio::io::split(hub);
    let accepted = tokio::select! {
        accepted = acceptor.accept(stream) => accepted,
        // The hub says nothing before it is asked: it does not wait any longer.
        _ = from_hub.read_u8() => return,
    };
    let (from_client, to_client) = match accepted {
        Ok(stream) => tokio::io::split(stream),
        Err(error) => return debug!(%error, "a connection does not speak TLS"),
    };
    let mut up = Box::pin(carry(from_client, to_hub, FROM_CLIENT_BYTES));
    let mut down = Box::pin(carry(from_hub, to_client, TO_CLIENT_BYTES));
    tokio::select! {
        // Whoever is told no more may still say good-bye.
        told = &mut down => if told.is_ok() {
            drop(timeout(LINGER, up).await);
        },
        // The hub learns that nothing more comes, and then says its last.
        _ = &mut up => drop(down.await),
    }
}

/// Carries all that comes, and its end.
async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, bytes: usize) -> io::Result<()> {
    let mut buffer = vec![0; bytes];
    loop {
        let many = match from.read(&mut buffer).await {
            Ok(many) => many,
            Err(error) => {
                // It may be gone already.
                drop(to.shutdown().await);
                return Err(error);
            }
        };
        if many == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..many]).await?;
        to.flush().await?;
    }
}
