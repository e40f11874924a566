//! The first screen of a project: its numbers, a sentence, what changed, and the chart.

use std::cmp::Reverse;
use std::collections::HashMap;

use analysis::citations::Owners;
use app::api::error::ApiError;
use app::api::overview::OverviewPort;
use app::model::dashboard::{Dashboard, DashboardQuery};
use app::model::ids::{ModelId, PromptId};
use app::model::metrics::{Change, Metric, Verdict};
use app::model::overview::{
    Bucket, ChartSeries, Evidence, Headline, MOST_MOVES, Move, MoveSubject, Overview, SeriesQuery,
    Span,
};
use app::model::served::Seam;
use app::model::sources::SourceKind;
use async_trait::async_trait;
use chrono::NaiveDate;
use tokio::task::spawn_blocking;

use super::dashboard::check_days;
use super::overview_facts::{self, Rivals, brand_rows, gaps, rank_claim, sparks, trend};
use super::pooled::MadeOf;
use crate::auth::Viewer;
use crate::services::stamped_cache::StampedCache;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::sums::{NamedEntity, Picked, Pooled};
use statistics::{self, Mover, Moves, PeriodCells, Standing};

/// First screens with what they were made of. Project ids are the instance's, so that no screen
/// is another workspace's.
pub type Overviews = StampedCache<DashboardQuery, MadeOf, Overview>;

/// What is found in the cells of both periods.
struct Found {
    moves: Moves,
    standing: Standing,
    cells: PeriodCells,
}

/// The page's numbers, what is found beside them, its chart, and whom all are about.
struct Made {
    dashboard: Dashboard,
    found: Found,
    chart: ChartSeries,
    entities: Vec<NamedEntity>,
}

impl Services {
    async fn overview_of(&self, by: Viewer, query: &DashboardQuery) -> ServiceResult<Overview> {
        check_days(query.from, query.to)?;
        let store = &self.host.store;
        let stamp = store.sums_stamp(by.workspace(), query.project_id).await?;
        let prompts = self.prompts_of(by, query).await?;
        let made_of: MadeOf = (stamp, prompts);
        let kept = &self.host.overviews;
        let mut shown = if let Some(shown) = kept.get(query, &made_of) {
            shown
        } else {
            let made = Box::pin(self.make_overview(by, query, &made_of)).await?;
            kept.put(query.clone(), made_of, made.clone());
            made
        };
        // No sum tells when a schedule changes.
        shown.headline.next_run = store.next_run_of(by.workspace(), query.project_id).await?;
        shown.chart = self.with_kept_notes(by, query, shown.chart).await?;
        Ok(shown)
    }

    async fn make_overview(
        &self,
        by: Viewer,
        query: &DashboardQuery,
        made_of: &MadeOf,
    ) -> ServiceResult<Overview> {
        let (store, project) = (&self.host.store, query.project_id);
        let (workspace, prompts) = (by.workspace(), made_of.1.as_deref());
        let pooled = store.pooled(workspace, project, &query.model_ids).await?;
        let picked = Picked {
            models: &pooled.models,
            prompts,
        };
        let days = async {
            let period = (query.from, query.to);
            let days = store.overview_days(workspace, project, period, picked);
            Ok::<_, ServiceError>(days.await?)
        };
        let parts = Box::pin(self.make_parts(by, query, made_of, &pooled));
        let (made, days) = tokio::try_join!(parts, days)?;
        let Made {
            dashboard,
            found,
            chart,
            entities,
        } = made;
        let last_day = match dashboard.days.last() {
            Some(last) => Some(last.day),
            None => {
                store
                    .last_day_of(workspace, project, query.to, picked)
                    .await?
            }
        };
        let rivals = Rivals::of(&entities);
        let earlier = query
            .earlier()
            .filter(|_| dashboard.previous.all.answers > 0);
        let headline = Headline {
            brand: overview_facts::brand(&entities),
            visibility: dashboard.total.ratio(Metric::Visibility),
            interval: dashboard.total.intervals.get(Metric::Visibility),
            trend: trend(dashboard.changes.get(Metric::Visibility, None)),
            rank: rank_claim(found.standing, &rivals),
            answers: dashboard.total.all.answers,
            questions: dashboard.prompts,
            next_run: None,
            last_day,
            earlier: earlier.map(|(from, to)| Span { from, to }),
        };
        let gaps = gaps(&found.cells);
        let says_what_changed = headline.earlier.is_some() && !headline.is_too_early();
        let largest = if says_what_changed {
            statistics::largest(&moved_models(&dashboard), &found.moves)
        } else {
            Vec::new()
        };
        let mut asked: Vec<PromptId> = gaps.iter().map(|gap| gap.prompt).collect();
        asked.extend(largest.iter().filter_map(|(mover, _)| match mover {
            Mover::Question(prompt) => Some(*prompt),
            _ => None,
        }));
        let texts = store.question_texts(workspace, project, &asked).await?;
        let named = Named {
            dashboard: &dashboard,
            entities: &entities,
            texts: &texts,
            prompts,
        };
        let mut moves = Vec::new();
        for (mover, change) in largest {
            moves.extend(self.told(by, query, &named, mover, change).await?);
        }
        if says_what_changed {
            moves.extend(swaps(&dashboard, query));
            moves.truncate(MOST_MOVES);
        }
        Ok(Overview {
            sparks: sparks(&dashboard, &days.plain),
            brands: brand_rows(&dashboard, &entities, &found.cells, &found.moves, &days),
            to_work_on: overview_facts::told_gaps(&gaps, &rivals, &texts),
            headline,
            moves,
            chart,
            dashboard,
            frame: None,
        })
    }

    /// The numbers of the page, what is found in the cells of both its periods and its chart,
    /// made next to each other from one reading; where the numbers are kept, from the cells alone.
    async fn make_parts(
        &self,
        by: Viewer,
        query: &DashboardQuery,
        made_of: &MadeOf,
        pooled: &Pooled,
    ) -> ServiceResult<Made> {
        let (store, project) = (&self.host.store, query.project_id);
        let (workspace, earlier) = (by.workspace(), query.earlier());
        let period = (query.from, query.to);
        let picked = Picked {
            models: &pooled.models,
            prompts: made_of.1.as_deref(),
        };
        if let Some(dashboard) = self.host.dashboards.get(query, made_of) {
            let (cells, entities) = tokio::try_join!(
                store.cells_of_periods(workspace, project, period, earlier, picked),
                store.entities_in_order(workspace, project),
            )?;
            let (found, chart) = tokio::try_join!(
                find(cells, dashboard.seams.clone(), &entities),
                self.first_series(by, query, made_of, picked.models, None),
            )?;
            return Ok(Made {
                dashboard,
                found,
                chart,
                entities,
            });
        }
        let by_day = SeriesQuery::first(query.clone()).bucket == Bucket::Day;
        let (read, entities) = tokio::try_join!(
            store.overview_sums(workspace, project, period, picked, earlier, by_day),
            store.entities_in_order(workspace, project),
        )?;
        let seams = statistics::seams_of(&read.sums.seams, query);
        let left_out = pooled.left_out.clone();
        let (dashboard, found, chart) = tokio::try_join!(
            self.page_of(query, made_of.clone(), left_out, read.sums),
            find(read.cells, seams, &entities),
            self.first_series(by, query, made_of, picked.models, read.lines),
        )?;
        Ok(Made {
            dashboard,
            found,
            chart,
            entities,
        })
    }

    /// A line of what changed, with names; `None`: what it is about has no name any more.
    async fn told(
        &self,
        by: Viewer,
        query: &DashboardQuery,
        named: &Named<'_>,
        mover: Mover,
        change: Change,
    ) -> ServiceResult<Option<Move>> {
        let is_up = Some(change.verdict == Verdict::Up);
        let (subject, evidence) = match mover {
            Mover::Model(model_id) => {
                let mut models = named.dashboard.models.iter();
                let Some(model) = models.find(|model| model.model_id == model_id) else {
                    return Ok(None);
                };
                let subject = MoveSubject::Model {
                    model_id,
                    name: model.model_name.clone(),
                    provider: model.provider,
                };
                let evidence = Evidence {
                    model_id: Some(model_id),
                    mentioned: is_up,
                    ..Evidence::default()
                };
                (subject, evidence)
            }
            Mover::Question(prompt_id) => {
                let Some(text) = named.texts.get(&prompt_id).cloned() else {
                    return Ok(None);
                };
                let evidence = Evidence {
                    prompt_id: Some(prompt_id),
                    mentioned: is_up,
                    ..Evidence::default()
                };
                (MoveSubject::Question { prompt_id, text }, evidence)
            }
            Mover::Rival(entity_id) => {
                let mut entities = named.entities.iter();
                let Some(entity) = entities.find(|entity| entity.id == entity_id) else {
                    return Ok(None);
                };
                let name = entity.name.clone();
                let evidence = Evidence {
                    entity_id: Some(entity_id),
                    ..Evidence::default()
                };
                (MoveSubject::Brand { entity_id, name }, evidence)
            }
            Mover::Source(domain) => {
                let first = self
                    .host
                    .store
                    .first_cited(by.workspace(), query.project_id, &domain, named.prompts)
                    .await?;
                source(named.entities, query.from, domain, first)
            }
        };
        Ok(Some(Move {
            subject,
            change: Some(change),
            evidence,
        }))
    }
}

/// What changed from the earlier period to this one, and where the brand stands in this one.
async fn find(
    (before, cells): (PeriodCells, PeriodCells),
    seams: Vec<Seam>,
    entities: &[NamedEntity],
) -> ServiceResult<Found> {
    let rivals = Rivals::of(entities).ids();
    let find = move || {
        // Nothing is compared with a period without answers.
        let has_answers = before.answers.iter().any(|cell| cell.answers > 0);
        let before = if has_answers {
            before
        } else {
            PeriodCells::default()
        };
        Found {
            moves: statistics::moves(&before, &cells, &seams),
            standing: statistics::standing(&cells, &rivals),
            cells,
        }
    };
    spawn_blocking(find)
        .await
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

/// Where the names of a line of what changed come from, and of which prompts it is.
struct Named<'a> {
    dashboard: &'a Dashboard,
    entities: &'a [NamedEntity],
    texts: &'a HashMap<PromptId, String>,
    prompts: Option<&'a [PromptId]>,
}

/// A source: new where no answer before the period cited it.
fn source(
    entities: &[NamedEntity],
    from: NaiveDate,
    domain: String,
    first: Option<NaiveDate>,
) -> (MoveSubject, Evidence) {
    let owners = Owners::new(entities.iter().map(|entity| {
        let domains = entity.domains.as_slice();
        (entity.name.as_str(), entity.is_brand, domains)
    }));
    let is_own = owners.of(&domain).0 == SourceKind::Own;
    let first_seen = first.filter(|first| *first >= from);
    let evidence = Evidence {
        from: first_seen,
        domain: Some(domain.clone()),
        ..Evidence::default()
    };
    let subject = match first_seen {
        Some(first_seen) => MoveSubject::NewSource {
            domain,
            is_own,
            first_seen,
        },
        None => MoveSubject::Source { domain, is_own },
    };
    (subject, evidence)
}

/// How visibility moved with each model, as the page has judged it.
fn moved_models(dashboard: &Dashboard) -> Vec<(ModelId, Change)> {
    let of_visibility = dashboard
        .changes
        .iter()
        .filter(|compared| compared.metric == Metric::Visibility);
    of_visibility
        .filter_map(|compared| Some((compared.model_id?, compared.change.clone())))
        .collect()
}

/// Where another model began to answer in the period, the newest first.
fn swaps(dashboard: &Dashboard, query: &DashboardQuery) -> Vec<Move> {
    let mut seams: Vec<_> = dashboard
        .seams
        .iter()
        .filter(|seam| (query.from..=query.to).contains(&seam.day))
        .collect();
    seams.sort_by_key(|seam| Reverse((seam.day, seam.model_id)));
    let told = |seam: &Seam| {
        let mut models = dashboard.models.iter();
        let model = models.find(|model| model.model_id == seam.model_id)?;
        Some(Move {
            subject: MoveSubject::ModelChanged {
                model_id: seam.model_id,
                name: model.model_name.clone(),
                served: seam.served.clone(),
                day: seam.day,
            },
            change: None,
            evidence: Evidence {
                from: Some(seam.day),
                model_id: Some(seam.model_id),
                ..Evidence::default()
            },
        })
    };
    seams.into_iter().filter_map(told).collect()
}

#[async_trait]
impl OverviewPort for Services {
    async fn overview(&self, query: DashboardQuery) -> Result<Overview, ApiError> {
        let shown = async {
            let by = self.viewer()?;
            let query = self.chosen(by, query, ("model_ids", "tags")).await?;
            self.overview_of(by, &query).await
        };
        self.reply(shown.await)
    }

    async fn series(&self, query: SeriesQuery) -> Result<ChartSeries, ApiError> {
        let drawn = async {
            let by = self.viewer()?;
            let fields = ("dashboard.model_ids", "dashboard.tags");
            let dashboard = self.chosen(by, query.dashboard, fields).await?;
            let prompts = self.prompts_of(by, &dashboard).await?;
            let query = SeriesQuery { dashboard, ..query };
            let chart = self.series_of(by, &query, prompts.as_deref()).await?;
            self.with_kept_notes(by, &query.dashboard, chart).await
        };
        self.reply(drawn.await)
    }
}
