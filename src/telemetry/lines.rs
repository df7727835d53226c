//! The log's way out, for which nobody waits: a pipe whose reader has stopped must not stop the hub.
//!
//! Lines wait in one bounded buffer for a thread that writes them. What finds no room is dropped and
//! counted, and the count is told as soon as somebody reads again.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};

/// Bytes that may wait: some thousand lines, a second of a busy hub at level debug.
const MOST_WAITING: usize = 1024 * 1024;
/// How long the end of the process waits for the last lines to be written.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Where lines are put. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    /// Lines that found no room since that was last told.
    lost: u64,
    /// No more lines come.
    closed: bool,
    /// All were written.
    done: bool,
}

impl Lines {
    /// Begins to write to `out`, in a thread of its own. `tell` is given the number of lines that were
    /// lost, and may put a line of its own.
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn begin(out: impl Write + Send + 'static, tell: impl Fn(u64) + Send + 'static) -> io::Result<Self> {
        let lines = Self::default();
        let shared = Arc::clone(&lines.shared);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || shared.write_all(out, tell))?;
        Ok(lines)
    }

    /// Puts a line, unless there is no room for it.
    pub fn put(&self, line: &[u8]) {
        let mut state = self.shared.state();
        if state.waiting.len() + line.len() > MOST_WAITING {
            state.lost += 1;
            return;
        }
        state.waiting.extend_from_slice(line);
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Takes no more lines, and returns once they are written, or nobody has read them for a while.
    pub fn close(&self) {
        let mut state = self.shared.state();
        state.closed = true;
        self.shared.changed.notify_all();
        // Done or not, the process ends.
        let _ = self.shared.changed.wait_while_for(&mut state, |state| !state.done, LAST_WORDS);
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    fn write_all(&self, mut out: impl Write, tell: impl Fn(u64)) {
        loop {
            let nothing = |state: &mut State| state.waiting.is_empty() && state.lost == 0 && !state.closed;
            let mut state = self.state();
            self.changed.wait_while(&mut state, nothing);
            let (lines, lost) = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.lost));
            if lines.is_empty() && lost == 0 {
                state.done = true;
                self.changed.notify_all();
                return;
            }
            drop(state);
            // Nobody could be told of an error here.
            drop(out.write_all(&lines));
            if lost > 0 {
                tell(lost);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_log_that_nobody_reads_holds_nobody_up_and_says_later_what_was_lost() {
        let (mut reader, writer) = io::pipe().unwrap();
        let (tell, told) = mpsc::sync_channel(100);
        let lines = Lines::begin(writer, move |lost| tell.send(lost).unwrap()).unwrap();
        let line = [&[b'x'; 99][..], b"\n"].concat();
        let put: u64 = 50_000;
        for _ in 0..put {
            lines.put(&line);
        }
        let reading = std::thread::spawn(move || {
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            read
        });
        lines.close();
        drop(lines);
        let read = reading.join().unwrap();
        let lost: u64 = told.try_iter().sum();
        assert!(lost > 0, "the pipe and the buffer hold less");
        assert_eq!(read.iter().filter(|byte| **byte == b'\n').count() as u64, put - lost);
    }

    #[test]
    fn the_end_of_the_process_waits_for_the_last_line_and_not_for_a_reader_that_stopped() {
        let (_reader, writer) = io::pipe().unwrap();
        let lines = Lines::begin(writer, |_| {}).unwrap();
        lines.put(&[b'x'; MOST_WAITING]);
        lines.close();
        let (mut reader, writer) = io::pipe().unwrap();
        let lines = Lines::begin(writer, |_| {}).unwrap();
        lines.put(b"the last\n");
        lines.close();
        let mut read = [0; 9];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"the last\n");
    }
}
