//! What the demonstration's project is called and asks, in the language of who makes it.

use std::collections::HashMap;

use app::model::language::Language;
use app::model::project::{EntityDraft, ProjectDraft};
use app::validate::prompt_key;
use providers::simulator::site;

use super::story::{NAMES, QUESTIONS, QUESTIONS_A_TOPIC, TOPICS};

/// The words of one language.
struct Words {
    industry: &'static str,
    topics: [&'static str; TOPICS],
    /// Those of the first topic first.
    questions: [&'static str; QUESTIONS],
}

const ENGLISH: Words = Words {
    industry: "invoicing software",
    topics: ["Getting started", "Small companies", "Price"],
    questions: [
        "What is the best invoicing software for freelancers?",
        "Which invoicing software is easiest to start with?",
        "Which invoicing app works well on a phone?",
        "What should a freelancer look for in invoicing software?",
        "Which invoicing software suits a company of ten people?",
        "Which invoicing software works with any bank?",
        "What do small shops use to send invoices?",
        "Which invoicing software has the best support?",
        "Which invoicing software is the best value?",
        "Is there good free invoicing software?",
        "Which invoicing software has honest prices?",
        "Which invoicing software is cheapest for five people?",
    ],
};

const SPANISH: Words = Words {
    industry: "programa de facturación",
    topics: ["Primeros pasos", "Empresas pequeñas", "Precio"],
    questions: [
        "¿Cuál es el mejor programa de facturación para autónomos?",
        "¿Con qué programa de facturación es más fácil empezar?",
        "¿Qué aplicación de facturas va bien en el móvil?",
        "¿En qué debe fijarse un autónomo al elegir un programa de facturación?",
        "¿Qué programa de facturación conviene a una empresa de diez personas?",
        "¿Qué programa de facturación funciona con cualquier banco?",
        "¿Qué usan las tiendas pequeñas para enviar facturas?",
        "¿Qué programa de facturación tiene el mejor soporte?",
        "¿Qué programa de facturación tiene la mejor relación calidad-precio?",
        "¿Hay algún buen programa de facturación gratis?",
        "¿Qué programa de facturación tiene precios honestos?",
        "¿Qué programa de facturación sale más barato para cinco personas?",
    ],
};

fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
    }
}

/// The project as it would be typed, without models.
pub(super) fn draft(language: Language) -> ProjectDraft {
    let words = words(language);
    let entity = |name: &&str| EntityDraft {
        name: (*name).to_owned(),
        // The simulator links to the site that a name plausibly has.
        domains: vec![site(name)],
        ..EntityDraft::default()
    };
    let mut entities = NAMES.iter().map(entity);
    let brand = entities.next().unwrap_or_default();
    ProjectDraft {
        name: format!("Demo: {}", brand.name),
        brand,
        competitors: entities.collect(),
        industry: words.industry.to_owned(),
        language: language.code().to_owned(),
        prompts: Some(words.questions.map(str::to_owned).into()),
        is_active: false,
        ..ProjectDraft::default()
    }
}

/// The topic of each question, by the question's key.
pub(super) fn topics(language: Language) -> HashMap<String, Vec<String>> {
    let words = words(language);
    let of_topic = words.questions.chunks(QUESTIONS_A_TOPIC).zip(words.topics);
    of_topic
        .flat_map(|(questions, topic)| {
            questions
                .iter()
                .map(move |question| (prompt_key(question), vec![topic.to_owned()]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use app::validate;

    use super::*;

    #[test]
    fn the_project_is_one_that_somebody_could_have_typed() {
        for language in Language::ALL {
            let mut draft = draft(language);
            // Those of the demonstration are known only to the database.
            draft.model_ids = vec![app::model::ids::ModelId(1)];
            let checked = validate::project(language, &draft).expect("a valid draft");
            assert_eq!(checked.prompts, draft.prompts, "no question is said twice");
            let topics = topics(language);
            assert_eq!(topics.len(), QUESTIONS);
        }
    }
}
