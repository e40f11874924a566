//! When two questions are nearly the same: by the words that they share.

use std::collections::BTreeSet;

use analysis::fold;

/// Two questions are nearly the same from this share of common words on: 3 in 4.
const NEAR: (usize, usize) = (3, 4);
/// Words of up to so many letters keep a final `s`.
const SHORT: usize = 3;

/// Small words that say nothing about what is asked, by language. Folded: without accents.
const SMALL: &[(&str, &str)] = &[
    (
        "en",
        "a an and are as at be but by can could do does for from get give has have how i if in is it \
         its let me my of on one or our should show so tell than that the their them there these \
         they this to us was we were what when where which who why will with would you your",
    ),
    (
        "es",
        "a al algun alguna como con cual cuales cuando cuanto cuantos de del dame debo dime donde e \
         el ella ellos en entre era es esta estan este hay la las lo los me mi mis muy nos o para \
         mas pero podrias por porque puede puedo que quien quienes se segun ser si sin sobre son su sus \
         te tu u un una uno unos y",
    ),
    (
        "fr",
        "a au aux avec ce ces cette comment dans de des du elle en est et faut il ils je la le les \
         leur ma me moi mon ne nous on ou par pas plus pour pourquoi quand que quel quelle quelles \
         quels qui sa se ses son sont sur un une vous y",
    ),
    (
        "de",
        "als am an auch auf aus bei das dem den der des die ein eine einen einer es fur gibt hat \
         ich ihr im in ist kann man mein mich mir mit nach oder sich sie sind soll und uns von wann \
         warum was welche welchen welcher welches wer wie wir wo zu zum zur",
    ),
    (
        "it",
        "a ai al alla che chi ci come con cosa cui da dal dei del della delle di dove e ed gli ho i \
         il in io la le lo ma mi mio nel nella non o per perche piu quale quali quando quanto se si \
         sono su sul tra un una uno",
    ),
    (
        "pt",
        "a ao aos as com como da das de devo do dos e em entre esta eu foi ha mais mas me meu na \
         nao nas no nos o onde os ou para pela pelo por porque qual quais quando quanto que quem se \
         sao sem ser seu sua um uma",
    ),
    (
        "nl",
        "aan als bij dan dat de die een en er het hoe ik in is kan met mij mijn naar of om op te \
         tot uit van voor waar waarom wanneer wat we welke wie zijn",
    ),
    (
        "ca",
        "a al amb com de del els el en es hi i la les ma me mes no o on per que quan quin quina \
         quines quins qui se si son un una",
    ),
    (
        "gl",
        "a ao as cal cales como con cando da das de do dos e en es me mais na no o onde os ou para \
         polo por porque que quen se son unha un",
    ),
    (
        "pl",
        "co czy dla do gdzie i ja jak jaka jakie jaki jest kiedy kto lub ma mi na nie o od po sa sie \
         to w z za ze",
    ),
    (
        "sv",
        "att av bor de den det du en ett for fran hur i jag kan man med mig nar och om pa som till \
         vad var varfor vem vilka vilken vilket ar",
    ),
    (
        "eu",
        "al da dira du dute eta ez honek horrek nola non nor noiz zein zer zergatik",
    ),
];

/// Small words of another language that give a text away.
const FOREIGN_WORDS: usize = 3;

/// Whether a text is in another language than the one with this code: it has small words of
/// that one, and none of this. A text of few words is not judged by them.
pub(super) fn is_in_other_language(language: &str, text: &str) -> bool {
    let folded = fold(text);
    let words: BTreeSet<&str> = folded
        .split(|character: char| !character.is_alphanumeric())
        .collect();
    let known = |list: &str| {
        list.split_whitespace()
            .filter(|word| words.contains(word))
            .count()
    };
    let mut own = 0;
    let mut most_of_others = 0;
    for (code, list) in SMALL {
        if *code == language {
            own = known(list);
        } else {
            most_of_others = known(list).max(most_of_others);
        }
    }
    own == 0 && most_of_others >= FOREIGN_WORDS
}

/// Tells questions apart that are nearly the same.
#[derive(Clone, Debug)]
pub struct Measure {
    small: BTreeSet<&'static str>,
    /// The words of what all questions are about.
    subject: BTreeSet<String>,
}

/// The words of a question: folded, each once, without small ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    all: BTreeSet<String>,
    /// Those that are not of what all questions are about.
    own: BTreeSet<String>,
}

impl Measure {
    /// For questions in the language with this ISO 639-1 code, about this.
    pub fn new(language: &str, about: &str) -> Self {
        let small = SMALL
            .iter()
            .filter(|(code, _)| *code == language)
            .flat_map(|(_, words)| words.split_whitespace())
            .collect();
        let mut measure = Self {
            small,
            subject: BTreeSet::new(),
        };
        measure.subject = measure.split(about);
        measure
    }

    /// The words of a question.
    pub fn words(&self, text: &str) -> Words {
        let all = self.split(text);
        let own = all.difference(&self.subject).cloned().collect();
        Words { all, own }
    }

    fn split(&self, text: &str) -> BTreeSet<String> {
        let folded = fold(text);
        let words: Vec<&str> = folded
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let telling: BTreeSet<String> = words
            .iter()
            .filter(|word| !self.small.contains(*word))
            .map(|word| stem(word))
            .collect();
        if telling.is_empty() {
            return words.into_iter().map(str::to_owned).collect();
        }
        telling
    }
}

/// The singular of a word, so that singular and plural count as one word.
fn stem(word: &str) -> String {
    let is_short = word.chars().count() <= SHORT;
    match word.strip_suffix('s') {
        Some(one) if !is_short && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    }
}

impl Words {
    /// Whether two questions are nearly the same: they share at least three quarters of all their
    /// words (Jaccard). The same must hold for the words outside of the subject, so that questions
    /// with the same long subject stay apart.
    pub fn is_near(&self, other: &Self) -> bool {
        is_near(&self.all, &other.all) && is_near(&self.own, &other.own)
    }
}

fn is_near(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let common = one.intersection(other).count();
    let either = one.len() + other.len() - common;
    common * NEAR.1 >= either * NEAR.0
}
