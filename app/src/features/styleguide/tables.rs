//! The table with all that it can do, and the panel at the side.

use std::cmp::Ordering;

use leptos::prelude::*;

use crate::tables::paging::Paging;
use crate::tables::selection::Selection;
use crate::tables::sorting::{Order, Sorting};
use crate::ui::{
    Button, Column, ColumnsButton, DataTable, Glyph, IntervalBar, Neighbours, Pages, Row,
    SelectionBar, SidePanel, TableColumns, TableSort, TableTools, format, toast,
};

/// Rows of a page.
const SIZE: u64 = 5;

#[derive(Clone, Copy)]
struct Question {
    text: &'static str,
    visibility: f64,
    answers: i64,
}

const QUESTIONS: [Question; 8] = [
    question("Cheapest good coffee subscription", 0.32, 140),
    question("Coffee gift box for someone who has everything", 0.36, 140),
    question("Office coffee subscription for 20 people", 0.47, 140),
    question("Decaf subscription that tastes good", 0.59, 30),
    question("Which roaster ships within a day?", 0.6, 140),
    question("Is a coffee subscription worth the money?", 0.61, 140),
    question("Most sustainable coffee roasters", 0.63, 30),
    question("Best beans for cold brew", 0.67, 140),
];

const fn question(text: &'static str, visibility: f64, answers: i64) -> Question {
    Question {
        text,
        visibility,
        answers,
    }
}

fn sorted(sort: &str) -> Vec<Question> {
    let sorting = Sorting::parse(sort);
    let mut questions = QUESTIONS.to_vec();
    questions.sort_by(|one, other| {
        sorting.keys().iter().fold(Ordering::Equal, |before, key| {
            let ascending = match key.column.as_str() {
                "question" => one.text.cmp(other.text),
                "visibility" => one.visibility.total_cmp(&other.visibility),
                _ => one.answers.cmp(&other.answers),
            };
            before.then(match key.order {
                Order::Ascending => ascending,
                Order::Descending => ascending.reverse(),
            })
        })
    });
    questions
}

fn row(question: Question) -> Row {
    let Question {
        text,
        visibility,
        answers,
    } = question;
    let (low, high) = (visibility - 0.08, visibility + 0.08);
    Row {
        key: text.to_owned(),
        cells: vec![
            view! {
                <button type="button" class="row-link" on:click=move |_| toast::message(text.to_owned())>
                    {text}
                </button>
            }
            .into_any(),
            view! { {move || format::whole_percent(visibility)} }.into_any(),
            view! { <IntervalBar low value=visibility high is_you=true /> }.into_any(),
            view! { {move || format::whole(answers)} }.into_any(),
            view! { "$1.20" }.into_any(),
        ],
    }
}

/// A table that sorts, pages, and lets columns and rows be chosen.
pub(super) fn table() -> AnyView {
    let sort = RwSignal::new("-visibility".to_owned());
    let offset = RwSignal::new(0_u64);
    let selection = RwSignal::new(Selection::default());
    let columns = TableColumns::kept(
        "styleguide",
        Signal::stored(vec![
            Column::new("question", "Question").sorted(Order::Ascending),
            Column::new("visibility", "Visibility")
                .of_numbers()
                .sorted(Order::Descending),
            Column::new("interval", "95% interval"),
            Column::new("answers", "Answers")
                .of_numbers()
                .sorted(Order::Descending),
            Column::new("cost", "Cost").of_numbers().hidden(),
        ]),
    );
    let rows: Callback<(), Vec<Row>> = Callback::new(move |()| {
        let skipped = usize::try_from(offset.get()).unwrap_or(usize::MAX);
        let size = usize::try_from(SIZE).unwrap_or(usize::MAX);
        let page = sorted(&sort.get()).into_iter().skip(skipped).take(size);
        page.map(row).collect()
    });
    let sort = TableSort {
        now: sort.into(),
        change: Callback::new(move |text| {
            offset.set(0);
            sort.set(text);
        }),
    };
    let paging = Signal::derive(move || Paging {
        offset: offset.get(),
        size: SIZE,
        total: u64::try_from(QUESTIONS.len()).unwrap_or(u64::MAX),
    });
    view! {
        <div class="data-card">
            <TableTools>
                <Button label="To work on" on_press=|()| () />
                <ColumnsButton columns />
            </TableTools>
            <DataTable caption="Questions" columns rows sort selection />
        </div>
        <Pages paging on_offset=move |place: u64| offset.set(place) />
        <SelectionBar selection>
            <Button label="Pause" glyph=Glyph::Stop on_press=|()| () />
        </SelectionBar>
    }
    .into_any()
}

/// A panel of three neighbours.
pub(super) fn panel() -> AnyView {
    let place = RwSignal::new(None::<u64>);
    let neighbours = Neighbours {
        place: Signal::derive(move || place.get().map(|number| (number, 3))),
        previous: Callback::new(move |()| place.update(|place| *place = place.map(|at| at - 1))),
        next: Callback::new(move |()| place.update(|place| *place = place.map(|at| at + 1))),
    };
    view! {
        <div class="row">
            <Button label="Open the panel" on_press=move |()| place.set(Some(1)) />
        </div>
        <SidePanel
            open=Signal::derive(move || place.get().is_some())
            title="One of three answers"
            on_close=move |()| place.set(None)
            neighbours
        >
            <p>"J and K step through the list, Escape closes."</p>
            <p>{move || place.get().map(|number| format!("This is number {number}."))}</p>
        </SidePanel>
    }
    .into_any()
}
