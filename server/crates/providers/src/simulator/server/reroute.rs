//! Models that are answered by others: asked is not served.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

/// A model whose asks another one answers, from some answer on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reroute {
    /// The id that is asked for.
    pub asked: String,
    /// The id that the answers name.
    pub served: String,
    /// So many answers still come from the model that is asked for.
    pub after: u64,
}

/// What is written does not say which model answers for which.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("write ASKED=SERVED or ASKED=SERVED@ANSWERS, like model-1=model-2@10")]
pub struct InvalidReroute;

impl FromStr for Reroute {
    type Err = InvalidReroute;

    fn from_str(text: &str) -> Result<Self, InvalidReroute> {
        let (asked, rest) = text.split_once('=').ok_or(InvalidReroute)?;
        let (served, after) = match rest.rsplit_once('@') {
            Some((served, answers)) => {
                (served, answers.trim().parse().map_err(|_| InvalidReroute)?)
            }
            None => (rest, 0),
        };
        let (asked, served) = (asked.trim(), served.trim());
        if asked.is_empty() || served.is_empty() {
            return Err(InvalidReroute);
        }
        Ok(Self {
            asked: asked.to_owned(),
            served: served.to_owned(),
            after,
        })
    }
}

/// The reroutes in force, and how many answers each model has given.
pub(super) struct Reroutes(Vec<(Reroute, AtomicU64)>);

impl Reroutes {
    pub(super) fn new(reroutes: &[Reroute]) -> Self {
        let begin = |reroute: &Reroute| (reroute.clone(), AtomicU64::new(0));
        Self(reroutes.iter().map(begin).collect())
    }

    /// The model that gives the next answer of `asked`.
    pub(super) fn next(&self, asked: &str) -> String {
        let found = self.0.iter().find(|(reroute, _)| reroute.asked == asked);
        match found {
            Some((reroute, given)) if given.fetch_add(1, Ordering::Relaxed) >= reroute.after => {
                reroute.served.clone()
            }
            _ => asked.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_model_answers_from_some_answer_on() {
        let read = |text: &str| text.parse::<Reroute>();
        let later = read("old=new@2").expect("a reroute");
        assert_eq!(
            (later.asked.as_str(), later.served.as_str(), later.after),
            ("old", "new", 2)
        );
        let reroutes = Reroutes::new(&[later, read("a = maker/b").expect("a reroute")]);
        let told: Vec<String> = (0..4).map(|_| reroutes.next("old")).collect();
        assert_eq!(told, ["old", "old", "new", "new"]);
        assert_eq!(
            (reroutes.next("a"), reroutes.next("c")),
            ("maker/b".to_owned(), "c".to_owned())
        );
        for wrong in ["", "old", "old=", "=new", "old=new@many", "old=@3"] {
            assert_eq!(read(wrong), Err(InvalidReroute), "{wrong}");
        }
    }
}
