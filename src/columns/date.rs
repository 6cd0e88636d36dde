//! Calendar dates, in the forms in which offices write them.

use std::fmt;

/// A day, as the number of days since 1970-01-01 in the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day with this number.
    pub fn from_days(days: i32) -> Self {
        Date(days)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// From 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (i64::from(self.0) + 3).rem_euclid(7) as u8
    }

    /// A day of the calendar; `None` where it does not exist. Years 1 to 9999.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || day == 0 || day > days_in_month(year, month)? {
            return None;
        }
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil: years
        // run from March, in eras of 400 years of 146,097 days.
        let (month, day) = (month as i32, day as i32);
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Date(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month and day.
    pub fn ymd(self) -> (i32, u32, u32) {
        // The same source, civil_from_days.
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year as i32, month as u32, day as u32)
    }

    /// Reads `2017-03-01`, `20170301`, `01-03-2017`, `1-3-2017`, `01/03/2017` or `01.03.2017` (day first),
    /// with an optional time of day that is checked and dropped, and `1 mrt 2017` or `01-maart-2017`.
    pub fn parse(text: &str) -> Result<Self, NoDate> {
        let text = text.trim();
        if let Some(named) = with_month_name(text) {
            return named;
        }
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return in_one_number(text);
        }
        let (date, time) = match text.find([' ', 'T']) {
            Some(at) => (&text[..at], Some(text[at + 1..].trim())),
            None => (text, None),
        };
        if !time.is_none_or(is_time) {
            return Err(NoDate::Form);
        }
        let sign = date.chars().find(|c| !c.is_ascii_digit());
        let Some(sign @ ('-' | '/' | '.')) = sign else {
            return Err(NoDate::Form);
        };
        let parts: Vec<&str> = date.split(sign).collect();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let [a, b, c] = parts[..] else {
            return Err(NoDate::Form);
        };
        if ![a, b, c].into_iter().all(digits) {
            return Err(NoDate::Form);
        }
        let (year, month, day, year_first) = match (a.len(), b.len(), c.len()) {
            (4, 2, 2) => (a, b, c, true),
            (1..=2, 1..=2, 4) => (c, b, a, false),
            (1..=2, 1..=2, 2) => return Err(NoDate::ShortYear),
            _ => return Err(NoDate::Form),
        };
        let number = |part: &str| part.parse::<u32>().unwrap_or(0);
        let (year, month, day) = (number(year) as i32, number(month), number(day));
        Date::new(year, month, day).ok_or({
            if !year_first && month > 12 && Date::new(year, day, month).is_some() {
                NoDate::MonthFirst
            } else {
                NoDate::Impossible
            }
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDate {
    /// It does not look like one.
    Form,
    /// The year has two digits.
    ShortYear,
    /// It would be a date if the month came first.
    MonthFirst,
    /// The calendar has no such day.
    Impossible,
}

impl NoDate {
    pub fn reason(self) -> &'static str {
        match self {
            NoDate::Form => "this is not a date",
            NoDate::ShortYear => "this date has a year of two digits",
            NoDate::MonthFirst => "dates are read day first, and there is no such month",
            NoDate::Impossible => "there is no such day in the calendar",
        }
    }
}

/// `1 mrt 2017`, `01-maart-2017`; none without the name of a month in the middle.
fn with_month_name(text: &str) -> Option<Result<Date, NoDate>> {
    let mut parts = text
        .split([' ', '-', '.', '/'])
        .filter(|part| !part.is_empty());
    let (day, name, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let name = name.to_lowercase();
    let month = MONTHS
        .iter()
        .position(|names| names.contains(&name.as_str()))? as u32
        + 1;
    if parts.next().is_some() || day.len() > 2 || !digits(day) || !digits(year) {
        return Some(Err(NoDate::Form));
    }
    Some(match year.len() {
        4 => {
            let number = |part: &str| part.parse::<u32>().unwrap_or(0);
            Date::new(number(year) as i32, month, number(day)).ok_or(NoDate::Impossible)
        }
        2 => Err(NoDate::ShortYear),
        _ => Err(NoDate::Form),
    })
}

/// The months in Dutch and English, in full and as they are cut short.
const MONTHS: [&[&str]; 12] = [
    &["jan", "januari", "january"],
    &["feb", "februari", "february"],
    &["mrt", "maart", "mar", "march"],
    &["apr", "april"],
    &["mei", "may"],
    &["jun", "juni", "june"],
    &["jul", "juli", "july"],
    &["aug", "augustus", "august"],
    &["sep", "sept", "september"],
    &["okt", "oktober", "oct", "october"],
    &["nov", "november"],
    &["dec", "december"],
];

/// `20170301`; other numbers of eight digits are none.
fn in_one_number(text: &str) -> Result<Date, NoDate> {
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap_or(0);
    let year = number(0, 4);
    let date = Date::new(year as i32, number(4, 6), number(6, 8));
    date.filter(|_| (1900..=2100).contains(&year))
        .ok_or(NoDate::Form)
}

fn days_in_month(year: i32, month: u32) -> Option<u32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// `00:00`, `00:00:00` or with decimals of a second.
fn is_time(text: &str) -> bool {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (clock, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let in_range = |part: &&str, below: u32| {
        (1..=2).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|value| value < below)
    };
    (2..=3).contains(&parts.len())
        && in_range(&parts[0], 24)
        && parts[1..].iter().all(|part| in_range(part, 60))
        && !decimals.is_empty()
        && decimals.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar() {
        // 2017-03-01 is day 17226 by `date -d 2017-03-01 +%s` / 86400.
        assert_eq!(Date::new(2017, 3, 1).map(Date::days), Some(17_226));
        assert_eq!(Date::new(1970, 1, 1).map(Date::days), Some(0));
        assert_eq!(Date::new(1900, 2, 29), None);
        for days in (-700_000..2_900_000).step_by(17) {
            let (year, month, day) = Date::from_days(days).ymd();
            assert_eq!(Date::new(year, month, day).map(Date::days), Some(days));
        }
    }

    #[test]
    fn forms() {
        let wanted = Date::new(2017, 3, 1).ok_or(NoDate::Impossible);
        for text in [
            "2017-03-01",
            "01-03-2017",
            "1-3-2017",
            "01/03/2017",
            "2017-03-01 00:00",
            "1-3-2017 0:00:00",
            "2017-03-01T13:59:59.000Z",
            "01.03.2017",
            "1.3.2017",
            "2017.03.01",
            "2017/03/01",
            "20170301",
            "1 mrt 2017",
            "1 maart 2017",
            "01-mrt-2017",
            "1 MAR. 2017",
            "1-march-2017",
        ] {
            assert_eq!(Date::parse(text), wanted, "{text}");
        }
        assert_eq!(Date::parse("01/13/2017"), Err(NoDate::MonthFirst));
        assert_eq!(Date::parse("30-02-2017"), Err(NoDate::Impossible));
        for short in ["01-03-17", "01-mrt-17", "1.3.17"] {
            assert_eq!(Date::parse(short), Err(NoDate::ShortYear));
        }
        for text in [
            "",
            "x",
            "2017",
            "42795",
            "98765432",
            "20171301",
            "1 maat 2017",
            "1-3",
            "2017-3",
            "01-03/2017",
            "01-03-2017 25:00",
        ] {
            assert_eq!(Date::parse(text), Err(NoDate::Form), "{text}");
        }
        assert_eq!(Date::from_days(17_226).to_string(), "2017-03-01");
    }
}
