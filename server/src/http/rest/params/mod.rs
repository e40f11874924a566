//! What stands behind the question mark of an address, read and documented by one list.
//!
//! ```ignore
//! parameters! {
//!     /// Which runs.
//!     pub(in crate::http::rest) struct RunPageParams {
//!         /// Rows a page, 50 where it is missing
//!         limit: Option<u32> = 1..=200,
//!         /// The `next_cursor` of the page before
//!         #[param(value_type = Option<String>)]
//!         cursor: Option<RunId>,
//!     }
//! }
//! ```
//!
//! From it come the struct, its part of the document (`IntoParams`: names, descriptions, limits)
//! and what reads it. A field is any [`Value`], which stands in the document under its own type or
//! under `value_type`; one without `Option` must be there. `= 1..=200` are the limits of a whole
//! number, for the document and for who reads. `then check(start, end)` behind the struct calls a
//! function with fields that have to suit each other.
//!
//! A handler takes [`Params`] of one such struct, or of several: `Params<(Period, Page)>` reads
//! what `params(Period, Page)` of its attribute documents.
//!
//! Invariant: reading goes on after what is wrong, so that one reply names all of it.

mod narrowing;
mod page;
mod period;
mod values;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt::Display;

use app::api::error::ApiError;
use app::model::language::Language;
use app::texts::{Text, errors};
use app::validate::Check;
use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use chrono::NaiveDate;

use crate::http::problem::Problem;
use crate::services::Services;

pub(super) use narrowing::{OfModel, OfProvider, Simulated};
pub(super) use page::Page;
pub(super) use period::{Days, Period, check_order};
pub(super) use values::{ModelIds, Offset, Tags, Value, word};

/// The parameters of a request, as they were read.
pub(super) struct Params<T>(Result<T, Problem>);

impl<T> Params<T> {
    /// The parameters. A handler asks when what comes before them was looked at: a token, a body.
    ///
    /// # Errors
    /// Some of them are wrong: all of these are named.
    pub(super) fn done(self) -> Result<T, Problem> {
        self.0
    }
}

impl<S: Send + Sync, T: Parameters> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let services = Services::from_request_parts(parts, state).await?;
        let reader = Reader::of(&parts.uri, services.language(), services.today());
        Ok(Self(reader.all()))
    }
}

/// What [`Params`] are read as: a struct of `parameters!`, what is made of one, or several.
pub(super) trait Parameters: Sized {
    /// Reads it, and notes what is wrong. Nothing where something is missing that must be there.
    fn read(reader: &mut Reader) -> Option<Self>;
}

impl<A: Parameters, B: Parameters> Parameters for (A, B) {
    fn read(reader: &mut Reader) -> Option<Self> {
        let (first, second) = (A::read(reader), B::read(reader));
        Some((first?, second?))
    }
}

impl<A: Parameters, B: Parameters, C: Parameters> Parameters for (A, B, C) {
    fn read(reader: &mut Reader) -> Option<Self> {
        let (first, second, third) = (A::read(reader), B::read(reader), C::read(reader));
        Some((first?, second?, third?))
    }
}

impl<A: Parameters, B: Parameters, C: Parameters, D: Parameters> Parameters for (A, B, C, D) {
    fn read(reader: &mut Reader) -> Option<Self> {
        let (first, second) = (A::read(reader), B::read(reader));
        let (third, fourth) = (C::read(reader), D::read(reader));
        Some((first?, second?, third?, fourth?))
    }
}

/// A field of a struct of `parameters!`: a [`Value`], or an `Option` of one.
pub(super) trait Parameter: Sized {
    /// Reads it under its name, and notes what is wrong. Nothing where it is missing and must be
    /// there.
    fn read(reader: &mut Reader, name: &str) -> Option<Self>;
}

impl<T: Value> Parameter for T {
    fn read(reader: &mut Reader, name: &str) -> Option<Self> {
        if given(&reader.values, name).is_none() {
            reader.note(name, errors::REQUIRED, &[]);
        }
        reader.value(name)
    }
}

impl<T: Value> Parameter for Option<T> {
    fn read(reader: &mut Reader, name: &str) -> Option<Self> {
        Some(reader.value(name))
    }
}

/// The parameters of one request, while they are read.
pub(super) struct Reader {
    language: Language,
    today: NaiveDate,
    values: HashMap<String, String>,
    check: Check,
}

impl Reader {
    /// What stands in an address. Of a name that stands there twice, the last counts.
    fn of(uri: &Uri, language: Language, today: NaiveDate) -> Self {
        // Pairs of texts: there is nothing that could be wrong with them.
        let values = Query::try_from_uri(uri)
            .map(|Query(values)| values)
            .unwrap_or_default();
        Self {
            language,
            today,
            values,
            check: Check::new(language),
        }
    }

    /// What day it is for the caller.
    pub(super) const fn today(&self) -> NaiveDate {
        self.today
    }

    /// Notes that a parameter is wrong.
    pub(super) fn note(&mut self, name: &str, text: Text, values: &[(&str, &dyn Display)]) {
        self.check.wrong(name, text, values);
    }

    /// A value; nothing where there is none, or a wrong one.
    fn value<T: Value>(&mut self, name: &str) -> Option<T> {
        let text = given(&self.values, name)?;
        let value = T::parse(text);
        if value.is_none() {
            T::note(&mut self.check, name, text);
        }
        value
    }

    /// A whole number within limits; nothing where there is none, or a wrong one.
    pub(super) fn within(&mut self, name: &str, (min, max): (u32, u32)) -> Option<u32> {
        let number = given(&self.values, name)?
            .parse()
            .ok()
            .filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.note(name, errors::NUMBER_RANGE, &[("min", &min), ("max", &max)]);
        }
        number
    }

    /// Everything that is read as `T`, if all of it is right.
    fn all<T: Parameters>(mut self) -> Result<T, Problem> {
        let read = T::read(&mut self);
        let fields = self.check.done(()).err().unwrap_or_default();
        match read {
            Some(read) if fields.is_empty() => Ok(read),
            _ => Err(Problem(ApiError::invalid(self.language, fields))),
        }
    }
}

/// What is given under a name, without space around it; nothing where that is empty.
fn given<'a>(values: &'a HashMap<String, String>, name: &str) -> Option<&'a str> {
    let text = values.get(name)?.trim();
    (!text.is_empty()).then_some(text)
}

/// See the module.
macro_rules! parameters {
    (@read $reader:ident $field:ident $type:ty) => {
        <$type as $crate::http::rest::params::Parameter>::read($reader, stringify!($field))
    };
    (@read $reader:ident $field:ident $type:ty, $min:tt ..= $max:tt) => {
        Some($reader.within(stringify!($field), ($min, $max)))
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $(
            $(#[$field_meta:meta])*
            $field_vis:vis $field:ident: $type:ty $(= $min:tt ..= $max:tt)?
        ),+ $(,)?
    } $(then $check:ident($($checked:ident),+))?) => {
        $(#[$meta])*
        #[derive(::utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        $vis struct $name {
            $(
                $(#[$field_meta])*
                $(#[param(minimum = $min, maximum = $max)])?
                $field_vis $field: $type,
            )+
        }

        impl $crate::http::rest::params::Parameters for $name {
            fn read(reader: &mut $crate::http::rest::params::Reader) -> Option<Self> {
                $(let $field = $crate::http::rest::params::parameters!(
                    @read reader $field $type $(, $min ..= $max)?
                );)+
                let all = Self { $($field: $field?),+ };
                $($check(reader, $(all.$checked),+);)?
                Some(all)
            }
        }
    };
}
pub(super) use parameters;
