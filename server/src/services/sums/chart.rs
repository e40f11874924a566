//! The lines of a chart, and what happened in its period.

use std::collections::{BTreeMap, HashSet};

use app::model::dashboard::DashboardQuery;
use app::model::ids::{ModelId, PromptId};
use app::model::overview::{
    Bucket, ChartMetric, ChartSeries, LineKey, MOST_LINES, MOST_NOTES, Note, NoteKind, SeriesQuery,
    Split,
};
use app::texts::errors;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::chart_lines::{Axis, Candidate, drawn};
use super::dashboard::check_days;
use super::pooled::MadeOf;
use crate::auth::Viewer;
use crate::calendar;
use crate::services::stamped_cache::StampedCache;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::StoreResult;
use crate::store::projects::PromptTags;
use crate::store::sums::{FirstDay, Lines, LinesOf, NamedEntity, Picked};

/// Charts with what they were made of. Project ids are the instance's, so that no chart is another
/// workspace's.
pub type Charts = StampedCache<SeriesQuery, MadeOf, ChartSeries>;

impl Services {
    /// The chart of a query whose models were checked, over the prompts of its tags, without the
    /// notes that are kept.
    pub(super) async fn series_of(
        &self,
        by: Viewer,
        query: &SeriesQuery,
        prompts: Option<&[PromptId]>,
    ) -> ServiceResult<ChartSeries> {
        check_days(query.dashboard.from, query.dashboard.to)?;
        if query.keys.len() > MOST_LINES {
            return Err(ServiceError::Field("keys", errors::BAD_REQUEST));
        }
        let (store, project) = (&self.host.store, query.dashboard.project_id);
        let stamp = store.sums_stamp(by.workspace(), project).await?;
        let made_of: MadeOf = (stamp, prompts.map(<[PromptId]>::to_vec));
        if let Some(drawn) = self.host.charts.get(query, &made_of) {
            return Ok(drawn);
        }
        let pooled = store
            .pooled(by.workspace(), project, &query.dashboard.model_ids)
            .await?;
        let models = &pooled.models;
        self.new_series(by, query, made_of, models, None).await
    }

    /// The chart that a page opens with, over pooled models and what figures of the page are made
    /// of; with the sums of its lines, where these are read already.
    pub(super) async fn first_series(
        &self,
        by: Viewer,
        of: &DashboardQuery,
        made_of: &MadeOf,
        models: &[ModelId],
        lines: Option<Lines>,
    ) -> ServiceResult<ChartSeries> {
        let query = SeriesQuery::first(of.clone());
        if let Some(drawn) = self.host.charts.get(&query, made_of) {
            return Ok(drawn);
        }
        let made_of = made_of.clone();
        self.new_series(by, &query, made_of, models, lines).await
    }

    /// A chart that is not kept yet.
    async fn new_series(
        &self,
        by: Viewer,
        query: &SeriesQuery,
        made_of: MadeOf,
        models: &[ModelId],
        lines: Option<Lines>,
    ) -> ServiceResult<ChartSeries> {
        let picked = Picked {
            models,
            prompts: made_of.1.as_deref(),
        };
        let made = Box::pin(self.make_series(by, query, picked, lines)).await?;
        // No sum tells when a question gets another topic, and each topic has a line of its own.
        if query.split != Split::Topics {
            let kept = &self.host.charts;
            kept.put(query.clone(), made_of, made.clone());
        }
        Ok(made)
    }

    async fn make_series(
        &self,
        by: Viewer,
        query: &SeriesQuery,
        picked: Picked<'_>,
        lines: Option<Lines>,
    ) -> ServiceResult<ChartSeries> {
        let (store, workspace) = (&self.host.store, by.workspace());
        let of = &query.dashboard;
        let bucket = query.bucket.fitting(of.from, of.to);
        let from = match bucket {
            Bucket::SevenDays => of.from.checked_sub_days(Days::new(6)).unwrap_or(of.from),
            _ => of.from,
        };
        let (prompts, zone) = (picked.prompts, self.caller()?.time_zone());
        let is_judged = query.metric == ChartMetric::Sentiment
            && self.sums(by, of, prompts).await?.total.all.judged.judged() > 0;
        let days = (from, of.to);
        let lines_of = LinesOf {
            metric: query.metric,
            is_judged,
            split: query.split,
            bucket,
            days,
            picked,
        };
        let lines = async {
            match lines {
                Some(read) => Ok(read),
                None => store.chart_lines(workspace, of.project_id, lines_of).await,
            }
        };
        let (lines, answers, named, notes) = tokio::try_join!(
            lines,
            store.answers_of_days(workspace, of.project_id, days, picked),
            self.named_lines(by, query),
            self.notes(by, of, picked.models, zone),
        )?;
        let axis = Axis::new(bucket, (of.from, of.to), &answers);
        let candidates = candidates(query, named, &lines, &axis);
        let (lines, left_out) = drawn(query.metric, candidates, &query.keys);
        let answered = answers.iter().map(|(day, _)| *day);
        let answered: Vec<NaiveDate> = answered.filter(|day| *day >= of.from).collect();
        Ok(ChartSeries {
            bucket,
            buckets: axis.days(),
            answers: axis.answers(),
            lines,
            left_out,
            notes,
            days_with_answers: i64::try_from(answered.len()).unwrap_or(i64::MAX),
            days: (of.to - of.from).num_days() + 1,
            last_day: answered.last().copied(),
            is_judged,
        })
    }

    /// What has a line in a chart.
    async fn named_lines(&self, by: Viewer, query: &SeriesQuery) -> StoreResult<Named> {
        let (store, workspace) = (&self.host.store, by.workspace());
        let project = query.dashboard.project_id;
        Ok(match query.split {
            Split::Brands => Named::Brands(store.entities_in_order(workspace, project).await?),
            Split::Models => Named::Models(store.first_days_of_models(workspace, project).await?),
            Split::Topics => Named::Topics(store.prompt_tags(workspace, project).await?),
        })
    }

    /// What the sums tell of what happened in the period, the earliest first: the newest of it.
    async fn notes(
        &self,
        by: Viewer,
        of: &DashboardQuery,
        models: &[ModelId],
        zone: Tz,
    ) -> StoreResult<Vec<Note>> {
        let (store, workspace) = (&self.host.store, by.workspace());
        let is_drawn = |model: ModelId| models.is_empty() || models.contains(&model);
        let (known, seams, readings) = tokio::try_join!(
            store.first_days_of_models(workspace, of.project_id),
            store.seams(workspace, of.project_id),
            store.readings_again(workspace, of.project_id),
        )?;
        let mut notes = Vec::new();
        let begin = known.first().map(|first| first.day);
        // The models that a project begins with are new to nobody.
        for new in known.iter().filter(|known| Some(known.day) > begin) {
            if is_drawn(new.model) {
                notes.push(Note {
                    id: format!("model-{}", new.model),
                    day: new.day,
                    kind: NoteKind::ModelNew {
                        name: new.name.clone(),
                    },
                });
            }
        }
        for seam in seams.into_iter().filter(|seam| is_drawn(seam.model_id)) {
            let model = known.iter().find(|known| known.model == seam.model_id);
            notes.push(Note {
                id: format!("seam-{}-{}", seam.model_id, seam.day),
                day: seam.day,
                kind: NoteKind::ModelChanged {
                    name: model.map_or(seam.asked, |model| model.name.clone()),
                    served: seam.served,
                },
            });
        }
        for reading in readings {
            notes.push(Note {
                id: format!("read-{}", reading.revision),
                day: calendar::day(zone, reading.shown_at),
                kind: NoteKind::ReadAgain {
                    added: reading.added,
                    removed: reading.removed,
                },
            });
        }
        notes.retain(|note| (of.from..=of.to).contains(&note.day));
        notes.sort_by(|one, other| (one.day, &one.id).cmp(&(other.day, &other.id)));
        let older = notes.len().saturating_sub(MOST_NOTES);
        notes.drain(..older);
        Ok(notes)
    }
}

/// What has a line.
enum Named {
    Brands(Vec<NamedEntity>),
    Models(Vec<FirstDay>),
    Topics(Vec<PromptTags>),
}

/// Every line that can be drawn, in the stored order.
fn candidates(query: &SeriesQuery, named: Named, lines: &Lines, axis: &Axis) -> Vec<Candidate> {
    match named {
        Named::Brands(entities) => {
            let has_line = |is_brand: bool| query.metric != ChartMetric::Citations || is_brand;
            let line = |is_brand: bool, id: i64| match query.metric {
                ChartMetric::Citations if is_brand => 0,
                _ => id,
            };
            entities
                .into_iter()
                .enumerate()
                .filter(|(_, entity)| has_line(entity.is_brand))
                .map(|(place, entity)| Candidate {
                    key: LineKey::Entity(entity.id),
                    points: axis.points(query.metric, |bucket| {
                        lines.of_line(line(entity.is_brand, entity.id.0), bucket)
                    }),
                    name: entity.name,
                    is_you: entity.is_brand,
                    place,
                })
                .collect()
        }
        Named::Models(mut known) => {
            known.sort_by_key(|known| known.model);
            let answered: HashSet<i64> = lines.points.keys().map(|(line, _)| *line).collect();
            known
                .into_iter()
                .enumerate()
                .filter(|(_, known)| answered.contains(&known.model.0))
                .map(|(place, known)| Candidate {
                    key: LineKey::Model(known.model),
                    points: axis
                        .points(query.metric, |bucket| lines.of_line(known.model.0, bucket)),
                    name: known.name,
                    is_you: false,
                    place,
                })
                .collect()
        }
        Named::Topics(tags) => {
            let chosen = &query.dashboard.tags;
            topics(&tags)
                .into_iter()
                .enumerate()
                // Of the others only those questions count that have a chosen one too: such a
                // line would have a topic's name and not its numbers.
                .filter(|(_, (topic, _))| chosen.is_empty() || is_one_of(chosen, topic))
                .map(|(place, (topic, prompts))| Candidate {
                    key: LineKey::Topic(topic.clone()),
                    points: axis.points(query.metric, |bucket| lines.of_prompts(&prompts, bucket)),
                    name: topic,
                    is_you: false,
                    place,
                })
                .filter(|candidate| candidate.points.iter().any(Option::is_some))
                .collect()
        }
    }
}

/// Whether a topic is one of the chosen, whatever its capitals.
fn is_one_of(chosen: &[String], topic: &str) -> bool {
    let topic = topic.to_lowercase();
    chosen.iter().any(|one| one.to_lowercase() == topic)
}

/// The questions of each topic, by the alphabet. A question counts in each of its topics.
fn topics(tags: &[PromptTags]) -> BTreeMap<String, Vec<PromptId>> {
    let mut topics: BTreeMap<String, Vec<PromptId>> = BTreeMap::new();
    for prompt in tags {
        for tag in &prompt.tags {
            topics.entry(tag.clone()).or_default().push(prompt.id);
        }
    }
    topics
}
