//! `/notices`: what people are told without having asked.

use app::api::notices::NoticesPort;
use app::model::ids::ProjectId;
use app::model::language::Language;
use app::model::notices::{NoticeKind, NoticeView};
use app::words::notices::words;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{Page, Params};
use super::reply::{Reply, Success, success};
use crate::services::Services;

/// A notice.
#[derive(Serialize, ToSchema)]
#[schema(as = Notice)]
struct NoticeText {
    id: i64,
    raised_at: DateTime<Utc>,
    kind: NoticeKind,
    /// The project that it is about.
    project_id: Option<ProjectId>,
    project_name: Option<String>,
    /// What it is about, in the caller's language.
    title: String,
    /// What happened, and what to do.
    message: String,
    /// Where that is done, on this host.
    link: String,
    /// Whether something does not work any more, not only soon.
    is_grave: bool,
}

impl NoticeText {
    fn of(language: Language, view: NoticeView) -> Self {
        let words = words(language, &view.notice, view.project.as_ref());
        let (project_id, project_name) = view.project.unzip();
        Self {
            id: view.id,
            raised_at: view.raised_at,
            kind: view.notice.kind(),
            project_id,
            project_name,
            title: words.title,
            message: words.message,
            link: words.link.0,
            is_grave: words.is_grave,
        }
    }
}

/// Notices of the workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeList {
    /// The newest first.
    notices: Vec<NoticeText>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// What people of this workspace were told; admins see the instance's notices too
#[utoipa::path(
    get,
    path = "/notices",
    operation_id = "list_notices",
    tag = "schedule",
    params(Page),
    responses((status = 200, description = "A page of the newest hundred and of those before them that need somebody, the newest first", body = Success<NoticeList>)),
)]
pub(super) async fn list(services: Services, params: Params<Page>) -> Reply<NoticeList> {
    let page = params.done()?;
    let all = services.notices().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    let language = services.language();
    Ok(success(NoticeList {
        notices: part
            .into_iter()
            .map(|view| NoticeText::of(language, view))
            .collect(),
        total,
        next_cursor,
    }))
}
