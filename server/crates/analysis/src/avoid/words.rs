//! The words of lines that introduce what is not to be taken, folded.
//!
//! Invariant: only words; how they must stand says the module above.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Kind;

#[rustfmt::skip] // a table, not a list of lines
pub(super) const PHRASES: &[(Kind, &[&str])] = &[
    (Kind::Verb, &[
        "avoid", "avoiding", "avoided", "skip", "shun",
        "evitar", "evita", "evite", "eviten", "evitad", "evitaria", "eviter", "evitez", "eviterais",
        "fuir", "evitare", "evitate", "eviterei", "unikac", "unikaj", "unikajcie", "omijac",
        "omijaj", "eviteu", "saihestu", "undvika", "undvik", "избегать", "избегаите", "избегаи",
        "обходить",
    ]),
    (Kind::LastVerb, &[
        "vermeiden", "vermeide", "vermeidende", "meiden", "meide", "vermijden", "vermijd", "mijden",
        "mijd", "saihesteko", "baztertzeko",
    ]),
    (Kind::Negation, &[
        "do not recommend", "don't recommend", "would not recommend", "wouldn't recommend",
        "can't recommend", "cannot recommend", "never recommend", "recommend against",
        "advise against", "stay away", "stay away from", "stay clear of", "steer clear",
        "steer clear of", "keep away from", "beware of", "wary of", "do not buy", "don't buy",
        "not to buy", "never buy", "shouldn't buy", "should not buy", "do not use", "don't use",
        "not to use", "never use", "shouldn't use", "should not use", "do not choose",
        "don't choose", "not to choose", "never choose", "shouldn't choose", "should not choose",
        "not to pick", "not to take", "pass on", "no recomiend", "no recomendamos",
        "no los recomiend", "no las recomiend", "no los recomendamos", "no las recomendamos",
        "no recomendaria", "que no compr", "no compres", "nunca compr", "no elijas", "no elegir",
        "no comprar", "no contrates", "no uses", "no usar", "alejate de", "huye de", "huir de",
        "ne recommande pas", "ne recommandons pas", "ne pas acheter", "ne pas choisir",
        "ne pas utiliser", "nicht empfehlen", "nicht kaufen", "nicht nutzen", "nicht verwenden",
        "niemals kaufen", "rate ich ab", "raten wir ab", "abraten", "finger weg", "hande weg",
        "non comprare", "non scegliere", "non usare", "non consiglio", "non consigliamo",
        "sconsiglio", "sconsigliamo", "alla larga", "nao compr", "nao escolh", "nao us",
        "nao recomendo", "nao recomendamos", "fuja d", "raad ik af", "niet kopen",
        "niet gebruiken", "raden wij af", "nie kupowac", "nie kupuj", "nie uzywac", "odradzam",
        "trzymaj sie z dala", "no recomanem", "no recomano", "no compreu", "non recomendamos",
        "non recomendo", "ez erosi", "ez erabili", "inte kop", "avrader", "не советую",
        "не советуем", "не рекомендую", "не рекомендуем", "не покупаите", "не используите",
        "не берите", "не стоит", "держитесь подальше",
    ]),
    (Kind::Adjective, &[
        "not recommended", "least recommended", "not worth", "not suitable", "no recomendad",
        "no recomendable", "no se recomiend", "desaconsej", "menos recomend", "deconseill",
        "non recommand", "pas recommand", "a proscrire", "nicht empfohlen",
        "nicht empfehlenswert", "nicht zu empfehlen", "nicht ratsam", "nicht geeignet",
        "abzuraten", "sconsigliat", "non consigliat", "non raccomandat", "non adatt",
        "nao recomendad", "nao recomendave", "desaconselhad", "niet aanbevolen",
        "niet aan te raden", "niet geschikt", "af te raden", "afgeraden", "afrader", "nie polecan",
        "niepolecan", "nie polecam", "niezalecan", "nie zalecan", "nie zalecam", "nierekomendowan",
        "nie rekomendowan", "no recomanad", "no recomanat", "no recomanable", "desaconsellad",
        "non recomendad", "non recomendable", "ez gomend", "gomendatzen ez", "rekommenderas inte",
        "rekommenderas ej", "inte rekommenderad", "ej rekommenderad", "не рекоменд", "нерекоменд",
    ]),
    (Kind::Title, &[
        "blacklist", "black list", "lista negra", "liste noire", "schwarze liste", "lista nera",
        "zwarte lijst", "czarna lista", "llista negra", "zerrenda beltza", "svart lista",
        "черныи список",
    ]),
    (Kind::Worst, &[
        "worst", "peores", "pires", "schlechteste", "schlechtester", "schlechtesten",
        "schlechtestes", "peggiori", "piores", "slechtste", "najgorsza", "najgorsze", "najgorszy",
        "najgorszych", "pitjors", "okerrenak", "txarrenak", "samst", "samsta", "худшии", "худшая",
        "худшее", "худшие", "худших",
    ]),
    (Kind::WorstOne, &[
        "peor", "pire", "peggior", "peggiore", "pior", "pitjor", "okerrena", "txarrena",
    ]),
    (Kind::UnspacedVerb, &["避免"]),
    (Kind::Unspaced, &[
        "不推荐", "不推薦", "不建议", "避坑", "最差", "避けるべき", "避けたい",
        "おすすめしない", "おすすめできない", "非推奨", "最悪の", "피해야", "추천하지 않", "비추천", "최악",
    ]),
];

/// What a line about the best has too.
#[rustfmt::skip]
pub(super) const PROMISES: &[&str] = &[
    "best", "top", "ranking", "favourite", "favorite", "mejor", "meilleur", "migliori", "melhor",
    "najleps", "millor", "mellor", "onena", "лучш", "instead",
];

/// The same in scripts without spaces.
#[rustfmt::skip]
pub(super) const UNSPACED_PROMISES: &[&str] = &[
    "最佳", "最好", "首选", "首選", "おすすめの", "おすすめは", "ベスト", "最高", "가장 좋은", "최고", "베스트",
];

/// Beginnings of words of a heading about what is to be taken, where it is not said to be bad.
#[rustfmt::skip]
pub(super) const CHOICES: &[&str] = &[
    "choose", "pick", "recommend", "buy", "elegir", "elige", "recomend", "recomiend", "comprar",
    "choisir", "recommand", "wahlen", "empfehl", "empfohl", "scegli", "consigli", "raccomand",
    "escolh", "kiezen", "aanbevol", "aanrader", "wybra", "wybor", "polecan", "polecam", "triar",
    "recoman", "escoll", "aukera", "gomend", "valj", "rekommend", "выб", "рекоменд",
];

/// What goes on behind "avoid" without saying what is to be avoided.
#[rustfmt::skip]
pub(super) static GOING_ON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [
        "in", "for", "if", "when", "at", "and", "or", "because", "unless", "altogether", "entirely",
        "completely", "en", "por", "si", "cuando", "para", "pour", "et", "ou", "absolument", "im",
        "wenn", "unbedingt", "und", "oder", "sollte", "sollten", "gilt", "se", "per", "assolutamente", "em",
        "als", "zijn", "w", "jesli", "nalezy", "beharreko", "om", "в", "если", "и", "стоит",
    ]
    .into()
});

/// What names are names of.
#[rustfmt::skip]
pub(super) static THINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [
        "brands", "tools", "companies", "products", "vendors", "providers", "software", "apps",
        "names", "options", "ones", "services", "platforms", "models", "shops", "stores", "banks",
        "insurers", "airlines", "hotels", "agencies", "crms", "retailers", "suppliers",
        "marcas", "herramientas", "empresas", "productos", "proveedores", "opciones", "servicios",
        "plataformas", "aplicaciones", "bancos", "aseguradoras", "aerolineas", "hoteles", "tiendas",
        "marques", "outils", "entreprises", "produits", "fournisseurs", "banques", "assureurs",
        "marken", "anbieter", "anbietern", "produkte", "produkten", "firmen", "hersteller",
        "herstellern", "banken", "versicherer", "versicherungen", "tools",
        "marche", "strumenti", "aziende", "prodotti", "fornitori", "banche", "assicurazioni",
        "ferramentas", "produtos", "fornecedores", "seguradoras", "lojas",
        "merken", "producten", "bedrijven", "aanbieders", "verzekeraars", "winkels",
        "marek", "marki", "narzedzi", "narzedzia", "firm", "firmy", "produktow", "produkty",
        "bankow", "banki", "eines", "productes", "proveidors", "bancs", "ferramentas",
        "markak", "tresnak", "bankuak", "enpresak", "produktuak",
        "verktyg", "foretag", "produkter", "banker", "leverantorer",
        "бренды", "брендов", "инструменты", "инструментов", "компании", "сервисы", "сервисов",
        "продукты", "банки", "банков",
    ]
    .into()
});

/// What is avoided and has no brand for a name.
#[rustfmt::skip]
pub(super) static TROUBLES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [
        "mistake", "mistakes", "fee", "fees", "pitfall", "pitfalls", "errors", "costs", "charges",
        "scams", "traps", "problems", "issues", "headaches", "risks", "delays", "outages",
        "surprises", "penalties", "habits", "words",
        "error", "errores", "comisiones", "costes", "costos", "trampas", "estafas", "problemas",
        "riesgos", "fallos", "multas", "retrasos", "erreurs", "frais", "pieges", "arnaques",
        "problemes", "risques", "couts", "pannes", "fehler", "fehlern", "gebuhren", "kosten",
        "fallen", "probleme", "risiken", "ausfalle", "errori", "commissioni", "costi", "trappole",
        "truffe", "problemi", "rischi", "erros", "taxas", "tarifas", "custos", "armadilhas",
        "golpes", "riscos", "fouten", "valkuilen", "problemen", "boetes", "bledy", "bledow",
        "oplat", "oplaty", "kosztow", "koszty", "pulapki", "pulapek", "problemow", "comissions",
        "trampes", "comisions", "akatsak", "komisioak", "kostuak", "arazoak", "avgifter",
        "misstag", "fallgropar", "kostnader", "problem", "ошибки", "ошибок", "комиссии",
        "комиссии", "ловушки", "ловушек", "расходы", "расходов", "проблем", "проблемы",
    ]
    .into()
});

/// Articles and words that point at what follows, which say nothing of it.
#[rustfmt::skip]
pub(super) const POINTING: &[&str] = &[
    "the", "them", "this", "from", "los", "las", "les", "die", "von", "sie", "le", "gli", "os",
    "as", "de", "els", "od", "от",
];

/// Of these those that point at names to come: behind them any noun is what those names are of.
#[rustfmt::skip]
pub(super) const THESE: &[&str] = &[
    "these", "those", "following", "estas", "estos", "siguientes", "ces", "suivants", "suivantes",
    "diese", "diesen", "folgende", "folgenden", "questi", "queste", "seguenti", "estes",
    "seguintes", "deze", "volgende", "tych", "nastepujacych", "aquestes", "aquests", "seguents",
    "dessa", "foljande", "этих", "следующих", "следующие",
];

/// What may stand between a verb at the end and the names that it is about.
#[rustfmt::skip]
pub(super) const BEFORE_LAST_VERB: &[&str] = &[
    "zu", "man", "sie", "du", "ihr", "wir", "ich", "sollte", "sollten", "sollen", "solltest",
    "muss", "mussen", "unbedingt", "lieber", "besser", "eher", "te", "om", "je", "u", "jij",
    "es", "bitte", "auf", "jeden", "fall", "in", "moet", "moeten", "kunt", "kan", "beter", "liever", "zou",
];

/// Words that stand for names before a verb at the end: "die man vermeiden sollte".
#[rustfmt::skip]
pub(super) const WHICH: &[&str] = &[
    "die", "was", "welche", "welchen", "wen", "diese", "diesen", "folgende", "folgenden", "wat",
    "welke", "deze", "volgende", "zer",
];

/// Words that turn round what stands right behind them.
#[rustfmt::skip]
pub(super) const NEGATIONS: &[&str] = &[
    "not", "never", "no", "nunca", "jamas", "ne", "n'", "pas", "nicht", "nie", "niemals", "non",
    "nao", "niet", "nooit", "ez", "inte", "ej", "aldrig", "не",
];

/// What makes of "the worst" something else than names: "for your worst days".
#[rustfmt::skip]
pub(super) const NO_WORST_OF: &[&str] = &[
    "for", "your", "my", "our", "their", "when", "if", "even", "without", "against", "in", "at",
    "avoid", "tu", "tus", "su", "sus", "en", "sin", "contra", "evitar", "votre", "vos", "sans",
    "pour", "im", "am", "fur", "ohne", "deine", "ihre", "tuoi", "per", "senza", "nei", "seus",
    "sem", "voor", "zonder", "uw", "je", "dla", "bez", "utan", "для", "без",
];

/// What stands behind a phrase without spaces that is about no names: reasons, people, times.
#[rustfmt::skip]
pub(super) const NO_NAMES_BEHIND: &[&str] = &[
    "人", "方", "理由", "場合", "场合", "情况", "原因", "ため", " 할 때", " 하는 이유", " 할 이유", " 경우",
    "의 경우", "的情况", "的原因", "的方法",
];

/// Words that point at names to come, in scripts without spaces.
pub(super) const UNSPACED_THESE: &[&str] = &[
    "これら",
    "以下",
    "次の",
    "这些",
    "這些",
    "下列",
    "다음",
    "아래",
    "이런",
    "이 ",
];

/// What may go on behind a verb that its object follows.
#[rustfmt::skip]
pub(super) const UNSPACED_OPEN: &[&str] = &[
    "的", "使用", "选择", "購買", "购买", "選擇", "以下", "这些", "這些", "下列",
];

/// How a sentence begins that announces a list.
#[rustfmt::skip]
pub(super) const OPENERS: &[&str] = &[
    "here", "below", "these", "aqui", "estas", "estos", "voici", "hier", "ecco", "questi", "queste",
    "estes", "oto", "hona", "har", "вот",
];

/// Words that begin a condition.
#[rustfmt::skip]
pub(super) const CONDITIONS: &[&str] = &[
    "if", "when", "unless", "because", "si", "cuando", "wenn", "weil", "als", "jesli", "если",
];

/// Nouns of what is taken, behind "worst".
#[rustfmt::skip]
pub(super) const WORST_CHOICES: &[&str] = &[
    "choice", "choices", "option", "pick", "picks", "brand", "tool", "opcion", "eleccion", "marca",
    "choix", "marque", "wahl", "anbieter", "scelta", "scelte", "escolha", "opcao", "keuze", "merk",
    "wybor", "marka", "opcio", "tria", "opcions", "aukera", "val", "valet", "выбор", "вариант",
];
