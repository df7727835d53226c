//! What is printed of a run, and of all.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use crate::record::Counts;
use crate::scenario::Scenario;

/// Violations of a kind that are printed; all are in the folder.
const PRINTED: usize = 12;

/// What a run brought.
#[derive(Default)]
pub struct Outcome {
    pub violations: Vec<String>,
    pub notes: Vec<String>,
    /// Where logs and databases are, if they are kept.
    pub folder: Option<PathBuf>,
    /// Milliseconds after the fault: until agents of a lost hub were given out no more, the first change that was kept,
    /// and the longest time in which none was.
    pub unroutable: Option<i64>,
    pub appended: Option<i64>,
    pub pause: Option<i64>,
    /// Milliseconds after it was undone until all hubs served.
    pub ready: Option<i64>,
    /// Milliseconds that somebody had at least to come back before being shown Offline because of a hub.
    pub grace: Option<i64>,
    pub entries: usize,
    pub acks: usize,
    pub counts: Figures,
}

/// The counts at the end.
#[derive(Default)]
pub struct Figures {
    events: u64,
    commands: u64,
    duplicates: u64,
    refused: u64,
    unavailable: u64,
    unknown: u64,
    unheard: u64,
}

impl From<&Counts> for Figures {
    fn from(counts: &Counts) -> Self {
        let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        Self {
            events: of(&counts.events),
            commands: of(&counts.commands),
            duplicates: of(&counts.duplicates),
            refused: of(&counts.refused),
            unavailable: of(&counts.unavailable),
            unknown: of(&counts.unknown),
            unheard: of(&counts.unheard),
        }
    }
}

impl Outcome {
    pub fn print(&self, scenario: Scenario, run: u32) {
        let said = |millis: Option<i64>| millis.map_or("-".to_owned(), |millis| format!("{millis} ms"));
        let Figures { events, commands, duplicates, refused, unavailable, unknown, unheard } = &self.counts;
        println!(
            "{scenario} {run}: {} violations; unroutable {}, first append {}, longest pause {}, ready {}, grace {}; {events} events, \
             {commands} commands, {} acks ({duplicates} duplicates), {refused} refused, {unavailable} unavailable, \
             {unknown} unknown, {unheard} unanswered; {} entries",
            self.violations.len(),
            said(self.unroutable),
            said(self.appended),
            said(self.pause),
            said(self.ready),
            said(self.grace),
            self.acks,
            self.entries,
        );
        self.violations.iter().take(PRINTED).for_each(|violation| println!("  BROKEN {violation}"));
        if self.violations.len() > PRINTED {
            println!("  … and {} more", self.violations.len() - PRINTED);
        }
        self.notes.iter().take(PRINTED).for_each(|note| println!("  note {note}"));
        if let Some(folder) = &self.folder {
            println!("  kept in {}", folder.display());
        }
    }
}

/// All runs.
#[derive(Default)]
pub struct Report(BTreeMap<Scenario, Vec<Outcome>>);

impl Report {
    pub fn add(&mut self, scenario: Scenario, outcome: Outcome) {
        self.0.entry(scenario).or_default().push(outcome);
    }

    pub fn is_clean(&self) -> bool {
        self.0.values().flatten().all(|outcome| outcome.violations.is_empty())
    }

    /// A line for each scenario: the least, the median and the most of the times, in seconds.
    pub fn print(&self) {
        println!(
            "\n| scenario | runs | broken | unroutable | first append | longest pause | ready | least grace | acks |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        for (scenario, outcomes) in &self.0 {
            let of = |time: fn(&Outcome) -> Option<i64>| range(outcomes.iter().filter_map(time).collect());
            println!(
                "| {scenario} | {} | {} | {} | {} | {} | {} | {} | {} |",
                outcomes.len(),
                outcomes.iter().filter(|outcome| !outcome.violations.is_empty()).count(),
                of(|outcome| outcome.unroutable),
                of(|outcome| outcome.appended),
                of(|outcome| outcome.pause),
                of(|outcome| outcome.ready),
                of(|outcome| outcome.grace),
                outcomes.iter().map(|outcome| outcome.acks).sum::<usize>(),
            );
        }
    }
}

fn range(mut millis: Vec<i64>) -> String {
    millis.sort_unstable();
    let seconds = |millis: i64| format!("{}.{}", millis / 1000, millis % 1000 / 100);
    match (millis.first(), millis.get(millis.len() / 2), millis.last()) {
        (Some(least), Some(median), Some(most)) => {
            format!("{} / {} / {} s", seconds(*least), seconds(*median), seconds(*most))
        }
        _ => "-".to_owned(),
    }
}
