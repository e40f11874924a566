//! What pages are laid out with: headings, cards, notices, badges.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::html;
use leptos::prelude::*;

use super::browser;
use super::icon::{Glyph, Icon};
use super::locale::Words;

/// Set by a change of page, taken by the heading of the next one.
static PAGE_CHANGED: AtomicBool = AtomicBool::new(false);

/// Says that another page is shown: its heading takes the focus.
pub fn note_page_change() {
    PAGE_CHANGED.store(true, Ordering::Relaxed);
}

/// The heading of a page. It names the window, and takes the focus after a change of page, so
/// that a screen reader says where it is. Once a page.
#[component]
pub fn PageTitle(
    /// The page's name.
    #[prop(into)]
    title: Words,
    /// What the page is of, in the name of the window.
    #[prop(optional, into)]
    of: Option<Words>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        let of = of.map(|of| format!(" · {}", of.get())).unwrap_or_default();
        browser::set_title(&format!("{}{of} · Parallax", title.get()));
    });
    Effect::new(move |_| {
        // A heading that stays while pages change says another name then.
        title.get();
        if let Some(heading) = heading.get()
            && PAGE_CHANGED.swap(false, Ordering::Relaxed)
        {
            let _ = heading.focus();
        }
    });
    view! {
        <h1 node_ref=heading tabindex="-1">
            {move || title.get()}
        </h1>
    }
}

/// A framed part of a page with a heading.
#[component]
pub fn Card(
    /// Its heading.
    #[prop(optional, into)]
    title: Option<Words>,
    /// One sentence under the heading.
    #[prop(optional, into)]
    lead: Option<Words>,
    /// Another class, for the page's own styles.
    #[prop(optional)]
    class: &'static str,
    /// Badges and buttons beside the heading.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let id = browser::unique_id("card");
    let labelled_by = title.map(|_| id.clone());
    let head = title.map(|title| {
        view! {
            <header class="card-head">
                <div>
                    <h2 id=id>{move || title.get()}</h2>
                    {lead.map(|lead| view! { <p class="card-lead">{move || lead.get()}</p> })}
                </div>
                {actions
                    .map(|actions| view! { <div class="card-actions">{actions.run()}</div> })}
            </header>
        }
    });
    view! {
        <section class=format!("card {class}") aria-labelledby=labelled_by>
            {head}
            {children()}
        </section>
    }
}

/// What stands where nothing is yet, and what to do about it.
#[component]
pub fn EmptyState(
    /// A picture.
    glyph: Glyph,
    /// What is missing.
    #[prop(into)]
    title: Words,
    /// Why, or what to do.
    #[prop(into)]
    message: Words,
    /// The button that does it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-mark">
                <Icon glyph />
            </span>
            <h2>{move || title.get()}</h2>
            <p>{move || message.get()}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}

/// What a badge or notice means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Under way, or to know.
    Info,
    /// It went well.
    Good,
    /// Have a look.
    Warning,
    /// It went wrong.
    Danger,
}

impl Tone {
    /// The class that colours it.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "is-neutral",
            Self::Info => "is-info",
            Self::Good => "is-good",
            Self::Warning => "is-warning",
            Self::Danger => "is-danger",
        }
    }
}

/// A word or two in a small frame.
#[component]
pub fn Badge(
    /// What it says.
    #[prop(into)]
    label: Words,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            {glyph.map(|glyph| view! { <Icon glyph /> })} {move || label.get()}
        </span>
    }
}

/// A sentence or more that stands out.
#[component]
pub fn Notice(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let glyph = match tone {
        Tone::Good => Glyph::Check,
        Tone::Warning | Tone::Danger => Glyph::Warning,
        Tone::Neutral | Tone::Info => Glyph::Info,
    };
    view! {
        <div class=format!("notice {}", tone.class())>
            <Icon glyph />
            <div>{children()}</div>
        </div>
    }
}
