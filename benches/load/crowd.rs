//! All connections of the client, on one thread and one epoll.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Socket, Type};

use super::link::{Invitation, Link, Said};

/// Loopback addresses to connect from: one has at most some 28,000 ports.
const SOURCES: u32 = 32;
/// Few, so that what is due to be sent is not late for what is there to be read.
const EVENTS_AT_ONCE: usize = 64;

/// A connection's place in the crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub usize);

/// Who hears what the crowd is told.
pub trait Hears {
    /// Something was heard over a connection.
    fn hear(&mut self, link: LinkId, said: Said<'_>, at: Instant);
}

/// All connections.
pub struct Crowd {
    poll: Poll,
    events: Events,
    links: Vec<Option<Link>>,
    /// Connections that are not read.
    deaf: Vec<bool>,
    blocked: Vec<LinkId>,
    buffer: Vec<u8>,
}

impl Crowd {
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS_AT_ONCE),
            links: Vec::new(),
            deaf: Vec::new(),
            blocked: Vec::new(),
            buffer: vec![0; 256 * 1024],
        })
    }

    /// Begins to connect.
    pub fn open(&mut self, invitation: Invitation) -> anyhow::Result<LinkId> {
        let id = LinkId(self.links.len());
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if let Some(bytes) = invitation.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        let source = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 0, 0, 2)) + id.0 as u32 % SOURCES);
        socket.bind(&SocketAddr::from((source, 0)).into())?;
        match socket.connect(&invitation.address.into()) {
            Ok(()) => {}
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error()) => {}
            Err(error) => return Err(error.into()),
        }
        let mut stream = mio::net::TcpStream::from_std(socket.into());
        self.poll.registry().register(&mut stream, Token(id.0), Interest::READABLE | Interest::WRITABLE)?;
        self.links.push(Some(Link::new(stream, invitation)));
        self.deaf.push(false);
        Ok(id)
    }

    /// Sends a JSON object, or an HTTP request.
    pub fn send(&mut self, id: LinkId, payload: &[u8]) {
        if let Some(link) = &mut self.links[id.0] {
            link.send(payload);
            if link.is_blocked() {
                self.blocked.push(id);
            }
        }
    }

    /// Breaks a connection without a good-bye, as a lost process does.
    pub fn hang_up(&mut self, id: LinkId) {
        self.links[id.0] = None;
    }

    /// Stops reading from a connection.
    pub fn plug_ears(&mut self, id: LinkId) {
        self.deaf[id.0] = true;
    }

    /// Reads from a connection again, first what waits.
    pub fn unplug_ears(&mut self, id: LinkId, ears: &mut impl Hears) {
        self.deaf[id.0] = false;
        self.attend(id, true, true, ears);
        // The connection may have ended meanwhile, which is said behind what was unread, and no event tells it again.
        self.attend(id, true, false, ears);
    }

    /// Hears what there is to hear, waiting until `until` for the first of it.
    pub fn turn(&mut self, until: Instant, ears: &mut impl Hears) -> anyhow::Result<()> {
        // epoll counts milliseconds and rounds up: within the last one, look without waiting.
        let wait = until.saturating_duration_since(Instant::now());
        let wait = if wait < Duration::from_millis(1) { Duration::ZERO } else { wait - Duration::from_millis(1) };
        let mut events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        let polled = self.poll.poll(&mut events, Some(wait));
        if let Err(error) = polled
            && error.kind() != std::io::ErrorKind::Interrupted
        {
            return Err(error.into());
        }
        for event in &events {
            self.attend(LinkId(event.token().0), event.is_readable(), event.is_writable(), ears);
        }
        self.events = events;
        let (links, blocked) = (&mut self.links, &mut self.blocked);
        blocked.retain(|id| {
            let Some(link) = &mut links[id.0] else { return false };
            link.flush();
            link.is_blocked()
        });
        Ok(())
    }

    fn attend(&mut self, id: LinkId, readable: bool, writable: bool, ears: &mut impl Hears) {
        let Some(link) = &mut self.links[id.0] else { return };
        let at = Instant::now();
        let mut hear = |said: Said<'_>| ears.hear(id, said, at);
        if writable {
            link.writable(&mut hear);
        }
        if readable && !self.deaf[id.0] {
            link.readable(&mut self.buffer, &mut hear);
        }
        if link.is_over() {
            self.links[id.0] = None;
        }
    }
}
