//! Pages for links of mails: our own, without scripts; they are never kept.

use app::model::language::Language;
use app::texts::{Text, common};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};

/// A page with a title and a body, which is HTML. `to_root` leads from the page's own address to
/// the root of the host, below whatever prefix that lies: `./` or `../`, as often as it takes.
pub(super) fn plain_page(
    language: Language,
    status: StatusCode,
    to_root: &str,
    title: Text,
    body: &str,
) -> Response {
    let title = title.get(language);
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <link rel=\"icon\" href=\"{to_root}favicon.svg\" type=\"image/svg+xml\">\
         <title>{title} · {}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>",
        language.code(),
        common::PARALLAX.get(language),
    );
    (status, [(CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

const STYLE: &str = ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
    main{max-width:34rem;margin:15vh auto 0;padding:0 1.25rem}h1{font-size:1.4rem}\
    button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}";
