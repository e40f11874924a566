//! Other names in the lists that name the brand. A user adopts each as a competitor or dismisses
//! it.

use leptos::prelude::*;

use crate::address::at;
use crate::api;
use crate::frame::query::{PageQuery, Tab};
use crate::frame::scope::Scope;
use crate::model::account::Role;
use crate::model::discovery::{DiscoveredName, DiscoveryView};
use crate::model::ids::AnswerId;
use crate::texts::discovery as texts;
use crate::ui::format as words;
use crate::ui::{
    AsyncView, Button, Card, ErrorSummary, Look, Remote, Submission, TableFrame, browser, fill,
    session, t, toast,
};

/// Names that are shown before the rest is asked for.
const SHOWN: usize = 8;

/// What can have the focus once a name is gone.
const OF_NAMES: &str =
    ".beside-actions button, .beside-more button, .beside-dismissed :is(summary, button)";

/// What the card's parts share.
#[derive(Clone, Copy)]
struct CardParts {
    scope: Scope,
    found: Remote<DiscoveryView>,
    form: Submission,
    all: RwSignal<bool>,
}

impl CardParts {
    fn adopt(self, name: String) {
        let call = api::discovery::adopt_name(self.scope.project_id, name.clone());
        self.form.run(call, move |found| {
            browser::keep_focus(OF_NAMES);
            self.found.set(found);
            self.scope.project.reload();
            self.scope.told.reload();
            toast::message(fill(texts::ADOPTED, &[("name", &name)]));
        });
    }

    fn dismiss(self, name: String, is_dismissed: bool) {
        let call = api::discovery::dismiss_name(self.scope.project_id, name, is_dismissed);
        self.form.run(call, move |found| {
            browser::keep_focus(OF_NAMES);
            self.found.set(found);
        });
    }
}

/// Names beside the brand, with the answers that have them.
#[component]
pub(super) fn NamesBeside(scope: Scope) -> impl IntoView {
    let found = Remote::new(move || {
        scope.refresh.track();
        api::discovery::discovered(scope.project_id)
    });
    let beside = CardParts {
        scope,
        found,
        form: Submission::new(),
        all: RwSignal::new(false),
    };
    view! {
        <Card title=texts::TITLE lead=texts::LEAD>
            <ErrorSummary form=beside.form />
            <AsyncView remote=found lines=4 let:found>
                {content(&beside, &found)}
            </AsyncView>
        </Card>
    }
}

fn content(beside: &CardParts, found: &DiscoveryView) -> AnyView {
    let beside = *beside;
    let dismissed = dismissed(&beside, &found.dismissed);
    if found.names.is_empty() {
        let text = if found.answers == 0 {
            texts::NO_LISTS
        } else {
            texts::NONE
        };
        return view! {
            <p class="muted">{t(text)}</p>
            {dismissed}
        }
        .into_any();
    }
    let names = found.names.clone();
    let (total, answers) = (names.len(), found.answers);
    let rows = move || {
        let shown = if beside.all.get() { total } else { SHOWN };
        names
            .iter()
            .take(shown)
            .map(|name| row(&beside, name, answers))
            .collect_view()
    };
    let more = fill(texts::SHOW_ALL, &[("n", &total)]);
    view! {
        <p class="field-hint">
            {fill(texts::READ, &[("n", &words::whole(i64::from(answers)))])}
        </p>
        <TableFrame caption=texts::TITLE class="is-cards beside">
            <thead>
                <tr>
                    <th scope="col">{t(texts::NAME)}</th>
                    <th scope="col" class="is-number">{t(texts::ANSWERS)}</th>
                    <th scope="col">{t(texts::EXAMPLES)}</th>
                    <th scope="col"><span class="visually-hidden">{t(texts::ACTIONS)}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Show when=move || SHOWN < total && !beside.all.get()>
            <p class="beside-more">
                <Button label=more.clone() on_press=move |()| beside.all.set(true) />
            </p>
        </Show>
        {dismissed}
    }
    .into_any()
}

fn row(beside: &CardParts, found: &DiscoveredName, read: u32) -> impl IntoView + use<> {
    let beside = *beside;
    let name = &found.name;
    let answers = fill(
        texts::OF,
        &[
            ("answers", &words::whole(i64::from(found.answers))),
            ("n", &words::whole(i64::from(read))),
        ],
    );
    let examples = found
        .examples
        .iter()
        .zip(1..)
        .map(|(answer, number)| example(beside.scope, *answer, number, name))
        .collect_view();
    let buttons = session::may(Role::Editor).then(|| {
        let (adopted, gone) = (name.clone(), name.clone());
        let words = |text| fill(text, &[("name", name)]);
        view! {
            <Button
                label=texts::ADOPT
                name=words(texts::ADOPT_NAME)
                pending=Signal::derive(move || beside.form.is_pending())
                on_press=move |()| beside.adopt(adopted.clone())
            />
            <Button
                label=texts::DISMISS
                name=words(texts::DISMISS_NAME)
                look=Look::Quiet
                on_press=move |()| beside.dismiss(gone.clone(), true)
            />
        }
    });
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            <td class="is-number" data-label=t(texts::ANSWERS)>
                {answers}
            </td>
            <td data-label=t(texts::EXAMPLES)>
                <span class="beside-examples">{examples}</span>
            </td>
            <td>
                <span class="beside-actions">{buttons}</span>
            </td>
        </tr>
    }
}

/// A link that opens one of the answers.
fn example(scope: Scope, answer: AnswerId, number: u32, name: &str) -> impl IntoView + use<> {
    let href = scope.link(move |query| {
        *query = PageQuery {
            tab: Tab::Answers,
            answer: Some(answer),
            ..query.without_filters()
        };
    });
    let label = fill(texts::EXAMPLE, &[("number", &number), ("name", &name)]);
    view! {
        <a class="link" href=at(&href) aria-label=label>
            {number}
        </a>
    }
}

/// The dismissed names, each with a way back.
fn dismissed(beside: &CardParts, names: &[String]) -> Option<AnyView> {
    let beside = *beside;
    if names.is_empty() || !session::may(Role::Editor) {
        return None;
    }
    let rows = names
        .iter()
        .map(|name| {
            let back = name.clone();
            view! {
                <li>
                    {name.clone()}
                    <Button
                        label=texts::RESTORE
                        name=fill(texts::RESTORE_NAME, &[("name", name)])
                        look=Look::Quiet
                        on_press=move |()| beside.dismiss(back.clone(), false)
                    />
                </li>
            }
        })
        .collect_view();
    let title = fill(texts::DISMISSED, &[("n", &names.len())]);
    Some(
        view! {
            <details class="beside-dismissed">
                <summary>{title}</summary>
                <ul>{rows}</ul>
            </details>
        }
        .into_any(),
    )
}
