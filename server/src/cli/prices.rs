//! `parallax prices import`: shows what a file of prices would change, and writes it if asked to.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use app::model::money::Money;
use app::model::prices::{ImportChoice, ImportPreview, ImportRow, OfferedPrice};
use clap::Args;

use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::prices::{self, PriceFileError};
use crate::store::StoreError;
use crate::store::registry::RegistryError;

/// A file with more bytes than this is no list of prices.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What to import, and how far to go.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// JSON of genai-prices, litellm, models.dev, llm-prices or OpenRouter, or in Parallax's own
    /// format
    pub file: PathBuf,
    /// Flagged rows to write too: `all`, `none`, or models (`gpt-6-luna`, `openai/gpt-6-luna`)
    #[arg(long, value_name = "MODEL", num_args = 1.., default_values_t = ["none".to_owned()])]
    pub accept: Vec<String>,
    /// Write the prices that nothing is flagged about, and those of --accept
    #[arg(long)]
    pub apply: bool,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be opened or is no text.
    #[error("cannot read the file: {0}")]
    Io(#[from] io::Error),
    /// The file is larger than any list of prices.
    #[error("the file has more than 64 MiB")]
    TooLarge,
    /// The file is no list of prices.
    #[error(transparent)]
    File(#[from] PriceFileError),
    /// A model of --accept is not in the list of changes.
    #[error("--accept names {0}, of which the file changes nothing")]
    UnknownModel(String),
    /// Somebody changed a price meanwhile.
    #[error("nothing was written: {0}")]
    Registry(#[from] RegistryError),
}

/// Shows what the file would change and, with `--apply`, writes it; gives the text to print.
pub async fn import(config: Config, args: &ImportArgs) -> Result<String, ImportError> {
    if std::fs::metadata(&args.file)?.len() > LARGEST {
        return Err(ImportError::TooLarge);
    }
    let text = std::fs::read_to_string(&args.file)?;
    let store = bootstrap::ready_store(&config.database).await?;
    let today = store.clock().now().date_naive();
    let file = prices::read(&text, today)?;
    let preview = prices::compare(&file, &store.models().await?);
    let accepted = accepted(&preview, &args.accept)?;
    let mut report = describe_import(&preview, &accepted);
    if args.apply {
        let choices: Vec<ImportChoice> = accepted.iter().map(|row| choice(row)).collect();
        store.accept_prices(&choices, None).await?;
        let _ = write!(report, "{} prices written", choices.len());
    } else {
        let _ = write!(
            report,
            "{} prices would be written; nothing is, without --apply",
            accepted.len()
        );
    }
    store.close().await?;
    Ok(report)
}

const fn choice(row: &ImportRow) -> ImportChoice {
    ImportChoice {
        model_id: row.model_id,
        price_id: row.price_id,
        price: row.new,
    }
}

/// The rows that would be written: those without flags, and flagged ones that are named.
fn accepted<'a>(
    preview: &'a ImportPreview,
    wanted: &[String],
) -> Result<Vec<&'a ImportRow>, ImportError> {
    let is_all = wanted.iter().any(|word| word == "all");
    let is_named = |row: &ImportRow, word: &str| {
        word == row.slug || word == format!("{}/{}", row.provider, row.slug)
    };
    let models = wanted
        .iter()
        .filter(|word| *word != "all" && *word != "none");
    for model in models {
        if !preview.rows.iter().any(|row| is_named(row, model)) {
            return Err(ImportError::UnknownModel(model.clone()));
        }
    }
    let is_accepted = |row: &&ImportRow| {
        row.refusal.is_none()
            && (row.flags.is_empty() || is_all || wanted.iter().any(|word| is_named(row, word)))
    };
    Ok(preview.rows.iter().filter(is_accepted).collect())
}

fn describe_import(preview: &ImportPreview, accepted: &[&ImportRow]) -> String {
    let mut text = format!("{} file\n", preview.format.label());
    for row in &preview.rows {
        let mark = if accepted.contains(&row) { '+' } else { ' ' };
        let _ = write!(
            text,
            "{mark} {}/{}: {} -> {}",
            row.provider,
            row.slug,
            price_text(row.old),
            price_text(row.new)
        );
        if let Some(refusal) = row.refusal {
            let _ = write!(
                text,
                "; refused: {} ({})",
                refusal.label(),
                row.keys.join(", ")
            );
        }
        for flag in &row.flags {
            let _ = write!(text, "; {}", flag.label());
        }
        text.push('\n');
    }
    let refused = preview.rows.iter().filter(|row| row.refusal.is_some());
    let _ = writeln!(
        text,
        "{} changed, {} of them refused, {} unchanged, {} for models that the registry does not have",
        preview.rows.len(),
        refused.count(),
        preview.unchanged,
        preview.unknown
    );
    text
}

/// Read, written, cached, a search, and what long asks cost instead.
fn price_text(price: OfferedPrice) -> String {
    let amount = |amount: Option<Money>| amount.map_or("-".to_owned(), |amount| amount.to_string());
    let long = price.tier.map_or_else(String::new, |tier| {
        let (input, output) = (tier.input, tier.output);
        format!(" (above {} tokens {input} / {output})", tier.above_tokens)
    });
    format!("{}{long}", price.amounts().map(amount).join(" / "))
}
