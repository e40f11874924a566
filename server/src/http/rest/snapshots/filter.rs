//! Which snapshots.

use app::model::ids::ProjectId;

use crate::http::problem::Problem;
use crate::http::rest::params::Params;
use crate::services::Services;
use crate::services::sums::{SnapshotFilter, Surfaces};

pub(in crate::http::rest) fn read_filter(
    services: &Services,
    project_id: ProjectId,
    params: &mut Params,
) -> Result<SnapshotFilter, Problem> {
    let period = params.period(services.today()?);
    let provider = params.provider("llm_provider");
    let made_up = params.flag("simulated").unwrap_or(false);
    Ok(SnapshotFilter {
        project_id,
        from: period.from,
        to: period.to,
        provider,
        surfaces: if made_up {
            Surfaces::MadeUp
        } else {
            Surfaces::RealFirst
        },
    })
}
