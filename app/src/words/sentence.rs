//! The sentence on top of a project: how often the brand is named, where it stands, how that moved.
//!
//! Invariant: pure. A place and a change are said only where the facts claim them.

use chrono::NaiveDate;

use super::amount::{Amount, points};
use super::dates::short_day;
use super::numbers::whole;
use crate::model::ids::EntityId;
use crate::model::language::Language;
use crate::model::overview::{ENOUGH_ANSWERS, Headline, RankClaim, Span, Trend};
use crate::texts::{Text, overview, sentence as texts};

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// How they stand out.
    pub kind: PieceKind,
}

/// How a part of a sentence stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// It does not.
    Plain,
    /// What the sentence is about.
    Strong,
    /// A change to the better.
    Better,
    /// A change to the worse.
    Worse,
    /// A link to a competitor.
    Entity(EntityId),
}

impl Piece {
    /// Words that do not stand out.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, PieceKind::Plain)
    }

    /// Words that stand out like this.
    pub fn new(text: impl Into<String>, kind: PieceKind) -> Self {
        Self {
            text: text.into(),
            kind,
        }
    }
}

/// The words of some pieces, one after the other.
pub fn read_out(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// A text with each `{name}` replaced by its piece.
pub(super) fn filled(text: &str, values: &[(&str, Piece)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        if !before.is_empty() {
            pieces.push(Piece::plain(before));
        }
        let value = values.iter().find(|(known, _)| *known == name);
        pieces.extend(value.map(|(_, piece)| piece.clone()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::plain(rest));
    }
    pieces
}

/// The sentence of a period.
pub fn sentence(language: Language, headline: &Headline, period: Span) -> Vec<Piece> {
    if headline.answers == 0 {
        return empty(language, headline.last_day, period);
    }
    if headline.is_too_early() {
        return too_early(language, headline.answers);
    }
    let value = headline.visibility.value().unwrap_or_default();
    let value = Amount::Share(value).shown(language, headline.interval);
    let mut pieces = filled(
        texts::NAMED.get(language),
        &[
            ("brand", Piece::plain(headline.brand.clone())),
            ("share", Piece::new(value, PieceKind::Strong)),
        ],
    );
    pieces.extend(rank(language, &headline.rank));
    pieces.extend(trend(language, headline, period));
    pieces.push(Piece::plain("."));
    pieces
}

/// What the sentence rests on: its interval, and how many answers to how many questions.
pub fn rests_on(language: Language, headline: &Headline) -> Vec<String> {
    let mut parts = Vec::new();
    if let (Some(value), Some(interval)) = (headline.visibility.value(), headline.interval)
        && !headline.is_too_early()
    {
        let interval = Amount::Share(value).interval_words(language, interval);
        parts.push(overview::INTERVAL.fill(language, &[("interval", &interval)]));
    }
    let counted = |one: Text, many: Text, n: i64| match n {
        1 => one.get(language).to_owned(),
        _ => many.fill(language, &[("n", &whole(language, n))]),
    };
    let answers = counted(overview::ANSWER_ONE, overview::ANSWERS, headline.answers);
    let questions = counted(
        overview::QUESTION_ONE,
        overview::QUESTIONS,
        headline.questions,
    );
    parts.push(overview::ANSWERS_TO.fill(
        language,
        &[("answers", &answers), ("questions", &questions)],
    ));
    parts
}

fn rank(language: Language, rank: &RankClaim) -> Vec<Piece> {
    let number = |number: u32| Piece::plain(whole(language, i64::from(number)));
    match rank {
        RankClaim::Nothing => Vec::new(),
        RankClaim::Leads { of } => filled(texts::FIRST.get(language), &[("of", number(*of))]),
        RankClaim::Level { entity_id, name } => {
            let rival = Piece::new(name.clone(), PieceKind::Entity(*entity_id));
            filled(texts::LEVEL.get(language), &[("rival", rival)])
        }
        RankClaim::Place { place, of } => filled(
            texts::PLACE.get(language),
            &[("place", number(*place)), ("of", number(*of))],
        ),
    }
}

fn trend(language: Language, headline: &Headline, period: Span) -> Vec<Piece> {
    let Some(earlier) = headline.earlier else {
        return Vec::new();
    };
    let earlier = Piece::plain(earlier_words(language, earlier, period));
    let (change, kind) = match headline.trend {
        Trend::NoEarlier => return Vec::new(),
        Trend::Unclear => {
            return filled(texts::UNCLEAR.get(language), &[("earlier", earlier)]);
        }
        Trend::Improved(size) => {
            let (points, is_one) = points(language, size, None);
            let text = if is_one { texts::UP_ONE } else { texts::UP };
            (
                text.fill(language, &[("points", &points)]),
                PieceKind::Better,
            )
        }
        Trend::Worsened(size) => {
            let (points, is_one) = points(language, size, None);
            let text = if is_one { texts::DOWN_ONE } else { texts::DOWN };
            (
                text.fill(language, &[("points", &points)]),
                PieceKind::Worse,
            )
        }
    };
    filled(
        texts::TREND.get(language),
        &[("change", Piece::new(change, kind)), ("earlier", earlier)],
    )
}

/// The earlier period: the days before, or the same days of the year before.
fn earlier_words(language: Language, earlier: Span, period: Span) -> String {
    let is_before = earlier.to.succ_opt() == Some(period.from);
    match (is_before, earlier.days()) {
        (true, 1) => texts::DAY_BEFORE.get(language).to_owned(),
        (true, days) => texts::DAYS_BEFORE.fill(language, &[("days", &whole(language, days))]),
        (false, _) => texts::YEAR_BEFORE.get(language).to_owned(),
    }
}

fn too_early(language: Language, answers: i64) -> Vec<Piece> {
    let text = if answers == 1 {
        texts::TOO_EARLY_ONE
    } else {
        texts::TOO_EARLY
    };
    let number = |number: i64| Piece::plain(whole(language, number));
    filled(
        text.get(language),
        &[
            ("answers", number(answers)),
            ("needed", number(ENOUGH_ANSWERS)),
        ],
    )
}

fn empty(language: Language, last: Option<NaiveDate>, period: Span) -> Vec<Piece> {
    let Some(last) = last else {
        return vec![Piece::plain(texts::NONE_YET.get(language))];
    };
    let day = |day: NaiveDate| short_day(language, day);
    let none = if period.from == period.to {
        texts::NONE_ON.fill(language, &[("day", &day(period.from))])
    } else {
        texts::NONE_BETWEEN.fill(
            language,
            &[("from", &day(period.from)), ("to", &day(period.to))],
        )
    };
    let last = texts::LAST_OF.fill(language, &[("day", &day(last))]);
    vec![Piece::plain(format!("{none} {last}"))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metrics::{Interval, Ratio};

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    fn span(from: &str, to: &str) -> Span {
        let day = |text: &str| text.parse().expect("a day");
        Span {
            from: day(from),
            to: day(to),
        }
    }

    fn november() -> Span {
        span("2026-11-01", "2026-11-30")
    }

    fn headline(rank: RankClaim, trend: Trend) -> Headline {
        Headline {
            brand: "Kornfeld Coffee".to_owned(),
            visibility: Ratio::new(640, 1_000),
            interval: Some(Interval {
                low: 0.59,
                high: 0.69,
            }),
            trend,
            rank,
            answers: 1_000,
            questions: 56,
            next_run: None,
            last_day: Some(november().to),
            earlier: Some(span("2026-10-02", "2026-10-31")),
        }
    }

    fn said(language: Language, headline: &Headline) -> String {
        read_out(&sentence(language, headline, november()))
    }

    fn level() -> RankClaim {
        RankClaim::Level {
            entity_id: EntityId(3),
            name: "Halden Roasters".to_owned(),
        }
    }

    #[test]
    fn a_leader_that_rose() {
        let leads = headline(RankClaim::Leads { of: 5 }, Trend::Improved(0.09));
        assert_eq!(
            said(EN, &leads),
            "Kornfeld Coffee is named in 64% of answers, first of 5 brands, up 9 points on the 30 \
             days before."
        );
        assert_eq!(
            said(ES, &leads),
            "Kornfeld Coffee aparece en el 64\u{a0}% de las respuestas, primera de 5 marcas, 9 \
             puntos más que en los 30 días anteriores."
        );
        let pieces = sentence(EN, &leads, november());
        let of_kind = |kind: PieceKind| -> Vec<&str> {
            let own = pieces.iter().filter(|piece| piece.kind == kind);
            own.map(|piece| piece.text.as_str()).collect()
        };
        assert_eq!(of_kind(PieceKind::Strong), ["64%"]);
        assert_eq!(of_kind(PieceKind::Better), ["up 9 points"]);
    }

    #[test]
    fn it_says_what_it_rests_on() {
        let mut leads = headline(RankClaim::Leads { of: 5 }, Trend::Improved(0.09));
        let rests = rests_on(EN, &leads).join(" · ");
        assert_eq!(rests, "95% interval 59–69% · 1,000 answers to 56 questions");
        leads.answers = 1;
        leads.questions = 1;
        assert_eq!(rests_on(EN, &leads), ["1 answer to 1 question"]);
    }

    #[test]
    fn level_with_another_and_no_clear_change() {
        let level = headline(level(), Trend::Unclear);
        assert_eq!(
            said(EN, &level),
            "Kornfeld Coffee is named in 64% of answers, level with Halden Roasters, with no clear \
             change on the 30 days before."
        );
        assert_eq!(
            said(ES, &level),
            "Kornfeld Coffee aparece en el 64\u{a0}% de las respuestas, a la par de Halden \
             Roasters, sin cambio claro frente a los 30 días anteriores."
        );
        let pieces = sentence(EN, &level, november());
        let link = Piece::new("Halden Roasters", PieceKind::Entity(EntityId(3)));
        assert!(pieces.contains(&link));
    }

    #[test]
    fn a_place_further_down_and_one_point_less() {
        let place = headline(RankClaim::Place { place: 3, of: 5 }, Trend::Worsened(0.011));
        assert_eq!(
            said(EN, &place),
            "Kornfeld Coffee is named in 64% of answers, number 3 of 5 brands, down 1 point on the \
             30 days before."
        );
        assert!(said(ES, &place).contains("número 3 de 5 marcas, 1 punto menos que en"));
    }

    #[test]
    fn nothing_is_said_of_change_where_there_is_no_earlier_period() {
        let mut alone = headline(RankClaim::Nothing, Trend::NoEarlier);
        alone.earlier = None;
        assert_eq!(
            said(EN, &alone),
            "Kornfeld Coffee is named in 64% of answers."
        );
        alone.earlier = Some(span("2025-11-01", "2025-11-30"));
        alone.trend = Trend::Improved(0.004);
        assert!(said(EN, &alone).ends_with(", up 0.4 points on the same days of the year before."));
    }

    #[test]
    fn too_few_answers_say_that_it_is_too_early() {
        let mut early = headline(RankClaim::Leads { of: 5 }, Trend::Improved(0.3));
        early.answers = 24;
        assert_eq!(
            said(EN, &early),
            "Too early to say: 24 answers so far. 30 are needed."
        );
        early.answers = 1;
        assert_eq!(
            said(ES, &early),
            "Es pronto para decir algo: 1 respuesta hasta ahora. Hacen falta 30."
        );
    }

    #[test]
    fn a_period_without_answers_says_when_the_last_came() {
        let mut none = headline(RankClaim::Nothing, Trend::NoEarlier);
        none.answers = 0;
        none.last_day = "2026-10-08".parse().ok();
        assert_eq!(
            said(EN, &none),
            "No answers from 1 Nov to 30 Nov. The last ones are from 8 Oct."
        );
        assert_eq!(
            said(ES, &none),
            "No hay respuestas del 1 nov al 30 nov. Las últimas son del 8 oct."
        );
        none.last_day = None;
        assert_eq!(said(EN, &none), "No answers yet.");
    }
}
