//! Where the customer is and what they speak, in the words that each provider understands.

use serde_json::{Value, json};

use super::Question;

/// One country: ISO 3166-1 alpha-2 code, English name, latitude and longitude of its capital.
type Country = (&'static str, &'static str, f64, f64);

#[rustfmt::skip]
const COUNTRIES: &[Country] = &[
    ("AR", "Argentina", -34.6, -58.4), ("AT", "Austria", 48.2, 16.4), ("AU", "Australia", -35.3, 149.1),
    ("BE", "Belgium", 50.9, 4.4), ("BG", "Bulgaria", 42.7, 23.3), ("BO", "Bolivia", -16.5, -68.1),
    ("BR", "Brazil", -15.8, -47.9), ("CA", "Canada", 45.4, -75.7), ("CH", "Switzerland", 46.9, 7.4),
    ("CL", "Chile", -33.4, -70.7), ("CN", "China", 39.9, 116.4), ("CO", "Colombia", 4.7, -74.1),
    ("CR", "Costa Rica", 9.9, -84.1), ("CZ", "Czechia", 50.1, 14.4), ("DE", "Germany", 52.5, 13.4),
    ("DK", "Denmark", 55.7, 12.6), ("DO", "Dominican Republic", 18.5, -69.9), ("EC", "Ecuador", -0.2, -78.5),
    ("EE", "Estonia", 59.4, 24.8), ("EG", "Egypt", 30.0, 31.2), ("ES", "Spain", 40.4, -3.7),
    ("FI", "Finland", 60.2, 24.9), ("FR", "France", 48.9, 2.4), ("GB", "United Kingdom", 51.5, -0.1),
    ("GR", "Greece", 38.0, 23.7), ("GT", "Guatemala", 14.6, -90.5), ("HR", "Croatia", 45.8, 16.0),
    ("HU", "Hungary", 47.5, 19.0), ("ID", "Indonesia", -6.2, 106.8), ("IE", "Ireland", 53.3, -6.3),
    ("IL", "Israel", 31.8, 35.2), ("IN", "India", 28.6, 77.2), ("IT", "Italy", 41.9, 12.5),
    ("JP", "Japan", 35.7, 139.7), ("KR", "South Korea", 37.6, 127.0), ("LT", "Lithuania", 54.7, 25.3),
    ("LV", "Latvia", 56.9, 24.1), ("MX", "Mexico", 19.4, -99.1), ("MY", "Malaysia", 3.1, 101.7),
    ("NG", "Nigeria", 9.1, 7.5), ("NL", "Netherlands", 52.4, 4.9), ("NO", "Norway", 59.9, 10.8),
    ("NZ", "New Zealand", -41.3, 174.8), ("PA", "Panama", 9.0, -79.5), ("PE", "Peru", -12.0, -77.0),
    ("PH", "Philippines", 14.6, 121.0), ("PL", "Poland", 52.2, 21.0), ("PT", "Portugal", 38.7, -9.1),
    ("PY", "Paraguay", -25.3, -57.6), ("RO", "Romania", 44.4, 26.1), ("SA", "Saudi Arabia", 24.7, 46.7),
    ("SE", "Sweden", 59.3, 18.1), ("SG", "Singapore", 1.4, 103.8), ("SI", "Slovenia", 46.1, 14.5),
    ("SK", "Slovakia", 48.1, 17.1), ("TH", "Thailand", 13.8, 100.5), ("TR", "Turkey", 39.9, 32.9),
    ("TW", "Taiwan", 25.0, 121.6), ("UA", "Ukraine", 50.5, 30.5), ("US", "United States", 38.9, -77.0),
    ("UY", "Uruguay", -34.9, -56.2), ("VE", "Venezuela", 10.5, -66.9), ("VN", "Vietnam", 21.0, 105.8),
    ("ZA", "South Africa", -25.7, 28.2),
];

#[rustfmt::skip]
const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "Arabic"), ("bg", "Bulgarian"), ("ca", "Catalan"), ("cs", "Czech"), ("da", "Danish"),
    ("de", "German"), ("el", "Greek"), ("en", "English"), ("es", "Spanish"), ("fi", "Finnish"),
    ("fr", "French"), ("he", "Hebrew"), ("hi", "Hindi"), ("hu", "Hungarian"), ("id", "Indonesian"),
    ("it", "Italian"), ("ja", "Japanese"), ("ko", "Korean"), ("nl", "Dutch"), ("no", "Norwegian"),
    ("pl", "Polish"), ("pt", "Portuguese"), ("ro", "Romanian"), ("ru", "Russian"), ("sv", "Swedish"),
    ("th", "Thai"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("vi", "Vietnamese"), ("zh", "Chinese"),
];

/// What the model is told beside the question: its instructions, or one or two sentences about
/// the language to answer in and the customer's country.
pub(crate) fn instruction(question: &Question) -> String {
    if let Some(instructions) = &question.instructions {
        return instructions.to_string();
    }
    let code = question.language.trim();
    let answer_in = match language_name(code) {
        Some(name) => format!("Answer in {name}."),
        None => format!("Answer in the language with the ISO 639-1 code {code}."),
    };
    match country(question) {
        Some(code) => {
            let name = country_name(code).unwrap_or(code);
            format!("{answer_in} The person who asks is in {name}.")
        }
        None => answer_in,
    }
}

/// The English name of a language, by its ISO 639-1 code.
pub fn language_name(code: &str) -> Option<&'static str> {
    LANGUAGES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(code.trim()))
        .map(|(_, name)| *name)
}

/// The country code, if the question has one.
pub(crate) fn country(question: &Question) -> Option<&str> {
    question
        .country
        .as_deref()
        .map(str::trim)
        .filter(|code| !code.is_empty())
}

/// The English name of a country.
pub fn country_name(code: &str) -> Option<&'static str> {
    entry(code).map(|(_, name, ..)| *name)
}

/// `user_location` as `OpenAI`, Anthropic and xAI take it. Without a country it still says
/// `approximate`: `OpenAI` takes the United States where nothing is said.
pub(crate) fn approximate_location(question: &Question) -> Value {
    match country(question) {
        Some(code) => json!({"type": "approximate", "country": code}),
        None => json!({"type": "approximate"}),
    }
}

/// `toolConfig` for Gemini: its search takes coordinates only.
pub(crate) fn retrieval_config(question: &Question) -> Option<Value> {
    let (_, _, latitude, longitude) = entry(country(question)?)?;
    Some(json!({"retrievalConfig": {
        "latLng": {"latitude": latitude, "longitude": longitude},
        "languageCode": question.language,
    }}))
}

fn entry(code: &str) -> Option<&'static Country> {
    COUNTRIES
        .iter()
        .find(|(known, ..)| known.eq_ignore_ascii_case(code))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::super::Form;
    use super::*;

    /// A question whose answer must be an object with one word.
    pub(crate) fn formed() -> Question {
        Question {
            instructions: Some("Judge.".into()),
            form: Some(Form {
                name: "verdicts",
                schema: Arc::new(json!({
                    "type": "object",
                    "properties": {"word": {"type": "string"}},
                    "required": ["word"],
                    "additionalProperties": false,
                })),
            }),
            ..question(false, None)
        }
    }

    /// A question for the tests of the adapters.
    pub(crate) fn question(web_search: bool, country: Option<&str>) -> Question {
        Question {
            model_id: "model-1".to_owned(),
            text: "Which running shoes last longest?".to_owned(),
            web_search,
            language: "es".to_owned(),
            country: country.map(str::to_owned),
            max_output_tokens: 2048,
            hints: vec!["Brand".to_owned()],
            instructions: None,
            form: None,
        }
    }

    #[test]
    fn the_instruction_names_language_and_country() {
        assert_eq!(instruction(&question(false, None)), "Answer in Spanish.");
        let placed = instruction(&question(false, Some("MX")));
        assert_eq!(
            placed,
            "Answer in Spanish. The person who asks is in Mexico."
        );
        let unknown = instruction(&Question {
            language: "eu".to_owned(),
            ..question(false, Some("XK"))
        });
        assert!(
            unknown.contains("eu") && unknown.contains("XK"),
            "{unknown}"
        );
    }
}
