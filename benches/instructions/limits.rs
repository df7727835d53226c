//! The figures that paths are held to, in `limits.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

use super::COMMAND;

/// How much more than its figure a path may cost, in percent. Far more than the seeds of hash maps
/// move it; what is left is for other processors and for patches of the compiler.
const TOLERATED: u64 = 10;
/// How much less than its figure a path may cost, in percent, before the figure is asked to follow.
const UNNOTICED: u64 = 25;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions/limits.toml");
const HEADER: &str = "\
# Instructions that each hot path costs; CI fails when one costs 10 % more. Written by
# `cargo bench --profile counting --bench instructions -- --accept` on x86-64, with rustc 1.95; the
# commit that changes a figure says why.
";

/// Figures by the names of the paths.
type Figures = BTreeMap<String, u64>;

/// How a count stands to its figure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Within,
    TooMuch,
    FarLess,
    Unlimited,
}

impl Verdict {
    fn of(count: u64, figure: Option<u64>) -> Self {
        match figure {
            None => Self::Unlimited,
            Some(figure) if count * 100 > figure * (100 + TOLERATED) => Self::TooMuch,
            Some(figure) if count * 100 < figure * (100 - UNNOTICED) => Self::FarLess,
            Some(_) => Self::Within,
        }
    }
}

/// Prints every path and fails if one costs too much, or if paths and figures are not the same.
pub fn check(counts: &[(String, u64)]) -> ExitCode {
    let figures = read();
    let mut complaints = Vec::new();
    for (name, count) in counts {
        let figure = figures.get(name).copied();
        let verdict = Verdict::of(*count, figure);
        let beside = figure
            .map_or_else(String::new, |figure| format!("{:+6.1} %", (*count as f64 / figure as f64 - 1.0) * 100.0));
        println!("{name:<56}{count:>12} {beside}");
        let figure = figure.unwrap_or_default();
        match verdict {
            Verdict::Within => {}
            Verdict::TooMuch => complaints.push(format!(
                "`{name}` costs {count} instructions; {} are allowed, {TOLERATED} % above {figure}",
                figure * (100 + TOLERATED) / 100
            )),
            Verdict::FarLess => {
                println!("  `{name}` costs over {UNNOTICED} % less than its {figure}; lower it: {COMMAND} -- --accept");
            }
            Verdict::Unlimited => complaints.push(format!("`{name}` costs {count} instructions and has no limit")),
        }
    }
    for gone in figures.keys().filter(|name| !counts.iter().any(|(counted, _)| counted == *name)) {
        complaints.push(format!("`{gone}` has a limit and is not counted"));
    }
    if complaints.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\n{}", complaints.join("\n"));
    println!("If that is as it should be, keep the new figures and say why in the commit:\n{COMMAND} -- --accept");
    ExitCode::FAILURE
}

/// Writes new figures for the paths that are not within theirs. The others stay, so that they do not creep.
pub fn accept(counts: &[(String, u64)]) -> ExitCode {
    let figures = read();
    let mut text = HEADER.to_owned();
    for (name, count) in counts {
        let figure = figures.get(name).copied();
        let kept = figure.filter(|_| Verdict::of(*count, figure) == Verdict::Within);
        if kept.is_none() {
            println!("{name:<56}{:>12} -> {count}", figure.unwrap_or_default());
        }
        writeln!(text, "\"{name}\" = {}", kept.unwrap_or(*count)).unwrap();
    }
    std::fs::write(FILE, text).unwrap();
    ExitCode::SUCCESS
}

fn read() -> Figures {
    toml::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}
