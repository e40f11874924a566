//! Attempts to sign in: how many rows there can be, and whose turn it is.

use chrono::Duration;

use crate::store::accounts::{Admission, Attempt, AttemptRules, Entrance, NewUser};
use crate::store::testing::{TestDatabase, on_both_databases};

const RULES: AttemptRules = AttemptRules {
    window: Duration::minutes(15),
    of_pair: 10,
    of_address: 50,
    sign_ups_of_address: 30,
    account_window: Duration::hours(24),
    first_of_pair: 3,
    pause: |_| Duration::zero(),
    longest_wait: Duration::seconds(15),
    most_kept: 25,
};

on_both_databases! {
    async fn a_flood_of_addresses_fills_nothing(database: &TestDatabase) {
        let store = &database.store;
        for number in 0..60 {
            let (email, address) = (format!("user{number}@x.example"), format!("192.0.2.{number}"));
            let attempt = Attempt { email: &email, address: &address };
            let admission = store.count_sign_in(attempt, &RULES).await.expect("counted");
            assert!(matches!(admission, Admission::Counted { .. }), "{admission:?}");
        }
        assert_eq!(database.number("SELECT COUNT(*) FROM sign_in_failures").await, 25);
        database.clock.advance(std::time::Duration::from_hours(25));
        let attempt = Attempt { email: "ana@x.example", address: "192.0.2.1" };
        let admission = store.count_sign_in(attempt, &RULES).await.expect("counted");
        let Admission::Counted { id, .. } = admission else {
            panic!("{admission:?}");
        };
        assert_eq!(database.number("SELECT COUNT(*) FROM sign_in_failures").await, 1);
        store.take_back_attempt(id).await.expect("taken back");
        assert_eq!(database.number("SELECT COUNT(*) FROM sign_in_failures").await, 0);
    }

    async fn pollers_do_not_take_the_turns_of_a_new_place(database: &TestDatabase) {
        const STEP: std::time::Duration = std::time::Duration::from_secs(5);
        let rules = AttemptRules {
            pause: |failures| Duration::seconds(if failures < 6 { 0 } else { 15 }),
            most_kept: 50_000,
            ..RULES
        };
        let ask = async |address: &str| {
            let attempt = Attempt { email: "ana@x.example", address };
            database.store.count_sign_in(attempt, &rules).await.expect("judged")
        };
        let mut guesses = 0;
        for _ in 0..120 {
            for number in 0..6 {
                let admission = ask(&format!("192.0.2.{number}")).await;
                guesses += u32::from(matches!(admission, Admission::Counted { .. }));
            }
            database.clock.advance(STEP);
        }
        // First tries of theirs, and a turn each 15 seconds.
        assert!((40..=60).contains(&guesses), "{guesses}");
        for _ in 0..3 {
            for number in 0..6 {
                let address = format!("192.0.2.{number}");
                while let Admission::Counted { .. } = ask(&address).await {}
            }
            let admission = ask("203.0.113.9").await;
            let Admission::Counted { wait, .. } = admission else {
                panic!("{admission:?}");
            };
            assert!(wait <= Duration::seconds(15), "{wait}");
            database.clock.advance(3 * STEP);
        }
    }

    async fn places_are_remembered_and_the_oldest_forgotten(database: &TestDatabase) {
        let store = &database.store;
        let new = NewUser {
            email: "ana@x.example".to_owned(),
            password_hash: String::new(),
            is_admin: false,
        };
        let made = store.create_user(new, Entrance::CommandLine).await;
        let (ana, _) = made.expect("an account");
        for number in 0..30 {
            let address = format!("192.0.2.{number}");
            let attempt = Attempt { email: "ana@x.example", address: &address };
            for _ in 0..2 {
                store.note_right_password(ana.id, attempt).await.expect("noted");
            }
            database.clock.advance(std::time::Duration::from_mins(1));
        }
        let places = "SELECT COUNT(*) FROM sign_in_places";
        assert_eq!(database.number(places).await, 20);
        let oldest = format!("{places} WHERE address = '192.0.2.9'");
        assert_eq!(database.number(&oldest).await, 0);
        let newest = format!("{places} WHERE address = '192.0.2.29'");
        assert_eq!(database.number(&newest).await, 1);
    }
}
