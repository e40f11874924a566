//! Views whose code is in a part of its own: loaded when they are first shown.
//!
//! Invariant: knows no part. Whoever shows one marks its border with `part!`.

use std::future::Future;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use super::async_view::{ErrorPanel, Skeleton};
use super::browser;
use super::remote::Remote;
use crate::api::error::{ApiError, ErrorCode};

/// The border of a part: `part! { menus: fn projects(of: Shown) { view! { … } } }` makes the function
/// that loads the part `menus`, for [`there`]. What it makes of `of` is in that part.
macro_rules! part {
    ($(#[$about:meta])* $part:ident: $visible:vis fn $name:ident($of:tt: $Of:ty) $make:block) => {
        $(#[$about])*
        #[leptos::wasm_split::wasm_split(
            $part,
            wasm_split_path = leptos::wasm_split,
            fallible
        )]
        $visible fn $name() -> Result<fn($Of) -> leptos::prelude::AnyView, leptos::wasm_split::SplitLoaderError>
        {
            Ok(|$of: $Of| leptos::prelude::IntoAny::into_any($make))
        }
    };
}
pub(crate) use part;

/// The view of `args`, once `load` has brought its code; a skeleton until then.
pub fn there<A: Clone + 'static, F>(load: fn() -> F, args: A) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    shown(load, args, || view! { <Skeleton lines=6 /> }.into_any())
}

/// The same with nothing until then, for what has no place on the page: windows above it.
pub fn there_unseen<A: Clone + 'static, F>(load: fn() -> F, args: A) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    shown(load, args, || ().into_any())
}

fn shown<A: Clone + 'static, F>(load: fn() -> F, args: A, meanwhile: fn() -> AnyView) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    let args = StoredValue::new_local(args);
    let code = Remote::new(move || async move {
        load()
            .await
            .map_err(|_| ApiError::new(ErrorCode::Network, "network"))
    });
    let view = move || match code.result() {
        None => meanwhile(),
        Some(Ok(make)) => make(args.get_value()),
        // A host that was updated meanwhile has other parts: the whole page is loaded again.
        Some(Err(error)) => {
            view! { <ErrorPanel error by_hand=true on_retry=|()| browser::reload() /> }.into_any()
        }
    };
    view.into_any()
}
