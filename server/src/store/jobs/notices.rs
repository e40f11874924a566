//! Notices: each is stored once, and mailed to the people in charge.
//!
//! Invariant: a notice is the row of its subject; who looks again and finds the same adds
//! nothing. Its mails are written with it or not at all. No name of a project is kept in one:
//! names are read when they are shown, so that they go with their project.

use std::collections::HashSet;

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::language::Language;
use app::model::notices::{Notice, NoticeView};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{DatabaseTransaction, Value};

use super::notice_mutes::{IS_MUTED, NoticeReader};
use crate::store::accounts::letters::wait_after;
use crate::store::projects::notice_names::{LiveProjects, as_facts};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Notices that a screen shows, but for those that need somebody.
const SHOWN: u32 = 100;
/// A notice that may be new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// The workspace; `None`: the instance, whose admins are told.
    pub workspace: Option<WorkspaceId>,
    /// The project that it is about.
    pub project: Option<ProjectId>,
    /// What makes it another event than the last one of its kind.
    pub subject: String,
    /// What it says.
    pub notice: Notice,
}

/// A mail that this process is to send now. Who else looks does not see it for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailToSend {
    /// Id.
    pub id: i64,
    /// Address.
    pub recipient: String,
    /// The language of the words.
    pub language: Language,
    /// How often it was tried, this time included.
    pub tries: i64,
    /// What it says.
    pub notice: Notice,
    /// The project that it is about.
    pub project: Option<(ProjectId, String)>,
}

impl Store {
    /// Stores the notices that are new; with mails if they can be sent. Returns how many were new.
    pub async fn insert_notices(&self, news: &[NewNotice], with_mails: bool) -> StoreResult<usize> {
        let now = self.clock().now();
        let mut told = 0;
        for one in news {
            // Most looks find what was told before: those hold nobody up.
            if self.notice_exists(one).await? {
                continue;
            }
            let tx = self.begin_write().await?;
            if let Some(id) = insert(&tx, one, now).await? {
                told += 1;
                if with_mails {
                    write_mails(&tx, one, id, now).await?;
                }
                tracing::info!(
                    notice.id = id,
                    workspace.id = one.workspace.map(|workspace| workspace.0),
                    kind = one.notice.kind().word(),
                    subject = one.subject,
                    "notice"
                );
            }
            tx.commit().await?;
        }
        Ok(told)
    }

    async fn notice_exists(&self, news: &NewNotice) -> StoreResult<bool> {
        let sql =
            "SELECT 1 FROM llm_notices WHERE workspace_id = $1 AND kind = $2 AND subject = $3";
        let values: [Value; 3] = [
            workspace_of(news).into(),
            news.notice.kind().word().into(),
            news.subject.clone().into(),
        ];
        Ok(rows::one(self.reader(), sql, values).await?.is_some())
    }

    /// The newest notices of a workspace, and before them those of `needed`, however old they are;
    /// the newest first. For admins those of the instance too, and of models that were replaced
    /// anywhere.
    pub async fn notices(&self, to: &NoticeReader, needed: &[i64]) -> StoreResult<Vec<NoticeView>> {
        let newest = format!("ORDER BY n.id DESC LIMIT {SHOWN}");
        let mut views = self.shown_notices(to, &newest).await?;
        let shown: HashSet<i64> = views.iter().map(|view| view.id).collect();
        let older: Vec<i64> = needed
            .iter()
            .copied()
            .filter(|id| !shown.contains(id))
            .collect();
        views.extend(self.some_notices(to, &older).await?);
        Ok(views)
    }

    /// Those of `ids` that [`Self::notices`] could show, the newest first.
    pub async fn some_notices(
        &self,
        to: &NoticeReader,
        ids: &[i64],
    ) -> StoreResult<Vec<NoticeView>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = rows::id_list(ids.iter().copied());
        let some = format!("AND n.id IN ({ids}) ORDER BY n.id DESC");
        self.shown_notices(to, &some).await
    }

    /// `which`: more conditions on notices `n`, with their `AND`, and their order.
    async fn shown_notices(&self, to: &NoticeReader, which: &str) -> StoreResult<Vec<NoticeView>> {
        let rest = format!(
            "FROM llm_notices n \
             LEFT JOIN llm_monitoring_projects p ON p.id = n.project_id \
             WHERE p.deleted_at IS NULL AND (n.workspace_id = $1 \
             OR (n.workspace_id = 0 OR n.kind = 'model_replaced') AND $2 \
                 AND NOT EXISTS (SELECT 1 FROM llm_notices o WHERE o.workspace_id = $1 \
                     AND o.id <> n.id AND o.kind = n.kind AND o.facts = n.facts)) {which}"
        );
        let values = [
            to.workspace.0.into(),
            to.with_instance.into(),
            to.user.0.into(),
        ];
        let found: Vec<StoredNotice> = rows::select(self.reader(), rest, values).await?;
        let mut views: Vec<NoticeView> = found
            .into_iter()
            .map(|of| NoticeView {
                id: of.id,
                raised_at: of.raised_at,
                notice: of.notice,
                project: of.project.named(),
                is_muted: of.is_muted,
            })
            .collect();
        let notices: Vec<&Notice> = views.iter().map(|view| &view.notice).collect();
        let live = LiveProjects::of(self.reader(), &notices).await?;
        for view in &mut views {
            live.put_names(&mut view.notice);
        }
        Ok(views)
    }

    /// Takes a mail that is to be sent; it comes up again later, unless it is noted as sent.
    pub async fn claim_mail(&self) -> StoreResult<Option<MailToSend>> {
        let now = self.clock().now();
        // Those that were written before addresses had to be confirmed wait for that, too.
        let find = "SELECT m.id, m.tries FROM llm_mails m \
            JOIN users u ON u.email = m.recipient AND u.confirmed_at IS NOT NULL \
                AND u.disabled_at IS NULL \
            JOIN llm_notices n ON n.id = m.notice_id \
            LEFT JOIN llm_monitoring_projects p ON p.id = n.project_id \
            WHERE m.state = 'waiting' AND m.next_try_at <= $1 AND p.deleted_at IS NULL \
            ORDER BY m.next_try_at, m.id LIMIT 1";
        let due: Option<(i64, i64)> = rows::one_pair(self.reader(), find, [now.into()]).await?;
        let Some((id, tries)) = due else {
            return Ok(None);
        };
        let again = now + wait_after(tries).unwrap_or(Duration::hours(24));
        let tx = self.begin_write().await?;
        let sql = "UPDATE llm_mails SET tries = tries + 1, next_try_at = $2 \
            WHERE id = $1 AND state = 'waiting' AND next_try_at <= $3 AND tries = $4";
        let values: [Value; 4] = [id.into(), again.into(), now.into(), tries.into()];
        let is_mine = rows::execute(&tx, sql, values).await?.rows_affected() > 0;
        tx.commit().await?;
        if !is_mine {
            return Ok(None);
        }
        let rest = "FROM llm_mails m JOIN llm_notices n ON n.id = m.notice_id \
            LEFT JOIN llm_monitoring_projects p ON p.id = n.project_id WHERE m.id = $1";
        let mail: StoredMail = rows::select_one(self.reader(), rest, [id.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let mut notice = mail.notice;
        let live = LiveProjects::of(self.reader(), &[&notice]).await?;
        live.put_names(&mut notice);
        Ok(Some(MailToSend {
            id,
            recipient: mail.recipient,
            language: mail.language.parse().unwrap_or_default(),
            tries: tries + 1,
            notice,
            project: mail.project.named(),
        }))
    }

    /// A mail is on its way.
    pub async fn mail_sent(&self, id: i64) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let sql =
            "UPDATE llm_mails SET state = 'sent', sent_at = $2, last_error = NULL WHERE id = $1";
        rows::execute(&tx, sql, [id.into(), self.clock().now().into()]).await?;
        Ok(tx.commit().await?)
    }

    /// A mail could not be sent. `for_good`: no later try would do better.
    pub async fn mail_failed(
        &self,
        mail: &MailToSend,
        error: &str,
        for_good: bool,
    ) -> StoreResult<()> {
        let state = if for_good || wait_after(mail.tries).is_none() {
            "failed"
        } else {
            "waiting"
        };
        let tx = self.begin_write().await?;
        let sql = "UPDATE llm_mails SET state = $2, last_error = $3 WHERE id = $1";
        let values: [Value; 3] = [mail.id.into(), state.into(), error.into()];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }
}

fn workspace_of(news: &NewNotice) -> i64 {
    news.workspace.map_or(0, |workspace| workspace.0)
}

async fn insert(
    tx: &DatabaseTransaction,
    news: &NewNotice,
    now: DateTime<Utc>,
) -> StoreResult<Option<i64>> {
    let sql = "INSERT INTO llm_notices \
        (workspace_id, kind, subject, project_id, facts, raised_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, kind, subject) DO NOTHING \
        RETURNING id";
    let values: [Value; 6] = [
        workspace_of(news).into(),
        news.notice.kind().word().into(),
        news.subject.clone().into(),
        news.project.map_or(0, |project| project.0).into(),
        as_facts(&news.notice)?.into(),
        now.into(),
    ];
    rows::value(tx, sql, values).await
}

/// One mail for each owner of the workspace, admin of the instance, or both.
async fn write_mails(
    tx: &DatabaseTransaction,
    news: &NewNotice,
    notice: i64,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let recipients = match news.workspace {
        // Admins look after the models.
        Some(_) if matches!(news.notice, Notice::ModelReplaced { .. }) => {
            "FROM users u WHERE (u.is_admin OR EXISTS (SELECT 1 FROM workspace_members m \
             WHERE m.user_id = u.id AND m.workspace_id = $3 AND m.role = 'owner'))"
        }
        Some(_) => {
            "FROM users u JOIN workspace_members m ON m.user_id = u.id \
             WHERE m.workspace_id = $3 AND m.role = 'owner'"
        }
        // Who owns a workspace that is told the same has it already.
        None => {
            "FROM users u WHERE u.is_admin AND $3 = 0 AND NOT EXISTS (SELECT 1 \
             FROM llm_notices n JOIN llm_notices o ON o.kind = n.kind AND o.facts = n.facts \
             JOIN workspace_members m ON m.workspace_id = o.workspace_id AND m.role = 'owner' \
             WHERE n.id = $1 AND m.user_id = u.id)"
        }
    };
    // Only to addresses that are known to be their user's.
    let sql = format!(
        "INSERT INTO llm_mails (notice_id, recipient, language, state, tries, next_try_at) \
         SELECT $1, u.email, u.language, 'waiting', 0, $2 {recipients} \
         AND u.confirmed_at IS NOT NULL AND u.disabled_at IS NULL ORDER BY u.id"
    );
    let values: [Value; 3] = [notice.into(), now.into(), workspace_of(news).into()];
    rows::execute(tx, sql, values).await?;
    Ok(())
}

record! {
    /// The project of a notice.
    struct ProjectOfNotice {
        /// 0: none.
        id: i64 = "n.project_id",
        name: Option<String> = "p.name",
    }
}

impl ProjectOfNotice {
    fn named(self) -> Option<(ProjectId, String)> {
        let name = self.name.unwrap_or_default();
        (self.id != 0).then_some((ProjectId(self.id), name))
    }
}

record! {
    struct StoredNotice {
        id: i64 = "n.id",
        raised_at: DateTime<Utc> = "n.raised_at",
        notice: Notice = "n.facts",
        is_muted: bool = IS_MUTED,
        project: ProjectOfNotice as "",
    }
}

record! {
    struct StoredMail {
        recipient: String = "m.recipient",
        language: String = "m.language",
        notice: Notice = "n.facts",
        project: ProjectOfNotice as "",
    }
}
