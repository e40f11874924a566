//! Sealed API keys, and the check by which a master key is known.

use app::model::ids::WorkspaceId;
use app::model::provider::Provider;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use secrecy::{ExposeSecret, SecretString};

use crate::store::entity::{credential, setting};
use crate::store::money::budget::{BudgetChange, put_budget};
use crate::store::sql::rows;
use crate::store::sql::settings::put_setting;
use crate::store::{Store, StoreError, StoreResult};
use crate::vault::{KeyPlace, Sealed, Vault, VaultError};

/// The setting that holds the sealed check.
const VAULT_CHECK: &str = "vault_check";

/// A stored key.
#[derive(Clone, Debug)]
pub struct CredentialRow {
    /// Provider.
    pub provider: Provider,
    /// The key; `None` where only an address is stored.
    pub sealed: Option<Sealed>,
    /// Its last four characters.
    pub last_four: Option<String>,
    /// Another address than the provider's own.
    pub base_url: Option<String>,
    /// At most so many asks at the same time.
    pub max_in_flight: Option<i64>,
    /// When it was stored.
    pub updated_at: DateTime<Utc>,
}

/// A key to be stored.
#[derive(Clone, Debug)]
pub struct NewCredential {
    /// Key and its last four characters; `None` keeps the present key.
    pub key: Option<(Sealed, String)>,
    /// Another address than the provider's own.
    pub base_url: Option<String>,
    /// At most so many asks at the same time.
    pub max_in_flight: Option<i64>,
}

/// Why a rotation failed.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// A stored key cannot be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for RotateError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// The stored keys of a workspace.
    pub async fn credentials(&self, workspace_id: WorkspaceId) -> StoreResult<Vec<CredentialRow>> {
        let rows = credential::Entity::find()
            .filter(credential::Column::WorkspaceId.eq(workspace_id.0))
            .all(self.reader())
            .await?;
        rows.into_iter().map(credential_row).collect()
    }

    /// The stored key of a workspace for a provider.
    pub async fn credential(
        &self,
        workspace_id: WorkspaceId,
        provider: Provider,
    ) -> StoreResult<Option<CredentialRow>> {
        let row = credential::Entity::find()
            .filter(credential::Column::WorkspaceId.eq(workspace_id.0))
            .filter(credential::Column::Provider.eq(provider.slug()))
            .one(self.reader())
            .await?;
        row.map(credential_row).transpose()
    }

    /// Stores a key in place of the present one.
    pub async fn save_credential(
        &self,
        workspace_id: WorkspaceId,
        provider: Provider,
        new: NewCredential,
    ) -> StoreResult<()> {
        self.save_credentials(workspace_id, vec![(provider, new)], BudgetChange::default())
            .await
    }

    /// Stores keys and a budget: all of it or nothing.
    pub async fn save_credentials(
        &self,
        workspace_id: WorkspaceId,
        keys: Vec<(Provider, NewCredential)>,
        budget: BudgetChange,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let version = hold_check(&tx).await?.map(|check| check.version);
        let is_outdated = |(_, new): &(Provider, NewCredential)| {
            let sealed = new.key.as_ref().map(|(sealed, _)| sealed.version);
            sealed.is_some_and(|sealed| version.is_some_and(|version| version != sealed))
        };
        // A rotation came between: what the old master key sealed nobody could open any more.
        if keys.iter().any(is_outdated) {
            tx.rollback().await?;
            return Err(StoreError::Outdated);
        }
        let has_keys = keys.iter().any(|(_, new)| new.key.is_some());
        for (provider, new) in keys {
            put_credential(&tx, workspace_id, provider, new, now).await?;
        }
        put_budget(&tx, workspace_id, budget).await?;
        tx.commit().await?;
        if has_keys {
            self.note_old_pages();
        }
        Ok(())
    }

    /// Forgets a key.
    pub async fn delete_credential(
        &self,
        workspace_id: WorkspaceId,
        provider: Provider,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let deleted = credential::Entity::delete_many()
            .filter(credential::Column::WorkspaceId.eq(workspace_id.0))
            .filter(credential::Column::Provider.eq(provider.slug()))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        if deleted.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        self.note_old_pages();
        Ok(())
    }

    /// All sealed keys, of all workspaces. For whoever looks after the instance.
    pub async fn sealed_keys(&self) -> StoreResult<Vec<SealedKey>> {
        let rows = credential::Entity::find().all(self.reader()).await?;
        let keys: Vec<Option<SealedKey>> = rows
            .into_iter()
            .map(sealed_key)
            .collect::<StoreResult<_>>()?;
        Ok(keys.into_iter().flatten().collect())
    }

    /// Which providers have a stored key in any workspace.
    pub async fn providers_with_keys(&self) -> StoreResult<Vec<Provider>> {
        let rows = credential::Entity::find().all(self.reader()).await?;
        let mut providers: Vec<Provider> = rows
            .iter()
            .filter_map(|row| row.provider.parse().ok())
            .collect();
        providers.sort_unstable();
        providers.dedup();
        Ok(providers)
    }

    /// The workspaces that have a stored key or address of a provider, the oldest first.
    pub async fn workspaces_with_key(&self, provider: Provider) -> StoreResult<Vec<WorkspaceId>> {
        let rows = credential::Entity::find()
            .filter(credential::Column::Provider.eq(provider.slug()))
            .order_by_asc(credential::Column::WorkspaceId)
            .all(self.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| WorkspaceId(row.workspace_id))
            .collect())
    }

    /// The sealed check; `None` before the first start.
    pub async fn vault_check(&self) -> StoreResult<Option<Sealed>> {
        let row = setting::Entity::find_by_id(VAULT_CHECK)
            .one(self.reader())
            .await?;
        row.map(|row| read_check(&row.value)).transpose()
    }

    /// Stores the check of the first start.
    pub async fn save_vault_check(&self, check: &Sealed) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        put_check(&tx, check).await?;
        Ok(tx.commit().await?)
    }

    /// Seals every key, and the check, with `new` in place of `old`, in one transaction.
    /// Gives the number of keys.
    pub async fn rotate_credentials(&self, old: &Vault, new: &Vault) -> Result<usize, RotateError> {
        let tx = self.begin_write().await?;
        // Another rotation was faster, and nothing here opens what it sealed.
        if hold_check(&tx)
            .await?
            .is_some_and(|check| !old.opens_check(&check))
        {
            tx.rollback().await?;
            return Err(VaultError::WrongKey.into());
        }
        let open = |place: &KeyPlace<'_>, sealed: &Sealed| old.open(place, sealed);
        let count = seal_all(&tx, open, new).await?;
        put_check(&tx, &new.seal_check()?).await?;
        tx.commit().await?;
        self.clear_old_pages().await;
        Ok(count)
    }

    /// Seals every key to its address, as versions before did not, in one transaction, and says
    /// so by the check: after that the old form is opened no more. Gives the number of keys;
    /// `None`: another process did it meanwhile. A key that cannot be opened stays as it is, and
    /// is refused from now on.
    pub async fn bind_credentials(&self, vault: &Vault) -> Result<Option<usize>, RotateError> {
        let tx = self.begin_write().await?;
        let check = hold_check(&tx).await?;
        if !check.is_some_and(|check| vault.opens_check_without_address(&check)) {
            tx.rollback().await?;
            return Ok(None);
        }
        let open =
            |place: &KeyPlace<'_>, sealed: &Sealed| vault.open_without_address(place, sealed);
        let count = seal_all(&tx, open, vault).await?;
        put_check(&tx, &vault.seal_check()?).await?;
        tx.commit().await?;
        self.clear_old_pages().await;
        Ok(Some(count))
    }
}

/// A stored key, and where it belongs.
#[derive(Clone, Debug)]
pub struct SealedKey {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// For whom.
    pub provider: Provider,
    /// The address that it goes to; `None`: the provider's own.
    pub base_url: Option<String>,
    /// The key.
    pub sealed: Sealed,
}

impl SealedKey {
    /// Where it is used, as its row has it now.
    pub fn place(&self) -> KeyPlace<'_> {
        KeyPlace {
            workspace: self.workspace,
            provider: self.provider,
            base_url: self.base_url.as_deref(),
        }
    }
}

/// The key of a row; `None`: it has none.
fn sealed_key(row: credential::Model) -> StoreResult<Option<SealedKey>> {
    let workspace = WorkspaceId(row.workspace_id);
    let row = credential_row(row)?;
    Ok(row.sealed.map(|sealed| SealedKey {
        workspace,
        provider: row.provider,
        base_url: row.base_url,
        sealed,
    }))
}

/// Opens every key and seals it with `vault`. How many there were.
async fn seal_all(
    tx: &DatabaseTransaction,
    open: impl Fn(&KeyPlace<'_>, &Sealed) -> Result<SecretString, VaultError>,
    vault: &Vault,
) -> Result<usize, RotateError> {
    let rows = credential::Entity::find()
        .filter(credential::Column::Ciphertext.is_not_null())
        .all(tx)
        .await?;
    let mut count = 0;
    for row in rows {
        let id = row.id;
        let Some(key) = sealed_key(row)? else {
            continue;
        };
        let secret = match open(&key.place(), &key.sealed) {
            Ok(secret) => secret,
            // It did not open before, and stays as it is; the others are sealed all the same.
            Err(VaultError::WrongKey) => {
                let (workspace, provider) = (key.workspace, key.provider);
                tracing::warn!(%workspace, %provider, "a stored key cannot be opened and stays as it is");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let sealed = vault.seal(&key.place(), secret.expose_secret())?;
        credential::ActiveModel {
            id: Set(id),
            key_version: Set(sealed.version),
            nonce: Set(Some(sealed.nonce)),
            ciphertext: Set(Some(sealed.ciphertext)),
            ..Default::default()
        }
        .update(tx)
        .await?;
        count += 1;
    }
    Ok(count)
}

/// The check, which nobody else changes until the transaction ends: whoever seals keys, or
/// stores one, holds it first.
async fn hold_check(tx: &DatabaseTransaction) -> StoreResult<Option<Sealed>> {
    let sql = format!(
        "SELECT s.value FROM settings s WHERE s.name = $1{}",
        rows::for_update(tx, "s")
    );
    let value: Option<String> = rows::value(tx, sql, [VAULT_CHECK.into()]).await?;
    value.as_deref().map(read_check).transpose()
}

fn read_check(value: &str) -> StoreResult<Sealed> {
    let stored: StoredCheck =
        serde_json::from_str(value).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(stored.into())
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredCheck {
    version: i64,
    nonce: String,
    ciphertext: String,
}

impl From<StoredCheck> for Sealed {
    fn from(stored: StoredCheck) -> Self {
        // What is no hex opens with no key, which is what the caller tries next.
        Self {
            version: stored.version,
            nonce: hex::decode(stored.nonce).unwrap_or_default(),
            ciphertext: hex::decode(stored.ciphertext).unwrap_or_default(),
        }
    }
}

async fn put_credential(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    provider: Provider,
    new: NewCredential,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let present = credential::Entity::find()
        .filter(credential::Column::WorkspaceId.eq(workspace_id.0))
        .filter(credential::Column::Provider.eq(provider.slug()))
        .one(tx)
        .await?;
    let mut row = credential::ActiveModel {
        max_in_flight: Set(new.max_in_flight),
        ..Default::default()
    };
    // A key stays with the address that it is sealed to.
    let keeps_key =
        new.key.is_none() && present.as_ref().is_some_and(|row| row.ciphertext.is_some());
    // When it was changed says whether a provider that refused it can have another: its pace alone
    // is no change.
    if !keeps_key {
        row.base_url = Set(new.base_url);
        row.updated_at = Set(now);
    }
    if let Some((sealed, last_four)) = new.key {
        row.key_version = Set(sealed.version);
        row.nonce = Set(Some(sealed.nonce));
        row.ciphertext = Set(Some(sealed.ciphertext));
        row.last_four = Set(Some(last_four));
    } else if present.is_none() {
        row.key_version = Set(0);
    }
    if let Some(present) = present {
        row.id = Set(present.id);
        row.update(tx).await?;
    } else {
        row.workspace_id = Set(workspace_id.0);
        row.provider = Set(provider.slug().to_owned());
        row.created_at = Set(now);
        row.insert(tx).await?;
    }
    Ok(())
}

async fn put_check(tx: &DatabaseTransaction, check: &Sealed) -> StoreResult<()> {
    let stored = StoredCheck {
        version: check.version,
        nonce: hex::encode(&check.nonce),
        ciphertext: hex::encode(&check.ciphertext),
    };
    let json =
        serde_json::to_string(&stored).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    put_setting(tx, VAULT_CHECK, &json).await
}

fn credential_row(row: credential::Model) -> StoreResult<CredentialRow> {
    let provider = row
        .provider
        .parse()
        .map_err(|_| StoreError::Corrupt(format!("provider {}", row.provider)))?;
    let sealed = match (row.nonce, row.ciphertext) {
        (Some(nonce), Some(ciphertext)) => Some(Sealed {
            version: row.key_version,
            nonce,
            ciphertext,
        }),
        _ => None,
    };
    Ok(CredentialRow {
        provider,
        sealed,
        last_four: row.last_four,
        base_url: row.base_url,
        max_in_flight: row.max_in_flight,
        updated_at: row.updated_at,
    })
}
