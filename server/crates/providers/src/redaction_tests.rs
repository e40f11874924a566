use std::time::{Duration, Instant};

use contract::provider::Provider;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::Value;

use super::*;
use crate::{Outcome, RAW_BODY_LIMIT, Usage, json};

const KEY: &str = "sk-0123/456+789";
/// Bytes of a body that somebody has made long.
const LONG: usize = 1_000_000;

fn redactor(key: &str) -> Redactor {
    Redactor::of(&Access {
        provider: Provider::OpenAi,
        api_key: Some(SecretString::from(key)),
        base_url: None,
        reach: crate::Reach::Anywhere,
    })
}

fn clean(body: &[u8]) -> Vec<u8> {
    redactor(KEY).body(Bytes::copy_from_slice(body)).to_vec()
}

#[test]
fn a_key_becomes_stars_however_it_is_spelled() {
    let stars = "*".repeat(KEY.len());
    for (spelled, expected) in [
        ("no key here", "no key here".to_owned()),
        (KEY, stars.clone()),
        (
            &format!("{KEY}{KEY} and {KEY}"),
            format!("{stars}{stars} and {stars}"),
        ),
        (r"\u0073k-0123/456+789", stars.clone()),
        (r"sk-0123\/456\u002b789", stars.clone()),
        (r"sk-0123\u002F456+789", stars.clone()),
        // Escapes that are escaped: the text that is read has the characters of an escape there.
        (r"\\u0073k-0123\\/456+789", "*".repeat(KEY.len() + 6)),
        (r"\\\\u0073k-0123/456+789", "*".repeat(KEY.len() + 6)),
        ("sk-0123%2f456%2B789", "*".repeat(KEY.len() + 4)),
        (
            "https://a.example/?key=%73k-0123/456+789&x=1",
            format!("https://a.example/?key={}&x=1", "*".repeat(KEY.len() + 2)),
        ),
        ("%2573k-0123/456%25252B789", "*".repeat(KEY.len() + 10)),
        // As the page of an error has it, and either of them within JSON.
        ("sk-0123&#47;456&#x2B;789", "*".repeat(KEY.len() + 9)),
        (
            "&#0115;k&#x2d;0123&sol;456&plus;789",
            "*".repeat(KEY.len() + 20),
        ),
        (r"sk-0123\u0026#47;456+789", "*".repeat(KEY.len() + 4)),
        (r"\u002573k-0123/456+789", "*".repeat(KEY.len() + 2)),
        // What only looks like it.
        ("&#0173;k-0123/456+789", "&#0173;k-0123/456+789".to_owned()),
        ("&#115k-0123/456+789", "&#115k-0123/456+789".to_owned()),
        (r"\u0173k-0123/456+789", r"\u0173k-0123/456+789".to_owned()),
        ("sk-0123/456+78", "sk-0123/456+78".to_owned()),
        ("sk-sk-0123/456+789", format!("sk-{stars}")),
    ] {
        let found = String::from_utf8(clean(spelled.as_bytes())).expect("text");
        assert_eq!(found, expected, "{spelled}");
    }
    let mut latin = b"\xe9\xe8 ".to_vec();
    latin.extend_from_slice(KEY.as_bytes());
    assert_eq!(clean(&latin), [b"\xe9\xe8 ", stars.as_bytes()].concat());
}

#[test]
fn a_key_with_letters_of_escapes_is_found_too() {
    for key in ["uabcd123", "nokey%41x", "a%73%73%73"] {
        for body in [format!("\\\\{key}"), format!("x{key}y"), key.to_owned()] {
            let kept = redactor(key).body(Bytes::from(body.clone()));
            assert!(memmem::find(&kept, key.as_bytes()).is_none(), "{body}");
        }
    }
}

#[test]
fn short_texts_are_no_keys() {
    let kept = redactor("short").body(Bytes::from_static(b"a short text"));
    assert_eq!(&kept[..], b"a short text");
}

#[test]
fn every_text_of_an_answer_is_cleaned() {
    let text = |words: &str| format!("{words} {KEY}");
    let answer = Answer {
        outcome: Outcome::Answered,
        text: text("text"),
        finish: Some(text("finish")),
        model_served: Some(text("model")),
        usage: Usage::default(),
        citations: vec![Citation {
            url: text("https://a.example/"),
            title: Some(text("title")),
            start: Some(0),
            end: Some(4),
            cited: true,
        }],
        request_id: Some(text("id")),
        cost_reported: None,
        search_queries: vec![text("query")],
        worth_another: false,
    };
    let length = answer.text.len();
    let kept = redactor(KEY).answer(answer);
    assert_eq!(kept.text.len(), length);
    let said = format!("{kept:?}");
    assert!(!said.contains("sk-0"), "{said}");
    let failure = Failure {
        message: text("message"),
        request_id: Some(text("id")),
        ..Failure::before_sending(crate::ErrorClass::Network, "")
    };
    let said = format!("{:?}", redactor(KEY).failure(failure));
    assert!(!said.contains("sk-0"), "{said}");
    let model = ListedModel {
        label: Some(text("label")),
        ..ListedModel::plain(&text("id"))
    };
    let said = format!("{:?}", redactor(KEY).model(model));
    assert!(!said.contains("sk-0"), "{said}");
}

#[test]
fn hostile_bodies_take_time_in_proportion_to_their_length() {
    // Each would take a naive search as many steps as the body is long, times the key's length.
    let key = format!("{}b", "a".repeat(400));
    let redactor = redactor(&key);
    // The quickest of a few: what others do on this machine is not what is asked.
    let took = |unit: &str, length: usize| {
        let body = Bytes::from(unit.repeat(length / unit.len()));
        let took = (0..5).map(|_| {
            let begun = Instant::now();
            let kept = redactor.body(body.clone());
            assert_eq!(kept, body);
            begun.elapsed()
        });
        took.min().expect("a few")
    };
    let plain = took("x%62", LONG).max(Duration::from_millis(20));
    for unit in [
        "a%61", "\\", "\\u0061", "%61", "%2561", "%25", "a&#97;", "&#97;", "&", "a",
    ] {
        let (short, long) = (took(unit, LONG / 4), took(unit, LONG));
        // Four times as much where it is in proportion, sixteen times where it is squared.
        assert!(long < short * 8, "{unit}: {long:?}, a quarter {short:?}");
        // Some are read in several ways; none costs the key's length times as much.
        assert!(long < plain * 100, "{unit}: {long:?} beside {plain:?}");
    }
}

#[test]
fn offsets_in_a_text_stay_true_whatever_is_taken_out_before_them() {
    for spelled in [
        KEY,
        r"\u0073k-0123/456+789",
        r"sk-0123\/456\u002b789",
        r"\\u0073k-0123/456+789",
        "sk-0123%2f456%2B789",
        r"\u0073k-0123%2f456+789",
        "sk-0123&#x2f;456&plus;789",
    ] {
        let text = format!("Your key {spelled} is fine. Kipu is best.");
        let start = text.find("Kipu").expect("a name");
        // As it comes in a body, and as an adapter hands it over.
        let body = Value::from(text.as_str()).to_string();
        let read: String = serde_json::from_slice(&clean(body.as_bytes())).expect("a text");
        let kept = redactor(KEY).text(text.clone());
        for cleaned in [read, kept] {
            assert_eq!(cleaned.len(), text.len(), "{spelled}: {cleaned}");
            assert_eq!(&cleaned[start..start + 4], "Kipu", "{spelled}");
            assert!(!cleaned.contains("0123"), "{spelled}: {cleaned}");
        }
    }
}

/// A text that may hold the key, in pieces.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            3 => "[ -~é🦀\\\\\"]{0,12}".boxed(),
            2 => Just(KEY.to_owned()).boxed(),
            1 => Just(KEY[..7].to_owned()).boxed(),
            1 => Just(KEY[7..].to_owned()).boxed(),
        ],
        0..5,
    )
    .prop_map(|pieces| pieces.concat())
}

/// JSON of any shape with the key anywhere.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
        // JSON in a text.
        text().prop_map(|text| Value::from(Value::from(text).to_string())),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A character as JSON may write any.
fn escaped(character: char) -> String {
    format!("\\u{:04x}", u32::from(character))
}

/// `json` as text, each character of its texts escaped as `how` says, over and over.
fn written(json: &Value, how: &[u8]) -> String {
    let mut turn = how.iter().copied().cycle();
    let mut written = String::new();
    let (mut in_text, mut after_slash) = (false, false);
    for one in json.to_string().chars() {
        let is_plain = in_text && !after_slash && one != '\\' && one != '"';
        match turn.next() {
            Some(1) if is_plain && one.is_ascii() => {
                written += &escaped(one);
            }
            Some(2) if is_plain && one.is_ascii() => {
                written += &escaped(one).to_uppercase().replace("\\U", "\\u");
            }
            _ if is_plain && one == '/' => written.push_str("\\/"),
            _ => written.push(one),
        }
        in_text ^= one == '"' && !after_slash;
        after_slash = in_text && one == '\\' && !after_slash;
    }
    written
}

/// All texts of a JSON value, names of fields and JSON in texts included.
fn texts(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::String(text) => {
            if let Ok(inner) = serde_json::from_str::<Value>(text) {
                texts(&inner, found);
            }
            found.push(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                found.push(name.clone());
                texts(value, found);
            }
        }
        _ => {}
    }
}

proptest! {
    /// The key is nowhere in what is kept, and whatever else was there stays as long as it was.
    #[test]
    fn no_body_decodes_to_the_key(
        json in any_json(),
        how in prop::collection::vec(0_u8..3, 1..9),
        cut in prop::option::of(0_usize..400),
    ) {
        let body = written(&json, &how);
        prop_assert_eq!(&serde_json::from_str::<Value>(&body).expect("it is JSON"), &json);
        let kept = clean(body.as_bytes());
        prop_assert!(memmem::find(&kept, KEY.as_bytes()).is_none());
        let read = json::read(&kept).expect("it is still JSON");
        let (mut before, mut after) = (Vec::new(), Vec::new());
        texts(&json, &mut before);
        texts(&read, &mut after);
        for text in &after {
            prop_assert!(!text.contains(KEY), "{}", text);
        }
        let is_changed = kept != body.as_bytes();
        prop_assert!(is_changed || !before.iter().any(|text| text.contains(KEY)));
        // Backslashes between its characters may be those of escapes: then it is hidden, too.
        let may_spell = |text: &String| text.replace('\\', "").contains(KEY);
        prop_assert!(!is_changed || before.iter().any(may_spell));
        // A broken body is kept too.
        if let Some(cut) = cut {
            let broken = &body.as_bytes()[..body.len().min(cut)];
            let kept = clean(broken);
            prop_assert!(memmem::find(&kept, KEY.as_bytes()).is_none());
        }
    }

    /// What is kept of a long body holds no piece of a key that lies across the limit.
    #[test]
    fn a_key_across_the_limit_leaves_no_piece(before in RAW_BODY_LIMIT - 40..RAW_BODY_LIMIT + 2) {
        let mut body = vec![b'x'; before];
        body.extend_from_slice(KEY.as_bytes());
        body.extend_from_slice(&[b'x'; 100]);
        let kept = crate::wire::kept(&Bytes::from(clean(&body)));
        prop_assert!(kept.iter().all(|byte| matches!(byte, b'x' | b'*')));
        prop_assert_eq!(kept.len(), RAW_BODY_LIMIT.min(body.len()));
    }
}
