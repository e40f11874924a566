//! Which models a project asks.

use leptos::prelude::*;

use super::state;
use crate::address::at;
use crate::model::ids::ModelId;
use crate::model::money::Money;
use crate::model::provider::Provider;
use crate::model::registry::ModelView;
use crate::model::spend::AskCost;
use crate::texts::projects;
use crate::ui::{
    AsyncView, Badge, Glyph, Icon, ProviderMark, Remote, Simulated, Submission, Tone, browser,
    fill, format, retirement, t,
};

/// The models by provider, each with its price.
#[component]
pub fn ModelChoice(
    /// The form.
    form: Submission,
    /// The registry.
    models: Remote<Vec<ModelView>>,
    /// What is chosen.
    chosen: RwSignal<Vec<ModelId>>,
    /// The questions, to say how many answers a run brings.
    questions: RwSignal<String>,
    /// How often each is asked.
    repeats: RwSignal<String>,
    /// What one question costs with each model.
    costs: Remote<Vec<AskCost>>,
) -> impl IntoView {
    let id = form.id_of("model_ids");
    let error_id = format!("{id}-error");
    view! {
        <div
            class="field"
            id=id
            tabindex="-1"
            role="group"
            aria-label=t(projects::MODELS)
            on:change=move |_| form.touch("model_ids")
        >
            {move || {
                form.error_of("model_ids")
                    .map(|error| {
                        view! {
                            <p class="field-error" id=error_id.clone()>
                                <Icon glyph=Glyph::Warning />
                                {error}
                            </p>
                        }
                    })
            }}
            <AsyncView remote=models lines=5 let:list>
                {
                    let groups = state::offered(&list, &chosen.get_untracked())
                        .into_iter()
                        .map(|(provider, own)| view! { <ProviderGroup provider own chosen /> })
                        .collect_view();
                    view! { <div class="model-groups">{groups}</div> }.into_any()
                }
            </AsyncView>
        </div>
        <RunSize chosen questions repeats costs />
    }
}

#[component]
fn RunSize(
    chosen: RwSignal<Vec<ModelId>>,
    questions: RwSignal<String>,
    repeats: RwSignal<String>,
    costs: Remote<Vec<AskCost>>,
) -> impl IntoView {
    let cost = move || {
        let asks = questions
            .with(|text| state::questions(text).len())
            .saturating_mul(repeats.with(|typed| state::repeats(typed)));
        let costs = costs.value()?;
        let (cost, unpriced) = chosen.with(|chosen| state::run_cost(&costs, chosen, asks));
        let text = match (cost == Money::ZERO, unpriced) {
            (false, 0) => projects::RUN_COST,
            (false, _) => projects::RUN_COST_AND_UNPRICED,
            (true, _) => return None,
        };
        Some(fill(
            text,
            &[("cost", &format::money(cost)), ("n", &unpriced)],
        ))
    };
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let words = move || {
        let models = chosen.with(Vec::len);
        let questions = questions.with(|text| state::questions(text).len());
        let repeats = repeats.with(|typed| state::repeats(typed));
        let points = |answers: usize| {
            let share = state::half_width(answers) * 100.0;
            format::number(share, 0)
        };
        let (best, worst) = (points(questions.saturating_mul(repeats)), points(questions));
        let range = if best == worst {
            best
        } else {
            format!("{best}–{worst}")
        };
        (models > 0 && questions > 0).then(|| {
            fill(
                projects::RUN_SIZE,
                &[
                    ("questions", &format::whole(count(questions))),
                    ("models", &format::whole(count(models))),
                    ("repeats", &format::whole(count(repeats))),
                    ("points", &range),
                    (
                        "answers",
                        &format::whole(count(
                            questions.saturating_mul(models).saturating_mul(repeats),
                        )),
                    ),
                ],
            )
        })
    };
    view! { <p class="run-size" role="status">{words} " " {cost}</p> }
}

#[component]
fn ProviderGroup(
    provider: Provider,
    own: Vec<ModelView>,
    chosen: RwSignal<Vec<ModelId>>,
) -> impl IntoView {
    let is_usable = own.iter().any(|model| model.usable);
    let boxes = own
        .into_iter()
        .map(|model| view! { <ModelBox model chosen /> })
        .collect_view();
    view! {
        <fieldset class="model-group">
            <legend>
                <ProviderMark provider />
                {provider.label()}
                {(provider == Provider::Simulator).then(|| view! { <Simulated /> })}
            </legend>
            {(provider == Provider::Simulator)
                .then(|| view! { <p class="field-hint">{t(projects::SIMULATOR_NOTE)}</p> })}
            {(!is_usable)
                .then(|| {
                    view! {
                        <p class="field-hint">
                            {t(projects::NO_KEY_YET)} " " <a href=at("/keys")>{t(projects::ADD_KEY)}</a>
                        </p>
                    }
                })}
            <ul>{boxes}</ul>
        </fieldset>
    }
}

#[component]
fn ModelBox(model: ModelView, chosen: RwSignal<Vec<ModelId>>) -> impl IntoView {
    let id = model.id;
    let element_id = browser::unique_id("model");
    let hint_id = format!("{element_id}-hint");
    let price = model.price.clone();
    let searches = model.web_search;
    let is_simulated = model.provider == Provider::Simulator;
    let words = move || {
        let cost = match &price {
            Some(price) => {
                let (input, output) = (format::price(price.input), format::price(price.output));
                fill(projects::PRICE, &[("input", &input), ("output", &output)])
            }
            None if is_simulated => String::new(),
            None => fill(projects::UNPRICED, &[]),
        };
        let search = if searches {
            fill(projects::SEARCHES, &[])
        } else {
            String::new()
        };
        [cost, search]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    };
    let toggle = move |event| {
        let is_wanted = event_target_checked(&event);
        chosen.update(|chosen| {
            chosen.retain(|kept| *kept != id);
            if is_wanted {
                chosen.push(id);
            }
        });
    };
    let end = retirement(&model).map(|badge| view! { " " {badge} });
    view! {
        <li class="check">
            <input
                type="checkbox"
                id=element_id.clone()
                aria-describedby=hint_id.clone()
                prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                on:change=toggle
            />
            <label for=element_id>
                {model.display_name}
                {model
                    .is_current
                    .then(|| {
                        view! {
                            " "
                            <Badge label=projects::CURRENT tone=Tone::Info />
                        }
                    })}
                {end}
            </label>
            <p class="field-hint" id=hint_id>
                {words}
            </p>
        </li>
    }
}
