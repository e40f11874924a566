//! The demonstration of a workspace: sixty days of five simulated models, in one click.
//!
//! It is made out of sight and shown once it is whole; where its maker dies, what is there is
//! erased like a deleted project. Nobody outside is asked, and nothing is paid.
//!
//! Invariant: all that is told comes from the story, everything else is what a run does: answers
//! are read, stored and summed by the same code.

use std::sync::Arc;

use app::model::ids::{EntityId, ModelId, ProjectId, PromptId};
use app::model::project::PromptView;
use chrono::{DateTime, SubsecRound, Utc};
use engine::{Read, Reading, mentions, pages_of};
use providers::Question;
use providers::simulator::{Telling, tell};
use tokio::task::spawn_blocking;

use super::demo_words;
use super::story::{self, DAYS, MODELS, NAMES, QUESTIONS, Told};
use crate::auth::Editor;
use crate::calendar;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::projects::{DemoModel, DemoPlan};
use crate::store::runs::{PastAnswer, PastLane, PastRun};

/// The models that are said to have answered. Their names say what they are.
const SIMULATED: [DemoModel; MODELS] = [
    DemoModel {
        model_id: "demo-atlas",
        name: "Simulated Atlas",
    },
    DemoModel {
        model_id: "demo-briar",
        name: "Simulated Briar",
    },
    DemoModel {
        model_id: "demo-cobalt",
        name: "Simulated Cobalt",
    },
    DemoModel {
        model_id: "demo-delta",
        name: "Simulated Delta",
    },
    DemoModel {
        model_id: "demo-ember",
        name: "Simulated Ember",
    },
];
/// The limit of an answer, in tokens: none of the story comes near it.
const MAX_TOKENS: u32 = 2_048;

/// With what the answers of the demonstration are made and read.
struct Maker {
    moments: Vec<DateTime<Utc>>,
    models: Vec<ModelId>,
    prompts: Vec<PromptView>,
    readings: Vec<Arc<Reading>>,
}

impl Services {
    /// Makes the demonstration, or finds the one that is there.
    pub(super) async fn demo(&self, by: Editor) -> ServiceResult<ProjectId> {
        let store = &self.host.store;
        let workspace = by.workspace();
        if let Some(known) = store.demo_project(workspace).await? {
            return Ok(known);
        }
        let zone = calendar::time_zone(&store.time_zone(workspace).await?);
        let now = store.clock().now().trunc_subsecs(6);
        let moments = calendar::last_days(zone, now, DAYS);
        let plan = DemoPlan {
            draft: demo_words::draft(self.language),
            topics: demo_words::topics(self.language),
            models: &SIMULATED,
            first_run: moments.first().copied().unwrap_or(now),
        };
        let (project, models) = store.begin_demo(workspace, &plan).await?;
        let readings = store.readings(workspace, project).await?;
        let maker = Maker {
            moments,
            models,
            prompts: store.prompts(workspace, project).await?,
            readings: readings.into_iter().map(Arc::new).collect(),
        };
        // Thousands of answers are read: not on a thread that serves others.
        let runs = spawn_blocking(move || maker.runs())
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        for run in runs {
            store.write_past_run(workspace, project, zone, run).await?;
        }
        Ok(store.show_demo(workspace, project).await?)
    }

    /// Removes the demonstration, if there is one.
    pub(super) async fn without_demo(&self, by: Editor) -> ServiceResult<()> {
        let store = &self.host.store;
        if let Some(known) = store.demo_project(by.workspace()).await? {
            store.delete_project(by.workspace(), known).await?;
        }
        Ok(())
    }
}

impl Maker {
    /// All runs, the first first.
    fn runs(&self) -> Vec<PastRun> {
        let detectors: Vec<_> = self
            .readings
            .iter()
            .map(|reading| (Arc::clone(reading), reading.detector()))
            .collect();
        let days = (0_u32..).zip(&self.moments);
        days.map(|(day, at)| PastRun {
            at: *at,
            lanes: self.lanes(day, &detectors),
        })
        .collect()
    }

    fn lanes(&self, day: u32, detectors: &[Detecting]) -> Vec<PastLane> {
        let models = self.models.iter().enumerate();
        models
            .map(|(index, model)| PastLane {
                model: *model,
                answers: story::of_day(day, index)
                    .zip(self.prompts.iter().take(QUESTIONS))
                    .map(|(told, prompt)| answer(told, prompt, detectors))
                    .collect(),
            })
            .collect()
    }
}

/// A reading with what looks for its entities.
type Detecting = (Arc<Reading>, analysis::Detector<EntityId>);

fn answer(told: Told, prompt: &PromptView, detectors: &[Detecting]) -> PastAnswer {
    let question = Question {
        model_id: SIMULATED[told.model].model_id.to_owned(),
        text: prompt.text.clone(),
        web_search: true,
        language: prompt.language.clone(),
        country: None,
        max_output_tokens: MAX_TOKENS,
        hints: Vec::new(),
        instructions: None,
        form: None,
    };
    let names: Vec<String> = told
        .names()
        .into_iter()
        .map(|name| NAMES[name].to_owned())
        .collect();
    let exchange = tell(&Telling {
        question: &question,
        names: &names,
        lost_sites: told.lost_sites(),
        number: told.number(),
    });
    let said = exchange.result.as_ref().ok();
    let text = said.map_or("", |answer| answer.text.as_str());
    let citations = said
        .map(|answer| answer.citations.as_slice())
        .unwrap_or_default();
    let read = |(reading, detector): &Detecting| {
        let found = mentions(detector, text, citations, &prompt.language);
        Read::new(Arc::clone(reading), found)
    };
    let prompt_id: PromptId = prompt.id;
    PastAnswer {
        prompt: prompt_id,
        language: prompt.language.as_str().into(),
        reads: detectors.iter().map(read).collect(),
        pages: pages_of(citations),
        exchange,
    }
}
