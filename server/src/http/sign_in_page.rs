//! The page at `/sign-in`: its card stands in what the host sends, so that it is read and filled in
//! while the client is still on its way. The client puts its own in the same place and takes over
//! what was typed (`app/src/frame/early_card.rs`).
//!
//! Invariant: has nothing of the request in it but the language and who may sign up.

use std::sync::Arc;

use app::model::account::SignUpPolicy;
use app::model::language::Language;
use app::texts::{Text, accounts, common, nav};
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use super::front::Front;
use super::page::Page;
use crate::markup::escaped;
use crate::services::Services;

/// Where it is, which the router says.
pub(super) const PATH: &str = "/sign-in";

/// The first thing in the card. Its hash stands in the policy of every reply (`security.rs`).
///
/// A form that is sent early waits, as the client's own waits for the host, until that is there; what
/// is typed afterwards takes it back.
pub(super) const SCRIPT: &str = r#"
{
  const early = document.currentScript.parentElement;
  try {
    const theme = localStorage.getItem("parallax.theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {}
  const wait = (form, isSent) => {
    const button = form.querySelector("button");
    form.toggleAttribute("data-sent", isSent);
    button.classList.toggle("is-pending", isSent);
    if (isSent) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  };
  early.addEventListener("submit", (event) => {
    event.preventDefault();
    wait(event.target, true);
  });
  early.addEventListener("input", (event) => wait(event.target.form, false));
}
"#;

/// Sends the page with the card to those who can use it. The others get the page as every address
/// has it: who is signed in is led on, and on a host without accounts the first one is made.
pub(super) async fn show(
    services: Services,
    State(front): State<Arc<Front>>,
    request: Request,
) -> Response {
    match page_for(&services, &front).await {
        Some(page) => Html(page).into_response(),
        None => assets::serve(State(front), request).await,
    }
}

async fn page_for(services: &Services, front: &Front) -> Option<String> {
    if services.caller().is_ok() {
        return None;
    }
    // Where the database does not answer, the client says so.
    let policy = services.sign_up_policy().await.ok()?;
    if policy.is_first() {
        return None;
    }
    let page = Page::below(front.address.prefix())?;
    with_card(page, services.language(), policy).map(Page::into_text)
}

/// The page with the card in the place of its skeleton; `None` where it has none.
fn with_card(page: Page, language: Language, policy: SignUpPolicy) -> Option<Page> {
    page.spoken(language)
        .titled(accounts::SIGN_IN.get(language))
        .showing(&card(language, policy))
}

fn said(text: Text, language: Language) -> String {
    escaped(text.get(language))
}

/// The same elements as those of `features/accounts/entrance.rs`, with the same classes, so that
/// nothing moves; a test in the browser compares them. A form of the method `dialog` outside of a
/// dialog leads nowhere, whether or not the script runs: no password comes into an address.
fn card(language: Language, policy: SignUpPolicy) -> String {
    let say = |text| said(text, language);
    let other = if policy == SignUpPolicy::Open {
        format!(
            "<p class=\"door-other\">{} <a href=\"sign-up\">{}</a></p>",
            say(accounts::NO_ACCOUNT_YET),
            say(accounts::SIGN_UP),
        )
    } else {
        String::new()
    };
    format!(
        "<div id=\"early\" class=\"guest\"><script>{SCRIPT}</script>\
         <main><div class=\"door\"><p class=\"door-brand\">{MARK}{}</p><div class=\"card\">\
         <header class=\"door-head\"><h1>{}</h1><p class=\"page-lead\">{}</p></header>\
         <form class=\"form\" method=\"dialog\" novalidate>{}{}\
         <button type=\"submit\" class=\"button is-primary\"><span>{}</span></button></form>{other}\
         </div></div></main>{}</div>",
        say(common::PARALLAX),
        say(accounts::SIGN_IN),
        say(accounts::SIGN_IN_LEAD),
        field("email", "username", &say(accounts::EMAIL)),
        field("password", "current-password", &say(accounts::PASSWORD)),
        say(accounts::SIGN_IN),
        foot(language),
    )
}

/// `name` is the input's type as well.
fn field(name: &str, autocomplete: &str, label: &str) -> String {
    format!(
        "<div class=\"field\"><label for=\"early-{name}\">{label}</label>\
         <input id=\"early-{name}\" class=\"input\" type=\"{name}\" name=\"{name}\" \
         autocomplete=\"{autocomplete}\" autocapitalize=\"none\" required></div>"
    )
}

/// The place of the choices below the card (`frame/preferences.rs`), which do nothing yet and are
/// not seen; as large as they will be, in one row or two, so that the card stays where it is.
fn foot(language: Language) -> String {
    let names = Language::ALL.map(|one| format!("<option>{}</option>", one.name()));
    let themes = [nav::THEME_SYSTEM, nav::THEME_LIGHT, nav::THEME_DARK].map(|theme| {
        format!(
            "<span class=\"segment\">{ICON}<span>{}</span></span>",
            said(theme, language)
        )
    });
    format!(
        "<footer class=\"guest-foot\" style=\"visibility:hidden\"><div class=\"preferences\">\
         <div class=\"preference\">{ICON}<select class=\"input\">{}</select></div>\
         <fieldset class=\"segments\">{}</fieldset></div></footer>",
        names.concat(),
        themes.concat(),
    )
}

const ICON: &str = "<svg class=\"icon\"></svg>";
/// As `ui/icon.rs` draws it: the framework puts a group around each part of it that does not change.
pub(super) const MARK: &str = "<svg class=\"mark\" viewBox=\"0 0 32 32\" aria-hidden=\"true\" focusable=\"false\">\
    <g><g class=\"mark-line\" fill=\"none\" stroke-width=\"2.5\" stroke-linecap=\"round\">\
    <path d=\"M4 28 16 9 28 28\"/><path d=\"M10 28h12\" opacity=\".5\"/></g></g>\
    <g><circle class=\"mark-star\" cx=\"16\" cy=\"7\" r=\"4.5\"/></g></svg>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_takes_the_place_of_the_skeleton_and_nothing_else() {
        let source = include_str!("../../../frontend/index.html");
        let page = with_card(
            Page::of(source),
            Language::Spanish,
            SignUpPolicy::InvitationOnly,
        );
        let page = page.expect("a page").into_text();
        assert!(page.starts_with("<!doctype html>\n<html lang=\"es\">"));
        assert!(page.contains("<title>Iniciar sesión · Parallax</title>"));
        assert!(!page.contains("<div id=\"skeleton\""));
        for mark in [
            "<div id=\"early\"",
            "<main>",
            "<h1>",
            "<div id=\"not-loaded\"",
            "<noscript>",
        ] {
            assert_eq!(page.matches(mark).count(), 1, "{mark}");
        }
        for tag in [
            "div", "p", "span", "fieldset", "footer", "main", "form", "svg",
        ] {
            let begun = page.matches(&format!("<{tag}>")).count()
                + page.matches(&format!("<{tag} ")).count();
            assert_eq!(begun, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        let other = Page::of("<p>another page</p>");
        assert_eq!(
            with_card(other, Language::English, SignUpPolicy::Open),
            None
        );
    }

    #[test]
    fn only_where_anybody_may_sign_up_a_link_says_so() {
        for language in Language::ALL {
            let open = card(language, SignUpPolicy::Open);
            assert!(open.contains("<a href=\"sign-up\">"), "{open}");
            let closed = card(language, SignUpPolicy::InvitationOnly);
            assert!(!closed.contains("<a "), "{closed}");
        }
    }

    #[test]
    fn the_form_leads_nowhere() {
        let card = card(Language::English, SignUpPolicy::Open);
        assert!(card.contains("method=\"dialog\""), "{card}");
        assert!(!card.contains("action="), "{card}");
        // It would end the script before its time.
        assert!(!SCRIPT.contains("</"), "{SCRIPT}");
    }
}
