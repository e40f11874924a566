//! Views whose code is in a part of its own: loaded when they are first shown.
//!
//! Invariant: knows no part. Whoever shows one marks its border with `part!`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use super::async_view::{ErrorPanel, Skeleton};
use super::browser;
use super::remote::Remote;
use super::skeletons::{Shape, Skeletons};
use crate::api::error::{ApiError, ErrorCode};

/// The border of a part: `part! { menus: fn projects(of: Shown) { view! { … } } }` makes the function
/// that loads the part `menus`, for [`there`] and its like. What it makes of `of` is in that part.
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

/// Makes a view whose code has come.
type Make = Arc<dyn Fn() -> AnyView + Send + Sync>;
/// Loads the code of a view. What the view is made of is not in its type: all that waits for code
/// is compiled once, not once a view.
type Load = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Make, ApiError>>>> + Send + Sync>;

/// What stands in place of a view while its code is loaded.
#[derive(Clone, Copy)]
enum Meanwhile {
    Lines,
    Shapes(&'static [Shape]),
    Nothing,
}

/// The view of `args`, once `load` has brought its code; a skeleton until then.
pub fn there<A: Clone + 'static, F>(load: fn() -> F, args: A) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    shown(loader(load, args), Meanwhile::Lines)
}

/// The same with shapes until then, about as high as what comes: below it nothing moves.
pub fn there_shaped<A: Clone + 'static, F>(
    load: fn() -> F,
    args: A,
    shapes: &'static [Shape],
) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    shown(loader(load, args), Meanwhile::Shapes(shapes))
}

/// The same with nothing until then, for what has no place on the page: windows above it.
pub fn there_unseen<A: Clone + 'static, F>(load: fn() -> F, args: A) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    shown(loader(load, args), Meanwhile::Nothing)
}

/// A window that opens and closes by itself; its code is loaded when it is opened for the first
/// time.
pub fn there_once_open<A: Clone + 'static, F>(
    is_open: Signal<bool>,
    load: fn() -> F,
    args: A,
) -> AnyView
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    once_open(is_open, loader(load, args))
}

fn once_open(is_open: Signal<bool>, load: Load) -> AnyView {
    let was_open = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default() || is_open.get()
    });
    let view = move || {
        was_open
            .get()
            .then(|| shown(Arc::clone(&load), Meanwhile::Nothing))
    };
    view.into_any()
}

fn loader<A: Clone + 'static, F>(load: fn() -> F, args: A) -> Load
where
    F: Future<Output = Result<fn(A) -> AnyView, SplitLoaderError>> + 'static,
{
    let args = StoredValue::new_local(args);
    Arc::new(move || {
        Box::pin(async move {
            let code = load().await;
            code.map(|make| -> Make { Arc::new(move || make(args.get_value())) })
                .map_err(|_| ApiError::new(ErrorCode::Network, "network"))
        })
    })
}

fn shown(load: Load, meanwhile: Meanwhile) -> AnyView {
    let code = Remote::new(move || load());
    let view = move || match code.result() {
        None => match meanwhile {
            Meanwhile::Lines => view! { <Skeleton lines=6 /> }.into_any(),
            Meanwhile::Shapes(shapes) => view! { <Skeletons shapes /> }.into_any(),
            Meanwhile::Nothing => ().into_any(),
        },
        Some(Ok(make)) => make(),
        // A host that was updated meanwhile has other parts: the whole page is loaded again.
        Some(Err(error)) => {
            view! { <ErrorPanel error by_hand=true on_retry=|()| browser::reload() /> }.into_any()
        }
    };
    view.into_any()
}
