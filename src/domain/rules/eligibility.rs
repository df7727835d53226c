//! Who may get work.
/// Why an agent may not get work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason { 
    /// x
    PresenceNotAllowed }
impl Reason {
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str { "PRESENCE_NOT_ALLOWED" }
}
