//! What a decision considered, as it is stored: `+Rule` decided, `-Rule` was passed over.

use crate::domain::trace::{Considered, Rule, Trace, Verdict};

pub(super) fn trace_to_texts(trace: &Trace) -> Vec<String> {
    trace.considered().iter().map(considered_to_text).collect()
}

pub(super) fn trace_of_texts(texts: &[String]) -> Trace {
    Trace::from_kept(texts.iter().filter_map(|text| text_to_considered(text)).collect())
}

fn considered_to_text(considered: &Considered) -> String {
    let sign = match considered.verdict {
        Verdict::Decided => '+',
        Verdict::Passed => '-',
    };
    format!("{sign}{}", considered.rule.name())
}

/// None for a rule that this hub does not know; the rest of the trace is still worth having.
fn text_to_considered(text: &str) -> Option<Considered> {
    let (verdict, name) = match text.strip_prefix('+') {
        Some(name) => (Verdict::Decided, name),
        None => (Verdict::Passed, text.strip_prefix('-')?),
    };
    Some(Considered { rule: Rule::parse(name)?, verdict })
}
