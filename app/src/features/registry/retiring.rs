//! Models that their providers take away, with the projects that ask them.

use leptos::prelude::*;

use crate::address::at;
use crate::model::registry::RetiringView;
use crate::texts::registry;
use crate::ui::{Notice, Remote, Tone, fill, format, t};

/// What retires; nothing where nothing does.
#[component]
pub fn RetiringNotice(
    /// The models that retire.
    retiring: Remote<Vec<RetiringView>>,
) -> impl IntoView {
    move || {
        let models = retiring.value().filter(|models| !models.is_empty())?;
        let rows = models.into_iter().map(row).collect_view();
        Some(view! {
            <Notice tone=Tone::Warning>
                <h2 class="notice-title">{t(registry::RETIRING_TITLE)}</h2>
                <p>{t(registry::RETIRING_LEAD)}</p>
                <ul class="retiring">{rows}</ul>
            </Notice>
        })
    }
}

fn row(model: RetiringView) -> impl IntoView {
    let text = match model.days_left {
        _ if model.has_ended => registry::RETIRED_ON,
        ..=1 => registry::RETIRES_SOON,
        _ => registry::RETIRES_IN,
    };
    let when = format::date_of(model.retires_at);
    let values: [(&str, &dyn std::fmt::Display); 3] = [
        ("name", &model.name),
        ("when", &when),
        ("days", &model.days_left),
    ];
    let said = fill(text, &values);
    let projects: Vec<AnyView> = model
        .projects
        .into_iter()
        .map(|(id, name)| {
            view! {
                <a class="link" href=at(&format!("/projects/{id}/settings"))>
                    {name}
                </a>
            }
            .into_any()
        })
        .collect();
    let users = if projects.is_empty() {
        view! { <span class="muted">{t(registry::USED_BY_NONE)}</span> }.into_any()
    } else {
        let before = fill(registry::USED_BY, &[("projects", &"")]);
        view! {
            {before}
            {projects
                .into_iter()
                .enumerate()
                .map(|(place, link)| view! { {(place > 0).then_some(", ")} {link} })
                .collect_view()}
        }
        .into_any()
    };
    view! { <li>{said} " " {users}</li> }
}
