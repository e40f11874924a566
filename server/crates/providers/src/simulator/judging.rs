//! Made-up verdicts: where somebody asks the simulator to judge answers that it made up, it
//! knows its own words of praise and doubt again.

use serde_json::{Value, json};

use super::dice::Dice;
use super::phrases::{ENGLISH, Phrases, SPANISH};
use super::writer::{Draft, Piece};
use crate::json::{items, text_at};

/// What a task begins with: a line of JSON with entities and answers, both numbered.
const TASK: &str = "TASK: ";

/// Verdicts on the texts of a task; `None` where the question is no task.
pub(crate) fn judge(question: &str) -> Option<Draft> {
    let (task, texts) = question.split_once('\n')?;
    let task: Value = serde_json::from_str(task.strip_prefix(TASK)?).ok()?;
    let names: Vec<&str> = items(&task, "/entities")
        .iter()
        .map(|entity| text_at(entity, "/name").unwrap_or_default())
        .collect();
    let mut verdicts = Vec::new();
    for answer in items(&task, "/answers") {
        let number = answer.get("answer")?.as_u64()?;
        let text = text_of(texts, number);
        for entity in items(answer, "/entities").iter().filter_map(Value::as_u64) {
            let place = usize::try_from(entity).ok()?.checked_sub(1)?;
            let name = names.get(place)?;
            verdicts.push(verdict(number, entity, name, text));
        }
    }
    Some(reply(question, &json!({ "verdicts": verdicts })))
}

/// A reply that is JSON and nothing else.
pub(super) fn reply(question: &str, json: &Value) -> Draft {
    let text = json.to_string();
    let tokens = |bytes: usize| i64::try_from(bytes / 4 + 1).unwrap_or(i64::MAX);
    Draft {
        input_tokens: tokens(question.len()),
        output_tokens: tokens(text.len()),
        pieces: vec![Piece { text, source: None }],
        sources: Vec::new(),
        truncated: false,
        searches: 0,
        query: String::new(),
    }
}

/// What stands between the lines that end in `BEGIN n` and `END n`.
fn text_of(texts: &str, number: u64) -> &str {
    let begin = format!(" BEGIN {number}\n");
    let end = format!(" END {number}\n");
    let rest = texts.split_once(&begin).map_or("", |(_, rest)| rest);
    rest.rsplit_once(&end).map_or(rest, |(text, _)| text)
}

fn verdict(answer: u64, entity: u64, name: &str, text: &str) -> Value {
    let line = text
        .lines()
        .find(|line| line.contains(name))
        .unwrap_or_default();
    let says = |phrases: &[&str]| {
        phrases
            .iter()
            .filter_map(|phrase| phrase.strip_prefix("{n}"))
            .any(|tail| line.contains(tail.trim()))
    };
    let known = |pick: fn(&Phrases) -> &'static [&'static str]| {
        says(pick(&ENGLISH)) || says(pick(&SPANISH))
    };
    let strength = Dice::new(super::dice::hash(&[name, line])).share();
    let score = (0.4 + 0.5 * strength).mul_add(100.0, 0.5).floor() / 100.0;
    let (sentiment, score, advised) =
        match (known(|words| words.praise), known(|words| words.doubts)) {
            (true, false) => ("positive", score, strength > 0.5),
            (false, true) => ("negative", -score, false),
            _ => ("neutral", 0.0, false),
        };
    let words = |is: &str, word: &str| -> Vec<String> {
        (sentiment == is)
            .then(|| word.to_owned())
            .into_iter()
            .collect()
    };
    json!({
        "answer": answer,
        "entity": entity,
        "sentiment": sentiment,
        "score": score,
        "recommended": if advised { Value::Bool(true) } else { Value::Null },
        "reason": format!("Simulated: the line that names {name} sounds {sentiment}."),
        "praised": words("positive", "simulated praise"),
        "blamed": words("negative", "simulated doubt"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_its_own_words_again() {
        let text = "1. **Kipu** has the best customer service of the group.\n\
            2. Acme covers the basics and not much more.\n3. Globex exists.\n";
        let question = format!(
            "TASK: {{\"entities\":[{{\"entity\":1,\"name\":\"Kipu\"}},{{\"entity\":2,\"name\":\"Acme\"}},\
             {{\"entity\":3,\"name\":\"Globex\"}}],\"answers\":[{{\"answer\":1,\"entities\":[1,2,3]}}]}}\n\
             abc BEGIN 1\n{text}\nabc END 1\n"
        );
        let draft = judge(&question).expect("a task");
        let json: Value = serde_json::from_str(&draft.pieces[0].text).expect("json");
        let said: Vec<&str> = items(&json, "/verdicts")
            .iter()
            .filter_map(|verdict| text_at(verdict, "/sentiment"))
            .collect();
        assert_eq!(said, ["positive", "negative", "neutral"]);
        assert!(judge("Which soap is best?").is_none());
        assert!(judge("TASK: nonsense\n").is_none());
    }
}
