//! The words that advice is made of, in English and Spanish.
//!
//! The notation is that of the tone's lexicon: words without accents, `|` between words that
//! stand for each other. The longest phrase that fits counts.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::super::inflection;
use super::super::language::Language;
use super::super::lexicon::{Hashed, hash};

/// What a word or phrase does in a piece of advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing that is known.
    Other,
    /// "Recommend": advises what follows, if the author is the one who does.
    Recommend,
    /// "Recomiendo", "can't go wrong with": advises what follows, whoever is named.
    Advise,
    /// "Choose": advises what follows as an order or with "should".
    Choose,
    /// "Use": the same, but as an order it tells how, not what to choose.
    Use,
    /// "Pick": an order or a noun.
    Pick,
    /// "Avoid": advises against what follows as an order or with "should".
    Avoid,
    /// "Desaconsejo": advises against what follows, whoever is named.
    Against,
    /// "Avoided".
    Avoided,
    /// "Recommended".
    Advised,
    /// "Recommendation": advice by itself.
    Noun,
    /// "Choice": advice if it is called the best.
    Choice,
    Best,
    /// "Good": a choice that is not good is advised against.
    Good,
    Bad,
    /// "Our".
    Own,
    /// "We".
    Person,
    /// "I'd".
    PersonWould,
    Would,
    Should,
    /// "Can": an order no more.
    Can,
    Negation,
    /// "Neither": turns what is joined to it.
    Nor,
    /// "Hard to": a negation that needs no author.
    Hard,
    /// "Might".
    Hedge,
    Condition,
    But,
    Is,
    /// "It" after a verb.
    It,
    /// "La": an article, or "it" before a verb.
    Article,
    Adverb,
    /// May stand between advice and a name.
    Filler,
    To,
    And,
    /// "Such as".
    Like,
    /// Ends what is advised, or makes the name after it no subject.
    Prep,
    /// "Makes X the best choice".
    Makes,
    /// "Enough" after "can't recommend X".
    Enough,
    /// Begins what only looks like advice.
    Who,
    /// What is advised is something else ("compare").
    Block,
}

/// Phrases by the hash of their first word, the longest first.
type ByFirst = HashMap<u64, Vec<(Vec<u64>, Role)>, BuildHasherDefault<Hashed>>;

/// The words of one language.
pub(in super::super) struct Words {
    by_first: ByFirst,
}

impl Words {
    /// The role of the words that `hash_at(0)`, `hash_at(1)` and so on begin with, and their
    /// number.
    pub(super) fn role(&self, hash_at: impl Fn(usize) -> Option<u64>) -> (Role, usize) {
        let candidates = hash_at(0).and_then(|first| self.by_first.get(&first));
        let fits = |words: &[u64]| {
            let rest = words.iter().enumerate().skip(1);
            rest.into_iter()
                .all(|(at, word)| hash_at(at) == Some(*word))
        };
        candidates
            .and_then(|known| known.iter().find(|(words, _)| fits(words)))
            .map_or((Role::Other, 1), |(words, role)| (*role, words.len()))
    }

    fn new(source: &[(Role, &[&str])]) -> Self {
        let mut by_first = ByFirst::default();
        for (role, phrases) in source {
            for words in phrases.iter().flat_map(|phrase| spelt_out(phrase)) {
                if let Some(first) = words.first() {
                    by_first.entry(*first).or_default().push((words, *role));
                }
            }
        }
        for known in by_first.values_mut() {
            known.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }
}

/// All ways to say a phrase, as hashes.
fn spelt_out(phrase: &str) -> Vec<Vec<u64>> {
    let mut ways = vec![Vec::new()];
    for place in phrase.split_whitespace() {
        let mut choices = Vec::new();
        for word in place.split('|') {
            inflection::forms(word, |form| choices.push(hash(form)));
        }
        ways = ways
            .iter()
            .flat_map(|way| {
                choices.iter().map(move |choice| {
                    let mut longer = way.clone();
                    longer.push(*choice);
                    longer
                })
            })
            .collect();
    }
    ways
}

/// The words of `language`.
pub(in super::super) fn of(language: Language) -> &'static Words {
    static ENGLISH_WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(ENGLISH));
    static SPANISH_WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(SPANISH));
    match language {
        Language::English => &ENGLISH_WORDS,
        Language::Spanish => &SPANISH_WORDS,
    }
}

/// Words without which there is no advice in a sentence.
pub(in super::super) const ENGLISH_TRIGGERS: &str = "recommend recommends recommended recommending \
    recommendation recommendations suggest suggestion advise advised advice choose choosing pick \
    picks choice choices option options bet opt go going buy get try use select stick switch \
    start settle avoid avoiding avoided skip steer stay keep beware ditch vote wrong further pass elsewhere way";
/// The same in Spanish.
pub(in super::super) const SPANISH_TRIGGERS: &str = "recomiendo recomendamos recomendaria recomendariamos \
    recomienda recomiendan recomendable recomendables recomendado recomendada recomendados \
    recomendadas recomendacion recomendaciones recomendar sugiero sugerimos sugeriria aconsejo \
    aconsejamos aconsejaria aconsejable desaconsejo desaconsejamos desaconsejaria desaconseja \
    desaconsejable consejo elige elija elijan eligiria elegiria elegir elegiriamos elijas escoge \
    escoja escogeria escoger escojas opta opte optaria optariamos optar optes apuesta apueste \
    apuesto apostaria apostar apostamos quedo quedaria quedamos quedate quedese quedariamos \
    decantate decantese decantaria inclinaria contrata contrate contrates compra compre compres \
    prueba pruebe probar usa use usar uses utilices contratar comprar empieza eleccion elecciones opcion opciones \
    alternativa preferencia evita evite eviten evitar evitaria evitariamos evites evitarse huye \
    huya alejate alejese olvidate olvidese descarta descarte descartar descartaria cuidado";

const ENGLISH: &[(Role, &[&str])] = &[
    (
        Role::Recommend,
        &[
            "recommend|suggest|endorse",
            "advise",
            "vouch for",
            "recommending|suggesting",
        ],
    ),
    (
        Role::Advise,
        &[
            "can't|cannot|won't go wrong with",
            "not go wrong with",
            "never go wrong with",
            "look|looking no further than",
            "i'm|we're going with",
            "no better choice|option|pick than",
            "my|our vote goes to",
            "get|gets my|our vote",
            "cannot|can't go wrong choosing|picking",
            "not hesitate to recommend|choose|suggest",
            "don't|wouldn't|won't hesitate to recommend|choose|suggest",
            "best bet is",
            "way to go is",
        ],
    ),
    (
        Role::Choose,
        &[
            "choose|buy|get|try|give",
            "go|going with|for",
            "opt for",
            "settle on",
            "stick with|to",
            "switch to",
            "start with",
            "start off with",
        ],
    ),
    (
        Role::Use,
        &[
            "use|select",
            "move|turn to",
            "sign up for|with",
            "invest in",
        ],
    ),
    (Role::Pick, &["pick"]),
    (
        Role::Avoid,
        &[
            "avoid|avoiding|skip|skipping|ditch",
            "steer|stay|steering|staying clear of",
            "stay|keep|staying|keeping away from",
            "steer|steering away from",
            "beware|beware of",
            "think twice before choosing|using|buying|picking",
            "stop using",
            "getting rid of",
            "pass on",
            "give a miss",
        ],
    ),
    (
        Role::Against,
        &[
            "advise|recommend|caution|warn against",
            "look elsewhere than",
        ],
    ),
    (Role::Avoided, &["avoided"]),
    (
        Role::Advised,
        &["recommended", "advisable", "easy to recommend"],
    ),
    (Role::Other, &["recommended by"]),
    (
        Role::Noun,
        &[
            "recommendation|recommendations|picks|suggestion|advice",
            "go to",
            "the way to go",
        ],
    ),
    (
        Role::Choice,
        &[
            "choice|choices|option|options|bet|alternative",
            "one to choose|pick|buy|get|beat",
            "place to start",
        ],
    ),
    (
        Role::Best,
        &[
            "best|top|right|safest|smartest|wisest|ideal|perfect|obvious|natural|better|first",
            "number one",
            "safe|smart|wise|sensible|clear|strongest|surest|soundest",
            "default",
            "no brainer",
        ],
    ),
    (
        Role::Good,
        &["good|great|excellent|solid|sound|strong|suitable|fine"],
    ),
    (
        Role::Bad,
        &["bad|poor|wrong|worst|terrible|risky|weak|unwise|awful|dreadful|horrible"],
    ),
    (
        Role::Own,
        &[
            "our|my",
            "editor's|editors'|editors",
            "our|my team's|editors'|editors|personal",
            "our|my own|clear|overall|final|absolute|favorite|favourite",
        ],
    ),
    (
        Role::Person,
        &[
            "i|we|i'll|we'll",
            "i've|we've always",
            "our team|experts|editors|testers",
            "i'm|we're happy|glad|pleased|confident to",
            "i'm|we're",
        ],
    ),
    (Role::PersonWould, &["i'd|we'd"]),
    (Role::Would, &["would|'d"]),
    (
        Role::Should,
        &["should|must", "ought to", "had better", "you'd better"],
    ),
    (Role::Can, &["can|will|could|you'll"]),
    (
        Role::Negation,
        &[
            "not|never|don't|doesn't|didn't|wouldn't|can't|cannot|won't|shouldn't|isn't|aren't",
            "no longer",
            "couldn't|mustn't|hardly|rarely",
            "should never|not",
            "far from|anything but",
        ],
    ),
    (Role::Nor, &["neither|nor"]),
    (
        Role::Hard,
        &[
            "hard|difficult|tough|impossible to",
            "cannot|can't bring myself to",
        ],
    ),
    (
        Role::Hedge,
        &[
            "may|might|perhaps|maybe|possibly|arguably|seems|seem|probably",
            "used to",
            "not necessarily|always",
            "isn't|aren't necessarily|always",
            "one of the",
            "would|could|should have been|recommended|chosen|picked",
            "was|were|had",
        ],
    ),
    (
        Role::Condition,
        &[
            "if|unless|provided|assuming|depends|depending",
            "as long as",
            "in case",
            "only when|after",
        ],
    ),
    (
        Role::Adverb,
        &[
            "even if|though",
            "if in doubt",
            "if unsure",
            "when in doubt",
            "if you ask me|us",
            "if i|we|you had|have to choose|pick|recommend",
            "if i|we|you had|have to choose|pick|recommend one",
            "if i|we|you had|have to choose|pick|recommend just|only one",
            "if you only try|pick|choose|buy one",
        ],
    ),
    (
        Role::But,
        &["but|however|yet|although|though|whereas|while"],
    ),
    (
        Role::Is,
        &[
            "is|are|be|remains|remain|it's|he's|that's|being",
            "continues to be",
            "comes|come|gets|earns|wins",
            "has|have been",
        ],
    ),
    (
        Role::It,
        &[
            "it|them",
            "this one",
            "that one",
            "this|that tool|product|service|brand|company|option",
        ],
    ),
    (
        Role::Adverb,
        &[
            "highly|strongly|definitely|certainly|wholeheartedly|personally|always|usually|also",
            "generally|still|simply|just|then|so|instead|please|absolutely|thoroughly|fully|very",
            "really|truly|actually|most|overall|hands|down|easily|currently|today|gladly|happily",
            "do|have|warmly|heartily|only|typically|often|therefore|thus|clearly|both|again",
            "by far",
            "not only|just",
            "without hesitation|doubt|reservation",
            "without a doubt",
            "hands down",
            "confidently|comfortably|seriously|confident",
            "one of",
        ],
    ),
    (
        Role::Filler,
        &[
            "the|a|an|using|choosing|picking|trying|buying|getting|selecting|you|your|that|tool|platform",
            "service|company|brand|app|product|software|solution|everyone|people|readers|teams",
            "opting for",
            "going|sticking|starting with",
            "starting off with",
            "switching|moving|upgrading to",
            "signing up for|with",
            "investing in",
            "taking a look at",
            "checking out",
            "giving",
            "either|called|named|all|these|consider|considering",
            "simply|here",
        ],
    ),
    (Role::To, &["to"]),
    (Role::And, &["and|&|or"]),
    (Role::Like, &["like|of", "such as"]),
    (
        Role::Prep,
        &[
            "for|in|on|at|because|since|when|as|over|above|than|unlike|with|from|versus|vs|between",
            "instead of",
            "rather than",
            "compared to|with",
            "based on",
            "against|beside|besides|without|by|overall|here|now|first|among|after|before",
        ],
    ),
    (
        Role::Makes,
        &["makes|make|making|made|consider|considers|call|calls|rate|name|named"],
    ),
    (Role::Enough, &["enough|more", "highly enough"]),
    (
        Role::Who,
        &[
            "who|when|why|how|where|whether|they|users|critics|reviewers|most|many|some|few|others",
            "reasons|reason",
            "not a reason",
        ],
    ),
    (
        Role::Block,
        &[
            "comparing|compare|checking|check|reading|read|contacting|contact|asking|leaving|leave",
            "testing|reviewing|review|consulting|visiting|monitoring|learning|watching|looking",
            "updating|backing|waiting|mistakes|errors|pitfalls|switching|moving|updates|read",
        ],
    ),
];

const SPANISH: &[(Role, &[&str])] = &[
    (
        Role::Advise,
        &[
            "recomiendo|recomendamos|recomendaria|recomendariamos|sugiero|sugerimos|sugeriria",
            "aconsejo|aconsejamos|aconsejaria|aconsejariamos",
            "se recomienda|aconseja|sugiere",
            "elegiria|elegiriamos|escogeria|escogeriamos|elijo",
            "optaria|optariamos|opto|apostaria|apostariamos|apuesto|apostamos por",
            "me quedo|quedaria con",
            "nos quedamos|quedariamos con",
            "me decanto|decantaria|inclino|inclinaria por",
            "nos decantamos|inclinamos por",
            "iria con|por|a",
            "mi|nuestro voto es para",
            "no dudes|dude|duden|dudaria en elegir|escoger|probar|contratar|recomendar|usar",
            "no hay mejor|mejores opcion|eleccion|opciones que",
            "aciertas|acertaras con|eligiendo",
        ],
    ),
    (
        Role::Choose,
        &[
            "elige|elija|elijan|elegir|escoge|escoja|escojan|escoger|elijas|escojas|elijais",
            "opta|opte|opten|optar|optes|apuesta|apueste|apostar|apuestes por",
            "quedate|quedese con",
            "decantate|decantese|inclinate por",
            "contrata|contrate|contraten|contratar|contrates|compra|compre|comprar|compres",
            "compra|compre|comprar|compres en",
            "prueba|pruebe|prueben|probar|pruebes",
            "empieza|empezar|empiece con|por",
            "ve|vaya con|por|a",
            "ir con|por|a",
        ],
    ),
    (
        Role::Use,
        &["usa|use|usar|utilizar|utilices|uses|utiliza|utilice"],
    ),
    (
        Role::Avoid,
        &[
            "evita|evite|eviten|evitar|huye|huya|descarta|descarte|descartar|evitad",
            "huye|huya|huid|huir|alejate|alejese|alejarse|alejarte|olvidate|olvidese de",
            "cuidado|ojo con",
            "mantente|mantengase alejado|lejos de",
        ],
    ),
    (
        Role::Against,
        &[
            "desaconsejo|desaconsejamos|desaconsejaria|desaconsejariamos",
            "se desaconseja",
            "evitaria|evitariamos|descartaria|descartariamos",
            "no puedo|podemos|podria|podriamos recomendar|recomendarte|recomendarle",
            "ni se te|le ocurra elegir|contratar|comprar|usar",
        ],
    ),
    (Role::Avoided, &["evitarse|descartarse"]),
    (
        Role::Advised,
        &[
            "recomendable|recomendables|aconsejable|aconsejables",
            "recomendado|recomendada|recomendados|recomendadas",
        ],
    ),
    (
        Role::Other,
        &["recomendado|recomendada|recomendados|recomendadas por"],
    ),
    (
        Role::Noun,
        &[
            "recomendacion|recomendaciones|consejo|favoritos|favoritas",
            "preferencia",
        ],
    ),
    (
        Role::Choice,
        &[
            "opcion|opciones|eleccion|elecciones|apuesta|apuestas|alternativa",
            "decision",
        ],
    ),
    (
        Role::Best,
        &[
            "mejor|mejores|ideal|ideales|perfecta|correcta|acertada|adecuada|segura|primera|logica",
            "numero uno",
            "obvia|natural|inteligente|sensata|indicada",
        ],
    ),
    (
        Role::Good,
        &["buena|buenas|gran|excelente|solida|interesante"],
    ),
    (
        Role::Bad,
        &["mala|malas|peor|peores|pesima|equivocada|arriesgada"],
    ),
    (Role::Own, &["mi|nuestra|nuestro|mis|nuestras|nuestros"]),
    (Role::Person, &["yo|nosotros|nosotras"]),
    (
        Role::Should,
        &[
            "deberias|deberia|debes|debe|deberian|deben",
            "hay|tienes|tiene que",
            "conviene|convendria|toca",
            "lo mejor|ideal|aconsejable|recomendable es|seria",
            "es|seria mejor|preferible",
            "mejor|mas vale",
            "merece|vale la pena",
        ],
    ),
    (
        Role::Can,
        &["puedes|puede|pueden|podrias|quieres|quiere|quieren"],
    ),
    (
        Role::Negation,
        &[
            "no|nunca|jamas|tampoco|dificilmente|nada",
            "poco|menos",
            "ya no",
        ],
    ),
    (Role::Nor, &["ni"]),
    (
        Role::Hedge,
        &[
            "quiza|quizas|posiblemente|probablemente|parece|parecen|aparentemente",
            "tal vez",
            "puede|podria|pueden|podrian ser",
            "no siempre|necesariamente",
            "a lo mejor",
            "una de las",
            "uno de los",
            "era|fue|eran|habria|hubiera|habia",
        ],
    ),
    (
        Role::Condition,
        &[
            "si|salvo|depende|dependiendo",
            "a menos que",
            "siempre que",
            "siempre y cuando",
            "en caso de",
            "a no ser que",
            "solo cuando",
        ],
    ),
    (
        Role::Adverb,
        &[
            "si dudas|duda",
            "en caso de duda",
            "si me|nos preguntas|pregunta|preguntan",
            "si tuviera|tuviese|tuvieramos|tengo|tienes que elegir|escoger|quedarme|recomendar",
            "si tuviera|tuviese|tuvieramos|tengo|tienes que elegir|escoger|recomendar uno|una",
            "si tuviera|tuviese|tuvieramos|tengo|tienes que elegir|escoger|recomendar solo|solamente uno|una",
            "si tuviera|tuviese que quedarme con uno|una",
            "si bien",
            "aun si",
        ],
    ),
    (
        Role::But,
        &[
            "pero|sino|aunque",
            "sin embargo",
            "en cambio",
            "mientras que",
        ],
    ),
    (
        Role::Is,
        &[
            "es|son|sigue|siguen|resulta|resultan|esta|estan|sera",
            "sigue|siguen siendo",
            "se lleva|llevan",
            "ser",
        ],
    ),
    (Role::Would, &["seria|serian"]),
    (Role::Article, &["la|lo|los|las"]),
    (
        Role::Adverb,
        &[
            "te|le|os|les|se|me|nos",
            "encarecidamente|claramente|siempre|simplemente|sinceramente|personalmente|totalmente",
            "altamente|muy|mas|mucho|bastante|tambien|entonces|definitivamente|totalmente|ademas",
            "sin duda",
            "sin dudarlo|dudar",
            "sin ninguna duda",
            "no solo",
            "hoy|ahora|actualmente|aun|todavia|ambas|ambos|especialmente|sobre|desde luego|sobradamente",
            "con diferencia",
            "de lejos",
            "por tanto|eso|ello",
        ],
    ),
    (
        Role::Filler,
        &[
            "el|un|una|a|al|usar|utilizar|elegir|escoger|probar|contratar|comprar|que|herramienta|plataforma",
            "servicio|empresa|marca|aplicacion|app|programa|software|producto|solucion|todos|todo",
            "optar|apostar|decantarse|decantarte|inclinarse|empezar por",
            "quedarse|quedarte|empezar|trabajar con",
            "darle una oportunidad a",
            "llamada|llamado|uses|utilices|elijas|escojas|pruebes|contrates|compres|uso",
        ],
    ),
    (Role::And, &["y|e|o|u"]),
    (Role::Like, &["como|de|del", "tal|tales como"]),
    (
        Role::Prep,
        &[
            "para|por|en|porque|sobre|frente|ante|con|entre|desde|segun|tras|sin",
            "antes que",
            "en lugar|vez de",
            "frente a",
            "a diferencia de",
            "comparado|comparada con",
            "en comparacion con",
            "ya que",
        ],
    ),
    (
        Role::Makes,
        &["hace|hacen|convierte|convierten|considero|consideramos"],
    ),
    (Role::Enough, &["suficiente|bastante"]),
    (
        Role::Who,
        &[
            "quien|quienes|cuando|cual|cuales|donde|cuanto|ellos|usuarios|expertos|muchos|algunos|razones|motivos",
            "como elegir|escoger|evitar|usar|probar|contratar",
            "por que",
            "para elegir|evitar|contratar|usar|escoger|comprar|probar",
        ],
    ),
    (
        Role::Block,
        &[
            "comparar|compares|revisar|consultar|leer|contactar|preguntar|dejar|abandonar|esperar|visitar",
            "mirar|valorar|vigilar|errores|fallos|compare|evaluar|actualizar|hablar",
        ],
    ),
];
