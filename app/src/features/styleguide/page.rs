//! The page of the style guide: its sections, and the switches of theme and language.

use leptos::prelude::*;

use super::{figures, states, tables};
use crate::frame::preferences::Preferences;
use crate::ui::toast::Toasts;
use crate::ui::{Badge, Button, Glyph, LinkButton, Look, Notice, Pill, Segment, Segments, Tone};

/// All sections, one below the other.
#[component]
pub fn StyleGuide() -> impl IntoView {
    view! {
        <main id="content" class="page-stack" style:padding="1.75rem">
            <header class="row">
                <h1>"Style guide"</h1>
                <Preferences />
            </header>
            {section("Buttons", buttons())}
            {section("Pills, badges, notices", pills())}
            {section("Switch of one among few", segments())}
            {section("Key figures", figures::cards())}
            {section("Sparklines, intervals, changes", figures::small_drawings())}
            {section("Heat", figures::heat())}
            {section("Table", tables::table())}
            {section("Table without rows", tables::without_rows())}
            {section("Side panel", tables::panel())}
            {section("Empty", states::empty())}
            {section("Loading", states::loading())}
            {section("Errors", states::errors())}
            {section("Toasts", states::toasts())}
            {section("Unsaved changes", states::unsaved())}
        </main>
        <Toasts />
    }
}

/// A section. Tests find it by its name.
fn section(name: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="stack" data-section=name>
            <h2>{name}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn buttons() -> AnyView {
    let looks = [
        (Look::Primary, "Run now"),
        (Look::Plain, "Share"),
        (Look::Quiet, "Columns"),
        (Look::Danger, "Delete the project"),
    ];
    let row = |is_pending: bool, is_disabled: bool, glyph: Option<Glyph>| {
        let buttons = looks
            .into_iter()
            .map(|(look, label)| match glyph {
                Some(glyph) => view! {
                    <Button
                        label
                        look
                        glyph
                        on_press=|()| ()
                        pending=is_pending
                        disabled=is_disabled
                    />
                }
                .into_any(),
                None => view! {
                    <Button
                        label
                        look
                        on_press=|()| ()
                        pending=is_pending
                        disabled=is_disabled
                    />
                }
                .into_any(),
            })
            .collect_view();
        view! { <div class="row">{buttons}</div> }
    };
    view! {
        {row(false, false, None)}
        {row(false, false, Some(Glyph::Play))}
        {row(true, false, None)}
        {row(true, false, Some(Glyph::Play))}
        {row(false, true, None)}
        <div class="row">
            <LinkButton label="A link that looks like a button" href="/".to_owned() />
        </div>
    }
    .into_any()
}

fn pills() -> AnyView {
    let tones = [
        (Tone::Neutral, "Cancelled"),
        (Tone::Info, "Running"),
        (Tone::Good, "Complete"),
        (Tone::Warning, "Complete with failures"),
        (Tone::Danger, "Failed"),
    ];
    let pills = tones.map(|(tone, label)| view! { <Pill label tone /> });
    let badges = tones.map(|(tone, label)| view! { <Badge label tone glyph=Glyph::Clock /> });
    let notices = tones.map(|(tone, label)| view! { <Notice tone>{label}</Notice> });
    view! {
        <div class="row">{pills.into_iter().collect_view()}</div>
        <div class="row">{badges.into_iter().collect_view()}</div>
        {notices.into_iter().collect_view()}
    }
    .into_any()
}

fn segments() -> AnyView {
    let chosen = RwSignal::new(0);
    let choices: Vec<Segment> = ["Brands", "Models", "Topics"]
        .into_iter()
        .enumerate()
        .map(|(place, name)| {
            Segment::new(
                name,
                move || chosen.get() == place,
                move || chosen.set(place),
            )
        })
        .collect();
    view! { <Segments legend="Split" segments=choices /> }.into_any()
}
