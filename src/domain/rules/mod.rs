//! The rules, a file per chapter of the rule book.
pub mod eligibility;
