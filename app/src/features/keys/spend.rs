//! What a month has cost: by day, by model, by project.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::{chart, state};
use crate::api;
use crate::canvas::Theme;
use crate::model::money::Spend;
use crate::model::spend::{KindSpend, SpendPart, SpendQuery, SpendView};
use crate::texts::{Text, keys};
use crate::ui::chart::is_dark;
use crate::ui::locale::language;
use crate::ui::{
    AsyncView, Card, OptionChart, ProviderMark, Remote, TableFrame, Words, browser, fill, format, t,
};
use crate::words::dates;

/// A month's spend.
#[component]
pub fn SpendCard(
    /// This month, and whichever else is chosen.
    spend: Remote<SpendView>,
    /// The chosen month; `None`: this one.
    month: RwSignal<Option<NaiveDate>>,
) -> impl IntoView {
    // Beside what is loaded, not in it: choosing a month must not take the focus away.
    let months = Memo::new(move |before: Option<&Vec<NaiveDate>>| match spend.value() {
        Some(spend) => state::months(&spend),
        None => before.cloned().unwrap_or_default(),
    });
    view! {
        <Card title=keys::SPEND lead=keys::SPEND_LEAD>
            {month_picker(months, month)}
            <AsyncView remote=spend lines=6 let:shown>
                {view! { <Shown spend=shown /> }.into_any()}
            </AsyncView>
        </Card>
    }
}

/// The spend of a month that is chosen at the screen.
pub fn load(month: RwSignal<Option<NaiveDate>>) -> Remote<SpendView> {
    Remote::new(move || api::spend::spend(SpendQuery { month: month.get() }))
}

#[component]
fn Shown(spend: SpendView) -> impl IntoView {
    let total = spend.total;
    let contents = if spend.days.is_empty() {
        view! { <p class="field-hint">{t(keys::NO_SPEND)}</p> }.into_any()
    } else {
        view! {
            {by_day(&spend)}
            {by_kind(total, &spend.kinds)}
            <div class="spend-parts">
                {by_part(keys::BY_MODEL, keys::MODEL, total, spend.models)}
                {by_part(keys::BY_PROJECT, keys::PROJECT, total, spend.projects)}
            </div>
        }
        .into_any()
    };
    view! {
        <p class="spend-total">
            <span>{t(keys::TOTAL)}</span>
            " "
            <strong>{move || format::spend(total)}</strong>
        </p>
        {total.is_at_least.then(|| view! { <p class="field-hint">{t(keys::AT_LEAST)}</p> })}
        {contents}
    }
}

fn month_picker(months: Memo<Vec<NaiveDate>>, month: RwSignal<Option<NaiveDate>>) -> impl IntoView {
    let id = browser::unique_id("month");
    let options = move || {
        let months = months.get();
        let chosen = month.get_untracked().or_else(|| months.first().copied());
        months
            .into_iter()
            .map(|of| {
                view! {
                    <option value=of.to_string() selected=Some(of) == chosen>
                        {dates::month_and_year(language(), of)}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <div class="field spend-month">
            <label for=id.clone()>{t(keys::MONTH)}</label>
            <select
                id=id
                class="input"
                on:change=move |event| month.set(event_target_value(&event).parse().ok())
            >
                {options}
            </select>
        </div>
    }
}

fn by_day(spend: &SpendView) -> impl IntoView + use<> {
    let days = StoredValue::new(state::all_days(spend));
    let option = Signal::derive(move || {
        let theme = if is_dark() { Theme::Dark } else { Theme::Light };
        days.with_value(|days| chart::spend_by_day(language(), theme, days))
    });
    let (month, total, dearest) = (spend.month, spend.total, state::costliest_day(spend));
    let summary = Words::new(move || {
        let (day, of_day) = dearest.unwrap_or((month, Spend::default()));
        fill(
            keys::SPEND_SUMMARY,
            &[
                ("total", &format::spend(total)),
                ("month", &dates::month_and_year(language(), month)),
                ("day", &format::date(day)),
                ("amount", &format::spend(of_day)),
            ],
        )
    });
    view! {
        <h3>{t(keys::BY_DAY)}</h3>
        <OptionChart option summary height=Signal::stored(200)>
            <TableFrame caption=keys::BY_DAY>
                <thead>
                    <tr>
                        <th scope="col">{t(keys::DAY)}</th>
                        <th scope="col" class="is-number">{t(keys::AMOUNT)}</th>
                    </tr>
                </thead>
                <tbody>
                    {days
                        .get_value()
                        .into_iter()
                        .filter_map(|(day, amount)| Some((day, amount?)))
                        .map(|(day, amount)| {
                            view! {
                                <tr>
                                    <th scope="row">{move || format::date(day)}</th>
                                    <td class="is-number">{move || format::money(amount)}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </TableFrame>
        </OptionChart>
    }
}

/// What it was paid for, and the sum: the line that adds up to the ledger. Kinds without an entry
/// are left out.
fn by_kind(total: Spend, kinds: &[KindSpend]) -> impl IntoView + use<> {
    let row = |part: &KindSpend| {
        let KindSpend {
            kind,
            spend,
            entries,
        } = *part;
        view! {
            <tr data-kind=kind.word()>
                <th scope="row">{t(state::kind_name(kind))}</th>
                <td class="is-number">{move || format::spend(spend)}</td>
                <td class="is-number">{move || format::whole(entries)}</td>
            </tr>
        }
    };
    let entries: i64 = kinds.iter().map(|part| part.entries).sum();
    let shown = kinds.iter().filter(|part| part.entries > 0);
    let rows = shown.map(row).collect_view();
    view! {
        <TableFrame caption=keys::BY_KIND show_caption=true>
            <thead>
                <tr>
                    <th scope="col">{t(keys::KIND)}</th>
                    <th scope="col" class="is-number">{t(keys::AMOUNT)}</th>
                    <th scope="col" class="is-number">{t(keys::ENTRIES)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <th scope="row">{t(keys::TOTAL)}</th>
                    <td class="is-number">{move || format::spend(total)}</td>
                    <td class="is-number">{move || format::whole(entries)}</td>
                </tr>
            </tfoot>
        </TableFrame>
    }
}

fn by_part(caption: Text, what: Text, total: Spend, parts: Vec<SpendPart>) -> impl IntoView {
    let rows = parts
        .into_iter()
        .map(|part| {
            let share = part.spend.amount.percent_of(total.amount).unwrap_or(0.0) / 100.0;
            view! {
                <tr>
                    <th scope="row">
                        <span class="model-name">
                            {part.provider.map(|provider| view! { <ProviderMark provider /> })}
                            {part.name}
                        </span>
                    </th>
                    <td class="is-number">{move || format::spend(part.spend)}</td>
                    <td class="is-number is-share">{move || format::whole_percent(share)}</td>
                    <td class="is-number">{move || format::whole(part.entries)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div>
            <TableFrame caption=caption show_caption=true>
                <thead>
                    <tr>
                        <th scope="col">{t(what)}</th>
                        <th scope="col" class="is-number">{t(keys::AMOUNT)}</th>
                        <th scope="col" class="is-number is-share">{t(keys::SHARE)}</th>
                        <th scope="col" class="is-number">{t(keys::ENTRIES)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </div>
    }
}
