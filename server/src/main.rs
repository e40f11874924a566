//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use parallax::cli;

#[derive(Parser)]
#[command(
    name = "parallax",
    version,
    about = "Watches how language models talk about a brand"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print what the adapters make of one recorded exchange
    Inspect {
        /// The recording
        file: PathBuf,
    },
    /// Serve the four providers' protocols for tests and demonstrations
    Simulate(cli::simulate::SimulateArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Inspect { file } => cli::inspect::run(&file)
            .map(|json| println!("{json}"))
            .map_err(|error| error.to_string()),
        Command::Simulate(args) => cli::simulate::run(args)
            .await
            .map_err(|error| error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("parallax: {message}");
            ExitCode::FAILURE
        }
    }
}
