//! Plans that once broke a promise, each under the name of what was wrong.

use presence_hub::engine::faulty::Mood;

use super::play;
use super::step::Step::{self, *};
use super::step::{Chosen, Field, Over, Setting, Template, Whose, Work as Happens};

const BARE: Template = Template { units: None, profile: None, default: None, team: 0 };
const RINGS: Happens = Happens::Offered { seconds: None, workstream: None, if_eligible: false };

fn holds(plan: &[Step]) {
    if let Err(broken) = play(plan) {
        panic!("{broken}");
    }
}

#[test]
fn a_patch_of_one_field_undoes_no_patch_of_another_that_came_at_the_same_time() {
    holds(&[
        Puts { agent: 3, with: BARE },
        Passes { millis: 10_000 },
        Patches { agent: 3, field: Field::Name },
        Patches { agent: 3, field: Field::Skill(1) },
    ]);
}

#[test]
fn a_sign_in_does_not_write_over_a_record_that_is_put_at_the_same_time() {
    holds(&[Puts { agent: 1, with: BARE }, Opens(1)]);
    holds(&[Posts { agent: 1 }, Opens(1)]);
}

#[test]
fn of_two_that_put_a_new_record_one_created_it() {
    holds(&[Puts { agent: 3, with: BARE }, Puts { agent: 3, with: BARE }]);
}

#[test]
fn no_session_stays_of_a_sign_in_whose_outcome_was_unknown() {
    holds(&[
        Posts { agent: 3 },
        Passes { millis: 48 },
        Engine(Mood::UnknownButKept),
        Opens(3),
        StandsStill { seconds: 176 },
    ]);
    holds(&[Opens(0), Passes { millis: 11_108 }, Opens(0), Engine(Mood::UnknownButKept), Passes { millis: 1 }]);
}

#[test]
fn a_standstill_moves_a_deadline_once_also_when_an_outcome_is_unknown() {
    holds(&[
        Opens(2),
        Passes { millis: 158 },
        Killed,
        Engine(Mood::UnknownButKept),
        WallClockSteps { seconds: 16_725 },
        Passes { millis: 79_253 },
        Opens(2),
    ]);
}

#[test]
fn a_sign_out_whose_outcome_was_unknown_ends_the_sockets_if_it_was_kept() {
    holds(&[Opens(3), Passes { millis: 802 }, Engine(Mood::UnknownButKept), SignsOut(3), Passes { millis: 49 }]);
}

#[test]
fn who_was_signed_out_by_a_supervisor_is_signed_out_although_nobody_knew_whether_it_was_kept() {
    holds(&[
        Opens(3),
        Watches(0),
        Passes { millis: 802 },
        Engine(Mood::UnknownButKept),
        SignedOut(3),
        Passes { millis: 49 },
    ]);
}

#[test]
fn a_work_system_that_comes_back_is_told_which_offers_ended_meanwhile() {
    let offer = Work { system: 0, agent: 1, item: 2, what: RINGS, over: Over::Socket };
    holds(&[
        SystemComes(0),
        StandsStill { seconds: 75 },
        Opens(1),
        offer.clone(),
        SystemGoes(0),
        Passes { millis: 8 },
        SystemComes(0),
    ]);
    let offer = Work { system: 0, agent: 0, item: 3, what: RINGS, over: Over::Http };
    holds(&[
        SystemComes(0),
        Passes { millis: 1_916 },
        Stopped,
        Opens(0),
        offer,
        Passes { millis: 4_916 },
        SystemComes(0),
    ]);
}

#[test]
fn a_wall_clock_that_is_put_forward_right_after_a_start_shows_nobody_offline() {
    holds(&[Opens(2), Passes { millis: 21 }, Stopped, Opens(2), WallClockSteps { seconds: 34_071 }]);
}

#[test]
fn a_choice_that_ends_for_a_presence_that_is_no_more_leads_to_one_that_is() {
    let lunch = Chosen::Custom(0);
    holds(&[
        PutsPresence { presence: 0, base: 3, enabled: true },
        Opens(0),
        Passes { millis: 100 },
        Chooses { agent: 0, presence: Chosen::Busy, lasts: Some(5), next: Some(lunch) },
        DropsPresence(0),
        Passes { millis: 8_000 },
    ]);
}

// The plans from here on break a promise where a mend is taken out of the hub; no seed met them before it
// was there.

#[test]
fn who_comes_back_right_after_a_wall_clock_that_was_put_forward_was_never_offline() {
    holds(&[Opens(1), Passes { millis: 9_712 }, Killed, WallClockSteps { seconds: 16_812 }]);
}

#[test]
fn two_settings_that_are_changed_at_the_same_time_are_both_kept() {
    holds(&[PatchesSettings(Setting::MaxOpenWorkItems(2)), PatchesSettings(Setting::RestoreAfterSignOut(true))]);
}

#[test]
fn a_board_shows_a_changed_limit_of_a_profile_also_of_an_agent_who_just_got_it() {
    holds(&[
        Opens(0),
        Watches(2),
        PutsProfile { profile: 1, most: 2, blocks: false },
        Engine(Mood::Stalled),
        Passes { millis: 4_459 },
        Puts { agent: 0, with: Template { units: Some(3), profile: Some(1), default: None, team: 1 } },
        PutsProfile { profile: 1, most: 1, blocks: true },
    ]);
}

#[test]
fn a_wall_clock_that_is_put_back_leaves_the_hub_s_time_where_it_was() {
    holds(&[
        Opens(3),
        Passes { millis: 2_513 },
        Panics(0),
        WallClockSteps { seconds: -39 },
        StandsStill { seconds: 160 },
    ]);
}

#[test]
fn a_bulk_undoes_no_change_of_an_agent_that_came_between_its_check_and_the_agents_turn() {
    holds(&[
        Opens(2),
        Passes { millis: 5_082 },
        Patches { agent: 2, field: Field::Name },
        PatchesMany(vec![(2, Field::Skill(4))]),
    ]);
}

#[test]
fn two_changes_for_all_agents_at_the_same_time_are_both_kept() {
    holds(&[
        Opens(0),
        Passes { millis: 287 },
        PatchesAll { whose: Whose::Everyone, field: Field::Name },
        PatchesAll { whose: Whose::Everyone, field: Field::Skill(1) },
    ]);
}

#[test]
fn a_bulk_brings_no_agent_back_that_is_deleted_at_the_same_time() {
    holds(&[
        Puts { agent: 2, with: BARE },
        Passes { millis: 100 },
        Engine(Mood::Stalled),
        Deletes(2),
        PatchesAll { whose: Whose::Team(0), field: Field::Name },
        Passes { millis: 50 },
        Killed,
    ]);
}

#[test]
fn an_event_that_is_sent_again_in_another_mode_happens_once() {
    let offer = |over| Work { system: 0, agent: 1, item: 2, what: RINGS, over };
    for (first, second) in [(Over::Http, Over::Binary), (Over::Binary, Over::Socket)] {
        holds(&[
            SystemComes(0),
            Opens(1),
            Passes { millis: 100 },
            offer(first),
            Again { system: 0, over: second },
            Killed,
            Again { system: 0, over: first },
        ]);
    }
}
