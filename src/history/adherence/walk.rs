//! Adherence, purely: what an agent was, held against what it was planned to do.
//!
//! A *run* is an activity that is planned without a gap: what is planned in two pieces is one run, so it makes no
//! difference in how many parts a plan was told. A *stretch* of other presences within a run ends with a presence that
//! is right, with the run, or where an exception begins. One that lasts no longer than its activity tolerates counts as
//! in; a longer one is out from its first millisecond. Reports cut what comes out of here, and never what goes in: so
//! their parts add up.

/// An activity that is planned from one instant to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it begins, in milliseconds.
    pub start: i64,
    /// When it ends.
    pub end: i64,
    /// The number of the activity.
    pub activity: i64,
    /// For how long another presence counts as right.
    pub tolerance: i64,
}

/// As what planned time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counts {
    /// The presence was right.
    In,
    /// It was not, for no longer than is tolerated.
    Tolerated,
    /// It was not, for longer.
    Out,
    /// An exception covers it.
    Excused,
}

/// Planned time of one presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<T> {
    /// When it begins, in milliseconds.
    pub start: i64,
    /// When it ends.
    pub end: i64,
    /// The number of the activity.
    pub activity: i64,
    /// As what it counts.
    pub counts: Counts,
    /// What was said of the presence.
    pub of: T,
}

/// Neighbours of the same activity are one run. They come in order.
pub fn runs(planned: impl IntoIterator<Item = Run>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for one in planned {
        match runs.last_mut() {
            Some(last) if last.end == one.start && last.activity == one.activity => last.end = one.end,
            Some(_) | None => runs.push(one),
        }
    }
    runs
}

/// Times that overlap or touch are one. They come in the order of their begins.
pub fn joined(times: impl IntoIterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (start, end) in times {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            Some(_) | None => joined.push((start, end)),
        }
    }
    joined
}

/// On the way from presence to presence of an agent.
pub struct Walk<'a, T> {
    runs: &'a [Run],
    excused: &'a [(i64, i64)],
    /// A stretch that is not over, while nobody knows as what it counts: its pieces are those since it began.
    open: Option<Stretch>,
    pending: Vec<Piece<T>>,
}

#[derive(Clone, Copy)]
struct Stretch {
    start: i64,
    end: i64,
    tolerance: i64,
    /// When its run began.
    run: i64,
}

impl<'a, T: Copy> Walk<'a, T> {
    /// Through what was planned and what is excused, both in order.
    pub fn of(runs: &'a [Run], excused: &'a [(i64, i64)]) -> Self {
        Self { runs, excused, open: None, pending: Vec::new() }
    }

    /// From `start` until before `end` the agent had a presence, which is right for the activities that `allows` names.
    /// Presences come in order. What is known then of planned time goes to `pieces`, in order.
    pub fn comes(
        &mut self,
        (start, end): (i64, i64),
        of: T,
        mut allows: impl FnMut(i64) -> bool,
        pieces: &mut Vec<Piece<T>>,
    ) {
        self.runs = &self.runs[self.runs.partition_point(|run| run.end <= start)..];
        self.excused = &self.excused[self.excused.partition_point(|one| one.1 <= start)..];
        for run in self.runs.iter().take_while(|run| run.start < end) {
            let (begin, end) = (run.start.max(start), run.end.min(end));
            let excused = self.excused.iter().copied().skip_while(|one| one.1 <= begin).take_while(|one| one.0 < end);
            let counts = if allows(run.activity) { Counts::In } else { Counts::Out };
            let piece = |start, end, counts| Piece { start, end, activity: run.activity, counts, of };
            let mut at = begin;
            for (from, to) in excused {
                if from > at {
                    settle(&mut self.open, &mut self.pending, run, piece(at, from, counts), pieces);
                }
                settle(
                    &mut self.open,
                    &mut self.pending,
                    run,
                    piece(from.max(at), to.min(end), Counts::Excused),
                    pieces,
                );
                at = to.min(end);
            }
            if at < end {
                settle(&mut self.open, &mut self.pending, run, piece(at, end, counts), pieces);
            }
        }
    }

    /// There is no more.
    pub fn ends(mut self, pieces: &mut Vec<Piece<T>>) {
        close(&mut self.open, &mut self.pending, pieces);
    }
}

/// Takes a piece. One of another presence waits until it is known how long its stretch is.
fn settle<T: Copy>(
    open: &mut Option<Stretch>,
    pending: &mut Vec<Piece<T>>,
    run: &Run,
    piece: Piece<T>,
    pieces: &mut Vec<Piece<T>>,
) {
    let goes_on = |open: &Stretch| open.end == piece.start && open.run == run.start && piece.counts == Counts::Out;
    if !open.as_ref().is_some_and(goes_on) {
        close(open, pending, pieces);
    }
    if piece.counts != Counts::Out {
        pieces.push(piece);
        return;
    }
    let begun = Stretch { start: piece.start, end: piece.start, tolerance: run.tolerance, run: run.start };
    let stretch = open.get_or_insert(begun);
    stretch.end = piece.end;
    pending.push(piece);
    if stretch.end - stretch.start > stretch.tolerance {
        pieces.append(pending);
    }
}

/// The stretch is over.
fn close<T: Copy>(open: &mut Option<Stretch>, pending: &mut Vec<Piece<T>>, pieces: &mut Vec<Piece<T>>) {
    *open = None;
    // Those of a longer one are known to be out before it is over.
    pieces.extend(pending.drain(..).map(|piece| Piece { counts: Counts::Tolerated, ..piece }));
}
