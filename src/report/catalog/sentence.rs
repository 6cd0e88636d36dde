//! Sentences with numbers and names in them, each in both languages.

use crate::publication::synth::Why;
use crate::report::lang::Lang;
use crate::report::number::{self, Stars};

/// '1 persoon', '12 personen'.
pub fn people(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => counted(n, "persoon", "personen", lang),
        Lang::En => counted(n, "person", "people", lang),
    }
}

/// '1 cluster', '12 clusters'.
pub fn clusters(n: u64, lang: Lang) -> String {
    counted(n, "cluster", "clusters", lang)
}

/// '1 rij', '12 rijen'.
pub fn rows(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => counted(n, "rij", "rijen", lang),
        Lang::En => counted(n, "row", "rows", lang),
    }
}

/// The spanning header over a group's columns: 'Controlegroep (N=668)'.
pub fn group_header(name: &str, n: u64, lang: Lang) -> String {
    format!("{name} (N={})", number::count(n, lang))
}

/// The head of a column of intervals: '95%-BI', '95% CI'.
pub fn interval_header(level: f64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{}-BI", number::exact_percent(level, lang)),
        Lang::En => format!("{} CI", number::exact_percent(level, lang)),
    }
}

/// What the abbreviation in [`interval_header`] stands for.
pub fn interval_legend(level: f64, lang: Lang) -> String {
    let header = interval_header(level, lang);
    match lang {
        Lang::Nl => format!(
            "{header}: {}-betrouwbaarheidsinterval.",
            number::exact_percent(level, lang)
        ),
        Lang::En => format!(
            "{header}: {} confidence interval.",
            number::exact_percent(level, lang)
        ),
    }
}

/// '*** p < 0,001; ** p < 0,01; * p < 0,05.'
pub fn star_legend(lang: Lang) -> String {
    let marks = Stars::LEVELS
        .map(|(level, stars)| format!("{} p < {}", stars.text(), number::level(level, lang)));
    format!("{}.", marks.join("; "))
}

/// What M and SD stand for.
pub fn mean_sd_legend(lang: Lang) -> String {
    match lang {
        Lang::Nl => "M: gemiddelde; SD: standaarddeviatie.",
        Lang::En => "M: mean; SD: standard deviation.",
    }
    .to_owned()
}

/// How the sign of every difference reads.
pub fn difference_legend(intervention: &str, control: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("Verschil: {intervention} min {control}."),
        Lang::En => format!("Difference: {intervention} minus {control}."),
    }
}

/// The formula behind the standardised mean difference of numeric variables and shares.
pub fn smd_legend(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "SMD: gestandaardiseerd verschil, het verschil gedeeld door √((s₁² + s₀²)/2), met \
             p(1 − p) als variantie van een aandeel."
        }
        Lang::En => {
            "SMD: standardised mean difference, the difference divided by √((s₁² + s₀²)/2), with \
             p(1 − p) as the variance of a share."
        }
    }
    .to_owned()
}

/// The distance used for categorical variables (Yang and Dalton 2012).
pub fn mahalanobis_legend(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "SMD van een kenmerk met categorieën: de Mahalanobis-afstand tussen beide verdelingen \
             (Yang en Dalton 2012), altijd positief."
        }
        Lang::En => {
            "SMD of a characteristic with categories: the Mahalanobis distance between the two \
             distributions (Yang and Dalton 2012), always positive."
        }
    }
    .to_owned()
}

/// The result of the omnibus test of balance.
pub fn omnibus(statistic: Option<f64>, df: Option<f64>, p: Option<f64>, lang: Lang) -> String {
    let result = format!(
        "{}, {}",
        number::statistic(number::Symbol::D2, statistic, df, None, lang),
        number::p_clause(p, lang)
    );
    match lang {
        Lang::Nl => format!(
            "Alle kenmerken samen (omnibustoets van Hansen en Bowers, volgens de loting): {result}."
        ),
        Lang::En => format!(
            "All characteristics together (omnibus test of Hansen and Bowers, by the design of the \
             draw): {result}."
        ),
    }
}

/// What VR stands for.
pub fn variance_ratio_legend(intervention: &str, control: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "VR: variantieverhouding, de variantie van {intervention} gedeeld door die van {control}."
        ),
        Lang::En => format!(
            "VR: variance ratio, the variance of {intervention} divided by that of {control}."
        ),
    }
}

/// The bands of What Works Clearinghouse for baseline differences (Standards Handbook 5.0:
/// at most 0.05 satisfied, to 0.25 with adjustment, larger not satisfied).
pub fn wwc_legend(lang: Lang) -> String {
    let low = number::fixed(0.05, 2, lang);
    let high = number::fixed(0.25, 2, lang);
    match lang {
        Lang::Nl => format!(
            "WWC: banden van What Works Clearinghouse voor de absolute SMD. Tot en met {low} zijn de \
             groepen gelijkwaardig; daarboven, tot en met {high}, na statistische correctie; boven \
             {high} niet."
        ),
        Lang::En => format!(
            "WWC: bands of What Works Clearinghouse for the absolute SMD. Up to {low} the groups are \
             equivalent; above that, up to {high}, with statistical adjustment; above {high} they \
             are not."
        ),
    }
}

/// How many were drawn, and by which method.
pub fn drawn(method: &str, eligible: u64, clusters_drawn: Option<u64>, lang: Lang) -> String {
    let who = people(eligible, lang);
    match (lang, clusters_drawn) {
        (Lang::Nl, None) => format!("Geloot onder {who}: {method}."),
        (Lang::En, None) => format!("Drawn among {who}: {method}."),
        (Lang::Nl, Some(n)) => {
            format!(
                "Geloot onder {} met samen {who}: {method} van hele clusters.",
                clusters(n, lang)
            )
        }
        (Lang::En, Some(n)) => {
            format!(
                "Drawn among {} with {who}: {method} of whole clusters.",
                clusters(n, lang)
            )
        }
    }
}

/// Where a seed comes from that nobody gave.
pub fn seed_from_system(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Er is geen startgetal (seed) opgegeven; het besturingssysteem heeft er een getrokken. \
             Bewaar manifest.json: daarmee is de loting te herhalen."
        }
        Lang::En => {
            "No seed was given; the operating system drew one. Keep manifest.json: it makes the \
             draw repeatable."
        }
    }
    .to_owned()
}

/// That this draw replaced earlier ones.
pub fn drawn_again(times: u64, lang: Lang) -> String {
    let times = number::count(times, lang);
    match lang {
        Lang::Nl => format!(
            "Er is opnieuw geloot; eerdere lotingen: {times}. Opnieuw loten tot de groepen bevallen maakt \
             een experiment waardeloos. Vermeld de reden in het verslag."
        ),
        Lang::En => format!(
            "The draw was repeated; earlier draws: {times}. Drawing again until the groups please \
             ruins a trial. State the reason in the report."
        ),
    }
}

/// Why somebody was not eligible: the first condition that did not hold.
pub fn reason_not_met(condition: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("niet voldaan aan: {condition}"),
        Lang::En => format!("did not meet: {condition}"),
    }
}

/// How many printed figures the microdata give, and how to make the same ones again.
pub fn synthesised(matched: u64, cannot: u64, seed: &str, lang: Lang) -> String {
    let (matched, cannot) = (number::count(matched, lang), number::count(cannot, lang));
    match lang {
        Lang::Nl => format!(
            "Van de gedrukte cellen geven deze gegevens er {matched} precies terug en {cannot} niet. Verbanden \
             die niet in de tabellen staan, zijn willekeurig. Startgetal (seed): {seed}."
        ),
        Lang::En => format!(
            "Of the printed cells these data give back {matched} exactly and {cannot} not. Relations that \
             the tables do not show are arbitrary. Seed: {seed}."
        ),
    }
}

/// Why a printed cell cannot come out of the microdata.
pub fn why_not(why: &Why, lang: Lang) -> String {
    let (nl, en) = match why {
        Why::ReadAs(reason) => return reason.clone(),
        Why::NoWholeNumber => (
            "geen aantal mensen geeft dit getal",
            "no number of people prints so",
        ),
        Why::Contradicts => (
            "mogelijk, maar niet samen met de andere getallen van dit kenmerk",
            "possible, but not together with the variable's other figures",
        ),
        Why::Derived => (
            "de berekening geeft iets anders",
            "the formula gives something else",
        ),
        Why::NotAnArm => (
            "de groep is geen arm van de loting",
            "the group is no arm of the draw",
        ),
        Why::NotOfPeople => (
            "geen kenmerk van personen",
            "not a characteristic of people",
        ),
        Why::NoColumn => ("geen kolom bevat dit", "no column holds it"),
        Why::NoSize => (
            "de omvang van een groep is niet gedrukt",
            "the size of a group is not printed",
        ),
        Why::NoRange => (
            "laagste en hoogste waarde zijn niet te bepalen",
            "lowest and highest value cannot be told",
        ),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
    .to_owned()
}

/// The caption over the columns of a file.
pub fn columns_of(file: &str, n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("De kolommen van {file} ({})", rows(n, lang)),
        Lang::En => format!("The columns of {file} ({})", rows(n, lang)),
    }
}

/// What to do with a drafted protocol.
pub fn check_draft(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Dit zijn vermoedens. Lees trial.toml regel voor regel na, vul de naam en de groepen in en \
             leg het protocol vast vóór de loting."
        }
        Lang::En => {
            "These are guesses. Read trial.toml line by line, fill in the name and the arms, and \
             register the protocol before the draw."
        }
    }
    .to_owned()
}

/// '… en nog 12 verschillen.'
pub fn and_more(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("en nog {}", counted(n, "verschil", "verschillen", lang)),
        Lang::En => format!("and {} more", counted(n, "difference", "differences", lang)),
    }
}

/// A file that has another hash than it had.
pub fn file_changed(what: &str, expected: &str, found: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{what}: gewijzigd (SHA-256 was {expected}, is {found})."),
        Lang::En => format!("{what}: changed (SHA-256 was {expected}, is {found})."),
    }
}

/// Drawing again was not possible.
pub fn not_rederivable(reason: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("De loting is met dit register niet te herhalen: {reason}."),
        Lang::En => format!("The draw cannot be repeated with this register: {reason}."),
    }
}

/// Drawing again gave another allocation.
pub fn other_draw(expected: &str, found: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            format!("De herhaalde loting is een andere (SHA-256 was {expected}, is {found}).")
        }
        Lang::En => {
            format!("The repeated draw is another one (SHA-256 was {expected}, is {found}).")
        }
    }
}

/// A count that the manifest has otherwise.
pub fn count_differs(what: &str, expected: u64, found: u64, lang: Lang) -> String {
    let (expected, found) = (number::count(expected, lang), number::count(found, lang));
    match lang {
        Lang::Nl => format!("{what}: {found}, volgens het manifest {expected}."),
        Lang::En => format!("{what}: {found}, by the manifest {expected}."),
    }
}

/// A client who was drawn and is not in a file.
pub fn client_missing(id: &str, file: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Cliënt {id} is geloot, maar ontbreekt ({}).",
            file.to_lowercase()
        ),
        Lang::En => format!(
            "Client {id} was drawn but is missing ({}).",
            file.to_lowercase()
        ),
    }
}

/// A client in a file who was not drawn.
pub fn client_added(id: &str, file: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Cliënt {id} is toegevoegd en was niet geloot ({}).",
            file.to_lowercase()
        ),
        Lang::En => format!(
            "Client {id} was added and had not been drawn ({}).",
            file.to_lowercase()
        ),
    }
}

/// A client who occurs more than once.
pub fn client_repeated(id: &str, times: u64, file: &str, lang: Lang) -> String {
    let times = number::count(times, lang);
    match lang {
        Lang::Nl => format!(
            "Cliënt {id} komt {times} keer voor ({}).",
            file.to_lowercase()
        ),
        Lang::En => format!(
            "Client {id} occurs {times} times ({}).",
            file.to_lowercase()
        ),
    }
}

/// A client whose arm or stratum is not the drawn one.
pub fn value_changed(id: &str, what: &str, drawn: &str, found: &str, lang: Lang) -> String {
    let what = what.to_lowercase();
    match lang {
        Lang::Nl => format!("Cliënt {id}: {what} is '{found}', geloot was '{drawn}'."),
        Lang::En => format!("Client {id}: {what} is '{found}', drawn was '{drawn}'."),
    }
}

/// On every report whose data are made, not observed.
pub fn synthetic(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Deze gegevens zijn door een programma gemaakt en niet bij mensen waargenomen. Trek er \
             geen conclusies uit over het beleid."
        }
        Lang::En => {
            "These data were made by a program, not observed in people. Draw no conclusions about \
             the policy from them."
        }
    }
    .to_owned()
}

/// How many balance tests came out significant, how many chance alone would give, and what
/// that does and does not mean after a random draw.
pub fn significant_balance(significant: u64, tested: u64, alpha: f64, lang: Lang) -> String {
    let found = number::count(significant, lang);
    let of = number::count(tested, lang);
    let level = number::level(alpha, lang);
    let expected = number::fixed(alpha * count_as_float(tested), 1, lang);
    match (lang, significant, tested) {
        (Lang::Nl, 0, _) => format!(
            "Op geen van de getoetste kenmerken ({of}) verschillen de groepen significant \
             (p < {level}). Dat betekent niet dat de groepen gelijk zijn: kijk naar de omvang van de \
             verschillen (SMD)."
        ),
        (Lang::En, 0, _) => format!(
            "On none of the characteristics tested ({of}) do the groups differ significantly \
             (p < {level}). That does not mean that the groups are equal: look at the size of the \
             differences (SMD)."
        ),
        (Lang::Nl, _, _) => {
            let subject = match tested {
                1 => "Op het ene getoetste kenmerk".to_owned(),
                _ => format!("Op {found} van de {of} getoetste kenmerken"),
            };
            format!(
                "{subject} verschillen de groepen significant (p < {level}); door toeval alleen zijn \
                 er naar verwachting {expected}. Na een goede loting is zo'n verschil toeval en geen \
                 bewijs dat de loting mislukt is. Het kan de uitkomsten wel beïnvloeden als het kenmerk \
                 daarmee samenhangt: kijk naar de omvang van het verschil (SMD) en vergelijk met een \
                 gecorrigeerde schatting."
            )
        }
        (Lang::En, _, _) => {
            let subject = match tested {
                1 => "On the one characteristic tested".to_owned(),
                _ => format!("On {found} of the {of} characteristics tested"),
            };
            format!(
                "{subject} the groups differ significantly (p < {level}); chance alone is expected to \
                 give {expected}. After a sound draw such a difference is chance, and no evidence that \
                 the draw went wrong. It can still affect the outcomes where the characteristic is \
                 related to them: look at the size of the difference (SMD), and compare with an adjusted \
                 estimate."
            )
        }
    }
}

/// Above every comparison that the draw does not protect.
pub fn not_randomised(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Deze vergelijking is niet gerandomiseerd: wie wel en wie niet deelnam is niet door \
             loting bepaald. Lees het verschil niet als effect van de interventie."
        }
        Lang::En => {
            "This comparison is not randomised: who took part and who did not was not drawn by \
             lot. Do not read the difference as an effect of the intervention."
        }
    }
    .to_owned()
}

/// 'Van de 360 personen in interventie kregen er 285 (79,2%) de interventie.'
pub fn received(arm: &str, received: u64, assigned: u64, lang: Lang) -> String {
    let share = number::percent(share(received, assigned), 1, lang);
    let received_text = number::count(received, lang);
    let assigned_text = people(assigned, lang);
    match (lang, assigned) {
        (Lang::Nl, 1) => {
            let whether = if received == 1 { "wel" } else { "niet" };
            format!("De ene persoon in de groep '{arm}' kreeg de interventie {whether}.")
        }
        (Lang::Nl, _) => {
            let verb = if received == 1 { "kreeg" } else { "kregen" };
            format!(
                "Van de {assigned_text} in de groep '{arm}' {verb} er {received_text} ({share}) de \
                 interventie."
            )
        }
        (Lang::En, _) => format!(
            "Of the {assigned_text} in the group '{arm}', {received_text} ({share}) received the \
             intervention."
        ),
    }
}

/// A variable with missing values in an analysis that leaves them out.
pub fn missing(variable: &str, missing: u64, total: u64, lang: Lang) -> String {
    let share = number::percent(share(missing, total), 1, lang);
    let missing = number::count(missing, lang);
    let total = people(total, lang);
    match lang {
        Lang::Nl => format!(
            "{variable}: bij {missing} van de {total} ({share}) ontbreekt de waarde; zij tellen hier \
             niet mee."
        ),
        Lang::En => format!(
            "{variable}: the value is missing for {missing} of the {total} ({share}); they are left \
             out here."
        ),
    }
}

/// People left out by an expression in the protocol.
pub fn excluded(n: u64, expression: &str, lang: Lang) -> String {
    let who = people(n, lang);
    match lang {
        Lang::Nl => {
            let verb = if n == 1 { "is" } else { "zijn" };
            format!("{who} {verb} buiten beschouwing gelaten: {expression}.")
        }
        Lang::En => {
            let verb = if n == 1 { "was" } else { "were" };
            format!("{who} {verb} left out: {expression}.")
        }
    }
}

/// People in one of the two files and not in the other; nobody is dropped in silence.
pub fn unmatched(only_here: u64, here: &str, not_in: &str, lang: Lang) -> String {
    let who = people(only_here, lang);
    match lang {
        Lang::Nl => {
            let verb = if only_here == 1 { "komt" } else { "komen" };
            format!("{who} {verb} wel voor in {here}, maar niet in {not_in}.")
        }
        Lang::En => {
            let verb = if only_here == 1 { "is" } else { "are" };
            format!("{who} {verb} in {here} but not in {not_in}.")
        }
    }
}

/// Why chi-squared is not to be relied on, and whether an exact test stands beside it.
pub fn sparse(variable: &str, smallest: f64, exact: bool, lang: Lang) -> String {
    let smallest = number::fixed(smallest, 1, lang);
    match (lang, exact) {
        (Lang::Nl, true) => format!(
            "{variable}: de kleinste verwachte celfrequentie is {smallest}, lager dan 5. De \
             chi-kwadraattoets is dan onbetrouwbaar; lees de exacte toets."
        ),
        (Lang::Nl, false) => format!(
            "{variable}: de kleinste verwachte celfrequentie is {smallest}, lager dan 5. De \
             chi-kwadraattoets is dan onbetrouwbaar, en voor een exacte toets is de tabel te groot."
        ),
        (Lang::En, true) => format!(
            "{variable}: the smallest expected cell count is {smallest}, below 5. The chi-squared \
             test is then unreliable; read the exact test."
        ),
        (Lang::En, false) => format!(
            "{variable}: the smallest expected cell count is {smallest}, below 5. The chi-squared \
             test is then unreliable, and the table is too large for an exact test."
        ),
    }
}

/// A group too small to say much about.
pub fn small_group(variable: &str, arm: &str, n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            let values = counted(n, "geldige waarde", "geldige waarden", lang);
            format!(
                "{variable}: de groep '{arm}' heeft maar {values}; de schatting is erg onzeker."
            )
        }
        Lang::En => {
            let values = counted(n, "valid value", "valid values", lang);
            format!(
                "{variable}: the group '{arm}' has only {values}; the estimate is very uncertain."
            )
        }
    }
}

/// No spread, so nothing to test.
pub fn constant(variable: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            format!("{variable}: iedereen heeft dezelfde waarde; er valt niets te toetsen.")
        }
        Lang::En => format!("{variable}: everyone has the same value; there is nothing to test."),
    }
}

/// Something that was analysed without having been registered.
pub fn not_in_protocol(what: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{what} staat niet in het geregistreerde protocol."),
        Lang::En => format!("{what} is not in the registered protocol."),
    }
}

/// Many outcomes, each with its own chance of a false alarm.
pub fn multiplicity(tested: u64, alpha: f64, lang: Lang) -> String {
    let tested = number::count(tested, lang);
    let level = number::level(alpha, lang);
    match lang {
        Lang::Nl => format!(
            "Er zijn {tested} uitkomsten getoetst, elk op p < {level} en zonder correctie voor \
             meervoudig toetsen. Een enkel significant verschil kan daardoor toeval zijn; zie de \
             gecorrigeerde p-waarden."
        ),
        Lang::En => format!(
            "{tested} outcomes were tested, each at p < {level} and without correction for multiple \
             testing. A single significant difference may therefore be chance; see the corrected \
             p-values."
        ),
    }
}

/// How a test by drawing again is to be read.
pub fn randomization_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "De loting is opnieuw gedaan zoals zij is vastgelegd. p: het deel van de lotingen met een \
             verschil (gedeeld door zijn standaardfout) dat minstens zo groot is, als de interventie bij \
             niemand iets uitmaakt. Bij ja/nee-uitkomsten zonder strata en clusters is p exact berekend. \
             Het interval bevat de gelijke effecten die de lotingen niet verwerpen."
        }
        Lang::En => {
            "The draw was made again as it is recorded. p: the share of draws with a difference (over \
             its standard error) at least as large, if the intervention changed nothing for anybody. \
             For yes/no outcomes without strata and clusters p is computed exactly. The interval has \
             the constant effects that the draws do not reject."
        }
    }
}

/// What the corrections hold.
pub fn families_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Holm, Hochberg en Westfall-Young beperken de kans op ook maar één toevalstreffer binnen de \
             familie; Benjamini-Hochberg het verwachte deel toevalstreffers onder de treffers."
        }
        Lang::En => {
            "Holm, Hochberg and Westfall–Young limit the chance of even one false finding within the \
             family; Benjamini–Hochberg the expected share of false findings among the findings."
        }
    }
}

/// What Works Clearinghouse's reading of attrition.
pub fn attrition_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Oordeel: de grenzen van What Works Clearinghouse (Standards Handbook 4.1, tabel II.1) voor \
             totale en verschillende uitval samen."
        }
        Lang::En => {
            "Reading: the boundaries of What Works Clearinghouse (Standards Handbook 4.1, table II.1) \
             for overall and differential attrition together."
        }
    }
}

/// What the bounds assume.
pub fn bounds_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Lee: het effect op wie in beide groepen een uitkomst zou hebben, als de loting ieders kans \
             daarop in dezelfde richting verandert. Horowitz-Manski: elke ontbrekende uitkomst is de laagste of \
             hoogste die kan. Het interval bevat het effect (Imbens en Manski, 2004). Gewogen: als \
             ontbreken bij gelijke kenmerken niets met de uitkomst te maken heeft."
        }
        Lang::En => {
            "Lee: the effect on those who would have an outcome in either arm, if the draw moves \
             everybody's chance of one in the same direction. Horowitz–Manski: every missing outcome is \
             the lowest or highest possible. The interval is for the effect (Imbens and Manski, 2004). \
             Weighted: if, among people alike, missingness has nothing to do with the outcome."
        }
    }
}

/// What the table of thresholds shows.
pub fn threshold_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Per ondergrens het effect op wie door de loting zo vaak kwam (2SLS, HC2). Dat het effect alleen \
             via deze contacten loopt, kan maar bij één ondergrens waar zijn. Een F onder 10 is te zwak; \
             de Anderson-Rubinverzameling blijft dan geldig."
        }
        Lang::En => {
            "Per threshold the effect on those who came so often because drawn (2SLS, HC2). That the effect \
             runs through these contacts only can hold for one threshold at most. An F below 10 is too \
             weak; the Anderson–Rubin set stays valid."
        }
    }
}

/// A confidence set without bounds.
pub fn whole_line(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "elke waarde",
        Lang::En => "any value",
    }
}

/// A confidence set with nothing in it.
pub fn empty_set(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "leeg",
        Lang::En => "empty",
    }
}

/// A confidence set of one or two rays.
pub fn rays(below: Option<&str>, above: Option<&str>, lang: Lang) -> String {
    let parts = [
        below.map(|limit| match lang {
            Lang::Nl => format!("tot {limit}"),
            Lang::En => format!("up to {limit}"),
        }),
        above.map(|limit| match lang {
            Lang::Nl => format!("vanaf {limit}"),
            Lang::En => format!("from {limit}"),
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match lang {
        Lang::Nl => parts.join(" en "),
        Lang::En => parts.join(" and "),
    }
}

/// How the re-estimates are to be read.
pub fn chance_legend(covariates: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Opnieuw geschat met {covariates}. Blijft het effect ongeveer gelijk, dan verklaart toevallige \
             onbalans op deze kenmerken het niet."
        ),
        Lang::En => format!(
            "Estimated again with {covariates}. If the effect stays about the same, chance imbalance on \
             these covariates does not explain it."
        ),
    }
}

/// What imbalance times prognosis adds up to.
pub fn imbalance_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Onbalans maal helling is het deel van het ongecorrigeerde verschil dat van het kenmerk komt; \
             samen zijn zij het ongecorrigeerde min het gecorrigeerde effect (covariantieanalyse)."
        }
        Lang::En => {
            "Imbalance times slope is the part of the unadjusted difference that comes from the \
             covariate; together they are the unadjusted minus the adjusted effect (ANCOVA)."
        }
    }
}

/// Two counts: '12 en 30'.
pub fn both(first: u64, second: u64, lang: Lang) -> String {
    let (first, second) = (number::count(first, lang), number::count(second, lang));
    match lang {
        Lang::Nl => format!("{first} en {second}"),
        Lang::En => format!("{first} and {second}"),
    }
}

/// What the power rests on.
pub fn power_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Gemiddelden: niet-centrale t; aandelen: normale benadering (Fleiss); ordinaal: Whitehead (1993). \
             Het effect is dat op wie deelneemt, en wordt verdund door de deelname; uitval verkleint de \
             groepen; de variantie krimpt met wat strata of kenmerken verklaren en groeit met het \
             designeffect van clusters."
        }
        Lang::En => {
            "Means: noncentral t; shares: normal approximation (Fleiss); ordinal: Whitehead (1993). The \
             effect is that on who takes part, and is diluted by take-up; attrition shrinks the arms; \
             the variance shrinks with what strata or covariates explain and grows with the design effect \
             of clusters."
        }
    }
}

/// How subgroups are to be read.
pub fn subgroup_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Of het effect verschilt, blijkt uit de toets van het verschil (F), niet uit de p-waarden van \
             afzonderlijke groepen; die staan er daarom niet."
        }
        Lang::En => {
            "Whether the effect differs is what the test of the difference (F) says, not p-values of \
             single groups; these are therefore not shown."
        }
    }
}

fn counted(n: u64, one: &str, many: &str, lang: Lang) -> String {
    let noun = if n == 1 { one } else { many };
    format!("{} {noun}", number::count(n, lang))
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| count_as_float(part) / count_as_float(whole))
}

fn count_as_float(n: u64) -> f64 {
    n as f64
}
