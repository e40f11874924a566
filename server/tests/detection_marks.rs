//! Numbers of lists in all their dress: whatever stands before, behind or around a number, the
//! items of a list that is counted up have the ranks 1 to n, and what is no list has none.

#[path = "support/named.rs"]
mod named;

use std::sync::LazyLock;

use analysis::{Detector, Finding};

const NAMES: [&str; 4] = ["Boltwork", "Kipu", "Acme", "Zedra"];

static DETECTOR: LazyLock<Detector<usize>> = LazyLock::new(|| named::detector(&NAMES));

#[rustfmt::skip] // tables, not lists of lines
const ORNAMENTS: &[&str] = &[
    "", "🔹", "⭐", "🌟", "✨", "🏆", "👑", "🚀", "🔥", "💡", "📌", "🎯", "💰", "📅", "🥇", "🏅", "💯", "🔝", "❤️",
    "👍🏽", "👩‍💻", "👨‍👩‍👧‍👦", "🇪🇸", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ℹ️", "㊙️", "🆕", "🅰️", "#️⃣", "*️⃣", "✅", "✔", "✔️", "✓", "☑️", "❌", "➡️",
    "→", "⇒", "➤", "➜", "►", "▶", "▶️", "•", "◦", "●", "○", "■", "□", "▪️", "◆", "◇", "★", "☆", "✦", "✪", "❖",
    "✿", "❋", "※", "│", "▌", "⠿", "✈️", "☕", "⚡", "⚠️", "🟢", "🔟", "🫶", "🪄", "->", "=>", "[x]", ":star:",
    "🏆 ✨", "⭐⭐⭐", "‼️", "⁉️", "・", "!", "…", "§",
];

/// How a number is written as a marker; `{}` is the number.
const SIGNS: &[&str] = &[
    "{}.",
    "{})",
    "{}:",
    "{} :",
    "{} -",
    "{} –",
    "{} —",
    "{}-",
    "{}、",
    "{}．",
    "{}）",
    "{}：",
    "{}º",
    "{}ª",
    "{}.º",
    "{}°",
    "#{}",
    "#{}:",
    "# {}:",
    "No. {}",
    "No. {}:",
    "Nº {}",
    "Nº {}:",
    "№ {}",
    "({})",
    "【{}】",
    "{}.-",
    "{}.)",
    "{}/",
    "{} →",
    "{}️⃣",
    "{}).",
    "{} --",
    "{} ->",
    "{}»",
    "{} »",
    "Top {}:",
    "Platz {}:",
    "Place {} –",
];

/// How the items of a list stand; `{}` is marker and name.
const PLACES: &[(&str, &str)] = &[
    ("headings", "## {}\n\nA line about it.\n\n"),
    ("bold headings", "### **{}**\n\nA line about it.\n\n"),
    ("paragraphs", "{}\n\nA line about it.\n\n"),
    ("lines", "{}\n"),
    ("bold lines", "**{}**\n\nA line about it.\n\n"),
    ("lines with bullets below", "{}\n- cheap\n- fast\n\n"),
    ("lines with bullets right below", "{}\n- cheap\n- fast\n"),
    ("bullets", "- {}\n"),
];

/// The zeros of scripts that are counted in.
const ZEROS: [char; 15] = [
    '0',
    '٠',
    '۰',
    '०',
    '০',
    '๐',
    '０',
    '௦',
    '០',
    '\u{A9D0}',
    '\u{ABF0}',
    '\u{11136}',
    '\u{1E950}',
    '\u{104A0}',
    '\u{AA50}',
];

fn figure(number: u32, zero: char) -> String {
    let digit = |c: char| {
        let value = c.to_digit(10).expect("a digit");
        char::from_u32(u32::from(zero) + value).expect("a digit of the script")
    };
    number.to_string().chars().map(digit).collect()
}

fn document(place: &str, item: impl Fn(u32, &str) -> String) -> String {
    let items = NAMES.iter().zip(1..);
    items
        .map(|(name, number)| place.replace("{}", &item(number, name)))
        .collect()
}

fn ranks(findings: &[Finding<usize>]) -> Vec<Option<(u32, u32)>> {
    let place = |found: &Finding<usize>| found.rank.zip(found.list_total);
    findings.iter().map(place).collect()
}

fn counted_up() -> Vec<Option<(u32, u32)>> {
    (1..=4).map(|rank| Some((rank, 4))).collect()
}

#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn compare(&mut self, text: &str, expected: &[Option<(u32, u32)>]) {
        let seen = ranks(&DETECTOR.analyze(text, &[], None));
        if seen != expected {
            self.0.push(format!("{text:?}\n  {seen:?}"));
        }
    }

    fn check(self) {
        let first: Vec<_> = self.0.iter().take(30).map(String::as_str).collect();
        assert!(
            first.is_empty(),
            "{} texts:\n{}",
            self.0.len(),
            first.join("\n")
        );
    }
}

/// Markdown itself reads `+ 1.` and the like as lists; these are said by other tests.
fn is_markdown(ornament: &str, sign: &str) -> bool {
    // A heading of its own, or the end of one.
    ornament.is_empty() && sign.starts_with("# ")
}

#[test]
fn any_ornament_before_any_sign_leaves_the_rank() {
    let mut failures = Failures::default();
    for ornament in ORNAMENTS {
        for sign in SIGNS.iter().filter(|sign| !is_markdown(ornament, sign)) {
            for (_, place) in PLACES {
                let text = document(place, |number, name| {
                    let marker = sign.replace("{}", &number.to_string());
                    format!("{ornament} {marker} {name}")
                        .trim_start()
                        .to_owned()
                });
                failures.compare(&text, &counted_up());
            }
        }
    }
    failures.check();
}

#[test]
fn digits_of_any_script_count() {
    let mut failures = Failures::default();
    for zero in ZEROS {
        for sign in SIGNS.iter().filter(|sign| !sign.contains('⃣')) {
            for ornament in ["", "🔹", "✅"] {
                for (_, place) in PLACES {
                    if is_markdown(ornament, sign) {
                        continue;
                    }
                    let text = document(place, |number, name| {
                        let marker = sign.replace("{}", &figure(number, zero));
                        format!("{ornament} {marker} {name}")
                            .trim_start()
                            .to_owned()
                    });
                    failures.compare(&text, &counted_up());
                }
            }
        }
    }
    failures.check();
}

#[test]
fn bold_may_begin_and_end_anywhere() {
    let mut failures = Failures::default();
    let items = [
        "{o} **{n}. {x}**",
        "**{o} {n}. {x}**",
        "{o} **{n}.** {x}",
        "{o} **{n}. {x}** - good",
        "**{o}** {n}. {x}",
        "{o}{n}. {x}",
        "{o} {n}. **{x}**: good",
        "{o} {n}. _{x}_",
        "{n}. {o} {x}",
        "{o} {n}. {o} **{x}**",
        "{o} {n}. [{x}](https://x.example)",
        "{o} {n}. Best overall: {x}",
        "{o} {n} {x}",
        "{n} {o} {x}",
        "{o} {n}. {x}, Inc. – good",
    ];
    for ornament in ["🔹", "✅", "🏆", "❤️", "👍🏽", "→", "■", "🇪🇸"] {
        for item in items {
            for (_, place) in PLACES {
                let text = document(place, |number, name| {
                    let item = item.replace("{o}", ornament).replace("{x}", name);
                    item.replace("{n}", &number.to_string())
                });
                failures.compare(&text, &counted_up());
            }
        }
    }
    failures.check();
}

#[test]
fn an_ornament_before_some_numbers_only_leaves_the_list_whole() {
    let mut failures = Failures::default();
    for adorned in 1..16_u32 {
        for (_, place) in PLACES {
            let text = document(place, |number, name| {
                let ornament = if adorned & (1 << (number - 1)) == 0 {
                    ""
                } else {
                    "🏆 "
                };
                format!("{ornament}{number}. {name}")
            });
            failures.compare(&text, &counted_up());
        }
    }
    failures.check();
}

#[test]
fn medals_and_the_numbers_behind_them_are_one_list() {
    let mut failures = Failures::default();
    for first in ["🥇", "🏆", "👑"] {
        for (_, place) in PLACES {
            let text = document(place, |number, name| {
                let places = [first, "🥈", "🥉", "4️⃣"];
                let medal = places[usize::try_from(number).expect("a place") - 1];
                format!("{medal} {name}")
            });
            failures.compare(&text, &counted_up());
        }
    }
    for fourth in ["4.", "4)", "4️⃣", "🏅 4.", "#4", "🔹 4 –"] {
        for (_, place) in PLACES {
            let text = document(place, |number, name| match number {
                1 => format!("🥇 {name}"),
                2 => format!("🥈 **{name}**"),
                3 => format!("🥉 {name}"),
                _ => format!("{fourth} {name}"),
            });
            failures.compare(&text, &counted_up());
        }
    }
    failures.check();
}

/// Header of the rank column and of the names, in each language.
#[rustfmt::skip]
const HEADERS: &[(&str, &str)] = &[
    ("Rank", "Tool"), ("#", "Brand"), ("Position", "Name"), ("🏆 Rank", "Tool"), ("Rank #", "Tool"),
    ("Overall Rank", "Tool"), ("No.", "Tool"), ("№", "Tool"), ("S.No.", "Company"), ("🏆", "Tool"), ("", "Tool"),
    ("Puesto", "Herramienta"), ("Posición", "Marca"), ("Lugar", "Nombre"), ("N.º", "Marca"),
    ("Rang", "Outil"), ("Classement", "Marque"), ("Place", "Nom"), ("N°", "Nom"),
    ("Platz", "Anbieter"), ("Rang", "Marke"), ("Position", "Name"), ("Nr.", "Name"), ("Platzierung", "Name"),
    ("Posizione", "Strumento"), ("Posto", "Marca"), ("Classifica", "Nome"),
    ("Posição", "Ferramenta"), ("Lugar", "Nome"), ("Classificação", "Nome"),
    ("Plaats", "Merk"), ("Positie", "Naam"), ("Rangschikking", "Naam"), ("Nummer", "Naam"),
    ("Miejsce", "Nazwa"), ("Pozycja", "Marka"), ("Lp.", "Nazwa"), ("Ranking", "Firma"),
    ("Posició", "Eina"), ("Lloc", "Nom"), ("Posto", "Nome"), ("Posición", "Nome"),
    ("Postua", "Izena"), ("Sailkapena", "Marka"), ("Posizioa", "Tresna"),
    ("Placering", "Namn"), ("Plats", "Verktyg"), ("Rang", "Märke"),
    ("Место", "Название"), ("Позиция", "Бренд"), ("Ранг", "Компания"), ("Номер", "Сервис"), ("№ п/п", "Название"),
    ("Ranglijst", "Naam"), ("Rangliste", "Anbieter"), ("Rànquing", "Eina"), ("Lokata", "Firma"),
    ("S. No.", "Tool"), ("L.p.", "Nazwa"), ("N", "Bank"), ("Top", "Tool"), ("Google ranking", "Tool"),
    ("順位", "ブランド"), ("ランキング", "名前"), ("排名", "品牌"), ("名次", "公司"), ("순위", "브랜드"), ("الترتيب", "الاسم"),
];

#[test]
fn rank_columns_of_every_language() {
    let mut failures = Failures::default();
    let cells = [
        "{}",
        "{}.",
        "**{}**",
        "#{}",
        "🔹 {}",
        "{} 🏆",
        "({})",
        "{}️⃣",
        "№ {}",
        "{}º",
        "[{}]",
        "{} (↑2)",
        "{} (best)",
        "{}\\*",
        "={}",
        "{} of 4",
        "{} ↑2",
        "{}. Platz",
        "{}. miejsce",
        "Platz {}",
    ];
    for (rank, name) in HEADERS {
        for cell in cells {
            for is_last in [false, true] {
                let row = |first: &str, second: &str| {
                    if is_last && !rank.is_empty() && *rank != "🏆" {
                        format!("| {second} | {first} |\n")
                    } else {
                        format!("| {first} | {second} |\n")
                    }
                };
                let rows = document("{}", |number, name| {
                    row(&cell.replace("{}", &number.to_string()), name)
                });
                let text = format!("{}|---|---|\n{rows}", row(rank, name));
                failures.compare(&text, &counted_up());
            }
        }
    }
    failures.check();
}

#[test]
fn a_column_of_quantities_is_no_column_of_ranks() {
    let mut failures = Failures::default();
    let none = vec![None; NAMES.len()];
    for header in [
        "N",
        "No.",
        "Number",
        "Numero",
        "Número",
        "Nummer",
        "Top",
        "#",
        "Номер",
        "Ranking factor",
        "Google ranking",
    ] {
        for amounts in [
            [250, 120, 80, 3],
            [1, 3, 40, 2],
            [12, 11, 10, 9],
            [2, 3, 4, 5],
        ] {
            let rows = document("{}", |number, name| {
                let amount = amounts[usize::try_from(number).expect("a place") - 1];
                format!("| {name} | {amount} |\n")
            });
            failures.compare(&format!("| Bank | {header} |\n|---|---|\n{rows}"), &none);
        }
    }
    failures.check();
}

#[test]
fn a_table_may_say_itself_that_its_names_are_to_be_avoided() {
    let mut failures = Failures::default();
    let none = vec![None; NAMES.len()];
    for header in [
        "Brands to avoid",
        "Avoid",
        "⚠️ Avoid",
        "Not recommended",
        "Worst brands",
        "Marcas a evitar",
        "No recomendadas",
        "Marques à éviter",
        "Nicht empfohlen",
        "Da evitare",
        "Te vermijden",
        "Niepolecane",
        "Marques a evitar",
        "Non recomendadas",
        "Undvik",
        "Не рекомендуется",
        "不推荐",
    ] {
        let ranked = document("{}", |number, name| format!("| {number} | {name} |\n"));
        let numbered = document("{}", |number, name| format!("| {number}. {name} | 5 |\n"));
        for text in [
            format!("| # | {header} |\n|---|---|\n{ranked}"),
            format!("| Rank | {header} |\n|---|---|\n{ranked}"),
            format!("| {header} | Price |\n|---|---|\n{numbered}"),
        ] {
            failures.compare(&text, &none);
        }
        let beside = document("{}", |number, name| format!("| {number} | {name} | x |\n"));
        let text = format!("| # | Tool | {header} |\n|---|---|---|\n{beside}");
        failures.compare(&text, &counted_up());
    }
    failures.check();
}

#[test]
fn names_in_a_table_may_carry_their_numbers() {
    let mut failures = Failures::default();
    for ornament in ORNAMENTS {
        for sign in ["{}.", "{})", "#{}", "{}️⃣", "({})", "№ {}:"] {
            let rows = document("{}", |number, name| {
                let marker = sign.replace("{}", &number.to_string());
                format!("| {ornament} {marker} **{name}** | 5 |\n")
            });
            let text = format!("| Tool | Price |\n|---|---|\n{rows}");
            failures.compare(&text, &counted_up());
        }
    }
    failures.check();
}

/// First to fourth, as items of a list begin in each language.
#[rustfmt::skip]
const ORDINALS: &[[&str; 4]] = &[
    ["First:", "Second:", "Third:", "Fourth:"],
    ["First place –", "Second place –", "Third place –", "Fourth place –"],
    ["1st:", "2nd:", "3rd:", "4th:"],
    ["Primero:", "Segundo:", "Tercero:", "Cuarto:"],
    ["En primer lugar,", "En segundo lugar,", "En tercer lugar,", "En cuarto lugar,"],
    ["1er puesto:", "2º puesto:", "3er puesto:", "4º puesto:"],
    ["Premier :", "Deuxième :", "Troisième :", "Quatrième :"],
    ["1re place :", "2e place :", "3e place :", "4e place :"],
    ["Erstens:", "Zweitens:", "Drittens:", "Viertens:"],
    ["Auf dem ersten Platz:", "Auf dem zweiten Platz:", "Auf dem dritten Platz:", "Auf dem vierten Platz:"],
    ["Primo posto:", "Secondo posto:", "Terzo posto:", "Quarto posto:"],
    ["Em primeiro lugar,", "Em segundo lugar,", "Em terceiro lugar,", "Em quarto lugar,"],
    ["Ten eerste:", "Ten tweede:", "Ten derde:", "Ten vierde:"],
    ["1e plaats:", "2e plaats:", "3e plaats:", "4e plaats:"],
    ["Po pierwsze,", "Po drugie,", "Po trzecie,", "Po czwarte,"],
    ["Pierwsze miejsce:", "Drugie miejsce:", "Trzecie miejsce:", "Czwarte miejsce:"],
    ["1. miejsce –", "2. miejsce –", "3. miejsce –", "4. miejsce –"],
    ["Primer lloc:", "Segon lloc:", "Tercer lloc:", "Quart lloc:"],
    ["1r:", "2n:", "3r:", "4t:"],
    ["Primeiro posto:", "Segundo posto:", "Terceiro posto:", "Cuarto posto:"],
    ["Lehenengo postua:", "Bigarren postua:", "Hirugarren postua:", "Laugarren postua:"],
    ["Första plats:", "Andra plats:", "Tredje plats:", "Fjärde plats:"],
    ["1:a", "2:a", "3:e", "4:e"],
    ["Первое место:", "Второе место:", "Третье место:", "Четвёртое место:"],
    ["Во-первых,", "Во-вторых,", "В-третьих,", "В-четвёртых,"],
    ["1-е место —", "2-е место —", "3-е место —", "4-е место —"],
    ["1 место:", "2 место:", "3 место:", "4 место:"],
    ["第一名：", "第二名：", "第三名：", "第四名："],
    ["第1位：", "第2位：", "第3位：", "第4位："],
    ["1위:", "2위:", "3위:", "4위:"],
    ["一、", "二、", "三、", "四、"],
    ["Number one:", "Number two:", "Number three:", "Number four:"],
    ["Option one –", "Option two –", "Option three –", "Option four –"],
    ["Auf Platz 1:", "Auf Platz 2:", "Auf Platz 3:", "Auf Platz 4:"],
    ["Auf Platz 1 steht", "Auf Platz 2 landet", "Auf Platz 3 kommt", "Auf Platz 4 liegt"],
    ["Auf dem 1. Platz:", "Auf dem 2. Platz:", "Auf dem 3. Platz:", "Auf dem 4. Platz:"],
    ["Platz eins:", "Platz zwei:", "Platz drei:", "Platz vier:"],
    ["Platz Nr. 1:", "Platz Nr. 2:", "Platz Nr. 3:", "Platz Nr. 4:"],
    ["En el puesto 1:", "En el puesto 2:", "En el puesto 3:", "En el puesto 4:"],
    ["Puesto n.º 1:", "Puesto n.º 2:", "Puesto n.º 3:", "Puesto n.º 4:"],
    ["Número uno:", "Número dos:", "Número tres:", "Número cuatro:"],
    ["Numéro un :", "Numéro deux :", "Numéro trois :", "Numéro quatre :"],
    ["Choix 1 :", "Choix 2 :", "Choix 3 :", "Choix 4 :"],
    ["Numero uno:", "Numero due:", "Numero tre:", "Numero quattro:"],
    ["Opção 1:", "Opção 2:", "Opção 3:", "Opção 4:"],
    ["Na posição 1:", "Na posição 2:", "Na posição 3:", "Na posição 4:"],
    ["Op plaats 1:", "Op plaats 2:", "Op plaats 3:", "Op plaats 4:"],
    ["Op nummer één:", "Op nummer twee:", "Op nummer drie:", "Op nummer vier:"],
    ["Keuze 1:", "Keuze 2:", "Keuze 3:", "Keuze 4:"],
    ["Na 1. miejscu:", "Na 2. miejscu:", "Na 3. miejscu:", "Na 4. miejscu:"],
    ["I miejsce:", "II miejsce:", "III miejsce:", "IV miejsce:"],
    ["Numer jeden:", "Numer dwa:", "Numer trzy:", "Numer cztery:"],
    ["Número u:", "Número dos:", "Número tres:", "Número quatre:"],
    ["Aukera 1:", "Aukera 2:", "Aukera 3:", "Aukera 4:"],
    ["På plats 1:", "På plats 2:", "På plats 3:", "På plats 4:"],
    ["Förstaplats:", "Andraplats:", "Tredjeplats:", "Fjärdeplats:"],
    ["Вариант 1:", "Вариант 2:", "Вариант 3:", "Вариант 4:"],
    ["Первый вариант:", "Второй вариант:", "Третий вариант:", "Четвёртый вариант:"],
    ["На месте 1:", "На месте 2:", "На месте 3:", "На месте 4:"],
    ["I место —", "II место —", "III место —", "IV место —"],
    ["Номер один:", "Номер два:", "Номер три:", "Номер четыре:"],
    ["I.", "II.", "III.", "IV."],
];

#[test]
fn ordinals_of_every_language() {
    let mut failures = Failures::default();
    for words in ORDINALS {
        for ornament in ["", "🔹 ", "✅ "] {
            for (_, place) in PLACES {
                let text = document(place, |number, name| {
                    let word = words[usize::try_from(number).expect("a place") - 1];
                    format!("{ornament}{word} {name}")
                });
                failures.compare(&text, &counted_up());
            }
        }
    }
    failures.check();
}

/// What begins with a number and is no place; `{}` is the number, `{x}` the name.
const NO_PLACES: &[&str] = &[
    "${} - {x}",
    "€{}: {x}",
    "{} € - {x}",
    "{} EUR – {x}",
    "{}% - {x}",
    "{} % – {x}",
    "{}/5 {x}",
    "{}/10 - {x}",
    "{}.5 {x}",
    "4.{} - {x}",
    "{}.0 – {x}",
    "v{}.0 {x}",
    "v{} - {x}",
    "{}.2.0 - {x}",
    "202{}: {x}",
    "202{} - {x}",
    "(202{}) {x}",
    "202{}-01-02: {x}",
    "1{}:30 {x}",
    "{}:45 – {x}",
    "{}/05 - {x}",
    "0{}/05/2026 - {x}",
    "{} May: {x}",
    "{} May 2026 - {x}",
    "{}. Mai: {x}",
    "{}. Mai 2026: {x}",
    "{} мая: {x}",
    "{} de mayo: {x}",
    "{}st quarter: {x}",
    "{}st of May: {x}",
    "{} d'abril: {x}",
    "{} Jan: {x}",
    "{} janv.: {x}",
    "{}. Dez. 2024: {x}",
    "{}. Quartal: {x}",
    "{}. Jahr: {x}",
    "{}. Tag: {x}",
    "{}. kwartał: {x}",
    "{}. hiruhilekoa: {x}",
    "{}-day trial: {x}",
    "{}-click checkout: {x}",
    "{} users are free with {x}",
    "{} user costs nothing with {x}",
    "{}-800 {x}",
    "{} ⭐ {x}",
    "{} stars: {x}",
    "{},50 {x}",
    "-{} {x}",
    "~{} {x}",
    "±{} {x}",
    "<{} {x}",
    "[{}] {x}",
    "{}x {x}",
    "x{} {x}",
    "{}k - {x}",
    "{} {x} seats",
];

#[test]
fn what_is_no_place_has_no_rank_behind_any_ornament() {
    let mut failures = Failures::default();
    let none = vec![None; NAMES.len()];
    for ornament in ORNAMENTS.iter().filter(|ornament| **ornament != "🥇") {
        for item in NO_PLACES {
            for (_, place) in PLACES
                .iter()
                .filter(|(place, _)| !place.contains("heading"))
            {
                // Seats of four brands are counted up by nobody.
                let is_seats = item.ends_with("seats");
                let text = document(place, |number, name| {
                    let name = if is_seats { NAMES[1] } else { name };
                    let item = item.replace("{}", &number.to_string()).replace("{x}", name);
                    format!("{ornament} {item}").trim_start().to_owned()
                });
                failures.compare(&text, &none);
            }
        }
    }
    failures.check();
}

#[test]
fn what_is_introduced_as_no_ranking_stays_none() {
    let mut failures = Failures::default();
    let none = vec![None; NAMES.len()];
    let leads = [
        "Brands to avoid",
        "Not recommended",
        "Marcas que evitar",
        "No recomendados",
        "Marques à éviter",
        "Nicht empfohlen",
        "Marken, die man vermeiden sollte",
        "Da evitare",
        "Sconsigliati",
        "Marcas a evitar",
        "Não recomendados",
        "Te vermijden merken",
        "Niet aanbevolen",
        "Marki, których należy unikać",
        "Niepolecane",
        "Marques que cal evitar",
        "Non recomendadas",
        "Saihestu beharreko markak",
        "Märken att undvika",
        "Чего стоит избегать",
        "Не рекомендуется",
        "避けるべきブランド",
        "不推荐",
        "Follow these steps",
        "Sources",
        "Fuentes",
        "Quellen",
        "Źródła",
        "Bronnen",
        "Источники",
    ];
    for lead in leads {
        for before in ["# {}\n\n", "## ⚠️ {}\n\n", "{}:\n\n", "**{}:**\n\n"] {
            for item in [
                "{}. {x}",
                "🔹 {}. {x}",
                "❌ **{}. {x}**",
                "{}) {x}",
                "#{} {x}",
                "🚫 {} – {x}",
            ] {
                let items = document("{}\n", |number, name| {
                    item.replace("{}", &number.to_string()).replace("{x}", name)
                });
                failures.compare(&(before.replace("{}", lead) + &items), &none);
            }
        }
    }
    failures.check();
}

#[test]
fn what_is_to_be_avoided_ends_the_list_before_it() {
    let text = "## Best\n\n1. Boltwork\n2. Kipu\n\n## Brands to avoid\n\n3. Acme\n4. Zedra\n";
    let lines = "## Best\n\n**1. Boltwork**\n\n**2. Kipu**\n\n## Brands to avoid\n\n**3. Acme**\n\n**4. Zedra**\n";
    let after = "Brands to avoid:\n\n1. Acme\n2. Zedra\n\nThe best ones:\n\n1. Boltwork\n2. Kipu\n";
    let item = "1. Boltwork\n2. Kipu\n3. Avoid: Acme\n4. ❌ Nicht empfohlen: Zedra\n";
    let inside =
        "1. Tools:\n   1. Boltwork\n   2. Kipu\n2. Tools to avoid\n   1. Acme\n   2. Zedra\n";
    let mut failures = Failures::default();
    let best = |total| vec![Some((1, total)), Some((2, total)), None, None];
    for (text, total) in [(text, 2), (lines, 2), (after, 2), (item, 4), (inside, 2)] {
        failures.compare(text, &best(total));
    }
    failures.check();
}

#[test]
fn a_mention_of_avoiding_takes_no_rank_away() {
    let mut failures = Failures::default();
    for lead in [
        "The best tools to avoid double bookings:",
        "To avoid surprises, here are my picks:",
        "I would avoid Otherix.",
        "Para evitar errores, usa una de estas:",
        "Best and worst, my ranking:",
        "Not recommended for beginners, but the best otherwise:",
    ] {
        let items = document("{}\n", |number, name| format!("{number}. {name}"));
        failures.compare(&format!("{lead}\n\n{items}"), &counted_up());
    }
    let note = document("## {}\n\n", |number, name| {
        format!("{number}. {name}\n\nGood.\n\nNot recommended for beginners")
    });
    failures.compare(&note, &counted_up());
    failures.check();
}
