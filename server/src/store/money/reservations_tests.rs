//! What accounts grant, and that no order of things passes one of them.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn account(spent: i64, reserved: i64) -> Account {
    Account {
        limit: Limit::Budget,
        budget: Money::from_nanos(100),
        spent: Money::from_nanos(spent),
        reserved: Money::from_nanos(reserved),
    }
}

fn wanted(most: i64, least: i64) -> Wanted {
    Wanted {
        most: Money::from_nanos(most),
        least: Money::from_nanos(least),
    }
}

fn grant(account: Account, worst_cases: &[i64]) -> Granted {
    let exactly = |&amount: &i64| wanted(amount, amount);
    let wanted: Vec<Wanted> = worst_cases.iter().map(exactly).collect();
    account.grant(&wanted, false)
}

#[test]
fn as_many_of_the_first_as_there_is_money_for() {
    assert_eq!(grant(account(0, 0), &[40, 40, 40]), Granted::First(2));
    assert_eq!(grant(account(0, 0), &[50, 50]), Granted::First(2));
    assert_eq!(grant(account(20, 30), &[40, 40]), Granted::First(1));
    assert_eq!(grant(account(0, 0), &[]), Granted::First(0));
}

#[test]
fn what_others_have_set_aside_may_come_back() {
    assert_eq!(grant(account(20, 70), &[40]), Granted::First(0));
    assert_eq!(grant(account(60, 30), &[40]), Granted::First(0));
}

#[test]
fn what_never_fits_is_over() {
    assert_eq!(grant(account(61, 0), &[40]), Granted::Over(Limit::Budget));
    assert_eq!(grant(account(61, 30), &[40]), Granted::Over(Limit::Budget));
    assert_eq!(grant(account(0, 0), &[101]), Granted::Over(Limit::Budget));
    assert_eq!(grant(account(100, 0), &[0]), Granted::Over(Limit::Budget));
}

#[test]
fn an_ask_that_may_cost_more_than_is_left_goes_alone() {
    let next = [wanted(60, 20), wanted(60, 20)];
    assert_eq!(account(0, 0).grant(&next, false), Granted::First(1));
    assert_eq!(account(50, 0).grant(&next, false), Granted::First(0));
    assert_eq!(account(50, 0).grant(&next, true), Granted::First(1));
    assert_eq!(
        account(50, 10).grant(&next, true),
        Granted::First(0),
        "not alone"
    );
    assert_eq!(
        account(30, 10).grant(&next, true),
        Granted::First(1),
        "there is enough for all of it"
    );
    assert_eq!(
        account(81, 0).grant(&next, true),
        Granted::Over(Limit::Budget)
    );
    assert_eq!(
        account(81, 10).grant(&next, false),
        Granted::Over(Limit::Budget)
    );
    assert_eq!(account(0, 0).grant(&[], true), Granted::First(0));
}

/// The accounts of the property: a workspace, two projects with budgets of their own, and the
/// ceiling of shared keys.
const LIMITS: [i64; 4] = [300, 120, 160, 200];

/// Who draws on which of them: lanes of either project with an own key and with a shared one, and
/// calls that belong to no project.
const DRAWS_ON: [&[usize]; 6] = [&[0, 1], &[0, 1, 3], &[0, 2], &[0, 2, 3], &[0], &[0, 3]];

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody wants money for a block of asks: of each the least, and how much more its most is.
    Begin(usize, Vec<(i64, i64)>),
    /// One in flight comes back, and has cost so many thousandths of what was set aside for it.
    Settle(usize, i64),
    /// One in flight wants as much again for another attempt.
    Again(usize, i64),
    /// One in flight is lost with its worker, and is booked at its least.
    Lose(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let block = vec((1..40_i64, prop_oneof![Just(0_i64), 1..80_i64]), 1..4);
    prop_oneof![
        4 => (0..DRAWS_ON.len(), block).prop_map(|(who, asks)| Step::Begin(who, asks)),
        2 => (0..100_usize, 0..=1_000_i64).prop_map(|(place, paid)| Step::Settle(place, paid)),
        1 => (0..100_usize, 1..60_i64).prop_map(|(place, more)| Step::Again(place, more)),
        1 => (0..100_usize).prop_map(Step::Lose),
    ]
}

/// An ask in flight.
struct AskInFlight {
    draws_on: &'static [usize],
    wanted: Wanted,
    /// What it may cost with all its attempts.
    may_cost: Money,
    /// What the accounts have set aside for it.
    reserved: Money,
}

struct World {
    accounts: [Account; 4],
    in_flight: Vec<AskInFlight>,
    /// The most by which what an ask may cost is more than its least, of all that were begun.
    widest: Money,
}

impl World {
    fn new() -> Self {
        Self {
            accounts: LIMITS.map(|limit| Account {
                limit: Limit::Budget,
                budget: Money::from_nanos(limit),
                spent: Money::ZERO,
                reserved: Money::ZERO,
            }),
            in_flight: Vec::new(),
            widest: Money::ZERO,
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Begin(who, asks) => {
                let of = |(least, more): (i64, i64)| wanted(least + more, least);
                let asks: Vec<Wanted> = asks.into_iter().map(of).collect();
                self.begin(DRAWS_ON[who], &asks);
            }
            Step::Settle(place, thousandths) => {
                if let Some(flying) = self.take_from_flight(place) {
                    let nanos = flying.may_cost.nanos() * thousandths / 1_000;
                    self.pay(flying.draws_on, Money::from_nanos(nanos));
                }
            }
            Step::Again(place, more) => self.again(place, Money::from_nanos(more)),
            Step::Lose(place) => {
                if let Some(flying) = self.take_from_flight(place) {
                    self.pay(flying.draws_on, flying.wanted.least);
                }
            }
        }
    }

    fn accounts_of(&self, draws_on: &[usize]) -> Vec<Account> {
        draws_on.iter().map(|&place| self.accounts[place]).collect()
    }

    /// As a lane does: as many as fit beside the others, or else the first of them alone.
    fn begin(&mut self, draws_on: &'static [usize], asks: &[Wanted]) {
        for alone in [false, true] {
            let asking = Asking {
                alone,
                ..Asking::with_others_in_flight(asks)
            };
            let granted = granted_by_all(&self.accounts_of(draws_on), asking);
            let Granted::First(begun @ 1..) = granted else {
                continue;
            };
            for next in &asks[..begun] {
                let one = Asking {
                    wanted: std::slice::from_ref(next),
                    ..asking
                };
                self.put_in_flight(draws_on, *next, one.set_aside(1));
            }
            return;
        }
    }

    fn put_in_flight(&mut self, draws_on: &'static [usize], wanted: Wanted, reserved: Money) {
        for &place in draws_on {
            self.accounts[place].reserved += reserved;
        }
        self.widest = self.widest.max(wanted.most - wanted.least);
        self.in_flight.push(AskInFlight {
            draws_on,
            wanted,
            may_cost: wanted.most,
            reserved,
        });
    }

    fn again(&mut self, place: usize, more: Money) {
        let Some(place) = place.checked_rem(self.in_flight.len()) else {
            return;
        };
        let draws_on = self.in_flight[place].draws_on;
        let mut accounts = self.accounts_of(draws_on);
        for account in &mut accounts {
            account.reserved += more;
        }
        if !all_fit(&accounts) {
            return;
        }
        for &drawn in draws_on {
            self.accounts[drawn].reserved += more;
        }
        self.in_flight[place].may_cost += more;
        self.in_flight[place].reserved += more;
    }

    /// Gives back what was set aside for an ask in flight, where there is any.
    fn take_from_flight(&mut self, place: usize) -> Option<AskInFlight> {
        let place = place.checked_rem(self.in_flight.len())?;
        let flying = self.in_flight.swap_remove(place);
        for &drawn in flying.draws_on {
            self.accounts[drawn].reserved -= flying.reserved;
        }
        Some(flying)
    }

    fn pay(&mut self, draws_on: &[usize], amount: Money) {
        for &place in draws_on {
            self.accounts[place].spent += amount;
        }
    }

    /// Whatever is in flight of an account may cost all that it may, and the account has it; or
    /// it is one ask alone, and the account is passed by what that may cost beyond its least.
    fn check(&self) -> Result<(), TestCaseError> {
        for (place, account) in self.accounts.iter().enumerate() {
            let draws = |flying: &&AskInFlight| flying.draws_on.contains(&place);
            let in_flight: Vec<&AskInFlight> = self.in_flight.iter().filter(draws).collect();
            let may_cost: Money = in_flight.iter().map(|flying| flying.may_cost).sum();
            let passed = account.spent + may_cost - account.budget;
            if passed <= Money::ZERO {
                continue;
            }
            let allowed = match in_flight.as_slice() {
                // The last one went alone.
                [] => self.widest,
                [alone] => alone.wanted.most - alone.wanted.least,
                several => {
                    let count = several.len();
                    return Err(TestCaseError::fail(format!(
                        "{count} in flight of {account:?}"
                    )));
                }
            };
            prop_assert!(passed <= allowed, "{place} by {passed} of {allowed}");
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// In whatever order asks of several lanes begin, come back, try again and are lost.
    #[test]
    fn no_order_of_things_passes_an_account(steps in vec(step(), 1..60)) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
            world.check()?;
        }
    }
}

#[test]
fn nothing_goes_beside_an_ask_at_its_least() {
    let mut world = World::new();
    // The second project has 160: its most does not fit, its least does.
    world.begin(DRAWS_ON[2], &[wanted(180, 40)]);
    assert_eq!(world.in_flight.len(), 1);
    assert_eq!(world.accounts[2].reserved, Money::from_nanos(180));
    // Beside its least there would be room for this one.
    world.begin(DRAWS_ON[3], &[wanted(20, 20)]);
    assert_eq!(world.in_flight.len(), 1);
    // The workspace has room beside its most, and that is another project.
    world.begin(DRAWS_ON[0], &[wanted(120, 30)]);
    assert_eq!(world.in_flight.len(), 2);
    // Now it is full: what is alone in its project is not alone in the workspace.
    world.begin(DRAWS_ON[4], &[wanted(1, 1)]);
    assert_eq!(world.in_flight.len(), 2);
    world.take_from_flight(0);
    world.begin(DRAWS_ON[3], &[wanted(20, 20)]);
    assert_eq!(world.in_flight.len(), 2);
}
