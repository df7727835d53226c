//! What was probably meant.

/// The known name that an unknown one probably means: the same in another section, or few letters away.
pub fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    if let Some(moved) = known.clone().find(|candidate| last(candidate) == last(unknown)) {
        return Some(moved);
    }
    // A third of the letters may differ; more is another word.
    let close = known.map(|candidate| (strsim::levenshtein(unknown, candidate), candidate));
    let (distance, candidate) = close.min_by_key(|(distance, _)| *distance)?;
    (distance <= unknown.len().div_ceil(3)).then_some(candidate)
}
