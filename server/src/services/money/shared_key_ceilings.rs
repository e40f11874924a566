//! What workspaces may spend on the operator's keys: admins of the instance set it.

use app::api::error::ApiError;
use app::model::money::Money;
use app::validate;

use crate::services::{ServiceError, ServiceResult, Services};
pub use crate::store::money::SharedKeyAccount;

impl Services {
    /// What every workspace may spend on the operator's keys, and what it has (admins).
    pub async fn shared_key_ceilings(&self) -> Result<Vec<SharedKeyAccount>, ApiError> {
        self.reply(
            async {
                self.admin()?;
                Ok(self.host.store.shared_key_accounts().await?)
            }
            .await,
        )
    }

    /// Sets the ceiling of the workspaces that `email` owns (admins). The ceiling, and how many
    /// workspaces it holds for.
    pub async fn set_shared_key_ceiling(
        &self,
        email: &str,
        amount: &str,
    ) -> Result<(Money, u64), ApiError> {
        self.reply(self.change_ceiling(email, amount).await)
    }

    async fn change_ceiling(&self, email: &str, amount: &str) -> ServiceResult<(Money, u64)> {
        let by = self.admin()?;
        let email = validate::email(self.language, email)?;
        let ceiling = validate::ceiling(self.language, "monthly_ceiling_usd", amount)?;
        let store = &self.host.store;
        let workspaces = store.save_shared_key_ceiling(&email, ceiling).await?;
        if workspaces == 0 {
            return Err(ServiceError::NotFound);
        }
        tracing::info!(by.workspace = %by.workspace(), email, ceiling_usd = %ceiling, workspaces, "ceiling of shared keys set");
        Ok((ceiling, workspaces))
    }
}
