//! What the demonstration tells: whom each model names in answer to each question, day by day.
//!
//! The brand rises with one model; a competitor overtakes it in one topic; a site that tested all
//! of them is cited no more. Nothing else moves but from day to day.
//!
//! Invariant: pure, and the same every time. No throw of dice: each name comes up as often in any
//! stretch of days as its probability says, so that the story is the same beyond noise.

/// Days that the demonstration has, the last of them today.
pub(super) const DAYS: u32 = 60;
/// The brand and its competitors.
pub(super) const NAMES: [&str; 5] = ["Quillory", "Alvero", "Tarkeno", "Solvenne", "Mirandel"];
/// Models.
pub(super) const MODELS: usize = 5;
/// Topics.
pub(super) const TOPICS: usize = 3;
/// Questions of each topic.
pub(super) const QUESTIONS_A_TOPIC: usize = 4;
/// Questions in all.
pub(super) const QUESTIONS: usize = TOPICS * QUESTIONS_A_TOPIC;

/// The model with which the brand rises, and by how much of the answers.
const RISING_MODEL: usize = 0;
const RISE: f64 = 0.18;
/// The topic in which a competitor overtakes the brand, which one, and by how much it rises there.
const LOST_TOPIC: usize = 2;
const OVERTAKER: usize = 1;
const OVERTAKES_BY: f64 = 0.34;
/// Both happen within so many days around the middle.
const TURN_DAYS: f64 = 8.0;
/// From this day on one site is not cited any more.
const SITE_LOST_ON: u32 = 38;

/// In how many answers each is named.
const STRENGTH: [f64; 5] = [0.52, 0.44, 0.40, 0.30, 0.19];
/// By how much more or less, by topic.
const BY_TOPIC: [[f64; 5]; TOPICS] = [
    [0.05, -0.06, 0.04, 0.00, 0.02],
    [-0.03, -0.04, -0.05, 0.04, -0.02],
    [-0.02, -0.08, 0.01, -0.04, 0.00],
];
/// By how much more or less the models name the brand, and the competitors the other way round.
const BY_MODEL: [f64; MODELS] = [-0.12, 0.05, 0.00, 0.10, -0.03];
/// How steep the way is from one day to the next: of each name another irrational step.
const STEP: [f64; 5] = [
    0.618_033_988_7,
    0.754_877_666_2,
    0.569_840_290_9,
    0.414_213_562_3,
    0.732_050_807_5,
];
/// How far down a name stands, as a rule.
const PLACE: [f64; 5] = [0.00, 0.12, 0.30, 0.42, 0.55];

/// One answer of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Days since the first one.
    pub(super) day: u32,
    /// Index of the model.
    pub(super) model: usize,
    /// Index of the question; topics have theirs one after the other.
    pub(super) question: usize,
}

impl Told {
    /// Whom it names, as indices into [`NAMES`], the best first.
    pub(super) fn names(self) -> Vec<usize> {
        let mut named: Vec<(usize, f64)> = (0..NAMES.len())
            .filter(|&name| self.draw(name) < self.probability(name))
            .map(|name| (name, PLACE[name] + 0.5 * self.draw(name + NAMES.len())))
            .collect();
        named.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        named.into_iter().map(|(name, _)| name).collect()
    }

    /// How many sites are not cited any more.
    pub(super) fn lost_sites(self) -> usize {
        usize::from(self.day >= SITE_LOST_ON)
    }

    /// Tells it apart from the others.
    pub(super) fn number(self) -> u64 {
        let within = (self.model * QUESTIONS + self.question) as u64;
        u64::from(self.day) * (MODELS * QUESTIONS) as u64 + within
    }

    const fn topic(self) -> usize {
        self.question / QUESTIONS_A_TOPIC
    }

    /// How probable it is that the answer names it.
    fn probability(self, name: usize) -> f64 {
        let by_model = BY_MODEL[self.model];
        let lean = if name == 0 { by_model } else { -0.5 * by_model };
        let mut probability = STRENGTH[name] + BY_TOPIC[self.topic()][name] + lean;
        let day = f64::from(self.day);
        // Days differ, and no period does because of that.
        probability += 0.12 * (day * 1.3 + small(self.model) + small(name)).sin();
        if name == 0 && self.model == RISING_MODEL {
            probability += RISE * turned(day);
        }
        if name == OVERTAKER && self.topic() == LOST_TOPIC {
            probability += OVERTAKES_BY * turned(day);
        }
        probability
    }

    /// A number from 0 to 1 that fills this range evenly from day to day.
    fn draw(self, of: usize) -> f64 {
        let start = small(self.model * 37 + self.question * 11 + of * 5 + 1) * 0.569_840_290_9;
        (start + f64::from(self.day) * STEP[of % STEP.len()]).fract()
    }
}

/// How far the turn has gone on a day: 0 before it, 1 after it.
fn turned(day: f64) -> f64 {
    let middle = f64::from(DAYS / 2);
    ((day - middle + TURN_DAYS / 2.0) / TURN_DAYS).clamp(0.0, 1.0)
}

/// An index as a number to compute with.
fn small(index: usize) -> f64 {
    f64::from(u32::try_from(index).unwrap_or_default())
}

/// All answers of a day, by model and question.
pub(super) fn of_day(day: u32, model: usize) -> impl Iterator<Item = Told> {
    (0..QUESTIONS).map(move |question| Told {
        day,
        model,
        question,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of answers that name `name`, over the days and the answers that are `wanted`.
    fn share(name: usize, days: std::ops::Range<u32>, wanted: impl Fn(Told) -> bool) -> f64 {
        let (mut named, mut all) = (0, 0);
        for told in days.flat_map(|day| (0..MODELS).flat_map(move |model| of_day(day, model))) {
            if wanted(told) {
                all += 1;
                named += i32::from(told.names().contains(&name));
            }
        }
        f64::from(named) / f64::from(all)
    }

    fn change(name: usize, wanted: impl Fn(Told) -> bool + Copy) -> f64 {
        share(name, DAYS / 2..DAYS, wanted) - share(name, 0..DAYS / 2, wanted)
    }

    #[test]
    fn the_brand_rises_with_one_model_and_with_no_other() {
        for model in 0..MODELS {
            let rise = change(0, |told| told.model == model);
            if model == RISING_MODEL {
                assert!((0.08..=0.25).contains(&rise), "{rise}");
            } else {
                assert!(rise.abs() < 0.06, "model {model}: {rise}");
            }
        }
    }

    #[test]
    fn a_competitor_overtakes_in_one_topic_and_in_no_other() {
        for topic in 0..TOPICS {
            let of_topic = |told: Told| told.topic() == topic;
            let lead = |days: std::ops::Range<u32>| {
                share(0, days.clone(), of_topic) - share(OVERTAKER, days, of_topic)
            };
            let (before, after) = (lead(0..DAYS / 2), lead(DAYS / 2..DAYS));
            assert!(before > 0.05, "topic {topic}: {before}");
            assert_eq!(after < -0.05, topic == LOST_TOPIC, "topic {topic}: {after}");
        }
    }

    #[test]
    fn the_other_competitors_stay_where_they_are() {
        for (name, known) in NAMES.iter().enumerate().skip(2) {
            let moved = change(name, |_| true);
            assert!(moved.abs() < 0.03, "{known}: {moved}");
        }
    }

    #[test]
    fn some_answers_name_nobody_and_no_answer_names_anybody_twice() {
        let mut empty = 0;
        for told in (0..DAYS).flat_map(|day| of_day(day, 1)) {
            let mut names = told.names();
            empty += i32::from(names.is_empty());
            names.sort_unstable();
            assert!(names.is_sorted_by(|one, other| one < other), "{told:?}");
        }
        assert!(empty > 0);
    }

    #[test]
    fn a_source_is_lost_in_the_second_half() {
        let told = |day| Told {
            day,
            model: 0,
            question: 0,
        };
        assert_eq!(told(SITE_LOST_ON - 1).lost_sites(), 0);
        assert_eq!(told(DAYS - 1).lost_sites(), 1);
        const { assert!(SITE_LOST_ON > DAYS / 2) };
    }
}
