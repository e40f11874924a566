//! Names that stand in lists beside the brand: found in the newest answers, adopted as
//! competitors, or dismissed.

use std::collections::HashSet;
use std::sync::Arc;

use analysis::{NameBeside, NamesBeside, name_key};
use app::api::discovery::DiscoveryPort;
use app::api::error::ApiError;
use app::model::discovery::{ANSWERS, DiscoveredName, DiscoveryView, NAMES};
use app::model::ids::{ProjectId, RevisionId};
use app::model::project::{EntityDraft, ProjectDraft};
use app::texts::errors;
use app::validate::{Check, ENTITY_NAME};
use async_trait::async_trait;
use engine::Reading;
use runtime::long_texts;

use crate::auth::Viewer;
use crate::services::stamped_cache::StampedCache;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::sums::SumsStamp;

/// Names found in the answers of a project. The stamp is the state of the answers, and the
/// revision, which has the names of its entities.
pub type Discoveries = StampedCache<ProjectId, (SumsStamp, RevisionId), Arc<Found>>;

/// Names that one project may have dismissed.
const DISMISSED: usize = 1_000;

/// Names beside a brand, before the dismissed ones are left out.
#[derive(Debug, Default)]
pub struct Found {
    names: Vec<NameBeside>,
    answers: u32,
}

impl Services {
    async fn discovery(&self, by: Viewer, project: ProjectId) -> ServiceResult<DiscoveryView> {
        let store = &self.host.store;
        let stamp = store.sums_stamp(by.workspace(), project).await?;
        let readings = store.readings(by.workspace(), project).await?;
        let dismissed = store.dismissed_names(by.workspace(), project).await?;
        // Answers have places under the revision that is shown; whose names are taken says the
        // newest one.
        let found = match (readings.first(), readings.last()) {
            (Some(shown), Some(newest)) => {
                let stamp = (stamp.without_progress(), newest.revision);
                let kept = &self.host.discoveries;
                if let Some(found) = kept.get(&project, &stamp) {
                    found
                } else {
                    let found = Arc::new(self.find(by, shown, newest.clone()).await?);
                    kept.put(project, stamp, Arc::clone(&found));
                    found
                }
            }
            _ => Arc::default(),
        };
        Ok(view(&found, dismissed))
    }

    async fn find(&self, by: Viewer, shown: &Reading, newest: Reading) -> ServiceResult<Found> {
        let Some(brand) = shown.brand else {
            return Ok(Found::default());
        };
        let store = &self.host.store;
        let pages = store
            .answers_that_list(by.workspace(), shown.revision, brand, ANSWERS)
            .await?;
        let detector = Arc::new(newest.detector());
        let (mut names, mut count) = (NamesBeside::default(), 0);
        // A page at a time: a thousand answers may be a gigabyte.
        for page in pages {
            let answers = store.questions_and_texts(by.workspace(), &page).await?;
            count += answers.len();
            let bytes = answers.iter().map(|(_, _, text)| text.len()).sum();
            let detector = Arc::clone(&detector);
            let reading = long_texts::read(bytes, move || {
                for (id, question, text) in &answers {
                    names.count(*id, detector.names_beside(&brand, question, text));
                }
                names
            });
            names = reading
                .await
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
        }
        Ok(Found {
            names: names.finish(),
            answers: u32::try_from(count).unwrap_or(u32::MAX),
        })
    }

    /// A name that somebody can have, without space around it.
    fn competitor_name(&self, name: &str) -> ServiceResult<String> {
        let mut check = Check::new(self.language);
        let name = check.line("name", name, ENTITY_NAME);
        if !name.is_empty() && name_key(&name).is_empty() {
            check.wrong("name", errors::NAME_LETTERS, &[("name", &name)]);
        }
        Ok(check.done(name)?)
    }

    /// The draft with `name` as one more competitor.
    fn with_competitor(&self, mut draft: ProjectDraft, name: &str) -> ServiceResult<ProjectDraft> {
        draft.competitors.push(EntityDraft {
            name: name.to_owned(),
            ..EntityDraft::default()
        });
        self.checked(&draft)
    }
}

fn view(found: &Found, dismissed: Vec<(String, String)>) -> DiscoveryView {
    let keys: HashSet<&str> = dismissed.iter().map(|(key, _)| key.as_str()).collect();
    let shown = found
        .names
        .iter()
        .filter(|found| !keys.contains(name_key(&found.name).as_str()));
    DiscoveryView {
        names: shown
            .take(NAMES)
            .map(|found| DiscoveredName {
                name: found.name.clone(),
                answers: found.answers,
                examples: found.examples.iter().copied().map(Into::into).collect(),
            })
            .collect(),
        answers: found.answers,
        dismissed: dismissed.into_iter().map(|(_, name)| name).collect(),
    }
}

#[async_trait]
impl DiscoveryPort for Services {
    async fn discovered(&self, project_id: ProjectId) -> Result<DiscoveryView, ApiError> {
        self.reply(async { self.discovery(self.viewer()?, project_id).await }.await)
    }

    async fn adopt_name(
        &self,
        project_id: ProjectId,
        name: String,
    ) -> Result<DiscoveryView, ApiError> {
        self.reply(
            async {
                let by = self.editor()?;
                let name = &self.competitor_name(&name)?;
                self.host
                    .store
                    .edit_project(by.workspace(), project_id, |draft| {
                        self.with_competitor(draft, name)
                    })
                    .await?;
                self.discovery(by.into(), project_id).await
            }
            .await,
        )
    }

    async fn dismiss_name(
        &self,
        project_id: ProjectId,
        name: String,
        is_dismissed: bool,
    ) -> Result<DiscoveryView, ApiError> {
        self.reply(
            async {
                let by = self.editor()?;
                let (store, name) = (&self.host.store, &self.competitor_name(&name)?);
                if is_dismissed {
                    let dismissed = store.dismissed_names(by.workspace(), project_id).await?;
                    if dismissed.len() >= DISMISSED {
                        let message = errors::TOO_MANY.fill(self.language, &[("max", &DISMISSED)]);
                        return Err(ServiceError::ConflictMessage(message));
                    }
                    store.dismiss_name(by.workspace(), project_id, name).await?;
                } else {
                    store.restore_name(by.workspace(), project_id, name).await?;
                }
                self.discovery(by.into(), project_id).await
            }
            .await,
        )
    }
}
