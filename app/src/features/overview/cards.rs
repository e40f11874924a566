//! The cards of key figures: what stands on each, from the numbers of the period.

use leptos::prelude::*;

use super::state;
use crate::frame::query::PageQuery;
use crate::frame::scope::Scope;
use crate::model::dashboard::Dashboard;
use crate::model::ids::ProjectId;
use crate::model::overview::{ChartMetric, Overview, Spark};
use crate::texts::{dashboard, overview as texts};
use crate::ui::locale::{language, t};
use crate::ui::{Direction, Kpi, KpiCard, fill};
use crate::words::change::{Course, Said, said};
use crate::words::figure::{self, Figure, Measure};

/// The four cards of the first screen.
pub(super) fn cards(scope: Scope) -> AnyView {
    let answers = answers_of(scope);
    let cards = move || {
        let screen = scope.screen.get()?;
        let answers = answers.get();
        let cards = Measure::MAIN.map(|measure| {
            let metric = chart_metric(measure);
            let open = move |()| {
                if let Some(metric) = metric {
                    scope.change(|query| query.metric = metric);
                }
            };
            let card = Kpi {
                on_open: Some(Callback::new(open)),
                ..card(scope.project_id, &screen, measure, &answers)
            };
            view! { <KpiCard card /> }
        });
        Some(cards.into_iter().collect_view())
    };
    view! {
        <div class="kpis" role="group" aria-label=t(texts::FIGURES)>
            {cards}
        </div>
    }
    .into_any()
}

/// The answers that figures rest on: what the chart is set to is not part of it.
pub(super) fn answers_of(scope: Scope) -> Memo<PageQuery> {
    Memo::new(move |_| scope.query.with(state::answers))
}

/// What the chart measures of a figure.
const fn chart_metric(measure: Measure) -> Option<ChartMetric> {
    match measure {
        Measure::Visibility => Some(ChartMetric::Visibility),
        Measure::ShareOfVoice => Some(ChartMetric::ShareOfVoice),
        Measure::AveragePosition => Some(ChartMetric::Position),
        Measure::Tone => Some(ChartMetric::Sentiment),
        _ => None,
    }
}

/// What stands on the card of a figure.
pub(super) fn card(
    project: ProjectId,
    screen: &Overview,
    measure: Measure,
    answers: &PageQuery,
) -> Kpi {
    let numbers = &screen.dashboard;
    let figure = measure.figure(&numbers.total);
    let moved = moved(measure, numbers);
    let (value, unit) = match figure.amount {
        Some(amount) => amount.on_card(language(), figure.interval),
        None => (dashboard::NO_DATA.get(language()).to_owned(), ""),
    };
    let href = PageQuery {
        mentioned: measure.names_brand().then_some(true),
        ..answers.clone()
    };
    let (change, direction) = match &moved {
        Some(said) => (said.words.clone(), direction(said.course)),
        None => (unmoved(numbers), Direction::Unclear),
    };
    Kpi {
        id: measure.key(),
        title: measure.name(),
        explanation: measure.definition(),
        notes: notes(measure, numbers, moved.map(|said| said.explanation)),
        value,
        unit,
        grade: figure.grade,
        change,
        direction,
        spark: spark(measure, numbers, &screen.sparks),
        meta: meta(measure, numbers, &figure),
        answers_href: Some(href.address(project)),
        on_open: None,
    }
}

/// Whether a change is for the better, as drawings have it.
pub(super) const fn direction(course: Course) -> Direction {
    match course {
        Course::Better => Direction::Better,
        Course::Worse => Direction::Worse,
        Course::Unclear => Direction::Unclear,
    }
}

fn moved(measure: Measure, numbers: &Dashboard) -> Option<Said> {
    let metric = measure.metric(&numbers.total);
    let change = numbers.changes.get(metric, None)?;
    said(language(), measure, change)
}

/// What stands in place of a change where there is none: `new` where there was nothing before.
fn unmoved(numbers: &Dashboard) -> String {
    let is_new = numbers.earlier.is_some() && numbers.previous.all.answers == 0;
    if is_new {
        texts::NEW.get(language()).to_owned()
    } else {
        String::new()
    }
}

/// The trend; one point is no trend.
fn spark(measure: Measure, numbers: &Dashboard, sparks: &[Spark]) -> Vec<Option<f64>> {
    let metric = measure.metric(&numbers.total);
    let spark = sparks.iter().find(|spark| spark.metric == metric);
    let values = spark.map(|spark| state::values(&spark.points));
    values
        .filter(|values| values.iter().flatten().count() > 1)
        .unwrap_or_default()
}

/// Interval, what it is counted over, and who says so.
fn meta(measure: Measure, numbers: &Dashboard, figure: &Figure) -> String {
    let mut parts = Vec::new();
    if let (Some(amount), Some(interval)) = (figure.amount, figure.interval) {
        parts.push(amount.interval_words(language(), interval));
    }
    parts.push(measure.counted_over(language(), figure.n));
    if matches!(measure, Measure::Tone | Measure::Recommended) {
        let by = if figure::is_judged(&numbers.total) {
            dashboard::BY_JUDGE
        } else {
            texts::BY_RULES
        };
        parts.push(by.get(language()).to_owned());
    }
    parts.join(" · ")
}

/// What stands behind the small button, below how the figure is counted.
fn notes(measure: Measure, numbers: &Dashboard, moved: Option<String>) -> Vec<String> {
    let before = measure.figure(&numbers.previous);
    let before = before.amount.map(|amount| {
        fill(
            texts::BEFORE,
            &[
                ("value", &amount.words(language())),
                ("over", &measure.counted_over(language(), before.n)),
            ],
        )
    });
    let is_toned = matches!(measure, Measure::Tone | Measure::Recommended);
    let is_judged = figure::is_judged(&numbers.total);
    let by_rules = (is_toned && !is_judged).then(|| figure::judged_by(false, language()));
    let about = dashboard::ABOUT_INTERVALS.get(language()).to_owned();
    [
        before,
        moved,
        by_mix(measure, numbers),
        by_rules,
        Some(about),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// That a figure moved because something else was asked, and not because answers changed.
fn by_mix(measure: Measure, numbers: &Dashboard) -> Option<String> {
    let change = numbers.changes.get(measure.metric(&numbers.total), None)?;
    let value = |figures| Some(measure.figure(figures).amount?.value());
    let (before, now) = (value(&numbers.previous)?, value(&numbers.total)?);
    if !change.is_mix(before, now) {
        return None;
    }
    let Some(difference) = change.difference else {
        return Some(dashboard::NOTHING_IN_COMMON.get(language()).to_owned());
    };
    let difference = measure.amount()(0.0).difference_words(language(), difference);
    Some(fill(
        dashboard::MOVED_BY_MIX,
        &[("difference", &difference)],
    ))
}
