//! Numbers, amounts and dates in the language of the screen; inside a view they follow it.
//!
//! Invariant: numbers, days and moments are written by `words`, as in charts and mails. Only what is
//! exact to the second comes from the browser's `Intl`.

use std::cell::RefCell;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};

use super::locale::language;
use crate::letters;
use crate::model::language::Language;
use crate::model::money::{Money, Spend};
use crate::words::{dates, numbers};

/// How much of a moment is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Exact,
    Time,
}

type Known = Vec<(Language, Shape, Function)>;

thread_local! {
    // Making a formatter costs a hundred times what using it costs.
    static KNOWN: RefCell<Known> = const { RefCell::new(Vec::new()) };
}

fn options(shape: Shape) -> Object {
    let object = Object::new();
    let set = |name: &str, value: &str| {
        let _ = Reflect::set(&object, &name.into(), &value.into());
    };
    match shape {
        Shape::Exact => {
            set("dateStyle", "medium");
            set("timeStyle", "long");
        }
        Shape::Time => set("timeStyle", "medium"),
    }
    object
}

fn formatter(language: Language, shape: Shape) -> Function {
    KNOWN.with_borrow_mut(|known| {
        let found = known
            .iter()
            .find(|(of, made, _)| *of == language && *made == shape);
        if let Some((_, _, function)) = found {
            return function.clone();
        }
        let locales = Array::of1(&JsValue::from_str(language.code()));
        let function = Intl::DateTimeFormat::new(&locales, &options(shape)).format();
        known.push((language, shape, function.clone()));
        function
    })
}

fn apply(shape: Shape, value: &JsValue) -> String {
    formatter(language(), shape)
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// A whole number, grouped: `12,345`.
pub fn whole(number: i64) -> String {
    numbers::whole(language(), number)
}

/// A number with a fixed count of decimals.
pub fn number(number: f64, decimals: usize) -> String {
    numbers::decimal(language(), number, decimals)
}

/// A share from 0 to 1 as a percentage without decimals.
pub fn whole_percent(share: f64) -> String {
    numbers::whole_percent(language(), share)
}

/// An amount with its sign, as many decimals as it needs.
pub fn money(amount: Money) -> String {
    numbers::dollars(language(), amount)
}

/// What was paid: with `≥` where a part of it has no known price.
pub fn spend(spend: Spend) -> String {
    numbers::spend(language(), spend)
}

/// What was paid, and what the simulator's answers would have cost; nothing of either is left
/// out, and they are never added up.
pub fn paid_and_simulated(paid: Spend, simulated: Money) -> String {
    numbers::paid_and_simulated(language(), paid, simulated)
}

/// A price: exact, at least two decimals.
pub fn price(amount: Money) -> String {
    numbers::price(language(), amount)
}

/// A day of the calendar, the same wherever the reader is.
pub fn date(date: NaiveDate) -> String {
    dates::long_day(language(), date)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds stay far below 2^53"
)]
fn js_date(moment: DateTime<Utc>) -> Date {
    Date::new(&JsValue::from_f64(moment.timestamp_millis() as f64))
}

/// What the reader's clock shows at a moment.
fn on_clock(moment: DateTime<Utc>) -> NaiveDateTime {
    // A float that is no number becomes nothing.
    #[expect(clippy::cast_possible_truncation, reason = "minutes of at most a day")]
    let behind = js_date(moment).get_timezone_offset() as i64;
    moment.naive_utc() - TimeDelta::minutes(behind)
}

/// The day of a moment, in the reader's time zone: `today`, `8 Nov`.
pub fn day(moment: DateTime<Utc>) -> String {
    let today = on_clock(Utc::now()).date();
    dates::day(language(), on_clock(moment).date(), today)
}

/// The day of a moment by its date, in the reader's time zone: what stands within a sentence, where
/// `today` would not.
pub fn date_of(moment: DateTime<Utc>) -> String {
    date(on_clock(moment).date())
}

/// A moment, in the reader's time zone: `today 04:02`, `Mon 06:00`, `8 Nov`.
pub fn moment(moment: DateTime<Utc>) -> String {
    dates::moment(language(), on_clock(moment), on_clock(Utc::now()))
}

/// The same with its time, however far away: `8 Nov 06:00`.
pub fn day_and_time(moment: DateTime<Utc>) -> String {
    dates::day_and_time(language(), on_clock(moment), on_clock(Utc::now()))
}

/// A moment to the second, with the reader's time zone.
pub fn exact(moment: DateTime<Utc>) -> String {
    apply(Shape::Exact, &js_date(moment).into())
}

/// The time of day of a moment, to the second, in the reader's time zone.
pub fn time(moment: DateTime<Utc>) -> String {
    apply(Shape::Time, &js_date(moment).into())
}

/// A language's or country's name in the reader's language; the code itself where the browser
/// knows no name. `kind` is `language` or `region`.
pub fn display_name(kind: &str, code: &str) -> String {
    try_display_name(kind, code).unwrap_or_else(|| code.to_owned())
}

fn try_display_name(kind: &str, code: &str) -> Option<String> {
    // Through Reflect: older browsers do not have it.
    let intl = Reflect::get(&window(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &"DisplayNames".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &kind.into()).ok()?;
    let locales = Array::of1(&language().code().into());
    let names = Reflect::construct(&constructor, &Array::of2(&locales, &options)).ok()?;
    let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
    let name = of.call1(&names, &code.into()).ok()?.as_string()?;
    let mut rest = name.chars();
    rest.next()?;
    Some(letters::initial(&name)? + rest.as_str())
}
