//! The words of a trial's record.

use super::note;
use crate::results::{BatchCount, Broken, EventKind, Note, Registered, StartArm};
use crate::words::{Lang, number};

fn fixed(lang: Lang, nl: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

fn pick(lang: Lang, nl: String, en: String) -> String {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

pub fn title(lang: Lang) -> &'static str {
    fixed(lang, "Dossier van de proef", "Record of the trial")
}

/// What the chapter is.
pub fn about(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Wat er in deze proef is gebeurd, in volgorde. Elke gebeurtenis draagt de SHA-256 van de vorige; een \
         gebeurtenis die later veranderd, weggelaten of tussengevoegd is, valt op bij 'fip verify'.",
        "What has happened in this trial, in order. Every event carries the SHA-256 of the one before it; an event \
         that was changed, left out or put in later is found by 'fip verify'.",
    )
}

/// The headers: number, date, what, particulars.
pub fn headers(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::Nl => ["Nr.", "Datum", "Gebeurtenis", "Bijzonderheden"],
        Lang::En => ["No.", "Date", "Event", "Particulars"],
    }
}

/// What happened; `first` is whether it is the first of its kind.
pub fn event(kind: EventKind, first: bool, lang: Lang) -> &'static str {
    match (kind, first) {
        (EventKind::Registered, true) => fixed(
            lang,
            "Protocol en register vastgelegd",
            "Protocol and register laid down",
        ),
        (EventKind::Registered, false) => fixed(lang, "Opnieuw vastgelegd", "Laid down again"),
        (EventKind::Drawn, true) => fixed(lang, "Geloot", "Drawn"),
        (EventKind::Drawn, false) => fixed(lang, "Opnieuw geloot", "Drawn again"),
        (EventKind::DrawnElsewhere, true) => fixed(
            lang,
            "Elders geloot, en hier ingebracht",
            "Drawn elsewhere, and brought in",
        ),
        (EventKind::DrawnElsewhere, false) => fixed(
            lang,
            "Een andere, elders gemaakte loting ingebracht",
            "Another draw made elsewhere brought in",
        ),
        (EventKind::Added, _) => fixed(lang, "Latere groep geloot", "Later batch drawn"),
        (EventKind::Started, _) => fixed(lang, "Eerste dag", "First day"),
        (EventKind::Amended, _) => fixed(lang, "Gewijzigd", "Amended"),
        (EventKind::Looked, true) => fixed(lang, "Uitkomsten geanalyseerd", "Outcomes analysed"),
        (EventKind::Looked, false) => fixed(
            lang,
            "Uitkomsten anders of opnieuw geanalyseerd",
            "Outcomes analysed otherwise or again",
        ),
    }
}

pub fn reason(reason: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("reden: {reason}"),
        format!("reason: {reason}"),
    )
}

pub fn fingerprint(fingerprint: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("vingerafdruk {fingerprint}"),
        format!("fingerprint {fingerprint}"),
    )
}

/// The text that nobody chose.
pub fn public(text: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("startgetal uit de vingerafdruk en de tekst '{text}'"),
        format!("seed from the fingerprint and the text '{text}'"),
    )
}

pub fn seed(seed: &str, lang: Lang) -> String {
    pick(lang, format!("startgetal {seed}"), format!("seed {seed}"))
}

/// What was looked at, in which file.
pub fn looked(outcomes: &[String], file: &str, lang: Lang) -> String {
    let outcomes = outcomes.join(", ");
    pick(
        lang,
        format!("{outcomes} (uit {file})"),
        format!("{outcomes} (from {file})"),
    )
}

/// People who were drawn in error; how many is not told where they are too few.
pub fn in_error(count: Option<u64>, lang: Lang) -> String {
    let Some(count) = count else {
        return fixed(
            lang,
            "een of meer mensen bleken ten onrechte geloot; zij blijven in hun groep",
            "one or more people turned out to be drawn in error; they stay in their arm",
        )
        .to_string();
    };
    let n = number::count(count, lang);
    match count {
        1 => fixed(
            lang,
            "1 persoon bleek ten onrechte geloot en blijft in de eigen groep",
            "1 person turned out to be drawn in error and stays in the arm drawn",
        )
        .to_string(),
        _ => pick(
            lang,
            format!("{n} personen bleken ten onrechte geloot; zij blijven in hun groep"),
            format!("{n} people turned out to be drawn in error; they stay in their arms"),
        ),
    }
}

/// A later batch.
pub fn batch(of: &BatchCount, lang: Lang) -> String {
    let n = |count: u64| number::count(count, lang);
    let (number, drawn) = (of.number, n(of.drawn));
    let joined = match of.joined {
        0 => String::new(),
        joined => pick(
            lang,
            format!(
                "; {} in een huishouden (cluster) dat al geloot was",
                n(joined)
            ),
            format!("; {} in a cluster that was drawn before", n(joined)),
        ),
    };
    pick(
        lang,
        format!("groep {number}: {drawn} geloot{joined}"),
        format!("batch {number}: {drawn} drawn{joined}"),
    )
}

/// An arm on the first day.
pub fn start(of: &StartArm, lang: Lang) -> String {
    let n = |count: u64| number::count(count, lang);
    let StartArm {
        arm,
        drawn,
        left,
        moved_in,
        moved_out,
        started,
    } = of;
    let [drawn, left, moved_in, moved_out, started] =
        [drawn, left, moved_in, moved_out, started].map(|count| n(*count));
    pick(
        lang,
        format!(
            "{arm}: {drawn} geloot, {left} niet meer in aanmerking, {moved_in} ingeschoven, {moved_out} doorgeschoven, \
             {started} begonnen"
        ),
        format!(
            "{arm}: {drawn} drawn, {left} no longer eligible, {moved_in} moved in, {moved_out} moved out, {started} \
             started"
        ),
    )
}

/// What an event changed in the protocol.
pub fn change(change: &Note, lang: Lang) -> String {
    match change {
        Note::NotRegistered { what, name } => {
            let what = note::registered(*what, name, lang);
            pick(lang, format!("nieuw: {what}"), format!("new: {what}"))
        }
        Note::RegisteredNotUsed { what, name } => {
            let what = note::registered(*what, name, lang);
            pick(lang, format!("vervallen: {what}"), format!("gone: {what}"))
        }
        Note::RegisteredNotAnalysed { name } => {
            let what = note::registered(Registered::Outcome, name, lang);
            pick(lang, format!("vervallen: {what}"), format!("gone: {what}"))
        }
        other => note::text(other, lang),
    }
}

/// A warning that more than one draw was made.
pub fn redrawn(times: u64, lang: Lang) -> String {
    let n = number::count(times, lang);
    pick(
        lang,
        format!(
            "Er is {n} keer geloot. Wie mag kiezen tussen lotingen, kan de groepen naar zijn hand zetten: lees de reden."
        ),
        format!(
            "The draw was made {n} times. Whoever may choose between draws can bend the arms to his will: read the reason."
        ),
    )
}

/// A warning that outcomes were analysed in more than one way.
pub fn looks(times: u64, lang: Lang) -> String {
    let n = number::count(times, lang);
    pick(
        lang,
        format!(
            "De uitkomsten zijn op {n} manieren of in {n} bestanden geanalyseerd. Wie vaak kijkt, vindt eerder iets dat \
             toeval is; p-waarden zijn daarvoor niet gecorrigeerd."
        ),
        format!(
            "Outcomes were analysed in {n} ways or files. Whoever looks often finds sooner what is chance; p-values are \
             not corrected for that."
        ),
    )
}

/// What to do with a fingerprint.
pub fn publish(fingerprint: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "Vingerafdruk: {fingerprint}. Maak hem openbaar vóór de loting, bijvoorbeeld in notulen, een e-mail of de \
             krant. Loot daarna met: fip assign trial.toml --public \"…\", met een tekst die niemand gekozen heeft, zoals \
             de lottotrekking van een latere dag."
        ),
        format!(
            "Fingerprint: {fingerprint}. Publish it before the draw, for example in minutes, a mail or the newspaper. \
             Then draw with: fip assign trial.toml --public \"…\", with a text that nobody chose, such as the lottery of \
             a later day."
        ),
    )
}

/// What a record proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It was changed, or the draw is another.
    Nothing,
    /// Nothing was drawn yet.
    LaidDown,
    /// A draw made elsewhere has not changed since.
    Unchanged,
    /// The draw was not made again.
    NotMadeAgain,
    /// The arms follow from a seed.
    Seed,
    /// The arms follow from a seed that nobody could choose.
    Public,
}

/// What is proven, and what isn't.
pub fn proven(proof: Proof, lang: Lang) -> &'static str {
    match proof {
        Proof::Nothing => fixed(
            lang,
            "Dit bewijst niet welke loting heeft plaatsgevonden.",
            "This does not prove which draw took place.",
        ),
        Proof::LaidDown => fixed(
            lang,
            "Bewezen is wat er is vastgelegd; er is nog niet geloot.",
            "Proven is what was laid down; nothing was drawn yet.",
        ),
        Proof::Unchanged => fixed(
            lang,
            "Bewezen is dat de verdeling sinds ze is ingebracht niet is veranderd; niet dat er geloot is, en hoe.",
            "Proven is that the allocation was not changed since it was brought in; not that it was drawn, or how.",
        ),
        Proof::NotMadeAgain => fixed(
            lang,
            "Bewezen is dat het dossier sinds de loting niet is veranderd; de loting zelf is nu niet overgedaan.",
            "Proven is that the record was not changed since the draw; the draw itself was not made again now.",
        ),
        Proof::Public => fixed(
            lang,
            "Bewezen is dat de groepen volgen uit protocol, register en een tekst van buiten; wie de vingerafdruk vóór \
             die tekst gepubliceerd zag, weet dat niemand kon kiezen tussen lotingen. Niet bewezen is dat het register \
             zelf klopt.",
            "Proven is that the arms follow from the protocol, the register and a text from outside; whoever saw the \
             fingerprint published before that text knows that nobody could choose between draws. Not proven is that \
             the register itself is right.",
        ),
        Proof::Seed => fixed(
            lang,
            "Bewezen is dat de groepen volgen uit dit startgetal en deze volgorde, en dat het dossier sindsdien niet is \
             veranderd. Niet bewezen is dat er niet eerder is geloot en opnieuw begonnen: dat kan alleen met 'fip commit' \
             en 'fip assign --public'.",
            "Proven is that the arms follow from this seed and this order, and that the record was not changed since. \
             Not proven is that nobody drew before and began anew: only 'fip commit' with 'fip assign --public' can do \
             that.",
        ),
    }
}

pub fn public_same(persons: u64, lang: Lang) -> String {
    let n = number::count(persons, lang);
    pick(
        lang,
        format!(
            "In orde: de loting van {n} mensen, zonder hun nummers, geeft opnieuw dezelfde groepen."
        ),
        format!("In order: the draw of {n} people, without their ids, gives the same arms again."),
    )
}

/// Somebody, by their place in the order, whose arm or lot is not the one drawn again.
pub fn public_differs(place: u64, drawn: &str, found: &str, lot_only: bool, lang: Lang) -> String {
    match lot_only {
        true => pick(
            lang,
            format!("plaats {place}: het lotnummer is een ander"),
            format!("place {place}: the lot is another"),
        ),
        false => pick(
            lang,
            format!("plaats {place}: geloot is {drawn}, in het bestand staat {found}"),
            format!("place {place}: drawn is {drawn}, the file has {found}"),
        ),
    }
}

pub fn public_counts(lang: Lang) -> &'static str {
    fixed(
        lang,
        "de aantallen per groep zijn niet die van het manifest",
        "the numbers per arm are not those of the manifest",
    )
}

/// The register was saved again or put in another order, and the draw is the same.
pub fn saved_again(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Het registerbestand is niet byte voor byte dat van de loting (een andere volgorde, of opnieuw opgeslagen), maar \
         het geeft dezelfde mensen en dezelfde loting.",
        "The register's file is not the drawn one byte for byte (another order, or saved again), but it gives the same \
         people and the same draw.",
    )
}

/// What is not as it was written.
pub fn broken(broken: &Broken, lang: Lang) -> String {
    match broken {
        Broken::Missing { event, file } => pick(
            lang,
            format!("{event}: {file} is er niet meer"),
            format!("{event}: {file} is not there any more"),
        ),
        Broken::Changed { event, file } => pick(
            lang,
            format!("{event}: {file} is veranderd nadat het geschreven was"),
            format!("{event}: {file} was changed after it was written"),
        ),
        Broken::Foreign { event, file } => pick(
            lang,
            format!("{event}: {file} hoort er niet bij"),
            format!("{event}: {file} is no part of it"),
        ),
        Broken::Chain { event } => pick(
            lang,
            format!(
                "{event} volgt niet op de gebeurtenis ervoor: er is er een veranderd, weggelaten of tussengevoegd"
            ),
            format!(
                "{event} does not follow on the event before it: one was changed, left out or put in"
            ),
        ),
        Broken::Seed { event } => pick(
            lang,
            format!(
                "{event}: het startgetal volgt niet uit de vastgelegde vingerafdruk en de openbare tekst"
            ),
            format!(
                "{event}: the seed does not follow from the fingerprint that was laid down and the public text"
            ),
        ),
        Broken::Unreadable { event, reason } => pick(
            lang,
            format!("{event} is niet te lezen: {reason}"),
            format!("{event} cannot be read: {reason}"),
        ),
    }
}

pub fn sound(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Het dossier is zoals het geschreven is.",
        "The record is as it was written.",
    )
}

pub fn not_sound(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Het dossier is niet meer zoals het geschreven is:",
        "The record is not as it was written any more:",
    )
}
