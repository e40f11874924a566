//! What else can be done with a project: a menu at the end of its head.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::address::at;
use crate::api;
use crate::features::answers::state::export_address;
use crate::frame::query::{PageQuery, Tab};
use crate::frame::scope::Scope;
use crate::frame::{activity, chosen_project, share};
use crate::model::account::Role;
use crate::texts::{Text, home, nav, palette};
use crate::ui::{Glyph, Icon, session, t, toast};

/// What the menu holds.
#[component]
pub(super) fn MoreMenu(scope: Scope) -> impl IntoView {
    let project = Memo::new(move |_| {
        let record = scope.project.value()?.record;
        Some((record.is_demo, record.is_active))
    });
    // The form of the settings has a switch of its own.
    let is_free = Memo::new(move |_| scope.query.with(|query| query.tab != Tab::Settings));
    let may_change = Memo::new(|_| session::may(Role::Editor));
    view! {
        <button
            type="button"
            class="menu-item share-item"
            data-close=""
            on:click=move |_| share::copy_link(scope)
        >
            <Icon glyph=Glyph::Link />
            {t(palette::COPY_LINK)}
        </button>
        {download(scope, nav::ANSWERS_CSV, "csv")}
        {download(scope, nav::ANSWERS_JSON_LINES, "jsonl")}
        {move || match project.get().filter(|_| may_change.get())? {
            (true, _) => Some(remove_demo(scope)),
            (false, is_active) => is_free.get().then(|| pause(scope, is_active)),
        }}
    }
}

/// The answers of the shown period, models and topics; on their own page, as they are filtered there.
fn download(scope: Scope, label: Text, format: &'static str) -> AnyView {
    let address = move || {
        let query = scope.query.get();
        let query = match query.tab {
            Tab::Answers => query,
            tab => PageQuery {
                models: query
                    .models
                    .clone()
                    .into_iter()
                    .filter(|_| tab.has_models())
                    .collect(),
                topics: query.shown_topics().to_vec(),
                ..query.without_filters()
            },
        };
        let filter = query.answer_filter(scope.project_id, scope.period.get(), None);
        export_address(&filter, format)
    };
    view! {
        <a class="menu-item" download="" href=move || at(&address())>
            <Icon glyph=Glyph::Download />
            {t(label)}
        </a>
    }
    .into_any()
}

fn pause(scope: Scope, is_active: bool) -> AnyView {
    let (label, glyph) = if is_active {
        (nav::PAUSE_PROJECT, Glyph::Stop)
    } else {
        (nav::RESUME_PROJECT, Glyph::Play)
    };
    view! {
        <button
            type="button"
            class="menu-item"
            data-close=""
            on:click=move |_| activity::switch(scope, !is_active)
        >
            <Icon glyph />
            {t(label)}
        </button>
    }
    .into_any()
}

fn remove_demo(scope: Scope) -> AnyView {
    let navigate = use_navigate();
    let leave = Callback::new(move |()| navigate("/", NavigateOptions::default()));
    let remove = move |_| {
        spawn_local(async move {
            match api::home::remove_demo().await {
                Ok(()) => {
                    chosen_project::forget(scope.project_id);
                    toast::success(home::DEMO_REMOVED);
                    // Whoever has left meanwhile stays there.
                    let _ = leave.try_run(());
                }
                Err(error) => toast::error(&error),
            }
        });
    };
    view! {
        <button type="button" class="menu-item" data-close="" on:click=remove>
            <Icon glyph=Glyph::Trash />
            {t(home::DEMO_REMOVE)}
        </button>
    }
    .into_any()
}
