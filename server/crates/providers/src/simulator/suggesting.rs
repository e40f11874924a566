//! Made-up questions: where somebody asks the simulator to suggest some, it fills sentences of
//! its own with what it is told.

use serde_json::{Value, json};

use super::judging::reply;
use super::writer::Draft;
use crate::json::{items, text_at};

/// What a task begins with: a line of JSON with a language and how many questions of each class.
const TASK: &str = "SUGGEST: ";

/// The sentences of one language, by class: `{i}` what it is about, `{b}` the brand, `{c}` a
/// competitor, `{a}` who asks.
struct Sentences {
    classes: [(&'static str, &'static str); 5],
    audiences: [&'static str; 8],
    nameless: &'static str,
}

const ENGLISH: Sentences = Sentences {
    classes: [
        ("comparison", "How do the best known {i} differ for {a}?"),
        ("top_list", "Name the five best {i} for {a}."),
        ("recommendation", "Which {i} fits {a} best?"),
        (
            "brand_vs_competitor",
            "Is {b} or {c} the better {i} for {a}?",
        ),
        ("general", "What do {a} need to know about {i} first?"),
    ],
    audiences: [
        "bakers",
        "students",
        "travelling salesmen",
        "small hotels",
        "night workers",
        "retired teachers",
        "young doctors",
        "big families",
    ],
    nameless: "products",
};

const SPANISH: Sentences = Sentences {
    classes: [
        (
            "comparison",
            "¿En qué se diferencian las opciones más conocidas de {i} para {a}?",
        ),
        (
            "top_list",
            "Nombra las cinco mejores opciones de {i} para {a}.",
        ),
        ("recommendation", "¿Qué {i} encaja mejor con {a}?"),
        (
            "brand_vs_competitor",
            "¿Es {b} o {c} la mejor opción de {i} para {a}?",
        ),
        ("general", "¿Qué deben saber {a} antes de elegir {i}?"),
    ],
    audiences: [
        "los panaderos",
        "los estudiantes",
        "los viajantes de comercio",
        "los hoteles pequeños",
        "quienes trabajan de noche",
        "los maestros jubilados",
        "los médicos jóvenes",
        "las familias numerosas",
    ],
    nameless: "productos",
};

/// Questions for a task; `None` where the question is no task.
pub(crate) fn suggest(question: &str) -> Option<Draft> {
    let (task, rest) = question.split_once('\n')?;
    let task: Value = serde_json::from_str(task.strip_prefix(TASK)?).ok()?;
    let (_, data) = rest.split_once(" BEGIN\n")?;
    let data: Value = serde_json::from_str(data.lines().next()?).ok()?;
    let sentences = match text_at(&task, "/language") {
        Some("es") => &SPANISH,
        _ => &ENGLISH,
    };
    let competitors: Vec<&str> = items(&data, "/competitors")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let about = text_at(&data, "/about").filter(|about| !about.is_empty());
    let mut questions = Vec::new();
    for (class, sentence) in sentences.classes {
        let wanted = task.pointer("/classes")?.get(class).and_then(Value::as_u64);
        let wanted = usize::try_from(wanted.unwrap_or(0)).ok()?;
        for (number, audience) in sentences.audiences.iter().enumerate().take(wanted) {
            let competitor = competitors.get(number % competitors.len().max(1));
            let text = sentence
                .replace("{a}", audience)
                .replace("{i}", about.unwrap_or(sentences.nameless))
                .replace("{b}", text_at(&data, "/brand").unwrap_or_default())
                .replace("{c}", competitor.copied().unwrap_or_default());
            questions.push(json!({"class": class, "question": text}));
        }
    }
    Some(reply(question, &json!({ "questions": questions })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_writes_what_it_is_asked_for_in_the_language_of_the_task() {
        let question = |language: &str| {
            format!(
                "SUGGEST: {{\"language\":\"{language}\",\"classes\":{{\"top_list\":2,\"brand_vs_competitor\":1}}}}\n\
                 abc BEGIN\n{{\"brand\":\"Kipu\",\"competitors\":[\"Acme\"],\"about\":\"soap\"}}\nabc END\n"
            )
        };
        let written = |language: &str| {
            suggest(&question(language)).expect("a task").pieces[0]
                .text
                .clone()
        };
        let english = written("en");
        assert!(
            english.contains("Name the five best soap for bakers.")
                && english.contains("Is Kipu or Acme")
        );
        assert_eq!(english.matches("\"class\"").count(), 3);
        assert!(written("es").contains("Nombra las cinco mejores opciones de soap"));
        assert!(suggest("Which soap is best?").is_none());
        assert!(suggest("SUGGEST: nonsense\n").is_none());
    }
}
