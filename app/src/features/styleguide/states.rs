//! What stands there when there is nothing, not yet, or something went wrong; and what is said in
//! passing.

use leptos::prelude::*;

use crate::api::error::{ApiError, ErrorCode};
use crate::texts::common;
use crate::ui::{
    Button, Empty, ErrorPanel, Look, Shape, Skeleton, Skeletons, Submission, UnsavedBar, toast,
};

/// All shapes of what is loaded.
const SHAPES: &[Shape] = &[
    Shape::Head,
    Shape::Strip,
    Shape::Sentence,
    Shape::Cards,
    Shape::Chart,
    Shape::Rows(8),
];

/// Nothing yet.
pub(super) fn empty() -> AnyView {
    view! {
        <Empty title="No questions yet" message="Add the questions that your customers ask.">
            <Button label="Add questions" look=Look::Primary on_press=|()| () />
            <Button label="Suggest questions" on_press=|()| () />
        </Empty>
    }
    .into_any()
}

/// Not yet.
pub(super) fn loading() -> AnyView {
    view! {
        <Skeletons shapes=SHAPES />
        <Skeleton lines=4 />
    }
    .into_any()
}

/// Something went wrong, and by whom it can be mended.
pub(super) fn errors() -> AnyView {
    let internal = ApiError {
        reference: Some("01JE2M7Q".to_owned()),
        ..ApiError::new(ErrorCode::Internal, "internal")
    };
    let network = ApiError::new(ErrorCode::Network, "network");
    let missing = ApiError::new(ErrorCode::NotFound, "This project does not exist.");
    view! {
        <ErrorPanel error=internal title="The answers could not be loaded" on_retry=|()| () />
        <ErrorPanel error=network by_hand=true on_retry=|()| () />
        <ErrorPanel error=missing on_retry=|()| () />
    }
    .into_any()
}

/// What is said in passing.
pub(super) fn toasts() -> AnyView {
    let failed = ApiError::new(ErrorCode::Conflict, "Lena saved changes at 14:02.");
    view! {
        <div class="row">
            <Button label="Say that it is saved" on_press=|()| toast::success(common::SAVED) />
            <Button
                label="Delete, with a way back"
                on_press=|()| {
                    toast::undo(
                        "Question deleted.".to_owned(),
                        || toast::message("It is back.".to_owned()),
                    );
                }
            />
            <Button label="Say that it failed" on_press=move |()| toast::error(&failed) />
        </div>
    }
    .into_any()
}

/// The bar of unsaved changes.
pub(super) fn unsaved() -> AnyView {
    let form = Submission::new();
    let changes = RwSignal::new(0_usize);
    view! {
        <div class="row">
            <Button label="Change something" on_press=move |()| changes.update(|count| *count += 1) />
        </div>
        <form on:submit=move |event| event.prevent_default()>
            <UnsavedBar
                dirty=Signal::derive(move || changes.get() > 0)
                form
                on_discard=move |()| changes.set(0)
                changes=Signal::from(changes)
            />
        </form>
    }
    .into_any()
}
