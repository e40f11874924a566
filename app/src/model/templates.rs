//! Questions that customers ask, made from what a project knows.
//!
//! Invariant: the same input gives the same questions, in the same order.

use std::collections::HashSet;

use super::project::PromptKind;
use super::validate::{PROMPT, prompt_key};

/// What the templates are filled with.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The brand's name.
    pub brand: &'a str,
    /// The competitors' names.
    pub competitors: &'a [String],
    /// What the brand sells, in a few words.
    pub industry: &'a str,
    /// ISO 639-1 code; Spanish has templates of its own, all others get English.
    pub language: &'a str,
}

struct Templates {
    /// Without brand or competitor: `{i}` industry.
    general: &'static [&'static str],
    /// `{i}` industry, `{a}` audience.
    by_audience: &'static [&'static str],
    audiences: &'static [&'static str],
    /// `{b}` brand, `{i}` industry.
    brand: &'static [&'static str],
    /// `{b}` brand, `{c}` competitor, `{i}` industry.
    versus: &'static [&'static str],
    /// `{c}` competitor, `{i}` industry.
    competitor: &'static [&'static str],
    nameless_industry: &'static str,
}

const ENGLISH: Templates = Templates {
    general: &[
        "What are the ten best options for {i} right now?",
        "Which {i} would you recommend, and why?",
        "Rank the leading providers of {i} from best to worst.",
        "Compare the most popular choices for {i}.",
        "Which companies are known for {i}?",
        "What should I look for when choosing {i}?",
        "Which {i} gives the best value for money?",
        "Which {i} has the happiest customers?",
        "What is the easiest {i} to start with?",
        "Which {i} is the most reliable over the years?",
        "What are good alternatives to the market leader in {i}?",
        "Which new names in {i} are worth a look?",
    ],
    by_audience: &[
        "What is the best {i} for {a}?",
        "Which {i} do experts recommend to {a}?",
        "Give me a short list of {i} for {a}, the best first.",
        "How do the main options for {i} compare for {a}?",
    ],
    audiences: &[
        "small companies",
        "large companies",
        "startups",
        "freelancers",
        "beginners",
        "demanding users",
        "teams that work remotely",
        "people on a tight budget",
        "families",
        "public institutions",
    ],
    brand: &[
        "What is {b} known for?",
        "Is {b} a good choice for {i}?",
        "What are the strengths and weaknesses of {b}?",
        "What are the best alternatives to {b}?",
    ],
    versus: &[
        "{b} or {c}: which one is better for {i}?",
        "How does {b} compare with {c} in price and quality?",
    ],
    competitor: &["What are the best alternatives to {c} for {i}?"],
    nameless_industry: "products of this kind",
};

const SPANISH: Templates = Templates {
    general: &[
        "¿Cuáles son hoy las diez mejores opciones de {i}?",
        "¿Qué {i} recomendarías y por qué?",
        "Ordena de mejor a peor los principales proveedores de {i}.",
        "Compara las opciones más populares de {i}.",
        "¿Qué empresas destacan en {i}?",
        "¿En qué debo fijarme al elegir {i}?",
        "¿Qué {i} ofrece la mejor relación calidad-precio?",
        "¿Qué {i} tiene los clientes más satisfechos?",
        "¿Con qué {i} es más fácil empezar?",
        "¿Qué {i} es más fiable con los años?",
        "¿Qué alternativas hay al líder del mercado en {i}?",
        "¿Qué nombres nuevos en {i} merecen la pena?",
    ],
    by_audience: &[
        "¿Cuál es la mejor opción de {i} para {a}?",
        "¿Qué {i} recomiendan los expertos para {a}?",
        "Dame una lista corta de {i} para {a}, primero la mejor.",
        "¿Cómo se comparan las opciones de {i} para {a}?",
    ],
    audiences: &[
        "pequeñas empresas",
        "grandes empresas",
        "empresas emergentes",
        "autónomos",
        "principiantes",
        "usuarios exigentes",
        "equipos que trabajan a distancia",
        "quien tiene poco presupuesto",
        "familias",
        "instituciones públicas",
    ],
    brand: &[
        "¿Por qué se conoce a {b}?",
        "¿Es {b} una buena elección para {i}?",
        "¿Cuáles son los puntos fuertes y débiles de {b}?",
        "¿Cuáles son las mejores alternativas a {b}?",
    ],
    versus: &[
        "{b} o {c}: ¿cuál es mejor para {i}?",
        "¿Cómo se compara {b} con {c} en precio y calidad?",
    ],
    competitor: &["¿Cuáles son las mejores alternativas a {c} para {i}?"],
    nameless_industry: "productos de este tipo",
};

/// At most `count` questions, none twice, each within the limits of a question. Every fifth
/// names the brand or a competitor; the others name nobody, because only those tell whether
/// a model thinks of the brand by itself.
pub fn questions(subject: Subject<'_>, count: usize) -> Vec<(String, PromptKind)> {
    let templates = if subject.language == "es" { &SPANISH } else { &ENGLISH };
    let industry = match subject.industry.trim() {
        "" => templates.nameless_industry,
        industry => industry,
    };
    let mut unbranded = unbranded(templates, industry).into_iter();
    let mut named = named(templates, subject, industry).into_iter();
    let mut seen = HashSet::new();
    let mut questions = Vec::new();
    while questions.len() < count {
        let wants_name = questions.len() % 5 == 4;
        let next = if wants_name {
            named.next().or_else(|| unbranded.next())
        } else {
            unbranded.next().or_else(|| named.next())
        };
        let Some((text, kind)) = next else { break };
        let (min, max) = PROMPT;
        if (min..=max).contains(&text.chars().count()) && seen.insert(prompt_key(&text)) {
            questions.push((text, kind));
        }
    }
    questions
}

fn unbranded(templates: &Templates, industry: &str) -> Vec<(String, PromptKind)> {
    let general = templates.general.iter().map(|template| template.replace("{i}", industry));
    let by_audience = templates.audiences.iter().flat_map(|audience| {
        templates
            .by_audience
            .iter()
            .map(move |template| template.replace("{i}", industry).replace("{a}", audience))
    });
    general.chain(by_audience).map(|text| (text, PromptKind::General)).collect()
}

fn named(templates: &Templates, subject: Subject<'_>, industry: &str) -> Vec<(String, PromptKind)> {
    let fill = |template: &str, competitor: &str| {
        template.replace("{i}", industry).replace("{b}", subject.brand).replace("{c}", competitor)
    };
    let brand = templates.brand.iter().map(|template| (fill(template, ""), PromptKind::WithBrand));
    let rivals = subject.competitors.iter().flat_map(|competitor| {
        let versus =
            templates.versus.iter().map(|template| (fill(template, competitor), PromptKind::WithBrand));
        let alone = templates
            .competitor
            .iter()
            .map(|template| (fill(template, competitor), PromptKind::WithCompetitor));
        versus.chain(alone).collect::<Vec<_>>()
    });
    brand.chain(rivals).collect()
}

/// What a question is about, from the names in it. Names are looked for without regard to
/// case; the analysis of answers is more careful, here a wrong guess only moves a question
/// from one group to the other, and people can change it.
pub fn kind_of(text: &str, brand: &[String], competitors: &[String]) -> PromptKind {
    let lower = text.to_lowercase();
    let names = |names: &[String]| {
        names.iter().any(|name| !name.is_empty() && contains_word(&lower, &name.to_lowercase()))
    };
    if names(brand) {
        PromptKind::WithBrand
    } else if names(competitors) {
        PromptKind::WithCompetitor
    } else {
        PromptKind::General
    }
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject<'a>(competitors: &'a [String], language: &'a str) -> Subject<'a> {
        Subject { brand: "Kipu", competitors, industry: "accounting software", language }
    }

    #[test]
    fn gives_as_many_as_asked_none_twice_all_within_limits() {
        let rivals = ["Contasol".to_owned(), "Holded".to_owned()];
        for language in ["en", "es", "fr"] {
            for count in [5, 15, 50] {
                let made = questions(subject(&rivals, language), count);
                assert_eq!(made.len(), count, "{language}");
                let distinct: HashSet<_> = made.iter().map(|(text, _)| prompt_key(text)).collect();
                assert_eq!(distinct.len(), count, "{language}");
            }
        }
    }

    #[test]
    fn most_questions_name_nobody() {
        let made = questions(subject(&["Holded".to_owned()], "en"), 20);
        let count = made.iter().filter(|(_, kind)| *kind != PromptKind::General).count();
        assert_eq!(count, 4);
        for (text, kind) in &made {
            let rivals = ["Holded".to_owned()];
            assert_eq!(kind_of(text, &["Kipu".to_owned()], &rivals), *kind, "{text}");
        }
    }

    #[test]
    fn works_without_an_industry_or_competitors() {
        let empty = Subject { brand: "Kipu", competitors: &[], industry: " ", language: "en" };
        assert_eq!(questions(empty, 10).len(), 10);
    }

    #[test]
    fn a_name_inside_a_word_is_no_name() {
        assert_eq!(kind_of("What about kipuka plants?", &["Kipu".to_owned()], &[]), PromptKind::General);
        assert_eq!(kind_of("¿Es KIPU bueno?", &["Kipu".to_owned()], &[]), PromptKind::WithBrand);
    }
}
