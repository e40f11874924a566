//! How often one of equals is called the best.

use app::model::ids::PromptId;
use app::model::metrics::{Metric, SnapshotSums};
use statistics::{Candidate, ends};

use super::random::Random;
use super::{Rate, on_all_cores, promise};

const MOST: f64 = 10.0;

/// Providers, prompts, answers to a prompt.
const CELLS: [(u8, i64, u32); 6] = [
    (2, 10, 1),
    (2, 50, 4),
    (4, 10, 7),
    (4, 25, 7),
    (4, 50, 30),
    (8, 25, 7),
];

fn named(&(providers, prompts, answers): &(u8, i64, u32), projects: u32) -> [Rate; 2] {
    let mut rates = [Rate::default(); 2];
    let mut random = Random::new((u64::from(providers) << 32) | u64::from(answers));
    for _ in 0..projects {
        let shares: Vec<f64> = (0..prompts).map(|_| random.own_share(0.5, 0.3)).collect();
        let contenders: Vec<Candidate<u8>> = (0..providers)
            .map(|who| Candidate {
                who,
                prompts: (0..)
                    .zip(&shares)
                    .map(|(id, share)| {
                        let sums = SnapshotSums {
                            answers: answers.into(),
                            mentions: random.successes(answers, *share).into(),
                            ..SnapshotSums::default()
                        };
                        (PromptId(id), sums)
                    })
                    .collect(),
            })
            .collect();
        let found = ends(&contenders, Metric::Visibility);
        rates[0].count(found.best.is_some());
        rates[1].count(found.worst.is_some());
    }
    rates
}

/// Prints the table; how many promises were broken.
pub(crate) fn table(projects: u32) -> usize {
    println!("\nequal providers: one is called the best (the worst), %\n");
    println!("| providers | prompts | answers a prompt | best | worst |");
    println!("|---|---|---|---|---|");
    let rates = on_all_cores(&CELLS, |cell| named(cell, projects));
    let mut most = 0.0_f64;
    for ((providers, prompts, answers), [best, worst]) in CELLS.iter().zip(&rates) {
        most = most.max(best.percent()).max(worst.percent());
        println!(
            "| {providers} | {prompts} | {answers} | {:.1} | {:.1} |",
            best.percent(),
            worst.percent()
        );
    }
    println!();
    promise(
        most <= MOST,
        &format!("of equals one is the best in {most:.1} % at most"),
    )
}
