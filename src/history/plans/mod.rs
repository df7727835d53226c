//! What was planned, beside what was: activities, when agents are to do them, and times that are excused. It is told
//! by others and no projection of the log, so nothing makes it anew; what is true of it now is true of the past.

pub mod keep;
pub mod read;
pub mod tables;

#[cfg(test)]
mod tests;
