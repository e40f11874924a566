//! The connections that are open, and who goes where there are too many.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::limits::DoorLimits;
use super::state::{ClosingOrder, State, Turn, Verdict};
use crate::http::network::customer_network;

/// How long those who were cut off at the end have until they are out.
const OUT_WITHIN: Duration = Duration::from_secs(1);
/// How long a newcomer waits where all who are in are worked for.
const ROOM_WITHIN: Duration = Duration::from_secs(1);
/// The shortest and the longest time between two looks at the clocks.
const LOOKS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// A connection, as the door sees it.
pub(super) struct OpenConnection {
    number: u64,
    counted: Option<IpAddr>,
    state: Mutex<State>,
    /// It ends once nothing is under way.
    pub(super) leave: CancellationToken,
    /// It ends now.
    pub(super) cut: CancellationToken,
}

impl OpenConnection {
    fn new(number: u64, counted: Option<IpAddr>) -> Self {
        Self {
            number,
            counted,
            state: Mutex::new(State::new(Instant::now())),
            leave: CancellationToken::new(),
            cut: CancellationToken::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It was told to go, and does so as soon as its task is run.
    fn is_going(&self) -> bool {
        self.cut.is_cancelled()
    }

    pub(super) fn heard(&self) {
        self.state().heard(Instant::now());
    }

    pub(super) fn awaited(&self) {
        self.state().awaited();
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
            open_connection: Arc::clone(self),
        }
    }
}

/// One exchange of a connection.
#[derive(Clone)]
pub(super) struct Mark {
    open_connection: Arc<OpenConnection>,
    number: u64,
}

impl Mark {
    pub(super) fn turn(&self, turn: Turn) {
        self.open_connection.state().turn(self.number, turn);
    }

    pub(super) fn streams_events(&self) {
        self.open_connection.state().streams_events(self.number);
    }

    pub(super) fn end(&self) {
        self.open_connection
            .state()
            .end(Instant::now(), self.number);
    }
}

/// A connection that was let in; it is out when this is dropped.
pub(super) struct Admitted {
    pub(super) open_connection: Arc<OpenConnection>,
    open_connections: Arc<OpenConnections>,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.open_connections
            .list()
            .remove(&self.open_connection.number);
        self.open_connections.left.notify_waiters();
    }
}

/// What becomes of a newcomer.
pub(super) enum Arrival {
    /// They are in.
    In(Admitted),
    /// All who are in are worked for. Most of that is done in a moment.
    Waits(Waiting),
    /// There is no room, not even to wait.
    Refused,
}

/// Somebody who waits for room; in the line until this is dropped.
pub(super) struct Waiting {
    open_connections: Arc<OpenConnections>,
    counted: Option<IpAddr>,
}

impl Waiting {
    /// Room, as soon as there is any; `None`: there was none in time.
    pub(super) async fn room(self) -> Option<Admitted> {
        let until = Instant::now() + ROOM_WITHIN;
        if let Ok(found) = timeout_at(until, self.looking()).await {
            return found;
        }
        match self.open_connections.room_for(self.counted, true) {
            Room::Free(admitted) => Some(admitted),
            Room::NotYet | Room::Refused => None,
        }
    }

    /// One looks at a time, in the order in which they came: a look at everybody is not free.
    async fn looking(&self) -> Option<Admitted> {
        let _first_in_line = self.open_connections.first_in_line.lock().await;
        loop {
            match self.open_connections.room_for(self.counted, false) {
                Room::Free(admitted) => return Some(admitted),
                Room::NotYet => sleep(LOOKS.0).await,
                Room::Refused => return None,
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut line = self.open_connections.line();
        if let Some(place) = line.iter().position(|one| *one == self.counted) {
            line.swap_remove(place);
        }
        drop(line);
        self.open_connections.line_moved.notify_waiters();
    }
}

/// Everybody who is in, and who waits to be.
pub(super) struct OpenConnections {
    limits: DoorLimits,
    list: Mutex<HashMap<u64, Arc<OpenConnection>>>,
    next: Mutex<u64>,
    left: Notify,
    /// What those who wait are counted under.
    line: Mutex<Vec<Option<IpAddr>>>,
    line_moved: Notify,
    first_in_line: tokio::sync::Mutex<()>,
    closed: CancellationToken,
}

impl OpenConnections {
    pub(super) fn new(limits: DoorLimits) -> Self {
        Self {
            limits,
            list: Mutex::default(),
            next: Mutex::default(),
            left: Notify::new(),
            line: Mutex::default(),
            line_moved: Notify::new(),
            first_in_line: tokio::sync::Mutex::default(),
            closed: CancellationToken::new(),
        }
    }

    fn list(&self) -> MutexGuard<'_, HashMap<u64, Arc<OpenConnection>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self) -> MutexGuard<'_, Vec<Option<IpAddr>>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets somebody in, where need be in the place of another. `counted` is the address whose
    /// share this takes of. Waits for nothing.
    pub(super) fn arrive(self: &Arc<Self>, counted: Option<IpAddr>) -> Arrival {
        let counted = counted.map(customer_network);
        match self.room_for(counted, false) {
            Room::Free(admitted) => Arrival::In(admitted),
            Room::NotYet => self
                .join_queue(counted)
                .map_or(Arrival::Refused, Arrival::Waits),
            Room::Refused => Arrival::Refused,
        }
    }

    /// A place in the line; `None`: it is long enough, or the address has its share of it.
    fn join_queue(self: &Arc<Self>, counted: Option<IpAddr>) -> Option<Waiting> {
        let mut line = self.line();
        let of_address = line.iter().filter(|one| **one == counted).count();
        let has_share = counted.is_some() && of_address >= self.limits.waiting_of_address();
        if has_share || line.len() >= self.limits.waiting() {
            return None;
        }
        line.push(counted);
        Some(Waiting {
            open_connections: Arc::clone(self),
            counted,
        })
    }

    /// Who is sent away for a newcomer gives their place at once, and their socket as soon as
    /// their task is run.
    fn room_for(self: &Arc<Self>, counted: Option<IpAddr>, even_streams: bool) -> Room {
        let mut list = self.list();
        // Asked with the list in hand, so that whoever closes sees all who came before.
        if self.closed.is_cancelled() {
            return Room::Refused;
        }
        let of_address =
            |open_connection: &&Arc<OpenConnection>| open_connection.counted == counted;
        let staying = list
            .values()
            .filter(|open_connection| !open_connection.is_going());
        let others = counted.map_or(0, |_| staying.clone().filter(of_address).count());
        let missed = if others >= self.limits.per_address {
            // Nobody else waits until an address has done with itself.
            let Some(missed) = most_easily_missed(staying.filter(of_address), true) else {
                return Room::Refused;
            };
            Some(missed)
        } else if staying.clone().count() >= self.limits.connections {
            let Some(missed) = most_easily_missed(staying, even_streams) else {
                return Room::NotYet;
            };
            Some(missed)
        } else {
            None
        };
        if let Some(missed) = missed {
            send_away(&missed, "others want in");
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        let open_connection = Arc::new(OpenConnection::new(*next, counted));
        list.insert(*next, Arc::clone(&open_connection));
        Room::Free(Admitted {
            open_connection,
            open_connections: Arc::clone(self),
        })
    }

    /// Until no more are on their way out than may be: their sockets are open still. They have
    /// nothing left to do, so this is a moment; nobody waits for longer than `most`.
    pub(super) async fn wait_until_closed(&self, most: Duration) {
        let many = self.limits.waiting();
        let are_few = |list: &HashMap<u64, Arc<OpenConnection>>| {
            list.values()
                .filter(|open_connection| open_connection.is_going())
                .count()
                <= many
        };
        let _ = timeout(most, self.until(are_few)).await;
    }

    /// Until one more may wait, no longer than `most`: those in the line come in as others are
    /// done, and meanwhile newcomers wait where the system keeps them.
    pub(super) async fn line_has_room(&self, most: Duration) {
        let moving = async {
            loop {
                let moved = self.line_moved.notified();
                tokio::pin!(moved);
                moved.as_mut().enable();
                if self.line().len() < self.limits.waiting() {
                    return;
                }
                moved.await;
            }
        };
        let _ = timeout(most, moving).await;
    }

    /// Makes room for what else the process needs.
    pub(super) fn close_one(&self) {
        let list = self.list();
        let staying = list
            .values()
            .filter(|open_connection| !open_connection.is_going());
        if let Some(open_connection) = most_easily_missed(staying, true) {
            send_away(&open_connection, "too many files are open");
        }
    }

    /// Ends connections whose time is over, for ever.
    pub(super) async fn end_overdue(&self) {
        let limits = &self.limits;
        let shortest = limits.head.min(limits.idle).min(limits.stall);
        let pause = (shortest / 8).clamp(LOOKS.0, LOOKS.1);
        loop {
            sleep(pause).await;
            let everybody: Vec<Arc<OpenConnection>> = self.list().values().cloned().collect();
            let now = Instant::now();
            for open_connection in everybody {
                let verdict = open_connection.state().judge(now, limits);
                match verdict {
                    Verdict::Fine => {}
                    Verdict::Leave => open_connection.leave.cancel(),
                    Verdict::Cut(reason) => {
                        tracing::debug!(reason, "a connection is closed");
                        open_connection.cut.cancel();
                    }
                }
            }
        }
    }

    /// Everybody leaves: at the end of what is under way, and within `time`. Nobody comes in.
    pub(super) async fn close(&self, time: Duration) {
        self.closed.cancel();
        for open_connection in self.list().values() {
            open_connection.leave.cancel();
        }
        if timeout(time, self.until(HashMap::is_empty)).await.is_ok() {
            return;
        }
        for open_connection in self.list().values() {
            open_connection.cut.cancel();
        }
        let _ = timeout(OUT_WITHIN, self.until(HashMap::is_empty)).await;
    }

    /// Looks again whenever somebody has left.
    async fn until(&self, is_so: impl Fn(&HashMap<u64, Arc<OpenConnection>>) -> bool) {
        loop {
            let left = self.left.notified();
            tokio::pin!(left);
            left.as_mut().enable();
            if is_so(&self.list()) {
                return;
            }
            left.await;
        }
    }
}

enum Room {
    Free(Admitted),
    /// All are worked for.
    NotYet,
    /// The address has its share, or nobody comes in any more.
    Refused,
}

/// How much a connection would be missed, since when, and which one it is.
type Missed = (ClosingOrder, Instant, u64);

/// The connection that is missed the least: of the lowest worth, the one that has it the longest.
/// Never one that the host works for, and event streams only with `even_streams`.
fn most_easily_missed<'a>(
    open_connections: impl Iterator<Item = &'a Arc<OpenConnection>>,
    even_streams: bool,
) -> Option<Arc<OpenConnection>> {
    let worth =
        |open_connection: &'a Arc<OpenConnection>| -> Option<(Missed, &'a Arc<OpenConnection>)> {
            let (kind, since) = open_connection.state().closing_order()?;
            let is_missed = even_streams || kind != ClosingOrder::EventStream;
            // Who came at the same moment is told apart by who came first.
            is_missed.then_some(((kind, since, open_connection.number), open_connection))
        };
    open_connections
        .filter_map(worth)
        .min_by_key(|(worth, _)| *worth)
        .map(|(_, open_connection)| Arc::clone(open_connection))
}

fn send_away(open_connection: &OpenConnection, reason: &'static str) {
    tracing::debug!(reason, "a connection is closed");
    open_connection.cut.cancel();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_connections(connections: usize) -> Arc<OpenConnections> {
        Arc::new(OpenConnections::new(
            DoorLimits::default().with_connections(connections),
        ))
    }

    /// Lets in somebody who need not wait.
    fn enter(open_connections: &Arc<OpenConnections>, counted: Option<IpAddr>) -> Admitted {
        match open_connections.arrive(counted) {
            Arrival::In(admitted) => admitted,
            Arrival::Waits(_) | Arrival::Refused => panic!("no room"),
        }
    }

    fn join_queue(open_connections: &Arc<OpenConnections>, counted: Option<IpAddr>) -> Waiting {
        match open_connections.arrive(counted) {
            Arrival::Waits(waiting) => waiting,
            Arrival::In(_) | Arrival::Refused => panic!("not in the line"),
        }
    }

    /// Says nothing, and leaves when told to, as a connection does.
    fn stay(admitted: Admitted) -> Arc<OpenConnection> {
        let open_connection = Arc::clone(&admitted.open_connection);
        open_connection.awaited();
        let cut = open_connection.cut.clone();
        tokio::spawn(async move {
            cut.cancelled().await;
            drop(admitted);
        });
        open_connection
    }

    /// As many connections as there may be, each with a request that is worked on.
    fn busy(open_connections: &Arc<OpenConnections>) -> Vec<Mark> {
        let connections = open_connections.limits.connections;
        (0..connections)
            .map(|_| stay(enter(open_connections, None)).begin(false))
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_the_longest_makes_room() {
        let open_connections = open_connections(3);
        let inside: Vec<Arc<OpenConnection>> = (0..3)
            .map(|_| stay(enter(&open_connections, None)))
            .collect();
        let _busy = inside[0].begin(false);
        stay(enter(&open_connections, None));
        let cut: Vec<bool> = inside
            .iter()
            .map(|open_connection| open_connection.cut.is_cancelled())
            .collect();
        assert_eq!(cut, [false, true, false]);
        sleep(LOOKS.0).await;
        assert_eq!(open_connections.list().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn few_are_on_their_way_out_at_a_time() {
        let open_connections = open_connections(1);
        let most = open_connections.limits.connections + open_connections.limits.waiting();
        for _ in 0..50 {
            stay(enter(&open_connections, None));
            open_connections.wait_until_closed(OUT_WITHIN).await;
            assert!(open_connections.list().len() <= most);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_makes_room_before_they_could_say_anything() {
        let open_connections = open_connections(1);
        let newcomer = enter(&open_connections, None);
        assert!(matches!(open_connections.arrive(None), Arrival::Waits(_)));
        newcomer.open_connection.awaited();
        enter(&open_connections, None);
        assert!(newcomer.open_connection.is_going());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_let_in_while_all_are_worked_for() {
        let open_connections = open_connections(2);
        let _work = busy(&open_connections);
        let begun = Instant::now();
        assert!(join_queue(&open_connections, None).room().await.is_none());
        assert!((ROOM_WITHIN..2 * ROOM_WITHIN).contains(&begun.elapsed()));
        assert!(open_connections.line().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_comes_in_as_soon_as_somebody_is_done() {
        let open_connections = open_connections(2);
        let work = busy(&open_connections);
        let waiting = [
            join_queue(&open_connections, None),
            join_queue(&open_connections, None),
        ];
        let [first, second] = waiting.map(|waiting| tokio::spawn(waiting.room()));
        sleep(ROOM_WITHIN / 4).await;
        assert!(!first.is_finished() && !second.is_finished());
        work[1].end();
        sleep(2 * LOOKS.0).await;
        assert!(first.is_finished() && !second.is_finished());
        let first = stay(first.await.expect("no panic").expect("room"));
        // An event stream goes for nobody before a newcomer's time is over.
        work[0].streams_events();
        let _asked = first.begin(false);
        sleep(ROOM_WITHIN / 4).await;
        assert!(!second.is_finished());
        assert!(second.await.expect("no panic").is_some());
        assert!(work[0].open_connection.is_going() && !first.is_going());
    }

    #[tokio::test(start_paused = true)]
    async fn the_line_ends_somewhere_and_an_address_has_a_share_of_it() {
        let open_connections = open_connections(2);
        let _work = busy(&open_connections);
        let address = |last| Some(IpAddr::from([192, 0, 2, last]));
        let _own = join_queue(&open_connections, address(1));
        assert!(matches!(
            open_connections.arrive(address(1)),
            Arrival::Refused
        ));
        let others: Vec<Waiting> = (2..=4)
            .map(|last| join_queue(&open_connections, address(last)))
            .collect();
        assert_eq!(
            open_connections.line().len(),
            open_connections.limits.waiting()
        );
        assert!(matches!(
            open_connections.arrive(address(9)),
            Arrival::Refused
        ));
        drop(others);
        join_queue(&open_connections, address(9));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_comes_in_once_it_is_closed() {
        let open_connections = open_connections(1);
        let work = busy(&open_connections);
        let waiting = tokio::spawn(join_queue(&open_connections, None).room());
        sleep(LOOKS.0).await;
        let closing = Arc::clone(&open_connections);
        let closed = tokio::spawn(async move { closing.close(OUT_WITHIN).await });
        sleep(LOOKS.0).await;
        work[0].end();
        assert!(waiting.await.expect("no panic").is_none());
        assert!(matches!(open_connections.arrive(None), Arrival::Refused));
        closed.await.expect("no panic");
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_makes_room_for_itself() {
        let open_connections = open_connections(8);
        let one = Some(IpAddr::from([192, 0, 2, 1]));
        let other = stay(enter(&open_connections, Some(IpAddr::from([192, 0, 2, 2]))));
        let first = stay(enter(&open_connections, one));
        for _ in 0..5 {
            stay(enter(&open_connections, one));
        }
        assert!(first.cut.is_cancelled() && !other.cut.is_cancelled());
        sleep(LOOKS.0).await;
        assert_eq!(
            open_connections.list().len(),
            3,
            "two of one address, one of the other"
        );
    }
}
