//! The head of a project's pages: which page it is, how the project is, what can be done.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::filters::PeriodAndModels;
use super::more_menu::MoreMenu;
use crate::address::at;
use crate::features::runs::StartRun;
use crate::features::runs::live::Live;
use crate::frame::head::Head;
use crate::frame::left_out::LeftOut;
use crate::frame::project_pages::name_of;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::frame::share;
use crate::model::account::Role;
use crate::texts::{common, home, nav};
use crate::ui::part::{part, there};
use crate::ui::{
    Badge, Button, Glyph, Icon, Menu, Pill, RunBadge, Simulated, Tone, Words, locale, session, t,
};

/// The head of a project's pages.
#[component]
pub(super) fn ProjectHead(scope: Scope, live: Live) -> impl IntoView {
    let tab = Memo::new(move |_| scope.query.with(|query| query.tab));
    let title = Words::new(move || name_of(tab.get()).get(locale::language()).to_owned());
    let of = Words::new(move || {
        let project = scope.project.value();
        project
            .map(|project| project.record.name)
            .unwrap_or_default()
    });
    let left_out = Signal::derive(move || {
        let numbers = scope.numbers.get();
        numbers.map(|numbers| numbers.left_out).unwrap_or_default()
    });
    // These have numbers of their own, and say so beside them, or none.
    let says_so = Memo::new(move |_| matches!(tab.get(), Tab::Overview | Tab::Answers));
    view! {
        <Head title of state=move || view! { <State scope live /> }>
            <div class="head-filters">
                <PeriodAndModels scope />
            </div>
            <div class="head-share">
                <Button
                    label=nav::SHARE
                    glyph=Glyph::Link
                    on_press=move |()| share::copy_link(scope)
                />
            </div>
            <div class="head-more">
                <Menu label=nav::MORE trigger=|| view! { <Icon glyph=Glyph::More /> }>
                    {there(more_menu, scope)}
                </Menu>
            </div>
            <div class="head-run">
                <Show when=move || session::may(Role::Editor) && !is_demo(scope)>
                    <StartRun scope live />
                </Show>
            </div>
        </Head>
        <PageTabs scope tab />
        <Show when=move || says_so.get() && !left_out.with(Vec::is_empty)>
            <div class="left-out">
                <LeftOut scope models=left_out />
            </div>
        </Show>
    }
}

part! {
    menus: fn more_menu(scope: Scope) {
        view! { <MoreMenu scope /> }
    }
}

/// Whether the project is the demonstration, which asks nobody.
fn is_demo(scope: Scope) -> bool {
    let project = scope.project.value();
    project.is_some_and(|known| known.record.is_demo)
}

/// How the project is, in pills.
#[component]
fn State(scope: Scope, live: Live) -> impl IntoView {
    let project = Memo::new(move |_| scope.project.value());
    let is_simulated = Memo::new(move |_| {
        scope
            .numbers
            .with(|numbers| numbers.as_ref().is_some_and(|numbers| numbers.simulated))
    });
    let is_demo = Memo::new(move |_| is_demo(scope));
    let is_paused = Memo::new(move |_| {
        project.with(|project| {
            project
                .as_ref()
                .is_some_and(|known| !known.record.is_active)
        })
    });
    let last_run = Memo::new(move |_| live.run().or_else(|| project.get()?.last_run));
    view! {
        <Show when=move || is_demo.get()>
            <Pill label=home::DEMO tone=Tone::Warning />
        </Show>
        <Show when=move || is_simulated.get() && !is_demo.get()>
            <Simulated />
        </Show>
        <Show when=move || is_paused.get() && !is_demo.get()>
            <Badge label=common::PAUSED tone=Tone::Warning />
        </Show>
        {move || {
            let run = last_run.get()?;
            let at = run.finished_at.unwrap_or(run.created_at);
            Some(view! { <RunBadge status=run.status at /> })
        }}
    }
}

/// The project's pages in a row, on phones: there the side bar is out of sight.
#[component]
fn PageTabs(scope: Scope, tab: Memo<Tab>) -> impl IntoView {
    let row = NodeRef::<html::Ul>::new();
    // The page that is open stands in the middle, as far as the row reaches.
    Effect::new(move |_| {
        tab.track();
        request_animation_frame(move || {
            if let Some(row) = row.try_get_untracked().flatten() {
                show_current(&row);
            }
        });
    });
    let links = Tab::ALL
        .into_iter()
        .map(|one| {
            view! {
                <li>
                    <a
                        class="page-tab"
                        href=move || at(&scope.link(|query| query.tab = one))
                        aria-current=move || (tab.get() == one).then_some("page")
                    >
                        {t(name_of(one))}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="page-tabs" aria-label=t(nav::PROJECT_PAGES)>
            <ul node_ref=row>{links}</ul>
        </nav>
    }
}

fn show_current(row: &HtmlElement) {
    let current = row.query_selector("[aria-current]").ok().flatten();
    let current = current.and_then(|link| link.dyn_into::<HtmlElement>().ok());
    if let Some(current) = current {
        let middle = current.offset_left() + current.offset_width() / 2;
        row.set_scroll_left(middle - row.client_width() / 2);
    }
}
