//! What somebody sees who looks at the page of a project every day.

use app::model::ids::{ModelId, PromptId};
use app::model::metrics::{Changes, Metric, SnapshotSums, ToneSums};
use statistics::{CellSums, changes};

use super::answer_tally::AnswerTally;
use super::random::{DEPTH, PLACES, Random};
use super::{Rate, on_all_cores, promise};

/// Days of a project before the first look.
const HISTORY: usize = 60;
/// Days of looking where nothing changes, and after a true change.
const LOOKS: usize = 28;
const LOOKS_AFTER: usize = 14;
/// Days of a period.
const PERIODS: [usize; 2] = [7, 30];
const MOST_FALSE: f64 = 10.0;
const LEAST_DETECTED_PERCENT: f64 = 80.0;

/// A project that is asked once a day.
#[derive(Clone, Copy, Debug)]
struct Project {
    prompts: i64,
    models: i64,
    share: f64,
    likeness: f64,
    /// Days on which it was asked before the first look.
    history: usize,
    /// By how much the share rises with the first look.
    rise: f64,
    /// Standard deviation of a shock on the logit that a model's answers of a day share.
    mood: f64,
}

const QUIET: Project = Project {
    prompts: 50,
    models: 4,
    share: 0.5,
    likeness: 0.3,
    history: HISTORY,
    rise: 0.0,
    mood: 0.0,
};

/// What must hold of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    FewFalse,
    Told,
    Nothing,
}

const PROJECTS: [(Project, Held); 13] = [
    (QUIET, Held::FewFalse),
    (
        Project {
            prompts: 25,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            prompts: 10,
            models: 1,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            prompts: 3,
            models: 2,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            share: 0.1,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            share: 0.02,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            share: 0.9,
            likeness: 0.7,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            prompts: 100,
            models: 6,
            share: 0.1,
            ..QUIET
        },
        Held::FewFalse,
    ),
    // The earlier of the periods is not full yet.
    (
        Project {
            history: 35,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            history: 10,
            ..QUIET
        },
        Held::FewFalse,
    ),
    (
        Project {
            mood: 0.15,
            ..QUIET
        },
        Held::Nothing,
    ),
    (Project { mood: 0.3, ..QUIET }, Held::Nothing),
    (
        Project {
            prompts: 25,
            rise: 0.15,
            ..QUIET
        },
        Held::Told,
    ),
];

/// The answers of each prompt and model: of each day, and of the week that begins with it.
struct Answers {
    days: Vec<Vec<SnapshotSums>>,
    weeks: Vec<Vec<SnapshotSums>>,
    models: i64,
}

/// What makes a prompt easy or hard.
struct Prompt {
    share: f64,
    competitors: [f64; 4],
    depth: f64,
    praise: f64,
}

fn prompt(random: &mut Random, project: &Project) -> Prompt {
    let likeness = project.likeness;
    Prompt {
        share: random.own_share(project.share, likeness),
        competitors: [(); 4].map(|()| random.own_share(0.4, likeness)),
        depth: random.own_share(DEPTH, likeness),
        praise: random.own_share(0.5, likeness),
    }
}

fn answer(random: &mut Random, prompt: &Prompt, share: f64) -> SnapshotSums {
    let rank = |random: &mut Random, depth: f64| {
        let is_listed = random.chance(0.8);
        is_listed.then(|| 1 + random.successes(PLACES, depth))
    };
    let brand_in_text = random.chance(share);
    let brand_rank = rank(random, prompt.depth).filter(|_| brand_in_text);
    let mut competitor_ranks = Vec::new();
    for competitor in prompt.competitors {
        if random.chance(competitor) {
            competitor_ranks.push(rank(random, 0.5));
        }
    }
    let tally = AnswerTally {
        brand_in_text,
        brand_rank,
        competitor_ranks,
        ..AnswerTally::default()
    };
    let mut sums = tally.sums();
    if brand_in_text {
        let is_praise = random.chance(prompt.praise * 0.7);
        let is_blame = !is_praise && random.chance(0.15);
        sums.tone = ToneSums {
            positive: i64::from(is_praise),
            negative: i64::from(is_blame),
            neutral: i64::from(!is_praise && !is_blame),
            recommended: i64::from(random.chance(prompt.praise)),
            ..ToneSums::default()
        };
        sums.prominence_parts = 5_000 + i64::from(random.successes(20, prompt.depth)) * 200;
    }
    sums
}

fn answers(random: &mut Random, project: &Project, looks: usize) -> Answers {
    let days = HISTORY + looks;
    let moods: Vec<Vec<f64>> = (0..project.models)
        .map(|_| (0..days).map(|_| project.mood * random.normal()).collect())
        .collect();
    let mut all = Vec::new();
    for _ in 0..project.prompts {
        let prompt = prompt(random, project);
        for model in &moods {
            let of_day = |day: usize| {
                if day + project.history < HISTORY {
                    return SnapshotSums::default();
                }
                let rise = if day < HISTORY { 0.0 } else { project.rise };
                let share = prompt.share + (1.0 - prompt.share) * rise / (1.0 - project.share);
                answer(random, &prompt, shift_logit(share, model[day]))
            };
            all.push((0..days).map(of_day).collect());
        }
    }
    let week = |days: &Vec<SnapshotSums>| {
        let weeks = days.windows(7).map(|week| week.iter().copied().sum());
        weeks.collect()
    };
    Answers {
        weeks: all.iter().map(week).collect(),
        days: all,
        models: project.models,
    }
}

/// A probability whose logit is moved.
fn shift_logit(share: f64, shock: f64) -> f64 {
    if shock.abs() < f64::EPSILON || share <= 0.0 || share >= 1.0 {
        return share;
    }
    let logit = (share / (1.0 - share)).ln() + shock;
    1.0 / (1.0 + (-logit).exp())
}

impl Answers {
    fn cells(&self, from: usize, to: usize) -> Vec<CellSums> {
        let rest = from + (to - from) / 7 * 7;
        let cell = |(at, (days, weeks)): (i64, (&Vec<SnapshotSums>, &Vec<SnapshotSums>))| {
            let weeks = (from..rest).step_by(7).map(|day| weeks[day]);
            CellSums {
                prompt: PromptId(at / self.models),
                model: ModelId(at % self.models),
                is_branded: false,
                sums: weeks.chain(days[rest..to].iter().copied()).sum(),
            }
        };
        (0..)
            .zip(self.days.iter().zip(&self.weeks))
            .map(cell)
            .collect()
    }

    /// The page of the days that end with this one.
    fn page(&self, last: usize, length: usize) -> Changes {
        let end = last + 1;
        let middle = end - length;
        let before = self.cells(middle.saturating_sub(length), middle);
        changes(&before, &self.cells(middle, end), &[])
    }
}

/// Over periods of 7 and of 30 days, and over both.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The first page shows a change.
    first: [Rate; 2],
    /// A page of four weeks, or two after a rise, does: any number, and visibility.
    any: [Rate; 2],
    both: Rate,
    visibility: [Rate; 2],
}

fn look(project: &Project, projects: u32, seed: u64) -> Seen {
    let mut told = Seen::default();
    let looks = if project.rise > 0.0 {
        LOOKS_AFTER
    } else {
        LOOKS
    };
    let mut random = Random::new(seed);
    for _ in 0..projects {
        let answers = answers(&mut random, project, looks);
        let mut any = [false; 2];
        for (at, length) in PERIODS.into_iter().enumerate() {
            let mut visibility = false;
            for day in 0..looks {
                let page = answers.page(HISTORY + day, length);
                let shows = page.iter().any(|number| number.change.verdict.is_change());
                let of_visibility = page.get(Metric::Visibility, None);
                visibility |= of_visibility.is_some_and(|change| change.verdict.is_change());
                if day == 0 {
                    told.first[at].count(shows);
                }
                any[at] |= shows;
            }
            told.any[at].count(any[at]);
            told.visibility[at].count(visibility);
        }
        told.both.count(any[0] || any[1]);
    }
    told
}

/// Prints the table; how many promises were broken. A project of four weeks takes as long as
/// thousands of pairs of periods, so there are fewer.
pub(crate) fn table(periods: u32) -> usize {
    let projects = (periods / 10).max(1);
    let parts = 8;
    let jobs: Vec<(usize, u64)> = (0..PROJECTS.len())
        .flat_map(|project| (0..parts).map(move |part| (project, part)))
        .collect();
    let found = on_all_cores(&jobs, |&(project, part)| {
        let seed = ((project as u64) << 32) | part;
        look(&PROJECTS[project].0, projects.div_ceil(8), seed)
    });
    println!("\npages that show a change, % (7 days / 30 days)\n");
    println!(
        "| prompts | models | share | likeness | days before | mood | rise | one page | any number, daily looks | over both periods | visibility, daily looks |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let mut broken = Vec::new();
    for ((project, held), parts) in PROJECTS.iter().zip(found.chunks(8)) {
        let seen = parts.iter().fold(Seen::default(), Seen::and);
        let pair =
            |[week, month]: [Rate; 2]| format!("{:.1} / {:.1}", week.percent(), month.percent());
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.1} | {} |",
            project.prompts,
            project.models,
            project.share,
            project.likeness,
            project.history,
            project.mood,
            project.rise,
            pair(seen.first),
            pair(seen.any),
            seen.both.percent(),
            pair(seen.visibility)
        );
        let told = seen.visibility[0]
            .percent()
            .min(seen.visibility[1].percent());
        match held {
            Held::FewFalse => broken.push((
                seen.both.percent() <= MOST_FALSE,
                format!(
                    "{} prompts, {} models, share {}: {:.1} % false over four weeks of daily looks",
                    project.prompts,
                    project.models,
                    project.share,
                    seen.both.percent()
                ),
            )),
            Held::Told => broken.push((
                told >= LEAST_DETECTED_PERCENT,
                format!("a rise of 15 points is told within two weeks in {told:.1} % at least"),
            )),
            Held::Nothing => {}
        }
    }
    println!();
    broken.iter().map(|(kept, what)| promise(*kept, what)).sum()
}

impl Seen {
    fn and(self, other: &Self) -> Self {
        let both = |one: Rate, other: Rate| Rate {
            of: one.of + other.of,
            did: one.did + other.did,
        };
        let pair =
            |one: [Rate; 2], other: [Rate; 2]| [both(one[0], other[0]), both(one[1], other[1])];
        Self {
            first: pair(self.first, other.first),
            any: pair(self.any, other.any),
            both: both(self.both, other.both),
            visibility: pair(self.visibility, other.visibility),
        }
    }
}
