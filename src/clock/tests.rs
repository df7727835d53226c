use super::*;

/// A clock whose heart beats.
async fn beating(start: i64) -> Clock {
    let clock = Clock::starting_at(Timestamp(start));
    tokio::spawn(clock.clone().beat());
    lives(BEAT + Duration::from_millis(1)).await;
    clock
}

/// Time passes, and the hub lives through it.
async fn lives(span: Duration) {
    tokio::time::sleep(span).await;
}

/// Time passes, and the hub does not.
async fn stands_still(span: Duration) {
    tokio::time::advance(span).await;
}

fn unseen(clock: &Clock) -> Vec<Standstill> {
    clock.standstills_since(&mut Seen::default())
}

#[tokio::test(start_paused = true)]
async fn time_never_goes_back_when_the_wall_clock_does_and_goes_on_a_tenth_slower_meanwhile() {
    let clock = beating(100_000_000).await;
    let before = clock.now();
    clock.wall_clock_steps(-60_000);
    assert_eq!(clock.now(), before);
    lives(Duration::from_secs(100)).await;
    let passed = clock.now().since(before);
    assert!((Duration::from_secs(89)..=Duration::from_secs(91)).contains(&passed), "{passed:?}");
    lives(Duration::from_secs(1_000)).await;
    assert_eq!(clock.now(), clock.wall(), "the wall clock has caught up");
    assert_eq!(unseen(&clock), []);
}

#[tokio::test(start_paused = true)]
async fn the_wall_clock_put_forward_is_followed_at_once_and_is_no_time_that_the_hub_lived_through() {
    let clock = beating(0).await;
    let before = clock.now();
    clock.wall_clock_steps(8 * 3_600_000);
    assert_eq!(clock.now(), before.plus(Duration::from_secs(8 * 3_600)));
    assert_eq!(unseen(&clock), [Standstill { began: before, lasted: Duration::from_secs(8 * 3_600) + PAUSE }]);
}

#[tokio::test(start_paused = true)]
async fn the_first_reading_after_a_standstill_finds_it_and_no_other_does() {
    let clock = beating(0).await;
    let before = clock.now();
    stands_still(Duration::from_secs(300)).await;
    assert_eq!(clock.now(), before.plus(Duration::from_secs(300)));
    let mut seen = Seen::default();
    let standstill = Standstill { began: before, lasted: Duration::from_secs(300) + PAUSE };
    assert_eq!(clock.standstills_since(&mut seen), [standstill]);
    lives(Duration::from_secs(60)).await;
    assert_eq!(clock.standstills_since(&mut seen), []);
    assert_eq!(clock.less_standstills(before), before.plus(standstill.lasted));
    assert_eq!(clock.less_standstills(clock.now()), clock.now());
}

#[tokio::test(start_paused = true)]
async fn what_is_shorter_than_four_beats_or_comes_before_the_heart_is_no_standstill() {
    let clock = Clock::starting_at(Timestamp(0));
    stands_still(Duration::from_secs(60)).await;
    assert_eq!(clock.now(), Timestamp(60_000));
    tokio::spawn(clock.clone().beat());
    lives(BEAT + Duration::from_millis(1)).await;
    stands_still(STANDSTILL - BEAT).await;
    let _ = clock.now();
    assert_eq!(unseen(&clock), []);
}

#[tokio::test(start_paused = true)]
async fn the_test_clock_is_lived_through() {
    let clock = beating(0).await;
    let (now, wall) = (clock.now(), clock.wall());
    clock.advance(Duration::from_secs(60));
    assert_eq!((clock.now(), clock.wall()), (now.plus(Duration::from_secs(60)), wall.plus(Duration::from_secs(60))));
    lives(Duration::from_secs(1)).await;
    assert_eq!(unseen(&clock), []);
}

#[tokio::test(start_paused = true)]
async fn a_standstill_while_the_hub_is_ahead_of_the_wall_clock_brings_them_together_first() {
    let clock = beating(100_000_000).await;
    clock.wall_clock_steps(-60_000);
    lives(BEAT + Duration::from_millis(1)).await;
    let before = clock.now();
    stands_still(Duration::from_secs(20)).await;
    assert_eq!((clock.now(), unseen(&clock)), (before, vec![]));
    stands_still(Duration::from_secs(100)).await;
    assert_eq!(clock.now(), clock.wall());
    assert_eq!(unseen(&clock).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_sleeper_wakes_when_the_test_clock_moves_and_when_the_wall_clock_is_put_forward() {
    let clock = beating(0).await;
    for instant in [60_000, 3_600_000] {
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(Timestamp(instant)).await }
        });
        tokio::task::yield_now().await;
        let began = clock.running();
        if instant == 60_000 {
            clock.advance(Duration::from_secs(60))
        } else {
            clock.wall_clock_steps(3_600_000)
        }
        sleeper.await.unwrap();
        assert!(clock.running() - began <= BEAT);
    }
}

#[test]
fn more_standstills_than_are_told_apart_are_still_all_waited_for() {
    let standstills = Standstills::default();
    let lasted = Duration::from_secs(1);
    for number in 0..1_000 {
        standstills.add(Standstill { began: Timestamp(number * 10_000), lasted });
    }
    let all = standstills.since(&mut Seen::default());
    assert_eq!(all.len(), 64);
    assert_eq!(all.iter().map(|one| one.lasted).sum::<Duration>(), Duration::from_secs(1_000));
}

#[tokio::test]
async fn the_time_last_known_may_lead_the_wall_clock_by_a_minute_and_no_more() {
    let wall = Clock::system(None).wall();
    let little = wall.plus(Duration::from_secs(30));
    let clock = Clock::system(Some(little));
    assert!(clock.now() >= little);
    assert!(clock.wall() < little);
    let much = wall.plus(Duration::from_secs(86_400));
    assert!(Clock::system(Some(much)).now() < wall.plus(MOST_AHEAD));
}
