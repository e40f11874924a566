//! The composition root: the one place where parts are wired together.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use engine::{Calls, Engine, EngineHandle, LocalWorkers, Options, Parts};
use providers::client::ClientError;
use providers::simulator::{Simulator, SimulatorOptions};
use providers::{ClientOptions, HttpProvider, Provider, Providers};
use runtime::clock::{SharedClock, SystemClock};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::auth::passwords::{HashError, Passwords};
use crate::auth::set_up::SetUp;
use crate::auth::tokens::Tokens;
use crate::config::{Config, DatabaseConfig, MailConfig, ProvidersConfig, SecretsConfig};
use crate::data_folder;
use crate::http::door::{self, Door, DoorLimits};
use crate::http::{HttpState, router};
use crate::jobs::registry::{self, Job, Running, WorkerJobs};
use crate::jobs::{judge_worker, notices};
use crate::mail::{MailError, Mailer};
use crate::services::Host;
use crate::services::keys::{HostKeyRing, KeyRingError};
use crate::services::projects::Discoveries;
use crate::services::schedule::DueWork;
use crate::services::sums::{Charts, Dashboards, Overviews};
use crate::store::sql::Retention;
use crate::store::{Store, StoreError};
use crate::vault::{self, MasterKeySource, VaultError};
use crate::wake_up::WorkerWaker;
use crate::worker_lock::WorkerLock;

const SECRET_KEY_FILE: &str = "secret.key";
/// So that a newcomer sees a run at work.
const SIMULATED_LATENCY: Duration = Duration::from_millis(700);
/// Pages of numbers that are kept: some people, looking at some periods.
const DASHBOARDS: usize = 256;
/// First screens that are kept.
const OVERVIEWS: usize = 64;
/// Charts that are kept: those of a first screen, and some that are chosen.
const CHARTS: usize = 128;
/// Projects whose names beside the brand are kept.
const DISCOVERIES: usize = 64;

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
    /// The way to the mail server.
    #[error("SMTP_URL: {0}")]
    Mail(#[from] MailError),
    /// The network.
    #[error("cannot listen on {address}: {source}; set PARALLAX_LISTEN to a free address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        source: io::Error,
    },
}

/// Opens the database without touching its tables.
pub async fn open_store(database: &DatabaseConfig) -> Result<Store, BootError> {
    open_store_at(database, Arc::new(SystemClock)).await
}

async fn open_store_at(database: &DatabaseConfig, clock: SharedClock) -> Result<Store, BootError> {
    if database.place.is_sqlite() {
        make_data_dir(database)?;
    }
    Ok(Store::connect(&database.place, clock).await?)
}

/// Opens the database, brings its tables up to date and fills an empty registry.
pub async fn ready_store(database: &DatabaseConfig) -> Result<Store, BootError> {
    ready_store_at(database, Arc::new(SystemClock)).await
}

async fn ready_store_at(database: &DatabaseConfig, clock: SharedClock) -> Result<Store, BootError> {
    let store = open_store_at(database, clock).await?;
    store.migrate().await?;
    store.seed_registry().await?;
    Ok(store)
}

fn make_data_dir(database: &DatabaseConfig) -> Result<(), BootError> {
    data_folder::make(&database.data_dir).map_err(|source| BootError::DataDir {
        path: database.data_dir.clone(),
        source,
    })
}

/// The key under which tokens are hashed.
pub fn token_hasher(
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

/// How the first account is made. Where that takes a code and nobody has an account yet, the log
/// says which.
async fn set_up(asks_code: bool, tokens: &Tokens, store: &Store) -> Result<SetUp, BootError> {
    if !asks_code {
        return Ok(SetUp::without_code());
    }
    let set_up = SetUp::with_code(tokens.clone());
    if let Some(code) = set_up.code()
        && store.count_users().await? == 0
    {
        tracing::warn!(
            "nobody has an account here yet: the first one takes the set-up code {code}, or make \
             it with `parallax user add --admin`"
        );
    }
    Ok(set_up)
}

/// How time passes.
struct Time {
    clock: SharedClock,
    /// How the simulator behaves in it.
    simulator: SimulatorOptions,
}

impl Time {
    fn of_this_machine() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            simulator: SimulatorOptions {
                latency: SIMULATED_LATENCY,
                ..SimulatorOptions::default()
            },
        }
    }
}

fn mail_sender((config, tokens): (MailConfig, Tokens)) -> Result<notices::MailSender, MailError> {
    let mailer = Mailer::new(&config)?;
    Ok(notices::MailSender { mailer, tokens })
}

/// The parts that serving and working have in common.
struct Base {
    store: Store,
    keys: HostKeyRing,
    providers: Arc<Providers>,
    waker: WorkerWaker,
    shutdown: CancellationToken,
    data_dir: PathBuf,
    mail_sender: Option<notices::MailSender>,
}

impl Base {
    async fn open(
        database: &DatabaseConfig,
        master_key: MasterKeySource,
        providers: ProvidersConfig,
        mail: Option<(MailConfig, Tokens)>,
        retention: Retention,
        time: Time,
    ) -> Result<Self, BootError> {
        let store = ready_store_at(database, time.clock)
            .await?
            .with_retention(retention);
        let data_dir = database.data_dir.clone();
        let keys =
            HostKeyRing::open(store.clone(), master_key, data_dir.clone(), providers).await?;
        let simulator = Simulator::new(time.simulator);
        let providers = Arc::new(Providers {
            http: HttpProvider::new(ClientOptions::default())?,
            simulator,
        });
        Ok(Self {
            waker: WorkerWaker::open(&store),
            store,
            keys,
            providers,
            shutdown: CancellationToken::new(),
            data_dir,
            mail_sender: mail.map(mail_sender).transpose()?,
        })
    }

    fn due_work(&self) -> DueWork {
        DueWork {
            store: self.store.clone(),
            keys: self.keys.clone(),
            waker: self.waker.clone(),
            providers: Arc::clone(&self.providers),
        }
    }

    /// Starts a worker with its jobs, and those of the host beside it.
    fn work(self, options: Options, of_host: Vec<Job>) -> Result<Work, BootError> {
        let worker_lock =
            WorkerLock::hold(&self.data_dir).map_err(|source| BootError::DataDir {
                path: self.data_dir.clone(),
                source,
            })?;
        let name = worker_lock.name();
        let due_work = self.due_work();
        let parts = Parts {
            lanes: Arc::new(self.store.clone()),
            keys: Arc::new(self.keys.clone()),
            provider: self.providers,
            clock: self.store.clock().clone(),
            local_workers: Arc::new(worker_lock),
        };
        let wake_signal = self.waker.local();
        let engine = Engine::spawn_woken_by(wake_signal, parts, options, self.shutdown.clone());
        let mut jobs = registry::of_worker(WorkerJobs {
            store: self.store.clone(),
            worker: Arc::clone(&name),
            waker: self.waker,
            due_work,
            mail_sender: self.mail_sender,
            judging: judge_worker::Judging {
                store: self.store.clone(),
                keys: Arc::new(self.keys),
                calls: engine.calls(),
            },
        });
        jobs.extend(of_host);
        let watched = vec![engine.reporter()];
        let process = Arc::clone(&name);
        Ok(Work {
            jobs: Running::start(jobs, watched, &self.store, process, &self.shutdown),
            name,
            engine,
        })
    }
}

/// A worker at work.
struct Work {
    name: Arc<str>,
    engine: EngineHandle,
    jobs: Running,
}

impl Work {
    /// Waits until lanes and jobs have obeyed their shutdown.
    async fn join(self) {
        self.engine.join().await;
        self.jobs.join().await;
    }
}

/// What a host runs beside its requests.
enum Background {
    /// A worker, and the jobs of the host.
    Worker(Box<Work>),
    /// The jobs of the host alone.
    Host(Running),
}

/// Works on lanes for as long as `body` takes, which is told what starts work and the worker's
/// name; then drains and closes the database.
pub async fn with_worker<T>(
    config: Config,
    options: Options,
    body: impl AsyncFnOnce(&DueWork, &str) -> T,
) -> Result<T, BootError> {
    let Config {
        database,
        secrets,
        providers,
        mail,
        retention,
        ..
    } = config;
    let tokens = token_hasher(&secrets, &database)?;
    let mail = mail.map(|mail| (mail, tokens));
    let time = Time::of_this_machine();
    let base = Base::open(
        &database,
        secrets.master_key,
        providers,
        mail,
        retention,
        time,
    )
    .await?;
    let (store, shutdown) = (base.store.clone(), base.shutdown.clone());
    let due_work = base.due_work();
    let work = base.work(options, Vec::new())?;
    let outcome = body(&due_work, &work.name).await;
    shutdown.cancel();
    work.join().await;
    store.close().await?;
    Ok(outcome)
}

/// A worker whose clock is not this machine's, alone on its database.
pub struct HistoryWorker {
    /// The database.
    pub store: Store,
    /// The worker.
    pub engine: EngineHandle,
}

impl HistoryWorker {
    /// Waits until the worker has obeyed its shutdown, and closes the database.
    pub async fn close(self) -> Result<(), BootError> {
        self.engine.join().await;
        Ok(self.store.close().await?)
    }
}

/// Starts a worker by `clock` that simulates without waiting, until `shutdown`; answers have
/// at least `answer_bytes`.
pub async fn open_history_worker(
    config: Config,
    clock: SharedClock,
    answer_bytes: usize,
    shutdown: CancellationToken,
) -> Result<HistoryWorker, BootError> {
    let time = Time {
        clock: Arc::clone(&clock),
        simulator: SimulatorOptions {
            answer_bytes,
            ..SimulatorOptions::default()
        },
    };
    let master_key = config.secrets.master_key;
    let base = Base::open(
        &config.database,
        master_key,
        config.providers,
        None,
        config.retention,
        time,
    )
    .await?;
    let worker_lock = WorkerLock::hold(&base.data_dir).map_err(|source| BootError::DataDir {
        path: base.data_dir.clone(),
        source,
    })?;
    let parts = Parts {
        lanes: Arc::new(base.store.clone()),
        keys: Arc::new(base.keys),
        provider: base.providers,
        clock,
        local_workers: Arc::new(worker_lock),
    };
    Ok(HistoryWorker {
        engine: Engine::spawn(parts, Options::default(), shutdown),
        store: base.store,
    })
}

/// Everything that runs, ready to be served.
pub struct Parallax {
    host: Host,
    background: Background,
    store: Store,
    shutdown: CancellationToken,
    door: Door,
}

impl Parallax {
    /// Wires the parts and, where this process shall work on lanes too, starts a worker.
    pub async fn start(config: Config, works: bool) -> Result<(Self, HttpState), BootError> {
        let tokens = token_hasher(&config.secrets, &config.database)?;
        let sends_mail = config.mail.is_some();
        let base = Base::open(
            &config.database,
            config.secrets.master_key,
            config.providers,
            config.mail.map(|mail| (mail, tokens.clone())),
            config.retention,
            Time::of_this_machine(),
        )
        .await?;
        let (store, shutdown) = (base.store.clone(), base.shutdown.clone());
        let (providers, keys) = (base.providers.clone(), base.keys.clone());
        let waker = base.waker.clone();
        let of_host = registry::of_host(store.clone());
        let background = if works {
            Background::Worker(Box::new(base.work(Options::default(), of_host)?))
        } else {
            let name = format!("host-{}-{:08x}", std::process::id(), rand::random::<u32>());
            let running = Running::start(of_host, Vec::new(), &store, name.into(), &shutdown);
            Background::Host(running)
        };
        // Where there is a worker, its pace is one with that of the calls.
        let calls = match &background {
            Background::Worker(work) => work.engine.calls(),
            Background::Host(_) => Calls::without_worker(
                Arc::clone(&providers) as Arc<dyn Provider>,
                store.clock().clone(),
            ),
        };
        let set_up = set_up(!config.http.is_for_this_machine_alone(), &tokens, &store).await?;
        let host = Host {
            store: store.clone(),
            passwords: Passwords::new()?,
            tokens,
            set_up,
            sends_mail,
            keys,
            providers,
            calls,
            waker,
            closing: shutdown.clone(),
            dashboards: Dashboards::new(DASHBOARDS),
            overviews: Overviews::new(OVERVIEWS),
            charts: Charts::new(CHARTS),
            discoveries: Discoveries::new(DISCOVERIES),
        };
        let state = HttpState::new(
            host.clone(),
            config.http.rate_limit_per_minute,
            config.secrets.cron_token,
        )
        .with_docs(config.http.api_docs)
        .reached_as(&config.http);
        let proxies = config.http.trusted_proxies;
        let door = Door::new(DoorLimits::of_this_process(config.http.max_connections))
            .trusting(move |address| proxies.contains(address));
        Ok((
            Self {
                host,
                background,
                store,
                shutdown,
                door,
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
        let shutdown = self.shutdown.clone();
        let stopping = tokio::spawn(async move {
            stop.await;
            tracing::info!("shutting down");
            shutdown.cancel();
        });
        self.door
            .serve(listener, router(state), self.shutdown.clone())
            .await;
        stopping.abort();
        match self.background {
            Background::Worker(work) => work.join().await,
            Background::Host(running) => running.join().await,
        }
        drop(self.host);
        Ok(self.store.close().await?)
    }
}

/// Listens on an address; see [`door::listen`].
pub fn listen(address: SocketAddr) -> Result<TcpListener, BootError> {
    door::listen(address).map_err(|source| BootError::Listen { address, source })
}
