//! Which snapshots.

use app::model::ids::ProjectId;

use crate::http::rest::params::{OfProvider, Period, Simulated};
use crate::services::sums::{SnapshotFilter, Surfaces};

/// The snapshots of a project that are wanted.
pub(in crate::http::rest) fn filter_of(
    project_id: ProjectId,
    period: Period,
    of_provider: OfProvider,
    simulated: Simulated,
) -> SnapshotFilter {
    SnapshotFilter {
        project_id,
        from: period.from,
        to: period.to,
        provider: of_provider.llm_provider,
        surfaces: if simulated.only() {
            Surfaces::MadeUp
        } else {
            Surfaces::RealFirst
        },
    }
}
