//! What the providers' lists of models say, noted in the registry; and models that retire.

use std::collections::{HashMap, HashSet};

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::provider::Provider;
use app::model::registry::{ANSWER_TOKENS, ANSWER_TOKENS_WITHOUT_THOUGHTS, RegistryAction, Review};
use app::validate::MAX_TOKENS;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use providers::models::{Lifecycle, ListedModel};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::changelog::{Change, log};
use super::offered::has_ended;
use crate::store::entity::model;
use crate::store::sql::cell::Bytes;
use crate::store::sql::record::{Record, record};
use crate::store::sql::rows::{self, new_row};
use crate::store::{Store, StoreResult};

/// More models than this are not added in one go: no provider brings so many in a week.
const NEW_AT_ONCE: usize = 1_000;
/// Among so many answers the newest of a model is looked for.
const RECENT_ANSWERS: i64 = 20_000;
/// Bytes of an id, and characters of a name.
const LONGEST_ID: usize = 200;
const LONGEST_NAME: usize = 100;

/// A model that nobody knew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewModel {
    /// Its row.
    pub id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// The provider's own id.
    pub model_id: String,
    /// Its name for people.
    pub name: String,
}

/// What a list brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Models that nobody knew.
    pub new: Vec<NewModel>,
    /// Names of available models that the list once had and has no more.
    pub missing: Vec<String>,
}

/// A model that its provider takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiringModel {
    /// Its row.
    pub id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// Its name for people.
    pub name: String,
    /// When.
    pub retires_at: DateTime<Utc>,
    /// The same as a day in UTC.
    pub retires_on: NaiveDate,
    /// Whole days until then; negative where that is past.
    pub days_left: i64,
    /// Whether it is gone, and projects still ask it.
    pub has_ended: bool,
    /// The projects, of all workspaces, that ask it.
    pub projects: Vec<(WorkspaceId, ProjectId, String)>,
}

impl Store {
    /// Notes which models a provider lists that answer questions: unknown ones are added, not
    /// current, not available and unpriced, and wait for a review. The same list again changes
    /// nothing but when the models were last seen.
    pub async fn note_listed(
        &self,
        provider: Provider,
        listed: &[ListedModel],
    ) -> StoreResult<Noted> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let known: HashMap<String, model::Model> = model::Entity::find()
            .filter(model::Column::Provider.eq(provider.slug()))
            .all(&tx)
            .await?
            .into_iter()
            .map(|row| (row.model_id.clone(), row))
            .collect();
        let mut ids = HashSet::new();
        let listed: Vec<&ListedModel> = listed
            .iter()
            .filter(|model| is_plain_id(&model.id) && ids.insert(model.id.as_str()))
            .collect();
        let (old, mut unknown): (Vec<_>, Vec<_>) = listed
            .into_iter()
            .partition(|model| known.contains_key(&model.id));
        unknown.retain(|model| model.lifecycle != Some(Lifecycle::Retired));
        let mut changes = Vec::new();
        let mut seen = Vec::new();
        for model in old {
            let Some(row) = known.get(&model.id) else {
                continue;
            };
            seen.push(row.id);
            changes.extend(note_end(&tx, row, model, now).await?);
        }
        for row in known.values().filter(|row| row.is_overdue) {
            // It was only said to answer beyond its day while it was listed.
            if !ids.contains(row.model_id.as_str()) {
                set_overdue(&tx, row.id, false).await?;
            }
        }
        let sql = format!(
            "UPDATE llm_model_registry SET last_seen_at = $1, \
             first_seen_at = COALESCE(first_seen_at, $1) WHERE id IN ({})",
            rows::id_list(seen)
        );
        rows::execute(&tx, sql, [now.into()]).await?;
        let new = add_unknown(&tx, provider, &unknown, now).await?;
        changes.extend(
            new.iter()
                .map(|model| Change::plain(model.id, RegistryAction::Found)),
        );
        log(&tx, None, changes, now).await?;
        tx.commit().await?;
        let is_missing = |row: &&model::Model| {
            row.is_available
                && row.last_seen_at.is_some()
                && !has_ended(row, now)
                && !ids.contains(row.model_id.as_str())
        };
        let mut missing: Vec<String> = known
            .values()
            .filter(is_missing)
            .map(|row| row.model_display_name.clone())
            .collect();
        missing.sort_unstable();
        Ok(Noted { new, missing })
    }

    /// The newest answer of each of a provider's models that projects ask, as it came, with the id
    /// of the model. Answers older than the newest [`RECENT_ANSWERS`] of all are left out.
    pub async fn newest_bodies(&self, provider: Provider) -> StoreResult<Vec<(String, Vec<u8>)>> {
        let sql = "SELECT m.id, m.model_id FROM llm_model_registry m WHERE m.provider = $1 \
            AND EXISTS (SELECT 1 FROM llm_monitoring_project_models l WHERE l.model_id = m.id) \
            ORDER BY m.id";
        let newest = format!(
            "SELECT raw_body FROM llm_monitoring_results WHERE model_id = $1 \
             AND id > (SELECT MAX(id) FROM llm_monitoring_results) - {RECENT_ANSWERS} \
             AND raw_body IS NOT NULL AND outcome <> 'failed' ORDER BY id DESC LIMIT 1"
        );
        let mut bodies = Vec::new();
        let models: Vec<(i64, String)> =
            rows::pairs(self.reader(), sql, [provider.slug().into()]).await?;
        for (id, name) in models {
            let newest: Option<Bytes> = rows::value(self.reader(), &newest, [id.into()]).await?;
            bodies.extend(newest.map(|body| (name, body.0)));
        }
        Ok(bodies)
    }

    /// Models that retire within so many days, the next one first; and those that have retired
    /// while projects still ask them. Rejected ones are left out, and those that nobody can ask.
    pub async fn retiring_models(
        &self,
        now: DateTime<Utc>,
        within_days: i64,
    ) -> StoreResult<Vec<RetiringModel>> {
        let rest = "FROM llm_model_registry \
            WHERE retires_at IS NOT NULL AND retires_at <= $1 AND review <> $2 AND is_available \
            AND NOT is_overdue \
            ORDER BY retires_at, id";
        let until = now + TimeDelta::days(within_days);
        let values = [until.into(), Review::Rejected.word().into()];
        let mut retiring = Vec::new();
        let found: Vec<EndingModel> = rows::select(self.reader(), rest, values).await?;
        for ending in found {
            let EndingModel {
                id,
                provider,
                name,
                retires_at,
            } = ending;
            let retires_on = retires_at.date_naive();
            let days_left = (retires_on - now.date_naive()).num_days();
            let projects = self.projects_of_model(id).await?;
            let has_ended = retires_at <= now;
            if has_ended && projects.is_empty() {
                continue;
            }
            retiring.push(RetiringModel {
                id,
                provider,
                name,
                retires_at,
                retires_on,
                days_left,
                has_ended,
                projects,
            });
        }
        Ok(retiring)
    }

    /// The projects, of all workspaces, that ask a model.
    async fn projects_of_model(
        &self,
        model: ModelId,
    ) -> StoreResult<Vec<(WorkspaceId, ProjectId, String)>> {
        let rest = "FROM llm_monitoring_project_models m \
            JOIN llm_monitoring_projects p ON p.id = m.project_id \
            WHERE m.model_id = $1 AND p.deleted_at IS NULL AND p.is_active \
            ORDER BY p.workspace_id, p.name, p.id";
        let found: Vec<AskingProject> = rows::select(self.reader(), rest, [model.0.into()]).await?;
        Ok(found
            .into_iter()
            .map(|of| (of.workspace, of.project, of.name))
            .collect())
    }
}

/// Notes when a model retires, where the list tells another day than before; and whether it
/// answers beyond that day, or none at all, by its provider's own word.
async fn note_end(
    tx: &DatabaseTransaction,
    row: &model::Model,
    listed: &ListedModel,
    now: DateTime<Utc>,
) -> StoreResult<Option<Change>> {
    let day = |moment: DateTime<Utc>| moment.date_naive();
    let known = listed.retires_at.or(row.retires_at);
    let end = match listed.lifecycle {
        // The word counts, whatever day was announced.
        Some(Lifecycle::Retired) => Some(known.filter(|end| *end <= now).unwrap_or(now)),
        _ => known,
    };
    let is_past = end.is_some_and(|end| end <= now);
    let is_overdue = is_past && listed.lifecycle == Some(Lifecycle::Serving);
    if is_overdue != row.is_overdue {
        set_overdue(tx, row.id, is_overdue).await?;
    }
    // Only the day counts: some lists tell the time of day, and not always the same.
    let is_another = |end: &DateTime<Utc>| row.retires_at.map(day) != Some(day(*end));
    let Some(retires_at) = end.filter(is_another) else {
        return Ok(None);
    };
    let sql = "UPDATE llm_model_registry SET retires_at = $2 WHERE id = $1";
    rows::execute(tx, sql, [row.id.into(), retires_at.into()]).await?;
    Ok(Some(Change {
        model: row.id.into(),
        action: RegistryAction::Retires,
        old: row.retires_at.map(|moment| day(moment).to_string()),
        new: Some(day(retires_at).to_string()),
    }))
}

async fn set_overdue(tx: &DatabaseTransaction, id: i64, is_overdue: bool) -> StoreResult<()> {
    let sql = "UPDATE llm_model_registry SET is_overdue = $2 WHERE id = $1";
    rows::execute(tx, sql, [id.into(), is_overdue.into()]).await?;
    Ok(())
}

/// The limit that a model begins with: room for its thoughts, no more than it can write.
fn first_limit(model: &ListedModel) -> i64 {
    let (least, most) = MAX_TOKENS;
    let room = if model.thinks == Some(false) {
        ANSWER_TOKENS_WITHOUT_THOUGHTS
    } else {
        ANSWER_TOKENS
    };
    let can_write = model.output_tokens.unwrap_or(room);
    room.min(can_write).clamp(least, most)
}

record! {
    struct AddedModel {
        id: ModelId = "id",
        model_id: String = "model_id",
        name: String = "model_display_name",
    }
}

record! {
    /// A model that retires.
    struct EndingModel {
        id: ModelId = "id",
        provider: Provider = "provider",
        name: String = "model_display_name",
        retires_at: DateTime<Utc> = "retires_at",
    }
}

record! {
    /// A project that asks a model.
    struct AskingProject {
        workspace: WorkspaceId = "p.workspace_id",
        project: ProjectId = "p.id",
        name: String = "p.name",
    }
}

async fn add_unknown(
    tx: &DatabaseTransaction,
    provider: Provider,
    unknown: &[&ListedModel],
    now: DateTime<Utc>,
) -> StoreResult<Vec<NewModel>> {
    let unknown = &unknown[..unknown.len().min(NEW_AT_ONCE)];
    let row = |model: &&ListedModel| {
        new_row! {
            provider = provider.slug(),
            model_id = model.id.as_str(),
            model_display_name = name_of(model),
            web_search = false,
            is_current = false,
            is_available = false,
            max_tokens = first_limit(model),
            created_at = now,
            updated_at = now,
            review = Review::New.word(),
            first_seen_at = now,
            last_seen_at = now,
            retires_at = model.retires_at,
        }
    };
    // Another process may note the same list at the same time.
    let returning = format!(
        "ON CONFLICT (provider, model_id) DO NOTHING RETURNING {}",
        AddedModel::columns()
    );
    let rows = unknown.iter().map(row).collect();
    let stored = rows::insert_rows(tx, "llm_model_registry", rows, &returning).await?;
    let mut new = stored
        .iter()
        .map(|row| {
            let added = AddedModel::from_row(row)?;
            Ok(NewModel {
                id: added.id,
                provider,
                model_id: added.model_id,
                name: added.name,
            })
        })
        .collect::<StoreResult<Vec<_>>>()?;
    new.sort_unstable_by_key(|model| model.id);
    Ok(new)
}

/// Ids stand in addresses and requests: nothing invisible, nothing without an end.
fn is_plain_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len())
        && !id
            .chars()
            .any(|character| character.is_control() || character.is_whitespace())
}

fn name_of(model: &ListedModel) -> String {
    let label = model.label.as_deref().unwrap_or_default();
    let label: String = label
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_NAME)
        .collect();
    let label = label.trim();
    let name = if label.is_empty() { &model.id } else { label };
    name.chars().take(LONGEST_NAME).collect()
}
