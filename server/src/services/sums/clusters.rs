//! Clusters: questions that share a tag, and their numbers.

use std::collections::{BTreeMap, HashSet};

use app::api::error::ApiError;
use app::model::dashboard::Figures;
use app::model::ids::{ModelId, ProjectId, PromptId};
use app::model::metrics::Metric;
use chrono::NaiveDate;
use tokio::task::spawn_blocking;

use crate::services::{ServiceError, Services};
use crate::store::projects::PromptTags;
use statistics::{self, CellSums, Draws};

/// What is drawn of a cluster.
const DRAWN: [Metric; 3] = [
    Metric::Visibility,
    Metric::AveragePosition,
    Metric::ShareOfVoice,
];

/// Which answers count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterQuery {
    /// The project.
    pub project_id: ProjectId,
    /// First and last day, in the workspace's time zone.
    pub days: (NaiveDate, NaiveDate),
    /// Only these models; empty: all.
    pub model_ids: Vec<ModelId>,
    /// Clusters to leave out, and how many to give.
    pub part: (usize, usize),
}

/// Questions that share a tag.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The tag; `None`: questions without one.
    pub tag: Option<String>,
    /// Questions that have it, and removed ones that have answers in the period.
    pub prompts: usize,
    /// Their numbers.
    pub figures: Figures,
}

impl Services {
    /// The clusters of a project by tag, those without one at the end, and how many there are.
    /// A question counts in each of its tags.
    pub async fn clusters(&self, query: ClusterQuery) -> Result<(Vec<Cluster>, usize), ApiError> {
        let clusters = async {
            let workspace = self.viewer()?.workspace();
            let store = &self.host.store;
            // Removed ones too: what was answered before stays where it was.
            let prompts = store.prompt_tags(workspace, query.project_id).await?;
            let pooled = store
                .pooled(workspace, query.project_id, &query.model_ids)
                .await?;
            let cells = store
                .prompt_cells(workspace, query.project_id, query.days, &pooled.models)
                .await?;
            let mut by_tag: BTreeMap<(bool, String), HashSet<PromptId>> = BTreeMap::new();
            let answered: HashSet<PromptId> = cells.iter().map(|cell| cell.prompt).collect();
            for PromptTags { id, tags, is_there } in prompts {
                if !is_there && !answered.contains(&id) {
                    continue;
                }
                if tags.is_empty() {
                    let untagged = by_tag.entry((true, String::new())).or_default();
                    untagged.insert(id);
                }
                for tag in tags {
                    by_tag.entry((false, tag)).or_default().insert(id);
                }
            }
            let total = by_tag.len();
            let (skipped, taken) = query.part;
            let part: Vec<_> = by_tag.into_iter().skip(skipped).take(taken).collect();
            // Thousands of draws: not on a thread that serves others.
            let made = spawn_blocking(move || {
                part.into_iter()
                    .map(|((is_untagged, tag), prompts)| Cluster {
                        tag: (!is_untagged).then_some(tag),
                        prompts: prompts.len(),
                        figures: figures(&cells, &prompts),
                    })
                    .collect::<Vec<_>>()
            });
            let made = made
                .await
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
            Ok((made, total))
        };
        self.reply(clusters.await)
    }
}

fn figures(cells: &[CellSums], prompts: &HashSet<PromptId>) -> Figures {
    let own: Vec<CellSums> = cells
        .iter()
        .filter(|cell| prompts.contains(&cell.prompt))
        .copied()
        .collect();
    statistics::figures(&mut Draws::default(), &own, &DRAWN)
}
