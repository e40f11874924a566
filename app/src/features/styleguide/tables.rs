//! The table with all that it can do, and the panel at the side.

use std::cmp::Ordering;

use leptos::prelude::*;

use crate::model::ids::SavedViewId;
use crate::model::views::{SavedView, ViewSetting};
use crate::tables::paging::Paging;
use crate::tables::selection::Selection;
use crate::tables::sorting::{Order, Sorting};
use crate::ui::popover::close_open;
use crate::ui::views_menu::{TableViews, ViewWish};
use crate::ui::{
    Button, Column, ColumnsButton, DataTable, Empty, Glyph, IntervalBar, Neighbours, Pages, Row,
    SelectionBar, Shape, SidePanel, Skeletons, Submission, TableColumns, TableSort, TableTools,
    ViewsMenu, format, toast,
};

/// Rows of a page.
const SIZE: u64 = 5;
/// What comes of them.
const ROWS: &[Shape] = &[Shape::Rows(5)];

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

fn view(id: i64, name: &str, address: &str, columns: &[&str]) -> SavedView {
    SavedView {
        id: SavedViewId(id),
        name: name.to_owned(),
        setting: ViewSetting {
            address: address.to_owned(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
        },
        is_own: true,
        may_change: true,
        is_shared: false,
        is_default: false,
    }
}

/// Three views, kept until the page is loaded again: one's own, a default that is shared, and one
/// of somebody else.
fn views(sort: RwSignal<String>, columns: TableColumns) -> AnyView {
    let known = RwSignal::new(vec![
        SavedView {
            is_shared: true,
            is_default: true,
            ..view(1, "To work on", "sort=visibility", &[])
        },
        view(2, "What it costs", "sort=-answers", &["question", "cost"]),
        SavedView {
            is_own: false,
            may_change: false,
            is_shared: true,
            ..view(3, "Won this month", "sort=-visibility", &[])
        },
    ]);
    let opened = RwSignal::new(None);
    let change = move |id: SavedViewId, change: &dyn Fn(&mut SavedView)| {
        known.update(|known| {
            known
                .iter_mut()
                .filter(|view| view.id == id)
                .for_each(change);
        });
    };
    let on_wish = Callback::new(move |wish: ViewWish| match wish {
        ViewWish::Open(address) => {
            let (_, word) = address.split_once('=').unwrap_or_default();
            sort.set(word.to_owned());
        }
        ViewWish::Save(name, setting) => {
            let next = known.with_untracked(|known| known.iter().map(|view| view.id.0).max());
            let saved = view(next.unwrap_or_default() + 1, &name, "", &[]);
            opened.set(Some(saved.id));
            known.update(|known| known.push(SavedView { setting, ..saved }));
            close_open();
        }
        ViewWish::Change(id, wanted) => change(id, &|view: &mut SavedView| {
            if let Some(setting) = &wanted.setting {
                view.setting = setting.clone();
            }
            view.is_shared = wanted.is_shared.unwrap_or(view.is_shared);
            view.is_default = wanted.is_default.unwrap_or(view.is_default);
        }),
        ViewWish::Remove(view) => known.update(|known| known.retain(|one| one.id != view.id)),
    });
    let views = TableViews {
        views: known.into(),
        now: Signal::derive(move || format!("sort={}", sort.get())),
        loose: &[],
        columns: Some(columns),
        opened,
        may_share: Signal::stored(true),
        form: Submission::new(),
        on_wish,
    };
    view! { <ViewsMenu views /> }.into_any()
}

/// What a table shows before its rows come, and where there are none.
pub(super) fn without_rows() -> AnyView {
    view! {
        <div class="data-card">
            <Skeletons shapes=ROWS />
        </div>
        <div class="data-card">
            <Empty title="No questions found" message="No question has these filters.">
                <Button label="Clear filters" on_press=|()| () />
            </Empty>
        </div>
    }
    .into_any()
}

/// A table that sorts, pages, and lets columns and rows be chosen.
pub(super) fn table() -> AnyView {
    let sorted_by = RwSignal::new("-visibility".to_owned());
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
        let page = sorted(&sorted_by.get())
            .into_iter()
            .skip(skipped)
            .take(size);
        page.map(row).collect()
    });
    let sort = TableSort {
        now: sorted_by.into(),
        change: Callback::new(move |text| {
            offset.set(0);
            sorted_by.set(text);
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
                {views(sorted_by, columns)}
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
