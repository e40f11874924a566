//! The button that starts a run, and the window that says before what it will ask and cost.

use leptos::prelude::*;

use super::live::Live;
use super::state::{Fit, basis_text, can_start, fit, names_of, providers_without_key};
use crate::address::at;
use crate::api;
use crate::frame::scope::Scope;
use crate::frame::{activity, live_runs};
use crate::model::money::{Money, Spend};
use crate::model::provider::Provider;
use crate::model::spend::{Estimate, ModelForecast, Readiness, RunForecast};
use crate::texts::{Text, nav, runs as texts};
use crate::ui::format as words;
use crate::ui::part::{part, there_once_open};
use crate::ui::{
    Badge, Button, Dialog, ErrorPanel, Glyph, Look, Notice, ProviderMark, Remote, Skeleton,
    Submission, SubmitButton, Tone, browser, fill, remote, t,
};

/// The button and its window.
#[component]
pub fn StartRun(
    /// What the page is about and how it is filtered.
    scope: Scope,
    /// The run that is under way, as it goes on.
    live: Live,
    /// How the button looks.
    #[prop(default = Look::Primary)]
    look: Look,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let is_running = Memo::new(move |_| live.is_running());
    view! {
        <Button
            label=texts::RUN_NOW
            look
            glyph=Glyph::Play
            disabled=is_running
            on_press=move |()| open.set(true)
        />
        {there_once_open(open.into(), start_window, (scope, open))}
    }
}

/// What the window is about, and whether it is open.
type Shared = (Scope, RwSignal<bool>);

part! {
    start: fn start_window((scope, open): Shared) {
        view! {
            <Dialog open title=texts::START_TITLE>
                <Contents scope open />
            </Dialog>
        }
    }
}

/// Made anew each time the window opens: what it says is of this moment.
#[component]
fn Contents(scope: Scope, open: RwSignal<bool>) -> impl IntoView {
    let form = Submission::new();
    let is_paused = Memo::new(move |_| {
        let project = scope.project.value();
        project.is_some_and(|project| !project.record.is_active)
    });
    let forecast = Remote::new(move || {
        // A project that is resumed asks something again.
        is_paused.track();
        api::spend::run_forecast(scope.project_id)
    });
    let is_ready = Memo::new(move |_| {
        !is_paused.get() && forecast.value().is_some_and(|known| can_start(&known))
    });
    let button_id = form.id_of("start");
    let focused = button_id.clone();
    // Enter starts: the button has the focus as soon as it can be pressed.
    Effect::new(move |_| {
        if is_ready.get() {
            browser::focus_soon(focused.clone());
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !is_ready.get_untracked() {
            return;
        }
        form.run(api::runs::start_run(scope.project_id), move |run| {
            open.set(false);
            live_runs::note(run);
        });
    };
    let contents = move || match forecast.result() {
        _ if is_paused.get() => view! { <p>{t(texts::PROJECT_IS_PAUSED)}</p> }.into_any(),
        Some(Ok(known)) => forecast_view(&known).into_any(),
        Some(Err(error)) => {
            view! { <ErrorPanel error on_retry=move |()| forecast.reload() /> }.into_any()
        }
        None => view! { <Skeleton lines=5 /> }.into_any(),
    };
    view! {
        <form class="start-run" novalidate on:submit=submit>
            {contents}
            {move || {
                form.error()
                    .map(|error| {
                        view! {
                            <div role="alert">
                                <Notice tone=Tone::Danger>{remote::explain(&error)}</Notice>
                            </div>
                        }
                    })
            }}
            <footer class="dialog-actions">
                <Button label=texts::NOT_NOW on_press=move |()| open.set(false) />
                <Show when=move || is_paused.get()>{resume(scope)}</Show>
                <Show when=move || !is_paused.get()>
                    <SubmitButton
                        label=texts::START
                        form
                        glyph=Glyph::Play
                        id=button_id.clone()
                        disabled=Signal::derive(move || !is_ready.get())
                    />
                </Show>
            </footer>
        </form>
    }
}

/// A project that is paused asks nothing: the way out.
fn resume(scope: Scope) -> AnyView {
    let resume = move |()| activity::switch(scope, true);
    view! {
        <Button
            label=nav::RESUME_PROJECT
            look=Look::Primary
            glyph=Glyph::Play
            on_press=resume
        />
    }
    .into_any()
}

fn forecast_view(forecast: &RunForecast) -> impl IntoView + use<> {
    let asked = forecast.models.iter().filter(|model| model.asks > 0);
    let models = i64::try_from(asked.count()).unwrap_or(i64::MAX);
    let questions = counted(forecast.asks(), texts::ONE_QUESTION, texts::QUESTIONS);
    let models = counted(models, texts::ONE_MODEL, texts::MODELS);
    let sentence = fill(
        texts::PLAN,
        &[("questions", &questions), ("models", &models)],
    );
    let sums = (forecast.asks() > 0).then(|| sums_view(forecast));
    view! {
        <p class="plan">{sentence}</p>
        <ul class="plan-models">{forecast.models.iter().map(model_view).collect_view()}</ul>
        {sums}
        {warnings(forecast)}
    }
}

/// `1 question`, `84 questions`.
pub(super) fn counted(count: i64, one: Text, many: Text) -> String {
    match count {
        1 => t(one)().to_owned(),
        _ => fill(many, &[("count", &words::whole(count))]),
    }
}

/// Expected cost, worst case, what is left.
fn sums_view(forecast: &RunForecast) -> impl IntoView + use<> {
    let has_cost = forecast.models.iter().any(|model| model.cost.is_some());
    let (expected, range) = if has_cost {
        (
            words::money(forecast.cost.expected),
            Some(range_words(forecast.cost)),
        )
    } else {
        (t(texts::COST_UNKNOWN)().to_owned(), None)
    };
    let account = forecast.tighter();
    let is_own = forecast.project_budget == Some(account);
    let left_of = if is_own {
        texts::LEFT_OF_PROJECT
    } else {
        texts::LEFT_OF
    };
    let monthly = words::money(account.monthly);
    view! {
        <dl class="plan-sums">
            <div>
                <dt>{t(texts::EXPECTED)}</dt>
                <dd>
                    <strong>{expected}</strong>
                    <span>{range}</span>
                </dd>
            </div>
            {has_cost
                .then(|| {
                    view! {
                        <div>
                            <dt>{t(texts::WORST)}</dt>
                            <dd>{words::money(forecast.worst_case)}</dd>
                        </div>
                    }
                })}
            {forecast
                .judge
                .map(|cost| {
                    view! {
                        <div>
                            <dt>{t(texts::JUDGE_COST)}</dt>
                            <dd>{words::money(cost)}</dd>
                        </div>
                    }
                })}
            <div>
                <dt>{t(texts::LEFT)}</dt>
                <dd>
                    {words::money(account.free())} <span>{fill(left_of, &[("monthly", &monthly)])}</span>
                </dd>
            </div>
        </dl>
    }
}

fn range_words(cost: Estimate) -> String {
    fill(
        texts::RANGE,
        &[
            ("low", &words::money(cost.low)),
            ("high", &words::money(cost.high)),
        ],
    )
}

fn model_view(model: &ModelForecast) -> impl IntoView + use<> {
    let badge = match model.readiness {
        Readiness::Ready | Readiness::ReadyUnpriced => None,
        Readiness::Unpriced => Some((texts::NO_PRICE, Glyph::Warning)),
        Readiness::NoKey => Some((texts::NO_KEY, Glyph::Key)),
        Readiness::Unavailable => Some((texts::UNAVAILABLE, Glyph::Stop)),
        Readiness::Ended => Some((texts::ENDED, Glyph::Stop)),
    };
    let right = match (badge, model.cost) {
        (Some((label, glyph)), _) => view! { <Badge label tone=Tone::Warning glyph /> }.into_any(),
        (None, Some(cost)) => {
            let expected = if model.provider == Provider::Simulator {
                words::paid_and_simulated(Spend::default(), cost.expected)
            } else {
                words::money(cost.expected)
            };
            let basis = fill(
                basis_text(model.basis),
                &[("count", &words::whole(model.answers))],
            );
            view! {
                <span class="plan-cost">{expected}</span>
                <span class="plan-basis">{range_words(cost)} " · " {basis}</span>
            }
            .into_any()
        }
        (None, None) => view! { <Badge label=texts::COST_UNKNOWN tone=Tone::Warning /> }.into_any(),
    };
    let asks = (model.asks > 0).then(|| {
        let asks = counted(model.asks, texts::ONE_QUESTION, texts::QUESTIONS);
        view! { <span class="plan-asks">{asks}</span> }
    });
    view! {
        <li>
            <ProviderMark provider=model.provider />
            <span>{model.name.clone()} " " {asks}</span>
            {right}
        </li>
    }
}

/// What stands between this run and all its answers.
fn warnings(forecast: &RunForecast) -> impl IntoView + use<> {
    let mut notices = Vec::new();
    let mut say = |tone: Tone, words: String, has_link: bool| {
        let link =
            has_link.then(|| view! { <a class="link" href=at("/keys")>{t(texts::TO_BUDGET)}</a> });
        notices.push(view! { <Notice tone><p>{words}</p>{link}</Notice> }.into_any());
    };
    let left = words::money(forecast.tighter().free());
    let over = |text, worst: Money| fill(text, &[("worst", &words::money(worst)), ("left", &left)]);
    // A project's own budget is raised in its form, not on the page of the workspace's.
    let is_own = forecast.project_budget == Some(forecast.tighter());
    match fit(forecast) {
        Fit::Fits => {}
        Fit::MayNotFit => say(
            Tone::Info,
            over(texts::MAY_NOT_FIT, forecast.worst_case),
            false,
        ),
        Fit::WillNotFit => say(
            Tone::Warning,
            over(texts::WILL_NOT_FIT, forecast.worst_case),
            !is_own,
        ),
        Fit::UsedUp => say(Tone::Danger, t(texts::USED_UP)().to_owned(), !is_own),
    }
    let missing = providers_without_key(forecast);
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|provider| provider.label()).collect();
        let words = fill(texts::NO_KEY_FOR, &[("providers", &names.join(", "))]);
        say(Tone::Warning, words, true);
    }
    for (readiness, text) in [
        (Readiness::Unpriced, texts::UNPRICED_NOT_ASKED),
        (Readiness::ReadyUnpriced, texts::UNPRICED_ASKED),
    ] {
        if let Some(names) = names_of(forecast, readiness) {
            say(Tone::Warning, fill(text, &[("models", &names)]), false);
        }
    }
    for model in &forecast.models {
        let Some(ended_at) = model.ended_at else {
            continue;
        };
        let when = words::date_of(ended_at);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &model.name), ("when", &when)];
        say(Tone::Warning, fill(texts::MODEL_ENDED, &values), false);
    }
    let gone = forecast
        .models
        .iter()
        .filter(|model| model.readiness == Readiness::Unavailable)
        .count();
    if gone > 0 {
        let words = fill(texts::MODELS_GONE, &[("count", &gone)]);
        say(Tone::Warning, words, false);
    }
    if forecast.asks() == 0 {
        say(Tone::Danger, t(texts::NOTHING_TO_ASK)().to_owned(), false);
    }
    notices
}
