//! What stands on the screen while the host thinks, and when it fails.

use leptos::prelude::*;

use super::button::{Button, LinkButton};
use super::icon::{Glyph, Icon};
use super::locale::{Words, t};
use super::recovery;
use super::remote::{Remote, explain};
use super::skeletons::{Shape, Skeletons};
use crate::api::error::{ApiError, ErrorCode};
use crate::texts::{Text, common, kit};

/// Grey lines where content will be.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{t(common::LOADING)}</span>
            {(0..lines).map(|_| view! { <i aria-hidden="true"></i> }).collect_view()}
        </div>
    }
}

/// A page of several cards, once what all of them show has come or failed: one that came later than
/// those above it would move them under the reader's eyes.
#[component]
pub fn Together(
    /// Whether all of it is there.
    #[prop(into)]
    is_there: Signal<bool>,
    /// The shapes until then.
    shapes: &'static [Shape],
    /// The cards.
    children: ChildrenFn,
) -> impl IntoView {
    // What is loaded anew later has its place.
    let was_there = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default() || is_there.get()
    });
    let children = StoredValue::new(children);
    let view = move || {
        if was_there.get() {
            children.with_value(|children| children().into_any())
        } else {
            view! { <Skeletons shapes /> }.into_any()
        }
    };
    view.into_any()
}

/// An error in the place of content: what failed, what to do, and a button that tries again.
/// Where the host did not answer, it tries again by itself once the host does; of several such
/// places on a page the first says so, and the others wait in the shape of what comes.
#[component]
pub fn ErrorPanel(
    /// What went wrong.
    error: ApiError,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// What failed, where that can be named.
    #[prop(optional, into)]
    title: Option<Words>,
    /// Leaves it to people to try again: what a host that answers does not mend.
    #[prop(optional)]
    by_hand: bool,
) -> impl IntoView {
    let title = title.unwrap_or_else(|| title_of(error.code).into());
    let is_of_the_line = matches!(error.code, ErrorCode::Network | ErrorCode::Unavailable);
    if by_hand || !is_of_the_line {
        return panel(&error, title, on_retry);
    }
    let is_first = recovery::wait(on_retry);
    let error = StoredValue::new(error);
    let view = move || {
        if is_first.get() {
            error.with_value(|error| panel(error, title, on_retry))
        } else {
            view! { <Skeleton lines=3 /> }.into_any()
        }
    };
    view.into_any()
}

const fn title_of(code: ErrorCode) -> Text {
    match code {
        ErrorCode::Network | ErrorCode::Unavailable => kit::NO_CONNECTION,
        ErrorCode::NotFound => common::NOT_FOUND_TITLE,
        ErrorCode::Forbidden => kit::NOT_ALLOWED,
        _ => kit::NOT_LOADED,
    }
}

fn panel(error: &ApiError, title: Words, on_retry: Callback<()>) -> AnyView {
    let is_final = matches!(error.code, ErrorCode::NotFound | ErrorCode::Forbidden);
    let way_out = if is_final {
        view! { <LinkButton label=common::NOT_FOUND_BACK href="/".to_owned() /> }.into_any()
    } else {
        view! { <Button label=common::TRY_AGAIN glyph=Glyph::Refresh on_press=on_retry /> }
            .into_any()
    };
    let reference = error.reference.clone().map(|reference| {
        view! {
            <details class="error-reference">
                <summary>{t(common::DETAILS)}</summary>
                <p>{t(kit::REFERENCE)} " " <code>{reference}</code></p>
            </details>
        }
    });
    view! {
        <div class="empty" role="alert">
            <span class="empty-mark is-danger">
                <Icon glyph=Glyph::Warning />
            </span>
            <h2>{move || title.get()}</h2>
            <p>{explain(error)}</p>
            <div class="empty-actions">{way_out}</div>
            {reference}
        </div>
    }
    .into_any()
}

/// A value of the host: skeleton, error, or content. The content is made again only when the
/// value differs from the one on the screen.
#[component]
pub fn AsyncView<T, F>(
    /// The value.
    remote: Remote<T>,
    /// Lines of the skeleton.
    #[prop(default = 4)]
    lines: usize,
    /// Makes the content.
    children: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Send + Sync + 'static,
{
    let result = Memo::new(move |_| remote.result());
    move || match result.get() {
        None => view! { <Skeleton lines /> }.into_any(),
        Some(Ok(value)) => children(value),
        Some(Err(error)) => {
            view! { <ErrorPanel error on_retry=move |()| remote.reload() /> }.into_any()
        }
    }
}
