//! Muted notices: which they are, and how a person mutes and unmutes them for themselves.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::row::row;
use crate::api;
use crate::model::language::Language;
use crate::model::notices::{NoticeMute, NoticeView};
use crate::texts::notices;
use crate::ui::locale::{fill_now, language, language_now};
use crate::ui::{
    Badge, Button, Card, Glyph, Icon, Look, Menu, Remote, browser, fill, format, t, toast,
};
use crate::words::notices::{kind_label, words};

/// Where the focus goes when nothing is left of what had it.
pub const PAGE_ID: &str = "notices-page";

/// What is shown, and what of it is muted.
#[derive(Clone, Copy)]
pub struct Muting {
    /// The notices.
    pub list: Remote<Vec<NoticeView>>,
    /// What the person has muted.
    pub mutes: Remote<Vec<NoticeMute>>,
}

impl Muting {
    fn set(self, of: NoticeMute, is_muted: bool) {
        spawn_local(async move {
            let project_id = of.project.as_ref().map(|(id, _)| *id);
            match api::notices::mute_notices(of.kind, project_id, is_muted).await {
                Ok(mutes) => self.mutes.set(mutes),
                Err(error) => {
                    toast::error(&error);
                    return;
                }
            }
            self.list.reload();
            let (text, focused) = if is_muted {
                (notices::MUTED_NOW, unmute_id(&of))
            } else {
                (notices::UNMUTED_NOW, PAGE_ID.to_owned())
            };
            // What was pressed is gone.
            browser::focus_soon(focused);
            let message = fill_now(text, &[("what", &what(language_now(), &of))]);
            toast::undo(message, move || self.set(of.clone(), !is_muted));
        });
    }
}

/// What is muted, in words.
fn what(language: Language, of: &NoticeMute) -> String {
    let kind = kind_label(of.kind).get(language);
    match &of.project {
        Some((_, name)) => format!("{kind} · {name}"),
        None => kind.to_owned(),
    }
}

fn unmute_id(of: &NoticeMute) -> String {
    let project = of.project.as_ref().map_or(0, |(id, _)| id.0);
    format!("unmute-{}-{project}", of.kind)
}

/// The button that mutes notices like this one; of one about a project there is a choice.
pub fn mute_button(muting: Muting, known: &NoticeView) -> AnyView {
    let kind = known.notice.kind();
    let words = words(language(), &known.notice, known.project.as_ref());
    let name = fill(notices::MUTE_NAMED, &[("title", &words.title)]);
    let all = NoticeMute {
        kind,
        project: None,
    };
    let Some(project) = known.project.clone() else {
        return view! {
            <Button
                label=notices::MUTE
                name
                look=Look::Quiet
                on_press=move |()| muting.set(all.clone(), true)
            />
        }
        .into_any();
    };
    let of_project = NoticeMute {
        kind,
        project: Some(project),
    };
    view! {
        <Menu
            label=name
            class="button is-quiet"
            trigger=|| {
                view! {
                    <span>{t(notices::MUTE)}</span>
                    <Icon glyph=Glyph::ChevronDown />
                }
            }
        >
            {choice(muting, of_project.clone())}
            {choice(muting, all.clone())}
        </Menu>
    }
    .into_any()
}

fn choice(muting: Muting, of: NoticeMute) -> AnyView {
    let words = match &of.project {
        Some((_, name)) => fill(notices::MUTE_PROJECT, &[("name", name)]),
        None => fill(notices::MUTE_ALL, &[]),
    };
    view! {
        <button
            type="button"
            class="menu-item"
            data-close=""
            on:click=move |_| muting.set(of.clone(), true)
        >
            {words}
        </button>
    }
    .into_any()
}

/// What the person has muted, and below it the notices that are not listed for it; nothing where
/// nothing is muted.
pub fn muted_card(muting: Muting) -> Option<AnyView> {
    let mutes = muting.mutes.value().filter(|mutes| !mutes.is_empty())?;
    let mutes = mutes.into_iter().map(|of| muted(muting, of));
    let mutes = mutes.collect_view();
    Some(
        view! {
            <Card title=notices::MUTED_TITLE lead=notices::MUTED_LEAD>
                <ul class="mutes">{mutes}</ul>
                // Apart, so that a list that is loaded anew takes no focus away.
                {move || folded(&muting.list.value().unwrap_or_default())}
            </Card>
        }
        .into_any(),
    )
}

fn muted(muting: Muting, of: NoticeMute) -> AnyView {
    let what = what(language(), &of);
    let name = fill(notices::UNMUTE_NAMED, &[("what", &what)]);
    let id = unmute_id(&of);
    view! {
        <li>
            <span>{what}</span>
            <button
                type="button"
                class="button is-quiet"
                id=id
                aria-label=name
                on:click=move |_| muting.set(of.clone(), false)
            >
                {t(notices::UNMUTE)}
            </button>
        </li>
    }
    .into_any()
}

fn folded(known: &[NoticeView]) -> Option<AnyView> {
    let rows: Vec<AnyView> = known
        .iter()
        .filter(|known| known.is_muted)
        .map(|known| {
            let badge = view! { <Badge label=notices::MUTED /> }.into_any();
            row(known, badge, None)
        })
        .collect();
    let words = match rows.len() {
        0 => return None,
        1 => fill(notices::MUTED_ONE, &[]),
        many => {
            let many = i64::try_from(many).unwrap_or(i64::MAX);
            fill(notices::MUTED_MANY, &[("count", &format::whole(many))])
        }
    };
    Some(
        view! {
            <details class="notices-muted">
                <summary>{words}</summary>
                <ul class="notices">{rows}</ul>
            </details>
        }
        .into_any(),
    )
}
