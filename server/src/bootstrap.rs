//! The composition root: the one place where parts are wired together.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::auth::passwords::{HashError, Passwords};
use crate::auth::tokens::Tokens;
use crate::clock::SystemClock;
use crate::config::{Config, DatabaseConfig, SecretsConfig};
use crate::engine::{Engine, EngineHandle, Options, Parts};
use crate::http::{HttpState, router};
use crate::providers::client::ClientError;
use crate::providers::simulator::{Simulator, SimulatorOptions};
use crate::providers::{ClientOptions, HttpProvider, Providers};
use crate::services::keyring::KeyRingError;
use crate::services::{Host, HostKeyRing};
use crate::store::{Store, StoreError};
use crate::vault::{self, VaultError};

const SECRET_KEY_FILE: &str = "secret.key";
/// So that a newcomer sees a run at work.
const SIMULATED_LATENCY: Duration = Duration::from_millis(700);
/// Open connections, such as progress streams, are cut after this.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Why the host could not start.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The data folder.
    #[error(
        "cannot make the data folder {path}: {source}; set PARALLAX_DATA_DIR to a folder that can be written"
    )]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The database.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The instance's secrets.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The stored API keys.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// Password hashing.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The HTTP client.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The network.
    #[error("cannot listen on {address}: {source}; set PARALLAX_LISTEN to a free address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        source: io::Error,
    },
    /// Serving failed.
    #[error("server: {0}")]
    Serve(io::Error),
}

/// Opens the database without touching its tables.
pub async fn open_store(database: &DatabaseConfig) -> Result<Store, BootError> {
    if database.url.is_sqlite() {
        make_data_dir(database)?;
    }
    Ok(Store::connect(database.url.expose(), Arc::new(SystemClock)).await?)
}

/// Opens the database, brings its tables up to date and fills an empty registry.
pub async fn ready_store(database: &DatabaseConfig) -> Result<Store, BootError> {
    let store = open_store(database).await?;
    store.migrate().await?;
    store.seed_registry().await?;
    Ok(store)
}

fn make_data_dir(database: &DatabaseConfig) -> Result<(), BootError> {
    std::fs::create_dir_all(&database.data_dir).map_err(|source| BootError::DataDir {
        path: database.data_dir.clone(),
        source,
    })
}

/// The key under which tokens are hashed.
pub fn token_keeper(
    secrets: &SecretsConfig,
    database: &DatabaseConfig,
) -> Result<Tokens, BootError> {
    let key = if let Some(key) = &secrets.secret_key {
        key.clone()
    } else {
        make_data_dir(database)?;
        vault::secret_from_file(&database.data_dir, SECRET_KEY_FILE)?
    };
    Ok(Tokens::new(key))
}

/// Everything that runs, ready to be served.
pub struct Parallax {
    host: Host,
    engine: EngineHandle,
    store: Store,
    shutdown: CancellationToken,
}

impl Parallax {
    /// Wires the parts and starts the engine.
    pub async fn start(config: Config) -> Result<(Self, HttpState), BootError> {
        let tokens = token_keeper(&config.secrets, &config.database)?;
        let store = ready_store(&config.database).await?;
        let keys = HostKeyRing::open(
            store.clone(),
            config.secrets.master_key,
            config.database.data_dir,
            config.providers,
        )
        .await?;
        let simulator = Simulator::new(SimulatorOptions {
            latency: SIMULATED_LATENCY,
            ..SimulatorOptions::default()
        });
        let providers = Arc::new(Providers {
            http: HttpProvider::new(ClientOptions::default())?,
            simulator,
        });
        let shutdown = CancellationToken::new();
        let parts = Parts {
            lanes: Arc::new(store.clone()),
            keys: Arc::new(keys.clone()),
            provider: providers.clone(),
            clock: store.clock().clone(),
        };
        let engine = Engine::spawn(parts, Options::default(), shutdown.clone());
        let host = Host {
            store: store.clone(),
            passwords: Passwords::new()?,
            tokens,
            keys,
            providers,
            bell: engine.bell(),
            closing: shutdown.clone(),
        };
        let state = HttpState::new(host.clone(), config.http.rate_limit_per_minute);
        Ok((
            Self {
                host,
                engine,
                store,
                shutdown,
            },
            state,
        ))
    }

    /// What all requests share.
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// Serves until `stop` is ready; then drains: no new connections, no new lanes, asks in
    /// flight are waited for, leases are given back, the database is closed.
    pub async fn serve(
        self,
        state: HttpState,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), BootError> {
        let routes = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let shutdown = self.shutdown.clone();
        let closing = self.shutdown.clone();
        let server = axum::serve(listener, routes).with_graceful_shutdown(async move {
            stop.await;
            tracing::info!("shutting down");
            shutdown.cancel();
        });
        let cut = async move {
            closing.cancelled().await;
            tokio::time::sleep(CLOSE_WITHIN).await;
        };
        let outcome = tokio::select! {
            outcome = std::future::IntoFuture::into_future(server) => outcome,
            () = cut => Ok(()),
        };
        self.shutdown.cancel();
        self.engine.join().await;
        drop(self.host);
        self.store.close().await?;
        outcome.map_err(BootError::Serve)
    }
}

/// Listens on an address.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, BootError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BootError::Listen { address, source })
}
