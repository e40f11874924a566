//! False alarms and power of the interval of a difference.

use statistics::{Pair, Scale, weigh};

use super::random::{DEPTH, Number, PLACES, Prompt, Random, whole};
use super::{LIKENESS, PROMPTS, Rate, SHARES, on_all_cores, promise};

/// Answers to a prompt and period.
const ANSWERS: [u32; 2] = [4, 20];
/// By how much the number truly moves where power is measured: ten points; of a position one
/// place.
const MOVE: f64 = 0.1;
const MOST_FALSE_ALARMS: f64 = 6.5;
const LEAST_POWER: f64 = 78.0;
/// Of a position, moved by one place. Who knew the true spread of the difference would find it in
/// 78.6 % of the same cells: where few answers rank the brand, a place is less than the noise.
const LEAST_POWER_OF_A_PLACE: f64 = 65.0;

#[derive(Clone, Copy, Debug)]
struct Cell {
    number: Number,
    answers: u32,
    likeness: f64,
    share: f64,
    prompts: usize,
    moves: bool,
}

/// A prompt of the later period: each absence becomes a mention with one and the same
/// probability, or each mention an absence where the share is near 1; of a position the same
/// with places.
fn later(cell: &Cell, prompt: Prompt) -> Prompt {
    let raised = |value: f64, mean: f64, by: f64| {
        if mean + by < 1.0 {
            value + (1.0 - value) * by / (1.0 - mean)
        } else {
            value * (1.0 - by / mean)
        }
    };
    match cell.number {
        _ if !cell.moves => prompt,
        Number::Position => Prompt {
            depth: raised(prompt.depth, DEPTH, 1.0 / f64::from(PLACES)),
            ..prompt
        },
        _ => Prompt {
            share: raised(prompt.share, cell.share, MOVE),
            ..prompt
        },
    }
}

/// How often the interval excludes 0, of pairs of periods that have a difference; `None` where
/// fewer than half have one.
fn excludes_zero(cell: &Cell, periods: u32) -> Option<Rate> {
    let mut rate = Rate::default();
    let seed = cell.prompts as u64 * 1_000 + u64::from(cell.answers);
    let mut random = Random::new(seed ^ whole(cell.share * 1e6) ^ whole(cell.likeness * 1e9));
    let scale = match cell.number {
        Number::Position => Scale::Mean,
        _ => Scale::Share,
    };
    for _ in 0..periods {
        let pairs: Vec<Pair> = (0..)
            .take(cell.prompts)
            .map(|id| {
                let prompt = random.prompt(cell.share, cell.likeness);
                Pair {
                    prompt: app::model::ids::PromptId(id),
                    before: random.answers(cell.number, prompt, cell.answers),
                    after: random.answers(cell.number, later(cell, prompt), cell.answers),
                }
            })
            .collect();
        let change = weigh(&pairs, scale).change;
        if change.difference.is_some() {
            rate.count(change.interval.is_some_and(|interval| !interval.holds(0.0)));
        }
    }
    (rate.of * 2 >= periods).then_some(rate)
}

fn cells(number: Number) -> Vec<Cell> {
    let mut cells = Vec::new();
    for answers in ANSWERS {
        for likeness in LIKENESS {
            for share in SHARES {
                for prompts in PROMPTS {
                    for moves in [false, true] {
                        cells.push(Cell {
                            number,
                            answers,
                            likeness,
                            share,
                            prompts,
                            moves,
                        });
                    }
                }
            }
        }
    }
    cells
}

/// Prints a table for each number; how many promises were broken.
pub(crate) fn table(periods: u32) -> usize {
    let mut broken = 0;
    for number in Number::ALL {
        let cells = cells(number);
        let rates = on_all_cores(&cells, |cell| {
            excludes_zero(cell, if cell.moves { periods / 5 } else { periods })
        });
        println!("\n{}: false alarms (power), %\n", number.name());
        println!("| answers | likeness | share | 10 prompts | 25 | 50 | 100 |");
        println!("|---|---|---|---|---|---|---|");
        let (mut alarms, mut powers) = (Vec::new(), Vec::new());
        let rows = cells
            .chunks(2 * PROMPTS.len())
            .zip(rates.chunks(2 * PROMPTS.len()));
        for (cells, rates) in rows {
            let first = &cells[0];
            print!(
                "| {} | {} | {} |",
                first.answers, first.likeness, first.share
            );
            for both in rates.chunks(2) {
                match (both[0], both[1]) {
                    (Some(still), Some(moved)) => {
                        alarms.push(still.percent());
                        powers.push(moved.percent());
                        print!(" {:.1} ({:.0}) |", still.percent(), moved.percent());
                    }
                    _ => print!(" no data |"),
                }
            }
            println!();
        }
        let worst = alarms.iter().copied().fold(0.0, f64::max);
        let measured: f64 = powers.iter().map(|_| 1.0).sum();
        let power = powers.iter().sum::<f64>() / measured;
        println!();
        broken += promise(
            worst <= MOST_FALSE_ALARMS,
            &format!("{}: {worst:.1} % false alarms at most", number.name()),
        );
        let what = format!("{}: a mean power of {power:.1} %", number.name());
        let least = match number {
            Number::Position => LEAST_POWER_OF_A_PLACE,
            _ => LEAST_POWER,
        };
        broken += promise(power >= least, &what);
    }
    broken
}
