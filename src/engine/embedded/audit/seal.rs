//! What names people in an entry, sealed: a hash of it under a salt of its own. While the entry says it, the salt is
//! kept and the hash can be made anew; once it is blanked, the hash is kept and the salt is gone, so that nobody can
//! try who it may have been.

use aws_lc_rs::digest::{Context, SHA256};

use super::Hash;

/// Bytes of a salt: nobody tries so many.
const SALT_BYTES: usize = 16;

/// The hash of what is sealed.
pub(super) type Sealed = Hash;

/// What is kept of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seal {
    /// What is sealed is there.
    Salt([u8; SALT_BYTES]),
    /// It was blanked.
    Blanked(Sealed),
}

impl Seal {
    /// Two for something new.
    pub fn two() -> rusqlite::Result<[Self; 2]> {
        let mut salts = [[0; SALT_BYTES]; 2];
        getrandom::fill(salts.as_flattened_mut())
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.to_string().into()))?;
        Ok(salts.map(Self::Salt))
    }

    /// As it is kept; none if nothing is kept so.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if let Ok(salt) = bytes.try_into() {
            return Some(Self::Salt(salt));
        }
        bytes.try_into().ok().map(Self::Blanked)
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Salt(salt) => salt,
            Self::Blanked(sealed) => sealed,
        }
    }

    /// The hash, which is of these texts unless they were blanked.
    pub fn over(&self, texts: &[Option<&str>]) -> Sealed {
        match self {
            Self::Salt(salt) => {
                let mut context = Context::new(&SHA256);
                context.update(salt);
                texts.iter().for_each(|text| update(&mut context, *text));
                finish(context)
            }
            Self::Blanked(sealed) => *sealed,
        }
    }
}

/// A text with its length, or that there is none: so that no two lists of texts are the same bytes.
pub(super) fn update(context: &mut Context, text: Option<&str>) {
    match text {
        None => context.update(&[0]),
        Some(text) => {
            context.update(&[1]);
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        }
    }
}

pub(super) fn finish(context: Context) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
