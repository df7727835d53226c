//! The walk says of each millisecond what looking at the milliseconds around it says.

use proptest::prelude::*;

use super::walk::{Counts, Piece, Run, Walk, joined, runs};

/// How long the time is that is looked at, in milliseconds.
const LONG: i64 = 60;

/// Two activities: what they tolerate, and the presences of 0 to 2 that are right.
const TOLERANCE: [i64; 2] = [0, 4];

fn allows(activity: i64, presence: usize) -> bool {
    presence == usize::try_from(activity).unwrap() || presence == 2
}

/// What there is at each millisecond: a value from each of these lengths, or none.
fn timeline<T: Clone + std::fmt::Debug>(
    what: impl Strategy<Value = Option<T>>,
    longest: i64,
) -> impl Strategy<Value = Vec<Option<T>>> {
    prop::collection::vec((1..longest, what), 1..40).prop_map(|stretches| {
        let all = stretches.into_iter().flat_map(|(lasts, what)| (0..lasts).map(move |_| what.clone()));
        let mut all: Vec<Option<T>> = all.take(usize::try_from(LONG).unwrap()).collect();
        all.resize(usize::try_from(LONG).unwrap(), None);
        all
    })
}

/// The stretches of equal values.
fn spans<T: PartialEq + Copy>(all: &[Option<T>]) -> Vec<(i64, i64, T)> {
    let mut spans: Vec<(i64, i64, T)> = Vec::new();
    for (at, what) in (0..).zip(all) {
        match (what, spans.last_mut()) {
            (Some(what), Some(last)) if last.1 == at && last.2 == *what => last.1 = at + 1,
            (Some(what), _) => spans.push((at, at + 1, *what)),
            (None, _) => {}
        }
    }
    spans
}

/// As what a millisecond counts: by walking from it as far as its stretch goes.
fn naive(
    at: usize,
    planned: &[Option<i64>],
    excused: &[Option<()>],
    presences: &[Option<usize>],
) -> Option<(i64, Counts, usize)> {
    let (activity, presence) = (planned[at]?, presences[at]?);
    if excused[at].is_some() {
        return Some((activity, Counts::Excused, presence));
    }
    if allows(activity, presence) {
        return Some((activity, Counts::In, presence));
    }
    let is_of_it = |at: usize| {
        planned[at] == Some(activity)
            && excused[at].is_none()
            && presences[at].is_some_and(|presence| !allows(activity, presence))
    };
    let before = (0..at).rev().take_while(|at| is_of_it(*at)).count();
    let after = (at..planned.len()).take_while(|at| is_of_it(*at)).count();
    let lasts = i64::try_from(before + after).unwrap();
    let tolerated = lasts <= TOLERANCE[usize::try_from(activity).unwrap()];
    Some((activity, if tolerated { Counts::Tolerated } else { Counts::Out }, presence))
}

/// The pieces, where the plan, the exceptions and the presences are told in parts that end at these instants.
fn walked(
    planned: &[Option<i64>],
    excused: &[Option<()>],
    presences: &[Option<usize>],
    cuts: &[i64],
) -> Vec<Piece<usize>> {
    let cut = |(start, end): (i64, i64)| {
        let mut edges: Vec<i64> = cuts.iter().copied().filter(|at| (start + 1..end).contains(at)).collect();
        edges.sort_unstable();
        edges.dedup();
        let edges: Vec<i64> = [vec![start], edges, vec![end]].concat();
        edges.windows(2).map(|two| (two[0], two[1])).collect::<Vec<_>>()
    };
    let run = |(start, end, activity): (i64, i64, i64)| {
        let tolerance = TOLERANCE[usize::try_from(activity).unwrap()];
        cut((start, end)).into_iter().map(move |(start, end)| Run { start, end, activity, tolerance })
    };
    let runs = runs(spans(planned).into_iter().flat_map(run));
    let excused = joined(spans(excused).into_iter().flat_map(|(start, end, ())| cut((start, end))));
    let (mut walk, mut pieces) = (Walk::of(&runs, &excused), Vec::new());
    for (start, end, presence) in spans(presences) {
        for time in cut((start, end)) {
            walk.comes(time, presence, |activity| allows(activity, presence), &mut pieces);
        }
    }
    walk.ends(&mut pieces);
    pieces
}

proptest! {
    #[test]
    fn each_millisecond_counts_as_what_the_milliseconds_around_it_say_however_it_was_told(
        planned in timeline(prop_oneof![Just(None), (0..2_i64).prop_map(Some)], 15),
        excused in timeline(prop_oneof![3 => Just(None), 1 => Just(Some(()))], 10),
        presences in timeline(prop_oneof![1 => Just(None), 6 => (0..3_usize).prop_map(Some)], 8),
        cuts in prop::collection::vec(0..LONG, 0..10),
    ) {
        let mut found = vec![None; planned.len()];
        let mut last = 0;
        for piece in walked(&planned, &excused, &presences, &cuts) {
            prop_assert!(last <= piece.start && piece.start < piece.end, "in order, without overlap: {:?}", piece);
            last = piece.end;
            for at in piece.start..piece.end {
                found[usize::try_from(at).unwrap()] = Some((piece.activity, piece.counts, piece.of));
            }
        }
        let naive: Vec<_> = (0..planned.len()).map(|at| naive(at, &planned, &excused, &presences)).collect();
        prop_assert_eq!(found, naive);
    }
}

#[test]
fn what_is_tolerated_is_in_and_a_millisecond_more_is_out_from_the_first() {
    let run = [Run { start: 0, end: 100, activity: 0, tolerance: 10 }];
    let counts = |away: (i64, i64), excused: &[(i64, i64)]| {
        let (mut walk, mut pieces) = (Walk::of(&run, excused), Vec::new());
        for (time, right) in [((0, away.0), true), (away, false), ((away.1, 100), true)] {
            walk.comes(time, (), |_| right, &mut pieces);
        }
        walk.ends(&mut pieces);
        pieces.iter().map(|piece| (piece.start, piece.end, piece.counts)).collect::<Vec<_>>()
    };
    use Counts::{Excused, In, Out, Tolerated};
    assert_eq!(counts((20, 30), &[]), [(0, 20, In), (20, 30, Tolerated), (30, 100, In)]);
    assert_eq!(counts((20, 31), &[]), [(0, 20, In), (20, 31, Out), (31, 100, In)]);
    // An exception parts it: what is left on either side is a stretch of its own.
    let parted = [(0, 20, In), (20, 30, Tolerated), (30, 35, Excused), (35, 45, Tolerated), (45, 100, In)];
    assert_eq!(counts((20, 45), &[(30, 35)]), parted);
}
