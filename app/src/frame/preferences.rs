//! Language and colours.

use leptos::prelude::*;

use crate::model::language::Language;
use crate::texts::nav;
use crate::ui::theme::{Theme, set_theme, theme};
use crate::ui::{Glyph, Icon, Segment, Segments, locale, t};

/// Language and colours.
#[component]
pub fn Preferences() -> impl IntoView {
    let languages = Language::ALL
        .into_iter()
        .map(|language| {
            view! {
                <option
                    value=language.code()
                    lang=language.code()
                    prop:selected=move || locale::language() == language
                >
                    {language.name()}
                </option>
            }
        })
        .collect_view();
    let themes = [
        (Theme::System, Glyph::Display, nav::THEME_SYSTEM),
        (Theme::Light, Glyph::Sun, nav::THEME_LIGHT),
        (Theme::Dark, Glyph::Moon, nav::THEME_DARK),
    ]
    .map(|(choice, glyph, text)| {
        Segment::new(text, move || theme() == choice, move || set_theme(choice)).with_glyph(glyph)
    });
    view! {
        <div class="preferences">
            <label class="preference">
                <Icon glyph=Glyph::Globe />
                <span class="visually-hidden">{t(nav::LANGUAGE)}</span>
                <select
                    class="input"
                    on:change=move |event| {
                        if let Ok(language) = event_target_value(&event).parse() {
                            locale::set_language(language);
                        }
                    }
                >
                    {languages}
                </select>
            </label>
            <Segments legend=nav::THEME segments=themes.into() />
        </div>
    }
}
