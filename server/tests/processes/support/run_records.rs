//! What must be true of every run that is over, whatever happened meanwhile.

use std::collections::{BTreeMap, HashMap};

use app::model::ids::RunId;
use app::model::run::AskState;
use parallax::store::entity::{answer, ask, attempt, lane, ledger_entry};

use super::database::Database;

/// All rows of a run.
pub(crate) struct RunRecords {
    pub(crate) asks: Vec<ask::Model>,
    pub(crate) lanes: Vec<lane::Model>,
    pub(crate) results: BTreeMap<i64, answer::Model>,
    pub(crate) attempts: BTreeMap<i64, Vec<attempt::Model>>,
    pub(crate) ledger: Vec<ledger_entry::Model>,
}

impl RunRecords {
    /// Reads the rows of a run that is over, and asserts that they agree: each ask has exactly
    /// one outcome, counters are what they count, and all that was paid is booked once.
    pub(crate) async fn of(database: &Database, run: RunId) -> Self {
        let records = Self {
            asks: database.asks(run).await,
            lanes: database.lanes(run).await,
            results: database.results(run).await,
            attempts: database.attempts(run).await,
            ledger: database.ledger(run).await,
        };
        records.assert_one_outcome();
        records.assert_counters();
        records.assert_costs();
        records
    }

    /// What was booked for asks whose answers were lost.
    pub(crate) fn lost(&self) -> Vec<&ledger_entry::Model> {
        self.ledger
            .iter()
            .filter(|entry| entry.kind == "lost")
            .collect()
    }

    fn assert_one_outcome(&self) {
        for ask in &self.asks {
            let state = AskState::from_word(&ask.state).expect("a state");
            let outcome = self.results.get(&ask.id).map(|row| row.outcome.as_str());
            let attempts = &self.attempts[&ask.id];
            match state {
                AskState::Answered => {
                    assert!(
                        outcome.is_some_and(|word| word != "failed"),
                        "{ask:?} {outcome:?}"
                    );
                    let last = attempts.last().expect("an attempt");
                    assert_eq!(
                        (last.error_class.as_deref(), last.http_status),
                        (None, Some(200))
                    );
                }
                AskState::Failed => assert_eq!(outcome, Some("failed"), "{ask:?}"),
                AskState::Cancelled | AskState::OverBudget => {
                    assert_eq!((outcome, attempts.len()), (None, 0), "{ask:?}");
                }
                AskState::Waiting | AskState::Running => panic!("no outcome: {ask:?}"),
            }
            let numbers: Vec<i64> = attempts.iter().map(|attempt| attempt.number).collect();
            let expected: Vec<i64> = (1..).take(attempts.len()).collect();
            assert_eq!(numbers, expected, "{ask:?}");
        }
        assert!(
            self.results
                .keys()
                .all(|id| self.asks.iter().any(|ask| ask.id == *id))
        );
    }

    fn assert_counters(&self) {
        for lane in &self.lanes {
            let count = |state: AskState| -> i64 {
                let of_lane = self.asks.iter().filter(|ask| ask.lane_id == lane.id);
                of_lane
                    .map(|ask| i64::from(ask.state == state.word()))
                    .sum()
            };
            let dropped = count(AskState::Cancelled) + count(AskState::OverBudget);
            let counted = (
                count(AskState::Answered),
                count(AskState::Failed),
                dropped,
                0,
            );
            let told = (
                lane.asks_answered,
                lane.asks_failed,
                lane.asks_dropped,
                lane.asks_running,
            );
            assert_eq!(told, counted, "{lane:?}");
            assert_eq!(
                lane.asks_total,
                counted.0 + counted.1 + counted.2,
                "{lane:?}"
            );
            assert_eq!((lane.status.as_str(), lane.lease_until), ("done", None));
        }
    }

    fn assert_costs(&self) {
        let mut by_lane: HashMap<i64, i64> = HashMap::new();
        let lane_of: HashMap<i64, i64> =
            self.asks.iter().map(|ask| (ask.id, ask.lane_id)).collect();
        let mut booked: BTreeMap<i64, i64> = BTreeMap::new();
        for entry in &self.ledger {
            let ask = entry.ask_id.expect("what a run costs has an ask");
            *by_lane.entry(lane_of[&ask]).or_default() += entry.amount_nano_usd;
            if entry.kind == "answer" {
                let second = booked.insert(ask, entry.amount_nano_usd);
                assert_eq!(second, None, "an answer is booked twice: {entry:?}");
            } else {
                assert_eq!(
                    (entry.kind.as_str(), entry.cost_kind.as_str()),
                    ("lost", "worst_case")
                );
            }
        }
        let paid: BTreeMap<i64, i64> = self
            .results
            .iter()
            .filter(|(_, row)| row.outcome != "failed")
            .map(|(ask, row)| (*ask, row.cost_nano_usd))
            .collect();
        assert_eq!(booked, paid);
        assert!(paid.values().all(|&cost| cost > 0), "an answer for nothing");
        for lane in &self.lanes {
            let sum = by_lane.get(&lane.id).copied().unwrap_or(0);
            assert_eq!(lane.cost_nano_usd, sum, "{lane:?}");
        }
    }
}
