use std::collections::BTreeMap;

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

/// A day of so long with a hub that grants every offer: each step with its time.
fn lived(seed: u64, index: u32, span: Duration) -> Vec<(Duration, Step)> {
    let mut day = Day::new(seed, index);
    let mut steps = Vec::new();
    while day.due() < span {
        let at = day.due();
        let Some(step) = day.next() else { continue };
        steps.push((at, step));
        if let Step::Offer(item, channel) = step {
            day.learn(Fact::Offered(item, channel));
        }
    }
    steps
}

#[test]
fn the_same_seed_lives_the_same_day_and_another_another() {
    assert_eq!(lived(7, 3, HOUR), lived(7, 3, HOUR));
    assert_ne!(lived(7, 3, HOUR), lived(7, 4, HOUR));
    assert_ne!(lived(7, 3, HOUR), lived(8, 3, HOUR));
}

#[test]
fn time_never_goes_back() {
    for index in 0..50 {
        assert!(lived(1, index, HOUR).windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}

#[test]
fn only_who_is_signed_in_chooses_reloads_and_leaves() {
    for index in 0..200 {
        let mut here = false;
        for (at, step) in lived(1, index, HOUR) {
            match step {
                Step::SignIn => {
                    assert!(!here, "agent {index} signs in twice at {at:?}");
                    here = true;
                }
                Step::SignOut | Step::Leave(_) => {
                    assert!(here, "agent {index} leaves twice at {at:?}");
                    here = false;
                }
                Step::Offer(..)
                | Step::Accept(_)
                | Step::Reject(_)
                | Step::Withdraw(_)
                | Step::Choose(..)
                | Step::ResetHold
                | Step::Reload => assert!(here, "agent {index} does {step:?} at {at:?} while away"),
                // Work survives the session.
                Step::WrapUp(_) | Step::End(..) => {}
            }
        }
    }
}

#[test]
fn an_item_is_offered_once_answered_once_and_ends_once() {
    for index in 0..100 {
        let mut life: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
        for (_, step) in lived(2, index, HOUR) {
            match step {
                Step::Offer(item, _)
                | Step::Accept(item)
                | Step::Reject(item)
                | Step::Withdraw(item)
                | Step::WrapUp(item)
                | Step::End(item, _) => life.entry(item).or_default().push(step),
                Step::SignIn | Step::SignOut | Step::Reload | Step::Leave(_) | Step::Choose(..) | Step::ResetHold => {}
            }
        }
        for steps in life.values() {
            assert!(matches!(steps[0], Step::Offer(..)), "{steps:?}");
            assert!(steps.windows(2).all(|pair| pair[0] < pair[1]), "{steps:?}");
            assert!(steps.len() <= 4, "{steps:?}");
        }
    }
}

#[test]
fn a_newcomers_board_moves_within_seconds_and_keeps_a_believable_pace() {
    let floor: Vec<(Duration, Step)> = (0..200).flat_map(|index| lived(1, index, HOUR)).collect();
    let within = |from: u64, to: u64| {
        floor.iter().filter(|(at, _)| (Duration::from_secs(from)..Duration::from_secs(to)).contains(at)).count()
    };
    assert!(within(0, 3) > 150, "{} steps in the first seconds", within(0, 3));
    let per_second = within(120, 600) / 480;
    assert!((3..=15).contains(&per_second), "{per_second} steps a second");
}

#[test]
fn an_hour_of_a_floor_holds_everything_that_happens_on_floors() {
    let floor: Vec<Step> = (0..200).flat_map(|index| lived(1, index, HOUR)).map(|(_, step)| step).collect();
    let some = |what: &str, is: fn(&Step) -> bool| assert!(floor.iter().any(is), "nobody {what}");
    some("misses and clears it", |step| matches!(step, Step::ResetHold));
    some("rejects", |step| matches!(step, Step::Reject(_)));
    some("reloads", |step| matches!(step, Step::Reload));
    some("signs out", |step| matches!(step, Step::SignOut));
    for how in [Leaving::ClosesTab, Leaving::Crashes, Leaving::LosesNetwork] {
        assert!(floor.contains(&Step::Leave(how)), "{how:?}");
    }
    for presence in ["lunch", "training", "follow-up", "away", "do-not-disturb", "available"] {
        assert!(floor.iter().any(|step| matches!(step, Step::Choose(chosen, _) if *chosen == presence)), "{presence}");
    }
    some("takes a break with an end", |step| matches!(step, Step::Choose(_, Some(_))));
    for ending in [Ending::Closed, Ending::Transferred, Ending::Requeued] {
        assert!(floor.iter().any(|step| matches!(step, Step::End(_, ended) if *ended == ending)), "{ending:?}");
    }
}

#[test]
fn who_is_signed_out_by_the_hub_returns_later_and_once() {
    let mut day = Day::new(1, 1);
    while day.next() != Some(Step::SignIn) {}
    let gone = day.now;
    day.learn(Fact::SignedOut);
    day.learn(Fact::SignedOut);
    let mut back = Vec::new();
    while day.due() < gone + Duration::from_secs(181) {
        let at = day.due();
        if let Some(Step::SignIn) = day.next() {
            back.push(at - gone);
        }
    }
    assert_eq!(back.len(), 1);
    assert!(back[0] >= Duration::from_secs(60));
}
