//! What a word or phrase of the lists does, and how the lists name it.
//!
//! Invariant: knows no word.

/// What a word or phrase does to the words around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cue {
    /// Nothing.
    #[default]
    Plain,
    /// Praises or blames, by its weight.
    Tone,
    /// Turns what follows.
    Negation,
    /// Turns what follows directly ("less reliable").
    Less,
    /// So few that their praise is blame ("only two in ten would return").
    Few,
    /// Strengthens what follows.
    Intensifier,
    /// Weakens what follows.
    Diminisher,
    /// Turns what follows, and what is turned already back ("never without").
    Without,
    /// Makes the rest of its clause less certain.
    Hedge,
    /// Outweighs the clause before it.
    But,
    /// Concedes its own clause.
    Though,
    /// The same, wherever it stands ("in spite of").
    Despite,
    /// Sets its own clause against another one ("whereas").
    Contrast,
    /// Tells when something happened, which may be nobody's doing.
    When,
    /// Begins a reason.
    Because,
    /// Begins a condition, which tells nothing.
    Condition,
    /// Comes before what something is compared with.
    Than,
    /// The same in a word that means much else, if something is graded ("más que").
    ThanIfGraded,
    /// The same, if a name follows directly ("prefers X over Y").
    Over,
    /// Comes before an equal ("as good as Y").
    As,
    /// Compares with all others ("than most").
    ThanRest,
    /// Sets its sentence's subject apart from the name that follows ("unlike Y").
    Unlike,
    /// What follows it is left for something else.
    Leaves,
    /// What follows it is turned to ("moved to X").
    TurnsTo,
    /// Its subject is better than the name that follows.
    Beats,
    /// Its subject is worse than the name that follows.
    Loses,
    /// Its first name is better than its second ("prefers X to Y").
    Prefers,
    /// Blames the name that follows directly ("avoid X").
    Warning,
    /// Makes something bad go away ("solves problems").
    Relief,
    /// Tells of former times.
    Past,
    /// Tells of today, after former times.
    Now,
    /// Praise that is none ("it does the job").
    Faint,
    /// Praise and blame are said to be in balance ("it depends").
    Balance,
    /// Some who say so ("some find it"), where others may say the opposite.
    Some,
    /// Stands for rivals that are not named ("any other shop"), or others who judge.
    Others,
    /// Says the same of another name ("and Y too").
    Likewise,
    /// Begins a clause about the noun before it ("the files that Y lost").
    Relative,
    /// Comes before a noun or verb, so that no name stands there ("the", "my", "I have").
    Article,
    /// Comes before a name that has a clause of its own ("and on Y").
    Preposition,
    /// Joins.
    And,
    /// Joins, and lets a negation reach on.
    Or,
    /// Puts right what went wrong before it.
    Redress,
    /// Two numbers follow, of which the second is the later one ("gone from 7 to 9").
    Changes,
}

impl Cue {
    /// Whether it joins two words or clauses.
    pub(super) fn joins(self) -> bool {
        matches!(self, Self::And | Self::Or)
    }
}

/// How a word belongs to what somebody deals in, which is no judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum TradeRole {
    /// Not at all.
    #[default]
    None,
    /// Something good or bad that may be dealt in ("theft", "trophies").
    Topic,
    /// Who or what deals in it ("insurance", "lawyers"), and so does what stands before it.
    Trade,
    /// What follows is dealt in ("sells", "repairs").
    Offers,
}

/// What a word or phrase does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// What it does to the words around it.
    pub(super) cue: Cue,
    /// Quarters of praise, below zero of blame.
    pub(super) weight: i8,
    /// 1 if it tells of more ("high", "rose"), -1 of less.
    pub(super) degree: i8,
    /// 1 if more of it is better ("quality"), -1 if less of it is ("waiting time").
    pub(super) latent: i8,
    /// 1 if it can head a list of advantages, -1 one of disadvantages.
    pub(super) label: i8,
    /// How it belongs to what somebody deals in.
    pub(super) trade_role: TradeRole,
}

impl Effect {
    /// Whether it can head a list and does nothing else.
    pub(super) fn is_label(self) -> bool {
        let other = Self { label: 0, ..self };
        self.label != 0 && other == Self::default()
    }

    /// What is in two lists does what both say; of two cues the later one counts.
    pub(super) fn and(self, later: Self) -> Self {
        let says_more = later.degree != 0
            || later.latent != 0
            || later.label != 0
            || later.trade_role != TradeRole::None;
        let pick = |later: i8, own: i8| if later == 0 { own } else { later };
        Self {
            cue: if says_more { self.cue } else { later.cue },
            weight: if says_more { self.weight } else { later.weight },
            degree: pick(later.degree, self.degree),
            latent: pick(later.latent, self.latent),
            label: pick(later.label, self.label),
            trade_role: match later.trade_role {
                TradeRole::None => self.trade_role,
                trade_role => trade_role,
            },
        }
    }
}

/// Adds what `key` stands for to `effect`; false if it stands for nothing.
pub(super) fn apply(key: &str, effect: &mut Effect) -> bool {
    let (name, weight) = match key.split_once(' ') {
        Some((name, weight)) => (name, weight.parse().ok()),
        None => match key.parse() {
            Ok(weight) => ("tone", Some(weight)),
            Err(_) => (key, None),
        },
    };
    match name {
        "up" => effect.degree = 1,
        "down" => effect.degree = -1,
        "wanted" => effect.latent = 1,
        "unwanted" => effect.latent = -1,
        "pro" => effect.label = 1,
        "con" => effect.label = -1,
        "topic" => effect.trade_role = TradeRole::Topic,
        "trade" => effect.trade_role = TradeRole::Trade,
        "offers" => effect.trade_role = TradeRole::Offers,
        name => {
            let Some((_, cue)) = CUES.iter().find(|(known, _)| *known == name) else {
                return false;
            };
            (effect.cue, effect.weight) = (*cue, weight.unwrap_or_default());
        }
    }
    true
}

/// The cues by their names in the lists.
const CUES: &[(&str, Cue)] = &[
    ("plain", Cue::Plain),
    ("tone", Cue::Tone),
    ("negation", Cue::Negation),
    ("without", Cue::Without),
    ("less", Cue::Less),
    ("few", Cue::Few),
    ("intensifier", Cue::Intensifier),
    ("diminisher", Cue::Diminisher),
    ("hedge", Cue::Hedge),
    ("but", Cue::But),
    ("though", Cue::Though),
    ("despite", Cue::Despite),
    ("contrast", Cue::Contrast),
    ("because", Cue::Because),
    ("condition", Cue::Condition),
    ("than", Cue::Than),
    ("than_if_graded", Cue::ThanIfGraded),
    ("over", Cue::Over),
    ("as", Cue::As),
    ("than_rest", Cue::ThanRest),
    ("when", Cue::When),
    ("unlike", Cue::Unlike),
    ("leaves", Cue::Leaves),
    ("turns_to", Cue::TurnsTo),
    ("beats", Cue::Beats),
    ("loses", Cue::Loses),
    ("prefers", Cue::Prefers),
    ("warning", Cue::Warning),
    ("relief", Cue::Relief),
    ("past", Cue::Past),
    ("now", Cue::Now),
    ("faint", Cue::Faint),
    ("balance", Cue::Balance),
    ("some", Cue::Some),
    ("others", Cue::Others),
    ("likewise", Cue::Likewise),
    ("relative", Cue::Relative),
    ("article", Cue::Article),
    ("preposition", Cue::Preposition),
    ("and", Cue::And),
    ("or", Cue::Or),
    ("redress", Cue::Redress),
    ("changes", Cue::Changes),
];
