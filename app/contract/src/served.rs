//! Which model answered, where it is not the one that was asked.
//!
//! Invariant: pure. The rule of what is the same model under another name stands here and
//! nowhere else ([`is_same_model`]).

use chrono::NaiveDate;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{AnswerId, ModelId};

/// A place in the series of a model where another one began to answer: what is on both sides
/// of it is not compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Seam {
    /// The row of the registry that is asked.
    pub model_id: ModelId,
    /// The first day of the new stretch, in the workspace's time zone.
    pub day: NaiveDate,
    /// The model that was asked, as the provider names it.
    pub asked: String,
    /// The model that answers from then on, as the provider names it.
    pub served: String,
    /// Whether the model before it answered on that day, too.
    pub is_within_day: bool,
}

/// The answers of one day that came under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedDay {
    /// The row of the registry that was asked.
    pub model_id: ModelId,
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// The model that was asked, as the provider names it.
    pub asked: String,
    /// The model that answered, as the provider names it.
    pub served: String,
    /// How many answers.
    pub answers: i64,
    /// The first of them.
    pub first: AnswerId,
    /// The last of them.
    pub last: AnswerId,
}

/// Words behind a name that choose a host, or how it is asked, not a model.
const ROUTES: [&str; 9] = [
    ":latest",
    ":free",
    ":nitro",
    ":floor",
    ":online",
    ":exacto",
    ":thinking",
    ":extended",
    ":beta",
];
/// The end of names that mean whatever is newest.
const NEWEST: &str = "-latest";
/// Who takes no part in so many answers has left: one that gives a tenth of all is missing from
/// them by chance once in 190 times.
const ENOUGH: i64 = 50;

/// Whether an answer that came under the name `served` is of the model `asked`: under the same
/// name, or under a dated form of it. Case, the owner's name before a slash and words that only
/// choose a host are no difference.
///
/// Dated forms are `-2026-03-05`, `-20260305`, `-260305`, `-202603`, `-03-05`, `-03-2026`,
/// `-2026-03`, `-2026`, `-2603` and `-0305` (only where that can be a date), `-001`, and anything
/// behind an `@`. A name that ends in `-latest` has the dated forms of what stands before.
pub fn is_same_model(asked: &str, served: &str) -> bool {
    let (asked, served) = (bare(asked), bare(served));
    let stem = asked.strip_suffix(NEWEST).unwrap_or(&asked);
    asked == served
        || served
            .strip_prefix(stem)
            .is_some_and(|end| end.is_empty() || is_date(end))
}

/// Whether another model than the one that was asked has answered. An answer that names no
/// model is taken for one of the model that was asked.
pub fn is_other_model(asked: &str, served: Option<&str>) -> bool {
    served.is_some_and(|served| !served.trim().is_empty() && !is_same_model(asked, served))
}

/// What stays the same as long as one model answers.
fn identity(asked: &str, served: &str) -> String {
    let (wanted, found) = (bare(asked), bare(served));
    if wanted.ends_with(NEWEST) {
        // Such a name promises no model: its dates are all there is to tell them apart.
        found
    } else if is_same_model(asked, served) {
        wanted
    } else {
        undated(&found).to_owned()
    }
}

/// A name without case, owner and routes. Providers name models in ASCII.
fn bare(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let model = name
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let mut model = model;
    while let Some(shorter) = ROUTES.iter().find_map(|route| model.strip_suffix(route)) {
        model = shorter;
    }
    model.to_owned()
}

/// A name without its date.
fn undated(name: &str) -> &str {
    let mut ends = name.match_indices(['-', '@']).map(|(at, _)| at);
    // A name that is nothing but a date keeps it.
    match ends.find(|at| is_date(&name[*at..])) {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// Whether the end of a name, with its separator, says which date or version of a model it is.
fn is_date(end: &str) -> bool {
    if let Some(version) = end.strip_prefix('@') {
        return !version.is_empty();
    }
    let Some(digits) = end.strip_prefix('-') else {
        return false;
    };
    let parts: Vec<&str> = digits.split('-').collect();
    if !digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-')
    {
        return false;
    }
    match parts.as_slice() {
        [year, month, day] => is_year(year) && is_month(month) && is_day(day),
        [left, right] => {
            is_month(left) && (is_day(right) || is_year(right)) || is_year(left) && is_month(right)
        }
        [one] => match one.len() {
            3 => one.starts_with('0'),
            4 => {
                let (left, right) = one.split_at(2);
                is_year(one)
                    || is_month(left) && is_day(right)
                    || is_short_year(left) && is_month(right)
            }
            6 => {
                is_short_year(&one[..2]) && is_month(&one[2..4]) && is_day(&one[4..])
                    || is_year(&one[..4]) && is_month(&one[4..])
            }
            8 => is_year(&one[..4]) && is_month(&one[4..6]) && is_day(&one[6..]),
            _ => false,
        },
        _ => false,
    }
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && part.starts_with("20")
}

/// Language models have been served since the twenties.
fn is_short_year(part: &str) -> bool {
    is_within(part, 20, 99)
}

fn is_month(part: &str) -> bool {
    is_within(part, 1, 12)
}

fn is_day(part: &str) -> bool {
    is_within(part, 1, 31)
}

fn is_within(part: &str, least: u32, most: u32) -> bool {
    part.len() == 2
        && part
            .parse()
            .is_ok_and(|number: u32| (least..=most).contains(&number))
}

/// The seams in days that are ordered by model, then by day, then by first answer.
///
/// A stretch lasts until a new model answers. If several models take turns, all of them belong to
/// it. A model whose last answer is older than the first of the new one does not. Under which name
/// a model was served from its first answer on (a deployment has a name of its own) makes no seam.
pub fn seams(days: &[ServedDay]) -> Vec<Seam> {
    let mut seams = Vec::new();
    for of_model in days.chunk_by(|one, next| one.model_id == next.model_id) {
        let mut stretch: Vec<Member> = Vec::new();
        for day in of_model.chunk_by(|one, next| one.day == next.day) {
            let mut newcomer = None;
            for one in day {
                let own = name(one);
                if stretch.iter().any(|member| member.name == own) {
                    continue;
                }
                // Nobody is new where nobody was before.
                newcomer = (!stretch.is_empty()).then_some(one);
                let answers =
                    |other: &&ServedDay| other.first <= one.first && one.first <= other.last;
                stretch = day.iter().filter(answers).map(Member::of).collect();
            }
            match newcomer {
                Some(one) => seams.push(Seam {
                    model_id: one.model_id,
                    day: one.day,
                    asked: one.asked.clone(),
                    served: one.served.clone(),
                    is_within_day: day.iter().any(|other| other.first < one.first),
                }),
                None => narrow(&mut stretch, day),
            }
        }
    }
    seams
}

/// A model that is asked in the place of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The row of the registry that was asked.
    pub old: ModelId,
    /// The row that is asked since.
    pub new: ModelId,
    /// The old one, as the provider names it.
    pub asked: String,
    /// The new one, as the provider names it.
    pub served: String,
}

/// The seams that successors make. There is one if the successor's first answer is later than the
/// last answer of the model that it replaces; if it replaces several, of the one that answered
/// last. Both may have been asked side by side before: then each has a series of its own, and there
/// is no seam.
pub fn successions(replaced: &[Replaced], days: &[ServedDay]) -> Vec<Seam> {
    let days_of = |model: ModelId| days.iter().filter(move |day| day.model_id == model);
    let mut seams: Vec<(NaiveDate, Seam)> = Vec::new();
    for one in replaced {
        let last = days_of(one.old).max_by_key(|day| (day.day, day.last));
        let first = days_of(one.new).min_by_key(|day| (day.day, day.first));
        let (Some(last), Some(first)) = (last, first) else {
            continue;
        };
        if first.first < last.last {
            continue;
        }
        let seam = Seam {
            model_id: one.new,
            day: first.day,
            asked: one.asked.clone(),
            served: one.served.clone(),
            is_within_day: last.day == first.day,
        };
        match seams
            .iter_mut()
            .find(|(_, other)| other.model_id == one.new)
        {
            Some(other) if other.0 < last.day => *other = (last.day, seam),
            Some(_) => {}
            None => seams.push((last.day, seam)),
        }
    }
    seams.into_iter().map(|(_, seam)| seam).collect()
}

fn name(day: &ServedDay) -> String {
    identity(&day.asked, &day.served)
}

/// A model that takes part in a stretch.
struct Member {
    name: String,
    /// Answers since its last one, by whole days.
    answers_without: i64,
}

impl Member {
    fn of(day: &ServedDay) -> Self {
        Self {
            name: name(day),
            answers_without: 0,
        }
    }
}

/// Who takes no part in many answers has left.
fn narrow(stretch: &mut Vec<Member>, day: &[ServedDay]) {
    let answers: i64 = day.iter().map(|one| one.answers).sum();
    for member in &mut *stretch {
        let is_there = day.iter().any(|one| name(one) == member.name);
        member.answers_without = if is_there {
            0
        } else {
            member.answers_without + answers
        };
    }
    stretch.retain(|member| member.answers_without < ENOUGH);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked, served, whether it is the same model.
    const CASES: &[(&str, &str, bool)] = &[
        ("gpt-6-luna", "gpt-6-luna", true),
        ("gpt-5.6-luna", "gpt-5.6-luna-2026-03-05", true),
        ("gpt-6.1-terra", "gpt-6.1-terra-2028-06-16-mini", false),
        ("gpt-6.1-terra", "gpt-6.1-terra-mini", false),
        ("gpt-6.1-terra", "gpt-6.1-terra-mini-2028-06-16", false),
        ("gpt-5", "gpt-5.1", false),
        ("gpt-5", "gpt-5-nano", false),
        ("gpt-4", "gpt-4-0613", true),
        ("gpt-4-turbo", "gpt-4", false),
        ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929", true),
        ("claude-sonnet-4", "claude-sonnet-4-5-20250929", false),
        ("claude-sonnet-4-5", "claude-sonnet-4-5@20250929", true),
        ("claude-sonnet-4-5", "claude-sonnet-4-5@default", true),
        (
            "claude-3-5-sonnet-latest",
            "claude-3-5-sonnet-20241022",
            true,
        ),
        ("gemini-2.0-flash", "gemini-2.0-flash-001", true),
        ("gemini-2.0-flash", "models/gemini-2.0-flash-001", true),
        ("models/gemini-2.0-flash", "gemini-2.0-flash", true),
        ("gemini-2.0-flash", "gemini-2.0-flash-lite", false),
        ("gemini-2.0-flash", "gemini-2.0-flash-lite-001", false),
        (
            "gemini-2.5-flash-preview",
            "gemini-2.5-flash-preview-05-20",
            true,
        ),
        (
            "gemini-2.5-flash-preview",
            "gemini-2.5-flash-preview-09-2025",
            true,
        ),
        ("gemini-2.5-pro", "gemini-3.8-flash", false),
        ("gemini-flash-latest", "gemini-3.8-flash", false),
        ("deepseek-chat-v3", "deepseek-chat-v3-0324", true),
        ("mistral-large-latest", "mistral-large-2512", true),
        ("mistral-large", "mistral-large-2599", false),
        ("command-a", "command-a-03-2025", true),
        ("kimi-k2", "kimi-k2-250905", true),
        ("kimi-k2", "kimi-k2-251305", false),
        ("kimi-k2", "kimi-k2-250932", false),
        ("kimi-k2", "kimi-k2-190905", false),
        ("ernie-5", "ernie-5-202603", true),
        ("ernie-5", "ernie-5-202613", false),
        ("ernie-5", "ernie-5-128000", false),
        ("ernie-5", "ernie-5-2026031", false),
        ("gpt-5", "gpt-5-turbo-250905", false),
        ("openai/gpt-5", "gpt-5-2025-08-07", true),
        ("openai/gpt-5", "openai/gpt-5", true),
        ("openai/gpt-5:online", "openai/gpt-5-2025-08-07", true),
        ("openai/gpt-5:thinking", "openai/gpt-5", true),
        ("openai/gpt-5:extended", "openai/gpt-5-2025-08-07", true),
        ("anthropic/claude-5:beta", "anthropic/claude-5", true),
        ("openai/gpt-5:exacto", "openai/gpt-5", true),
        ("openai/gpt-5:free:online", "openai/gpt-5-250807", true),
        ("openai/gpt-5:thinking", "openai/gpt-5-mini:thinking", false),
        ("gpt-5", "azure/GPT-5", true),
        (
            "anthropic/claude-sonnet-5",
            "anthropic/claude-haiku-5",
            false,
        ),
        ("accounts/fireworks/models/kimi-k3", "kimi-k3", true),
        ("llama3.2", "llama3.2:latest", true),
        ("llama3.2", "llama3.2:1b", false),
        ("qwen-72", "qwen-72-128", false),
        ("our-deployment", "gpt-5-2025-08-07", false),
        ("sonar", "", false),
        // Which date an undated name stands for, nobody says.
        ("gpt-5-2025-08-07", "gpt-5", false),
        ("gpt-5-2025-08-07", "gpt-5-2026-01-01", false),
    ];

    #[test]
    fn a_dated_form_is_the_same_model_and_any_other_name_is_not() {
        for &(asked, served, same) in CASES {
            assert_eq!(is_same_model(asked, served), same, "{asked}, {served}");
        }
    }

    #[test]
    fn a_date_is_found_where_it_begins() {
        for (name, without) in [
            ("gpt-5-2025-08-07", "gpt-5"),
            ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
            ("gemini-2.0-flash-001", "gemini-2.0-flash"),
            ("doubao-seed-1-6-250615", "doubao-seed-1-6"),
            ("ernie-5-202603", "ernie-5"),
            ("ernie-5-202613", "ernie-5-202613"),
            (
                "gpt-6.1-terra-2028-06-16-mini",
                "gpt-6.1-terra-2028-06-16-mini",
            ),
            ("-2025-08-07", "-2025-08-07"),
            ("é-2025-08-07", "é"),
            ("", ""),
        ] {
            assert_eq!(undated(name), without);
        }
    }

    /// Days from 1 on; of each day `(served, first, last)`.
    fn days(asked: &str, days: &[&[(&str, i64, i64)]]) -> Vec<ServedDay> {
        let mut all = Vec::new();
        for (number, names) in (1..).zip(days) {
            let day = NaiveDate::from_ymd_opt(2026, 11, number).expect("a day");
            all.extend(names.iter().map(|&(served, first, last)| ServedDay {
                model_id: ModelId(1),
                day,
                asked: asked.to_owned(),
                served: served.to_owned(),
                answers: last - first + 1,
                first: AnswerId(first),
                last: AnswerId(last),
            }));
        }
        all
    }

    fn found(asked: &str, of_days: &[&[(&str, i64, i64)]]) -> Vec<(u32, String)> {
        use chrono::Datelike;
        let seams = seams(&days(asked, of_days));
        seams
            .into_iter()
            .map(|seam| (seam.day.day(), seam.served))
            .collect()
    }

    #[test]
    fn a_seam_is_where_somebody_new_begins_to_answer() {
        let told = |day: u32, served: &str| (day, served.to_owned());
        let (a, dated, other) = ("gpt-6", "gpt-6-2026-03-05", "gpt-6-mini");
        assert_eq!(found(a, &[&[(a, 1, 9)], &[(dated, 10, 19)]]), []);
        assert_eq!(
            found(a, &[&[(a, 1, 9)], &[(other, 10, 19)], &[(other, 20, 29)]]),
            [told(2, other)]
        );
        // There and back again.
        assert_eq!(
            found(a, &[&[(a, 1, 9)], &[(other, 10, 19)], &[(a, 20, 29)]]),
            [told(2, other), told(3, a)]
        );
        // In the middle of a day, the first one too; and back.
        assert_eq!(
            found(
                a,
                &[
                    &[(a, 1, 9)],
                    &[(a, 10, 14), (other, 15, 19)],
                    &[(other, 20, 29)],
                    &[(a, 30, 39)]
                ]
            ),
            [told(2, other), told(4, a)]
        );
        assert_eq!(found(a, &[&[(a, 1, 5), (other, 6, 19)]]), [told(1, other)]);
    }

    #[test]
    fn a_successor_makes_a_seam_where_the_model_before_it_answered_last() {
        let on = |model: i64, number: u32, first: i64| ServedDay {
            model_id: ModelId(model),
            day: NaiveDate::from_ymd_opt(2026, 11, number).expect("a day"),
            asked: "x".to_owned(),
            served: "x".to_owned(),
            answers: 10,
            first: AnswerId(first),
            last: AnswerId(first + 9),
        };
        let replaced = |old: i64, asked: &str| Replaced {
            old: ModelId(old),
            new: ModelId(9),
            asked: asked.to_owned(),
            served: "next".to_owned(),
        };
        let both = [replaced(1, "one"), replaced(2, "two")];
        let found = |days: &[ServedDay]| {
            let seams = successions(&both, days);
            let told = seams.into_iter().map(|seam| (seam.day, seam.asked));
            told.collect::<Vec<_>>()
        };
        let (old, other) = (on(1, 3, 10), on(2, 2, 0));
        let told = |number: u32, asked: &str| vec![(on(9, number, 0).day, asked.to_owned())];
        assert_eq!(
            found(&[old.clone(), other.clone(), on(9, 5, 20), on(9, 6, 30)]),
            told(5, "one")
        );
        assert_eq!(
            found(&[other.clone(), on(9, 2, 20), on(9, 6, 30)]),
            told(2, "two")
        );
        // It was asked beside the other already; nobody was before it; it has not answered yet.
        assert_eq!(found(&[old.clone(), on(9, 2, 0), on(9, 6, 30)]), []);
        assert_eq!(found(&[on(9, 5, 20)]), []);
        assert_eq!(found(&[old, other]), []);
    }

    #[test]
    fn models_that_take_turns_are_one_stretch() {
        let (a, b) = ("gpt-6", "gpt-6-mini");
        let turns: &[(&str, i64, i64)] = &[(a, 10, 30), (b, 11, 29)];
        assert_eq!(
            found(a, &[&[(a, 1, 9)], turns, &[(b, 31, 33)], &[(a, 34, 36)]]),
            [(2, b.to_owned())]
        );
        // After many answers without it, of one day or several, one comes anew.
        assert_eq!(
            found(a, &[&[(a, 1, 9)], turns, &[(b, 31, 80)], &[(a, 81, 90)]]),
            [(2, b.to_owned()), (4, a.to_owned())]
        );
        let days: &[&[(&str, i64, i64)]] = &[
            &[(a, 1, 9)],
            turns,
            &[(b, 31, 55)],
            &[(b, 56, 80)],
            &[(a, 81, 90)],
        ];
        assert_eq!(found(a, days), [(2, b.to_owned()), (5, a.to_owned())]);
        assert_eq!(
            found(a, &[&[(a, 1, 9)], turns, &[(b, 31, 79)], &[(a, 80, 90)]]),
            [(2, b.to_owned())]
        );
    }

    #[test]
    fn a_deployment_has_a_seam_only_where_its_model_changes() {
        let days: &[&[(&str, i64, i64)]] = &[
            &[("gpt-5-2025-08-07", 1, 9)],
            &[("gpt-5-2026-02-01", 10, 19)],
            &[("gpt-6-2026-11-01", 20, 29)],
        ];
        assert_eq!(
            found("our-deployment", days),
            [(3, "gpt-6-2026-11-01".to_owned())]
        );
        // A name that becomes dated, and one that goes back, is still one model.
        let dated: &[&[(&str, i64, i64)]] = &[
            &[("doubao-seed-2", 1, 9)],
            &[("doubao-seed-2-250905", 10, 19)],
            &[("doubao-seed-2-202603", 20, 29)],
            &[("doubao-seed-2:extended", 30, 39)],
        ];
        assert_eq!(found("our-deployment", dated), []);
        assert_eq!(found("doubao-seed-2", dated), []);
        // The newest of a family has nothing but its date.
        assert_eq!(found("gpt-5-latest", days).len(), 2);
    }

    #[test]
    fn models_have_seams_of_their_own() {
        let mut all = days("a", &[&[("a", 1, 9)]]);
        let mut others = days("b", &[&[("b", 1, 9)], &[("c", 10, 19)]]);
        for day in &mut others {
            day.model_id = ModelId(2);
        }
        all.extend(others);
        let found = seams(&all);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].model_id, found[0].asked.as_str()),
            (ModelId(2), "b")
        );
    }
}
