//! Addresses that lead out of reach: nothing is sent there, by number or by name.

use std::time::Duration;

use app::model::provider::Provider as ProviderName;
use providers::{Access, ErrorClass, HttpProvider, Provider as _, Reach};
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{OPTIONS, VENDORS, access, body_of, client, question};

fn within(reach: Reach, vendor: ProviderName, address: &str) -> Access {
    Access {
        reach,
        ..access(vendor, address)
    }
}

/// The address of `server` under another name for this machine.
fn renamed(server: &RawServer, name: &str) -> String {
    server.origin.replace("127.0.0.1", name)
}

async fn fine(vendor: ProviderName) -> RawServer {
    let body = body_of(vendor, &json!(1), &Value::Null).to_string();
    RawServer::saying(response(200, "", body.as_bytes())).await
}

async fn is_refused(client: &HttpProvider, access: &Access) {
    let exchange = client.ask(access, &question()).await;
    let failure = exchange.result.expect_err("refused");
    let seen = (failure.class, failure.retry, exchange.status);
    let told = (ErrorClass::BadParameter, false, None);
    assert_eq!(seen, told, "{access:?}: {}", failure.message);
    assert!(
        failure.message.contains("the address (base URL) leads to"),
        "{}",
        failure.message
    );
    assert!(client.list_models(access).await.is_err());
    assert!(client.test_key(access).await.is_err());
}

#[tokio::test]
async fn this_machine_is_out_of_public_reach_by_number_and_by_name() {
    let client = client(OPTIONS);
    for vendor in VENDORS {
        let server = fine(vendor).await;
        for name in [
            "127.0.0.1",
            "localhost",
            "LocalHost",
            "2130706433",
            "0x7f.1",
            "0",
            "[::ffff:7f00:1]",
        ] {
            is_refused(
                &client,
                &within(Reach::Public, vendor, &renamed(&server, name)),
            )
            .await;
        }
        assert_eq!(server.heard(), [""; 0], "{vendor}");
    }
}

#[tokio::test]
async fn this_machine_is_within_reach_of_admins_and_the_operator() {
    let client = client(OPTIONS);
    for vendor in VENDORS {
        let server = fine(vendor).await;
        for (reach, name) in [
            (Reach::Private, "127.0.0.1"),
            (Reach::Private, "localhost"),
            (Reach::Anywhere, "127.0.0.1"),
            (Reach::Anywhere, "localhost"),
        ] {
            let access = within(reach, vendor, &renamed(&server, name));
            let exchange = client.ask(&access, &question()).await;
            assert!(
                exchange.result.is_ok(),
                "{vendor} {reach:?}: {:?}",
                exchange.result
            );
        }
        assert_eq!(server.heard().len(), 4, "{vendor}");
    }
}

#[tokio::test]
async fn metadata_is_out_of_reach_of_admins_too() {
    let client = client(OPTIONS);
    for address in [
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/v1",
        "http://[fd00:ec2::254]/latest",
        "http://[::ffff:169.254.169.254]/",
        "http://100.100.100.200/",
        "http://2852039166/",
    ] {
        for reach in [Reach::Public, Reach::Private] {
            let access = within(reach, ProviderName::OpenAi, address);
            let refused = is_refused(&client, &access);
            let in_time = tokio::time::timeout(Duration::from_secs(10), refused).await;
            assert!(in_time.is_ok(), "{address} was waited for");
        }
    }
}

#[tokio::test]
async fn a_connection_of_one_reach_is_none_of_another() {
    // The server keeps its connections open, so that they could be used again.
    let vendor = ProviderName::Compatible;
    let body = body_of(vendor, &json!(1), &Value::Null).to_string();
    let reply = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let server = RawServer::start(move |mut caller| {
        let reply = reply.clone();
        async move {
            caller.write(reply.as_bytes()).await;
            caller.wait_for_end().await;
        }
    })
    .await;
    let client = client(OPTIONS);
    let address = renamed(&server, "localhost");
    let own = client
        .ask(&within(Reach::Private, vendor, &address), &question())
        .await;
    assert!(own.result.is_ok(), "{:?}", own.result);
    is_refused(&client, &within(Reach::Public, vendor, &address)).await;
    assert_eq!(server.heard().len(), 1);
}
