//! Made-up answers whose content somebody else decides: whom they name, and what they may cite.
//!
//! Invariant: the same telling gives the same exchange.

use std::time::Duration;

use bytes::Bytes;

use super::super::{Answer, Exchange, Question, RateLimits};
use super::dice::hash;
use super::names::Pool;
use super::writer::{Brief, REVIEW_SITES, write_as_told};
use super::{answer, body_of};

/// How long an answer is said to take, at least, and how much longer at most.
const LATENCY_MS: (u64, u64) = (900, 2_600);

/// What an answer is to say.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// What was asked, and of which model.
    pub question: &'a Question,
    /// Whom the answer names, the best first.
    pub names: &'a [String],
    /// How many of the sites that test things are not cited, the last of the list first.
    pub lost_sites: usize,
    /// Tells answers to one question apart.
    pub number: u64,
}

/// The answer, as if it had just been asked for.
pub fn tell(telling: &Telling<'_>) -> Exchange {
    let question = telling.question;
    let kept = REVIEW_SITES.len().saturating_sub(telling.lost_sites).max(1);
    let brief = Brief {
        pool: Pool {
            model: &question.model_id,
            question: &question.text,
            hints: &[],
            extra: &[],
        },
        spanish: question.language == "es",
        search: question.web_search,
        max_output_tokens: question.max_output_tokens,
        nonce: telling.number,
        bytes: 0,
    };
    let draft = write_as_told(&brief, telling.names, &REVIEW_SITES[..kept]);
    let request_id = format!("sim-{}", telling.number);
    let told: Answer = answer(draft, question, &request_id);
    let (least, more) = LATENCY_MS;
    let latency = least + hash(&[&request_id, &question.model_id]) % more;
    Exchange {
        status: Some(200),
        latency: Duration::from_millis(latency),
        request_id: Some(request_id),
        raw_body: Bytes::from(body_of(&told)),
        rate: RateLimits::default(),
        result: Ok(told),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::locale::tests::question;
    use super::*;

    fn told(names: &[String], lost_sites: usize, number: u64) -> Answer {
        let exchange = tell(&Telling {
            question: &question(true, None),
            names,
            lost_sites,
            number,
        });
        exchange.result.expect("an answer")
    }

    #[test]
    fn an_answer_names_whom_it_is_told_to_and_nobody_else() {
        let names = ["Quillory".to_owned(), "Alvero".to_owned()];
        for number in 0..50 {
            let text = told(&names, 0, number).text;
            assert!(
                names.iter().all(|name| text.contains(name.as_str())),
                "{text}"
            );
            assert_eq!(told(&names, 0, number).text, text);
            let nobody = told(&[], 0, number).text;
            assert!(
                !nobody.contains("Quillory") && !nobody.is_empty(),
                "{nobody}"
            );
        }
    }

    #[test]
    fn a_lost_site_is_not_cited() {
        let names = [
            "Quillory".to_owned(),
            "Alvero".to_owned(),
            "Tarkeno".to_owned(),
        ];
        let (lost, _) = REVIEW_SITES[REVIEW_SITES.len() - 1];
        let cites = |lost_sites: usize| {
            (0..200).any(|number| {
                let answer = told(&names, lost_sites, number);
                answer
                    .citations
                    .iter()
                    .any(|cited| cited.url.contains(lost))
            })
        };
        assert!(cites(0) && !cites(1));
    }
}
