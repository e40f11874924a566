//! Questions one by one and in bulk, for programs.

use std::collections::{HashMap, HashSet};

use app::api::error::{ApiError, FieldError};
use app::model::ids::{ProjectId, PromptId};
use app::model::language::Language;
use app::model::project::PromptView;
use app::texts::errors;
use app::validate::{self, Check, prompt_key};
use bytes::Bytes;
use chrono::NaiveDate;
use runtime::long_texts;

use super::prompt_file::{self, PromptFile, WrongLine};
use crate::services::{ServiceError, ServiceResult, Services};
pub use crate::store::projects::PromptChange;
pub use crate::store::sums::PromptDay;

/// A question to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPrompt {
    /// The question.
    pub text: String,
    /// Its tags; `None`: those of a question that is there already stay.
    pub tags: Option<Vec<String>>,
}

/// What a file of questions holds, and what came of it.
#[derive(Clone, Debug)]
pub struct FileImport {
    /// What it holds.
    pub file: PromptFile,
    /// Questions of it that the project has already.
    pub present: usize,
    /// Whether they were stored: never where a line is wrong.
    pub is_stored: bool,
}

impl Services {
    /// Adds questions, or puts them in place of the present ones; gives all of them.
    pub async fn put_prompts(
        &self,
        project_id: ProjectId,
        prompts: &[NewPrompt],
        replace: bool,
    ) -> Result<Vec<PromptView>, ApiError> {
        self.reply(
            async {
                let by = self.editor()?;
                let store = &self.host.store;
                let present = store.project(by.workspace(), project_id).await?.prompts;
                let typed: Vec<String> = prompts.iter().map(|one| one.text.clone()).collect();
                let texts = validate::prompts(self.language, "queries", &typed)?;
                self.check_prompt_count(&present, &texts, replace)?;
                let mut tags = HashMap::new();
                for prompt in prompts {
                    if let Some(typed) = &prompt.tags {
                        let clean = clean_tags(self.language, "queries", typed)?;
                        tags.insert(prompt_key(&prompt.text), clean);
                    }
                }
                store
                    .add_prompts(by.workspace(), project_id, &texts, &tags, replace)
                    .await?;
                Ok(store.prompts(by.workspace(), project_id).await?)
            }
            .await,
        )
    }

    /// Reads a file of questions, and stores them unless it is a rehearsal: all or none.
    pub async fn import_prompts(
        &self,
        project_id: ProjectId,
        file: Bytes,
        (is_rehearsal, replace): (bool, bool),
    ) -> Result<FileImport, ApiError> {
        let import = async {
            let by = self.editor()?;
            let store = &self.host.store;
            let present = store.project(by.workspace(), project_id).await?.prompts;
            let language = self.language;
            // Tens of thousands of lines: not on a thread that serves others.
            let mut file = long_texts::on_reader_thread(move || prompt_file::read(language, &file))
                .await
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
            let known: HashSet<String> = present
                .iter()
                .map(|prompt| prompt_key(&prompt.text))
                .collect();
            let is_known = |prompt: &&NewPrompt| known.contains(&prompt_key(&prompt.text));
            let found = file.prompts.iter().filter(is_known).count();
            let kept = if replace { 0 } else { known.len() - found };
            if kept + file.prompts.len() > validate::PROMPTS {
                let message = errors::TOO_MANY.fill(language, &[("max", &validate::PROMPTS)]);
                file.note(WrongLine { line: 1, message });
            }
            if is_rehearsal {
                return Ok((file, found, false));
            }
            if !file.wrong.is_empty() {
                return Err(ServiceError::Invalid(file.field_errors()));
            }
            let texts: Vec<String> = file.prompts.iter().map(|one| one.text.clone()).collect();
            let tags = file
                .prompts
                .iter()
                .filter_map(|one| Some((prompt_key(&one.text), one.tags.clone()?)))
                .collect();
            store
                .add_prompts(by.workspace(), project_id, &texts, &tags, replace)
                .await?;
            Ok((file, found, true))
        };
        let (file, present, is_stored) = self.reply(import.await)?;
        Ok(FileImport {
            file,
            present,
            is_stored,
        })
    }

    /// Changes a question.
    pub async fn change_prompt(
        &self,
        project_id: ProjectId,
        prompt_id: PromptId,
        mut change: PromptChange,
    ) -> Result<PromptView, ApiError> {
        self.reply(
            async {
                let workspace = self.editor()?.workspace();
                let store = &self.host.store;
                store.prompt(workspace, project_id, prompt_id).await?;
                if let Some(typed) = change.tags {
                    change.tags = Some(clean_tags(self.language, "tags", &typed)?);
                }
                Ok(store
                    .change_prompt(workspace, project_id, prompt_id, &change)
                    .await?)
            }
            .await,
        )
    }

    /// Takes a question out of its project; its answers are kept.
    pub async fn remove_prompt(
        &self,
        project_id: ProjectId,
        prompt_id: PromptId,
    ) -> Result<(), ApiError> {
        self.reply(
            async {
                let workspace = self.editor()?.workspace();
                let store = &self.host.store;
                Ok(store
                    .remove_prompt(workspace, project_id, prompt_id)
                    .await?)
            }
            .await,
        )
    }

    /// A question, and what came of it within a period.
    pub async fn prompt_history(
        &self,
        project_id: ProjectId,
        prompt_id: PromptId,
        days: (NaiveDate, NaiveDate),
    ) -> Result<(PromptView, Vec<PromptDay>), ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                let prompt = store.prompt(workspace, project_id, prompt_id).await?;
                let days = store
                    .prompt_days(workspace, project_id, prompt_id, days)
                    .await?;
                Ok((prompt, days))
            }
            .await,
        )
    }

    fn check_prompt_count(
        &self,
        present: &[PromptView],
        texts: &[String],
        replace: bool,
    ) -> ServiceResult<()> {
        if texts.is_empty() {
            return Err(ServiceError::Field("queries", errors::REQUIRED));
        }
        let known: HashSet<String> = present
            .iter()
            .map(|prompt| prompt_key(&prompt.text))
            .collect();
        let added = texts
            .iter()
            .filter(|text| !known.contains(&prompt_key(text)))
            .count();
        let total = if replace {
            texts.len()
        } else {
            present.len() + added
        };
        if total > validate::PROMPTS {
            let message = errors::TOO_MANY.fill(self.language, &[("max", &validate::PROMPTS)]);
            return Err(ServiceError::Invalid(vec![FieldError {
                field: "queries".to_owned(),
                message,
            }]));
        }
        Ok(())
    }
}

/// Tags without space around them, each once.
pub(super) fn clean_tags(
    language: Language,
    field: &str,
    typed: &[String],
) -> Result<Vec<String>, Vec<FieldError>> {
    let mut check = Check::new(language);
    let clean = check.tags(field, typed);
    check.done(clean)
}
