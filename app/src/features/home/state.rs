//! The list of projects: in which order, found by which words, and what is said of each.

use std::cmp::Ordering;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::letters;
use crate::model::home::HomeProject;
use crate::model::language::Language;
use crate::model::overview::{HomeRow, MoveSubject, Trend};
use crate::order;
use crate::texts::home as texts;
use crate::words::amount::points;

/// From so many projects on there is a field to search them.
pub const SEARCHED_FROM: usize = 8;

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The project's name.
    Name,
    /// Visibility.
    Visibility,
    /// How visibility moved.
    Change,
    /// Share of voice.
    Share,
    /// Mean place.
    Position,
    /// Praise less blame.
    Sentiment,
    /// When the last run was.
    LastRun,
}

impl Column {
    /// All of them, with their words in the address.
    const ALL: [(Self, &'static str); 7] = [
        (Self::Name, "name"),
        (Self::Visibility, "visibility"),
        (Self::Change, "change"),
        (Self::Share, "share"),
        (Self::Position, "position"),
        (Self::Sentiment, "sentiment"),
        (Self::LastRun, "run"),
    ];

    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(column, _)| *column == self);
        found.map_or("", |(_, word)| word)
    }
}

/// How the list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub column: Column,
    /// The greatest first.
    pub is_descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            column: Column::Name,
            is_descending: false,
        }
    }
}

impl Sort {
    /// As the address has it: `visibility`, `-visibility`; by name where it says nothing else.
    pub fn read(word: Option<&str>) -> Self {
        let word = word.unwrap_or_default();
        let (is_descending, word) = match word.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let found = Column::ALL.iter().find(|(_, known)| *known == word);
        found.map_or_else(Self::default, |(column, _)| Self {
            column: *column,
            is_descending,
        })
    }

    /// The address of the list in this order.
    pub fn address(self) -> String {
        let sign = if self.is_descending { "-" } else { "" };
        format!("/?sort={sign}{}", self.column.word())
    }

    /// The order after its heading is chosen: names and places from the first on, other numbers
    /// from the greatest; the second time the other way round.
    #[must_use]
    pub fn chosen(self, column: Column) -> Self {
        let is_descending = if self.column == column {
            !self.is_descending
        } else {
            !matches!(column, Column::Name | Column::Position)
        };
        Self {
            column,
            is_descending,
        }
    }
}

/// Puts the projects in order: pinned ones first, those without the number last.
pub fn arrange(projects: &mut Vec<HomeProject>, sort: Sort) {
    order::sort(projects, |one, other| {
        let pinned = other.is_pinned.cmp(&one.is_pinned);
        pinned
            .then_with(|| compare(one, other, sort))
            .then_with(|| key(one).cmp(&key(other)))
    });
}

fn key(project: &HomeProject) -> String {
    letters::small(&project.name)
}

fn compare(one: &HomeProject, other: &HomeProject, sort: Sort) -> Ordering {
    let directed = |order: Ordering| {
        if sort.is_descending {
            order.reverse()
        } else {
            order
        }
    };
    match sort.column {
        Column::Name => directed(key(one).cmp(&key(other))),
        Column::LastRun => {
            let at = |project: &HomeProject| project.last_run.map(|run| run.at);
            missing_last(at(one), at(other), |one, other| directed(one.cmp(other)))
        }
        column => {
            let of = |project: &HomeProject| number(&project.numbers, column);
            missing_last(of(one), of(other), |one, other| {
                directed(one.total_cmp(other))
            })
        }
    }
}

fn missing_last<T>(
    one: Option<T>,
    other: Option<T>,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (&one, &other) {
        (Some(one), Some(other)) => compare(one, other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn number(row: &HomeRow, column: Column) -> Option<f64> {
    match column {
        Column::Visibility => row.visibility.value(),
        Column::Share => row.share_of_voice.value(),
        Column::Position => row.position.value(),
        Column::Sentiment => row.sentiment.value(),
        Column::Change => match row.trend {
            Trend::NoEarlier => None,
            Trend::Unclear => Some(0.0),
            Trend::Improved(by) => Some(by),
            Trend::Worsened(by) => Some(-by),
        },
        Column::Name | Column::LastRun => None,
    }
}

/// Whether a project is called like what is searched, or its brand's domain is.
pub fn is_found(project: &HomeProject, search: &str) -> bool {
    let search = letters::small(search.trim());
    key(project).contains(&search) || letters::small(&project.domain).contains(&search)
}

/// How visibility moved, without an arrow: `9 points`.
pub fn change_words(language: Language, trend: Trend) -> String {
    let by = match trend {
        Trend::NoEarlier => return texts::NEW.get(language).to_owned(),
        Trend::Unclear => return texts::NO_CLEAR_CHANGE.get(language).to_owned(),
        Trend::Improved(by) | Trend::Worsened(by) => by,
    };
    let (count, is_one) = points(language, by, None);
    if is_one {
        texts::POINT.get(language).to_owned()
    } else {
        texts::POINTS.fill(language, &[("count", &count)])
    }
}

/// What changed beyond noise, in a few words; empty: nothing did.
pub fn what_changed(language: Language, project: &HomeProject) -> String {
    if project.is_demo && project.numbers.top_move.is_none() {
        return texts::DEMO_DATA.get(language).to_owned();
    }
    if project.numbers.answers == 0 {
        return match project.last_run {
            Some(_) => texts::NO_ANSWERS.get(language).to_owned(),
            None => String::new(),
        };
    }
    let Some(moved) = &project.numbers.top_move else {
        return String::new();
    };
    let MoveSubject::Model { name, .. } = &moved.subject else {
        return String::new();
    };
    let difference = moved.change.as_ref().and_then(|change| change.difference);
    let text = if difference.unwrap_or_default() < 0.0 {
        texts::DOWN_MOST
    } else {
        texts::UP_MOST
    };
    text.fill(language, &[("name", name)])
}

/// The last day of a day's month.
pub fn month_end(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first
        .checked_add_months(Months::new(1))
        .and_then(|next| next.checked_sub_days(Days::new(1)))
        .unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::home::LastRun;
    use crate::model::ids::ProjectId;
    use crate::model::metrics::Ratio;
    use crate::model::run::RunStatus;

    fn project(id: i64, name: &str, mentions: i64, answers: i64) -> HomeProject {
        HomeProject {
            id: ProjectId(id),
            name: name.to_owned(),
            domain: "example.com".to_owned(),
            is_pinned: false,
            is_active: true,
            is_demo: false,
            is_simulated: false,
            last_run: None,
            numbers: HomeRow {
                project_id: ProjectId(id),
                answers,
                visibility: Ratio::new(mentions, answers),
                interval: None,
                trend: Trend::NoEarlier,
                points: Vec::new(),
                share_of_voice: Ratio::default(),
                share_answers: 0,
                position: Ratio::default(),
                sentiment: Ratio::default(),
                top_move: None,
            },
        }
    }

    fn names(projects: &[HomeProject]) -> Vec<&str> {
        projects
            .iter()
            .map(|project| project.name.as_str())
            .collect()
    }

    #[test]
    fn pinned_projects_come_first_and_those_without_a_number_last() {
        let mut projects = vec![
            project(1, "Beta", 1, 10),
            project(2, "alpha", 0, 0),
            project(3, "Gamma", 9, 10),
            project(4, "Delta", 2, 10),
        ];
        projects[3].is_pinned = true;
        for (word, order) in [
            (None, ["Delta", "alpha", "Beta", "Gamma"]),
            (Some("-name"), ["Delta", "Gamma", "Beta", "alpha"]),
            (Some("visibility"), ["Delta", "Beta", "Gamma", "alpha"]),
            (Some("-visibility"), ["Delta", "Gamma", "Beta", "alpha"]),
            (Some("nonsense"), ["Delta", "alpha", "Beta", "Gamma"]),
        ] {
            arrange(&mut projects, Sort::read(word));
            assert_eq!(names(&projects), order, "{word:?}");
        }
    }

    #[test]
    fn an_order_is_read_as_it_is_written() {
        for (column, _) in Column::ALL {
            let once = Sort::default().chosen(column);
            for sort in [once, once.chosen(column)] {
                let address = sort.address();
                let word = address.strip_prefix("/?sort=");
                assert_eq!(Sort::read(word), sort);
            }
        }
        assert!(Sort::default().chosen(Column::Visibility).is_descending);
        assert!(!Sort::default().chosen(Column::Position).is_descending);
    }

    #[test]
    fn projects_are_found_by_name_and_domain() {
        let kipu = project(1, "Kipu Cloud", 0, 0);
        assert!(is_found(&kipu, " kipu") && is_found(&kipu, "EXAMPLE.com") && is_found(&kipu, ""));
        assert!(!is_found(&kipu, "andes"));
    }

    #[test]
    fn changes_are_told_in_points() {
        let words = |trend| change_words(Language::English, trend);
        assert_eq!(words(Trend::Improved(0.094)), "9 points");
        assert_eq!(words(Trend::Worsened(0.0099)), "1 point");
        assert_eq!(words(Trend::Improved(0.004)), "0.4 points");
        assert_eq!(words(Trend::Unclear), "no clear change");
        assert_eq!(
            change_words(Language::Spanish, Trend::Worsened(0.06)),
            "6 puntos"
        );
    }

    #[test]
    fn a_project_that_fell_silent_says_so() {
        let mut silent = project(1, "Kipu", 0, 0);
        assert_eq!(what_changed(Language::English, &silent), "");
        silent.last_run = Some(LastRun {
            status: RunStatus::Failed,
            at: chrono::DateTime::UNIX_EPOCH,
            settled: 4,
            total: 4,
            failed: 4,
        });
        assert_eq!(
            what_changed(Language::English, &silent),
            "No answers in 30 days"
        );
    }

    #[test]
    fn months_end_on_their_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().expect(text);
        assert_eq!(month_end(day("2026-12-02")), day("2026-12-31"));
        assert_eq!(month_end(day("2028-02-29")), day("2028-02-29"));
    }
}
