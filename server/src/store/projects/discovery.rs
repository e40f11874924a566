//! What competitors are discovered from: answers whose lists name the brand, and the names that
//! were dismissed.

use analysis::name_key;
use app::model::ids::{AnswerId, EntityId, ProjectId, RevisionId, WorkspaceId};

use crate::store::sql::record::record;
use crate::store::sql::tenant::{live_project, project_exists};
use crate::store::sql::{page_bytes, rows};
use crate::store::{Store, StoreResult};

record! {
    /// An answer with its question.
    struct AskedText {
        answer: i64 = "a.id",
        question: String = "q.query_text",
        text: String = "a.full_response",
    }
}

impl Store {
    /// The newest answers in whose lists `entity` has a place, at most `most`, the newest first,
    /// in pages of as many as there is room for with their texts.
    pub async fn answers_that_list(
        &self,
        workspace_id: WorkspaceId,
        revision: RevisionId,
        entity: EntityId,
        most: u32,
    ) -> StoreResult<Vec<Vec<AnswerId>>> {
        let sql = format!(
            "SELECT a.id, {} FROM llm_monitoring_results a JOIN \
             (SELECT result_id FROM llm_monitoring_findings WHERE entity_id = $1 \
                AND revision_id = $2 AND (rank IS NOT NULL OR bullet_order IS NOT NULL) \
              ORDER BY result_id DESC LIMIT {most}) f ON f.result_id = a.id \
             WHERE a.workspace_id = $3 ORDER BY a.id DESC",
            page_bytes::OF_ANSWER
        );
        let values = [entity.0.into(), revision.0.into(), workspace_id.0.into()];
        let sized = page_bytes::sized(self.reader(), sql, values).await?;
        let pages = page_bytes::pages(&sized).into_iter();
        Ok(pages
            .map(|page| page.into_iter().map(AnswerId).collect())
            .collect())
    }

    /// Answers with their questions, the newest first: id, question and text.
    pub async fn questions_and_texts(
        &self,
        workspace_id: WorkspaceId,
        answers: &[AnswerId],
    ) -> StoreResult<Vec<(i64, String, String)>> {
        let rest = format!(
            "FROM llm_monitoring_results a \
             JOIN llm_monitoring_queries q ON q.id = a.query_id \
             WHERE a.workspace_id = $1 AND a.id IN ({}) ORDER BY a.id DESC",
            rows::id_list(answers.iter().map(|answer| answer.0))
        );
        let found: Vec<AskedText> =
            rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        Ok(found
            .into_iter()
            .map(|of| (of.answer, of.question, of.text))
            .collect())
    }

    /// Names that were dismissed in a project, by the alphabet: key and spelling.
    pub async fn dismissed_names(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<(String, String)>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let sql = "SELECT name_key, name FROM llm_monitoring_dismissed_names \
            WHERE project_id = $1 ORDER BY name_key";
        rows::pairs(self.reader(), sql, [project.0.into()]).await
    }

    /// Dismisses a name in all its spellings. Twice is once.
    pub async fn dismiss_name(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        name: &str,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        live_project(&tx, workspace_id, project).await?;
        let sql = "INSERT INTO llm_monitoring_dismissed_names \
            (project_id, name_key, name, workspace_id, dismissed_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (project_id, name_key) DO NOTHING";
        let values = [
            project.0.into(),
            name_key(name).into(),
            name.into(),
            workspace_id.0.into(),
            now.into(),
        ];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }

    /// Lets a name come up again.
    pub async fn restore_name(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        name: &str,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        live_project(&tx, workspace_id, project).await?;
        let sql = "DELETE FROM llm_monitoring_dismissed_names \
            WHERE project_id = $1 AND name_key = $2";
        rows::execute(&tx, sql, [project.0.into(), name_key(name).into()]).await?;
        Ok(tx.commit().await?)
    }
}
