//! The button that starts a run, and the window that says before what it will ask.

use leptos::prelude::*;

use super::live::Live;
use super::state::{Plan, PlannedModel};
use crate::api;
use crate::features::dashboard::scope::Scope;
use crate::texts::{common, runs as texts};
use crate::ui::format as words;
use crate::ui::{
    Badge, Button, Dialog, ErrorPanel, Glyph, Look, Notice, ProviderMark, Skeleton, Submission,
    Tone, fill, remote, t,
};

/// The button and its window.
#[component]
pub fn StartRun(scope: Scope, live: Live) -> impl IntoView {
    let open = RwSignal::new(false);
    let is_running = Memo::new(move |_| live.is_running());
    view! {
        <Button
            label=texts::RUN_NOW
            look=Look::Primary
            glyph=Glyph::Play
            disabled=is_running
            on_press=move |()| {
                // A key may have been added in another window.
                scope.models.reload();
                open.set(true);
            }
        />
        <Dialog open title=texts::START_TITLE>
            <Contents scope live open />
        </Dialog>
    }
}

#[component]
fn Contents(scope: Scope, live: Live, open: RwSignal<bool>) -> impl IntoView {
    let form = Submission::new();
    let plan = Memo::new(move |_| {
        let (project, models) = (scope.project.value()?, scope.models.value()?);
        Some(Plan::new(&project, &models))
    });
    let asks = Memo::new(move |_| plan.with(|plan| plan.as_ref().map_or(0, Plan::asks)));
    let start = move |()| {
        form.run(api::runs::start_run(scope.project_id), move |run| {
            open.set(false);
            live.show(run);
        });
    };
    let contents = move || match (plan.get(), scope.models.result()) {
        (Some(plan), _) => plan_view(&plan).into_any(),
        (None, Some(Err(error))) => {
            view! { <ErrorPanel error on_retry=move |()| scope.models.reload() /> }.into_any()
        }
        (None, _) => view! { <Skeleton lines=4 /> }.into_any(),
    };
    view! {
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
            <Button label=common::CANCEL on_press=move |()| open.set(false) />
            <Button
                label=texts::START
                look=Look::Primary
                glyph=Glyph::Play
                disabled=Signal::derive(move || asks.get() == 0)
                pending=Signal::derive(move || form.is_pending())
                on_press=start
            />
        </footer>
    }
}

fn plan_view(plan: &Plan) -> impl IntoView + use<> {
    let count = |number: usize| words::whole(i64::try_from(number).unwrap_or(i64::MAX));
    let usable = plan.models.iter().filter(|model| model.is_usable).count();
    let sentence = fill(
        texts::PLAN,
        &[
            ("prompts", &count(plan.prompts)),
            ("models", &count(usable)),
            ("asks", &count(plan.asks())),
        ],
    );
    let missing = plan.providers_without_key();
    let missing = (!missing.is_empty()).then(|| {
        let names: Vec<&str> = missing.iter().map(|provider| provider.label()).collect();
        let words = fill(texts::NO_KEY_FOR, &[("providers", &names.join(", "))]);
        view! {
            <Notice tone=Tone::Warning>
                <p>{words}</p>
                <a class="link" href="/keys">{t(texts::ADD_KEY)}</a>
            </Notice>
        }
    });
    let gone = (plan.gone > 0).then(|| {
        let words = fill(texts::MODELS_GONE, &[("count", &plan.gone)]);
        view! { <Notice tone=Tone::Warning>{words}</Notice> }
    });
    let nothing = (plan.asks() == 0)
        .then(|| view! { <Notice tone=Tone::Danger>{t(texts::NOTHING_TO_ASK)}</Notice> });
    view! {
        <p class="plan">{sentence}</p>
        <ul class="plan-models">{plan.models.iter().map(planned_model).collect_view()}</ul>
        {missing}
        {gone}
        {nothing}
    }
}

fn planned_model(model: &PlannedModel) -> impl IntoView + use<> {
    let badge = if model.is_usable {
        view! { <Badge label=texts::READY tone=Tone::Good glyph=Glyph::Check /> }
    } else {
        view! { <Badge label=texts::NO_KEY tone=Tone::Warning glyph=Glyph::Key /> }
    };
    view! {
        <li>
            <ProviderMark provider=model.provider />
            <span>{model.name.clone()}</span>
            {badge}
        </li>
    }
}
