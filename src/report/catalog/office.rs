//! The office's lists and letters.

use super::sentence::people;
use crate::columns::Date;
use crate::words::{Lang, number};

/// The columns of ours in lists, and the names of the files.
pub struct Words {
    pub list: &'static str,
    pub letters: &'static str,
    pub order: &'static str,
    pub round: &'static str,
    pub date: &'static str,
    pub caseworker: &'static str,
    pub cluster: &'static str,
    /// As fields of a letter: without spaces.
    pub order_field: &'static str,
    pub round_field: &'static str,
    pub date_field: &'static str,
    pub caseworker_field: &'static str,
    pub cluster_field: &'static str,
    pub of_register: &'static str,
    pub title: &'static str,
    pub per_caseworker: &'static str,
    pub talks: &'static str,
    pub people: &'static str,
    pub mornings: &'static str,
    pub first: &'static str,
    pub last: &'static str,
    pub no_shows: &'static str,
    pub second_invitation: &'static str,
}

pub fn words(lang: Lang) -> Words {
    match lang {
        Lang::Nl => Words {
            list: "lijst",
            letters: "brieven",
            order: "Volgorde",
            round: "Ronde",
            date: "Datum",
            caseworker: "Klantmanager",
            cluster: "Cluster",
            order_field: "volgorde",
            round_field: "ronde",
            date_field: "datum_gesprek",
            caseworker_field: "klantmanager",
            cluster_field: "cluster",
            of_register: "register",
            title: "Planning",
            per_caseworker: "Gesprekken per klantmanager",
            talks: "Gesprekken",
            people: "Personen",
            mornings: "Ochtenden",
            first: "Eerste",
            last: "Laatste",
            no_shows: "Gaat niet door (verwacht)",
            second_invitation: "Ochtenden voor een tweede uitnodiging",
        },
        Lang::En => Words {
            list: "list",
            letters: "letters",
            order: "Order",
            round: "Round",
            date: "Date",
            caseworker: "Caseworker",
            cluster: "Cluster",
            order_field: "order",
            round_field: "round",
            date_field: "appointment_date",
            caseworker_field: "caseworker",
            cluster_field: "cluster",
            of_register: "register",
            title: "Schedule",
            per_caseworker: "Talks per caseworker",
            talks: "Talks",
            people: "People",
            mornings: "Mornings",
            first: "First",
            last: "Last",
            no_shows: "Not held (expected)",
            second_invitation: "Mornings for a second invitation",
        },
    }
}

const DAYS_NL: [&str; 7] = [
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
];
const DAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS_NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// 'woensdag 1 maart 2017', as it stands in a letter.
pub fn day(date: Date, lang: Lang) -> String {
    let (year, month, day) = date.ymd();
    let (days, months) = match lang {
        Lang::Nl => (DAYS_NL, MONTHS_NL),
        Lang::En => (DAYS_EN, MONTHS_EN),
    };
    let weekday = days[usize::from(date.weekday())];
    let month = months[month as usize - 1];
    format!("{weekday} {day} {month} {year}")
}

/// '01-03-2017', or '2017-03-01'.
pub fn short_day(date: Date, lang: Lang) -> String {
    let (year, month, day) = date.ymd();
    match lang {
        Lang::Nl => format!("{day:02}-{month:02}-{year:04}"),
        Lang::En => date.to_string(),
    }
}

/// How much there is to do, and when.
pub fn in_all(
    talks: u64,
    people_in_them: u64,
    rounds: u64,
    start: Date,
    a_morning: u64,
    minutes: u64,
    lang: Lang,
) -> String {
    let who = people(people_in_them, lang);
    let (talks, a_morning_of) = (talks_of(talks, lang), talks_of(a_morning, lang));
    let start = day(start, lang);
    let count = number::count(rounds, lang);
    let long = hours(a_morning.saturating_mul(minutes), lang);
    match lang {
        Lang::Nl => {
            let rounds = if rounds == 1 {
                "één ronde van een week".to_owned()
            } else {
                format!("{count} rondes van een week")
            };
            format!(
                "{talks} met {who}, in {rounds} vanaf {start}. Een ochtend heeft {a_morning_of} van {minutes} \
                 minuten: {long}."
            )
        }
        Lang::En => {
            let rounds = if rounds == 1 {
                "one round of a week".to_owned()
            } else {
                format!("{count} weekly rounds")
            };
            format!(
                "{talks} with {who}, in {rounds} from {start}. A morning has {a_morning_of} of {minutes} minutes: \
                 {long}."
            )
        }
    }
}

fn talks_of(talks: u64, lang: Lang) -> String {
    let count = number::count(talks, lang);
    let noun = match (lang, talks) {
        (Lang::Nl, 1) => "gesprek",
        (Lang::Nl, _) => "gesprekken",
        (Lang::En, 1) => "talk",
        (Lang::En, _) => "talks",
    };
    format!("{count} {noun}")
}

fn mornings_of(mornings: u64, lang: Lang) -> String {
    let count = number::count(mornings, lang);
    let noun = match (lang, mornings) {
        (Lang::Nl, 1) => "ochtend",
        (Lang::Nl, _) => "ochtenden",
        (Lang::En, 1) => "morning",
        (Lang::En, _) => "mornings",
    };
    format!("{count} {noun}")
}

fn hours(minutes: u64, lang: Lang) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let hours_text = match lang {
        Lang::Nl => format!("{} uur", number::count(hours, lang)),
        Lang::En if hours == 1 => "1 hour".to_owned(),
        Lang::En => format!("{} hours", number::count(hours, lang)),
    };
    let rest_text = match lang {
        Lang::Nl if rest == 1 => "1 minuut".to_owned(),
        Lang::Nl => format!("{rest} minuten"),
        Lang::En if rest == 1 => "1 minute".to_owned(),
        Lang::En => format!("{rest} minutes"),
    };
    match (hours, rest) {
        (0, _) => rest_text,
        (_, 0) => hours_text,
        _ => match lang {
            Lang::Nl => format!("{hours_text} en {rest_text}"),
            Lang::En => format!("{hours_text} and {rest_text}"),
        },
    }
}

/// What counts as a working day.
pub fn working_days(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Elke ochtend is een werkdag van maandag tot en met vrijdag, ten hoogste vijf in een ronde. Feestdagen en \
             vakanties zijn niet overgeslagen: kijk de data na."
        }
        Lang::En => {
            "Every morning is a working day from Monday to Friday, at most five in a round. Public holidays and leave \
             are not skipped: check the dates."
        }
    }
}

/// What no-shows do to a schedule: what share of the talks is not held, and the mornings that inviting
/// those once more takes.
#[derive(Debug, Clone, Copy)]
pub struct NoShows {
    pub share: f64,
    pub talks: u64,
    pub mornings: u64,
    pub a_morning: u64,
}

pub fn no_shows(of: NoShows, lang: Lang) -> String {
    let NoShows {
        share,
        talks,
        mornings,
        a_morning,
    } = of;
    let share_text = number::exact_percent(share, lang);
    let invited = number::fixed(a_morning as f64 / (1.0 - share), 1, lang);
    let missed = |times: i32| {
        let missed = talks as f64 * share.powi(times);
        let is_whole = (missed - missed.round()).abs() < 1e-9;
        number::fixed(missed, usize::from(!is_whole), lang)
    };
    let (once, twice) = (missed(1), missed(2));
    let talks = talks_of(talks, lang);
    let held = number::count(a_morning, lang);
    let mornings = mornings_of(mornings, lang);
    match lang {
        Lang::Nl => format!(
            "Als {share_text} van de uitgenodigden niet verschijnt, gaan er van de {talks} gemiddeld {once} niet door. \
             Een tweede uitnodiging vraagt {mornings} extra; daarna zijn er gemiddeld nog {twice} niet \
             gehouden. Voor {held} gehouden gesprekken op een ochtend zijn gemiddeld {invited} uitnodigingen nodig."
        ),
        Lang::En => format!(
            "If {share_text} of those invited do not come, {once} of the {talks} are not held, on average. A second \
             invitation takes {mornings} more; after that {twice} are not held, on average. To hold {held} talks in a \
             morning, {invited} invitations are needed on average."
        ),
    }
}

/// That nothing of this is to be handed in.
pub fn internal(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Deze lijsten zijn intern: wie erop staat, is met nummer als deelnemer te herkennen. Lever ze niet in met \
             het verslag. Neem voor brieven in Word het XLSX-bestand; de CSV is om in Excel te openen."
        }
        Lang::En => {
            "These lists are internal: whoever is on them can be told by id to take part. Do not hand them in with the \
             report. For letters in Word use the XLSX file; the CSV is for opening in Excel."
        }
    }
}

/// The list of an arm without caseworkers.
pub fn everybody_of(arm: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("Groep {arm}"),
        Lang::En => format!("Group {arm}"),
    }
}
