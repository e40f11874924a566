//! The page behind the link that confirms an address. A look at it changes nothing, because mail
//! scanners follow links; its button does.

use app::model::language::Language;
use app::texts::{Text, letters};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

use super::HttpState;
use super::plain_page::plain_page;
use super::problem::Problem;
use crate::markup::escaped;
use crate::services::{ServiceError, Services};

const PATH: &str = "/confirm-address";
/// The root of the host, seen from there.
const TO_ROOT: &str = "./";

/// The page, which is for people and no part of REST.
pub(super) fn pages() -> Router<HttpState> {
    Router::new().route(PATH, get(ask).post(confirm))
}

/// What an address or a form carries.
#[derive(Deserialize)]
struct Ticket {
    #[serde(default)]
    token: String,
}

async fn ask(services: Services, Query(ticket): Query<Ticket>) -> Response {
    let language = services.language();
    match services.look_at_confirmation(&ticket.token).await {
        Ok(Some(email)) => {
            let body = format!(
                "<p>{}</p><form method=\"post\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
                 <button type=\"submit\">{}</button></form>",
                escaped(&letters::CONFIRM_ASK.fill(language, &[("email", &email)])),
                escaped(&ticket.token),
                letters::CONFIRM_BUTTON.get(language),
            );
            plain_page(language, StatusCode::OK, TO_ROOT, letters::CONFIRM, &body)
        }
        Ok(None) => ended(language),
        Err(error) => failed(error, language),
    }
}

async fn confirm(services: Services, Form(ticket): Form<Ticket>) -> Response {
    let language = services.language();
    match services.follow_confirmation(&ticket.token).await {
        Ok(true) => said(
            language,
            StatusCode::OK,
            letters::CONFIRMED_TITLE,
            letters::CONFIRMED,
        ),
        Ok(false) => ended(language),
        Err(error) => failed(error, language),
    }
}

fn ended(language: Language) -> Response {
    said(
        language,
        StatusCode::NOT_FOUND,
        letters::CONFIRM_ENDED_TITLE,
        letters::CONFIRM_ENDED,
    )
}

fn said(language: Language, status: StatusCode, title: Text, text: Text) -> Response {
    let body = format!(
        "<p>{}</p><p><a href=\"{TO_ROOT}\">{}</a></p>",
        text.get(language),
        letters::TO_APP.get(language),
    );
    plain_page(language, status, TO_ROOT, title, &body)
}

fn failed(error: ServiceError, language: Language) -> Response {
    Problem(error.into_api_error(language)).into_response()
}
