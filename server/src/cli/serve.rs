//! `parallax serve` and `parallax worker`: the host, until it is told to stop.

#[cfg(unix)]
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;

use clap::Args;
use engine::Options;
use tokio::signal;

use crate::bootstrap::{self, BootError, Parallax};
use crate::config::Config;

/// The options of `serve`.
#[derive(Args, Clone, Copy, Debug)]
pub struct ServeArgs {
    /// Leave the asking to `parallax worker`, here or on other machines
    #[arg(long)]
    pub no_worker: bool,
}

/// The options of `worker`.
#[derive(Args, Clone, Copy, Debug)]
pub struct WorkerArgs {
    /// Asks in flight at the same time, over all runs
    #[arg(long, default_value = "1024")]
    pub concurrency: NonZeroUsize,
}

/// Works until Ctrl-C or SIGTERM. Says so once it is ready.
pub async fn work(config: Config, args: WorkerArgs) -> Result<(), BootError> {
    let stop = stop_signal();
    let options = Options::with_capacity(args.concurrency.get());
    bootstrap::with_worker(config, options, async |_, name| {
        say_that_it_works(name);
        stop.await;
        tracing::info!("shutting down");
    })
    .await
}

#[expect(
    clippy::print_stdout,
    reason = "for the person or test that waits for the worker"
)]
fn say_that_it_works(name: &str) {
    println!("working as {name}");
}

/// Serves until Ctrl-C or SIGTERM. Prints the address once it answers.
pub async fn run(config: Config, args: ServeArgs) -> Result<(), BootError> {
    let listener = bootstrap::listen(config.http.listen)?;
    let address = listener.local_addr().unwrap_or(config.http.listen);
    let (parallax, state) = Parallax::start(config, !args.no_worker).await?;
    // Before the address is told: whoever reads it may ask us to end at once.
    let stop = stop_signal();
    announce(address);
    parallax.serve(state, listener, stop).await
}

#[expect(
    clippy::print_stdout,
    reason = "for the person or test that waits for the address"
)]
fn announce(address: SocketAddr) {
    println!("listening on http://{address}");
}

/// Ready when the process is asked to end. Listens from this call on, not from the first poll.
#[cfg(unix)]
pub(super) fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    use signal::unix::{SignalKind, signal};

    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    async move {
        tokio::select! {
            () = arrival(interrupt) => {}
            () = arrival(terminate) => {}
        }
    }
}

#[cfg(unix)]
async fn arrival(signals: io::Result<signal::unix::Signal>) {
    match signals {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Ready when the process is asked to end.
#[cfg(not(unix))]
pub(super) async fn stop_signal() {
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
