//! The check of the providers' lists of models: new models, models that retire, providers that did
//! not answer.
//!
//! It has no schedule of its own: [`ModelCheck::check_if_due`] and [`ModelCheck::check_now`] call
//! it.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use app::model::provider::Provider;
use chrono::NaiveDate;
use futures_util::future::join_all;
use providers::models::{ListedModel, end_announced_in_answer};
use providers::{ErrorClass, Failure, Providers};
use serde::Serialize;

use crate::services::ServiceResult;
use crate::services::keys::HostKeyRing;
use crate::store::Store;
use crate::store::registry::{NewModel, RetiringModel};

/// Keys that are tried before a provider counts as failed.
const KEYS_TRIED: usize = 5;
/// How far ahead the report looks.
pub const RETIRING_WITHIN_DAYS: i64 = 30;

/// What the check needs of a host, or of a command line without one.
#[derive(Clone)]
pub struct ModelCheck {
    /// The database.
    pub store: Store,
    /// API keys, opened.
    pub keys: HostKeyRing,
    /// The way to providers.
    pub providers: Arc<Providers>,
}

/// A provider whose list was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedProvider {
    /// The provider.
    pub provider: Provider,
    /// Models in its list that answer questions.
    pub chat_models: usize,
    /// Models in its list that do something else.
    pub other_models: usize,
}

/// A provider whose list could not be read with any key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedProvider {
    /// The provider.
    pub provider: Provider,
    /// What kind of failure the last key met; `None`: no key could be opened.
    pub class: Option<ErrorClass>,
    /// The provider's words.
    pub reason: String,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelCheckReport {
    /// Providers whose lists were read.
    pub checked: Vec<CheckedProvider>,
    /// Providers whose lists were not.
    pub failed: Vec<FailedProvider>,
    /// Models that nobody knew; they wait for a review.
    pub new_models: Vec<NewModel>,
    /// Names of available models that were in a list before and are no more.
    pub missing: Vec<String>,
    /// Models that retire within [`RETIRING_WITHIN_DAYS`], or have retired in use.
    pub retiring: Vec<RetiringModel>,
}

/// The same for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelsSummary {
    /// Providers whose lists were read.
    pub checked: Vec<Provider>,
    /// Providers whose lists were not, and why.
    pub failed: BTreeMap<Provider, String>,
    /// Models that nobody knew: the provider's own ids.
    pub new_models: Vec<String>,
    /// Available models that are in no list any more.
    pub missing: Vec<String>,
    /// Models that retire soon, with the day.
    pub retiring: BTreeMap<String, NaiveDate>,
    /// Whether there was a usable key, and every list was read.
    pub ok: bool,
}

impl From<&ModelCheckReport> for ModelsSummary {
    fn from(report: &ModelCheckReport) -> Self {
        let failed = report.failed.iter();
        let retiring = report.retiring.iter();
        Self {
            checked: report.checked.iter().map(|one| one.provider).collect(),
            failed: failed
                .map(|one| (one.provider, one.reason.clone()))
                .collect(),
            new_models: report
                .new_models
                .iter()
                .map(|model| model.model_id.clone())
                .collect(),
            missing: report.missing.clone(),
            retiring: retiring
                .map(|model| (model.name.clone(), model.retires_on))
                .collect(),
            ok: report.failed.is_empty() && !report.checked.is_empty(),
        }
    }
}

impl Display for ModelCheckReport {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for checked in &self.checked {
            writeln!(
                formatter,
                "{}: {} models, {} for other purposes",
                checked.provider, checked.chat_models, checked.other_models
            )?;
        }
        for failed in &self.failed {
            writeln!(formatter, "{}: failed: {}", failed.provider, failed.reason)?;
        }
        for model in &self.new_models {
            writeln!(formatter, "new: {} {}", model.provider, model.model_id)?;
        }
        for name in &self.missing {
            writeln!(formatter, "no longer listed: {name}")?;
        }
        for model in &self.retiring {
            writeln!(
                formatter,
                "retires on {}: {} ({} projects)",
                model.retires_on,
                model.name,
                model.projects.len()
            )?;
        }
        write!(
            formatter,
            "{} providers checked, {} failed, {} new models",
            self.checked.len(),
            self.failed.len(),
            self.new_models.len()
        )
    }
}

/// Reads the list of every provider that somebody has a key for, each once and all at the same
/// time, and notes what it says. A provider that fails is told, and keeps nobody else back.
///
/// Errors: the database's. Those of providers stand in the report.
pub(super) async fn check_models(parts: &ModelCheck) -> ServiceResult<ModelCheckReport> {
    let mut providers = parts.keys.providers_with_keys().await?;
    // What Azure lists is what could be deployed there, not what can be asked.
    providers.retain(|provider| !matches!(provider, Provider::Azure | Provider::Simulator));
    providers.sort_unstable();
    providers.dedup();
    let lists = join_all(providers.iter().map(|provider| list(parts, *provider))).await;
    let mut report = ModelCheckReport::default();
    for (provider, list) in providers.into_iter().zip(lists) {
        let mut listed = match list? {
            Ok(listed) => listed,
            Err(failed) => {
                tracing::warn!(%provider, reason = failed.reason, "no list of models");
                report.failed.push(failed);
                continue;
            }
        };
        if provider == Provider::Google {
            add_announced_ends(&parts.store, &mut listed).await?;
        }
        let (chat, other): (Vec<_>, Vec<_>) = listed.into_iter().partition(|model| model.chat);
        let noted = parts.store.note_listed(provider, &chat).await?;
        report.checked.push(CheckedProvider {
            provider,
            chat_models: chat.len(),
            other_models: other.len(),
        });
        report.new_models.extend(noted.new);
        report.missing.extend(noted.missing);
    }
    let now = parts.store.clock().now();
    report.retiring = parts
        .store
        .retiring_models(now, RETIRING_WITHIN_DAYS)
        .await?;
    tracing::info!(
        checked = report.checked.len(),
        failed = report.failed.len(),
        new = report.new_models.len(),
        "models checked"
    );
    Ok(report)
}

/// Google's list has no ends; its answers may tell them.
async fn add_announced_ends(store: &Store, listed: &mut [ListedModel]) -> ServiceResult<()> {
    for (id, body) in store.newest_bodies(Provider::Google).await? {
        let model = listed.iter_mut().find(|model| model.id == id);
        if let (Some(model), Some((end, lifecycle))) = (model, end_announced_in_answer(&body)) {
            model.retires_at = model.retires_at.or(end);
            model.lifecycle = model.lifecycle.or(lifecycle);
        }
    }
    Ok(())
}

/// A provider's list by the first key that it accepts.
async fn list(
    parts: &ModelCheck,
    provider: Provider,
) -> ServiceResult<Result<Vec<ListedModel>, FailedProvider>> {
    let accesses = parts.keys.list_accesses(provider, KEYS_TRIED).await?;
    let mut last: Option<Failure> = None;
    for access in accesses {
        match parts.providers.list_models(&access).await {
            Ok(listed) => return Ok(Ok(listed)),
            Err(failure) => {
                let is_about_the_key = matches!(
                    failure.class,
                    ErrorClass::BadKey | ErrorClass::NoMoney | ErrorClass::Permission
                );
                last = Some(failure);
                if !is_about_the_key {
                    break;
                }
            }
        }
    }
    Ok(Err(FailedProvider {
        provider,
        class: last.as_ref().map(|failure| failure.class),
        reason: last.map_or_else(
            || "no key that the instance may use can be opened".to_owned(),
            |failure| failure.message,
        ),
    }))
}
