//! The window that lists the shortcuts, and switches those of one key on and off.

use leptos::prelude::*;

use super::project_pages::name_of;
use super::query::Tab;
use super::shortcuts::{are_on, switch};
use crate::texts::{Text, chart, nav, palette as texts, runs};
use crate::ui::part::part;
use crate::ui::{Dialog, Switch, fill, t};

part! {
    palette: pub(super) fn shortcut_list(open: RwSignal<bool>) {
        view! {
            <Dialog open title=texts::SHORTCUTS>
                <List />
            </Dialog>
        }
    }
}

/// What a shortcut does, in words.
#[derive(Clone, Copy)]
enum Does {
    Plainly(Text),
    /// Goes to the page of that name.
    Goes(Text),
}

/// The shortcuts, and whether those of one key are on.
#[component]
fn List() -> impl IntoView {
    let is_on = RwSignal::new(are_on());
    let command = if is_mac() { "⌘" } else { "Ctrl" };
    let goes = |key: &'static str, tab| (["G", key], Does::Goes(name_of(tab)));
    let rows = [
        ([command, "K"], Does::Plainly(texts::TITLE)),
        (["?", ""], Does::Plainly(texts::SHORTCUTS)),
        (["/", ""], Does::Plainly(texts::SEARCH)),
        (["P", ""], Does::Plainly(texts::PERIOD)),
        (["R", ""], Does::Plainly(runs::RUN_NOW)),
        (["E", ""], Does::Goes(name_of(Tab::Settings))),
        (["[", ""], Does::Plainly(texts::FOLD)),
        (["Enter", ""], Does::Plainly(chart::NOTE_BY_KEY)),
        goes("O", Tab::Overview),
        goes("M", Tab::Models),
        goes("A", Tab::Answers),
        goes("S", Tab::Sources),
        goes("R", Tab::Runs),
        (["G", "H"], Does::Goes(nav::PROJECTS)),
        (["G", "N"], Does::Goes(nav::NOTICES)),
    ];
    let rows = rows.map(|(keys, does)| row(keys, does));
    view! {
        <ul class="shortcuts">{rows.into_iter().collect_view()}</ul>
        <Switch
            label=texts::SINGLE_KEYS
            on=is_on
            on_change=move |wanted| {
                switch(wanted);
                is_on.set(wanted);
            }
        />
        <p class="field-hint">{t(texts::NOT_WHILE_TYPING)}</p>
    }
}

fn row([first, second]: [&'static str; 2], does: Does) -> AnyView {
    let words = move || match does {
        Does::Plainly(text) => fill(text, &[]),
        Does::Goes(page) => fill(texts::GO_TO, &[("page", &t(page)())]),
    };
    let then = (first == "G").then(|| view! { <span>{t(texts::THEN)}</span> });
    let second = (!second.is_empty()).then(|| view! { <kbd>{second}</kbd> });
    view! {
        <li>
            <span>{words}</span>
            <span class="shortcut-keys">
                <kbd>{first}</kbd>
                {then}
                {second}
            </span>
        </li>
    }
    .into_any()
}

fn is_mac() -> bool {
    let platform = window().navigator().platform();
    platform.is_ok_and(|platform| platform.starts_with("Mac"))
}
