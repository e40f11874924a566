//! The sentences of the templates, in English and Spanish.
//!
//! A subject may be any noun, of any number and gender, with an article or without: "bank",
//! "running shoes", "insurance", "a hotel in Lisbon". So it stands before a colon (`{I}`) or in
//! brackets (`{i}`), as it was typed, or without its article (`{n}`) behind *which* or *qué*, where
//! no verb agrees with it. No sentence needs an article before it, or its plural.
//!
//! `{b}` is the brand, `{c}` a competitor, `{a}` an audience; `{o}` and `{y}` are the Spanish *or*
//! and *and*, as the name behind them wants them.

use app::model::suggestions::PromptClass;

/// The sentences of one class.
pub(super) struct Templates {
    /// Those that speak of the subject. They name nobody, but where the class wants it: only
    /// such questions tell whether a model thinks of the brand by itself.
    pub(super) about: &'static [&'static str],
    /// Such that speak of the subject and an audience.
    pub(super) by_audience: &'static [&'static str],
    /// Those that do without a subject, and lean on names.
    pub(super) named: &'static [&'static str],
}

/// The sentences of one language.
pub(super) struct LanguageSentences {
    /// Words that may stand before a subject and not behind *which*.
    pub(super) articles: &'static [&'static str],
    /// The same, but for names that begin with one ("The Beatles", "La Rioja").
    pub(super) openers: &'static [&'static str],
    /// Whom the subject may be for.
    pub(super) audiences: &'static [&'static str],
    comparison: Templates,
    top_list: Templates,
    recommendation: Templates,
    versus: Templates,
    general: Templates,
}

impl LanguageSentences {
    /// The sentences in a language, if there are any.
    pub(super) fn in_language(code: &str) -> Option<&'static Self> {
        match code {
            "en" => Some(&ENGLISH),
            "es" => Some(&SPANISH),
            _ => None,
        }
    }

    pub(super) const fn of(&self, class: PromptClass) -> &Templates {
        match class {
            PromptClass::Comparison => &self.comparison,
            PromptClass::TopList => &self.top_list,
            PromptClass::Recommendation => &self.recommendation,
            PromptClass::BrandVsCompetitor => &self.versus,
            PromptClass::General => &self.general,
        }
    }
}

static ENGLISH: LanguageSentences = LanguageSentences {
    articles: &["a", "an", "some"],
    openers: &["the", "best"],
    audiences: &[
        "large companies",
        "startups",
        "freelancers",
        "families",
        "students",
        "teams that work remotely",
        "public institutions",
        "older people",
        "people who are short of time",
        "people on a tight budget",
    ],
    comparison: Templates {
        about: &[
            "Compare the most popular options ({i}).",
            "{I}: how do the leading brands differ in price and quality?",
            "{I}: what separates cheap from expensive? Give examples.",
            "{I}: compare newcomers with established names.",
            "Which {n} would give me the best value for money, and how do the others measure up?",
            "{I}: put the main options side by side, with strengths, weaknesses and cost.",
            "{I}: how does customer service differ from one provider to another?",
        ],
        by_audience: &["{I}: how do the main options compare for {a}?"],
        named: &[
            "How does {b} compare with its main competitors?",
            "What do the alternatives to {b} do better, and what worse?",
            "Compare the prices of {b} with those of similar offers.",
            "Set {b} beside the market leader: where are the differences?",
            "How do customers rate {b} against others of its kind?",
            "Compare {c} with its closest rivals.",
        ],
    },
    top_list: Templates {
        about: &[
            "{I}: what are the ten best options right now?",
            "{I}: rank the leading providers from best to worst.",
            "Which {n} would you put on a list of the most trusted names?",
            "{I}: name five affordable options, the best first.",
            "{I}: which brands lead this year? Give me a list.",
            "Which {n} would you put on a short list for beginners?",
            "{I}: list the most innovative newcomers.",
        ],
        by_audience: &["{I}: give me a short list for {a}, the best first."],
        named: &[
            "List the ten best alternatives to {b}, the best first.",
            "Which five competitors of {b} are the strongest?",
            "Rank {b} and the brands that people compare it with.",
            "Name cheaper alternatives to {b}, in order of quality.",
            "List brands that customers of {b} often switch to.",
            "List the best alternatives to {c}.",
        ],
    },
    recommendation: Templates {
        about: &[
            "Which {n} would you recommend, and why?",
            "Which {n} would you choose on a small budget?",
            "Which {n} do experts recommend to demanding users?",
            "I am new to this. Which {n} should I try first?",
            "Which {n} would you choose for a small company?",
            "Which {n} can people rely on for years?",
            "Which {n} would you advise against, and what would you take instead?",
        ],
        by_audience: &[
            "Which {n} would suit {a} best?",
            "Which {n} do experts recommend to {a}?",
        ],
        named: &[
            "Would you recommend {b}, and to whom?",
            "Is {b} worth its price?",
            "What would you recommend instead of {b}?",
            "For whom is {b} the wrong choice?",
            "Should a beginner choose {b} or something simpler?",
            "I am leaving {c}: what should I choose next?",
        ],
    },
    versus: Templates {
        about: &[
            "{I}: is {b} or {c} the better choice?",
            "{I}: would you choose {b} or {c} if money mattered most?",
            "{I}: where does {b} beat {c}, and where does it not?",
            "{I}: I hesitate between {c} and {b}. What decides?",
        ],
        by_audience: &[],
        named: &[
            "{b} or {c}: which one is better?",
            "How does {b} compare with {c} in price and quality?",
            "What speaks for {b} and against {c}, and the other way round?",
            "Is it worth switching from {c} to {b}?",
            "Whose customers are happier, those of {b} or of {c}?",
            "Which is easier for beginners, {b} or {c}?",
        ],
    },
    general: Templates {
        about: &[
            "{I}: what should I look for when choosing?",
            "{I}: which companies are best known?",
            "{I}: how much does good quality cost nowadays?",
            "{I}: which mistakes do people make when they choose?",
            "{I}: how is the market changing, and who drives that?",
            "{I}: where do people find honest reviews?",
            "{I}: which questions should I ask before I decide?",
        ],
        by_audience: &[],
        named: &[
            "What is {b} known for?",
            "What are the strengths and weaknesses of {b}?",
            "What do customers of {b} complain about most?",
            "Is {b} trustworthy?",
            "How has {b} developed in the last years?",
            "What is {c} known for, and who else does the same?",
        ],
    },
};

static SPANISH: LanguageSentences = LanguageSentences {
    articles: &["un", "una", "unos", "unas"],
    openers: &["el", "la", "los", "las", "mejor", "mejores"],
    audiences: &[
        "grandes empresas",
        "empresas emergentes",
        "autónomos",
        "familias",
        "estudiantes",
        "equipos que trabajan a distancia",
        "instituciones públicas",
        "personas mayores",
        "quien tiene poco tiempo",
        "quien tiene poco presupuesto",
    ],
    comparison: Templates {
        about: &[
            "Compara las opciones más populares ({i}).",
            "{I}: ¿en qué se diferencian en precio y calidad las marcas líderes?",
            "{I}: ¿qué distingue lo barato de lo caro? Pon ejemplos.",
            "{I}: compara las marcas nuevas con las consolidadas.",
            "¿Qué {n} elegirías por su relación calidad-precio y cómo quedan las demás opciones?",
            "{I}: pon frente a frente las principales alternativas, con ventajas, inconvenientes y coste.",
            "{I}: ¿cómo cambia la atención al cliente de un proveedor a otro?",
        ],
        by_audience: &["{I}: ¿cómo se comparan las principales opciones para {a}?"],
        named: &[
            "¿Cómo se compara {b} con sus principales competidores?",
            "¿Qué hacen mejor y qué peor las alternativas a {b}?",
            "Compara los precios de {b} con los de ofertas parecidas.",
            "Pon a {b} al lado del líder del mercado: ¿dónde están las diferencias?",
            "¿Cómo valoran los clientes a {b} frente a otras marcas del sector?",
            "Compara {c} con sus rivales más cercanos.",
        ],
    },
    top_list: Templates {
        about: &[
            "{I}: ¿cuáles son hoy las diez mejores opciones?",
            "{I}: ordena de mejor a peor los principales proveedores.",
            "¿Qué {n} pondrías en una lista de los nombres más fiables?",
            "{I}: nombra cinco opciones económicas, primero la mejor.",
            "{I}: ¿qué marcas lideran este año? Dame una lista.",
            "¿Qué {n} pondrías en una lista corta para principiantes?",
            "{I}: enumera las novedades más innovadoras.",
        ],
        by_audience: &["{I}: dame una lista corta para {a}, primero lo mejor."],
        named: &[
            "Enumera las diez mejores alternativas a {b}, primero la mejor.",
            "¿Cuáles son los cinco competidores más fuertes de {b}?",
            "Haz una clasificación de {b} y de las marcas con las que se compara.",
            "Nombra opciones más baratas que {b}, por orden de calidad.",
            "Haz una lista de marcas a las que se pasan los clientes de {b}.",
            "Enumera las mejores alternativas a {c}.",
        ],
    },
    recommendation: Templates {
        about: &[
            "¿Qué {n} recomendarías y por qué?",
            "¿Qué {n} elegirías con poco presupuesto?",
            "¿Qué {n} aconsejan los expertos a usuarios exigentes?",
            "Acabo de empezar: ¿qué {n} me conviene probar primero?",
            "¿Qué {n} elegirías para una pequeña empresa?",
            "¿En qué {n} se puede confiar con los años?",
            "¿Qué {n} desaconsejarías y qué elegirías en su lugar?",
        ],
        by_audience: &[
            "¿Qué {n} recomendarías para {a}?",
            "¿Qué {n} aconsejan los expertos para {a}?",
        ],
        named: &[
            "¿Recomendarías {b}? ¿A quién?",
            "¿Merece {b} lo que cuesta?",
            "¿Qué recomendarías en lugar de {b}?",
            "¿Para quién es {b} una mala elección?",
            "¿Debería un principiante elegir {b} o algo más sencillo?",
            "Voy a dejar {c}: ¿qué me conviene elegir ahora?",
        ],
    },
    versus: Templates {
        about: &[
            "{I}: ¿es mejor {b} {o} {c}?",
            "{I}: si lo más importante fuera el dinero, ¿elegirías {b} {o} {c}?",
            "{I}: ¿en qué supera {b} a {c} y en qué no?",
            "{I}: dudo entre {c} {y} {b}. ¿Qué es lo decisivo?",
        ],
        by_audience: &[],
        named: &[
            "{b} {o} {c}: ¿cuál es mejor?",
            "¿Cómo se compara {b} con {c} en precio y calidad?",
            "¿Qué habla a favor de {b} y en contra de {c}, y al revés?",
            "¿Merece la pena pasarse de {c} a {b}?",
            "¿Qué clientes están más contentos, los de {b} o los de {c}?",
            "¿Cuál es más fácil para principiantes, {b} {o} {c}?",
        ],
    },
    general: Templates {
        about: &[
            "{I}: ¿en qué debo fijarme al elegir?",
            "{I}: ¿qué empresas destacan?",
            "{I}: ¿cuánto hay que pagar hoy por algo de calidad?",
            "{I}: ¿qué errores comete la gente al elegir?",
            "{I}: ¿cómo está cambiando el mercado y quién lo impulsa?",
            "{I}: ¿dónde se encuentran opiniones sinceras?",
            "{I}: ¿qué debería preguntar antes de decidirme?",
        ],
        by_audience: &[],
        named: &[
            "¿Por qué se conoce a {b}?",
            "¿Cuáles son los puntos fuertes y débiles de {b}?",
            "¿De qué se quejan más los clientes de {b}?",
            "¿Es {b} una marca de confianza?",
            "¿Cómo ha evolucionado {b} en los últimos años?",
            "¿Por qué se conoce a {c} y quién más hace lo mismo?",
        ],
    },
};
