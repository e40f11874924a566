//! Failures on order.

use std::str::FromStr;

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An error with this HTTP status.
    Status(u16),
    /// The connection breaks in the middle of the response.
    Drop,
    /// The response comes much later.
    Slow,
    /// A success whose body cannot be read.
    Malformed,
}

/// Which failures happen, and how often. Read from a list like
/// `429:first=3,429=0.1,500=0.05,drop=0.01,slow=0.02,malformed=0.01`: `first=N` fails the first N
/// requests, the other numbers are probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultPlan {
    first: Vec<(Fault, u64)>,
    rates: Vec<(Fault, f64)>,
}

/// The text is no list of failures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a failure: {0} (expected like 429=0.1, drop=0.01, slow=0.02, malformed=0.01 or 429:first=3)"
)]
pub struct InvalidFaults(String);

impl FaultPlan {
    /// The failure of the request with this number (from 0), if it is to fail. `share` is a
    /// random number from 0 up to but without 1.
    pub(crate) fn decide(&self, number: u64, share: f64) -> Option<Fault> {
        let mut passed = 0;
        for (fault, count) in &self.first {
            passed += count;
            if number < passed {
                return Some(*fault);
            }
        }
        let mut below = 0.0;
        self.rates.iter().find_map(|(fault, rate)| {
            below += rate;
            (share < below).then_some(*fault)
        })
    }
}

impl FromStr for FaultPlan {
    type Err = InvalidFaults;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut plan = Self::default();
        for entry in text
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            let invalid = || InvalidFaults(entry.to_owned());
            let (name, amount) = entry.split_once('=').ok_or_else(invalid)?;
            if let Some(name) = name.strip_suffix(":first") {
                let count = amount.parse().map_err(|_| invalid())?;
                plan.first
                    .push((name.parse().map_err(|()| invalid())?, count));
                continue;
            }
            let rate: f64 = amount.parse().map_err(|_| invalid())?;
            if !(0.0..=1.0).contains(&rate) {
                return Err(invalid());
            }
            plan.rates
                .push((name.parse().map_err(|()| invalid())?, rate));
        }
        if plan.rates.iter().map(|(_, rate)| rate).sum::<f64>() > 1.0 {
            return Err(InvalidFaults(text.to_owned()));
        }
        Ok(plan)
    }
}

impl FromStr for Fault {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "drop" => Ok(Self::Drop),
            "slow" => Ok(Self::Slow),
            "malformed" => Ok(Self::Malformed),
            status => match status.parse() {
                Ok(status @ 400..=599) => Ok(Self::Status(status)),
                _ => Err(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_requests_fail_and_then_chance_decides() {
        let plan: FaultPlan = "429:first=2, 500=0.25,drop=0.25".parse().expect("plan");
        assert_eq!(plan.decide(1, 0.9), Some(Fault::Status(429)));
        assert_eq!(plan.decide(2, 0.1), Some(Fault::Status(500)));
        assert_eq!(plan.decide(2, 0.3), Some(Fault::Drop));
        assert_eq!(plan.decide(2, 0.9), None);
        assert_eq!(FaultPlan::default().decide(0, 0.0), None);
    }

    #[test]
    fn what_is_no_failure_is_refused() {
        for text in [
            "429",
            "429=x",
            "200=0.1",
            "429=1.5",
            "odd=0.1",
            "429:first=-1",
            "500=0.6,429=0.6",
        ] {
            assert!(text.parse::<FaultPlan>().is_err(), "{text}");
        }
    }
}
