//! Talks over weeks: rounds of a week each, on mornings of working days.

use super::share::Share;
use crate::columns::Date;
use crate::error::{Error, Result};

/// Nobody is planned on more mornings of a week.
pub const MORNINGS_A_WEEK: u64 = 5;

/// When talks are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    /// The first day of the first round; later ones start a week after one another.
    pub start: Date,
    /// How many rounds everybody's talks are divided over.
    pub rounds: u64,
    pub talks_a_morning: u64,
}

/// When one talk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// From 1.
    pub round: u64,
    /// A working day; public holidays count as such.
    pub date: Date,
}

impl Rounds {
    /// Rounds as asked, else the fewest in which whoever has most talks has mornings enough.
    ///
    /// # Errors
    /// Usage: no talks in a morning, no rounds, or fewer than the mornings of a week allow.
    pub fn new(start: Date, asked: Option<u64>, talks_a_morning: u64, most: u64) -> Result<Self> {
        if talks_a_morning == 0 {
            return Err(Error::usage("a morning without talks holds none")
                .hint("for example --talks-a-morning 3"));
        }
        let a_week = MORNINGS_A_WEEK.saturating_mul(talks_a_morning);
        let fewest = most.div_ceil(a_week).max(1);
        match asked {
            Some(rounds) if rounds < fewest => Err(Error::usage(format!(
                "{most} talks of one caseworker do not fit in {rounds} weekly rounds of at most \
                 {MORNINGS_A_WEEK} mornings with {talks_a_morning} talks each"
            ))
            .hint(format!(
                "give --rounds {fewest} or more, more talks a morning, or fewer places a caseworker"
            ))),
            _ => Ok(Rounds {
                start,
                rounds: asked.unwrap_or(fewest),
                talks_a_morning,
            }),
        }
    }

    /// When somebody's talks are, in their order: divided over the rounds as evenly as can be, the
    /// earlier ones first with one more; within a round on as few mornings as can be.
    pub fn slots(&self, talks: u64) -> Vec<Slot> {
        let (each, more) = (talks / self.rounds, talks % self.rounds);
        let rounds = 1..=self.rounds.min(talks);
        rounds
            .flat_map(|round| {
                let of_round = each + u64::from(round <= more);
                // No more rounds than talks, and those are counted in 32 bits.
                let begin = Date::from_days(self.start.days() + 7 * (round as i32 - 1));
                (0..of_round).map(move |talk| Slot {
                    round,
                    date: working_day(begin, talk / self.talks_a_morning),
                })
            })
            .collect()
    }

    /// The mornings that so many talks more take, each morning full but the last.
    pub fn mornings_for(&self, talks: u64) -> u64 {
        talks.div_ceil(self.talks_a_morning)
    }
}

/// How many of `talks` are expected not to be held, rounded up: what to keep room for.
pub fn expected_no_shows(talks: u64, no_show: Share) -> u64 {
    let one = u128::from(Share::ONE.parts());
    let parts = u128::from(talks) * u128::from(no_show.parts());
    // Not above the talks, as a share is not above 1.
    parts.div_ceil(one) as u64
}

/// The `nth` working day (from 0) on or after a day.
fn working_day(from: Date, nth: u64) -> Date {
    let mut day = from;
    let mut left = nth;
    loop {
        if day.weekday() < 5 {
            if left == 0 {
                return day;
            }
            left -= 1;
        }
        day = Date::from_days(day.days() + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::{Rounds, expected_no_shows};
    use crate::columns::Date;

    fn dates(rounds: &Rounds, talks: u64) -> Vec<String> {
        let slots = rounds.slots(talks).into_iter();
        slots
            .map(|slot| format!("{} {}", slot.round, slot.date))
            .collect()
    }

    #[test]
    fn rounds_are_weeks_and_mornings_working_days() {
        // 1 March 2017 was a Wednesday.
        let start = Date::new(2017, 3, 1).unwrap();
        let rounds = Rounds::new(start, Some(2), 2, 11).unwrap();
        assert_eq!(
            dates(&rounds, 11),
            [
                "1 2017-03-01",
                "1 2017-03-01",
                "1 2017-03-02",
                "1 2017-03-02",
                "1 2017-03-03",
                "1 2017-03-03",
                "2 2017-03-08",
                "2 2017-03-08",
                "2 2017-03-09",
                "2 2017-03-09",
                "2 2017-03-10",
            ]
        );
        // Over a weekend, and from one.
        let rounds = Rounds::new(start, None, 1, 5).unwrap();
        assert_eq!(rounds.rounds, 1);
        assert_eq!(rounds.slots(5)[4].date, Date::new(2017, 3, 7).unwrap());
        let saturday = Date::new(2017, 3, 4).unwrap();
        let rounds = Rounds::new(saturday, None, 3, 16).unwrap();
        assert_eq!(rounds.rounds, 2);
        assert_eq!(rounds.slots(1)[0].date, Date::new(2017, 3, 6).unwrap());
        // Fewer talks than rounds.
        assert_eq!(dates(&rounds, 1), ["1 2017-03-06"]);
        assert!(rounds.slots(0).is_empty());
        assert!(Rounds::new(start, Some(1), 3, 16).is_err());
        assert!(Rounds::new(start, Some(0), 3, 1).is_err());
        assert!(Rounds::new(start, None, 0, 1).is_err());
    }

    #[test]
    fn room_is_kept_for_whole_no_shows() {
        assert_eq!(expected_no_shows(120, "0.2".parse().unwrap()), 24);
        assert_eq!(expected_no_shows(121, "20%".parse().unwrap()), 25);
        assert_eq!(expected_no_shows(0, "0.2".parse().unwrap()), 0);
        assert_eq!(expected_no_shows(7, "0".parse().unwrap()), 0);
    }
}
