//! The command line, nothing else.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use parallax::bootstrap;
use parallax::cli::{
    self, accounts, backup, cron, detect, doctor, history, inspect, key, prices, rebuild, serve,
    simulate, users, workspace,
};
use parallax::config::{Config, DatabaseConfig};
use parallax::data_folder;

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
    /// Serve the application until it is told to stop
    Serve(serve::ServeArgs),
    /// Ask what others have planned, on the same database, until it is told to stop
    Worker(serve::WorkerArgs),
    /// Do what a schedule outside of Parallax is to start
    #[command(subcommand)]
    Cron(CronCommand),
    /// Bring the database's tables up to date
    Migrate,
    /// Look whether everything is fit to serve, and say what to do where it is not
    Doctor,
    /// Manage users
    #[command(subcommand)]
    User(UserCommand),
    /// Make a REST token for a user; it is shown this once
    Token(accounts::TokenArgs),
    /// Manage workspaces
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// Manage the master key of the vault
    #[command(subcommand)]
    Key(KeyCommand),
    /// Manage the prices of models
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Write everything that the database holds into one file; hosts may go on meanwhile
    Backup(backup::BackupArgs),
    /// Fill an empty database, SQLite or PostgreSQL, from such a file
    Restore(backup::RestoreArgs),
    /// Make all sums anew from what was found in the stored answers
    Rebuild(rebuild::RebuildArgs),
    /// Make a project with made-up answers of many days; stop the host before
    SimulateHistory(history::HistoryArgs),
    /// Print what the adapters make of one recorded exchange
    Inspect {
        /// The recording
        file: PathBuf,
    },
    /// Print what is found about entities in a text
    Detect(detect::DetectArgs),
    /// Serve the four providers' protocols for tests and demonstrations
    Simulate(simulate::SimulateArgs),
}

#[derive(Subcommand)]
enum CronCommand {
    /// Start today's run of every project that is due today, and wait for the end
    Daily(cron::CronArgs),
    /// Look at which models the providers have; new ones wait for an admin
    Models(cron::CronArgs),
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a user
    Add(accounts::UserAddArgs),
    /// Print who has an account, and what they may do
    List(users::ListArgs),
    /// Let a user in no more; their sessions and tokens end at once
    Disable(users::DisableArgs),
    /// Let a disabled user in again
    Enable(users::EnableArgs),
    /// Give a user another password; their sessions and tokens end at once
    ResetPassword(users::ResetPasswordArgs),
    /// Print the sessions of a user, or end them all
    Sessions(users::SessionsArgs),
    /// Make a user an admin of the instance, or give them a role in a workspace
    Role(users::RoleArgs),
}

#[derive(Subcommand)]
enum WorkspaceCommand {
    /// Set what an owner's workspaces may spend on the operator's keys a month
    Ceiling(workspace::CeilingArgs),
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Seal every stored API key with a new master key
    Rotate(key::RotateArgs),
}

#[derive(Subcommand)]
enum PricesCommand {
    /// Show what a file of prices would change, and write it with --apply
    Import(prices::ImportArgs),
}

/// What a command prints, or why it failed.
type Done = Result<Option<String>, String>;

#[tokio::main]
async fn main() -> ExitCode {
    data_folder::keep_new_files_closed();
    match run(Cli::parse().command).await {
        Ok(Some(text)) => print(&text),
        Ok(None) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

/// Prints what a command gives. Whoever reads it may have seen enough before its end, as `head`
/// does; that is no failure.
fn print(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(&error.to_string()),
        _ => ExitCode::SUCCESS,
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("parallax: {message}");
    ExitCode::FAILURE
}

async fn run(command: Command) -> Done {
    // Commands that need no host need no configuration either.
    match command {
        Command::Inspect { file } => return line(inspect::run(&file)),
        Command::Detect(args) => return line(detect::run(&args)),
        Command::Simulate(args) => return nothing(simulate::run(args).await),
        // It says what is wrong with the configuration, too.
        Command::Doctor => return nothing(doctor::run(Config::from_environment()).await),
        _ => {}
    }
    let config = Config::from_environment().map_err(said)?;
    cli::log::start(config.http.environment);
    let DatabaseConfig { place, data_dir } = &config.database;
    data_folder::close_to_others(data_dir, place.sqlite_file().as_deref());
    match command {
        Command::Serve(args) => nothing(serve::run(config, args).await),
        Command::Worker(args) => nothing(serve::work(config, args).await),
        Command::Cron(CronCommand::Daily(args)) => nothing(cron::daily(config, args).await),
        Command::Cron(CronCommand::Models(args)) => nothing(cron::models(config, args).await),
        Command::Migrate => nothing(bootstrap::ready_store(&config.database).await.map(drop)),
        Command::User(command) => line(user(&config, command).await),
        Command::Token(args) => line(accounts::make_token(&config, &args).await),
        Command::Workspace(WorkspaceCommand::Ceiling(args)) => {
            line(workspace::ceiling(&config, &args).await)
        }
        Command::Backup(args) => backup::backup(config, &args).await.map_err(said),
        Command::Restore(args) => line(backup::restore(config, &args).await),
        Command::SimulateHistory(args) => line(history::run(config, args).await),
        Command::Rebuild(args) => line(rebuild::run(config, args).await),
        Command::Prices(PricesCommand::Import(args)) => line(prices::import(config, &args).await),
        Command::Key(KeyCommand::Rotate(args)) => line(key::rotate(config, &args).await),
        Command::Inspect { .. } | Command::Detect(_) | Command::Simulate(_) | Command::Doctor => {
            Ok(None)
        }
    }
}

async fn user(config: &Config, command: UserCommand) -> Result<String, accounts::AccountError> {
    match command {
        UserCommand::Add(args) => accounts::add_user(config, &args).await,
        UserCommand::List(args) => users::list(config, &args).await,
        UserCommand::Disable(args) => users::disable(config, &args).await,
        UserCommand::Enable(args) => users::enable(config, &args).await,
        UserCommand::ResetPassword(args) => users::reset_password(config, &args).await,
        UserCommand::Sessions(args) => users::sessions(config, &args).await,
        UserCommand::Role(args) => users::role(config, &args).await,
    }
}

fn said(error: impl Display) -> String {
    error.to_string()
}

fn line(result: Result<String, impl Display>) -> Done {
    result.map(Some).map_err(said)
}

fn nothing(result: Result<(), impl Display>) -> Done {
    result.map(|()| None).map_err(said)
}
