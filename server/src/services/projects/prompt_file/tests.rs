//! Files as spreadsheets, programs and people write them, and files that are none.

use proptest::prelude::*;

use super::*;

const QUESTION: &str = "Which ledger is best for bakers?";
const LONG: &str = "Which ledger is best for small bakeries, and why?";

fn of(bytes: impl AsRef<[u8]>) -> PromptFile {
    read(Language::English, bytes.as_ref())
}

fn texts(file: &PromptFile) -> Vec<(&str, Option<Vec<&str>>)> {
    file.prompts
        .iter()
        .map(|prompt| {
            let tags = prompt.tags.as_ref();
            (
                prompt.text.as_str(),
                tags.map(|tags| tags.iter().map(String::as_str).collect()),
            )
        })
        .collect()
}

fn wrong_lines(file: &PromptFile) -> Vec<u64> {
    file.wrong.iter().map(|wrong| wrong.line).collect()
}

#[test]
fn files_of_spreadsheets_are_read_however_they_are_written() {
    for file in [
        format!("query_text,tags\n\"{QUESTION}\",\"food|money\"\n"),
        format!("\u{feff}Pregunta;Etiquetas\r\n{QUESTION};food, money\r\n"),
        format!("tags\tid\tquestion\nfood|money\t7\t{QUESTION}"),
        format!("\n\n{QUESTION};food|money\n;;\n"),
        format!("{QUESTION},food|money\n"),
        format!("{QUESTION}|food,money\r"),
        format!("Tags|QUERY TEXT\rfood;money|{QUESTION}\r"),
        format!("query_text, tags\n{QUESTION}, food|money\n"),
        format!("topic_cluster,Query-Text\n\" food | money \",\"{QUESTION}\"\n"),
        format!("query_text,tags\n{QUESTION},\"[\"\"food\"\",\"\"money\"\"]\"\n"),
        format!("sep=;\r\nquery_text;tags\r\n{QUESTION};food|money\r\n"),
        format!("\u{feff}SEP=^\nquery_text^tags\n{QUESTION}^food|money\n"),
        format!("\"sep=\t\"\n{QUESTION}\tfood|money\n"),
        format!("sep=·\r{QUESTION}·food|money\r"),
        format!("sep=;;\r\nquery_text;tags\r\n{QUESTION};food|money\r\n"),
        format!("\r\n \r\nsep=;\r\nquery_text;tags\r\n{QUESTION};food|money\r\n"),
        format!("\"{QUESTION}\", food|money\n"),
    ] {
        let read = of(&file);
        assert_eq!(read.wrong, [], "{file:?}");
        let expected = [(QUESTION, Some(vec!["food", "money"]))];
        assert_eq!(texts(&read), expected, "{file:?}");
    }
    let read = of(QUESTION);
    assert_eq!(
        (texts(&read), read.separator),
        (vec![(QUESTION, None)], None)
    );
    let quoted = of(format!(
        "question\n\"Is it true, \"\"that\"\"\nledgers rise?\"\n{QUESTION}"
    ));
    assert_eq!(quoted.prompts[0].text, "Is it true, \"that\" ledgers rise?");
    assert_eq!(quoted.prompts.len(), 2);
}

#[test]
fn a_plain_list_keeps_its_commas() {
    for separator in [",", ";", "|", " -", ":"] {
        let lines = [
            format!("Which ledger is best for small bakeries{separator} and why?"),
            format!("Which ledger do farms use{separator} if they use any{separator} in winter?"),
            "What is the cheapest ledger?".to_owned(),
            format!("Compare Kipu Inc.{separator} Globex and Acme"),
            format!("\"Best\" ledger{separator} or the cheapest one?"),
            format!("\"Zero trust security\"{separator} or \"SASE\" for a small office network"),
            "Which ledger suits 1,000 users, or 2;000?".to_owned(),
        ];
        let file = of(lines.join("\n"));
        assert_eq!((&file.wrong, file.separator), (&Vec::new(), None));
        let expected: Vec<_> = lines.iter().map(|line| (line.as_str(), None)).collect();
        assert_eq!(texts(&file), expected);
    }
    // In quotes as a whole, as careful people write them.
    let file = of(format!("\"{LONG}\"\n{QUESTION}\n"));
    assert_eq!(texts(&file), [(LONG, None), (QUESTION, None)]);
}

#[test]
fn what_a_separator_cut_is_wrong_and_never_a_tag() {
    for (file, lines) in [
        // More cells than headings.
        (
            format!("query_text,tags\n{LONG},food\n{QUESTION},food\n"),
            vec![2],
        ),
        (format!("query_text,tags\n{LONG},\n"), vec![2]),
        (format!("query_text\n{LONG}\n{QUESTION}\n"), vec![2]),
        (
            format!("tags;question\nfood;{}\n", LONG.replace(',', ";")),
            vec![2],
        ),
        // As many, by chance.
        (
            format!("query_text,tags\n{LONG}\n{QUESTION},food\n"),
            vec![2],
        ),
        (
            "question,volume\nBest ledger for 1,000 users at once\n".to_owned(),
            vec![2],
        ),
        (
            "query_text,tags,notes\nWhich ledger is best for bakers,farmers,and cafes?\n".to_owned(),
            vec![2],
        ),
        (
            "tags,query_text,a,b,c\nfood,Which ledger is best for bakers,farmers,grocers,and cafes?\n"
                .to_owned(),
            vec![2],
        ),
        // Without a heading, where other rows are pairs.
        (format!("{QUESTION},food\n{LONG}\n"), vec![2]),
        (format!("{QUESTION},food\n{LONG},food\n"), vec![2]),
        (format!("sep=,\n{QUESTION},food\n{LONG},food\n"), vec![3]),
        (format!("sep=,\n{LONG}\n"), vec![2]),
    ] {
        let read = of(&file);
        assert_eq!(wrong_lines(&read), lines, "{file:?}");
        for (text, tags) in texts(&read) {
            assert_eq!(text, QUESTION, "{file:?}");
            assert!(tags.is_none_or(|tags| tags == ["food"] || tags.is_empty()));
        }
        assert_eq!(read.rows, read.prompts.len() + read.wrong_total);
    }
    let told = of(format!("query_text,tags\n{LONG},food\n"));
    assert_eq!(
        told.wrong[0].message,
        "This row has 3 cells and the heading 2. Put questions that contain a separator in double quotes."
    );
}

#[test]
fn headings_that_are_not_known_are_named() {
    let file = of(format!(
        "id;Pregunta;Idioma;etiqueta;\n1;{QUESTION};es;food;\n"
    ));
    assert_eq!(file.unread, ["id", "Idioma"]);
    assert_eq!(texts(&file), [(QUESTION, Some(vec!["food"]))]);
    assert_eq!(of(format!("Frage\n{QUESTION}\n")).wrong[0].line, 1);
    for first in ["Frage", "Frage,Thema", "keyword;volume"] {
        let file = of(format!("{first}\n{QUESTION}\n"));
        assert_eq!(wrong_lines(&file)[0], 1, "{first}");
        let name = first.split([',', ';']).next().expect("a name");
        let message = &file.wrong[0].message;
        assert!(
            message.contains(name) && message.contains("query_text"),
            "{message}"
        );
    }
    // A question that is merely short is told as one.
    let short = of("Best ledger?\n");
    assert!(
        !short.wrong[0].message.contains("query_text"),
        "{:?}",
        short.wrong
    );
}

#[test]
fn the_apostrophe_that_guards_comes_off_and_no_other() {
    let file = of(
        "query_text,tags\n\"'=SUM(1,2) which ledger is best?\",'-food\n\
        '@home which ledger is used most?,food\n\
        ''+1 which ledger is used most?,'food'\n\
        'Best' ledger for bakers is which one?,'t\n",
    );
    assert_eq!(file.wrong, []);
    assert_eq!(
        texts(&file),
        [
            ("=SUM(1,2) which ledger is best?", Some(vec!["-food"])),
            ("@home which ledger is used most?", Some(vec!["food"])),
            ("'+1 which ledger is used most?", Some(vec!["'food'"])),
            ("'Best' ledger for bakers is which one?", Some(vec!["'t"])),
        ]
    );
}

#[test]
fn what_is_wrong_is_told_by_its_line() {
    let text = format!(
        "question,tags\n{QUESTION},a\nshort,\n\n{QUESTION},\n,only tags\n{},x\n",
        "x".repeat(501)
    );
    for text in [
        text.clone(),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
    ] {
        let file = of(&text);
        assert_eq!(wrong_lines(&file), [3, 5, 6, 7]);
        assert_eq!((file.rows, file.wrong_total, file.prompts.len()), (5, 4, 1));
        assert!(file.wrong[1].message.contains("twice"), "{:?}", file.wrong);
        assert_eq!(file.field_errors()[0].field, "line 3");
    }
    // Behind a question of two lines, and behind the line that names the separator.
    let file = of("question\n\"Which ledger is\nthe best one?\"\nshort\n");
    assert_eq!(wrong_lines(&file), [4]);
    assert_eq!(
        wrong_lines(&of("sep=;\r\nquestion;tags\r\nshort;\r\n")),
        [3]
    );
    let late = of("\n\nsep=;;\nquestion;tags\nshort;\n");
    assert_eq!(wrong_lines(&late), [5]);
    // A quote that nobody closed swallows no line.
    let file = of(format!(
        "question\n\"Which ledger is best?\nshort\n{QUESTION}\n"
    ));
    assert_eq!((wrong_lines(&file), file.prompts.len()), (vec![3], 2));
}

fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn files_in_utf_16_are_read_with_a_mark_and_without() {
    let text = format!("Pregunta\tEtiquetas\r\n{QUESTION}\tañejo|😀\r\n");
    for mark in ["\u{feff}", ""] {
        let marked = format!("{mark}{text}");
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let file = of(wide(&marked, unit));
            assert_eq!(file.wrong, []);
            assert_eq!(texts(&file), [(QUESTION, Some(vec!["añejo", "😀"]))]);
        }
    }
    let half = wide("\u{feff}question\nWhich one is it", u16::to_le_bytes);
    let cut = &half[..half.len() - 1];
    assert_eq!(wrong_lines(&of(cut)), [2]);
    let lone = [&half[..], &[0x00, 0xd8][..]].concat();
    assert_eq!(wrong_lines(&of(lone)), [2]);
}

#[test]
fn other_encodings_are_told_where_they_begin() {
    let latin = of(b"question\nWhich ledger is best for bakers?\n\xbfCu\xe1l es el mejor?\n");
    assert_eq!(latin.wrong[0].line, 3);
    assert!(latin.prompts.is_empty());
    let utf32: Vec<u8> = "\u{feff}question\nWhich one?\n"
        .chars()
        .flat_map(|character| u32::from(character).to_le_bytes())
        .collect();
    assert_eq!(wrong_lines(&of(utf32)), [1]);
    assert_eq!(wrong_lines(&of("question\nWhich \0 one is it?\n")), [2]);
    let empty = errors::CSV_EMPTY.get(Language::English);
    for nothing in ["", "\u{feff}", "question\n\n", "sep=;\r\n", ";;\n,\n"] {
        let file = of(nothing);
        assert_eq!(file.wrong.len(), 1, "{nothing:?}");
        assert_eq!(file.wrong[0].message, empty, "{nothing:?}");
    }
}

#[test]
fn a_hundred_thousand_lines_are_read_and_a_hundred_wrong_ones_named() {
    let lines: Vec<String> = (0..100_000)
        .map(|number| {
            if number % 2 == 0 {
                format!("Which ledger is number {number}?")
            } else {
                "short".to_owned()
            }
        })
        .collect();
    let file = of(lines.join("\n"));
    assert_eq!((file.rows, file.prompts.len()), (100_000, 50_000));
    assert_eq!((file.wrong.len(), file.wrong_total), (NAMED, 50_000));
    assert_eq!(file.wrong[NAMED - 1].line, 200);
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ,;|?]{15,60}",
        "['=+@-]{0,3}[a-z,\"\n\t;]{15,40}",
        "\\PC{15,60}"
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_told(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = of(bytes);
        prop_assert!(!file.prompts.is_empty() || !file.wrong.is_empty());
    }

    /// Whatever is typed, a question is a whole line of the file or a whole cell in quotes.
    #[test]
    fn no_question_of_a_plain_list_is_cut(
        lines in prop::collection::vec("[a-z]{4,9}(,|;|\\|| )[ ]?[a-z ,;|]{12,40}[?.]?", 1..6)
    ) {
        let file = of(lines.join("\n"));
        let whole: Vec<String> = lines
            .iter()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        if file.separator.is_none() {
            for prompt in &file.prompts {
                prop_assert!(whole.contains(&prompt.text), "{prompt:?}");
                prop_assert_eq!(&prompt.tags, &None);
            }
        }
        // With a space behind a separator it is a list, whatever else.
        let goes_on = |line: &String| {
            let mut parts = line.split(", ").skip(1);
            parts.any(|part| part.starts_with(|first: char| first.is_ascii_lowercase()))
        };
        if lines.iter().any(goes_on) && !lines.iter().any(|line| line.contains(['|', ';'])) {
            prop_assert_eq!(file.separator, None);
        }
    }

    /// Any questions and tags, quoted by the rules in any separator, come back as they were.
    #[test]
    fn files_by_the_rules_come_back(
        rows in prop::collection::vec((words(), prop::collection::vec("[a-z][a-z ]{0,8}[a-z]", 0..3)), 1..6),
        separator in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        is_marked in any::<bool>(),
        is_declared in any::<bool>(),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(separator)
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(Vec::new());
        writer.write_record(["query_text", "tags"]).expect("written");
        let mut expected: Vec<(String, Vec<String>)> = Vec::new();
        for (question, tags) in &rows {
            let clean = question.split_whitespace().collect::<Vec<_>>().join(" ");
            let known = expected.iter().any(|(text, _)| prompt_key(text) == prompt_key(&clean));
            if clean.chars().count() < 15 || clean.contains('\0') || known {
                continue;
            }
            let cells = [&*spreadsheet::guarded(&clean), &spreadsheet::list_cell(tags)];
            writer.write_record(cells).expect("written");
            let mut unique: Vec<String> = Vec::new();
            for tag in tags {
                if !unique.contains(tag) {
                    unique.push(tag.clone());
                }
            }
            expected.push((clean, unique));
        }
        prop_assume!(!expected.is_empty());
        let body = String::from_utf8(writer.into_inner().expect("whole")).expect("text");
        let mark = if is_marked { "\u{feff}" } else { "" };
        let line = if is_declared { format!("sep={}\r\n", char::from(separator)) } else { String::new() };
        let file = of(format!("{mark}{line}{body}"));
        prop_assert_eq!(&file.wrong, &Vec::new());
        let read: Vec<(String, Vec<String>)> = file
            .prompts
            .into_iter()
            .map(|prompt| (prompt.text, prompt.tags.unwrap_or_default()))
            .collect();
        prop_assert_eq!(read, expected);
    }
}
