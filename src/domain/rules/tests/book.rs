//! The rule book (`docs/rules.md` and its chapters): no rule is forgotten, and what the book names is there.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::domain::trace::Rule;

/// The numbers of the product's rules.
const STATED: [RangeInclusive<u32>; 10] =
    [1..=8, 10..=17, 20..=29, 30..=39, 40..=46, 50..=59, 60..=69, 70..=79, 80..=89, 90..=99];
/// The numbers of what we decided where the product's documents are silent.
const DECIDED: RangeInclusive<u32> = 1..=36;
/// The rules of our own.
const OURS: [&str; 7] = ["P-next", "P-until", "P-restart", "P-restored", "P-signed-out", "P-retired", "P-disabled"];

/// The heading of the part of a chapter that lists what the hub does not keep.
const NOT_KEPT: &str = "## Not kept";

pub(super) fn in_the_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every rule there is.
pub(super) fn rules() -> BTreeSet<String> {
    let stated = STATED.into_iter().flatten().map(|number| format!("R-{number}"));
    let decided = DECIDED.map(|number| format!("A-{number}"));
    stated.chain(decided).chain(OURS.map(str::to_owned)).collect()
}

/// The pages of the book.
pub(super) fn pages() -> Vec<String> {
    let chapters = fs::read_dir(in_the_project("docs/rules")).unwrap().map(|chapter| chapter.unwrap().path());
    let pages = chapters.chain([in_the_project("docs/rules.md")]);
    pages.map(|page| fs::read_to_string(page).unwrap()).collect()
}

/// The test functions of this folder, with their files: `sign_in::r_10_...`.
fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    let entries = fs::read_dir(in_the_project("src/domain/rules/tests")).unwrap().map(|entry| entry.unwrap().path());
    for path in entries.filter(|path| path.is_file()) {
        let source = fs::read_to_string(&path).unwrap();
        for claim in source.split("#[test]\nfn ").skip(1) {
            let name = claim.split('(').next().unwrap();
            tests.insert(format!("{}::{name}", path.file_stem().unwrap().to_str().unwrap()));
        }
    }
    tests
}

/// The rules that a test function names: `holds::r_70_a_22_...` names R-70 and A-22.
fn named_by(test: &str) -> Vec<String> {
    let words: Vec<&str> = test.split("::").last().unwrap().split('_').collect();
    let pairs = words.chunks(2).map_while(|pair| match pair {
        [letter @ ("r" | "a"), number] if number.parse::<u32>().is_ok() => {
            Some(format!("{}-{number}", letter.to_uppercase()))
        }
        _ => None,
    });
    pairs.collect()
}

/// The tables' rows about rules in a part of a page, as cells.
fn rows(part: &str) -> Vec<Vec<String>> {
    let rows = part.lines().filter(|line| ["| R-", "| A-", "| P-"].iter().any(|begin| line.starts_with(begin)));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The rows of what is kept, and of what is not.
fn kept_and_not_kept() -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let (mut kept, mut not_kept) = (Vec::new(), Vec::new());
    for page in pages() {
        let (before, after) = page.split_once(NOT_KEPT).unwrap_or((&page, ""));
        kept.extend(rows(before));
        not_kept.extend(rows(after));
    }
    (kept, not_kept)
}

#[test]
fn the_book_has_every_rule_once() {
    let (kept, not_kept) = kept_and_not_kept();
    let mut listed: Vec<String> = kept.iter().chain(&not_kept).map(|row| row[0].clone()).collect();
    listed.sort();
    let mut all: Vec<String> = rules().into_iter().collect();
    all.sort();
    assert_eq!(listed, all);
}

#[test]
fn every_rule_that_is_kept_is_named_by_a_test_and_no_other_is() {
    let (kept, not_kept) = kept_and_not_kept();
    let tested: BTreeSet<String> = tests().iter().flat_map(|test| named_by(test)).collect();
    let of_the_product = kept.iter().map(|row| row[0].clone()).filter(|rule| !rule.starts_with("P-"));
    let untested: Vec<String> = of_the_product.filter(|rule| !tested.contains(rule)).collect();
    assert!(untested.is_empty(), "no test names these, and no chapter says why they are not kept: {untested:?}");
    let both: Vec<&String> = not_kept.iter().map(|row| &row[0]).filter(|rule| tested.contains(*rule)).collect();
    assert!(both.is_empty(), "these are tested and said not to be kept: {both:?}");
    let all = rules();
    let unknown: Vec<&String> = tested.iter().filter(|rule| !all.contains(*rule)).collect();
    assert!(unknown.is_empty(), "tests name these, which are not in the book: {unknown:?}");
}

#[test]
fn every_file_and_test_that_the_book_names_is_there() {
    let tests = tests();
    let (kept, _) = kept_and_not_kept();
    for row in kept {
        let [_, _, file, test] = row.as_slice() else { panic!("a rule, a line, a file and a test: {row:?}") };
        let (file, test) = (file.trim_matches('`'), test.trim_matches('`'));
        assert!(in_the_project("src/domain").join(file).exists(), "there is no {file}: {row:?}");
        assert!(tests.contains(test), "no test is called {test}: {row:?}");
    }
}

#[test]
fn every_rule_that_explain_can_name_is_in_the_book() {
    let all = rules();
    for rule in Rule::ALL {
        assert!(all.contains(rule.id()), "{} is not in the book", rule.id());
        assert_eq!(Rule::parse(rule.name()), Some(*rule));
    }
}
