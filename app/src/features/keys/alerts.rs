//! What is said where a budget of this month has reached its threshold or its end. On a project's
//! pages that is seldom: there the code is a part of its own, loaded when there is something to say.

use leptos::prelude::*;

use super::state::alerts_for;
use crate::address::at;
use crate::model::ids::ProjectId;
use crate::model::keys::BudgetView;
use crate::model::spend::{AlertKind, BudgetAlert};
use crate::texts::{keys, nav, runs};
use crate::ui::part::{part, there_unseen};
use crate::ui::{Notice, Remote, Tone, fill, format, t};

part! {
    alerts: fn alerts((budget, project): (Remote<BudgetView>, ProjectId)) {
        view! { <BudgetAlerts budget project /> }
    }
}

/// The alerts that concern a project, on its pages.
pub fn alerts_of(budget: Remote<BudgetView>, project: ProjectId) -> AnyView {
    let is_any = Memo::new(move |_| {
        let budget = budget.value();
        budget.is_some_and(|budget| !alerts_for(&budget, Some(project)).is_empty())
    });
    let view = move || {
        is_any
            .get()
            .then(|| there_unseen(alerts, (budget, project)))
    };
    view.into_any()
}

/// The alerts of this month that concern a page; nothing where there are none.
#[component]
pub fn BudgetAlerts(
    /// The budget.
    budget: Remote<BudgetView>,
    /// The project of this page. `None` on the page of the budget.
    #[prop(optional)]
    project: Option<ProjectId>,
) -> impl IntoView {
    let shown = Memo::new(move |_| budget.value());
    move || {
        let budget = shown.get()?;
        let alerts = alerts_for(&budget, project);
        if alerts.is_empty() {
            return None;
        }
        let notices = alerts
            .into_iter()
            .map(|alert| {
                let tone = match alert.kind {
                    AlertKind::Threshold => Tone::Warning,
                    AlertKind::End => Tone::Danger,
                };
                let (href, label) = match &alert.project {
                    Some((id, _)) => (format!("/projects/{id}/settings"), nav::PROJECT_SETTINGS),
                    None => ("/keys".to_owned(), runs::TO_BUDGET),
                };
                // The page of the budget needs no link to itself.
                let link = (project.is_some() || alert.project.is_some())
                    .then(|| view! { <a class="link" href=at(&href)>{t(label)}</a> });
                let words = words(&budget, &alert);
                view! {
                    <Notice tone>
                        <p>{words}</p>
                        {link}
                    </Notice>
                }
            })
            .collect_view();
        Some(view! { <div class="budget-alerts" role="status">{notices}</div> })
    }
}

fn words(budget: &BudgetView, alert: &BudgetAlert) -> String {
    let (spent, monthly) = (format::money(budget.spent), format::money(budget.monthly));
    let percent = budget.spent.percent_of(budget.monthly).unwrap_or(100.0);
    let percent = format::number(percent.floor(), 0);
    let name = alert.project.as_ref().map_or("", |(_, name)| name.as_str());
    let text = match (&alert.project, alert.kind) {
        (None, AlertKind::Threshold) => keys::ALERT_THRESHOLD,
        (None, AlertKind::End) => keys::ALERT_END,
        (Some(_), AlertKind::Threshold) => keys::ALERT_PROJECT_THRESHOLD,
        (Some(_), AlertKind::End) => keys::ALERT_PROJECT_END,
    };
    fill(
        text,
        &[
            ("percent", &percent),
            ("spent", &spent),
            ("monthly", &monthly),
            ("name", &name),
        ],
    )
}
