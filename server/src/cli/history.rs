//! `parallax simulate-history`: a project with made-up answers of many days, to look at or to
//! measure with.
//!
//! The answers are the simulator's, and everything else is what a run does: they are planned,
//! asked, read, stored and summed by the same code, only that the clock stands on days past.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::project::{EntityDraft, ProjectDraft};
use app::model::provider::Provider;
use app::model::run::Trigger;
use app::validate::REPEATS;
use chrono::{DateTime, SubsecRound, Utc};
use clap::Args;
use providers::simulator;
use runtime::clock::Clock;
use tokio_util::sync::CancellationToken;

use super::serve::stop_signal;
use crate::bootstrap::{self, BootError};
use crate::calendar;
use crate::config::Config;
use crate::store::projects::ProjectError;
use crate::store::runs::PlanError;
use crate::store::{Store, StoreError};

/// How often a run is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// How much history to make up.
#[derive(Args, Clone, Debug)]
pub struct HistoryArgs {
    /// E-mail address of a member of the workspace that gets the project
    pub email: String,
    /// Answers in all, about: each question is asked as often a day as that takes, at least once
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub answers: u32,
    /// Days, the last of them today
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=1_830))]
    pub days: u32,
    /// Questions that are asked each day
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    pub prompts: u32,
    /// Bytes that an answer has at least; without it about 480
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=8_000))]
    pub answer_bytes: u32,
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The project could not be made.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A run could not be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Nobody has this address.
    #[error("nobody here has the address {0}: add them with `parallax user add`")]
    Nobody(String),
    /// The registry has no simulated model.
    #[error("the registry has no simulated model: switch one on, on the page of models")]
    NoModel,
    /// Somebody asked the process to end.
    #[error("stopped; the days so far are kept")]
    Stopped,
}

/// A clock that stands where it is put.
struct HistoryClock {
    microseconds: AtomicI64,
}

impl HistoryClock {
    fn new(at: DateTime<Utc>) -> Self {
        Self {
            microseconds: AtomicI64::new(at.timestamp_micros()),
        }
    }

    fn set(&self, at: DateTime<Utc>) {
        self.microseconds
            .store(at.timestamp_micros(), Ordering::Relaxed);
    }
}

impl Clock for HistoryClock {
    fn now(&self) -> DateTime<Utc> {
        let microseconds = self.microseconds.load(Ordering::Relaxed);
        DateTime::from_timestamp_micros(microseconds).unwrap_or_default()
    }
}

/// How often each question is asked on the next day, of a history that is to have `wanted`
/// answers after it and has `made` so far.
fn repeats(wanted: u64, made: u64, asks: u64) -> i64 {
    let missing = wanted.saturating_sub(made);
    let nearest = missing.saturating_add(asks / 2) / asks.max(1);
    let nearest = i64::try_from(nearest).unwrap_or(i64::MAX);
    nearest.clamp(*REPEATS.start(), *REPEATS.end())
}

/// Makes the project and its days, alone on its database; gives the line to print.
pub async fn run(config: Config, args: HistoryArgs) -> Result<String, HistoryError> {
    let stop = stop_signal();
    let today = Utc::now().trunc_subsecs(6);
    let clock = Arc::new(HistoryClock::new(today));
    let shutdown = CancellationToken::new();
    let past = bootstrap::open_history_worker(
        config,
        Arc::clone(&clock) as _,
        args.answer_bytes as usize,
        shutdown.clone(),
    )
    .await?;
    let made = tokio::select! {
        made = make(&past, &clock, &args, today) => made,
        () = stop => Err(HistoryError::Stopped),
    };
    shutdown.cancel();
    past.close().await?;
    made
}

async fn make(
    past: &bootstrap::HistoryWorker,
    clock: &HistoryClock,
    args: &HistoryArgs,
    today: DateTime<Utc>,
) -> Result<String, HistoryError> {
    let store = &past.store;
    let nobody = || HistoryError::Nobody(args.email.clone());
    let user = store.user_by_email(&args.email.to_lowercase()).await?;
    let user = user.ok_or_else(nobody)?.view.id;
    let workspaces = store.workspaces_of(user).await?;
    let workspace = workspaces.first().ok_or_else(nobody)?.id;
    let models = simulated_models(store).await?;
    let asks = u64::from(args.prompts) * models.len() as u64;
    let zone = calendar::time_zone(&store.time_zone(workspace).await?);
    let moments = calendar::last_days(zone, today, args.days);
    let first = moments.first().copied().unwrap_or(today);
    clock.set(first);
    let project = store
        .create_project(workspace, &draft(args, models, today))
        .await?;
    let mut answers = 0_u64;
    for (moment, day) in moments.into_iter().zip(1_u32..) {
        clock.set(moment);
        let wanted = u64::from(args.answers) * u64::from(day) / u64::from(args.days);
        let repeats = repeats(wanted, answers, asks);
        store.set_repeats(workspace, project, repeats).await?;
        let answered = run_once(past, workspace, project).await?;
        answers += u64::try_from(answered).unwrap_or_default();
    }
    store.vacuum().await?;
    Ok(format!(
        "project {project}: {answers} simulated answers on {} days, {} to {}",
        args.days,
        calendar::day(zone, first),
        calendar::day(zone, today),
    ))
}

async fn simulated_models(store: &Store) -> Result<Vec<ModelId>, HistoryError> {
    let models: Vec<ModelId> = store
        .models()
        .await?
        .into_iter()
        .filter(|model| model.provider == Provider::Simulator && model.is_available)
        .map(|model| model.id)
        .collect();
    if models.is_empty() {
        return Err(HistoryError::NoModel);
    }
    Ok(models)
}

/// Plans a run, and waits until it is over. How many answers it brought.
async fn run_once(
    past: &bootstrap::HistoryWorker,
    workspace: WorkspaceId,
    project: ProjectId,
) -> Result<i64, HistoryError> {
    let run = past
        .store
        .plan_run(workspace, project, Trigger::Scheduled, None)
        .await?;
    past.engine.wake();
    loop {
        let view = past.store.run(workspace, run).await?;
        if view.status.is_over() {
            return Ok(view.answered());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A brand and competitors that belong to nobody.
fn draft(args: &HistoryArgs, model_ids: Vec<ModelId>, today: DateTime<Utc>) -> ProjectDraft {
    // The simulator links to the site that a name plausibly has.
    let entity = |name: &str| EntityDraft {
        name: name.to_owned(),
        domains: vec![simulator::site(name)],
        ..EntityDraft::default()
    };
    let customers = ["team", "family", "small shop", "startup", "school"].iter();
    let prompts = customers
        .cycle()
        .zip(1..=args.prompts)
        .map(|(customer, number)| {
            format!("Which invoicing software suits a {customer} of {number} people?")
        })
        .collect();
    ProjectDraft {
        name: format!("Simulated history, {}", today.format("%F %T")),
        brand: entity("Kipu Cloud"),
        competitors: vec![
            entity("Andes Books"),
            entity("Tarkeno"),
            entity("Solvenne"),
            entity("Quillory"),
        ],
        industry: "invoicing software".to_owned(),
        language: "en".to_owned(),
        model_ids,
        prompts: Some(prompts),
        is_active: false,
        ..ProjectDraft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers after each of `days` days, at most 20 times `asks` a day.
    fn days(answers: u64, days: u64, asks: u64) -> Vec<u64> {
        let mut made = 0;
        let mut after = Vec::new();
        for day in 1..=days {
            let repeats = repeats(answers * day / days, made, asks);
            made += u64::try_from(repeats).expect("not negative") * asks;
            after.push(made);
        }
        after
    }

    #[test]
    fn every_day_has_a_run_and_the_answers_are_met() {
        // The defaults: 50 questions to two models.
        for (answers, count, asks) in [(20_000, 90, 100), (1_000_000, 365, 200), (200, 5, 20)] {
            let made = days(answers, count, asks);
            assert_eq!(made.len() as u64, count);
            let last = made.last().copied().unwrap_or_default();
            assert!(last.abs_diff(answers) <= asks / 2, "{last} of {answers}");
            assert!(made.is_sorted_by(|before, after| before < after));
        }
        // Fewer than one a question and day: each day is made all the same.
        assert_eq!(days(10, 3, 100).last(), Some(&300));
    }
}
