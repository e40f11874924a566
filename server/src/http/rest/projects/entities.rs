//! The brand and the competitors of a project as programs send and read them.
//!
//! Invariant: pure; limits are checked by the use case, the same for screen and programs.

use analysis::Alias;
use app::model::ids::EntityId;
use app::model::project::{EntityDraft, EntityView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alias_lists;

/// A name to look for: its text, or an object where its place in a text matters.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `analysis` reads")]
pub(super) enum Keyword {
    /// Its text.
    Text(String),
    /// Its text and what its place must be like.
    Placed(PlacedKeyword),
}

/// A name that counts only in some places.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `analysis` reads")]
pub(super) struct PlacedKeyword {
    text: String,
    /// Only these capitals count.
    match_case: Option<bool>,
    /// Inside longer words it does not count.
    whole_word: Option<bool>,
    /// Inside one of these phrases it does not count.
    not: Option<Vec<String>>,
    /// It counts only in answers that have one of these words.
    needs: Option<Vec<String>>,
}

/// A competitor.
#[derive(Serialize, ToSchema)]
pub(super) struct Competitor {
    id: i64,
    name: String,
    /// The first of its domains.
    domain: Option<String>,
    domains: Vec<String>,
    #[schema(value_type = Vec<Keyword>)]
    keywords: Vec<Alias>,
}

impl From<EntityView> for Competitor {
    fn from(entity: EntityView) -> Self {
        Self {
            id: entity.id.0,
            keywords: keywords_of(&entity),
            name: entity.name,
            domain: entity.domains.first().cloned(),
            domains: entity.domains,
        }
    }
}

/// The other names of an entity, and how its names are matched.
pub(super) fn keywords_of(entity: &EntityView) -> Vec<Alias> {
    alias_lists::one_list(&entity.aliases, &entity.rules)
}

/// A competitor: its name, or everything about it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum CompetitorWish {
    Name(String),
    Whole(CompetitorFields),
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct CompetitorFields {
    id: Option<EntityId>,
    name: Option<String>,
    domain: Option<String>,
    domains: Option<Vec<String>>,
    #[schema(value_type = Option<Vec<Keyword>>)]
    keywords: Option<Vec<Alias>>,
}

impl CompetitorWish {
    /// A competitor that is there already, by id or name, keeps what is not mentioned.
    pub(super) fn onto(self, present: &[EntityDraft]) -> EntityDraft {
        let fields = match self {
            Self::Name(name) => CompetitorFields {
                name: Some(name),
                ..CompetitorFields::default()
            },
            Self::Whole(fields) => fields,
        };
        let is_meant = |known: &&EntityDraft| match (fields.id, &fields.name) {
            (Some(id), _) => known.id == Some(id),
            (None, Some(name)) => known.name.to_lowercase() == name.trim().to_lowercase(),
            (None, None) => false,
        };
        let mut draft = present.iter().find(is_meant).cloned().unwrap_or_default();
        put(&mut draft.name, fields.name);
        put_keywords(&mut draft, fields.keywords);
        put_domains(&mut draft.domains, fields.domain, fields.domains);
        draft
    }
}

/// Changes what is mentioned.
pub(super) fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// One that reads like the name is not another name, but how the name is matched.
pub(super) fn put_keywords(draft: &mut EntityDraft, keywords: Option<Vec<Alias>>) {
    if let Some(keywords) = keywords {
        (draft.aliases, draft.rules) = alias_lists::two_lists(&draft.name, keywords);
    }
}

/// Programs that know of one domain do not lose the others.
pub(super) fn put_domains(
    place: &mut Vec<String>,
    first: Option<String>,
    all: Option<Vec<String>>,
) {
    match (first, all) {
        (_, Some(all)) => *place = all,
        (Some(first), None) => {
            if !place.is_empty() {
                place.remove(0);
            }
            place.insert(0, first);
        }
        (None, None) => {}
    }
}
