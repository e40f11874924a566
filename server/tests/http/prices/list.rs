//! Every price that models had and have.

use crate::support::{TestApp, on_both_databases};

on_both_databases!(prices_are_listed_for_admins);

async fn prices_are_listed_for_admins(app: &TestApp) {
    let api = app.admin().await.program().await;
    let prices = api.get("/prices?provider=simulator").await.expect(200);
    assert!(prices["prices"][0]["cost_per_1m_input_tokens"].is_number());
    let ben = app.sign_up("ben@example.com").await;
    ben.get("/prices").await.problem(403);
}
