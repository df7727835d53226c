//! Plans that once broke a promise of several nodes, each under the name of what was wrong, with the seed of its chance.

use presence_hub::engine::shared::Cut;

use super::play;
use super::step::Step::{self, *};
use super::step::Ways;
use crate::step::{End, Field, Setting, Work as Happens};

fn holds(seed: u64, plan: &[Step]) {
    if let Err(broken) = play(seed, plan) {
        panic!("{broken}");
    }
}

#[test]
fn a_node_that_was_declared_gone_while_it_stops_says_no_word_after_that() {
    holds(87, &[Cuts(1, Cut::Both), Passes { millis: 2_878 }, Stops(1)]);
    holds(722, &[Cuts(1, Cut::Both), Passes { millis: 2_773 }, Stops(1)]);
}

#[test]
fn a_write_that_changes_nothing_as_a_node_knows_it_is_held_against_what_another_has_kept() {
    holds(
        481,
        &[
            Opens(0, 1),
            Passes { millis: 44 },
            StandsStill { node: 1, millis: 2_865 },
            Passes { millis: 6_726 },
            Cuts(1, Cut::Both),
            Puts { node: 2, agent: 0, profile: None },
            Passes { millis: 48 },
            Patches { node: 1, agent: 0, field: Field::Units(None) },
        ],
    );
}

#[test]
fn who_left_a_node_that_was_cut_off_is_not_there_when_that_node_is_gone() {
    holds(511, &[Opens(1, 2), Calms, Cuts(2, Cut::Both), Ends(1, End::Closed), Passes { millis: 12_464 }, Opens(1, 2)]);
}

#[test]
fn who_is_signed_out_at_one_node_while_it_is_let_in_at_another_is_not_welcomed_there() {
    let offer = |seconds, workstream| Happens::Offered { seconds, workstream: Some(workstream), if_eligible: false };
    let assigned = Happens::Assigned { workstream: Some(0), if_eligible: false };
    holds(
        104,
        &[
            OpensByHand(2, 2),
            PutsProfile { node: 2, profile: 1, most: 1 },
            Work { node: 2, agent: 1, item: 1, what: offer(Some(2), 0) },
            Work { node: 1, agent: 2, item: 3, what: assigned },
            Opens(2, 0),
            Again(2),
            Work { node: 2, agent: 0, item: 2, what: offer(None, 1) },
            Passes { millis: 1 },
            Passes { millis: 14 },
            Passes { millis: 10 },
            StandsStill { node: 2, millis: 2_901 },
            SignsOut(2),
            Passes { millis: 38 },
        ],
    );
}

#[test]
fn a_webhook_that_begins_while_a_node_is_the_first_for_a_moment_is_told_by_one_node_after_that() {
    let offer = Happens::Offered { seconds: None, workstream: Some(0), if_eligible: false };
    holds(
        150,
        &[
            Passes { millis: 2_415 },
            Link(0, Ways::Slow),
            PutsWorkstream { node: 1, workstream: 1, profile: Some(1) },
            Work { node: 0, agent: 1, item: 1, what: offer },
            Link(2, Ways::HearsLate),
            DropsActivity { node: 0, activity: 1 },
            OpensByHand(1, 0),
            Link(0, Ways::Fast),
            StandsStill { node: 2, millis: 2_123 },
            OpensByHand(3, 1),
            Opens(0, 0),
            Opens(0, 2),
            Work { node: 0, agent: 1, item: 3, what: Happens::Missed },
            Passes { millis: 7_791 },
            Passes { millis: 853 },
            Passes { millis: 2_178 },
            Webhook(0),
            Stops(0),
            Revokes { node: 1, agent: 1 },
            Stops(1),
        ],
    );
}

#[test]
fn whoever_is_deleted_at_one_node_and_erased_at_another_in_that_moment_leaves_every_board() {
    holds(
        2_057,
        &[
            OpensByHand(1, 0),
            Opens(1, 1),
            Opens(3, 0),
            Passes { millis: 42 },
            PatchesSettings { node: 1, setting: Setting::RestoreAfterSignOut(false) },
            Passes { millis: 39 },
            PatchesSettings { node: 0, setting: Setting::MaxOpenWorkItems(2) },
            Deletes { node: 0, agent: 3 },
            Revokes { node: 1, agent: 0 },
            Erases { node: 2, agent: 3 },
            Opens(2, 0),
        ],
    );
}

#[test]
fn a_heartbeat_before_its_watch_is_answered_does_not_move_the_position_that_a_board_goes_on_from() {
    holds(
        7_256,
        &[
            Opens(3, 1),
            StandsStill { node: 1, millis: 8_760 },
            Passes { millis: 10_211 },
            StandsStill { node: 1, millis: 7_664 },
            Passes { millis: 11_484 },
        ],
    );
}

#[test]
fn whoever_signs_in_at_one_node_while_another_erases_them_is_in_the_log_again() {
    holds(
        9_398,
        &[
            Opens(1, 0),
            PutsProfile { node: 1, profile: 0, most: 3 },
            Passes { millis: 8_542 },
            Opens(2, 1),
            Deletes { node: 1, agent: 1 },
            Passes { millis: 5_170 },
            OpensByHand(1, 1),
            Erases { node: 0, agent: 1 },
        ],
    );
}

#[test]
fn a_node_does_not_wait_for_its_own_standstill_where_another_has_decided_since() {
    holds(
        15_565,
        &[
            Opens(3, 1),
            PutsWorkstream { node: 2, workstream: 1, profile: Some(0) },
            PatchesSettings { node: 2, setting: Setting::RefreshGrace(0) },
            Passes { millis: 910 },
            Opens(2, 1),
            Kills { node: 1, away: 1_070 },
            Clock(1, -46),
            Passes { millis: 6_127 },
            Ends(2, End::Reloads),
            Passes { millis: 47 },
            OpensByHand(2, 1),
        ],
    );
}

#[test]
fn a_node_that_stands_still_waits_for_what_of_it_came_after_another_has_decided() {
    holds(
        14_648,
        &[
            Opens(0, 0),
            Clock(0, -191),
            Cuts(2, Cut::Sends),
            Passes { millis: 884 },
            Stops(0),
            StandsStill { node: 1, millis: 2_705 },
            Opens(1, 1),
            Passes { millis: 1_743 },
            Ends(0, End::Reloads),
            Passes { millis: 11_201 },
            Kills { node: 0, away: 23_331 },
            Opens(0, 0),
        ],
    );
}

#[test]
fn a_node_that_hears_as_it_begins_that_it_was_declared_gone_says_no_word_after_that() {
    let assigned = |workstream| Happens::Assigned { workstream, if_eligible: false };
    holds(
        6_696,
        &[
            PutsWorkstream { node: 1, workstream: 0, profile: Some(0) },
            Work { node: 0, agent: 2, item: 3, what: assigned(Some(1)) },
            Again(1),
            Kills { node: 0, away: 1_087 },
            Passes { millis: 1_432 },
            Cuts(0, Cut::Hears),
            Stops(1),
            Opens(0, 0),
            Work { node: 1, agent: 3, item: 0, what: assigned(None) },
            Passes { millis: 5_013 },
        ],
    );
}
