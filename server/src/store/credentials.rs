//! Sealed API keys, and the check by which a master key is known.

use app::model::ids::WorkspaceId;
use app::model::provider::Provider;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::budget::{BudgetChange, put_budget};
use super::entity::{credential, setting};
use super::settings::put_setting;
use super::{Store, StoreError, StoreResult};
use crate::vault::{Sealed, Vault, VaultError};

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
        for (provider, new) in keys {
            put_credential(&tx, workspace_id, provider, new, now).await?;
        }
        put_budget(&tx, workspace_id, budget).await?;
        Ok(tx.commit().await?)
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
            Err(StoreError::NotFound)
        } else {
            Ok(())
        }
    }

    /// All sealed keys, with what they are sealed to. For whoever looks after the instance.
    pub async fn sealed_keys(&self) -> StoreResult<Vec<(WorkspaceId, Provider, Sealed)>> {
        let mut sealed = Vec::new();
        for row in credential::Entity::find().all(self.reader()).await? {
            let workspace = WorkspaceId(row.workspace_id);
            let row = credential_row(row)?;
            sealed.extend(row.sealed.map(|key| (workspace, row.provider, key)));
        }
        Ok(sealed)
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
        row.map(|row| serde_json::from_str::<StoredCheck>(&row.value))
            .transpose()
            .map(|check| check.map(Sealed::from))
            .map_err(|error| StoreError::Corrupt(error.to_string()))
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
        use secrecy::ExposeSecret;

        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let rows = credential::Entity::find()
            .filter(credential::Column::Ciphertext.is_not_null())
            .all(&tx)
            .await?;
        let count = rows.len();
        for row in rows {
            let id = row.id;
            let workspace_id = WorkspaceId(row.workspace_id);
            let known = credential_row(row)?;
            let Some(sealed) = known.sealed else { continue };
            let secret = old.open(workspace_id, known.provider, &sealed)?;
            let resealed = new.seal(workspace_id, known.provider, secret.expose_secret())?;
            credential::ActiveModel {
                id: Set(id),
                key_version: Set(resealed.version),
                nonce: Set(Some(resealed.nonce)),
                ciphertext: Set(Some(resealed.ciphertext)),
                updated_at: Set(now),
                ..Default::default()
            }
            .update(&tx)
            .await?;
        }
        put_check(&tx, &new.seal_check()?).await?;
        tx.commit().await?;
        Ok(count)
    }
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
        updated_at: Set(now),
        base_url: Set(new.base_url),
        max_in_flight: Set(new.max_in_flight),
        ..Default::default()
    };
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
