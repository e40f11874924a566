//! The code of the pages, in parts that are loaded when one of their pages is first shown.

use std::future::Future;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::api::error::{ApiError, ErrorCode};
use crate::features::accounts::page::{AccountPage, InstancePage};
use crate::features::dashboard::ProjectPage;
use crate::features::home::HomePage;
use crate::features::keys::page::KeysPage;
use crate::features::notices::page::NoticesPage;
use crate::features::projects::page::{EditProjectPage, NewProjectPage};
use crate::features::registry::page::ModelsPage;
use crate::features::schedule::job::JobPage;
use crate::features::schedule::page::SchedulePage;
use crate::ui::{ErrorPanel, Remote, Skeleton, browser};

/// Makes a page.
type Make = fn() -> AnyView;

/// Each page with the part that holds its code.
macro_rules! pages {
    ($($part:ident: $name:ident, $Page:ident;)*) => {$(
        #[wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
        fn $name() -> Result<Make, SplitLoaderError> {
            Ok(|| view! { <$Page /> }.into_any())
        }

        #[doc = concat!("[`", stringify!($Page), "`], once its code is there.")]
        pub mod $name {
            /// The page; a skeleton until its code is there.
            pub fn page() -> leptos::prelude::AnyView {
                super::once_there(super::$name)
            }
        }
    )*};
}

pages! {
    reports: home, HomePage;
    reports: project, ProjectPage;
    settings: new_project, NewProjectPage;
    settings: edit_project, EditProjectPage;
    settings: keys, KeysPage;
    settings: schedule, SchedulePage;
    settings: job, JobPage;
    settings: notices, NoticesPage;
    settings: account, AccountPage;
    // Few come here: its members are admins.
    registry: models, ModelsPage;
    settings: instance, InstancePage;
}

/// A page, once `load` has brought its code.
fn once_there<F>(load: fn() -> F) -> AnyView
where
    F: Future<Output = Result<Make, SplitLoaderError>> + 'static,
{
    let code = Remote::new(move || async move {
        load()
            .await
            .map_err(|_| ApiError::new(ErrorCode::Network, "network"))
    });
    let view = move || match code.result() {
        None => view! { <Skeleton lines=6 /> }.into_any(),
        Some(Ok(make)) => make(),
        // A host that was updated meanwhile has other parts: the whole page is loaded again.
        Some(Err(error)) => {
            view! { <ErrorPanel error on_retry=|()| browser::reload() /> }.into_any()
        }
    };
    view.into_any()
}
