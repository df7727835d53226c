//! What comments cite is there: rules by their numbers, chapters of the rule book and sections of the
//! contract by their titles.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::book::{in_the_project, pages, rules};

/// How comments call the rule book.
const BOOK: &str = "rule book";
/// How they call `docs/contract.md`.
const CONTRACT: &str = "contract";

/// The titles of chapters and sections.
fn titles(pages: &[String]) -> BTreeSet<String> {
    let headings = pages.iter().flat_map(|page| page.lines()).filter(|line| line.starts_with('#'));
    headings.map(|heading| heading.trim_start_matches('#').trim().to_owned()).collect()
}

/// Every file of the program, its tests and its benches.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["src", "tests", "benches"] {
        sources(&in_the_project(folder), &mut found);
    }
    found
}

/// The comments of a source, without their line breaks.
fn comments(source: &str) -> String {
    let comments = source.lines().filter_map(|line| line.split_once("//")).map(|(_, comment)| comment);
    comments.map(|comment| comment.trim_start_matches(['/', '!']).trim()).collect::<Vec<_>>().join(" ")
}

/// The titles that a text cites of a page: `rule book, *Sign-in* and *Connection*`.
fn cited(text: &str, page: &str) -> Vec<String> {
    let mut titles = Vec::new();
    for mut rest in text.split(page).skip(1) {
        for before in std::iter::once(", *").chain(std::iter::repeat(" and *")) {
            let Some((title, further)) = rest.strip_prefix(before).and_then(|rest| rest.split_once('*')) else {
                break;
            };
            titles.push(title.to_owned());
            rest = further;
        }
    }
    titles
}

/// The rules that a text names: `A-32`.
fn named(text: &str) -> Vec<String> {
    let mut rules = Vec::new();
    for letter in ["R-", "A-"] {
        for (at, _) in text.match_indices(letter) {
            let number: String = text[at + 2..].chars().take_while(char::is_ascii_digit).collect();
            if !number.is_empty() && !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '-') {
                rules.push(format!("{letter}{number}"));
            }
        }
    }
    rules
}

#[test]
fn every_rule_that_is_cited_is_in_the_book() {
    let all = rules();
    let mut looked_at = 0;
    for (file, source) in all_sources() {
        for rule in named(&source) {
            looked_at += 1;
            assert!(all.contains(&rule), "{file} cites {rule}, which is not in the book");
        }
    }
    assert!(looked_at > 200, "{looked_at} citations");
}

#[test]
fn every_section_that_is_cited_is_in_the_contract() {
    let titles = titles(&[fs::read_to_string(in_the_project("docs/contract.md")).unwrap()]);
    let mut looked_at = 0;
    for (file, source) in all_sources() {
        for title in cited(&comments(&source), CONTRACT) {
            looked_at += 1;
            assert!(titles.contains(&title), "{file} cites *{title}*, which is no section of docs/contract.md");
        }
    }
    assert!(looked_at > 5, "{looked_at} citations");
}

#[test]
fn every_chapter_that_is_cited_is_in_the_book() {
    let titles = titles(&pages());
    let mut looked_at = 0;
    for (file, source) in all_sources() {
        let text = comments(&source);
        for title in cited(&text, BOOK) {
            looked_at += 1;
            assert!(titles.contains(&title), "{file} cites *{title}*, which is no chapter of the rule book");
        }
        let by_number = text.split(BOOK).skip(1).any(|after| after.trim_start().starts_with(|c: char| c.is_numeric()));
        assert!(!by_number, "{file} cites a chapter of the rule book by a number");
    }
    assert!(looked_at > 20, "{looked_at} citations");
}

#[test]
fn what_is_cited_is_understood() {
    let text = comments(
        "//! Sign-in (rule book, *Sign-in*\n//! and *Connection*; see A-32).\n/// (R-1).\nlet x = 1; // X-R-2",
    );
    assert_eq!(cited(&text, BOOK), ["Sign-in", "Connection"]);
    assert_eq!(named(&text), ["R-1", "A-32"]);
}
