//! The first screen of a project.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::dashboard::DashboardQuery;
use crate::model::overview::{ChartSeries, Overview, SeriesQuery};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait OverviewPort {
    /// All that the first screen of a project shows of a period.
    async fn overview(&self, query: DashboardQuery) -> Result<Overview, ApiError>;

    /// The lines of a chart over a period.
    async fn series(&self, query: SeriesQuery) -> Result<ChartSeries, ApiError>;
}

/// All that the first screen of a project shows of a period; a page that opens with it wants what
/// stands around it too.
#[server(name = OverviewCall, prefix = "/api/fn", endpoint = "overview/get", protocol = Call)]
pub async fn overview(
    query: DashboardQuery,
    #[server(default)] with_frame: bool,
) -> Result<Overview, ApiError> {
    let ports = super::ports()?;
    let project_id = query.project_id;
    let mut shown = ports.overview(query).await?;
    if with_frame {
        shown.frame = Some(ports.project_frame(project_id).await?);
    }
    Ok(shown)
}

/// The lines of a chart over a period.
#[server(name = SeriesCall, prefix = "/api/fn", endpoint = "overview/series", protocol = Call)]
pub async fn series(query: SeriesQuery) -> Result<ChartSeries, ApiError> {
    super::ports()?.series(query).await
}
