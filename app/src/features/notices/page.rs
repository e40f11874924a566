//! What people were told without having asked, the newest first.

use leptos::prelude::*;

use super::muting::{Muting, PAGE_ID, mute_button, muted_card};
use super::row::row;
use crate::api;
use crate::frame::head::Head;
use crate::frame::read_notices;
use crate::model::notices::NoticeView;
use crate::texts::{nav, notices};
use crate::ui::{AsyncView, Badge, Card, EmptyState, Glyph, Remote, Tone};

/// The newest notices.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let needs = Memo::new(|_| read_notices::needs());
    let list = Remote::new(move || {
        // What comes while the page is open is shown at once.
        needs.track();
        api::notices::notices()
    });
    let muting = Muting {
        list,
        mutes: Remote::new(api::notices::notice_mutes),
    };
    Effect::new(move |_| {
        let known = list.value().unwrap_or_default();
        if let Some(newest) = known.iter().map(|notice| notice.id).max() {
            read_notices::note(newest);
        }
    });
    view! {
        <Head title=nav::NOTICES />
        <div class="page-stack page-narrow" id=PAGE_ID tabindex="-1">
            <AsyncView remote=list lines=6 let:known>
                {needs.with(|needs| list_of(muting, &known, needs))}
            </AsyncView>
            {move || muted_card(muting)}
        </div>
    }
}

fn list_of(muting: Muting, known: &[NoticeView], needs: &[i64]) -> AnyView {
    let rows: Vec<AnyView> = known
        .iter()
        .filter(|known| !known.is_muted)
        .map(|known| told(muting, known, needs.contains(&known.id)))
        .collect();
    if rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Check title=notices::NONE message=notices::NONE_HINT />
        }
        .into_any();
    }
    view! {
        <Card>
            <ul class="notices">{rows}</ul>
        </Card>
    }
    .into_any()
}

/// What is solved, or was told too long ago, is only to be known.
fn told(muting: Muting, known: &NoticeView, needs_somebody: bool) -> AnyView {
    let (label, tone) = if needs_somebody {
        (notices::GRAVE, Tone::Danger)
    } else {
        (notices::TO_KNOW, Tone::Warning)
    };
    let badge = view! { <Badge label tone glyph=Glyph::Warning /> }.into_any();
    row(known, badge, Some(mute_button(muting, known)))
}
