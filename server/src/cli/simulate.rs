//! `parallax simulate`: a server that speaks the four providers' protocols.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use providers::simulator::FaultPlan;
use providers::simulator::server::{Reroute, SimulateOptions, serve};
use tokio::net::TcpListener;

/// The options of the command.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8089")]
    pub listen: SocketAddr,
    /// How long an answer takes, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub latency: u64,
    /// What fails and how often, like 429=0.1,500=0.05,drop=0.01,slow=0.02,malformed=0.01,429:first=3.
    #[arg(long, default_value = "")]
    pub fail: FaultPlan,
    /// How much longer an answer takes where `slow` strikes, in milliseconds.
    #[arg(long, default_value_t = 30_000)]
    pub slow_ms: u64,
    /// How long a client is asked to wait after a 429, in milliseconds.
    #[arg(long, default_value_t = 1_000)]
    pub retry_after_ms: u64,
    /// Names to use in answers, the brand first.
    #[arg(long, value_delimiter = ',')]
    pub names: Vec<String>,
    /// Models whose asks another one answers, which the answers name: ASKED=SERVED, or
    /// ASKED=SERVED@ANSWERS to begin after so many answers.
    #[arg(long, value_delimiter = ',', value_name = "ASKED=SERVED[@ANSWERS]")]
    pub reroute: Vec<Reroute>,
    /// Another seed gives other answers.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
}

/// Serves until the process is interrupted. Says on standard output where, once it is ready.
pub async fn run(args: SimulateArgs) -> io::Result<()> {
    let listener = TcpListener::bind(args.listen).await?;
    let address = listener.local_addr()?;
    let options = SimulateOptions {
        latency: Duration::from_millis(args.latency),
        slow: Duration::from_millis(args.slow_ms),
        retry_after: Duration::from_millis(args.retry_after_ms),
        faults: args.fail,
        names: args.names,
        reroutes: args.reroute,
        seed: args.seed,
    };
    let mut out = io::stdout();
    writeln!(out, "listening on http://{address}")?;
    out.flush()?;
    serve(listener, options, interrupted()).await
}

/// Done at Ctrl-C, and on Unix also when the process is asked to end.
async fn interrupted() {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = asked_to_end() => {}
    }
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    std::future::pending().await
}
