use super::*;

#[test]
fn back_off_grows_to_its_limit_and_starts_over_after_a_welcome() {
    let mut back_off = BackOff::new(1);
    let waits: Vec<f64> = (0..10).map(|_| back_off.next().as_secs_f64()).collect();
    assert!((0.25..0.5).contains(&waits[0]), "{waits:?}");
    assert!(waits[5..].iter().all(|wait| (7.5..=15.0).contains(wait)), "{waits:?}");
    back_off.welcomed();
    assert!(back_off.next().as_secs_f64() <= 0.5);
}

#[test]
fn who_was_told_when_to_come_back_comes_then() {
    let mut back_off = BackOff::new(1);
    back_off.announced(Some([2_000, 5_000]));
    assert!((2.0..=5.0).contains(&back_off.next().as_secs_f64()));
    // After that the hub is expected back.
    assert!(back_off.next().as_secs_f64() <= 0.5);
    back_off.announced(Some([3_000, 1_000]));
    assert_eq!(back_off.next(), Duration::from_secs(3));
}

#[test]
fn agents_do_not_come_back_all_at_once() {
    let waits: std::collections::BTreeSet<Duration> = (0..100).map(|seed| BackOff::new(seed).next()).collect();
    assert!(waits.len() > 95);
}
