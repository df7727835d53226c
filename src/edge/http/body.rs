//! The body of a request: read only once who asks was found to be allowed it.

use std::marker::PhantomData;

use axum::body::{Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::wire::code::ErrorCode;
use crate::wire::documents::Shape;
use crate::wire::json;
use crate::wire::problem::Problem;

/// The largest body of a single thing. A reconciliation of all the work that an agent can have fits.
pub const USUAL_BODY_BYTES: usize = 128 * 1024;

/// What a body says.
pub trait Body: Sized + Send {
    /// Why it may be refused.
    const REFUSALS: &'static [ErrorCode];

    /// Understands it, if it has at most so many bytes.
    ///
    /// # Errors
    /// `too_large`, told before anything is read if the request says its length; `unsupported_media_type`,
    /// `malformed` or `invalid`
    fn read(
        body: axum::body::Body,
        headers: &HeaderMap,
        most: usize,
    ) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// The body, as OpenAPI describes it.
    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value>;
}

/// A body is refused if it cannot be read.
const UNREADABLE: &[ErrorCode] = &[
    ErrorCode::Malformed,
    ErrorCode::Invalid,
    ErrorCode::TooLarge,
    ErrorCode::UnsupportedMediaType,
    ErrorCode::RequestTimeout,
];

/// The route takes no body, and reads none.
impl Body for () {
    const REFUSALS: &'static [ErrorCode] = &[];

    async fn read(_: axum::body::Body, _: &HeaderMap, _: usize) -> Result<Self, Problem> {
        Ok(())
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Option<Value> {
        None
    }
}

/// A JSON object that says a `T`.
pub struct Json<T>(pub T);

impl<T: Shape + DeserializeOwned + Send> Body for Json<T> {
    const REFUSALS: &'static [ErrorCode] = UNREADABLE;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        let Patch { merge, .. } = Patch::<T>::read(body, headers, most).await?;
        json::read(&merge).map(Self)
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described("application/json", &schemas.written::<T>()))
    }
}

/// What is to be changed of a `T`: a JSON merge patch (RFC 7396).
pub struct Patch<T> {
    /// The fields that change; null takes one away.
    pub merge: Value,
    of: PhantomData<fn() -> T>,
}

impl<T: Shape> Body for Patch<T> {
    const REFUSALS: &'static [ErrorCode] = UNREADABLE;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        says_json(headers)?;
        let bytes = bytes(body, most).await?;
        let merge: Value =
            serde_json::from_slice(&bytes).map_err(|error| Problem::malformed(format!("no JSON: {error}")))?;
        if !merge.is_object() {
            return Err(Problem::malformed("a JSON object is right"));
        }
        Ok(Self { merge, of: PhantomData })
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described("application/merge-patch+json", &schemas.written::<crate::wire::shapes::PatchOf<T>>()))
    }
}

/// A body that its handler understands piece by piece: it says a `T`.
pub struct Pieces<T> {
    /// All of it.
    pub bytes: Bytes,
    of: PhantomData<fn() -> T>,
}

impl<T: Shape> Body for Pieces<T> {
    const REFUSALS: &'static [ErrorCode] = UNREADABLE;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        says_json(headers)?;
        Ok(Self { bytes: bytes(body, most).await?, of: PhantomData })
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described("application/json", &schemas.written::<T>()))
    }
}

/// The fields of a form that say a `T`.
pub struct Form<T>(pub T);

const FORM: &str = "application/x-www-form-urlencoded";

impl<T: Shape + DeserializeOwned + Send> Body for Form<T> {
    const REFUSALS: &'static [ErrorCode] = UNREADABLE;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        if let Some(media_type) = media_type(headers).filter(|media_type| media_type != FORM) {
            return Err(of_another_type(&media_type, "application/x-www-form-urlencoded is"));
        }
        is_unpacked(headers)?;
        let bytes = bytes(body, most).await?;
        let text = str::from_utf8(&bytes).map_err(|_| Problem::malformed("the form is not UTF-8"))?;
        json::read_query(text).map(Self)
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described(FORM, &schemas.written::<T>()))
    }
}

/// A body of this media type, as OpenAPI describes it.
#[cfg(test)]
pub fn described(media_type: &str, schema: &Value) -> Value {
    serde_json::json!({ "required": true, "content": { media_type: { "schema": schema } } })
}

/// Refuses what says of itself that it is no JSON, or packed. What says nothing is looked at.
///
/// # Errors
/// `unsupported_media_type`
fn says_json(headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(media_type) = media_type(headers) {
        let is_json = media_type == "application/json" || media_type.ends_with("+json");
        if !is_json {
            return Err(of_another_type(&media_type, "application/json is"));
        }
    }
    is_unpacked(headers)
}

/// The body is of a type that is not understood here.
pub fn of_another_type(media_type: &str, right: &str) -> Problem {
    let detail = format!("Content-Type: `{media_type}` is not understood here; {right}");
    Problem::new(ErrorCode::UnsupportedMediaType, detail)
}

/// Refuses a body that is packed.
///
/// # Errors
/// `unsupported_media_type`
pub fn is_unpacked(headers: &HeaderMap) -> Result<(), Problem> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    match encodings.find(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        Some(encoding) => {
            let detail = format!("Content-Encoding: {encoding:?} is not understood here; send the body as it is");
            Err(Problem::new(ErrorCode::UnsupportedMediaType, detail))
        }
        None => Ok(()),
    }
}

/// The media type of a body, in small letters and without parameters; none if the request names none.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().unwrap_or("unreadable");
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Refuses a text whose type says that it is in another encoding than UTF-8.
///
/// # Errors
/// `unsupported_media_type`
pub fn is_utf8(headers: &HeaderMap) -> Result<(), Problem> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let parameters = value.split(';').skip(1).filter_map(|parameter| parameter.trim().split_once('='));
    let charsets = parameters.filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let is_other =
        |charset: &&str| !["utf-8", "utf8", "us-ascii"].iter().any(|right| charset.eq_ignore_ascii_case(right));
    match charsets.map(|(_, charset)| charset.trim_matches('"')).find(is_other) {
        Some(charset) => Err(of_another_type(&format!("charset={charset}"), "send the text in UTF-8")),
        None => Ok(()),
    }
}

/// The body's bytes, if they are at most so many.
///
/// # Errors
/// `too_large`
pub async fn bytes(body: axum::body::Body, most: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::too_large(format!("at most {most} bytes are right here"));
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let mut request = Request::new(body);
    DefaultBodyLimit::max(most).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::malformed(error.body_text()),
    })
}
