//! The cards: one number each, with what must stand beside it.

use leptos::prelude::*;

use super::moved::{self, JudgedTogether};
use crate::address::at;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::dashboard::Dashboard;
use crate::model::metrics::Grade;
use crate::texts::{Text, dashboard as texts};
use crate::ui::format as words;
use crate::ui::{Glyph, Icon, Menu, Words, fill, locale, t};
use crate::words::figure::{self, Amount, Figure, Measure, grade_name};

/// All cards.
#[component]
pub(super) fn Cards(scope: Scope) -> impl IntoView {
    let numbers = scope.numbers;
    view! {
        <ul class="figures">
            {Measure::MAIN
                .map(|measure| view! { <FigureCard scope numbers measure is_small=false /> })
                .into_iter()
                .collect_view()}
        </ul>
        <ul class="figures is-small">
            {Measure::SMALL
                .map(|measure| view! { <FigureCard scope numbers measure is_small=true /> })
                .into_iter()
                .collect_view()} <CostCard numbers />
        </ul>
        <JudgedTogether numbers />
    }
}

fn value_words(figure: &Figure) -> String {
    let language = locale::language();
    match figure.amount {
        Some(amount) => amount.words(language),
        None => texts::NO_DATA.get(language).to_owned(),
    }
}

/// What must stand beside some numbers: who says so, or what was left out.
fn note(measure: Measure, numbers: &Dashboard) -> Option<String> {
    let language = locale::language();
    match measure {
        Measure::Tone | Measure::Recommended => {
            let is_judged = figure::is_judged(&numbers.total);
            Some(figure::judged_by(is_judged, language))
        }
        Measure::ShareOfVoice => {
            let branded = numbers.total.branded_share_of_voice();
            let value = Amount::Share(branded.value()?).words(language);
            let over = measure
                .counted_over()
                .fill(language, &[("n", &words::whole(branded.denominator))]);
            Some(fill(
                texts::BRANDED_APART,
                &[("value", &value), ("over", &over)],
            ))
        }
        _ => None,
    }
}

fn before_words(measure: Measure, before: &Figure) -> String {
    let language = locale::language();
    match before.amount {
        Some(amount) => {
            let over = measure
                .counted_over()
                .fill(language, &[("n", &words::whole(before.n))]);
            fill(
                texts::BEFORE,
                &[("value", &amount.words(language)), ("over", &over)],
            )
        }
        None => texts::BEFORE_NO_DATA.get(language).to_owned(),
    }
}

#[component]
fn FigureCard(
    scope: Scope,
    numbers: Memo<Option<Dashboard>>,
    measure: Measure,
    is_small: bool,
) -> impl IntoView {
    let figure_of = move |is_previous: bool| {
        Memo::new(move |_| {
            numbers.with(|numbers| {
                let numbers = numbers.as_ref()?;
                let figures = if is_previous {
                    &numbers.previous
                } else {
                    &numbers.total
                };
                Some(measure.figure(figures))
            })
        })
    };
    let (now, before) = (figure_of(false), figure_of(true));
    let is_faint = move || {
        now.get()
            .is_none_or(|figure| matches!(figure.grade, None | Some(Grade::None)))
    };
    let to_answers = move || {
        scope.link(|query| {
            query.tab = Tab::Answers;
            query.mentioned = measure.names_brand().then_some(true);
        })
    };
    view! {
        <li class="figure" class:is-faint=is_faint data-measure=measure.key()>
            <div class="figure-head">
                <h2>{t(measure.name())}</h2>
                <Definition name=measure.name() definition=measure.definition() has_interval=true />
            </div>
            <p class="figure-value">{move || now.get().map(|figure| value_words(&figure))}</p>
            {move || now.get().and_then(|figure| interval_view(&figure, is_small))}
            <p class="figure-over">
                <a href=move || at(&to_answers())>
                    {move || now.get().map(|figure| fill(measure.counted_over(), &[("n", &words::whole(figure.n))]))}
                </a>
                {move || now.get().and_then(|figure| figure.grade).map(grade_view)}
            </p>
            {move || {
                numbers
                    .with(|numbers| note(measure, numbers.as_ref()?))
                    .map(|note| view! { <p class="figure-note">{note}</p> })
            }}
            <p class="figure-before">
                {move || before.get().map(|before| before_words(measure, &before))} " "
                {move || numbers.with(|numbers| moved::of_card(measure, numbers.as_ref()?))}
            </p>
            {move || {
                numbers
                    .with(|numbers| moved::by_mix(measure, numbers.as_ref()?))
                    .map(|note| view! { <p class="figure-note" data-mix="">{note}</p> })
            }}
        </li>
    }
}

fn interval_view(figure: &Figure, is_small: bool) -> Option<impl IntoView + use<>> {
    let amount = figure.amount?;
    let language = locale::language();
    let Some(interval) = figure.interval else {
        return Some(
            view! { <p class="figure-interval">{texts::NO_INTERVAL.get(language)}</p> }.into_any(),
        );
    };
    let words = fill(
        texts::INTERVAL,
        &[("interval", &amount.interval_words(language, interval))],
    );
    let start = format!("{:.1}%", interval.low * 100.0);
    let width = format!("{:.1}%", ((interval.high - interval.low) * 100.0).max(1.0));
    Some(
        view! {
            <p class="figure-interval">{words}</p>
            {(!is_small && matches!(amount, Amount::Share(_)))
                .then(|| {
                    view! {
                        <div class="whisker" aria-hidden="true">
                            <i style:left=start style:width=width></i>
                        </div>
                    }
                })}
        }
        .into_any(),
    )
}

fn grade_view(grade: Grade) -> impl IntoView {
    let (name, meaning) = grade_name(grade);
    let class = if matches!(grade, Grade::Decision) {
        "badge is-good"
    } else {
        "badge"
    };
    view! {
        <span class=class title=t(meaning)>
            {t(name)}
        </span>
    }
}

/// How a number is counted, behind a small button.
#[component]
fn Definition(name: Text, definition: Text, #[prop(optional)] has_interval: bool) -> impl IntoView {
    let label =
        Words::new(move || fill(texts::WHAT_IS, &[("name", &name.get(locale::language()))]));
    view! {
        <Menu label trigger=|| view! { <Icon glyph=Glyph::Info /> } class="icon-button">
            <p class="definition">{t(definition)}</p>
            {has_interval.then(|| view! { <p class="definition muted">{t(texts::ABOUT_INTERVALS)}</p> })}
        </Menu>
    }
}

#[component]
fn CostCard(numbers: Memo<Option<Dashboard>>) -> impl IntoView {
    let sums = move |is_previous: bool| {
        numbers.with(|numbers| {
            let numbers = numbers.as_ref()?;
            Some(if is_previous {
                numbers.previous.all
            } else {
                numbers.total.all
            })
        })
    };
    let before = move || {
        let before = sums(true)?;
        let language = locale::language();
        if before.answers == 0 {
            return Some(texts::BEFORE_NO_DATA.get(language).to_owned());
        }
        let over = texts::OVER_ANSWERS.fill(language, &[("n", &words::whole(before.answers))]);
        Some(fill(
            texts::BEFORE,
            &[
                (
                    "value",
                    &words::paid_and_simulated(before.spend(), before.simulated_cost),
                ),
                ("over", &over),
            ],
        ))
    };
    view! {
        <li class="figure" data-measure="cost">
            <div class="figure-head">
                <h2>{t(texts::COST)}</h2>
                <Definition name=texts::COST definition=texts::COST_HINT />
            </div>
            <p class="figure-value">
                {move || {
                    sums(false)
                        .map(|sums| words::paid_and_simulated(sums.spend(), sums.simulated_cost))
                }}
            </p>
            <p class="figure-interval">
                {move || {
                    let is_at_least = sums(false).is_some_and(|sums| sums.unpriced > 0);
                    t(if is_at_least { texts::COST_AT_LEAST } else { texts::COST_PRICED })
                }}
            </p>
            <p class="figure-over">
                {move || sums(false).map(|sums| fill(texts::OVER_ANSWERS, &[("n", &words::whole(sums.answers))]))}
            </p>
            <p class="figure-before">{before}</p>
        </li>
    }
}
