//! The two links of the mail about a new model. A look at the page changes nothing, because mail
//! scanners follow links; its button does.

use app::model::language::Language;
use app::model::registry::{ModelView, Review};
use app::texts::{Text, registry};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

use crate::http::HttpState;
use crate::http::plain_page::plain_page;
use crate::http::problem::Problem;
use crate::http::rest::document::PREFIX;
use crate::markup::escaped;
use crate::services::registry::LinkView;
use crate::services::{ServiceError, Services};

/// The root of the host, seen from `{PREFIX}/models/…`.
const TO_ROOT: &str = "../../../";

/// The pages, which are for people and no part of REST.
pub(in crate::http) fn pages() -> Router<HttpState> {
    let path = |verdict: &str| format!("{PREFIX}/models/{verdict}");
    Router::new()
        .route(&path("approve"), get(ask_approve).post(approve))
        .route(&path("reject"), get(ask_reject).post(reject))
}

/// What an address or a form carries.
#[derive(Deserialize)]
struct Ticket {
    #[serde(default)]
    token: String,
}

/// `GET /models/approve?token=`
async fn ask_approve(services: Services, Query(ticket): Query<Ticket>) -> Response {
    ask(&services, &ticket, Review::Approved).await
}

/// `GET /models/reject?token=`
async fn ask_reject(services: Services, Query(ticket): Query<Ticket>) -> Response {
    ask(&services, &ticket, Review::Rejected).await
}

/// `POST /models/approve`
async fn approve(services: Services, Form(ticket): Form<Ticket>) -> Response {
    decide(&services, &ticket, Review::Approved).await
}

/// `POST /models/reject`
async fn reject(services: Services, Form(ticket): Form<Ticket>) -> Response {
    decide(&services, &ticket, Review::Rejected).await
}

async fn ask(services: &Services, ticket: &Ticket, verdict: Review) -> Response {
    let language = services.language();
    match services.look_at_link(&ticket.token, verdict).await {
        Ok(Some(link)) => page(language, StatusCode::OK, &question(language, ticket, &link)),
        Ok(None) => ended(language),
        Err(error) => failed(error, language),
    }
}

async fn decide(services: &Services, ticket: &Ticket, verdict: Review) -> Response {
    let language = services.language();
    match services.follow_link(&ticket.token, verdict).await {
        Ok(Some(link)) => {
            let text = match verdict {
                Review::Rejected => registry::LINK_REJECTED,
                _ => registry::LINK_APPROVED,
            };
            page(language, StatusCode::OK, &said(language, text, &link.model))
        }
        Ok(None) => ended(language),
        Err(ServiceError::Conflict(text)) => {
            let body = format!("<p>{}</p>{}", text.get(language), link_to_models(language));
            page(language, StatusCode::CONFLICT, &body)
        }
        Err(error) => failed(error, language),
    }
}

fn question(language: Language, ticket: &Ticket, link: &LinkView) -> String {
    let (text, button) = match link.verdict {
        Review::Rejected => (registry::LINK_ASKS_REJECT, registry::REJECT),
        _ => (registry::LINK_ASKS_APPROVE, registry::APPROVE),
    };
    let warning = if link.verdict == Review::Approved && link.model.price.is_none() {
        let text = app::texts::errors::APPROVAL_NEEDS_PRICE.get(language);
        format!("<p><strong>{text}</strong></p>")
    } else {
        String::new()
    };
    format!(
        "{}{warning}<form method=\"post\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
         <button type=\"submit\">{}</button></form>",
        said(language, text, &link.model),
        escaped(&ticket.token),
        button.get(language)
    )
}

fn said(language: Language, text: Text, model: &ModelView) -> String {
    let name = format!("{} ({})", model.display_name, model.model_id);
    let provider = model.provider.label();
    let text = text.fill(language, &[("name", &name), ("provider", &provider)]);
    format!("<p>{}</p>", escaped(&text))
}

fn ended(language: Language) -> Response {
    let text = registry::LINK_ENDED.get(language);
    let body = format!("<p>{text}</p>{}", link_to_models(language));
    page(language, StatusCode::NOT_FOUND, &body)
}

fn link_to_models(language: Language) -> String {
    let text = app::texts::nav::MODELS.get(language);
    format!("<p><a href=\"{TO_ROOT}admin/models\">{text}</a></p>")
}

fn failed(error: ServiceError, language: Language) -> Response {
    Problem(error.into_api_error(language)).into_response()
}

fn page(language: Language, status: StatusCode, body: &str) -> Response {
    plain_page(language, status, TO_ROOT, registry::LINK_TITLE, body)
}
