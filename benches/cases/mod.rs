//! The hot paths, in one place: what `hot` times is what `instructions` counts.

mod encoding;
pub mod feed;
pub mod floor;
mod parsing;
mod rules;

/// Times paths, or counts their instructions.
pub trait Measure {
    /// Measures a path. Making what it takes is not measured, nor is dropping what it returns.
    fn path<I, O>(&mut self, name: &'static str, prepare: impl FnMut() -> I, path: impl FnMut(I) -> O);
}

/// Measures every path, always in the same order.
pub fn all(measure: &mut impl Measure) {
    rules::all(measure);
    encoding::all(measure);
    parsing::all(measure);
    feed::all(measure);
}
