//! What stands behind the question mark of an address.

use std::collections::HashMap;
use std::str::FromStr;

use app::api::error::ApiError;
use app::model::language::Language;
use app::model::provider::Provider;
use app::model::sources::SourceUnit;
use app::texts::{Text, errors};
use app::validate::Check;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use chrono::{Datelike, Days, NaiveDate};
use utoipa::IntoParams;

use crate::http::problem::Problem;
use crate::services::Services;

/// Days of a period where the caller gives none.
const DEFAULT_DAYS: u64 = 30;
/// Days that one look may span.
const MAX_DAYS: i64 = 1_830;

/// How [`Params::period`] is told; thirty days that end today where both are missing.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
pub(super) struct PeriodParams {
    /// First day, in the workspace's time zone
    start_date: Option<NaiveDate>,
    /// Last day
    end_date: Option<NaiveDate>,
}

/// How [`Params::open_period`] is told; all days where both are missing.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
pub(super) struct OpenPeriodParams {
    /// First day, in the workspace's time zone; all days before the last where it is missing
    start_date: Option<NaiveDate>,
    /// Last day; all days from the first on where it is missing
    end_date: Option<NaiveDate>,
}

/// How [`Params::page`] is told.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
pub(super) struct PageParams {
    /// Rows a page
    #[param(minimum = 1, maximum = 5_000)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before
    cursor: Option<String>,
}

/// Rows a page of a list, at most and where the caller says nothing.
const PAGE: u32 = 5_000;

/// A part of a list that is short enough to be made as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    offset: usize,
    limit: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            offset: 0,
            limit: PAGE as usize,
        }
    }
}

impl Page {
    /// Rows to leave out, and how many to give.
    pub(super) const fn part(self) -> (usize, usize) {
        (self.offset, self.limit)
    }

    /// The cursor behind this part of a list of `total` rows; nothing where it is the last.
    pub(super) fn next(self, total: usize) -> Option<String> {
        let end = self.offset.saturating_add(self.limit);
        (end < total).then(|| end.to_string())
    }

    /// The part, and the cursor of the one behind it; nothing where this is the last.
    pub(super) fn cut<T>(self, all: Vec<T>) -> (Vec<T>, Option<String>) {
        let next = self.next(all.len());
        let part = all.into_iter().skip(self.offset).take(self.limit);
        (part.collect(), next)
    }
}

/// The parameters of a request. What is wrong is noted as it is read; [`Params::done`] tells.
pub(super) struct Params {
    language: Language,
    values: HashMap<String, String>,
    check: Check,
}

/// Days, both of which count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// First day.
    pub(super) from: NaiveDate,
    /// Last day.
    pub(super) to: NaiveDate,
}

impl Period {
    /// First and last day.
    pub(super) const fn days(self) -> (NaiveDate, NaiveDate) {
        (self.from, self.to)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let language = Services::from_request_parts(parts, state).await?.language();
        // Pairs of texts: there is nothing that could be wrong with them.
        let values = Query::try_from_uri(&parts.uri)
            .map(|Query(values)| values)
            .unwrap_or_default();
        Ok(Self {
            language,
            values,
            check: Check::new(language),
        })
    }
}

impl Params {
    /// A parameter that is there and not empty.
    fn text(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    fn read<T>(
        &mut self,
        name: &str,
        wrong: Text,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(self.text(name)?);
        if parsed.is_none() {
            self.check.wrong(name, wrong, &[]);
        }
        parsed
    }

    /// A number, an id.
    pub(super) fn number<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.read(name, errors::WRONG_TYPE, |text| text.parse().ok())
    }

    /// A number within limits.
    pub(super) fn within(&mut self, name: &str, (min, max): (u32, u32)) -> Option<u32> {
        let number = self
            .text(name)?
            .parse()
            .ok()
            .filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.check
                .wrong(name, errors::NUMBER_RANGE, &[("min", &min), ("max", &max)]);
        }
        number
    }

    /// `limit` and `cursor` of a list.
    pub(super) fn page(&mut self) -> Page {
        self.page_of(PAGE)
    }

    /// The same, at most `most` rows.
    pub(super) fn page_of(&mut self, most: u32) -> Page {
        let limit = self.within("limit", (1, most)).unwrap_or(most);
        let offset: u32 = self.number("cursor").unwrap_or(0);
        Page {
            offset: offset as usize,
            limit: limit as usize,
        }
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.read(name, errors::WRONG_TYPE, |text| {
            match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            }
        })
    }

    /// One of some words.
    pub(super) fn word<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.read(name, errors::WRONG_TYPE, parse)
    }

    /// What must be there.
    pub(super) fn needed<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self, &str) -> Option<T>,
    ) -> Option<T> {
        if self.text(name).is_none() {
            self.check.wrong(name, errors::REQUIRED, &[]);
            return None;
        }
        read(self, name)
    }

    /// A text as it stands.
    pub(super) fn words(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// `domain` or `url`; pages where it is missing.
    pub(super) fn source_unit(&mut self, name: &str) -> SourceUnit {
        let unit = self.read(name, errors::WRONG_TYPE, |text| match text {
            "domain" => Some(SourceUnit::Domain),
            "url" | "page" => Some(SourceUnit::Page),
            _ => None,
        });
        unit.unwrap_or(SourceUnit::Page)
    }

    /// A provider's name.
    pub(super) fn provider(&mut self, name: &str) -> Option<Provider> {
        let typed = self.text(name)?;
        let provider = typed.parse().ok();
        if provider.is_none() {
            let typed: String = typed.chars().take(40).collect();
            self.check
                .wrong(name, errors::PROVIDER_UNKNOWN, &[("name", &typed)]);
        }
        provider
    }

    /// A day. Years that the databases disagree about are none.
    pub(super) fn day(&mut self, name: &str) -> Option<NaiveDate> {
        self.read(name, errors::DATE, |text| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
            day.filter(|day| (1970..=9999).contains(&day.year()))
        })
    }

    /// `start_date` to `end_date`; where one is missing, thirty days that end today.
    pub(super) fn period(&mut self, today: NaiveDate) -> Period {
        let start = self.day("start_date");
        let end = self.day("end_date");
        let to = end.unwrap_or_else(|| start.map_or(today, |start| today.max(start)));
        let from = start.unwrap_or_else(|| {
            to.checked_sub_days(Days::new(DEFAULT_DAYS - 1))
                .unwrap_or(to)
        });
        self.check_order(from, to);
        if (to - from).num_days() >= MAX_DAYS {
            self.check
                .wrong("start_date", errors::DATE_SPAN, &[("max", &MAX_DAYS)]);
        }
        Period { from, to }
    }

    /// `start_date` and `end_date`, each of which may be missing.
    pub(super) fn open_period(&mut self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let (start, end) = (self.day("start_date"), self.day("end_date"));
        if let (Some(from), Some(to)) = (start, end) {
            self.check_order(from, to);
        }
        (start, end)
    }

    fn check_order(&mut self, from: NaiveDate, to: NaiveDate) {
        if to < from {
            self.check.wrong("end_date", errors::DATE_ORDER, &[]);
        }
    }

    /// Whether everything that was read was right.
    pub(super) fn done(self) -> Result<(), Problem> {
        let language = self.language;
        self.check
            .done(())
            .map_err(|fields| Problem(ApiError::invalid(language, fields)))
    }
}
