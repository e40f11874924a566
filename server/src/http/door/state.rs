//! What a connection is at, and what it is waiting for.
//!
//! Invariant: only reckons with times that it is given; ends nothing by itself.

use std::collections::HashMap;

use tokio::time::Instant;

use super::limits::DoorLimits;

/// More bytes than a frame has that only keeps a connection alive, or acknowledges something.
const MORE_THAN_KEEP_ALIVE: usize = 256;
/// So many times `stall` one reply may stand still beside others that move.
const PATIENCE_BESIDE_OTHERS: u32 = 10;

/// Whose turn it is in an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The host's: it works, or has nothing to say yet.
    Ours,
    /// The caller's: the rest of the body.
    Body,
    /// The caller's: what was sent is not taken yet, since then.
    Reader(Instant),
}

/// A request, until its reply is sent.
#[derive(Clone, Copy, Debug)]
struct Exchange {
    began: Instant,
    turn: Turn,
    is_event_stream: bool,
}

/// What to do with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Fine,
    /// Its time between requests is over: it ends once nothing is under way.
    Leave,
    /// It ends now, for this reason.
    Cut(&'static str),
}

/// How easily a connection is missed, the most easily first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ClosingOrder {
    /// Idle, or half a head.
    NoRequest,
    /// Half a body.
    HalfBody,
    /// A reply that is not read.
    NotRead,
    /// An event stream: its reader asks again.
    EventStream,
}

/// What a connection is at.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; none excludes another"
)]
pub(super) struct State {
    exchanges: HashMap<u64, Exchange>,
    next: u64,
    is_http2: bool,
    has_asked: bool,
    /// There was a moment in which the caller had said nothing that was not read.
    was_awaited: bool,
    /// Since when no request is under way.
    waiting_since: Instant,
    /// The first byte of a head that is not complete.
    first_byte: Option<Instant>,
    /// When the caller last took something of a reply.
    last_taken: Instant,
    /// Since when the socket takes nothing more.
    blocked_since: Option<Instant>,
    was_asked_to_leave: bool,
}

impl State {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            exchanges: HashMap::new(),
            next: 0,
            is_http2: false,
            has_asked: false,
            was_awaited: false,
            waiting_since: now,
            first_byte: None,
            last_taken: now,
            blocked_since: None,
            was_asked_to_leave: false,
        }
    }

    /// Bytes came.
    pub(super) fn heard(&mut self, now: Instant) {
        if self.exchanges.is_empty() && self.first_byte.is_none() {
            self.first_byte = Some(now);
        }
    }

    /// Nothing that came is left to read.
    pub(super) fn awaited(&mut self) {
        self.was_awaited = true;
    }

    /// Bytes went.
    pub(super) fn took(&mut self, now: Instant, bytes: usize) {
        self.blocked_since = None;
        if !self.is_http2 || bytes >= MORE_THAN_KEEP_ALIVE {
            self.last_taken = now;
        }
    }

    /// The socket takes nothing.
    pub(super) fn blocked(&mut self, now: Instant) {
        self.blocked_since.get_or_insert(now);
    }

    /// A request came; gives its number.
    pub(super) fn begin(&mut self, now: Instant, is_http2: bool) -> u64 {
        let number = self.next;
        self.next += 1;
        self.is_http2 = is_http2;
        self.has_asked = true;
        self.first_byte = None;
        let exchange = Exchange {
            began: now,
            turn: Turn::Ours,
            is_event_stream: false,
        };
        self.exchanges.insert(number, exchange);
        number
    }

    /// Whose turn it is.
    pub(super) fn turn(&mut self, number: u64, turn: Turn) {
        if let Some(exchange) = self.exchanges.get_mut(&number) {
            exchange.turn = turn;
        }
    }

    /// The reply is an event stream.
    pub(super) fn streams_events(&mut self, number: u64) {
        if let Some(exchange) = self.exchanges.get_mut(&number) {
            exchange.is_event_stream = true;
        }
    }

    /// The reply is sent, or nobody wants it any more.
    pub(super) fn end(&mut self, now: Instant, number: u64) {
        self.exchanges.remove(&number);
        if self.exchanges.is_empty() {
            self.waiting_since = now;
            self.first_byte = None;
        }
    }

    /// What to do about it now.
    pub(super) fn judge(&mut self, now: Instant, limits: &DoorLimits) -> Verdict {
        let is_over = |since: Instant, limit| now.saturating_duration_since(since) >= limit;
        if self
            .blocked_since
            .is_some_and(|since| is_over(since, limits.stall))
        {
            return Verdict::Cut("its replies are not read");
        }
        if !self.exchanges.is_empty() {
            return if self.is_any_stalled(now, limits) {
                Verdict::Cut("a reply is not read")
            } else {
                Verdict::Fine
            };
        }
        if !self.has_asked && is_over(self.waiting_since, limits.head) {
            return Verdict::Cut("no request came");
        }
        // Of HTTP/2 bytes come between requests too.
        let head = self.first_byte.filter(|_| !self.is_http2 && self.has_asked);
        if head.is_some_and(|since| is_over(since, limits.head)) {
            return Verdict::Cut("the head of a request did not come");
        }
        let idle_since = self.waiting_since.max(self.last_taken);
        if !self.has_asked || !is_over(idle_since, limits.idle) {
            return Verdict::Fine;
        }
        if is_over(idle_since, limits.idle + limits.closing) {
            return Verdict::Cut("it was idle and did not leave");
        }
        if std::mem::replace(&mut self.was_asked_to_leave, true) {
            return Verdict::Fine;
        }
        Verdict::Leave
    }

    fn is_any_stalled(&self, now: Instant, limits: &DoorLimits) -> bool {
        let is_stalled = |exchange: &Exchange| match exchange.turn {
            Turn::Ours | Turn::Body => false,
            Turn::Reader(since) => {
                let moved = now.saturating_duration_since(since.max(self.last_taken));
                let stood = now.saturating_duration_since(since);
                moved >= limits.stall
                    || self.is_http2 && stood >= limits.stall * PATIENCE_BESIDE_OTHERS
            }
        };
        self.exchanges.values().any(is_stalled)
    }

    /// How easily it is missed, and since when; `None`: the host works for it. A newcomer may
    /// have asked already: nobody misses them before their first words are read.
    pub(super) fn closing_order(&self) -> Option<(ClosingOrder, Instant)> {
        if self.exchanges.is_empty() {
            return self
                .was_awaited
                .then_some((ClosingOrder::NoRequest, self.waiting_since));
        }
        let mut worst: Option<(ClosingOrder, Instant)> = None;
        for exchange in self.exchanges.values() {
            let one = match exchange.turn {
                Turn::Body => (ClosingOrder::HalfBody, exchange.began),
                Turn::Reader(since) if !exchange.is_event_stream => (ClosingOrder::NotRead, since),
                _ if exchange.is_event_stream => (ClosingOrder::EventStream, exchange.began),
                _ => return None,
            };
            worst = worst.max(Some(one));
        }
        worst
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(begin: Instant, seconds: u32) -> Instant {
        begin + SECOND * seconds
    }

    #[test]
    fn whoever_says_nothing_has_the_time_of_a_head() {
        let (limits, begin) = (DoorLimits::default(), Instant::now());
        let mut state = State::new(begin);
        assert_eq!(state.judge(at(begin, 9), &limits), Verdict::Fine);
        state.heard(at(begin, 9));
        assert!(matches!(
            state.judge(at(begin, 10), &limits),
            Verdict::Cut(_)
        ));
    }

    #[test]
    fn between_requests_there_is_more_time_until_the_next_head_begins() {
        let (limits, begin) = (DoorLimits::default(), Instant::now());
        let mut state = State::new(begin);
        let request = state.begin(begin, false);
        assert_eq!(state.judge(at(begin, 500), &limits), Verdict::Fine);
        state.end(at(begin, 500), request);
        assert_eq!(state.judge(at(begin, 559), &limits), Verdict::Fine);
        state.heard(at(begin, 559));
        assert_eq!(state.judge(at(begin, 560), &limits), Verdict::Leave);
        assert_eq!(state.judge(at(begin, 561), &limits), Verdict::Fine);
        assert!(matches!(
            state.judge(at(begin, 569), &limits),
            Verdict::Cut(_)
        ));
    }

    #[test]
    fn a_long_reply_that_is_read_slowly_is_no_idle_time() {
        let (limits, begin) = (DoorLimits::default(), Instant::now());
        let mut state = State::new(begin);
        let request = state.begin(begin, false);
        state.end(begin, request);
        for second in [25, 50, 75, 100] {
            state.blocked(at(begin, second - 24));
            assert_eq!(state.judge(at(begin, second), &limits), Verdict::Fine);
            state.took(at(begin, second), 1);
        }
        state.blocked(at(begin, 101));
        assert!(matches!(
            state.judge(at(begin, 131), &limits),
            Verdict::Cut(_)
        ));
    }

    #[test]
    fn a_reader_who_takes_nothing_is_sent_away_and_a_quiet_stream_is_not() {
        let (limits, begin) = (DoorLimits::default(), Instant::now());
        let mut state = State::new(begin);
        let stream = state.begin(begin, true);
        state.streams_events(stream);
        assert_eq!(state.judge(at(begin, 3_600), &limits), Verdict::Fine);
        let reply = state.begin(begin, true);
        state.turn(reply, Turn::Reader(begin));
        state.took(at(begin, 20), 20);
        assert!(matches!(
            state.judge(at(begin, 30), &limits),
            Verdict::Cut(_)
        ));
        // Another reply of the same connection moves.
        state.took(at(begin, 20), 16_384);
        assert_eq!(state.judge(at(begin, 40), &limits), Verdict::Fine);
        state.took(at(begin, 290), 16_384);
        assert!(matches!(
            state.judge(at(begin, 300), &limits),
            Verdict::Cut(_)
        ));
    }

    #[test]
    fn what_the_host_works_for_is_missed_the_most() {
        let begin = Instant::now();
        let mut state = State::new(begin);
        assert_eq!(state.closing_order(), None, "their words may be on the way");
        state.awaited();
        assert_eq!(
            state.closing_order(),
            Some((ClosingOrder::NoRequest, begin))
        );
        let first = state.begin(at(begin, 1), true);
        assert_eq!(state.closing_order(), None);
        state.turn(first, Turn::Body);
        assert_eq!(
            state.closing_order(),
            Some((ClosingOrder::HalfBody, at(begin, 1)))
        );
        let second = state.begin(at(begin, 2), true);
        assert_eq!(state.closing_order(), None);
        state.streams_events(second);
        assert_eq!(
            state.closing_order(),
            Some((ClosingOrder::EventStream, at(begin, 2)))
        );
        state.end(at(begin, 3), second);
        state.turn(first, Turn::Reader(at(begin, 3)));
        assert_eq!(
            state.closing_order(),
            Some((ClosingOrder::NotRead, at(begin, 3)))
        );
        state.end(at(begin, 4), first);
        assert_eq!(
            state.closing_order(),
            Some((ClosingOrder::NoRequest, at(begin, 4)))
        );
    }
}
