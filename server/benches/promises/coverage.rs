//! How often 95 % intervals hold the truth.

use app::model::metrics::Ratio;
use statistics::{Draws, Scale, cluster_interval};

use super::random::{DEPTH, Number, PLACES, Random, whole};
use super::{LIKENESS, PROMPTS, Rate, SHARES, on_all_cores, promise};

/// Answers to a prompt.
const ANSWERS: u32 = 4;
/// Fewer projects than pairs of periods: resampling takes a hundred times as long.
const FEWER: u32 = 10;
const LEAST: f64 = 92.0;

#[derive(Clone, Copy, Debug)]
struct Cell {
    number: Number,
    likeness: f64,
    share: f64,
    prompts: usize,
}

impl Cell {
    fn truth(&self) -> f64 {
        match self.number {
            Number::Position => 1.0 + f64::from(PLACES) * DEPTH,
            _ => self.share,
        }
    }
}

/// How often the interval holds the truth, of projects that have one; `None` where fewer than
/// half do.
fn held(cell: &Cell, projects: u32) -> Option<Rate> {
    let mut rate = Rate::default();
    let mut random = Random::new(cell.prompts as u64 ^ whole(cell.share * 1e6));
    let mut draws = Draws::default();
    let scale = match cell.number {
        Number::Position => Scale::Mean,
        _ => Scale::Share,
    };
    for _ in 0..projects {
        let clusters: Vec<Ratio> = (0..cell.prompts)
            .map(|_| {
                let prompt = random.prompt(cell.share, cell.likeness);
                random.answers(cell.number, prompt, ANSWERS)
            })
            .collect();
        if let Some(interval) = cluster_interval(&mut draws, &clusters, scale) {
            rate.count(interval.holds(cell.truth()));
        }
    }
    (rate.of * 2 >= projects).then_some(rate)
}

/// Prints a table for each number; how many promises were broken.
pub(crate) fn table(periods: u32) -> usize {
    let mut broken = 0;
    for number in Number::ALL {
        let mut cells = Vec::new();
        for likeness in LIKENESS {
            for share in SHARES {
                cells.extend(PROMPTS.map(|prompts| Cell {
                    number,
                    likeness,
                    share,
                    prompts,
                }));
            }
        }
        let rates = on_all_cores(&cells, |cell| held(cell, periods / FEWER));
        println!("\n{}: coverage, %\n", number.name());
        println!("| likeness | share | 10 prompts | 25 | 50 | 100 |");
        println!("|---|---|---|---|---|---|");
        let mut least = 100.0_f64;
        for (cells, rates) in cells.chunks(PROMPTS.len()).zip(rates.chunks(PROMPTS.len())) {
            print!("| {} | {} |", cells[0].likeness, cells[0].share);
            for rate in rates {
                match rate {
                    Some(rate) => {
                        least = least.min(rate.percent());
                        print!(" {:.1} |", rate.percent());
                    }
                    None => print!(" no data |"),
                }
            }
            println!();
        }
        println!();
        let what = format!(
            "{}: holds the truth in {least:.1} % at least",
            number.name()
        );
        broken += promise(least >= LEAST, &what);
    }
    broken
}
