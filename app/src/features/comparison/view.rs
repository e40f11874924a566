//! The providers side by side, by one measure: the period, then day by day.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::grid::{Cell, Grid, Place};
use crate::address::at;
use crate::api;
use crate::frame::answered::Answered;
use crate::frame::left_out::LeftOut;
use crate::frame::query::{PageQuery, Period, Tab};
use crate::frame::scope::Scope;
use crate::model::comparison::Comparison;
use crate::model::metrics::is_few;
use crate::model::provider::Provider;
use crate::texts::{comparison as texts, dashboard};
use crate::ui::format as words;
use crate::ui::{
    AsyncView, Badge, Button, Card, EmptyState, Glyph, LinkButton, Look, Notice, ProviderMark,
    Remote, RemovableChip, Segment, Segments, TableFrame, Tone, fill, locale, t,
};
use crate::words::dates::long_day;
use crate::words::figure::Measure;

/// Days that are shown before the rest is asked for.
const SHOWN: usize = 31;

/// The providers side by side.
#[component]
pub fn ComparisonView(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let made_up = Memo::new(move |_| scope.made_up_model());
    let simulated = Memo::new(move |_| made_up.with(Option::is_some));
    let query = Memo::new(move |_| {
        PageQuery::comparison_query(scope.project_id, scope.period.get(), simulated.get())
    });
    let answered = Answered::new(query);
    let compared = Remote::new(move || {
        scope.refresh.track();
        let asked = query.get();
        async move {
            let reply = api::dashboard::compared(asked).await;
            answered.note(asked);
            reply
        }
    });
    let left_out = Signal::derive(move || {
        let compared = compared.value();
        compared
            .map(|compared| compared.left_out)
            .unwrap_or_default()
    });
    // Chips of models are not shown here: this one leads back.
    let alone = move || {
        let label = made_up.get()?;
        let all = move |()| scope.choose_models(Vec::new());
        Some(view! { <RemovableChip label on_remove=all /> })
    };
    view! {
        <div
            class="page-stack"
            class:is-old=move || answered.is_old()
            aria-busy=move || compared.is_loading().then_some("true")
        >
            <Card title=texts::TITLE lead=texts::LEAD>
                <div class="project-badges">
                    {alone} <LeftOut scope models=left_out />
                </div>
                <MeasureChoice scope />
                <AsyncView remote=compared lines=8 let:compared>
                    {view! { <Days scope compared /> }.into_any()}
                </AsyncView>
            </Card>
        </div>
    }
}

#[component]
fn MeasureChoice(scope: Scope) -> impl IntoView {
    let measures = Measure::COMPARED
        .into_iter()
        .map(|measure| {
            Segment::new(
                measure.name(),
                move || scope.query.get().measure == measure,
                move || scope.change(|query| query.measure = measure),
            )
        })
        .collect();
    let definition = move || scope.query.get().measure.definition();
    view! {
        <div class="comparison-measures">
            <Segments legend=texts::MEASURE segments=measures />
        </div>
        <p class="field-hint">{move || t(definition())}</p>
    }
}

#[component]
fn Days(scope: Scope, compared: Comparison) -> impl IntoView {
    let measure = Memo::new(move |_| scope.query.get().measure);
    let all = RwSignal::new(false);
    move || {
        let measure = measure.get();
        let grid = Grid::new(&compared, measure);
        if grid.days.is_empty() {
            return view! {
                <EmptyState
                    glyph=Glyph::Chart
                    title=dashboard::NO_ANSWERS
                    message=texts::NO_ANSWERS_HINT
                />
            }
            .into_any();
        }
        let is_unjudged =
            measure == Measure::Tone && grid.period.iter().all(|cell| cell.figure.n == 0);
        if is_unjudged {
            return view! {
                <EmptyState glyph=Glyph::Chart title=texts::NO_JUDGE message=texts::NO_JUDGE_HINT>
                    <LinkButton label=texts::CHOOSE_JUDGE href="/keys" look=Look::Quiet />
                </EmptyState>
            }
            .into_any();
        }
        table(scope, measure, &grid, all).into_any()
    }
}

fn table(
    scope: Scope,
    measure: Measure,
    grid: &Grid,
    all: RwSignal<bool>,
) -> impl IntoView + use<> {
    let heads = grid
        .providers
        .iter()
        .map(|provider| {
            view! {
                <th scope="col">
                    <span class="provider-name">
                        <ProviderMark provider=*provider />
                        {provider.label()}
                    </span>
                </th>
            }
        })
        .collect_view();
    let providers = grid.providers.clone();
    let (days, total) = (grid.days.clone(), grid.days.len());
    let rows = move || {
        let shown = if all.get() { total } else { SHOWN };
        days.iter()
            .take(shown)
            .map(|(day, cells)| row(scope, measure, &providers, Some(*day), cells))
            .collect_view()
    };
    let whole = row(scope, measure, &grid.providers, None, &grid.period);
    let language = locale::language();
    let caption = fill(texts::TABLE, &[("measure", &measure.name().get(language))]);
    let lonely = (grid.providers.len() == 1).then(|| {
        view! {
            <Notice tone=Tone::Info>
                <p>{t(texts::ONLY_ONE)}</p>
            </Notice>
        }
    });
    let more = fill(texts::SHOW_ALL, &[("n", &total)]);
    view! {
        {lonely}
        <TableFrame caption class="is-cards comparison">
            <thead>
                <tr>
                    <th scope="col">{t(dashboard::DAY)}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{whole} {rows}</tbody>
        </TableFrame>
        <Show when=move || SHOWN < total && !all.get()>
            <p class="beside-more">
                <Button label=more.clone() on_press=move |()| all.set(true) />
            </p>
        </Show>
        <p class="field-hint">{t(texts::MARKS)}</p>
    }
}

/// A day, or the whole period.
fn row(
    scope: Scope,
    measure: Measure,
    providers: &[Provider],
    day: Option<NaiveDate>,
    cells: &[Cell],
) -> impl IntoView + use<> {
    let name = match day {
        Some(day) => long_day(locale::language(), day),
        None => texts::WHOLE_PERIOD.get(locale::language()).to_owned(),
    };
    let cells = providers
        .iter()
        .zip(cells)
        .map(|(provider, cell)| self::cell(scope, measure, *provider, day, *cell))
        .collect_view();
    view! {
        <tr class:is-total=day.is_none()>
            <th scope="row">{name}</th>
            {cells}
        </tr>
    }
}

fn cell(
    scope: Scope,
    measure: Measure,
    provider: Provider,
    day: Option<NaiveDate>,
    cell: Cell,
) -> AnyView {
    let Some(amount) = cell.figure.amount else {
        return view! {
            <td class="muted" data-label=provider.label()>
                {t(dashboard::NO_DATA)}
            </td>
        }
        .into_any();
    };
    let value = amount.words(locale::language());
    let n = words::whole(cell.figure.n);
    let label = fill(
        texts::CELL,
        &[
            ("provider", &provider.label()),
            ("value", &value),
            ("n", &n),
        ],
    );
    let href = scope.link(move |query| {
        *query = PageQuery {
            tab: Tab::Answers,
            period: day
                .map(|day| Period::between(day, day).into())
                .or(query.period),
            provider: Some(provider),
            mentioned: measure.names_brand().then_some(true),
            ..query.without_filters()
        };
    });
    let place = cell.place.map(|place| match place {
        Place::Best => view! { <Badge label=dashboard::BEST tone=Tone::Good /> }.into_any(),
        Place::Worst => view! { <Badge label=dashboard::WORST tone=Tone::Warning /> }.into_any(),
    });
    view! {
        <td class:is-faint=is_few(cell.answers) data-label=provider.label()>
            <span class="comparison-cell">
                <a class="link" href=at(&href) aria-label=label>
                    {value}
                </a>
                <small>{format!("n\u{a0}=\u{a0}{n}")}</small>
                {place}
            </span>
        </td>
    }
    .into_any()
}
