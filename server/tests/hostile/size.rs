//! Too much, and too slowly.

use std::time::Duration;

use providers::{BODY_LIMIT, ClientOptions, ErrorClass, RAW_BODY_LIMIT};
use tokio::time::sleep;

use crate::raw_server::{RawServer, response};
use crate::support::{IMPATIENT, OPTIONS, VENDORS, each_fails, each_fails_as};

const MEBIBYTE: usize = 1024 * 1024;
/// More than this the client does not take before it hangs up: the 2 MiB that it reads, and what
/// the two sockets hold.
const TAKEN: usize = 18 * MEBIBYTE;

#[tokio::test]
async fn a_hundred_megabytes_are_not_read_to_their_end() {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 104857600\r\n\r\n{\"x\":\"";
    let server = RawServer::start(|mut caller| async move {
        let piece = vec![b'a'; MEBIBYTE];
        let mut taken = caller.write(HEAD).await;
        for _ in 0..100 {
            taken = taken && caller.write(&piece).await;
        }
    })
    .await;
    each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
        let seen = (failure.class, failure.retry);
        assert_eq!(seen, (ErrorClass::BadResponse, false), "{vendor}");
        assert!(
            failure.may_be_billed,
            "{vendor}: it may have been an answer"
        );
        assert_eq!(exchange.raw_body.len(), RAW_BODY_LIMIT, "{vendor}");
    })
    .await;
    assert!(server.sent() > BODY_LIMIT, "the server wrote nothing");
    assert!(server.sent() < VENDORS.len() * TAKEN, "{}", server.sent());
}

#[tokio::test]
async fn an_error_with_a_hundred_megabytes_is_still_that_error() {
    let server = RawServer::start(|mut caller| async move {
        let head = b"HTTP/1.1 429 X\r\nretry-after: 7\r\n\r\n";
        let piece = vec![b'<'; MEBIBYTE];
        let mut taken = caller.write(head).await;
        for _ in 0..100 {
            taken = taken && caller.write(&piece).await;
        }
    })
    .await;
    each_fails(OPTIONS, &server.origin, |vendor, _, failure| {
        let seen = (failure.class, failure.retry_after);
        let told = (ErrorClass::RateLimited, Some(Duration::from_secs(7)));
        assert_eq!(seen, told, "{vendor}");
    })
    .await;
}

#[tokio::test]
async fn a_body_that_trickles_without_end_ends_at_the_deadline() {
    let server = RawServer::start(|mut caller| async move {
        let mut taken = caller.write(b"HTTP/1.1 200 OK\r\n\r\n{\"x\":\"").await;
        while taken {
            sleep(Duration::from_millis(20)).await;
            taken = caller.write(b"a").await;
        }
    })
    .await;
    each_fails_as(IMPATIENT, &server.origin, ErrorClass::Timeout, true).await;
}

#[tokio::test]
async fn a_head_that_trickles_without_end_ends_at_the_deadline() {
    let server = RawServer::start(|mut caller| async move {
        let mut taken = caller.write(b"HTTP/1.1 200 OK\r\n").await;
        while taken {
            sleep(Duration::from_millis(20)).await;
            taken = caller.write(b"x").await;
        }
    })
    .await;
    each_fails_as(IMPATIENT, &server.origin, ErrorClass::Timeout, true).await;
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let server = RawServer::start(|mut caller| async move { caller.wait_for_end().await }).await;
    each_fails_as(IMPATIENT, &server.origin, ErrorClass::Timeout, true).await;
}

#[tokio::test]
async fn a_body_that_stops_coming_ends_before_the_deadline() {
    let options = ClientOptions {
        stall: Duration::from_millis(200),
        deadline: Duration::from_mins(10),
        ..OPTIONS
    };
    let server = RawServer::start(|mut caller| async move {
        caller
            .write(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"x\":")
            .await;
        caller.wait_for_end().await;
    })
    .await;
    let asked = each_fails(options, &server.origin, |vendor, exchange, failure| {
        let seen = (failure.class, failure.retry);
        assert_eq!(seen, (ErrorClass::Timeout, true), "{vendor}");
        assert_eq!(&exchange.raw_body[..], b"{\"x\":", "{vendor}");
    });
    let in_time = tokio::time::timeout(Duration::from_secs(20), asked).await;
    assert!(in_time.is_ok(), "the stall was waited for");
}

#[tokio::test]
async fn word_that_it_goes_on_is_no_answer() {
    let server = RawServer::start(|mut caller| async move {
        while caller.write(b"HTTP/1.1 100 Continue\r\n\r\n").await {
            sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    each_fails_as(IMPATIENT, &server.origin, ErrorClass::Timeout, true).await;
}

#[tokio::test]
async fn headers_without_end_are_not_collected() {
    let server = RawServer::start(|mut caller| async move {
        let line = format!("x-{}: {}\r\n", "a".repeat(1_000), "b".repeat(60_000));
        let mut taken = caller.write(b"HTTP/1.1 200 OK\r\n").await;
        while taken {
            taken = caller.write(line.as_bytes()).await;
        }
    })
    .await;
    each_fails_as(OPTIONS, &server.origin, ErrorClass::Network, true).await;
    assert!(server.sent() < VENDORS.len() * TAKEN, "{}", server.sent());
}

// ---------------------------------------------------------------------------------------------
// Bombs

/// A stream that unpacks to a mebibyte of blanks, again and again: each piece stands alone.
async fn bomb(encoding: &'static str, start: Vec<u8>, piece: Vec<u8>) -> RawServer {
    assert!(piece.len() < 8 * 1024, "a bomb is small: {}", piece.len());
    RawServer::start(move |mut caller| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\n\r\n");
        let (start, piece) = (start.clone(), piece.clone());
        async move {
            let mut taken = caller.write(head.as_bytes()).await && caller.write(&start).await;
            while taken {
                taken = caller.write(&piece).await;
            }
        }
    })
    .await
}

/// A mebibyte of blanks, deflated, ended so that the same bytes may follow.
fn deflated_mebibyte() -> Vec<u8> {
    let mut packed = Vec::with_capacity(64 * 1024);
    flate2::Compress::new(flate2::Compression::best(), false)
        .compress_vec(
            &vec![b' '; MEBIBYTE],
            &mut packed,
            flate2::FlushCompress::Full,
        )
        .expect("deflated");
    packed
}

#[tokio::test]
async fn bombs_are_not_unpacked_to_their_end() {
    let gzip_head = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let zlib_head = vec![0x78, 0xda];
    for server in [
        bomb("gzip", gzip_head, deflated_mebibyte()).await,
        bomb("deflate", zlib_head, deflated_mebibyte()).await,
    ] {
        each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
            let seen = (failure.class, failure.retry);
            assert_eq!(
                seen,
                (ErrorClass::BadResponse, false),
                "{vendor}: {}",
                failure.message
            );
            assert!(
                failure.message.contains("2 MiB"),
                "{vendor}: {}",
                failure.message
            );
            assert_eq!(exchange.raw_body.len(), RAW_BODY_LIMIT, "{vendor}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_brotli_bomb_is_not_unpacked_to_its_end() {
    let mut packed = Vec::new();
    let options = brotli::enc::BrotliEncoderParams {
        quality: 1,
        ..Default::default()
    };
    brotli::BrotliCompress(
        &mut vec![b' '; 16 * MEBIBYTE].as_slice(),
        &mut packed,
        &options,
    )
    .expect("packed");
    assert!(
        packed.len() < 128 * 1024,
        "a bomb is small: {}",
        packed.len()
    );
    let server = RawServer::saying(response(200, "content-encoding: br\r\n", &packed)).await;
    each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
        assert_eq!(failure.class, ErrorClass::BadResponse, "{vendor}");
        assert!(
            failure.message.contains("2 MiB"),
            "{vendor}: {}",
            failure.message
        );
        assert_eq!(exchange.raw_body.len(), RAW_BODY_LIMIT, "{vendor}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packing_around_nothing_without_end_comes_to_an_end() {
    let empty = vec![
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    let server = bomb("gzip", Vec::new(), empty.repeat(200)).await;
    each_fails(IMPATIENT, &server.origin, |vendor, exchange, failure| {
        let ends = [ErrorClass::Timeout, ErrorClass::BadResponse];
        assert!(
            ends.contains(&failure.class),
            "{vendor}: {}",
            failure.message
        );
        assert!(exchange.raw_body.is_empty(), "{vendor}");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_packed_as_it_says_is_a_bad_response() {
    for encoding in ["gzip", "br", "deflate"] {
        let header = format!("content-encoding: {encoding}\r\n");
        let server = RawServer::saying(response(200, &header, b"\xff\xfe no packing at all")).await;
        each_fails_as(OPTIONS, &server.origin, ErrorClass::BadResponse, false).await;
    }
}

#[tokio::test]
async fn lists_of_models_are_held_to_the_same_limits() {
    let server = RawServer::start(|mut caller| async move {
        let mut taken = caller.write(b"HTTP/1.1 200 OK\r\n\r\n{\"data\":[").await;
        while taken {
            taken = caller.write(&vec![b' '; MEBIBYTE]).await;
        }
    })
    .await;
    for vendor in VENDORS {
        let client = crate::support::client(OPTIONS);
        let access = crate::support::access(vendor, &server.origin);
        let listed = client.list_models(&access).await;
        assert_eq!(
            listed.map_err(|failure| failure.class).err(),
            Some(ErrorClass::BadResponse),
            "{vendor}"
        );
    }
    assert!(server.sent() < VENDORS.len() * TAKEN, "{}", server.sent());
}
