//! Tests of what introduces names that are not to be taken.

use super::super::fold::fold;
use super::*;

#[test]
fn what_introduces_names_to_avoid() {
    for line in [
        "Brands to avoid:",
        "⚠️ Tools to Avoid",
        "Avoid:",
        "Top 5 brands to avoid",
        "Avoid these brands:",
        "Which should I avoid?",
        "What to avoid in 2026",
        "Avoid the following tools",
        "Ones I'd skip:",
        "Not recommended",
        "Not recommended for small teams:",
        "We don't recommend:",
        "Steer clear of these:",
        "The worst CRMs:",
        "Marcas que evitar:",
        "Herramientas que debes evitar",
        "A evitar",
        "No recomendados",
        "❌ No recomendadas:",
        "Evita estas marcas:",
        "No recomiendo:",
        "Las peores opciones",
        "Marques à éviter :",
        "Déconseillé",
        "Outils non recommandés",
        "Marken, die man vermeiden sollte:",
        "Zu vermeiden",
        "Nicht empfohlen:",
        "Finger weg von diesen Anbietern:",
        "Marche da evitare",
        "Sconsigliati:",
        "Marcas a evitar",
        "Não recomendados:",
        "Te vermijden merken",
        "Niet aanbevolen:",
        "Marki, których należy unikać:",
        "Niepolecane",
        "Nie polecam:",
        "Marques que cal evitar",
        "No recomanades:",
        "Non recomendadas",
        "Saihestu beharreko markak:",
        "Märken att undvika",
        "Rekommenderas inte:",
        "Чего стоит избегать:",
        "Не рекомендую:",
        "Не рекомендуется",
        "Худшие бренды:",
        "不推荐：",
        "避けるべきブランド",
        "피해야 할 브랜드",
    ] {
        assert!(introduces_avoidance(&fold(line), true), "{line}");
    }
}

#[test]
fn what_only_has_such_words() {
    for line in [
        "The best tools to avoid delays:",
        "Tools to avoid double bookings",
        "Avoid fees with these tools:",
        "We avoid Acme.",
        "Avoid: Acme",
        "I don't recommend Acme, so here is my list:",
        "To avoid surprises, here are my picks:",
        "Unavoidable costs",
        "Best and worst tools",
        "From worst to best",
        "Top picks and brands to avoid",
        "Die besten Marken und was man meiden sollte",
        "How to avoid a data breach:",
        "To avoid this problem, use one of these:",
        "Para evitar estas comisiones, usa:",
        "Strumenti per evitare i costi:",
        "Tools to avoid software bugs",
        "Recommended:",
        "Para evitar errores, usa una de estas:",
        "Die besten Marken",
        "Acme is not recommended.",
        "My ranking:",
        "",
    ] {
        assert!(!introduces_avoidance(&fold(line), true), "{line}");
    }
    assert!(!introduces_avoidance(
        "not recommended for beginners",
        false
    ));
    assert!(introduces_avoidance("not recommended", false));
}

#[test]
fn everyday_wordings() {
    for line in [
        "Avoid these banks",
        "Avoid these CRMs:",
        "Avoid the following banks",
        "Avoid these three:",
        "Evita estos bancos",
        "Évitez ces banques",
        "Vermeiden Sie:",
        "Vermeiden Sie diese Banken",
        "Evita queste banche",
        "Vermijd deze banken",
        "Unikaj tych banków",
        "Undvik dessa banker",
        "Избегайте этих банков",
        "Steer clear",
        "Never buy",
        "Tools you shouldn't use",
        "Brands to be wary of",
        "Not suitable",
        "Our blacklist",
        "Liste noire",
        "Marcas que no recomendamos",
        "No los recomiendo",
        "Não recomendo",
        "Sconsigliamo",
        "Niezalecane",
        "No recomanats",
        "Non recomendables",
        "Hände weg",
        "Держитесь подальше от",
        "Here are the brands that you should avoid.",
        "Top 3 worst brands:",
        "Las 5 peores",
        "Peor opción",
        "Pire choix",
        "Peggiore scelta",
        "Pior escolha",
        "Te vermijden banken",
        "Zu vermeidende Banken",
        "Diese Banken sollten Sie meiden",
        "Welche Banken sollte man vermeiden?",
        "Banken om te vermijden",
        "要避免的品牌",
        "避けるべき銀行",
        "최악의 브랜드",
    ] {
        assert!(introduces_avoidance(&fold(line), true), "{line}");
    }
}

#[test]
fn an_object_a_promise_or_a_negation_takes_it_back() {
    for line in [
        "Die besten Banken, um Gebühren zu vermeiden",
        "Top 3 Anbieter, um Ausfälle zu vermeiden:",
        "So können Sie Gebühren vermeiden",
        "De beste tools om fouten te vermijden",
        "Erroreak saihesteko tresnak",
        "避免手续费的最佳银行",
        "手数料を避けたい人におすすめの銀行",
        "수수료를 피해야 할 때 좋은 은행",
        "Don't skip these:",
        "Brands you shouldn't avoid:",
        "Nicht zu vermeiden:",
        "Not the worst:",
        "Tools for your worst days",
        "Tools when the worst happens",
        "Pirelli tyres",
        "So you never buy twice",
        "How to steer clear of scams",
        "Evita estas comisiones",
        "To avoid these, use:",
        "These tools help you avoid scams.",
        "Banks to avoid and banks to choose",
        "Which banks to pick and which to avoid",
    ] {
        assert!(!introduces_avoidance(&fold(line), true), "{line}");
    }
}

#[test]
fn what_is_said_of_the_item_before() {
    for line in [
        "Skip if you need payroll",
        "Skip if you need these tools.",
        "Avoid for large companies.",
        "Cons: worst support",
        "Contras: peor soporte",
        "Peor soporte",
        "It has services you may want to skip.",
    ] {
        assert!(!introduces_avoidance(&fold(line), false), "{line}");
    }
    for line in ["Worst", "Peor opción", "Avoid these banks.", "Worst brands"] {
        assert!(introduces_avoidance(&fold(line), false), "{line}");
    }
}

#[test]
fn troubles_have_no_names() {
    for line in ["Mistakes to avoid", "Gebühren, die man vermeiden sollte"] {
        assert!(is_about_troubles(&fold(line)), "{line}");
    }
    for line in ["Brands to avoid", "Banks with fees to avoid"] {
        assert!(!is_about_troubles(&fold(line)), "{line}");
    }
}

#[test]
fn words_are_folded() {
    let phrases = PHRASES.iter().flat_map(|(_, phrases)| phrases.iter());
    let sets = GOING_ON.iter().chain(THINGS.iter()).chain(TROUBLES.iter());
    let lists = [
        POINTING,
        THESE,
        PROMISES,
        UNSPACED_PROMISES,
        CHOICES,
        BEFORE_LAST_VERB,
        WHICH,
        NEGATIONS,
        NO_WORST_OF,
        NO_NAMES_BEHIND,
        UNSPACED_THESE,
        UNSPACED_OPEN,
        OPENERS,
        CONDITIONS,
        WORST_CHOICES,
    ];
    for word in phrases.chain(sets).chain(lists.into_iter().flatten()) {
        assert_eq!(fold(word).trim(), word.trim());
    }
}
