//! Which key reaches a provider: that of the workspace, else the operator's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use app::model::ids::WorkspaceId;
use app::model::money::Money;
use app::model::provider::Provider;
use async_trait::async_trait;
use engine::{FoundKey, KeyError, KeyRing};
use providers::{Access, Reach};
use secrecy::SecretString;

use crate::config::{ProviderEnvironment, ProvidersConfig};
use crate::services::ServiceResult;
use crate::services::error::{AccessError, UnreadableKey};
use crate::store::accounts::{CredentialRow, RotateError};
use crate::store::{Store, StoreError, StoreResult};
use crate::vault::{self, KeyPlace, MasterKeySource, Sealed, Vault, VaultError};

/// The API keys of all workspaces, opened when they are needed. Cheap to clone.
#[derive(Clone)]
pub struct HostKeyRing {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    source: MasterKeySource,
    data_dir: PathBuf,
    /// Changes when another process rotates the master key.
    vault: RwLock<Arc<Vault>>,
    environment: ProvidersConfig,
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The master key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RotateError> for KeyRingError {
    fn from(error: RotateError) -> Self {
        match error {
            RotateError::Vault(error) => error.into(),
            RotateError::Store(error) => error.into(),
        }
    }
}

impl HostKeyRing {
    /// Finds the master key that the stored keys were sealed with; at first start it makes one.
    ///
    /// # Errors
    /// No key at hand is the right one.
    pub async fn open(
        store: Store,
        source: MasterKeySource,
        data_dir: PathBuf,
        environment: ProvidersConfig,
    ) -> Result<Self, KeyRingError> {
        let vault = open_vault(&store, &source, &data_dir).await?;
        let shared = Shared {
            store,
            source,
            data_dir,
            vault: RwLock::new(Arc::new(vault)),
            environment,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// The vault in force.
    pub fn vault(&self) -> Arc<Vault> {
        Arc::clone(
            &self
                .shared
                .vault
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// The operator's key and address of a provider, where this workspace may use them. The key
    /// of an instance that shares its keys is held back from a workspace that may spend nothing
    /// on it.
    pub async fn environment(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> StoreResult<ProviderEnvironment> {
        let (environment, is_bounded) = self.operators(workspace, provider).await?;
        let api_key = environment.api_key;
        Ok(ProviderEnvironment {
            api_key: self.within_ceiling(workspace, api_key, is_bounded).await?,
            ..environment
        })
    }

    /// The operator's key, unless the workspace may spend only so much of it, and that is nothing.
    async fn within_ceiling(
        &self,
        workspace: WorkspaceId,
        api_key: Option<SecretString>,
        is_bounded: bool,
    ) -> StoreResult<Option<SecretString>> {
        if !is_bounded || api_key.is_none() {
            return Ok(api_key);
        }
        let ceiling = self.shared.store.shared_key_ceiling(workspace).await?;
        Ok(api_key.filter(|_| ceiling > Money::ZERO))
    }

    /// The operator's key and address, where this workspace may use them at all, and whether it
    /// may spend only so much of the key.
    async fn operators(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> StoreResult<(ProviderEnvironment, bool)> {
        let environment = self.shared.environment.of(provider);
        if environment.api_key.is_none() && environment.base_url.is_none() {
            return Ok((environment, false));
        }
        let store = &self.shared.store;
        if store.has_admin(workspace).await? {
            return Ok((environment, false));
        }
        if !self.shared.environment.shared {
            return Ok((ProviderEnvironment::default(), false));
        }
        Ok((environment, true))
    }

    /// Whether the operator has a key that this workspace may spend nothing on, until an admin
    /// sets its ceiling.
    pub async fn is_held_back(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> StoreResult<bool> {
        let is_shared = self.shared.environment.shared;
        let has_key = self.shared.environment.of(provider).api_key.is_some();
        Ok(is_shared
            && has_key
            && self
                .environment(workspace, provider)
                .await?
                .api_key
                .is_none())
    }

    /// Whether there is a way to a provider.
    pub async fn has_access(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> ServiceResult<bool> {
        if provider == Provider::Simulator {
            return Ok(true);
        }
        let stored = self.shared.store.credential(workspace, provider).await?;
        if stored.as_ref().is_some_and(|row| {
            row.sealed.is_some() || (!provider.needs_key() && row.base_url.is_some())
        }) {
            return Ok(true);
        }
        Ok(self
            .environment(workspace, provider)
            .await?
            .api_key
            .is_some())
    }

    /// Providers for which there is a key, of any workspace or the operator's.
    pub async fn providers_with_keys(&self) -> ServiceResult<Vec<Provider>> {
        let mut providers = self.shared.store.providers_with_keys().await?;
        let of_operator = Provider::ALL
            .iter()
            .filter(|provider| self.shared.environment.of(**provider).api_key.is_some());
        providers.extend(of_operator);
        Ok(providers)
    }

    /// The accesses to a provider's own list of models: the operator's first, then those of the
    /// workspaces, at most `limit`. Addresses that were stored by somebody who is no admin are left
    /// out, because the list of such a server does not concern the whole instance. Keys that cannot
    /// be opened are left out too.
    pub async fn list_accesses(
        &self,
        provider: Provider,
        limit: usize,
    ) -> ServiceResult<Vec<Access>> {
        let environment = self.shared.environment.of(provider);
        let mut accesses = Vec::new();
        if environment.api_key.is_some() {
            accesses.push(Access {
                provider,
                api_key: environment.api_key,
                base_url: environment.base_url,
                reach: Reach::Anywhere,
            });
        }
        for workspace in self.shared.store.workspaces_with_key(provider).await? {
            if accesses.len() >= limit {
                break;
            }
            match self.find(workspace, provider).await {
                Ok(Some(found)) if found.access.reach != Reach::Public => {
                    accesses.push(found.access);
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%workspace, %provider, %error, "a key was left out");
                }
            }
        }
        Ok(accesses)
    }

    /// Where and with which key a workspace reaches a provider.
    ///
    /// # Errors
    /// It cannot be opened, or not be looked for.
    pub async fn find(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> Result<Option<FoundKey>, AccessError> {
        if provider == Provider::Simulator {
            let access = Access {
                provider,
                api_key: None,
                base_url: None,
                reach: Reach::Anywhere,
            };
            return Ok(Some(FoundKey {
                access,
                on_shared_key: false,
            }));
        }
        let stored = self.shared.store.credential(workspace, provider).await?;
        let (environment, is_bounded) = self.operators(workspace, provider).await?;
        let mut on_shared_key = false;
        let (api_key, base_url) = match stored {
            Some(CredentialRow {
                sealed: Some(sealed),
                base_url,
                ..
            }) => (
                {
                    let place = KeyPlace {
                        workspace,
                        provider,
                        base_url: base_url.as_deref(),
                    };
                    Some(self.open_key(&place, &sealed).await?)
                },
                base_url,
            ),
            Some(CredentialRow {
                base_url: Some(base_url),
                ..
            }) if !provider.needs_key() => (None, Some(base_url)),
            _ => {
                // What it may spend on the operator's key matters to nobody who has their own.
                let api_key = environment.api_key;
                let api_key = self.within_ceiling(workspace, api_key, is_bounded).await?;
                on_shared_key = is_bounded && api_key.is_some();
                (api_key, None)
            }
        };
        if api_key.is_none() && (provider.needs_key() || base_url.is_none()) {
            return Ok(None);
        }
        let reach = match &base_url {
            Some(_) => self.reach_of_owners(workspace).await?,
            None => Reach::Anywhere,
        };
        let access = Access {
            provider,
            api_key,
            base_url: base_url.or(environment.base_url),
            reach,
        };
        Ok(Some(FoundKey {
            access,
            on_shared_key,
        }))
    }

    /// How far an address that an owner of the workspace stored may lead. This is asked at each
    /// use: somebody who is no admin any more reaches no private network any more.
    async fn reach_of_owners(&self, workspace: WorkspaceId) -> StoreResult<Reach> {
        Ok(if self.shared.store.has_admin_owner(workspace).await? {
            Reach::Private
        } else {
            Reach::Public
        })
    }

    /// Opens a stored key. One that was sealed with a newer master key makes this look for it:
    /// `parallax key rotate` may have run beside us.
    async fn open_key(
        &self,
        place: &KeyPlace<'_>,
        sealed: &Sealed,
    ) -> Result<SecretString, AccessError> {
        let vault = self.vault();
        if let Ok(secret) = vault.open(place, sealed) {
            return Ok(secret);
        }
        self.find_vault_again()
            .await?
            .open(place, sealed)
            .map_err(|_| UnreadableKey::Damaged(place.provider).into())
    }

    /// The vault to seal a key with: that of the last rotation, which another process may have
    /// made meanwhile. What an older one seals could not be opened after a restart.
    pub async fn vault_to_seal(&self) -> Result<Arc<Vault>, AccessError> {
        let vault = self.vault();
        let check = self.shared.store.vault_check().await?;
        if check.is_none_or(|check| check.version == vault.version()) {
            return Ok(vault);
        }
        self.find_vault_again().await
    }

    async fn find_vault_again(&self) -> Result<Arc<Vault>, AccessError> {
        let found = find_vault(
            &self.shared.store,
            &self.shared.source,
            &self.shared.data_dir,
        )
        .await;
        let fresh = Arc::new(found.map_err(|error| match error {
            KeyRingError::Vault(VaultError::WrongKey | VaultError::Malformed(_)) => {
                UnreadableKey::MasterKey.into()
            }
            other => AccessError::Unreachable(other.to_string()),
        })?);
        *self
            .shared
            .vault
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}

/// The vault whose key sealed the stored check. A rotation that died between its transaction
/// and the renaming of its key file is finished here.
///
/// # Errors
/// No key at hand is the right one, or keys are stored that are not sealed to their addresses
/// yet ([`open_vault`]).
pub async fn find_vault(
    store: &Store,
    source: &MasterKeySource,
    data_dir: &Path,
) -> Result<Vault, KeyRingError> {
    match look_for_vault(store, source, data_dir).await? {
        (vault, true) => Ok(vault),
        (_, false) => Err(VaultError::WrongKey.into()),
    }
}

/// As [`find_vault`]; where keys were sealed by a version before, they are sealed to their
/// addresses first. Only where a process begins: whoever could put an old check and an old key
/// back while it runs would have the key sealed to an address of their own.
pub async fn open_vault(
    store: &Store,
    source: &MasterKeySource,
    data_dir: &Path,
) -> Result<Vault, KeyRingError> {
    let (vault, is_bound) = look_for_vault(store, source, data_dir).await?;
    if is_bound {
        return Ok(vault);
    }
    match store.bind_credentials(&vault).await? {
        Some(keys) => tracing::info!(keys, "stored keys were sealed to their addresses"),
        // Another host was faster, or a rotation: its check tells.
        None => return find_vault(store, source, data_dir).await,
    }
    Ok(vault)
}

/// The vault, and whether every key is sealed to its address.
pub async fn look_for_vault(
    store: &Store,
    source: &MasterKeySource,
    data_dir: &Path,
) -> Result<(Vault, bool), KeyRingError> {
    let check = store.vault_check().await?;
    // A key that was made now opens nothing that is stored already.
    if check.is_some()
        && matches!(source, MasterKeySource::File)
        && !vault::has_master_key(data_dir)
    {
        return Err(VaultError::WrongKey.into());
    }
    let keys = vault::master_keys(source, data_dir)?;
    let Some(check) = check else {
        let first = keys.first().ok_or(VaultError::WrongKey)?;
        let vault = Vault::new(first, 1);
        store.save_vault_check(&vault.seal_check()?).await?;
        return Ok((vault, true));
    };
    for (index, key) in keys.iter().enumerate() {
        let vault = Vault::new(key, check.version);
        let is_bound = vault.opens_check(&check);
        if is_bound || vault.opens_check_without_address(&check) {
            if index > 0 {
                vault::adopt_next_key(data_dir, key)?;
            }
            return Ok((vault, is_bound));
        }
    }
    Err(VaultError::WrongKey.into())
}

#[async_trait]
impl KeyRing for HostKeyRing {
    async fn access(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> Result<FoundKey, KeyError> {
        match self.find(workspace, provider).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(KeyError::Missing),
            Err(AccessError::Unreadable(key)) => Err(KeyError::Unreadable(key.to_string())),
            Err(AccessError::Unreachable(reason)) => Err(KeyError::Unreachable(reason)),
        }
    }
}

#[cfg(test)]
#[path = "key_ring_tests.rs"]
mod tests;
