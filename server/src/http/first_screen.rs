//! The pages of who is signed in: what their client would ask for first stands in what the host sends,
//! who is there and, on the overview of a project, its first screen. Its sentence is there to be read
//! before the client is.
//!
//! Invariant: nobody is sent anything here that the same caller is not told by the calls themselves,
//! and it is kept nowhere. Where it would take long, the page comes without it.

use std::sync::Arc;
use std::time::Duration;

use app::api::accounts::{AccountsPort, SessionCall};
use app::api::dashboard::{AnswerDaysCall, DashboardPort};
use app::api::overview::{OverviewCall, OverviewPort};
use app::api::projects::ProjectsPort;
use app::model::account::SessionView;
use app::model::ids::{ProjectId, WorkspaceId};
use app::model::language::Language;
use app::model::overview::{Overview, Span};
use app::page_query::{PageQuery, Tab, project_and_word};
use app::period::{Chosen, Preset};
use app::texts::common;
use app::words::moved;
use app::words::sentence::{PieceKind, rests_on, sentence};
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use leptos::server_fn::ServerFn;

use super::assets;
use super::at_work::AtWork;
use super::front::Front;
use super::limits::RateLimits;
use super::page::{Page, Reply};
use super::replies::ReplyRoom;
use super::sign_in_page::MARK;
use crate::auth::Via;
use crate::markup::escaped;
use crate::services::Services;

/// For so long a page waits for its first screen. What takes longer goes on: it is there when the
/// client asks for it.
const MOST: Duration = Duration::from_millis(100);
/// It is for one person, and of this moment.
const NEVER_KEPT: &str = "private, no-store";
/// What the client shows in the place of the sentence: then the early one goes.
const UNTIL: &str = "#content .headline, #content [role=alert]";
/// Old addresses have a page of a project here: the client leads on from them.
const FORMER_TAB: &str = "tab";

/// The first thing in what is shown early. Its hash stands in the policy of every reply
/// (`security.rs`). What an address leaves open is as the browser remembers it, which the host cannot
/// know: a sentence of other days is not shown.
pub(super) const SCRIPT: &str = r#"
{
  const early = document.currentScript.parentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(`parallax.${name}`);
    } catch {
      return null;
    }
  };
  const theme = kept("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  early.classList.toggle("is-folded", kept("side-bar") === "folded");
  const isOther = (name) => name in early.dataset && (kept(name) ?? early.dataset[name]) !== early.dataset[name];
  early.classList.toggle("is-other", isOther("period") || isOther("compare"));
}
"#;

/// Sends a file of the client, or a page; to who is signed in with what comes first on it.
pub(super) async fn serve(
    services: Services,
    State(front): State<Arc<Front>>,
    State(limits): State<Arc<RateLimits>>,
    State(at_work): State<Arc<AtWork>>,
    State(room): State<Arc<ReplyRoom>>,
    request: Request,
) -> Response {
    if assets::opens_page(&request) && is_to_have_it(&services, &limits) {
        let uri = request.uri().clone();
        if let Some(page) = page_for(&services, &front, at_work, &uri).await {
            let reply = ([(CACHE_CONTROL, NEVER_KEPT)], Html(page)).into_response();
            if let Some(held) = room.hold_reply(&services, reply) {
                return held;
            }
        }
    }
    assets::serve(State(front), request).await
}

/// Whether somebody is signed in at a browser, and has not called too often.
fn is_to_have_it(services: &Services, limits: &RateLimits) -> bool {
    services.caller().is_ok_and(|caller| {
        matches!(caller.via, Via::Session(_)) && limits.has_page_left(caller.user.id)
    })
}

async fn page_for(
    services: &Services,
    front: &Front,
    at_work: Arc<AtWork>,
    uri: &Uri,
) -> Option<String> {
    let language = services.language();
    let page = Page::below(front.address.prefix())?;
    let workspace = services.caller().ok()?.workspace.id;
    let session = services.session().await.ok()?;
    let page = page.fetching_for(uri.path()).spoken(language);
    let who = Reply::to(SessionCall::PATH, &SessionCall {}, &session)?;
    let Some(screen) = first_screen(services, at_work, workspace, &session, uri).await else {
        return Some(page.bringing(&[who]).into_text());
    };
    let shown = page.showing(&early(language, &screen))?;
    let mut replies = screen.replies;
    replies.push(who);
    Some(shown.bringing(&replies).into_text())
}

/// The first screen of a project, as the client will ask for it, if its browser remembers no other
/// period.
struct FirstScreen {
    query: PageQuery,
    overview: Overview,
    replies: Vec<Reply>,
}

async fn first_screen(
    services: &Services,
    at_work: Arc<AtWork>,
    workspace: WorkspaceId,
    session: &SessionView,
    uri: &Uri,
) -> Option<FirstScreen> {
    let (project, query) = asked_by(uri)?;
    let (services, today) = (services.clone(), session.today);
    let work = tokio::spawn(async move {
        let _place = at_work.place(workspace).await?;
        let mut replies = Vec::new();
        let chosen = query.period_or(None);
        let mut first = None;
        if chosen == Chosen::from(Preset::All) {
            let days = services.answer_days(project).await.ok()?;
            let call = AnswerDaysCall {
                project_id: project,
            };
            replies.push(Reply::to(AnswerDaysCall::PATH, &call, &days)?);
            first = days.first().copied();
        }
        let asked = query.dashboard_query(project, chosen.period(today, first));
        let mut overview = services.overview(asked.clone()).await.ok()?;
        overview.frame = Some(services.project_frame(project).await.ok()?);
        let call = OverviewCall {
            query: asked,
            with_frame: true,
        };
        replies.push(Reply::to(OverviewCall::PATH, &call, &overview)?);
        Some(FirstScreen {
            query,
            overview,
            replies,
        })
    });
    tokio::time::timeout(MOST, work).await.ok()?.ok()?
}

/// The project whose overview an address names, and how it is set.
fn asked_by(uri: &Uri) -> Option<(ProjectId, PageQuery)> {
    let (project, word) = project_and_word(uri.path())?;
    let search = uri.query().unwrap_or_default();
    let values: Vec<(String, String)> = url::form_urlencoded::parse(search.as_bytes())
        .into_owned()
        .collect();
    let value_of = |name: &str| {
        let found = values.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    if value_of(FORMER_TAB).is_some() {
        return None;
    }
    let query = PageQuery::read_at(word, value_of)?;
    (query.tab == Tab::Overview).then_some((project, query))
}

/// What is shown before the client is there: the frame, and the sentence where the client puts it.
/// The client removes it when its own stands there (`app/src/frame/early_card.rs`).
fn early(language: Language, screen: &FirstScreen) -> String {
    let FirstScreen {
        query, overview, ..
    } = screen;
    let headline = &overview.headline;
    let period = Span {
        from: overview.dashboard.from,
        to: overview.dashboard.to,
    };
    let pieces: Vec<String> = sentence(language, headline, period)
        .iter()
        .map(|piece| {
            let text = escaped(&piece.text);
            match piece.kind {
                PieceKind::Plain | PieceKind::Entity(_) => text,
                PieceKind::Strong => format!("<strong>{text}</strong>"),
                PieceKind::Better => format!("<span class=\"is-better\">{text}</span>"),
                PieceKind::Worse => format!("<span class=\"is-worse\">{text}</span>"),
            }
        })
        .collect();
    // In one block with the sentence: what the client paints afterwards is not larger.
    let rests = if headline.answers > 0 {
        let rests = rests_on(language, headline).join(" · ");
        format!("<br><small>{}</small>", escaped(&rests))
    } else {
        String::new()
    };
    let is_said = headline.answers > 0 && !headline.is_too_early();
    let lines = match overview.moves.len() {
        0 => usize::from(moved::nothing(language, headline, period).is_some()),
        lines => lines,
    };
    let moves = if is_said && lines > 0 {
        format!("<div class=\"early-moves\" style=\"--lines:{lines}\"></div>")
    } else {
        String::new()
    };
    format!(
        "<div id=\"early\" class=\"early\" data-until=\"{UNTIL}\"{}><script>{SCRIPT}</script>\
         <div class=\"early-side\" aria-hidden=\"true\"><p class=\"brand\">{MARK}<span class=\"side-text\">{}</span></p></div>\
         <div class=\"early-page\"><div class=\"early-head\"></div>\
         <div class=\"early-headline\"><p class=\"early-says\">{}{rests}</p>{moves}</div>{SHAPES}\
         </div></div>",
        left_open(query),
        escaped(common::PARALLAX.get(language)),
        pieces.concat(),
    )
}

/// What the address leaves to the memory of the browser, with what holds where it has none.
fn left_open(query: &PageQuery) -> String {
    let period = match query.period {
        Some(_) => String::new(),
        None => format!(" data-period=\"{}\"", query.period_or(None).to_word()),
    };
    let compare = match query.compare {
        Some(_) => String::new(),
        None => format!(" data-compare=\"{}\"", query.compare_or(None).word()),
    };
    period + &compare
}

/// What stands below the sentence until it comes, as `ui/skeletons.rs` draws it.
const SHAPES: &str = "<div class=\"shapes\" aria-hidden=\"true\">\
    <div class=\"shape is-cards\"><i></i><i></i><i></i><i></i></div>\
    <div class=\"shape is-chart\"><i></i></div></div>";

#[cfg(test)]
mod tests {
    use app::model::dashboard::ComparedWith;
    use app::model::ids::ModelId;

    use super::*;

    fn asked(address: &str) -> Option<(i64, PageQuery)> {
        let uri: Uri = address.parse().expect("an address");
        asked_by(&uri).map(|(project, query)| (project.0, query))
    }

    #[test]
    fn only_the_overview_of_a_project_has_a_first_screen() {
        for address in ["/projects/7", "/projects/7/", "/projects/7?period=all"] {
            assert_eq!(
                asked(address).map(|(project, _)| project),
                Some(7),
                "{address}"
            );
        }
        for address in [
            "/",
            "/projects/new",
            "/projects/7/answers",
            "/projects/7/elsewhere",
            "/projects/7?tab=answers",
        ] {
            assert_eq!(asked(address), None, "{address}");
        }
        let (_, query) = asked("/projects/7?topics=a+b%26c,d&models=3,1").expect("an overview");
        assert_eq!(query.models, [ModelId(1), ModelId(3)]);
        assert_eq!(query.topics, ["a b&c", "d"]);
    }

    #[test]
    fn what_an_address_leaves_open_is_told_to_the_page() {
        let open = PageQuery::default();
        assert_eq!(
            left_open(&open),
            " data-period=\"30\" data-compare=\"before\""
        );
        let set = PageQuery {
            period: Some(Preset::All.into()),
            compare: Some(ComparedWith::Nothing),
            ..PageQuery::default()
        };
        assert_eq!(left_open(&set), "");
    }

    #[test]
    fn the_script_ends_where_it_ends() {
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
