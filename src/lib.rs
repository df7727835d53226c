//! The presence hub.
pub mod domain;
pub mod wire;
pub mod edge {
    //! The outside door.
    pub mod pages;
}
