//! The connections that are open, and who goes where there are too many.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::limits::DoorLimits;
use super::state::{State, Turn, Verdict, Worth};

/// How long a newcomer waits until somebody who was sent away is out.
const OUT_WITHIN: Duration = Duration::from_secs(1);
/// How long a newcomer waits where all who are in are worked for.
const ROOM_WITHIN: Duration = Duration::from_secs(1);
/// How often somebody else is sent away for one newcomer.
const TRIES: usize = 3;
/// The shortest and the longest time between two looks at the clocks.
const LOOKS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// A connection, as the door sees it.
pub(super) struct Guest {
    number: u64,
    counted: Option<IpAddr>,
    state: Mutex<State>,
    /// It ends once nothing is under way.
    pub(super) leave: CancellationToken,
    /// It ends now.
    pub(super) cut: CancellationToken,
    gone: CancellationToken,
}

impl Guest {
    fn new(number: u64, counted: Option<IpAddr>) -> Self {
        Self {
            number,
            counted,
            state: Mutex::new(State::new(Instant::now())),
            leave: CancellationToken::new(),
            cut: CancellationToken::new(),
            gone: CancellationToken::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn heard(&self) {
        self.state().heard(Instant::now());
    }

    pub(super) fn took(&self, bytes: usize) {
        self.state().took(Instant::now(), bytes);
    }

    pub(super) fn blocked(&self) {
        self.state().blocked(Instant::now());
    }

    /// A request came.
    pub(super) fn begin(self: &Arc<Self>, is_http2: bool) -> Mark {
        Mark {
            number: self.state().begin(Instant::now(), is_http2),
            guest: Arc::clone(self),
        }
    }
}

/// One exchange of a guest.
#[derive(Clone)]
pub(super) struct Mark {
    guest: Arc<Guest>,
    number: u64,
}

impl Mark {
    pub(super) fn turn(&self, turn: Turn) {
        self.guest.state().turn(self.number, turn);
    }

    pub(super) fn streams_events(&self) {
        self.guest.state().streams_events(self.number);
    }

    pub(super) fn end(&self) {
        self.guest.state().end(Instant::now(), self.number);
    }
}

/// A guest who is in; out when this is dropped.
pub(super) struct Admitted {
    pub(super) guest: Arc<Guest>,
    guests: Arc<Guests>,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.guests.list().remove(&self.guest.number);
        self.guest.gone.cancel();
        self.guests.left.notify_waiters();
    }
}

/// Everybody who is in.
pub(super) struct Guests {
    limits: DoorLimits,
    list: Mutex<HashMap<u64, Arc<Guest>>>,
    next: Mutex<u64>,
    left: Notify,
}

impl Guests {
    pub(super) fn new(limits: DoorLimits) -> Self {
        Self {
            limits,
            list: Mutex::default(),
            next: Mutex::default(),
            left: Notify::new(),
        }
    }

    fn list(&self) -> MutexGuard<'_, HashMap<u64, Arc<Guest>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets somebody in, where need be in the place of another; `None`: everybody who is in is
    /// being worked for. `counted` is the address whose share this takes of.
    pub(super) async fn admit(self: &Arc<Self>, counted: Option<IpAddr>) -> Option<Admitted> {
        let counted = counted.map(network);
        let patient_until = Instant::now() + ROOM_WITHIN;
        let mut tries = 0;
        loop {
            let is_late = Instant::now() >= patient_until;
            match self.room_for(counted, is_late) {
                Room::Free(guest) => {
                    return Some(Admitted {
                        guest,
                        guests: Arc::clone(self),
                    });
                }
                Room::After(_) if tries == TRIES => return None,
                Room::After(guest) => {
                    tries += 1;
                    send_away(&guest, "others want in").await;
                }
                Room::NotYet if !is_late => sleep(LOOKS.0).await,
                Room::NotYet | Room::Refused => return None,
            }
        }
    }

    fn room_for(&self, counted: Option<IpAddr>, even_streams: bool) -> Room {
        let mut list = self.list();
        let of_address = |guest: &&Arc<Guest>| guest.counted == counted;
        let others = counted.map_or(0, |_| list.values().filter(of_address).count());
        if others >= self.limits.per_address {
            // Nobody else waits until an address has done with itself.
            return most_easily_missed(list.values().filter(of_address), true)
                .map_or(Room::Refused, Room::After);
        }
        if list.len() >= self.limits.connections {
            return most_easily_missed(list.values(), even_streams)
                .map_or(Room::NotYet, Room::After);
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        let guest = Arc::new(Guest::new(*next, counted));
        list.insert(*next, Arc::clone(&guest));
        Room::Free(guest)
    }

    /// Makes room for what else the process needs.
    pub(super) async fn send_one_away(&self) {
        let guest = most_easily_missed(self.list().values(), true);
        if let Some(guest) = guest {
            send_away(&guest, "too many files are open").await;
        }
    }

    /// Ends connections whose time is over, for ever.
    pub(super) async fn end_overdue(&self) {
        let limits = &self.limits;
        let shortest = limits.head.min(limits.idle).min(limits.stall);
        let pause = (shortest / 8).clamp(LOOKS.0, LOOKS.1);
        loop {
            sleep(pause).await;
            let everybody: Vec<Arc<Guest>> = self.list().values().cloned().collect();
            let now = Instant::now();
            for guest in everybody {
                let verdict = guest.state().judge(now, limits);
                match verdict {
                    Verdict::Fine => {}
                    Verdict::Leave => guest.leave.cancel(),
                    Verdict::Cut(reason) => {
                        tracing::debug!(reason, "a connection is closed");
                        guest.cut.cancel();
                    }
                }
            }
        }
    }

    /// Everybody leaves: at the end of what is under way, and within `time`.
    pub(super) async fn close(&self, time: Duration) {
        for guest in self.list().values() {
            guest.leave.cancel();
        }
        if timeout(time, self.all_gone()).await.is_ok() {
            return;
        }
        for guest in self.list().values() {
            guest.cut.cancel();
        }
        let _ = timeout(OUT_WITHIN, self.all_gone()).await;
    }

    async fn all_gone(&self) {
        loop {
            let left = self.left.notified();
            tokio::pin!(left);
            left.as_mut().enable();
            if self.list().is_empty() {
                return;
            }
            left.await;
        }
    }
}

enum Room {
    Free(Arc<Guest>),
    /// Once this one is gone.
    After(Arc<Guest>),
    /// All are worked for. Most of that is done in a moment.
    NotYet,
    /// The address has its share.
    Refused,
}

/// A household has a network of IPv6, not an address.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let bits = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
    }
}

/// Who waits the longest for the least; nobody whom the host works for, and event streams only
/// where it has to be.
fn most_easily_missed<'a>(
    guests: impl Iterator<Item = &'a Arc<Guest>>,
    even_streams: bool,
) -> Option<Arc<Guest>> {
    let worth = |guest: &'a Arc<Guest>| -> Option<((Worth, Instant), &'a Arc<Guest>)> {
        let is_going = guest.cut.is_cancelled();
        guest
            .state()
            .worth()
            .filter(|(kind, _)| !is_going && (even_streams || *kind != Worth::EventStream))
            .map(|worth| (worth, guest))
    };
    guests
        .filter_map(worth)
        .min_by_key(|(worth, _)| *worth)
        .map(|(_, guest)| Arc::clone(guest))
}

async fn send_away(guest: &Guest, reason: &'static str) {
    tracing::debug!(reason, "a connection is closed");
    guest.cut.cancel();
    let _ = timeout(OUT_WITHIN, guest.gone.cancelled()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests(connections: usize) -> Arc<Guests> {
        Arc::new(Guests::new(
            DoorLimits::default().with_connections(connections),
        ))
    }

    /// Leaves when told to, as a connection does.
    fn stay(admitted: Admitted) -> Arc<Guest> {
        let guest = Arc::clone(&admitted.guest);
        let cut = guest.cut.clone();
        tokio::spawn(async move {
            cut.cancelled().await;
            drop(admitted);
        });
        guest
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_the_longest_makes_room() {
        let guests = guests(3);
        let mut inside = Vec::new();
        for _ in 0..3 {
            inside.push(stay(guests.admit(None).await.expect("room")));
            sleep(Duration::from_millis(1)).await;
        }
        let _busy = inside[0].begin(false);
        stay(guests.admit(None).await.expect("room"));
        let cut: Vec<bool> = inside
            .iter()
            .map(|guest| guest.cut.is_cancelled())
            .collect();
        assert_eq!(cut, [false, true, false]);
        assert_eq!(guests.list().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_let_in_while_all_are_worked_for() {
        let guests = guests(2);
        for _ in 0..2 {
            stay(guests.admit(None).await.expect("room")).begin(false);
        }
        assert!(guests.admit(None).await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_makes_room_for_itself() {
        let guests = guests(8);
        let one = Some(IpAddr::from([192, 0, 2, 1]));
        let other = stay(
            guests
                .admit(Some(IpAddr::from([192, 0, 2, 2])))
                .await
                .expect("room"),
        );
        let first = stay(guests.admit(one).await.expect("room"));
        for _ in 0..5 {
            stay(guests.admit(one).await.expect("room"));
        }
        assert!(first.cut.is_cancelled() && !other.cut.is_cancelled());
        assert_eq!(
            guests.list().len(),
            3,
            "two of one address, one of the other"
        );
    }

    #[test]
    fn addresses_of_a_household_are_one() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
