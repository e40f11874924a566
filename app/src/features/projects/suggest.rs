//! The window that suggests questions: from templates at once, by a model on demand. Its code is a
//! part of its own, loaded when it is first opened.

use leptos::prelude::*;

use crate::address::at;
use crate::api;
use crate::model::suggestions::{
    NoModel, PromptClass, Suggestion, SuggestionOffer, SuggestionOrigin, SuggestionWish,
    SuggestionsView, WhyMissing,
};
use crate::texts::{Text, common, suggestions as texts};
use crate::ui::part::part;
use crate::ui::{
    AsyncView, Button, Checkbox, Dialog, Glyph, Look, Notice, Remote, Tone, fill, format, t,
};

/// A suggestion, and whether it is wanted.
type Choice = (Suggestion, RwSignal<bool>);

/// What the window's parts share.
#[derive(Clone, Copy)]
struct Window {
    found: Remote<SuggestionsView>,
    by_model: RwSignal<bool>,
    choices: RwSignal<Vec<Choice>>,
}

impl Window {
    fn chosen(self) -> Vec<String> {
        let texts = |choices: &Vec<Choice>| {
            let wanted = choices.iter().filter(|(_, wanted)| wanted.get());
            wanted.map(|(one, _)| one.text.clone()).collect()
        };
        self.choices.with(texts)
    }
}

/// Whether the window is open, what suggestions are wanted for, and what takes the questions that
/// were chosen.
type Asked = (
    RwSignal<bool>,
    Callback<(), SuggestionWish>,
    Callback<Vec<String>>,
);

part! {
    /// The window; what it says is of the moment at which it opens.
    suggestions: pub fn suggest_window((open, wish, on_add): Asked) {
        view! {
            <Dialog open title=texts::TITLE>
                <Contents open wish on_add />
            </Dialog>
        }
    }
}

#[component]
fn Contents(
    open: RwSignal<bool>,
    wish: Callback<(), SuggestionWish>,
    on_add: Callback<Vec<String>>,
) -> impl IntoView {
    let by_model = RwSignal::new(false);
    let found = Remote::new(move || {
        let by_model = by_model.get();
        let wish = untrack(|| wish.run(()));
        api::suggestions::suggest_prompts(SuggestionWish { by_model, ..wish })
    });
    let window = Window {
        found,
        by_model,
        choices: RwSignal::default(),
    };
    let count = Memo::new(move |_| window.chosen().len());
    let add = move |()| {
        open.set(false);
        on_add.run(untrack(|| window.chosen()));
    };
    let label = Signal::derive(move || fill(texts::ADD, &[("n", &count.get())]));
    view! {
        <AsyncView remote=found lines=8 let:view>
            {list(window, &view)}
        </AsyncView>
        <footer class="dialog-actions">
            <Button label=common::CANCEL on_press=move |()| open.set(false) />
            <Button
                label=label
                look=Look::Primary
                disabled=Signal::derive(move || count.get() == 0)
                on_press=add
            />
        </footer>
    }
}

fn list(window: Window, view: &SuggestionsView) -> AnyView {
    let choices: Vec<Choice> = view
        .suggestions
        .iter()
        .map(|one| (one.clone(), RwSignal::new(true)))
        .collect();
    let groups = PromptClass::ALL
        .iter()
        .filter_map(|class| group(*class, &choices))
        .collect_view();
    window.choices.set(choices);
    view! {
        {origin(view)}
        {shortfall(view)}
        {offer(window, view)}
        <div class="suggestions">{groups}</div>
    }
    .into_any()
}

fn group(class: PromptClass, choices: &[Choice]) -> Option<AnyView> {
    let own: Vec<AnyView> = choices
        .iter()
        .filter(|(one, _)| one.class == class)
        .map(|(one, value)| view! { <Checkbox label=one.text.clone() value=*value /> }.into_any())
        .collect();
    (!own.is_empty()).then(|| {
        view! {
            <fieldset>
                <legend>{t(name_of(class))}</legend>
                {own}
            </fieldset>
        }
        .into_any()
    })
}

const fn name_of(class: PromptClass) -> Text {
    match class {
        PromptClass::Comparison => texts::COMPARISON,
        PromptClass::TopList => texts::TOP_LIST,
        PromptClass::Recommendation => texts::RECOMMENDATION,
        PromptClass::BrandVsCompetitor => texts::BRAND_VS_COMPETITOR,
        PromptClass::General => texts::GENERAL,
    }
}

/// Who wrote them, and what that cost; nothing where nobody did.
fn origin(view: &SuggestionsView) -> Option<AnyView> {
    if view.suggestions.is_empty() {
        return None;
    }
    let text = match &view.origin {
        SuggestionOrigin::Templates => fill(texts::FROM_TEMPLATES, &[]),
        SuggestionOrigin::Model(_, name) => {
            let cost = view.cost.map_or_else(|| "–".to_owned(), format::money);
            fill(texts::FROM_MODEL, &[("name", name), ("cost", &cost)])
        }
    };
    Some(view! { <p class="muted">{text}</p> }.into_any())
}

/// What is missing, said plainly.
fn shortfall(view: &SuggestionsView) -> Option<AnyView> {
    let text = if view.why_missing == Some(WhyMissing::NoTemplates) {
        let language = format::display_name("language", &view.language);
        fill(texts::NO_TEMPLATES, &[("language", &language)])
    } else if view.suggestions.is_empty() {
        fill(texts::NONE, &[])
    } else if view.refused > 0 {
        fill(texts::REFUSED, &[("n", &view.refused)])
    } else {
        return None;
    };
    let notice = view! {
        <Notice tone=Tone::Info>
            <p>{text}</p>
        </Notice>
    };
    Some(notice.into_any())
}

/// The model that could write some, or why none can.
fn offer(window: Window, view: &SuggestionsView) -> Option<AnyView> {
    if let Some(offer) = &view.offer {
        let label = if matches!(view.origin, SuggestionOrigin::Templates) {
            texts::WRITE
        } else {
            texts::WRITE_AGAIN
        };
        let ask = move |()| {
            if window.by_model.get_untracked() {
                window.found.reload();
            } else {
                window.by_model.set(true);
            }
        };
        let offered = view! {
            <div class="suggestions-offer">
                <p>{price_of(offer)}</p>
                <Button
                    label
                    glyph=Glyph::Sparkle
                    pending=Signal::derive(move || window.found.is_loading())
                    on_press=ask
                />
            </div>
        };
        return Some(offered.into_any());
    }
    let reason = match view.no_model? {
        NoModel::NoJudge => texts::NO_JUDGE,
        NoModel::NoKey => texts::NO_KEY,
        NoModel::Unavailable => texts::UNAVAILABLE,
        NoModel::Unpriced => texts::UNPRICED,
        NoModel::OverBudget => texts::OVER_BUDGET,
    };
    Some(
        view! {
            <p class="field-hint">
                {t(reason)} " " <a class="link" href=at("/keys")>{t(texts::TO_KEYS)}</a>
            </p>
        }
        .into_any(),
    )
}

fn price_of(offer: &SuggestionOffer) -> String {
    match (offer.cost, offer.worst_case) {
        (Some(cost), Some(most)) => fill(
            texts::OFFER,
            &[
                ("name", &offer.name),
                ("cost", &format::money(cost)),
                ("most", &format::money(most)),
            ],
        ),
        _ => fill(texts::OFFER_UNPRICED, &[("name", &offer.name)]),
    }
}
