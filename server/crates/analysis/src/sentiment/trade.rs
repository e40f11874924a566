//! Tells what a company deals in: "X sells traps", "insurance against theft", "a fraud lawyer".
//! That is no judgement of the company.
//!
//! Invariant: looks at a bounded number of words from where it is asked, or goes through a
//! clause once.

use super::effect::{Cue, TradeRole};
use super::scan::{Mark, Token, Word};

/// How far behind "theft" the "insurance" stands that deals in it.
const TRADE_REACH: usize = 2;

/// What a clause hands on to those that go on with it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Carried {
    /// It tells what is dealt in ("sells traps, sprays and poison").
    pub(super) is_offering: bool,
    /// It began with a negation ("never lost a bag, missed a call or ...").
    pub(super) is_denied: bool,
}

impl Carried {
    /// What of it comes into the clause `tokens`. `or_comes`: an "or" stands in the sentence from
    /// its beginning on.
    pub(super) fn into_clause(self, tokens: &[Token], or_comes: bool) -> Self {
        let mut words = tokens.iter().filter_map(|token| match token {
            Token::Word(word) => Some(word),
            _ => None,
        });
        let cue = |word: &Word| word.entry.effect.cue;
        let first = words.next();
        let names = tokens
            .iter()
            .any(|token| matches!(token, Token::Mention(_)));
        let goes_on = !names
            && first.is_none_or(|word| {
                cue(word).joins() || (!word.entry.is_pronoun && is_plain(cue(word)))
            });
        Self {
            is_offering: self.is_offering && goes_on,
            is_denied: self.is_denied && goes_on && or_comes,
        }
    }

    /// What the clause `tokens` hands on.
    pub(super) fn out_of(self, tokens: &[Token]) -> Self {
        let begins_denied = tokens
            .iter()
            .filter(|token| !matches!(token, Token::Mark(_)))
            .take(2)
            .any(|token| is_cue(token, Cue::Negation));
        let offers = tokens.iter().enumerate().any(|(at, token)| {
            let rest = tokens.get(at + 1..).unwrap_or_default();
            matches!(token, Token::Word(word) if offers(word, rest))
        });
        Self {
            is_offering: self.is_offering || offers,
            is_denied: self.is_denied || begins_denied,
        }
    }
}

/// Whether a clause that begins so may go on with a list.
fn is_plain(cue: Cue) -> bool {
    !matches!(
        cue,
        Cue::But
            | Cue::Though
            | Cue::Despite
            | Cue::Contrast
            | Cue::Because
            | Cue::When
            | Cue::Relative
            | Cue::Negation
    )
}

fn is_cue(token: &Token, cue: Cue) -> bool {
    matches!(token, Token::Word(word) if word.entry.effect.cue == cue)
}

/// Whether `word` is only what is dealt in: in an offer, or before who deals in it.
pub(super) fn is_topic(word: &Word, rest: &[Token], is_offering: bool) -> bool {
    let is_trade = |token: &Token| {
        let trade_role = match token {
            Token::Word(word) => word.entry.effect.trade_role,
            _ => TradeRole::None,
        };
        trade_role == TradeRole::Trade
    };
    let follows = || {
        rest.iter()
            .take(TRADE_REACH)
            .take_while(|token| matches!(token, Token::Word(_)))
            .any(is_trade)
    };
    word.entry.effect.trade_role == TradeRole::Topic && (is_offering || follows())
}

/// Whether what follows `word` is dealt in.
pub(super) fn offers(word: &Word, rest: &[Token]) -> bool {
    match word.entry.effect.trade_role {
        TradeRole::Offers => true,
        TradeRole::Trade => match rest.first() {
            Some(Token::Word(next)) => {
                matches!(next.entry.effect.cue, Cue::Preposition | Cue::Relief)
            }
            Some(Token::Mark(Mark::Colon)) => true,
            _ => false,
        },
        TradeRole::None | TradeRole::Topic => false,
    }
}
