//! A database with one project, ready to be run.

use std::path::Path;
use std::sync::Arc;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::language::Language;
use app::model::money::Money;
use app::model::project::{EntityDraft, ProjectDraft};
use app::model::provider::Provider;
use app::model::registry::{ModelChange, ModelDraft, PriceDraft};
use app::validate;
use parallax::store::Store;
use parallax::store::accounts::{Entrance, NewUser};
use parallax::store::money::BudgetChange;
use parallax::store::sql::DatabasePlace;
use runtime::clock::SystemClock;
use sea_orm::ConnectionTrait;

use crate::fan_out::Load;
use crate::scratch::Scratch;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A database of its own and what is in it.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) workspace: WorkspaceId,
    pub(crate) project: ProjectId,
    folder: tempfile::TempDir,
    postgres: Option<Scratch>,
}

impl World {
    pub(crate) async fn new(kind: Kind, load: &Load) -> Self {
        Self::with_competitors(kind, load, &["Acme", "Globex"]).await
    }

    pub(crate) async fn with_competitors(kind: Kind, load: &Load, competitors: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (place, postgres) = match kind {
            Kind::Sqlite => (
                DatabasePlace::file(&folder.path().join("bench.sqlite3")),
                None,
            ),
            Kind::Postgres => {
                let scratch = Scratch::make("bench").await;
                (DatabasePlace::parse(&scratch.url).unwrap(), Some(scratch))
            }
        };
        let store = Store::connect(&place, Arc::new(SystemClock)).await.unwrap();
        store.migrate().await.unwrap();
        let (workspace, project) = prepare(&store, load, competitors).await;
        Self {
            store,
            workspace,
            project,
            folder,
            postgres,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn end(self) {
        self.store.close().await.unwrap();
        if let Some(scratch) = self.postgres {
            scratch.end().await;
        }
        self.folder.close().unwrap();
    }
}

async fn prepare(store: &Store, load: &Load, competitors: &[&str]) -> (WorkspaceId, ProjectId) {
    let new = NewUser {
        email: "bench@example.com".to_owned(),
        password_hash: String::new(),
        is_admin: true,
    };
    let (user, workspace) = store.create_user(new, Entrance::CommandLine).await.unwrap();
    let plenty = BudgetChange {
        monthly: Some(Money::from_usd(1_000_000)),
        ..BudgetChange::default()
    };
    store.save_budget(workspace, plenty).await.unwrap();
    let mut model_ids: Vec<ModelId> = Vec::new();
    for number in 0..load.lanes {
        let draft = ModelDraft {
            provider: Provider::OpenAi,
            model_id: format!("bench-{number}"),
            display_name: format!("Bench {number}"),
            web_search: false,
            max_tokens: Some(2_048),
        };
        let model_id = store.add_model(&draft, None).await.unwrap();
        let price = PriceDraft {
            input: Some("1".to_owned()),
            output: Some("4".to_owned()),
            ..PriceDraft::default()
        };
        let amounts = validate::price(Language::English, &price).unwrap();
        let change = ModelChange {
            is_available: Some(true),
            ..ModelChange::default()
        };
        store
            .change_model(model_id, &change, Some(amounts), user.id)
            .await
            .unwrap();
        model_ids.push(model_id);
    }
    // No draft has this field: it is the provider's limit, preset for the measurement.
    let sql = format!(
        "UPDATE llm_model_registry SET max_in_flight = {}",
        load.window
    );
    let txn = store.begin_write().await.unwrap();
    txn.execute_unprepared(&sql).await.unwrap();
    txn.commit().await.unwrap();
    let named = |name: &str| EntityDraft {
        name: name.to_owned(),
        ..EntityDraft::default()
    };
    let draft = ProjectDraft {
        name: "Bench".to_owned(),
        brand: named("Kipu"),
        competitors: competitors.iter().map(|name| named(name)).collect(),
        language: "en".to_owned(),
        model_ids,
        prompts: Some(
            (0..load.asks_a_lane)
                .map(|number| format!("Which tool number {number} is the best for a small team?"))
                .collect(),
        ),
        is_active: true,
        ..ProjectDraft::default()
    };
    let project = store.create_project(workspace, &draft).await.unwrap();
    (workspace, project)
}
