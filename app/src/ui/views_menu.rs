//! The menu of saved views: which one a page shows, the others, and what can be done with it.
//!
//! Invariant: asks nobody and goes nowhere. What is wanted is told to the page.

use leptos::prelude::*;

use super::browser;
use super::button::SubmitButton;
use super::data_table::columns::TableColumns;
use super::field::TextField;
use super::icon::{Glyph, Icon};
use super::layout::{Notice, Tone};
use super::locale::{Words, t};
use super::pill::Pill;
use super::popover::{Popover, arrow_keys};
use super::remote;
use super::submission::Submission;
use crate::model::ids::SavedViewId;
use crate::model::views::{SavedView, SavedViewChange, ViewSetting};
use crate::tables::views;
use crate::texts::{Text, common, kit};

/// The view that a page shows, and whether the page differs from it by now.
type Current = Memo<Option<(SavedView, bool)>>;

/// What somebody wants.
#[derive(Clone, Debug)]
pub enum ViewWish {
    /// The page at this address.
    Open(String),
    /// What the page shows, saved under a name.
    Save(String, ViewSetting),
    /// A view changed.
    Change(SavedViewId, SavedViewChange),
    /// A view removed.
    Remove(SavedView),
}

/// A page and its views.
#[derive(Clone, Copy)]
pub struct TableViews {
    /// The views that somebody sees: their own first.
    pub views: Signal<Vec<SavedView>>,
    /// The page's address behind the question mark, as far as views are concerned.
    pub now: Signal<String>,
    /// Names in it that a view may leave as they are.
    pub loose: &'static [&'static str],
    /// The columns, where they can be chosen.
    pub columns: Option<TableColumns>,
    /// The view that was opened last.
    pub opened: RwSignal<Option<SavedViewId>>,
    /// Whether somebody may share views.
    pub may_share: Signal<bool>,
    /// What became of the saving; of its fields there is `name`.
    pub form: Submission,
    /// Told what somebody wants.
    pub on_wish: Callback<ViewWish>,
}

impl TableViews {
    /// What the page shows.
    fn setting(self) -> ViewSetting {
        let columns = self.columns.map(TableColumns::text).unwrap_or_default();
        let columns = columns.split(',').filter(|column| !column.is_empty());
        ViewSetting {
            address: self.now.get(),
            columns: columns.map(str::to_owned).collect(),
        }
    }

    /// Whether the page shows a view as it was saved.
    fn is_shown(self, view: &SavedView) -> bool {
        let saved = view.setting.columns.join(",");
        let has_columns = self
            .columns
            .is_none_or(|columns| saved.is_empty() || columns.text_of(&saved) == columns.text());
        let address = &view.setting.address;
        has_columns
            && self
                .now
                .with(|now| views::is_same(address, now, self.loose))
    }

    fn current(self) -> Current {
        Memo::new(move |_| {
            self.views
                .with(|known| views::current(known, self.opened.get(), &|view| self.is_shown(view)))
        })
    }

    fn open(self, view: &SavedView) {
        let saved = view.setting.columns.join(",");
        if let Some(columns) = self.columns.filter(|_| !saved.is_empty()) {
            columns.choose(&saved);
        }
        self.opened.set(Some(view.id));
        let address = &view.setting.address;
        let now = self.now.get_untracked();
        self.on_wish
            .run(ViewWish::Open(views::opened(address, &now, self.loose)));
    }

    fn change(self, id: SavedViewId, change: SavedViewChange) {
        self.on_wish.run(ViewWish::Change(id, change));
    }
}

/// The button that says which view a page shows, with a dot where the page differs from it by now.
#[component]
pub fn ViewsMenu(
    /// The page and its views.
    views: TableViews,
) -> impl IntoView {
    let current = views.current();
    let words = Words::new(move || {
        let name = current.with(|current| Some(current.as_ref()?.0.name.clone()));
        name.unwrap_or_else(|| t(kit::VIEWS)().to_owned())
    });
    let is_changed = Memo::new(move |_| {
        current.with(|current| current.as_ref().is_some_and(|(_, is_changed)| *is_changed))
    });
    let title = Signal::derive(move || {
        let title = is_changed.get().then(t(kit::VIEW_CHANGED));
        title.unwrap_or_default().to_owned()
    });
    view! {
        <div class="views" class:is-changed=move || is_changed.get()>
            <Popover
                id=browser::unique_id("views")
                label=kit::VIEWS
                words
                title
                glyph=Glyph::Star
            >
                {body(views, current)}
            </Popover>
        </div>
    }
}

/// What the button opens. Whatever is chosen in it closes it, so that nothing under the focus goes.
fn body(views: TableViews, current: Current) -> AnyView {
    let has_none = Memo::new(move |_| views.views.with(Vec::is_empty));
    let actions = move || {
        let (view, is_changed) = current.get()?;
        view.may_change.then(|| actions(views, view, is_changed))
    };
    view! {
        <div class="views-menu" on:keydown=move |event| arrow_keys(&event)>
            {list(views, current, kit::VIEWS_OWN, true)}
            {list(views, current, kit::VIEWS_SHARED, false)}
            <Show when=move || has_none.get()>
                <p class="views-none">{t(kit::VIEWS_NONE)}</p>
            </Show>
            {actions}
            {save_as(views)}
        </div>
    }
    .into_any()
}

/// Somebody's own views, or those of others; nothing where there are none.
fn list(views: TableViews, current: Current, label: Text, is_own: bool) -> AnyView {
    let shown = Memo::new(move |_| {
        views.views.with(|known| {
            let shown = known.iter().filter(|view| view.is_own == is_own);
            shown.cloned().collect::<Vec<SavedView>>()
        })
    });
    let rows = move || {
        let rows = shown.get().into_iter();
        rows.map(|view| row(views, current, view)).collect_view()
    };
    view! {
        <Show when=move || !shown.with(Vec::is_empty)>
            <p class="menu-title">{t(label)}</p>
            <ul class="views-list" aria-label=t(label)>
                {rows}
            </ul>
        </Show>
    }
    .into_any()
}

fn row(views: TableViews, current: Current, view: SavedView) -> AnyView {
    let id = view.id;
    let is_current = Memo::new(move |_| {
        current.with(|current| current.as_ref().is_some_and(|(known, _)| known.id == id))
    });
    let name = view.name.clone();
    let pill =
        |is_so: bool, label: Text| is_so.then(|| view! { <Pill label tone=Tone::Neutral /> });
    let pills = (
        pill(view.is_default, kit::VIEW_DEFAULT),
        pill(view.is_own && view.is_shared, kit::VIEW_SHARED),
    );
    view! {
        <li>
            <button
                type="button"
                class="menu-item views-row"
                data-row=""
                data-close=""
                aria-current=move || is_current.get().then_some("true")
                on:click=move |_| views.open(&view)
            >
                <Icon glyph=Glyph::Check />
                <span class="views-name">{name}</span>
                {pills}
            </button>
        </li>
    }
    .into_any()
}

/// What can be done with the view that the page shows.
fn actions(views: TableViews, view: SavedView, is_changed: bool) -> AnyView {
    let (id, is_shared, is_default) = (view.id, view.is_shared, view.is_default);
    let update = is_changed.then(|| {
        let update = move || {
            let setting = Some(untrack(|| views.setting()));
            views.change(
                id,
                SavedViewChange {
                    setting,
                    ..SavedViewChange::default()
                },
            );
        };
        action(
            kit::VIEW_UPDATE,
            Glyph::Refresh,
            Callback::new(move |()| update()),
        )
    });
    let begin = view.is_own.then(|| {
        let label = if is_default {
            kit::VIEW_NO_DEFAULT
        } else {
            kit::VIEW_MAKE_DEFAULT
        };
        let change = SavedViewChange {
            is_default: Some(!is_default),
            ..SavedViewChange::default()
        };
        let press = Callback::new(move |()| views.change(id, change.clone()));
        action(label, Glyph::House, press)
    });
    let share = move || {
        (is_shared || views.may_share.get()).then(|| {
            let label = if is_shared {
                kit::VIEW_UNSHARE
            } else {
                kit::VIEW_SHARE
            };
            let change = SavedViewChange {
                is_shared: Some(!is_shared),
                ..SavedViewChange::default()
            };
            let press = Callback::new(move |()| views.change(id, change.clone()));
            action(label, Glyph::User, press)
        })
    };
    let name = view.name.clone();
    let remove = Callback::new(move |()| views.on_wish.run(ViewWish::Remove(view.clone())));
    view! {
        <div class="views-actions" role="group" aria-label=name>
            {update}
            {begin}
            {share}
            {action(common::DELETE, Glyph::Trash, remove)}
        </div>
    }
    .into_any()
}

fn action(label: Text, glyph: Glyph, press: Callback<()>) -> AnyView {
    view! {
        <button
            type="button"
            class="menu-item"
            data-row=""
            data-close=""
            on:click=move |_| press.run(())
        >
            <Icon glyph />
            <span>{t(label)}</span>
        </button>
    }
    .into_any()
}

/// A button, and behind it the field for a name.
fn save_as(views: TableViews) -> AnyView {
    let form = views.form;
    let is_named = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let begin = move || {
        form.clear();
        is_named.set(true);
        browser::focus_soon(form.id_of("name"));
    };
    let save = move || {
        let setting = untrack(|| views.setting());
        let name = name.get_untracked();
        views.on_wish.run(ViewWish::Save(name, setting));
    };
    // What is wrong with the name stands at the field.
    let refusal = move || {
        let error = form.error().filter(|_| form.error_of("name").is_none())?;
        Some(view! { <Notice tone=Tone::Danger>{remote::explain(&error)}</Notice> })
    };
    let button = move || {
        view! {
            <button type="button" class="menu-item" data-row="" on:click=move |_| begin()>
                <Icon glyph=Glyph::Plus />
                <span>{t(kit::VIEW_SAVE_AS)}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="views-save">
            <Show when=move || is_named.get() fallback=button>
                <form
                    class="views-form"
                    on:submit=move |event| {
                        event.prevent_default();
                        save();
                    }
                >
                    <TextField label=kit::VIEW_NAME value=name form path="name" required=true />
                    {refusal}
                    <SubmitButton label=common::SAVE form />
                </form>
            </Show>
        </div>
    }
    .into_any()
}
