//! Workstreams.

use super::kind::{Kind, Listed, behind};
use super::requests;
use crate::domain::cause::Actor;
use crate::domain::ids::WorkstreamId;
use crate::domain::record::{Workstream, WrapUpBlock};
use crate::edge::Door;
use crate::edge::http::route::Route;
use crate::wire::code::ErrorCode;
use crate::wire::directory as shape;
use crate::wire::parse;
use crate::wire::problem::Problem;
use crate::wire::shapes;

/// Workstreams.
pub struct Workstreams;

pub fn routes() -> Vec<Route> {
    let mut routes = vec![requests::list_route::<Workstreams>("/api/v1/workstreams")];
    routes.extend(requests::routes::<Workstreams>("/api/v1/workstreams", "/api/v1/workstreams/{workstreamId}"));
    routes
}

impl Kind for Workstreams {
    type Written = shapes::Workstream;
    type Read = shapes::Workstream;

    const TAG: &'static str = "workstreams";
    const NAME: &'static str = "Workstream";
    const ONE: &'static str = "a workstream";
    const ID: &'static str = "workstreamId";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownWorkstream;
    const REFUSALS: &'static [ErrorCode] = &[
        ErrorCode::UnknownWorkstream,
        ErrorCode::UnknownProfile,
        ErrorCode::InUse,
        ErrorCode::TooLarge,
        ErrorCode::Unavailable,
        ErrorCode::OutcomeUnknown,
    ];
    const KEPT: &'static [ErrorCode] = Self::REFUSALS;
    const DELETING: &'static str = "One of which agents have work is `in_use`.";

    fn find(door: &Door, id: &str) -> Option<shapes::Workstream> {
        door.agents.directory().directory.workstreams.get(id).map(shape::workstream)
    }

    fn id(record: &mut shapes::Workstream) -> &mut String {
        &mut record.workstream_id
    }

    fn leave_written(record: &mut shapes::Workstream) {
        record.warnings.clear();
    }

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<shapes::Workstream>) -> Result<shapes::Workstream, Problem> + Send,
    ) -> Result<shapes::Workstream, Problem> {
        let id = parse::id("workstreamId", id, WorkstreamId::new)?;
        let made = |known: Option<&Workstream>| {
            let record = make(known.map(shape::workstream))?;
            Ok::<_, Problem>(parse::workstream(&record)?)
        };
        let kept = door.agents.put_workstream(&id, actor, made).await?;
        Ok(shapes::Workstream { warnings: warnings(&kept), ..shape::workstream(&kept) })
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(shapes::Workstream) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = WorkstreamId::new(id).map_err(|_| Self::unknown())?;
        door.agents.remove_workstream(&id, actor, |known| check(shape::workstream(known))).await
    }
}

impl Listed for Workstreams {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, shapes::Workstream)> {
        let view = door.agents.directory();
        let records = view.directory.workstreams.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), shape::workstream(one))).collect()
    }
}

/// What the product advises against.
fn warnings(stream: &Workstream) -> Vec<String> {
    let mut warnings = Vec::new();
    if let WrapUpBlock::Custom(lasts) = stream.wrap_up
        && lasts.as_secs() < parse::USUAL_WRAP_UP_SECONDS
    {
        warnings.push(format!("wrapUpSeconds: {} is below the usual 30 seconds", lasts.as_secs()));
    }
    if stream.allowed.is_empty() {
        warnings.push("allowedPresences: names none, so nobody is ever eligible (R-67)".to_owned());
    }
    warnings
}
