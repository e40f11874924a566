//! The saved views of a page: kept by the host, opened by the address. A page that is opened
//! without anything in its address begins with the view that its reader has made the default.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::model::account::Role;
use crate::model::ids::{ProjectId, SavedViewId};
use crate::model::views::{SavedView, SavedViewDraft, ViewPlace};
use crate::tables::views::{is_plain, opened};
use crate::texts::{common, kit};
use crate::ui::locale::fill_now;
use crate::ui::part::{part, there_unseen};
use crate::ui::popover::close_open;
use crate::ui::views_menu::{TableViews, ViewWish, ViewsMenu};
use crate::ui::{Remote, Submission, session, toast};

/// A page that has views.
#[derive(Clone, Copy, Debug)]
pub struct ViewedPage {
    /// The page.
    pub place: ViewPlace,
    /// The project, where the page is a project's.
    pub project_id: Option<ProjectId>,
    /// What stands behind the question mark of its address, as far as views are concerned.
    pub now: Signal<String>,
    /// Names in it that a view may leave as they are.
    pub loose: &'static [&'static str],
    /// Whether the address names something that the default view must not close.
    pub is_held: Signal<bool>,
}

/// The views of a page, and where they are changed.
#[derive(Clone, Copy)]
struct Kept {
    page: ViewedPage,
    list: Remote<Vec<SavedView>>,
    opened: RwSignal<Option<SavedViewId>>,
    form: Submission,
    /// Goes to an address; whether in the place of the one that is shown.
    go: Callback<(String, bool)>,
}

/// The menu of the views of a page, by its path. Its code is a part of its own, which comes after the
/// page; its place is kept until then.
pub fn saved_views(page: ViewedPage, path: String) -> AnyView {
    view! { <div class="views-place">{there_unseen(views_menu, (page, path))}</div> }.into_any()
}

part! {
    views: fn views_menu((page, path): (ViewedPage, String)) {
        menu(page, path)
    }
}

fn menu(page: ViewedPage, path: String) -> AnyView {
    let navigate = use_navigate();
    let go = Callback::new(move |(address, replace): (String, bool)| {
        let sign = if address.is_empty() { "" } else { "?" };
        navigate(
            &[path.as_str(), sign, address.as_str()].concat(),
            NavigateOptions {
                replace,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    });
    let kept = Kept {
        page,
        list: Remote::new(move || api::views::saved_views(page.place, page.project_id)),
        opened: RwSignal::new(None),
        form: Submission::new(),
        go,
    };
    begin_with_default(kept);
    let views = TableViews {
        views: Signal::derive(move || kept.list.value().unwrap_or_default()),
        now: page.now,
        loose: page.loose,
        columns: None,
        opened: kept.opened,
        may_share: Signal::derive(|| session::may(Role::Editor)),
        form: kept.form,
        on_wish: Callback::new(move |wish| carry_out(kept, wish)),
    };
    view! { <ViewsMenu views /> }.into_any()
}

/// Shows the default view once the views are known, where the page was opened without anything in
/// its address. Only then: whoever clears the address later wants it clear.
fn begin_with_default(kept: Kept) {
    let has_begun = StoredValue::new(false);
    let page = kept.page;
    Effect::new(move |_| {
        let Some(views) = kept.list.value() else {
            return;
        };
        if has_begun.get_value() {
            return;
        }
        has_begun.set_value(true);
        let now = page.now.get_untracked();
        if !is_plain(&now, page.loose) || page.is_held.get_untracked() {
            return;
        }
        if let Some(view) = views.iter().find(|view| view.is_default) {
            kept.opened.set(Some(view.id));
            let to = opened(&view.setting.address, &now, page.loose);
            if to != now {
                kept.go.run((to, true));
            }
        }
    });
}

fn carry_out(kept: Kept, wish: ViewWish) {
    match wish {
        ViewWish::Open(address) => kept.go.run((address, false)),
        ViewWish::Save(name, setting) => {
            let draft = SavedViewDraft {
                place: kept.page.place,
                project_id: kept.page.project_id,
                name,
                setting,
                is_shared: false,
                is_default: false,
            };
            kept.form.run(api::views::save_view(draft), move |saved| {
                kept.opened.set(Some(saved.id));
                close_open();
                toast::success(common::SAVED);
                kept.list.reload();
            });
        }
        ViewWish::Change(id, change) => spawn_local(async move {
            match api::views::change_view(id, change).await {
                Ok(_) => toast::success(common::SAVED),
                Err(error) => toast::error(&error),
            }
            kept.list.reload();
        }),
        ViewWish::Remove(view) => spawn_local(remove(kept, view)),
    }
}

async fn remove(kept: Kept, view: SavedView) {
    let removed = api::views::remove_view(view.id).await;
    kept.list.reload();
    if let Err(error) = removed {
        toast::error(&error);
        return;
    }
    let message = fill_now(kit::VIEW_DELETED, &[("name", &view.name)]);
    if !view.is_own {
        // Saved again, it would be another person's.
        toast::message(message);
        return;
    }
    let draft = SavedViewDraft {
        place: kept.page.place,
        project_id: kept.page.project_id,
        name: view.name,
        setting: view.setting,
        is_shared: view.is_shared,
        is_default: view.is_default,
    };
    let list = kept.list;
    toast::undo(message, move || {
        let draft = draft.clone();
        spawn_local(async move {
            if let Err(error) = api::views::save_view(draft).await {
                toast::error(&error);
            }
            list.reload();
        });
    });
}
