//! Writes made-up answers to questions about products.
//!
//! Invariant: the same brief gives the same answer.

use super::dice::{Dice, hash};
use super::names::{Pool, choose, host};
use super::phrases::{ENGLISH, Phrases, SPANISH};

/// What to write about.
pub(crate) struct Brief<'a> {
    pub(crate) pool: Pool<'a>,
    pub(crate) spanish: bool,
    /// Whether sources may be cited.
    pub(crate) search: bool,
    pub(crate) max_output_tokens: u32,
    /// Tells repeats of one question apart.
    pub(crate) nonce: u64,
    /// The least that is to be written.
    pub(crate) bytes: usize,
}

/// An answer before a protocol gives it a shape: pieces of text, each of which may rest on a
/// source.
pub(crate) struct Draft {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) sources: Vec<Source>,
    pub(crate) truncated: bool,
    pub(crate) input_tokens: i64,
    pub(crate) output_tokens: i64,
    pub(crate) searches: i64,
    /// What was looked up, where a search was made.
    pub(crate) query: String,
}

pub(crate) struct Piece {
    pub(crate) text: String,
    /// Index into [`Draft::sources`].
    pub(crate) source: Option<usize>,
}

pub(crate) struct Source {
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) host: String,
}

/// Host and name of a site that tests things.
pub(crate) type ReviewSite = (&'static str, &'static str);

/// Sites that test things, all of them invented.
pub(crate) const REVIEW_SITES: &[ReviewSite] = &[
    ("www.testbench.example", "Testbench"),
    ("www.kaufkompass.example", "Kaufkompass"),
    ("www.opinioneslibres.example", "Opiniones Libres"),
    ("forum.everydayusers.example", "Everyday Users"),
    ("www.marketdigest.example", "Market Digest"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Numbered,
    Bullets,
    Prose,
}

/// Writes the answer.
pub(crate) fn write(brief: &Brief<'_>) -> Draft {
    let mut dice = dice_of(brief);
    let names = choose(&brief.pool, &mut dice);
    write_about(brief, &names, REVIEW_SITES, dice)
}

/// Writes an answer that names these, the best first, and that may cite these sites beside
/// their own.
pub(crate) fn write_as_told(brief: &Brief<'_>, names: &[String], sites: &[ReviewSite]) -> Draft {
    write_about(brief, names, sites, dice_of(brief))
}

fn dice_of(brief: &Brief<'_>) -> Dice {
    let pool = &brief.pool;
    Dice::new(hash(&[pool.model, pool.question]) ^ hash(&[&brief.nonce.to_string()]))
}

fn write_about(brief: &Brief<'_>, names: &[String], sites: &[ReviewSite], mut dice: Dice) -> Draft {
    let pool = &brief.pool;
    let phrases = if brief.spanish { &SPANISH } else { &ENGLISH };
    let mut draft = Draft {
        pieces: Vec::new(),
        sources: Vec::new(),
        truncated: false,
        input_tokens: tokens(words(pool.question)) + 12,
        output_tokens: 0,
        searches: 0,
        query: pool.question.chars().take(80).collect(),
    };
    let searched = brief.search && dice.happens(0.9);
    if searched {
        draft.searches = 1;
        draft.input_tokens += 1_500;
    }
    let told = Told {
        phrases,
        names,
        sites,
        searched,
    };
    write_pieces(&mut draft, &told, &mut dice);
    while draft.bytes() < brief.bytes {
        draft.push("\n\n".to_owned(), None);
        write_pieces(&mut draft, &told, &mut dice);
    }
    cut(&mut draft, brief.max_output_tokens);
    let written = draft.pieces.iter().map(|piece| words(&piece.text)).sum();
    draft.output_tokens = tokens(written);
    draft
}

/// What an answer says, and in which words.
struct Told<'a> {
    phrases: &'a Phrases,
    names: &'a [String],
    sites: &'a [ReviewSite],
    searched: bool,
}

fn write_pieces(draft: &mut Draft, told: &Told<'_>, dice: &mut Dice) {
    let Told {
        phrases,
        names,
        sites,
        searched,
    } = *told;
    let shape = *dice.pick(&[
        Shape::Numbered,
        Shape::Numbered,
        Shape::Bullets,
        Shape::Prose,
    ]);
    let bold = shape != Shape::Prose && dice.happens(0.6);
    let linked = !searched && dice.happens(0.2);
    draft.push((*dice.pick(phrases.openings)).to_owned(), None);
    draft.push("\n\n".to_owned(), None);
    // No verdict twice in one answer.
    let (praise_from, doubt_from) = (
        dice.below(phrases.praise.len()),
        dice.below(phrases.doubts.len()),
    );
    for (index, name) in names.iter().enumerate() {
        let shown = match (linked, bold) {
            (true, _) => format!("[{name}](https://{}/)", host(name)),
            (false, true) => format!("**{name}**"),
            (false, false) => name.clone(),
        };
        let pleased = dice.happens(if index == 0 { 0.95 } else { 0.75 });
        let verdict = if pleased {
            phrases.praise[(praise_from + index) % phrases.praise.len()]
        } else {
            phrases.doubts[(doubt_from + index) % phrases.doubts.len()]
        };
        let sentence = verdict.replace("{n}", &shown);
        let lead = match shape {
            Shape::Numbered => format!("{}. ", index + 1),
            Shape::Bullets => "- ".to_owned(),
            Shape::Prose => String::new(),
        };
        draft.push(lead, None);
        let source = (searched && dice.happens(0.6)).then(|| draft.cite(name, sites, dice));
        draft.push(sentence, source);
        draft.push(
            if shape == Shape::Prose { ". " } else { ".\n" }.to_owned(),
            None,
        );
    }
    let closing = dice.pick(phrases.closings);
    draft.push(
        if shape == Shape::Prose { "\n\n" } else { "\n" }.to_owned(),
        None,
    );
    draft.push((*closing).to_owned(), None);
}

impl Draft {
    fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.len()).sum()
    }

    fn push(&mut self, text: String, source: Option<usize>) {
        if !text.is_empty() {
            self.pieces.push(Piece { text, source });
        }
    }

    /// Adds a source about `name`: its own site or one that tests things.
    fn cite(&mut self, name: &str, sites: &[ReviewSite], dice: &mut Dice) -> usize {
        let slug: String = name
            .to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("-");
        let slug: String = slug
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
            .collect();
        let source = if dice.happens(0.4) {
            let host = host(name);
            Source {
                url: format!("https://{host}/products"),
                title: format!("{name} – Products"),
                host,
            }
        } else {
            let (host, site) = *dice.pick(sites);
            Source {
                url: format!("https://{host}/reviews/{slug}"),
                title: format!("{name} review – {site}"),
                host: host.to_owned(),
            }
        };
        let known = self
            .sources
            .iter()
            .position(|known| known.url == source.url);
        known.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        })
    }
}

/// Cuts the answer where the limit of tokens is reached.
fn cut(draft: &mut Draft, max_output_tokens: u32) {
    let limit = usize::try_from(max_output_tokens)
        .unwrap_or(usize::MAX)
        .saturating_mul(3)
        / 4;
    let mut left = limit.max(1);
    for index in 0..draft.pieces.len() {
        let piece = &mut draft.pieces[index];
        let count = words(&piece.text);
        if count > left {
            let kept: Vec<&str> = piece.text.split_whitespace().take(left).collect();
            piece.text = kept.join(" ");
            piece.source = None;
            draft.pieces.truncate(index + 1);
            draft.truncated = true;
            return;
        }
        left -= count;
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Four tokens for three words.
fn tokens(words: usize) -> i64 {
    i64::try_from((words * 4).div_ceil(3)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(nonce: u64, search: bool, max_output_tokens: u32) -> (String, Draft) {
        let hints = ["Acme".to_owned()];
        let pool = Pool {
            model: "m",
            question: "Which shoes last longest?",
            hints: &hints,
            extra: &[],
        };
        let draft = write(&Brief {
            pool,
            spanish: nonce.is_multiple_of(2),
            search,
            max_output_tokens,
            nonce,
            bytes: 0,
        });
        (
            draft
                .pieces
                .iter()
                .map(|piece| piece.text.as_str())
                .collect(),
            draft,
        )
    }

    #[test]
    fn the_same_brief_gives_the_same_answer_and_repeats_differ() {
        assert_eq!(text(1, true, 2048).0, text(1, true, 2048).0);
        assert_ne!(text(1, true, 2048).0, text(3, true, 2048).0);
    }

    #[test]
    fn sources_are_cited_only_after_a_search() {
        assert!((0..50).all(|nonce| text(nonce, false, 2048).1.sources.is_empty()));
        assert!(
            (0..50)
                .filter(|nonce| !text(*nonce, true, 2048).1.sources.is_empty())
                .count()
                > 30
        );
    }

    #[test]
    fn a_small_limit_cuts_the_answer() {
        let (text, draft) = text(1, true, 16);
        assert!(draft.truncated && draft.output_tokens <= 16, "{text}");
    }
}
