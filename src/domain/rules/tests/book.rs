//! Nothing of the rule book is forgotten: every rule is named by a test here, or `docs/rules.md`
//! says why the hub does not keep it.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::domain::trace::Rule;

const PAGE: &str = include_str!("../../../../docs/rules.md");
const TESTS: [&str; 14] = [
    include_str!("automatic.rs"),
    include_str!("capacity.rs"),
    include_str!("catalogue.rs"),
    include_str!("choices.rs"),
    include_str!("connection.rs"),
    include_str!("directory.rs"),
    include_str!("eligibility.rs"),
    include_str!("expiry.rs"),
    include_str!("fits.rs"),
    include_str!("history.rs"),
    include_str!("holds.rs"),
    include_str!("restart.rs"),
    include_str!("sign_in.rs"),
    include_str!("work.rs"),
];

/// The numbers of the rule book.
const RULES: [RangeInclusive<u32>; 10] =
    [1..=8, 10..=17, 20..=29, 30..=39, 40..=46, 50..=59, 60..=69, 70..=79, 80..=89, 90..=99];
const RECOMMENDATIONS: RangeInclusive<u32> = 1..=36;

/// The heading of the part of the page that lists what the hub does not keep.
const NOT_KEPT: &str = "## Not kept";

fn all() -> impl Iterator<Item = String> {
    let rules = RULES.into_iter().flatten().map(|number| format!("R-{number}"));
    rules.chain(RECOMMENDATIONS.map(|number| format!("A-{number}")))
}

/// The names of the test functions.
fn tests() -> impl Iterator<Item = &'static str> {
    let claims = TESTS.into_iter().flat_map(|source| source.split("#[test]\nfn ").skip(1));
    claims.filter_map(|claim| claim.split('(').next())
}

/// The rules that a test function names: `r_70_a_22_...` names R-70 and A-22.
fn named_by(test: &str) -> Vec<String> {
    let words: Vec<&str> = test.split('_').collect();
    let pairs = words.chunks(2).map_while(|pair| match pair {
        [letter @ ("r" | "a"), number] if number.parse::<u32>().is_ok() => {
            Some(format!("{}-{number}", letter.to_uppercase()))
        }
        _ => None,
    });
    pairs.collect()
}

/// The rules of the table rows of a part of the page: their first cell.
fn listed(part: &str) -> BTreeSet<String> {
    let rows = part.lines().filter_map(|line| line.strip_prefix("| "));
    let firsts = rows.filter_map(|row| Some(row.split_once(" |")?.0));
    firsts.filter(|first| first.starts_with("R-") || first.starts_with("A-")).map(ToOwned::to_owned).collect()
}

fn kept_and_not_kept() -> (BTreeSet<String>, BTreeSet<String>) {
    let (kept, not_kept) = PAGE.split_once(NOT_KEPT).expect("the page says what is not kept");
    (listed(kept), listed(not_kept))
}

#[test]
fn every_rule_is_named_by_a_test_or_listed_as_not_kept() {
    let tested: BTreeSet<String> = tests().flat_map(named_by).collect();
    let (_, not_kept) = kept_and_not_kept();
    let forgotten: Vec<String> = all().filter(|rule| !tested.contains(rule) && !not_kept.contains(rule)).collect();
    assert!(forgotten.is_empty(), "no test names these and the page gives no reason: {forgotten:?}");
    let both: Vec<_> = tested.intersection(&not_kept).collect();
    assert!(both.is_empty(), "these are tested and said not to be kept: {both:?}");
}

#[test]
fn every_rule_that_a_test_names_is_in_the_table_and_the_book() {
    let book: BTreeSet<String> = all().collect();
    let (kept, not_kept) = kept_and_not_kept();
    for rule in tests().flat_map(named_by) {
        assert!(book.contains(&rule), "{rule} is not in the book");
        assert!(kept.contains(&rule), "{rule} is tested and not in the table");
    }
    for rule in kept.union(&not_kept) {
        assert!(book.contains(rule), "{rule} is not in the book");
    }
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let tests: BTreeSet<&str> = tests().collect();
    let (kept, _) = PAGE.split_once(NOT_KEPT).expect("the page says what is not kept");
    for row in kept.lines().filter(|line| line.starts_with("| R-") || line.starts_with("| A-")) {
        let cell = row.rsplit('|').nth(1).unwrap_or_default();
        let name = cell.split('`').nth(1).unwrap_or_default();
        let (_, test) = name.split_once("::").unwrap_or_default();
        assert!(tests.contains(test), "no test is called `{name}`: {row}");
    }
}

#[test]
fn every_rule_that_explain_can_name_is_in_the_book() {
    let book: BTreeSet<String> = all().collect();
    let ours = ["P-next", "P-until", "P-restart", "P-retired", "P-disabled"];
    for rule in Rule::ALL {
        assert!(book.contains(rule.id()) || ours.contains(&rule.id()), "{} is not in the book", rule.id());
        assert_eq!(Rule::parse(rule.name()), Some(*rule));
    }
}
