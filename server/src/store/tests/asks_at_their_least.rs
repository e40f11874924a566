//! An ask begins at its least only in an account of which nothing else is in flight: each budget
//! and the ceiling of shared keys decide by themselves.

use std::collections::VecDeque;

use app::model::ids::ProjectId;
use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::CostKind;
use engine::cost::Cost;
use engine::{AskOutcome, AskWork, Batch, Begin, Claimed, Committed};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::budgets::paid;
use super::{COST, begin, claim, store};
use crate::store::money::{CallKind, CallScope, MayCall, SetAside};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, make_projects, on_both_databases,
};

const RESERVED: &str =
    "SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) FROM llm_monitoring_lanes";
/// Runs of the property, each with two projects, four lanes and calls beside them.
const WORLDS: u64 = 12;
/// Far more than any of them takes.
const MOST_STEPS: usize = 2_000;

fn times(count: i64) -> Money {
    COST.times(count)
}

/// One lane a project, all with the same key.
fn one_model(budget: i64) -> ProjectPlan {
    ProjectPlan {
        budget: times(budget),
        models: vec![(Provider::OpenAi, "model-a", true)],
        ..ProjectPlan::default()
    }
}

/// Plans a run of each project and claims its lane.
async fn lanes<const N: usize>(database: &TestDatabase, projects: &[TestProject]) -> [Claimed; N] {
    let mut claimed = Vec::with_capacity(N);
    for project in projects {
        project.plan(database).await;
        claimed.push(claim(database, "a").await);
    }
    claimed.try_into().expect("a lane each")
}

fn may_cost(work: &AskWork, most: i64, least: i64) -> Begin {
    Begin {
        ask: work.id,
        most: times(most),
        least: times(least),
    }
}

/// Begins an ask as a lane does: beside what is in flight, or else alone. Whether it began.
async fn begin_ask(database: &TestDatabase, claimed: &Claimed, next: Begin) -> bool {
    for alone in [false, true] {
        let batch = Batch {
            begin: &[next],
            alone,
            ..Batch::default()
        };
        let committed = database
            .store
            .commit_outcomes(&claimed.scope, &batch)
            .await
            .expect("committed");
        assert_eq!(committed.stopped, None);
        if committed.begun > 0 {
            return true;
        }
    }
    false
}

/// An ask comes back: so much was set aside for it, and so much it cost.
async fn settle_ask(
    database: &TestDatabase,
    claimed: &Claimed,
    work: &AskWork,
    reserved: i64,
    cost: i64,
) {
    let outcome = paid(database, claimed, work, times(reserved), times(cost));
    store(database, claimed, &[outcome]).await;
}

async fn limit_project(database: &TestDatabase, project: ProjectId, budget: Money) {
    let sql = format!(
        "UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = {} WHERE id = {}",
        budget.nanos(),
        project.0
    );
    database.execute(&sql).await;
}

async fn limit_shared_keys(database: &TestDatabase, at: &TestProject, ceiling: Money) {
    let sql = format!(
        "UPDATE workspaces SET shared_key_ceiling_nano_usd = {} WHERE id = {}",
        ceiling.nanos(),
        at.workspace.0
    );
    database.execute(&sql).await;
}

/// A call of the workspace that belongs to no project.
async fn call_scope(database: &TestDatabase, at: &TestProject) -> CallScope {
    let scope = database
        .store
        .call_scope(at.workspace, None, at.models[0])
        .await;
    scope.expect("a scope")
}

/// Begins a call that costs so much at most; `None`: there is no money for it now.
async fn call(
    database: &TestDatabase,
    scope: &CallScope,
    kind: CallKind,
    worst_case: Money,
) -> Option<SetAside> {
    let begun = database.store.begin_call(scope, kind, worst_case).await;
    match begun.expect("asked") {
        MayCall::Yes(set_aside) => Some(set_aside),
        MayCall::OverBudget | MayCall::OverCeiling | MayCall::TooMany => None,
    }
}

fn computed(amount: Money) -> Cost {
    Cost {
        amount,
        kind: CostKind::Computed,
        price: None,
    }
}

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SpendingAccount {
    Workspace,
    Project(ProjectId),
    SharedKeys,
}

/// What was spent of an account, and what is set aside of it.
struct Balance {
    limit: Money,
    spent: Money,
    reserved: Money,
}

async fn balance(database: &TestDatabase, at: &TestProject, account: SpendingAccount) -> Balance {
    let store = &database.store;
    match account {
        SpendingAccount::Workspace => {
            let view = store.budget(at.workspace).await.expect("a budget");
            Balance {
                limit: view.monthly,
                spent: view.spent,
                reserved: view.reserved,
            }
        }
        SpendingAccount::Project(project) => {
            let own = store.project_account(at.workspace, project).await;
            let own = own.expect("found").expect("a budget of its own");
            Balance {
                limit: own.monthly,
                spent: own.spent,
                reserved: own.reserved,
            }
        }
        SpendingAccount::SharedKeys => {
            let accounts = store.shared_key_accounts().await.expect("accounts");
            let own = accounts.iter().find(|one| one.workspace == at.workspace);
            let own = own.expect("the workspace");
            Balance {
                limit: own.ceiling,
                spent: own.spent,
                reserved: own.reserved,
            }
        }
    }
}

struct Lane {
    claimed: Claimed,
    draws_on: Vec<SpendingAccount>,
    waiting: VecDeque<AskWork>,
    is_done: bool,
}

enum InFlightKind {
    /// Of the lane at this place.
    Ask(usize, AskWork),
    Call(SetAside),
}

struct InFlight {
    kind: InFlightKind,
    draws_on: Vec<SpendingAccount>,
    /// With all its attempts.
    may_cost: Money,
    /// By how much that was more than its least when it began.
    margin: Money,
}

/// A workspace with a budget, a ceiling, and two projects of which one has a budget of its own.
/// Each has a lane with an own key and one with a shared key.
struct World<'a> {
    database: &'a TestDatabase,
    at: TestProject,
    accounts: Vec<SpendingAccount>,
    lanes: Vec<Lane>,
    calls: CallScope,
    in_flight: Vec<InFlight>,
    /// The widest margin of all that have begun.
    widest: Money,
    random: StdRng,
}

impl<'a> World<'a> {
    async fn make(database: &'a TestDatabase, seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let plan = ProjectPlan {
            prompts: 6,
            budget: times(random.random_range(20..=70)),
            ..ProjectPlan::default()
        };
        let projects = make_projects(database, &plan, 2).await;
        let at = projects[0].clone();
        let own = times(random.random_range(6..=30));
        limit_project(database, at.project, own).await;
        let ceiling = times(random.random_range(6..=30));
        limit_shared_keys(database, &at, ceiling).await;
        for project in &projects {
            project.plan(database).await;
        }
        let mut lanes = Vec::new();
        for number in 0..4 {
            let mut claimed = claim(database, "a").await;
            claimed.scope.on_shared_key = number % 2 == 1;
            let mut draws_on = vec![SpendingAccount::Workspace];
            if claimed.scope.project == at.project {
                draws_on.push(SpendingAccount::Project(at.project));
            }
            if claimed.scope.on_shared_key {
                draws_on.push(SpendingAccount::SharedKeys);
            }
            lanes.push(Lane {
                waiting: claimed.asks.clone(),
                claimed,
                draws_on,
                is_done: false,
            });
        }
        Self {
            database,
            accounts: vec![
                SpendingAccount::Workspace,
                SpendingAccount::Project(at.project),
                SpendingAccount::SharedKeys,
            ],
            lanes,
            calls: call_scope(database, &at).await,
            in_flight: Vec::new(),
            widest: Money::ZERO,
            random,
            at,
        }
    }

    fn is_over(&self) -> bool {
        self.in_flight.is_empty() && self.lanes.iter().all(|lane| lane.is_done)
    }

    async fn step(&mut self) {
        match self.random.random_range(0..10) {
            0..=6 => self.turn().await,
            7 => self.again().await,
            8 => self.begin_call().await,
            _ => self.end_call().await,
        }
    }

    /// One turn of any lane that is open: what came back, and what is next.
    async fn turn(&mut self) {
        let is_open = |&place: &usize| !self.lanes[place].is_done;
        let open: Vec<usize> = (0..self.lanes.len()).filter(is_open).collect();
        if open.is_empty() {
            return;
        }
        let place = open[self.random.random_range(0..open.len())];
        let outcomes = self.arrive(place);
        let next = self.block(place);
        let committed = self.commit(place, &outcomes, &next, false).await;
        if committed.begun == 0 && committed.stopped.is_none() && !next.is_empty() {
            self.commit(place, &[], &next[..1], true).await;
        }
    }

    /// Some of what the lane has in flight comes back.
    fn arrive(&mut self, place: usize) -> Vec<AskOutcome> {
        let mut outcomes = Vec::new();
        for flying in std::mem::take(&mut self.in_flight) {
            match &flying.kind {
                InFlightKind::Ask(lane, work)
                    if *lane == place && self.random.random_range(0..2) == 0 =>
                {
                    let cost = self.part_of(flying.may_cost);
                    let claimed = &self.lanes[place].claimed;
                    let reserved = flying.may_cost;
                    outcomes.push(paid(self.database, claimed, work, reserved, cost));
                }
                _ => self.in_flight.push(flying),
            }
        }
        outcomes
    }

    fn part_of(&mut self, whole: Money) -> Money {
        Money::from_nanos(self.random.random_range(0..=whole.nanos()))
    }

    /// The next asks of a lane. Some are doubtful, of others it is known what they may cost.
    fn block(&mut self, place: usize) -> Vec<Begin> {
        let size = self.random.random_range(1..=3);
        let waiting = self.lanes[place].waiting.iter().take(size);
        waiting
            .map(|work| {
                let least = self.random.random_range(1..=4_i64);
                let more = self.random.random_range(-4..=10_i64).max(0);
                may_cost(work, least + more, least)
            })
            .collect()
    }

    async fn commit(
        &mut self,
        place: usize,
        outcomes: &[AskOutcome],
        begin: &[Begin],
        alone: bool,
    ) -> Committed {
        let batch = Batch {
            outcomes,
            begin,
            alone,
            ..Batch::default()
        };
        let lane = &mut self.lanes[place];
        let committed = self
            .database
            .store
            .commit_outcomes(&lane.claimed.scope, &batch)
            .await
            .expect("committed");
        for next in &begin[..committed.begun] {
            let work = lane.waiting.pop_front().expect("it waited");
            let margin = next.most - next.least;
            self.widest = self.widest.max(margin);
            self.in_flight.push(InFlight {
                kind: InFlightKind::Ask(place, work),
                draws_on: lane.draws_on.clone(),
                may_cost: next.most,
                margin,
            });
        }
        if committed.stopped.is_some() {
            lane.waiting.clear();
        }
        lane.is_done = committed.lane_done;
        committed
    }

    /// Something in flight wants another attempt.
    async fn again(&mut self) {
        if self.in_flight.is_empty() {
            return;
        }
        let place = self.random.random_range(0..self.in_flight.len());
        let more = times(self.random.random_range(1..=4));
        let store = &self.database.store;
        let had = match &self.in_flight[place].kind {
            InFlightKind::Ask(lane, _) => {
                let scope = &self.lanes[*lane].claimed.scope;
                store.reserve_for_lane(scope, more).await
            }
            InFlightKind::Call(set_aside) => store.reserve_for_call(*set_aside, more).await,
        };
        if had.expect("asked") {
            self.in_flight[place].may_cost += more;
        }
    }

    async fn begin_call(&mut self) {
        let mut scope = self.calls.clone();
        let mut draws_on = vec![SpendingAccount::Workspace];
        if self.random.random_range(0..2) == 0 {
            scope.pay_on_shared_key(true);
            draws_on.push(SpendingAccount::SharedKeys);
        }
        let worst_case = times(self.random.random_range(1..=6));
        let begun = call(self.database, &scope, CallKind::Suggest, worst_case).await;
        if let Some(set_aside) = begun {
            self.in_flight.push(InFlight {
                kind: InFlightKind::Call(set_aside),
                draws_on,
                may_cost: worst_case,
                margin: Money::ZERO,
            });
        }
    }

    async fn end_call(&mut self) {
        let is_call = |flying: &InFlight| matches!(flying.kind, InFlightKind::Call(_));
        let Some(place) = self.in_flight.iter().position(is_call) else {
            return;
        };
        let flying = self.in_flight.swap_remove(place);
        let cost = self.part_of(flying.may_cost);
        if let InFlightKind::Call(set_aside) = flying.kind {
            let costs = [computed(cost)];
            let store = &self.database.store;
            let settled = store.settle_call(set_aside, &costs).await;
            settled.expect("settled");
        }
    }

    /// Whatever is in flight of an account may cost all that it may, and the account has it; or
    /// it is one ask alone, and the account is passed by what that may cost beyond its least.
    async fn check(&self) {
        for &account in &self.accounts {
            let draws = |flying: &&InFlight| flying.draws_on.contains(&account);
            let in_flight: Vec<&InFlight> = self.in_flight.iter().filter(draws).collect();
            let may_cost: Money = in_flight.iter().map(|flying| flying.may_cost).sum();
            let found = balance(self.database, &self.at, account).await;
            let passed = found.spent + may_cost - found.limit;
            if passed > Money::ZERO {
                let allowed = match in_flight.as_slice() {
                    // The last one went alone.
                    [] => self.widest,
                    [alone] => alone.margin,
                    several => panic!("{} in flight at the end of {account:?}", several.len()),
                };
                assert!(passed <= allowed, "{account:?} by {passed} of {allowed}");
            }
            assert_eq!(found.reserved, may_cost, "{account:?}");
        }
    }
}

on_both_databases! {
    async fn no_order_of_things_passes_an_account(database: &TestDatabase) {
        for seed in 0..WORLDS {
            let mut world = World::make(database, seed).await;
            let mut steps = 0;
            while !world.is_over() {
                world.step().await;
                world.check().await;
                steps += 1;
                assert!(steps < MOST_STEPS, "seed {seed} never ends");
            }
        }
    }

    async fn nothing_begins_beside_an_ask_at_its_least(database: &TestDatabase) {
        let projects = make_projects(database, &one_model(5), 2).await;
        let [first, second] = lanes(database, &projects).await;
        assert!(begin_ask(database, &first, may_cost(&first.asks[0], 6, 2)).await);
        // Beside its least there would be room for all of these.
        assert!(!begin_ask(database, &second, may_cost(&second.asks[0], 3, 3)).await);
        assert!(!begin_ask(database, &second, may_cost(&second.asks[0], 6, 1)).await);
        assert!(!begin_ask(database, &first, may_cost(&first.asks[1], 1, 1)).await);
        let scope = call_scope(database, &projects[0]).await;
        for kind in [CallKind::Suggest, CallKind::Trial] {
            assert!(call(database, &scope, kind, COST).await.is_none());
        }
        // Nor does it get more for another attempt.
        let more = database.store.reserve_for_lane(&first.scope, COST).await;
        assert!(!more.expect("asked"));
        assert_eq!(database.number(RESERVED).await, times(6).nanos());

        settle_ask(database, &first, &first.asks[0], 6, 2).await;
        assert!(begin_ask(database, &second, may_cost(&second.asks[0], 3, 3)).await);
        assert_eq!(database.number(RESERVED).await, times(3).nanos());
    }

    async fn who_is_alone_in_its_project_is_one_of_many_in_the_workspace(database: &TestDatabase) {
        let projects = make_projects(database, &one_model(10), 2).await;
        limit_project(database, projects[0].project, times(5)).await;
        let [first, second] = lanes(database, &projects).await;
        assert!(begin_ask(database, &second, may_cost(&second.asks[0], 3, 3)).await);
        assert!(begin_ask(database, &first, may_cost(&first.asks[0], 6, 2)).await);
        // The workspace has set 3 and 6 aside, not 3 and 2.
        assert!(!begin_ask(database, &second, may_cost(&second.asks[1], 2, 2)).await);
        assert!(begin_ask(database, &second, may_cost(&second.asks[1], 1, 1)).await);
        // All of them cost what they may: the project is passed, and the workspace is not.
        settle_ask(database, &first, &first.asks[0], 6, 6).await;
        settle_ask(database, &second, &second.asks[0], 3, 3).await;
        settle_ask(database, &second, &second.asks[1], 1, 1).await;
        let workspace = balance(database, &projects[0], SpendingAccount::Workspace).await;
        assert_eq!((workspace.spent, workspace.limit), (times(10), times(10)));
        let of_project = SpendingAccount::Project(projects[0].project);
        let own = balance(database, &projects[0], of_project).await;
        assert_eq!((own.spent, own.limit), (times(6), times(5)));
    }

    async fn who_is_alone_in_its_project_waits_for_the_workspace(database: &TestDatabase) {
        let projects = make_projects(database, &one_model(10), 2).await;
        limit_project(database, projects[0].project, times(5)).await;
        let [first, second] = lanes(database, &projects).await;
        assert!(begin_ask(database, &second, may_cost(&second.asks[0], 5, 5)).await);
        // Its least is there in both; its most is in neither.
        assert!(!begin_ask(database, &first, may_cost(&first.asks[0], 6, 2)).await);
        settle_ask(database, &second, &second.asks[0], 5, 5).await;
        assert!(begin_ask(database, &first, may_cost(&first.asks[0], 6, 2)).await, "alone in both");
    }

    async fn a_ceiling_of_shared_keys_decides_by_itself(database: &TestDatabase) {
        let projects = make_projects(database, &one_model(100), 3).await;
        let at = &projects[0];
        limit_shared_keys(database, at, times(5)).await;
        let [mut first, second, mut third] = lanes(database, &projects).await;
        first.scope.on_shared_key = true;
        third.scope.on_shared_key = true;
        // What is in flight with an own key is no company under the ceiling.
        assert!(begin_ask(database, &second, may_cost(&second.asks[0], 3, 3)).await);
        assert!(begin_ask(database, &first, may_cost(&first.asks[0], 6, 2)).await);
        assert!(!begin_ask(database, &third, may_cost(&third.asks[0], 1, 1)).await);
        let mut scope = call_scope(database, at).await;
        scope.pay_on_shared_key(true);
        assert!(call(database, &scope, CallKind::Suggest, COST).await.is_none());
        // Own keys are not held up.
        assert!(begin_ask(database, &second, may_cost(&second.asks[1], 3, 3)).await);
        settle_ask(database, &first, &first.asks[0], 6, 2).await;
        assert!(begin_ask(database, &third, may_cost(&third.asks[0], 3, 3)).await);
        assert!(!begin_ask(database, &first, may_cost(&first.asks[1], 4, 1)).await, "not alone");
    }

    async fn calls_and_judges_are_company(database: &TestDatabase) {
        let project = make_project(database, &one_model(5)).await;
        let run = project.plan(database).await;
        let lane = claim(database, "a").await;
        let scope = call_scope(database, &project).await;
        let next = may_cost(&lane.asks[0], 6, 2);
        for kind in [CallKind::Suggest, CallKind::Trial] {
            let begun = call(database, &scope, kind, COST).await.expect("begun");
            assert!(!begin_ask(database, &lane, next).await, "{kind:?}");
            database.store.settle_call(begun, &[]).await.expect("settled");
        }
        let judge = format!(
            "INSERT INTO llm_monitoring_judge_passes (workspace_id, project_id, run_id, model_id, \
             status, answers_total, answers_done, answers_failed, cost_nano_usd, \
             reserved_nano_usd, epoch, created_at) \
             SELECT workspace_id, project_id, id, {}, 'running', 1, 0, 0, 0, {}, 1, created_at \
             FROM llm_monitoring_analysis_runs WHERE id = {run}",
            project.models[0].0,
            COST.nanos(),
        );
        database.execute(&judge).await;
        assert!(!begin_ask(database, &lane, next).await);
        let over = "UPDATE llm_monitoring_judge_passes SET status = 'done', reserved_nano_usd = 0";
        database.execute(over).await;
        assert!(begin_ask(database, &lane, next).await);
    }

    async fn what_nobody_in_flight_needs_is_free(database: &TestDatabase) {
        let project = make_project(database, &one_model(5)).await;
        project.plan(database).await;
        let lane = claim(database, "a").await;
        begin(database, &lane, &[lane.asks[0].id, lane.asks[1].id]).await;
        // Set aside for another attempt, and nobody was told: the connection broke.
        assert!(database.store.reserve_for_lane(&lane.scope, COST).await.expect("asked"));
        settle_ask(database, &lane, &lane.asks[0], 1, 1).await;
        assert_eq!(database.number(RESERVED).await, times(2).nanos());
        settle_ask(database, &lane, &lane.asks[1], 1, 1).await;
        assert_eq!(database.number(RESERVED).await, 0);
        // Whoever has to be alone is.
        assert!(begin_ask(database, &lane, may_cost(&lane.asks[2], 6, 2)).await);
    }
}
