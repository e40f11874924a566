//! What becomes of calls when the session is gone: they wait until the person has signed in again,
//! and are sent once more. The host did nothing of a call that it refused for this.
//!
//! Invariant: pure; knows neither who is there nor how they sign in.

/// When a call was sent: in whose time, and after how many returns of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    person: u32,
    returns: u32,
}

/// What a call does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is sent.
    Free(Sent),
    /// It waits.
    Shut,
    /// It stays for ever: whoever wanted it has left, and nobody else may send it.
    Gone,
}

/// The way of all calls to the host.
#[derive(Debug)]
pub struct Gate {
    is_guarded: bool,
    is_shut: bool,
    now: Sent,
}

impl Gate {
    /// Nobody is there yet: every call goes through, and its error is its answer.
    pub const fn new() -> Self {
        Self {
            is_guarded: false,
            is_shut: false,
            now: Sent {
                person: 0,
                returns: 0,
            },
        }
    }

    /// Whether calls wait.
    pub const fn is_shut(&self) -> bool {
        self.is_shut
    }

    /// The present time.
    pub const fn now(&self) -> Sent {
        self.now
    }

    /// What a call does that was wanted or sent then.
    pub const fn way(&self, since: Sent) -> Way {
        if since.person != self.now.person {
            Way::Gone
        } else if self.is_shut {
            Way::Shut
        } else {
            Way::Free(self.now)
        }
    }

    /// Somebody is there, whose calls are to wait for them.
    pub const fn guard(&mut self) {
        self.is_guarded = true;
    }

    /// A call came back that was sent then: the session is gone. Gives whether it is to be sent
    /// again once its way is free.
    pub const fn refuse(&mut self, sent: Sent) -> bool {
        let is_theirs = self.is_guarded && sent.person == self.now.person;
        // What was sent before they came back says nothing about the session of now.
        if is_theirs && sent.returns == self.now.returns {
            self.is_shut = true;
        }
        is_theirs
    }

    /// The person is back.
    pub const fn open(&mut self) {
        if self.is_shut {
            self.is_shut = false;
            self.now.returns = self.now.returns.wrapping_add(1);
        }
    }

    /// The person has left.
    pub const fn forget(&mut self) {
        self.is_guarded = false;
        self.is_shut = false;
        self.now.person = self.now.person.wrapping_add(1);
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded() -> Gate {
        let mut gate = Gate::new();
        gate.guard();
        gate
    }

    #[test]
    fn a_refused_call_waits_for_the_person_and_is_sent_again() {
        let mut gate = guarded();
        let sent = gate.now();
        assert_eq!(gate.way(sent), Way::Free(sent));
        assert!(gate.refuse(sent));
        assert_eq!(gate.way(sent), Way::Shut);
        gate.open();
        assert_eq!(gate.way(sent), Way::Free(gate.now()));
        assert_ne!(gate.now(), sent);
    }

    #[test]
    fn a_late_refusal_does_not_ask_them_again() {
        let mut gate = guarded();
        let sent = gate.now();
        assert!(gate.refuse(sent));
        gate.open();
        // It was under way for all that time, under the session that is gone.
        assert!(gate.refuse(sent));
        assert!(!gate.is_shut());
        // One that was sent under the new session does.
        assert!(gate.refuse(gate.now()));
        assert!(gate.is_shut());
    }

    #[test]
    fn without_anybody_the_error_is_the_answer() {
        let mut gate = Gate::new();
        assert!(!gate.refuse(gate.now()));
        assert!(!gate.is_shut());
    }

    #[test]
    fn nothing_of_one_person_is_sent_for_another() {
        let mut gate = guarded();
        let theirs = gate.now();
        assert!(gate.refuse(theirs));
        gate.forget();
        assert_eq!(gate.way(theirs), Way::Gone);
        gate.guard();
        assert_eq!(gate.way(theirs), Way::Gone);
        assert!(!gate.refuse(theirs));
        assert!(!gate.is_shut());
        assert_eq!(gate.way(gate.now()), Way::Free(gate.now()));
    }

    #[test]
    fn a_late_refusal_of_one_person_changes_nothing_for_the_next() {
        let acts: [fn(&mut Gate); 4] = [
            Gate::guard,
            |gate| {
                gate.refuse(gate.now());
            },
            Gate::open,
            Gate::forget,
        ];
        // Whatever has happened since they left.
        for number in 0..4_usize.pow(5) {
            let mut gate = guarded();
            let theirs = gate.now();
            gate.forget();
            for step in 0..5 {
                acts[number / 4_usize.pow(step) % 4](&mut gate);
                let before = (gate.is_shut(), gate.now());
                assert_eq!(gate.way(theirs), Way::Gone);
                assert!(!gate.refuse(theirs));
                assert_eq!((gate.is_shut(), gate.now()), before);
            }
        }
    }
}
