//! Workstreams.

use super::kind::{Kind, Listed, behind};
use super::requests;
use crate::domain::ids::WorkstreamId;
use crate::domain::presence::InvalidField;
use crate::domain::record::{Workstream, WrapUpBlock};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::growth;
use crate::edge::http::route::Route;
use crate::wire::code::ErrorCode;
use crate::wire::directory as shape;
use crate::wire::limit::Limit;
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
    type Record = shapes::Workstream;
    type Kept = Workstream;

    const TAG: &'static str = "workstreams";
    const NAME: &'static str = "Workstream";
    const ONE: &'static str = "a workstream";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownWorkstream;
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::UnknownProfile];
    const DELETING: &'static str = "One of which agents have work is `in_use`.";

    fn may_be_one_more(door: &Door) -> Result<(), Problem> {
        let there_are = door.agents.directory().directory.workstreams.len();
        growth::may_be_one_more(Limit::Workstreams, there_are, door.bounds.workstreams)
    }

    fn shape(kept: &Workstream) -> shapes::Workstream {
        shape::workstream(kept)
    }

    fn parse(record: &shapes::Workstream) -> Result<Workstream, InvalidField> {
        parse::workstream(record)
    }

    fn find(door: &Door, id: &str) -> Option<shapes::Workstream> {
        door.agents.directory().directory.workstreams.get(id).map(shape::workstream)
    }

    async fn put(
        door: &Door,
        caller: &Signed,
        id: &str,
        make: impl FnMut(Option<&Workstream>) -> Result<Workstream, Problem> + Send,
    ) -> Result<shapes::Workstream, Problem> {
        let id = parse::id("workstreamId", id, WorkstreamId::new)?;
        let kept = door.agents.put_workstream(&id, caller.admin(), make).await?;
        Ok(shapes::Workstream { warnings: warnings(&kept), ..shape::workstream(&kept) })
    }

    async fn remove(
        door: &Door,
        caller: &Signed,
        id: &str,
        check: impl FnMut(&Workstream) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = WorkstreamId::new(id).map_err(|_| Self::unknown())?;
        door.agents.remove_workstream(&id, caller.admin(), check).await
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
