//! The sentences of the templates, in English and Spanish: `{i}` what it is about, `{b}` the
//! brand, `{c}` a competitor.

use app::model::suggestions::PromptClass;

/// The sentences of one class.
pub(super) struct Templates {
    /// Those that speak of the subject. They name nobody, but where the class wants it: only
    /// such questions tell whether a model thinks of the brand by itself.
    pub(super) about: &'static [&'static str],
    /// Those that do without a subject, and lean on names.
    pub(super) named: &'static [&'static str],
}

/// The sentences of one language.
pub(super) struct Bank {
    comparison: Templates,
    top_list: Templates,
    recommendation: Templates,
    versus: Templates,
    general: Templates,
}

impl Bank {
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

pub(super) const ENGLISH: Bank = Bank {
    comparison: Templates {
        about: &[
            "Compare the most popular options for {i}.",
            "How do the leading names in {i} differ in price and quality?",
            "What separates cheap from expensive {i}, with examples?",
            "Compare newcomers and established names in {i}.",
            "Which {i} gives the best value for money, and how do the others measure up?",
            "Put the main choices of {i} side by side: strengths, weaknesses, cost.",
            "How does customer service differ between providers of {i}?",
        ],
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
            "What are the ten best options for {i} right now?",
            "Rank the leading providers of {i} from best to worst.",
            "List the most trusted names in {i}.",
            "Name five affordable choices of {i}, the best first.",
            "Which brands lead in {i} this year? Give me a list.",
            "Give me a short list of {i} for beginners.",
            "List the most innovative newcomers in {i}.",
        ],
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
            "Which {i} would you recommend, and why?",
            "What is the best {i} for a small budget?",
            "Which {i} do experts advise for demanding users?",
            "I am new to this: with which {i} should I start?",
            "Which {i} would you choose for a small company?",
            "What is the most reliable {i} over the years?",
            "Which {i} would you advise against, and what would you take instead?",
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
            "{b} or {c}: which one is better for {i}?",
            "Which would you choose for {i}, {b} or {c}, if money mattered most?",
            "Where does {b} beat {c} in {i}, and where does it not?",
            "I look for {i} and hesitate between {c} and {b}. What decides?",
        ],
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
            "What should I look for when choosing {i}?",
            "Which companies are known for {i}?",
            "How much does good {i} cost nowadays?",
            "Which mistakes do people make when they buy {i}?",
            "How is the market of {i} changing, and who drives that?",
            "Where do people find honest reviews of {i}?",
            "Which questions should I ask a provider of {i} before I sign?",
        ],
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

pub(super) const SPANISH: Bank = Bank {
    comparison: Templates {
        about: &[
            "Compara las opciones más populares de {i}.",
            "¿En qué se diferencian en precio y calidad las marcas líderes de {i}?",
            "¿Qué distingue lo barato de lo caro en {i}? Pon ejemplos.",
            "Compara las marcas nuevas y las consolidadas de {i}.",
            "¿Qué opción de {i} tiene la mejor relación calidad-precio y cómo quedan las demás?",
            "Pon frente a frente las principales alternativas de {i}: ventajas, inconvenientes y coste.",
            "¿Cómo cambia la atención al cliente entre proveedores de {i}?",
        ],
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
            "¿Cuáles son hoy las diez mejores opciones de {i}?",
            "Ordena de mejor a peor los principales proveedores de {i}.",
            "Haz una lista de los nombres más fiables en {i}.",
            "Nombra cinco alternativas económicas de {i}, primero la mejor.",
            "¿Qué marcas lideran {i} este año? Dame una lista.",
            "Dame una lista corta de {i} para principiantes.",
            "Enumera las novedades más innovadoras en {i}.",
        ],
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
            "¿Qué {i} recomendarías y por qué?",
            "¿Cuál es la mejor opción de {i} con poco presupuesto?",
            "¿Qué {i} aconsejan los expertos a usuarios exigentes?",
            "Acabo de empezar: ¿con qué {i} me conviene iniciarme?",
            "¿Qué {i} elegirías para una pequeña empresa?",
            "¿Qué {i} es más fiable con los años?",
            "¿Qué {i} desaconsejarías y qué tomarías en su lugar?",
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
            "{b} o {c}: ¿cuál es mejor para {i}?",
            "Si lo más importante fuera el dinero, ¿elegirías {b} o {c} para {i}?",
            "¿En qué supera {b} a {c} en {i} y en qué no?",
            "Busco {i} y dudo entre {c} y {b}. ¿Qué es lo decisivo?",
        ],
        named: &[
            "{b} o {c}: ¿cuál es mejor?",
            "¿Cómo se compara {b} con {c} en precio y calidad?",
            "¿Qué habla a favor de {b} y en contra de {c}, y al revés?",
            "¿Merece la pena pasarse de {c} a {b}?",
            "¿Qué clientes están más contentos, los de {b} o los de {c}?",
            "¿Cuál es más fácil para principiantes, {b} o {c}?",
        ],
    },
    general: Templates {
        about: &[
            "¿En qué debo fijarme al elegir {i}?",
            "¿Qué empresas destacan en {i}?",
            "¿Cuánto hay que pagar hoy por {i} de calidad?",
            "¿Qué errores comete la gente al comprar {i}?",
            "¿Cómo está cambiando el mercado de {i} y quién lo impulsa?",
            "¿Dónde se encuentran opiniones sinceras sobre {i}?",
            "¿Qué debería preguntar a un proveedor de {i} antes de firmar?",
        ],
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
