//! Key figures, and the small drawings beside numbers.

use leptos::prelude::*;

use crate::model::metrics::Grade;
use crate::shapes::heat::HeatScale;
use crate::ui::{Change, Direction, HeatCell, HeatLegend, IntervalBar, Kpi, KpiCard, Sparkline};
use crate::words::figure::Measure;

/// Thirty days of a share, some of them without answers.
fn days(gap: bool) -> Vec<Option<f64>> {
    let steps = [58, 61, 57, 60, 63, 62, 59, 64, 66, 63, 65, 68, 64, 67, 70];
    steps
        .into_iter()
        .enumerate()
        .map(|(day, percent)| {
            let is_gap = gap && (5..8).contains(&day);
            (!is_gap).then(|| f64::from(percent) / 100.0)
        })
        .collect()
}

fn card(id: &'static str, measure: Measure) -> Kpi {
    Kpi {
        id,
        title: measure.name(),
        explanation: measure.definition(),
        notes: Vec::new(),
        value: "64".to_owned(),
        unit: "%",
        grade: Some(Grade::Decision),
        change: "9 points".to_owned(),
        direction: Direction::Better,
        spark: days(false),
        meta: "59–69% · 7,828 answers".to_owned(),
        answers_href: Some("/".to_owned()),
        on_open: Some(Callback::new(|()| ())),
    }
}

/// The card of a key figure: better, worse, unclear, and on too few answers.
pub(super) fn cards() -> AnyView {
    let better = card("better", Measure::Visibility);
    let worse = Kpi {
        grade: Some(Grade::Plain),
        change: "9 points".to_owned(),
        direction: Direction::Worse,
        ..card("worse", Measure::ShareOfVoice)
    };
    let unclear = Kpi {
        value: "2.2".to_owned(),
        unit: "",
        grade: Some(Grade::Directional),
        change: "no clear change".to_owned(),
        direction: Direction::Unclear,
        spark: days(true),
        meta: "2.0–2.4 · 24 lists".to_owned(),
        ..card("unclear", Measure::AveragePosition)
    };
    let few = Kpi {
        grade: Some(Grade::None),
        change: "new".to_owned(),
        direction: Direction::Unclear,
        spark: Vec::new(),
        meta: "7 answers".to_owned(),
        answers_href: None,
        on_open: None,
        ..card("few", Measure::Tone)
    };
    let cards = [better, worse, unclear, few].map(|card| view! { <KpiCard card /> });
    view! {
        <div
            style:display="grid"
            style:gap="0.75rem"
            style:grid-template-columns="repeat(auto-fit, minmax(16rem, 1fr))"
        >
            {cards.into_iter().collect_view()}
        </div>
    }
    .into_any()
}

/// Sparklines, interval bars and changes.
pub(super) fn small_drawings() -> AnyView {
    view! {
        <div class="row">
            <Sparkline values=days(false) />
            <Sparkline values=days(true) />
            <Sparkline values=days(false) is_quiet=true />
            <Sparkline values=vec![Some(0.4), None, Some(0.6)] />
            <Sparkline values=Vec::new() />
        </div>
        <div class="row">
            <IntervalBar low=0.59 value=0.64 high=0.69 is_you=true />
            <IntervalBar low=0.2 value=0.45 high=0.8 />
            <IntervalBar low=0.0 value=0.0 high=0.66 />
            <IntervalBar low=1.0 value=1.0 high=1.0 is_you=true />
        </div>
        <div class="row">
            <Change words="9 points".to_owned() direction=Direction::Better />
            <Change words="11 points".to_owned() direction=Direction::Worse />
            <Change words="no clear change".to_owned() direction=Direction::Unclear />
            <Change words="new".to_owned() direction=Direction::Unclear />
        </div>
    }
    .into_any()
}

/// Cells of heat from the lowest to the highest, one on few answers and one without any.
pub(super) fn heat() -> AnyView {
    let scale = HeatScale {
        lowest: 0.16,
        mean: 0.64,
        highest: 0.96,
    };
    let cells = [
        (Some(0.16), 28),
        (Some(0.44), 28),
        (Some(0.64), 28),
        (Some(0.8), 28),
        (Some(0.96), 28),
        (Some(0.5), 7),
        (None, 0),
    ]
    .map(|(value, answers)| view! { <HeatCell value answers scale /> });
    view! {
        <div class="row">{cells.into_iter().collect_view()}</div>
        <HeatLegend scale />
    }
    .into_any()
}
