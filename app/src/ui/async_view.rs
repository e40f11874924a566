//! What stands on the screen while the host thinks, and when it fails.

use leptos::prelude::*;

use super::button::Button;
use super::icon::{Glyph, Icon};
use super::locale::t;
use super::remote::{Remote, explain};
use crate::api::error::{ApiError, ErrorCode};
use crate::texts::common;

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

/// An error in the place of content, with a button that tries again.
#[component]
pub fn ErrorPanel(
    /// What went wrong.
    error: ApiError,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let can_retry = !matches!(error.code, ErrorCode::NotFound | ErrorCode::Forbidden);
    view! {
        <div class="empty" role="alert">
            <span class="empty-mark is-danger">
                <Icon glyph=Glyph::Warning />
            </span>
            <p>{explain(&error)}</p>
            {can_retry
                .then(|| {
                    view! {
                        <div class="empty-actions">
                            <Button label=common::TRY_AGAIN glyph=Glyph::Refresh on_press=on_retry />
                        </div>
                    }
                })}
        </div>
    }
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
