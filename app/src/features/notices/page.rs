//! What people were told without having asked, the newest first.

use leptos::prelude::*;

use crate::address::at;
use crate::api;
use crate::frame::head::Head;
use crate::frame::read_notices;
use crate::model::notices::NoticeView;
use crate::texts::{nav, notices};
use crate::ui::{AsyncView, Badge, Card, EmptyState, Glyph, Remote, Tone, locale, when};
use crate::words::notices::words;

/// The newest notices.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let needs = Memo::new(|_| read_notices::needs());
    let list = Remote::new(move || {
        // What comes while the page is open is shown at once.
        needs.track();
        api::notices::notices()
    });
    Effect::new(move |_| {
        let known = list.value().unwrap_or_default();
        if let Some(newest) = known.iter().map(|notice| notice.id).max() {
            read_notices::note(newest);
        }
    });
    view! {
        <Head title=nav::NOTICES />
        <div class="page-stack page-narrow">
            <AsyncView remote=list lines=6 let:known>
                {needs.with(|needs| list_of(&known, needs))}
            </AsyncView>
        </div>
    }
}

fn list_of(known: &[NoticeView], needs: &[i64]) -> AnyView {
    if known.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Check title=notices::NONE message=notices::NONE_HINT />
        }
        .into_any();
    }
    let rows = known
        .iter()
        .map(|known| row(known, needs.contains(&known.id)));
    let rows = rows.collect_view();
    view! {
        <Card>
            <ul class="notices">{rows}</ul>
        </Card>
    }
    .into_any()
}

/// What is solved, or was told too long ago, is only to be known.
fn row(known: &NoticeView, needs_somebody: bool) -> impl IntoView + use<> {
    let words = words(locale::language(), &known.notice, known.project.as_ref());
    let (label, tone) = if needs_somebody {
        (notices::GRAVE, Tone::Danger)
    } else {
        (notices::TO_KNOW, Tone::Warning)
    };
    let (href, link) = words.link;
    view! {
        <li>
            <h2>{words.title}</h2>
            <Badge label tone glyph=Glyph::Warning />
            <p>{words.message}</p>
            <p class="notice-foot">
                {when(known.raised_at)}
                <a class="link" href=at(&href)>
                    {link}
                </a>
            </p>
        </li>
    }
}
