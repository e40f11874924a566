//! What people are told without having asked.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ModelId, ProjectId, RunId};
use super::money::Money;
use super::provider::Provider;
use super::run::AskFailures;
use crate::words;

/// Something that people are told, with its facts; the words are made in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A budget of the month has reached its threshold.
    BudgetThreshold {
        /// What is spent.
        spent: Money,
        /// What may be spent.
        monthly: Money,
    },
    /// A budget of the month is used up.
    BudgetEnd {
        /// What is spent.
        spent: Money,
        /// What may be spent.
        monthly: Money,
    },
    /// A run ended without all its answers.
    RunIncomplete {
        /// The run.
        run: RunId,
        /// Asks that were answered with a text.
        answered: i64,
        /// All asks.
        total: i64,
        /// Answers that came without a text.
        #[serde(default)]
        without_text: i64,
        /// The models that left more than a tenth of their asks without a text.
        #[serde(default)]
        models: Vec<String>,
        /// Why asks failed: by model, as people name it, with the most frequent reason first.
        #[serde(default)]
        failures: Vec<(String, Vec<AskFailures>)>,
    },
    /// Another model than before answers under a name.
    ModelSwapped {
        /// The model, as people name it.
        name: String,
        /// The name that is asked for.
        asked: String,
        /// The name that answers.
        served: String,
        /// From this day on.
        day: NaiveDate,
    },
    /// A provider does not take the key any more, or not for this.
    KeyRejected {
        /// The provider.
        provider: Provider,
        /// Nothing is wrong with the key: the account has no credit left.
        no_credit: bool,
    },
    /// A provider will switch a model off.
    ModelRetiring {
        /// The model.
        model: ModelId,
        /// Its name.
        name: String,
        /// When.
        on: NaiveDate,
        /// Days from the notice on.
        days: i64,
        /// The projects that ask it and are still there: their names now.
        #[serde(default)]
        projects: Vec<String>,
        /// The projects that asked it when this was noticed, as the host keeps them: a name that
        /// is kept would outlive its project. Nobody is shown them.
        #[serde(default)]
        project_ids: Vec<ProjectId>,
    },
    /// Providers have models that are not in the registry's use yet.
    ModelsNew {
        /// Their names, some of them.
        names: Vec<String>,
        /// How many.
        count: i64,
    },
    /// Models that answer no more were replaced in a project.
    ModelReplaced {
        /// Those.
        old: Vec<PricedModel>,
        /// What is asked instead.
        new: PricedModel,
    },
    /// A day cost more than twice what the seven days before it cost each.
    CostSpike {
        /// The day.
        day: NaiveDate,
        /// What it has cost so far.
        spent: Money,
        /// What a day cost before.
        mean: Money,
    },
}

words! {
    /// What a notice is about.
    NoticeKind {
        /// A budget of the month has reached its threshold.
        BudgetThreshold = "budget_threshold",
        /// A budget of the month is used up.
        BudgetEnd = "budget_end",
        /// A run ended without all its answers.
        RunIncomplete = "run_incomplete",
        /// A provider does not take the key any more, or not for this.
        KeyRejected = "key_rejected",
        /// A provider will switch a model off.
        ModelRetiring = "model_retiring",
        /// Models that answer no more were replaced in a project.
        ModelReplaced = "model_replaced",
        /// Another model than before answers under a name.
        ModelSwapped = "model_swapped",
        /// Providers have models that are not in the registry's use yet.
        ModelsNew = "models_new",
        /// A day cost more than twice what the seven days before it cost each.
        CostSpike = "cost_spike",
    }
}

impl Notice {
    /// What it is about.
    pub const fn kind(&self) -> NoticeKind {
        match self {
            Self::BudgetThreshold { .. } => NoticeKind::BudgetThreshold,
            Self::BudgetEnd { .. } => NoticeKind::BudgetEnd,
            Self::RunIncomplete { .. } => NoticeKind::RunIncomplete,
            Self::ModelSwapped { .. } => NoticeKind::ModelSwapped,
            Self::KeyRejected { .. } => NoticeKind::KeyRejected,
            Self::ModelRetiring { .. } => NoticeKind::ModelRetiring,
            Self::ModelsNew { .. } => NoticeKind::ModelsNew,
            Self::ModelReplaced { .. } => NoticeKind::ModelReplaced,
            Self::CostSpike { .. } => NoticeKind::CostSpike,
        }
    }
}

/// A model with what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedModel {
    /// Its name.
    pub name: String,
    /// A million tokens read and written, and a search where that is known; `None`: unpriced.
    pub price: Option<(Money, Money, Option<Money>)>,
}

/// A notice on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct NoticeView {
    /// Id.
    pub id: i64,
    /// When it was noticed.
    pub raised_at: DateTime<Utc>,
    /// The project that it is about.
    pub project: Option<(ProjectId, String)>,
    /// What it says.
    pub notice: Notice,
    /// Whether its reader has muted its kind, for its project or for all.
    pub is_muted: bool,
}

/// A kind of notices that somebody has muted for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct NoticeMute {
    /// The kind.
    pub kind: NoticeKind,
    /// The project whose notices are muted; `None`: those of all projects, and of none.
    pub project: Option<(ProjectId, String)>,
}
