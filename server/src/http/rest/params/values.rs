//! What a parameter can be: how its text is read, and what is said of one that cannot be read.

use app::model::answer::Sentiment;
use app::model::ids::{AnswerId, EntityId, ModelId, PageId, PromptId, RunId};
use app::model::project::PromptPart;
use app::model::provider::Provider;
use app::model::topics::parted;
use app::texts::errors;
use app::validate::{Check, MODELS, TAGS};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

/// Characters of a provider's name that are repeated to whoever gave a wrong one.
const REPEATED: usize = 40;

/// What a parameter can be.
pub(in crate::http::rest) trait Value: Sized {
    /// Reads a text, which is neither empty nor has space around it; nothing where it is wrong.
    fn parse(text: &str) -> Option<Self>;

    /// Notes what is wrong with a text that cannot be read.
    fn note(check: &mut Check, name: &str, _text: &str) {
        check.wrong(name, errors::WRONG_TYPE, &[]);
    }
}

/// One of the words that the document has for an enum: those by which serde reads it.
pub(in crate::http::rest) fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    Deserialize::deserialize(text).ok()
}

macro_rules! parsed {
    ($($number:ty),+) => {$(
        impl Value for $number {
            fn parse(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}
parsed!(u32, AnswerId, EntityId, ModelId, PageId, PromptId, RunId);
parsed!(PromptPart, Sentiment);

impl Value for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Value for bool {
    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        }
    }
}

impl Value for NaiveDate {
    /// Years that the databases disagree about are none.
    fn parse(text: &str) -> Option<Self> {
        let day = Self::parse_from_str(text, "%Y-%m-%d").ok();
        day.filter(|day| (1970..=9999).contains(&day.year()))
    }

    fn note(check: &mut Check, name: &str, _text: &str) {
        check.wrong(name, errors::DATE, &[]);
    }
}

impl Value for Provider {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn note(check: &mut Check, name: &str, text: &str) {
        let typed: String = text.chars().take(REPEATED).collect();
        check.wrong(name, errors::PROVIDER_UNKNOWN, &[("name", &typed)]);
    }
}

/// Models, parted by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::http::rest) struct ModelIds(pub(in crate::http::rest) Vec<ModelId>);

impl Value for ModelIds {
    fn parse(text: &str) -> Option<Self> {
        let ids = text.split(',').map(|id| id.trim().parse().ok());
        let ids: Vec<ModelId> = ids.collect::<Option<_>>()?;
        (ids.len() <= MODELS).then_some(Self(ids))
    }

    fn note(check: &mut Check, name: &str, text: &str) {
        let ids: Vec<&str> = text.split(',').collect();
        if ids.len() > MODELS {
            check.list(name, &ids, MODELS);
        } else {
            check.wrong(name, errors::WRONG_TYPE, &[]);
        }
    }
}

/// Tags, parted by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::http::rest) struct Tags(pub(in crate::http::rest) Vec<String>);

impl Value for Tags {
    fn parse(text: &str) -> Option<Self> {
        let tags = parted(text);
        (tags.len() <= TAGS).then_some(Self(tags))
    }

    fn note(check: &mut Check, name: &str, text: &str) {
        check.list(name, &parted(text), TAGS);
    }
}

/// Rows to leave out at the beginning of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::http::rest) struct Offset(pub(in crate::http::rest) u32);

impl Value for Offset {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    fn note(check: &mut Check, name: &str, _text: &str) {
        let limits = (u32::MIN, u32::MAX);
        check.wrong(
            name,
            errors::NUMBER_RANGE,
            &[("min", &limits.0), ("max", &limits.1)],
        );
    }
}
