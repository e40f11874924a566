//! Lists of what is not to be taken give no ranks, in whatever words they are introduced; what
//! only sounds like one is a list like any other.

#[path = "support/named.rs"]
mod named;

use std::sync::LazyLock;

use analysis::Detector;

const NAMES: [&str; 3] = ["Globex", "Kipu", "Acme"];
const LIST: &str = "1. Globex\n2. Kipu\n3. Acme\n";
const NONE: [Option<u32>; 3] = [None; 3];
const ALL: [Option<u32>; 3] = [Some(1), Some(2), Some(3)];

static DETECTOR: LazyLock<Detector<usize>> = LazyLock::new(|| named::detector(&NAMES));

fn ranks(text: &str) -> Vec<Option<u32>> {
    let findings = DETECTOR.analyze(text, &[], None);
    findings.iter().map(|found| found.rank).collect()
}

/// `lead` before a list, as a line with a colon, a heading and in bold.
fn assert_introduces(leads: &[&str], expected: [Option<u32>; 3]) {
    for lead in leads {
        for before in ["{}:\n\n", "## {}\n\n", "**{}**\n\n", "**{}:**\n\n"] {
            let text = before.replace("{}", lead) + LIST;
            assert_eq!(ranks(&text), expected, "{text}");
        }
    }
}

#[test]
fn everyday_words_for_what_not_to_take_give_no_rank() {
    assert_introduces(
        &[
            "Avoid these banks",
            "Avoid the following CRMs",
            "Avoid these three",
            "Steer clear",
            "Never buy",
            "Tools you shouldn't use",
            "Brands to be wary of",
            "Not suitable",
            "Blacklist",
            "Top 3 worst brands",
            "Evita estos bancos",
            "Marcas que no recomendamos",
            "No los recomiendo",
            "Peor opción",
            "Évitez ces banques",
            "Pire choix",
            "Vermeiden Sie diese Banken",
            "Banken, die man vermeiden sollte",
            "Hände weg",
            "Evita queste banche",
            "Sconsigliamo",
            "Peggiore scelta",
            "Não recomendamos",
            "Pior escolha",
            "Vermijd deze banken",
            "Te vermijden banken",
            "Unikaj tych banków",
            "Niezalecane",
            "No recomanats",
            "Non recomendables",
            "Saihestu beharreko bankuak",
            "Undvik dessa banker",
            "Избегайте этих банков",
            "Держитесь подальше от",
            "Худший выбор",
            "要避免的品牌",
            "避けるべき銀行",
            "피해야 할 은행",
        ],
        NONE,
    );
    let sentence = "Here are the brands that you should avoid.\n\n";
    assert_eq!(ranks(&format!("{sentence}{LIST}")), NONE);
}

#[test]
fn what_only_helps_to_avoid_something_is_ranked() {
    assert_introduces(
        &[
            "The best tools to avoid delays",
            "Don't skip these",
            "Brands you shouldn't avoid",
            "Not the worst",
            "Tools for your worst days",
            "How to steer clear of scams",
            "Bancos para evitar comisiones",
            "Banques pour éviter les frais",
            "Die besten Banken, um Gebühren zu vermeiden",
            "Top 3 Anbieter, um Ausfälle zu vermeiden",
            "So können Sie Gebühren vermeiden",
            "De beste tools om fouten te vermijden",
            "Erroreak saihesteko tresnak",
            "避免手续费的最佳银行",
            "手数料を避けたい人におすすめの銀行",
            "수수료를 피해야 할 때 좋은 은행",
        ],
        ALL,
    );
}

#[test]
fn the_nearest_heading_that_promises_decides() {
    for headings in [
        "# How to choose a CRM: mistakes to avoid\n\n## Top picks\n\n",
        "# How to choose a CRM: mistakes to avoid\n\n## CRMs\n\n",
        "# Bank guide: fees to avoid\n\n## My ranking\n\n",
        "# Banks to avoid and banks to choose\n\n## To choose\n\n",
        "# Bancos que evitar\n\n## Mis recomendaciones\n\n",
        "# Brands to avoid\n\n## Best instead\n\n### For teams\n\n",
    ] {
        let text = format!("{headings}{LIST}");
        assert_eq!(ranks(&text), ALL, "{text}");
    }
    for headings in [
        "# Brands to avoid\n\n## For teams\n\n",
        "# The best banks\n\n## Avoid these\n\n",
        "# The best banks\n\n## Not recommended\n\n### Small ones\n\n",
    ] {
        let text = format!("{headings}{LIST}");
        assert_eq!(ranks(&text), NONE, "{text}");
    }
}

#[test]
fn a_line_within_an_item_ends_the_list_too() {
    let two = [Some(1), Some(2), None];
    for text in [
        "Top:\n1. Globex\n2. Kipu\nAvoid:\n3. Acme\n",
        "Top:\n1. Globex\n2. Kipu\nNicht empfohlen:\n3. Acme\n",
        "1. Globex\n2. Kipu\n\n   Marcas que evitar:\n3. Acme\n",
        "1. Globex\n2. Kipu\n3. Peor opción: Acme\n",
        "1. Globex\n2. Kipu\n3. Pire choix : Acme\n",
        "1. Globex\n2. Kipu\n3. Peggiore scelta: Acme\n",
        "1. Globex\n2. Kipu\n3. Pior escolha - Acme\n",
    ] {
        assert_eq!(ranks(text), two, "{text}");
    }
    let told = "1. Globex\n   Good for:\n2. Kipu\n   Good for:\n3. Acme\n";
    assert_eq!(ranks(told), ALL);
}

#[test]
fn a_pick_before_a_name_is_no_step() {
    for text in [
        "### #1 Pick: Globex\n\nGood.\n\n### #2 Pick: Kipu\n\nGood.\n\n### #3 Pick: Acme\n\nGood.\n",
        "1. Pick: Globex\n2. Pick: Kipu\n3. Pick: Acme\n",
        "1. Pick – Globex\n2. Pick – Kipu\n3. Pick – Acme\n",
    ] {
        assert_eq!(ranks(text), ALL, "{text}");
    }
    let steps = "1. Pick Globex\n2. Open Kipu\n3. Install: Acme\n";
    assert_eq!(ranks(steps), NONE);
}

#[test]
fn what_an_item_says_of_itself_leaves_the_others_their_ranks() {
    for remark in [
        "Skip if you need payroll",
        "Avoid if you need native apps.",
        "Cons: worst support",
        "Contras: peor soporte",
    ] {
        let text = NAMES
            .iter()
            .zip(1..)
            .fold(String::new(), |text, (name, number)| {
                text + &format!("**{number}. {name}**\n\n{remark}\n\n")
            });
        assert_eq!(ranks(&text), ALL, "{text}");
    }
}
