//! `parallax serve`: the host, until it is told to stop.

use std::net::SocketAddr;

use tokio::signal;

use crate::bootstrap::{self, BootError, Parallax};
use crate::config::Config;

/// Serves until Ctrl-C or SIGTERM. Prints the address once it answers.
pub async fn run(config: Config) -> Result<(), BootError> {
    let listener = bootstrap::listen(config.http.listen).await?;
    let address = listener.local_addr().unwrap_or(config.http.listen);
    let (parallax, state) = Parallax::start(config).await?;
    announce(address);
    parallax.serve(state, listener, stop_signal()).await
}

#[expect(clippy::print_stdout, reason = "for the person or test that waits for the address")]
fn announce(address: SocketAddr) {
    println!("listening on http://{address}");
}

/// Ready when the process is asked to end.
async fn stop_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
