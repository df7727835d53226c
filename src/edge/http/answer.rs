//! What a route answers.

use std::marker::PhantomData;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::edge::event_stream;
use crate::edge::export::{Form, Packed};
use crate::edge::exporting::GoesOn;
use crate::wire;
use crate::wire::documents::Shape;

/// An answer, and how it is described.
pub trait Answer: Send {
    /// As it is sent.
    fn respond(self) -> Response;

    /// Its kinds.
    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described>;
}

/// One kind of answer.
#[cfg(test)]
pub struct Described {
    /// Its status.
    pub status: u16,
    /// What it means.
    pub description: &'static str,
    /// Its body, if it has one.
    pub schema: Option<serde_json::Value>,
    /// Whether it carries the record's `ETag`.
    pub is_tagged: bool,
    /// The other kinds of text that it also comes as.
    pub texts: &'static [&'static str],
}

#[cfg(test)]
impl Described {
    fn new(status: u16, description: &'static str, schema: serde_json::Value) -> Self {
        Self { status, description, schema: Some(schema), is_tagged: false, texts: &[] }
    }
}

fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.into()).into_response()
}

/// 200, with this.
pub struct Ok200<T>(pub T);

impl<T: Shape + Serialize + Send> Answer for Ok200<T> {
    fn respond(self) -> Response {
        json(StatusCode::OK, wire::text(&self.0))
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described::new(200, "Done.", schemas.read::<T>())]
    }
}

/// A record, with the tag by which a change can expect it to be as it was read.
pub struct Tagged<T> {
    /// The tag, in quotes.
    pub tag: String,
    /// The record.
    pub record: T,
}

impl<T: Shape + Serialize + Send> Answer for Tagged<T> {
    fn respond(self) -> Response {
        tagged(StatusCode::OK, &self.tag, &self.record)
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { is_tagged: true, ..Described::new(200, "As it is now.", schemas.read::<T>()) }]
    }
}

fn tagged(status: StatusCode, tag: &str, record: &impl Serialize) -> Response {
    let mut response = json(status, wire::text(record));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A record that was created.
pub struct Created<T>(pub Tagged<T>);

impl<T: Shape + Serialize + Send> Answer for Created<T> {
    fn respond(self) -> Response {
        tagged(StatusCode::CREATED, &self.0.tag, &self.0.record)
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { is_tagged: true, ..Described::new(201, "Created.", schemas.read::<T>()) }]
    }
}

/// 201, with what was created and has no tag.
pub struct New<T>(pub T);

impl<T: Shape + Serialize + Send> Answer for New<T> {
    fn respond(self) -> Response {
        json(StatusCode::CREATED, wire::text(&self.0))
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described::new(201, "Created.", schemas.read::<T>())]
    }
}

/// A record that was created or replaced.
pub enum Put<T> {
    /// There was none before.
    Created(Tagged<T>),
    /// There was one.
    Replaced(Tagged<T>),
}

impl<T: Shape + Serialize + Send> Answer for Put<T> {
    fn respond(self) -> Response {
        match self {
            Self::Created(tagged) => Created(tagged).respond(),
            Self::Replaced(tagged) => tagged.respond(),
        }
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        [Tagged::<T>::describe(schemas), Created::<T>::describe(schemas)].into_iter().flatten().collect()
    }
}

/// 204, with these headers.
#[derive(Default)]
pub struct NoContent(pub HeaderMap);

impl Answer for NoContent {
    fn respond(self) -> Response {
        (StatusCode::NO_CONTENT, self.0).into_response()
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { schema: None, ..Described::new(204, "Done.", serde_json::Value::Null) }]
    }
}

/// 200, or 503 if that is how it stands.
pub enum Serving<T> {
    /// 200
    Yes(T),
    /// 503
    No(T),
}

impl<T: Shape + Serialize + Send> Answer for Serving<T> {
    fn respond(self) -> Response {
        match self {
            Self::Yes(body) => json(StatusCode::OK, wire::text(&body)),
            Self::No(body) => json(StatusCode::SERVICE_UNAVAILABLE, wire::text(&body)),
        }
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        let schema = schemas.read::<T>();
        vec![
            Described::new(200, "Done.", schema.clone()),
            Described::new(503, "The hub could not: nothing was kept, or it is stopping.", schema),
        ]
    }
}

/// A page of a list of `T`, written already.
pub struct ListOf<T> {
    body: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

impl<T> ListOf<T> {
    /// A page that is written as `{"items":[…],"nextCursor"?}`.
    pub fn written(body: Vec<u8>) -> Self {
        Self { body, of: PhantomData }
    }
}

impl<T: Shape> Answer for ListOf<T> {
    fn respond(self) -> Response {
        json(StatusCode::OK, self.body)
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described::new(200, "A page of the list.", schemas.read::<crate::wire::shapes::List<T>>())]
    }
}

/// A `T`, written already: as JSON, or as a table if the client asked for one.
pub struct Sheet<T> {
    kind: &'static str,
    body: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

impl<T> Sheet<T> {
    /// As JSON.
    pub fn json(body: Vec<u8>) -> Self {
        Self { kind: "application/json", body, of: PhantomData }
    }

    /// As a table (RFC 4180).
    pub fn table(body: Vec<u8>) -> Self {
        Self { kind: "text/csv; charset=utf-8; header=present", body, of: PhantomData }
    }
}

impl<T: Shape> Answer for Sheet<T> {
    fn respond(self) -> Response {
        let vary = (header::VARY, HeaderValue::from_static("accept"));
        (StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static(self.kind)), vary], self.body).into_response()
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { texts: &["text/csv"], ..Described::new(200, "The report.", schemas.read::<T>()) }]
    }
}

/// A table of any length.
pub struct Exported {
    /// What it is called as a file.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// Whether it is compressed besides.
    pub packed: Packed,
    /// The table.
    pub body: Body,
}

impl Answer for Exported {
    fn respond(self) -> Response {
        let kind = match self.form {
            Form::Csv => "text/csv; charset=utf-8; header=present",
            Form::Ndjson | Form::Parquet => self.form.media_type(),
        };
        let name = format!("attachment; filename=\"{}.{}\"", self.name, self.form.extension());
        let mut response = (
            StatusCode::OK,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::VARY, HeaderValue::from_static("accept, accept-encoding")),
            ],
            [(header::CONTENT_DISPOSITION, name)],
            self.body,
        )
            .into_response();
        if self.packed == Packed::Gzip {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response.extensions_mut().insert(GoesOn);
        response
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        let texts = const { &[Form::Ndjson.media_type(), Form::Csv.media_type(), Form::Parquet.media_type()] };
        vec![Described { schema: None, texts, ..Described::new(200, "The table.", serde_json::Value::Null) }]
    }
}

/// A document that the hub holds.
pub struct Document(pub Bytes);

impl Answer for Document {
    fn respond(self) -> Response {
        json(StatusCode::OK, self.0)
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described::new(200, "The document.", serde_json::json!({ "type": "object" }))]
    }
}

/// 303: a browser goes there, with these cookies set.
pub struct SeeOther {
    /// Where.
    pub to: String,
    /// `Set-Cookie`, one each.
    pub cookies: Vec<HeaderValue>,
}

impl Answer for SeeOther {
    fn respond(self) -> Response {
        let Ok(to) = HeaderValue::from_str(&self.to) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { schema: None, ..Described::new(303, "The browser goes on there.", serde_json::Value::Null) }]
    }
}

/// 202: it is on its way.
pub struct Accepted;

impl Answer for Accepted {
    fn respond(self) -> Response {
        StatusCode::ACCEPTED.into_response()
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { schema: None, ..Described::new(202, "On its way.", serde_json::Value::Null) }]
    }
}

/// Changes, written already: a page, or a stream of events that goes on as its client reads.
pub enum ChangesAnswer {
    /// A page.
    Page(Vec<u8>),
    /// A stream.
    Stream(Body),
}

impl Answer for ChangesAnswer {
    fn respond(self) -> Response {
        let (kind, body) = match self {
            Self::Page(body) => ("application/json", body.into()),
            Self::Stream(body) => (event_stream::CONTENT_TYPE, body),
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::VARY, HeaderValue::from_static("accept")),
            // A proxy that gathers what it passes on would hold events back.
            (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
        ];
        (StatusCode::OK, headers, body).into_response()
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        let schema = schemas.read::<crate::wire::shapes::ChangesPage>();
        vec![Described { texts: &["text/event-stream"], ..Described::new(200, "The changes.", schema) }]
    }
}
