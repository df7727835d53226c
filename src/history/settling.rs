//! The newest rows, on their way to the older ones of their agents.
//!
//! The rows of an agent stand together, so that reading them is cheap. Written there at once, each would cost a page
//! of its own: 4 KiB of the write-ahead log for some 40 bytes. So rows are first written in the order of the log,
//! where those of a commit stand together, and move once there are several for most agents. With each new row two
//! that wait are moved, so no commit does much more than another.

use rusqlite::Connection;

/// When rows move, and how many at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Rows begin to move when there are so many for each agent.
    pub for_each_agent: usize,
    /// They move when there are so many in any case: a question looks at all recent rows. With more than some
    /// thousand agents that change evenly, a page is written for fewer rows.
    pub most: usize,
    /// Fewer never move.
    pub least: usize,
    /// Rows that may move for each that comes: all have moved before as many again have come.
    pub with_each: usize,
    /// Rows that have moved are deleted together, once for so many positions of the log.
    pub cleared_after: u64,
    /// The positions up to which they go then: faster than new ones come.
    pub cleared_at_once: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { for_each_agent: 8, most: 65_536, least: 1_024, with_each: 2, cleared_after: 64, cleared_at_once: 512 }
    }
}

/// Rows that move at once when none come: some milliseconds.
const HASTENED: usize = 500;
/// Rows of an agent that one statement moves.
const RUN: usize = 8;

/// When the newest row of each agent starts, at the place of the agent's number; none where it has to be looked up.
/// Numbers follow each other from 1 on.
#[derive(Debug)]
struct Starts(Vec<Option<i64>>);

/// Moves rows. What it remembers stands in the database as the transaction sees it.
#[derive(Debug, Default)]
pub(super) struct Settling {
    pace: Pace,
    recent: Option<Recent>,
}

/// The recent rows.
#[derive(Debug)]
struct Recent {
    /// Those that came since the last move began: the agent's number, and the position.
    waiting: Vec<(i64, u64)>,
    /// Those that move, the last first.
    moving: Vec<(i64, u64)>,
    /// How many may move now.
    allowed: usize,
    /// Up to where all will be settled once those have moved.
    until: u64,
    /// Whether there may be rows that have moved and are not deleted yet.
    is_to_be_cleared: bool,
    starts: Starts,
}

impl Settling {
    #[cfg(test)]
    pub(super) fn at(pace: Pace) -> Self {
        Self { pace, recent: None }
    }

    /// Forgets what it remembers.
    pub(super) fn forget(&mut self) {
        self.recent = None;
    }

    /// When the newest row of an agent starts; before all times if it has none.
    pub(super) fn newest_start(&mut self, connection: &Connection, agent: i64) -> rusqlite::Result<i64> {
        let start = self.recent(connection)?.starts.of(agent);
        if let Some(start) = start {
            return Ok(*start);
        }
        let newest = "SELECT ifnull(max(start), ?2) FROM history WHERE agent = ?1";
        let newest = connection.prepare_cached(newest)?.query_row([agent, i64::MIN], |row| row.get(0))?;
        Ok(*start.insert(newest))
    }

    /// A row was written; some of those before it move.
    pub(super) fn added(&mut self, connection: &Connection, agent: i64, seq: u64, start: i64) -> rusqlite::Result<()> {
        let pace = self.pace;
        let recent = self.recent(connection)?;
        *recent.starts.of(agent) = Some(start);
        recent.waiting.push((agent, seq));
        if !recent.moving.is_empty() {
            return recent.go_on(connection, pace);
        }
        if recent.is_to_be_cleared {
            return recent.clear_some(connection, seq, pace);
        }
        if recent.waiting.len() >= (pace.for_each_agent * recent.starts.agents()).min(pace.most).max(pace.least) {
            recent.begin(seq);
        }
        Ok(())
    }

    /// Moves some rows although none came, if the oldest starts before an instant. Whether it did anything.
    pub(super) fn hasten(&mut self, connection: &Connection, before: i64) -> rusqlite::Result<bool> {
        let pace = Pace { with_each: HASTENED, cleared_after: 1, ..self.pace };
        let recent = self.recent(connection)?;
        if !recent.moving.is_empty() {
            return recent.go_on(connection, pace).map(|()| true);
        }
        if recent.is_to_be_cleared {
            return recent.clear_some(connection, 0, pace).map(|()| true);
        }
        let Some((_, oldest)) = recent.waiting.first() else { return Ok(false) };
        let start = "SELECT start FROM history_recent WHERE seq = ?";
        let start: i64 = connection.prepare_cached(start)?.query_row([oldest], |row| row.get(0))?;
        let is_old = start < before;
        if is_old && let Some((_, newest)) = recent.waiting.last().copied() {
            recent.begin(newest);
        }
        Ok(is_old)
    }

    fn recent(&mut self, connection: &Connection) -> rusqlite::Result<&mut Recent> {
        let recent = match self.recent.take() {
            Some(recent) => recent,
            None => Recent::read(connection)?,
        };
        Ok(self.recent.insert(recent))
    }
}

impl Starts {
    fn of(&mut self, agent: i64) -> &mut Option<i64> {
        let place = usize::try_from(agent).unwrap_or(0);
        if place >= self.0.len() {
            self.0.resize(place + 1, None);
        }
        &mut self.0[place]
    }

    /// How many agents there are.
    fn agents(&self) -> usize {
        self.0.len() - 1
    }
}

impl Recent {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let settled: u64 = connection.query_row("SELECT settled FROM history_state", [], |row| row.get(0))?;
        let agents: usize =
            connection.query_row("SELECT ifnull(max(number), 0) FROM history_agents", [], |row| row.get(0))?;
        let (mut waiting, mut starts) = (Vec::new(), Starts(vec![None; agents + 1]));
        let mut select = connection.prepare("SELECT agent, seq, start FROM history_recent WHERE seq > ?")?;
        let mut rows = select.query([settled])?;
        while let Some(row) = rows.next()? {
            let (agent, seq) = (row.get(0)?, row.get(1)?);
            waiting.push((agent, seq));
            *starts.of(agent) = Some(row.get(2)?);
        }
        Ok(Self { waiting, moving: Vec::new(), allowed: 0, until: settled, is_to_be_cleared: true, starts })
    }

    /// All that waits moves, agent by agent, so that several rows share a page.
    fn begin(&mut self, newest: u64) {
        self.moving = std::mem::take(&mut self.waiting);
        self.moving.sort_unstable_by(|one, other| other.cmp(one));
        self.until = newest;
    }

    /// Moves some, once they are worth a statement. With the last, all up to there are settled.
    fn go_on(&mut self, connection: &Connection, pace: Pace) -> rusqlite::Result<()> {
        self.allowed += pace.with_each;
        while self.allowed >= RUN && !self.moving.is_empty() {
            let run = self.next_run();
            self.allowed -= run.len();
            // They may have been moved before the hub was ended. `IN` would make a table of them each time.
            let copy = "INSERT OR REPLACE INTO history
                        SELECT agent, start, seq, version, record, state, cause, actor, reason, available_units
                        FROM (VALUES (?), (?), (?), (?), (?), (?), (?), (?)) AS run
                        CROSS JOIN history_recent ON seq = run.column1";
            let seqs: [u64; RUN] = std::array::from_fn(|place| run[place.min(run.len() - 1)]);
            connection.prepare_cached(copy)?.execute(seqs)?;
        }
        if self.moving.is_empty() {
            connection.prepare_cached("UPDATE history_state SET settled = ?")?.execute([self.until])?;
            (self.is_to_be_cleared, self.allowed) = (true, 0);
        }
        Ok(())
    }

    /// The positions of the next rows that move: of one agent, and at least one.
    fn next_run(&mut self) -> Vec<u64> {
        let of = |moving: &[(i64, u64)]| moving.last().map(|(agent, _)| *agent);
        let agent = of(&self.moving);
        let mut run = Vec::with_capacity(RUN);
        while run.len() < RUN
            && of(&self.moving) == agent
            && let Some((_, seq)) = self.moving.pop()
        {
            run.push(seq);
        }
        run
    }

    /// Deletes some that have moved, now and then: those of a commit stand together, and go together.
    fn clear_some(&mut self, connection: &Connection, newest: u64, pace: Pace) -> rusqlite::Result<()> {
        if !newest.is_multiple_of(pace.cleared_after) {
            return Ok(());
        }
        let first = "SELECT min(seq) FROM history_recent";
        let first: Option<u64> = connection.prepare_cached(first)?.query_row([], |row| row.get(0))?;
        let last = first.map(|first| (first + pace.cleared_at_once).min(self.until));
        connection.prepare_cached("DELETE FROM history_recent WHERE seq <= ?")?.execute([last])?;
        self.is_to_be_cleared = last.is_some_and(|last| last < self.until);
        Ok(())
    }
}
