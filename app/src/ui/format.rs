//! Numbers, dates and amounts as the reader's language writes them, by the browser's `Intl`.
//!
//! All of them read the language of the screen: inside a view they follow it.

use std::cell::RefCell;

use chrono::{DateTime, NaiveDate, Utc};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};

use super::locale::{fill, language};
use crate::model::language::Language;
use crate::model::money::{Money, Spend};
use crate::texts::common;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number { decimals: u8 },
    Percent { decimals: u8 },
    Dollars { decimals: u8 },
    Compact,
    Day,
    DayUtc,
    Moment,
    Time,
}

type Known = Vec<(Language, Shape, Function)>;

thread_local! {
    // Making a formatter costs a hundred times what using it costs.
    static KNOWN: RefCell<Known> = const { RefCell::new(Vec::new()) };
}

fn options(shape: Shape) -> Object {
    let object = Object::new();
    let set = |name: &str, value: JsValue| {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
    };
    let decimals = |count: u8| {
        set("minimumFractionDigits", count.into());
        set("maximumFractionDigits", count.into());
    };
    match shape {
        Shape::Number { decimals: count } => decimals(count),
        Shape::Percent { decimals: count } => {
            set("style", "percent".into());
            decimals(count);
        }
        Shape::Dollars { decimals: count } => {
            set("style", "currency".into());
            set("currency", "USD".into());
            set("currencyDisplay", "narrowSymbol".into());
            decimals(count);
        }
        Shape::Compact => set("notation", "compact".into()),
        Shape::Day => set("dateStyle", "medium".into()),
        Shape::DayUtc => {
            set("dateStyle", "medium".into());
            set("timeZone", "UTC".into());
        }
        Shape::Moment => {
            set("dateStyle", "medium".into());
            set("timeStyle", "short".into());
        }
        Shape::Time => set("timeStyle", "medium".into()),
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
        let function = match shape {
            Shape::Day | Shape::DayUtc | Shape::Moment | Shape::Time => {
                Intl::DateTimeFormat::new(&locales, &options(shape)).format()
            }
            _ => Intl::NumberFormat::new(&locales, &options(shape)).format(),
        };
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
#[expect(
    clippy::cast_precision_loss,
    reason = "counts on a screen stay far below 2^53"
)]
pub fn whole(number: i64) -> String {
    apply(
        Shape::Number { decimals: 0 },
        &JsValue::from_f64(number as f64),
    )
}

/// A number with a fixed count of decimals.
pub fn number(number: f64, decimals: u8) -> String {
    apply(Shape::Number { decimals }, &JsValue::from_f64(number))
}

/// A large number, short: `12K`.
#[expect(clippy::cast_precision_loss, reason = "rounded anyway")]
pub fn compact(number: i64) -> String {
    apply(Shape::Compact, &JsValue::from_f64(number as f64))
}

/// A share from 0 to 1 as a percentage.
pub fn percent(share: f64, decimals: u8) -> String {
    apply(Shape::Percent { decimals }, &JsValue::from_f64(share))
}

/// An amount with its sign, as many decimals as it needs.
pub fn money(amount: Money) -> String {
    let short = amount.short();
    let decimals = short
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let decimals = u8::try_from(decimals).unwrap_or(2);
    apply(
        Shape::Dollars { decimals },
        &JsValue::from_f64(amount.to_usd_f64()),
    )
}

/// What was paid: with `≥` where a part of it has no known price.
pub fn spend(spend: Spend) -> String {
    let amount = money(spend.amount);
    if spend.is_at_least {
        format!("≥ {amount}")
    } else {
        amount
    }
}

/// What was paid, and what the simulator's answers would have cost; nothing of either is left
/// out, and they are never added up.
pub fn paid_and_simulated(paid: Spend, simulated: Money) -> String {
    if simulated == Money::ZERO {
        return spend(paid);
    }
    let fiction = fill(common::SIMULATED_COST, &[("amount", &money(simulated))]);
    if paid == Spend::default() {
        fiction
    } else {
        format!("{} + {fiction}", spend(paid))
    }
}

/// A price: exact, at least two decimals.
pub fn price(amount: Money) -> String {
    let exact = amount.to_string();
    let decimals = exact
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len())
        .max(2);
    let decimals = u8::try_from(decimals).unwrap_or(2);
    apply(
        Shape::Dollars { decimals },
        &JsValue::from_f64(amount.to_usd_f64()),
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds stay far below 2^53"
)]
fn js_date(moment: DateTime<Utc>) -> JsValue {
    Date::new(&JsValue::from_f64(moment.timestamp_millis() as f64)).into()
}

/// A day of the calendar, the same wherever the reader is.
pub fn date(date: NaiveDate) -> String {
    let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
    apply(Shape::DayUtc, &js_date(midnight))
}

/// The day of a moment, in the reader's time zone.
pub fn day(moment: DateTime<Utc>) -> String {
    apply(Shape::Day, &js_date(moment))
}

/// A moment to the minute, in the reader's time zone.
pub fn moment(moment: DateTime<Utc>) -> String {
    apply(Shape::Moment, &js_date(moment))
}

/// The time of day of a moment, to the second, in the reader's time zone.
pub fn time(moment: DateTime<Utc>) -> String {
    apply(Shape::Time, &js_date(moment))
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
    let mut letters = name.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}
