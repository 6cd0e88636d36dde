//! The items of CONSORT 2025 in few words (Hopewell et al. 2025, BMJ 389:e081123), and where
//! this report answers them.

use crate::report::lang::Lang;

/// Where an item is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Only people know.
    People,
    Draw,
    Flow,
    Baseline,
    Outcomes,
    Compliance,
    Methods,
    Deviations,
    Brief,
    Provenance,
}

/// An item: its number, and what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    pub number: &'static str,
    pub nl: &'static str,
    pub en: &'static str,
    pub answer: Answer,
}

impl Item {
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nl => self.nl,
            Lang::En => self.en,
        }
    }
}

const fn item(number: &'static str, nl: &'static str, en: &'static str, answer: Answer) -> Item {
    Item {
        number,
        nl,
        en,
        answer,
    }
}

pub const ITEMS: &[Item] = &[
    item(
        "1a",
        "Titel noemt het een gerandomiseerd experiment",
        "Title identifies a randomised trial",
        Answer::People,
    ),
    item(
        "1b",
        "Gestructureerde samenvatting",
        "Structured summary",
        Answer::Brief,
    ),
    item(
        "2",
        "Registratie: register, nummer, datum",
        "Registration: registry, number, date",
        Answer::People,
    ),
    item(
        "3",
        "Waar protocol en analyseplan te vinden zijn",
        "Where protocol and analysis plan can be found",
        Answer::Provenance,
    ),
    item(
        "4",
        "Waar gegevens, code en materiaal te vinden zijn",
        "Where data, code and materials can be found",
        Answer::People,
    ),
    item(
        "5a",
        "Financiering en de rol van financiers",
        "Funding and the role of funders",
        Answer::People,
    ),
    item(
        "5b",
        "Belangen van de auteurs",
        "Conflicts of interest of the authors",
        Answer::People,
    ),
    item(
        "6",
        "Achtergrond en reden van het onderzoek",
        "Background and rationale",
        Answer::People,
    ),
    item(
        "7",
        "Doelen, wat baten en schade betreft",
        "Objectives, on benefits and harms",
        Answer::People,
    ),
    item(
        "8",
        "Inbreng van cliënten en inwoners",
        "Involvement of patients and the public",
        Answer::People,
    ),
    item(
        "9",
        "Opzet: soort experiment, verhouding van de groepen",
        "Design: type of trial, allocation ratio",
        Answer::Draw,
    ),
    item(
        "10",
        "Wijzigingen na de start, met reden",
        "Changes after the start, with reasons",
        Answer::Deviations,
    ),
    item(
        "11",
        "Waar het onderzoek plaatsvond",
        "Setting",
        Answer::People,
    ),
    item(
        "12a",
        "Wie in aanmerking kwam",
        "Eligibility of participants",
        Answer::Flow,
    ),
    item(
        "12b",
        "Eisen aan locaties en uitvoerders",
        "Eligibility of sites and providers",
        Answer::People,
    ),
    item(
        "13",
        "Interventie en controleconditie, na te volgen",
        "Intervention and comparator, replicable",
        Answer::People,
    ),
    item(
        "14",
        "Vooraf bepaalde uitkomsten",
        "Prespecified outcomes",
        Answer::Outcomes,
    ),
    item(
        "15",
        "Hoe schade gemeten is",
        "How harms were assessed",
        Answer::People,
    ),
    item(
        "16a",
        "Hoe de omvang bepaald is",
        "How the sample size was determined",
        Answer::People,
    ),
    item(
        "16b",
        "Tussentijdse analyses en stopregels",
        "Interim analyses and stopping rules",
        Answer::People,
    ),
    item(
        "17a",
        "Wie de loting maakte, en hoe",
        "Who made the random sequence, and how",
        Answer::Draw,
    ),
    item(
        "17b",
        "Soort loting en beperkingen (strata, clusters)",
        "Type of randomisation and restrictions",
        Answer::Draw,
    ),
    item(
        "18",
        "Hoe de toewijzing verborgen bleef",
        "Allocation concealment",
        Answer::People,
    ),
    item(
        "19",
        "Wie toegang had tot de toewijzing",
        "Who had access to the sequence",
        Answer::People,
    ),
    item(
        "20a",
        "Wie geblindeerd was",
        "Who was blinded",
        Answer::People,
    ),
    item(
        "20b",
        "Hoe de blindering gebeurde",
        "How blinding was achieved",
        Answer::People,
    ),
    item(
        "21a",
        "Statistische methoden",
        "Statistical methods",
        Answer::Methods,
    ),
    item(
        "21b",
        "Wie in welke analyse in welke groep zit",
        "Who is in which analysis, in which group",
        Answer::Flow,
    ),
    item(
        "21c",
        "Omgang met ontbrekende gegevens",
        "Handling of missing data",
        Answer::Methods,
    ),
    item(
        "21d",
        "Aanvullende analyses: vooraf of achteraf",
        "Additional analyses: prespecified or post hoc",
        Answer::Deviations,
    ),
    item(
        "22a",
        "Aantallen geloot, ontvangen, geanalyseerd",
        "Numbers assigned, received, analysed",
        Answer::Flow,
    ),
    item(
        "22b",
        "Uitval en uitsluiting na de loting, met reden",
        "Losses and exclusions after the draw, with reasons",
        Answer::Flow,
    ),
    item(
        "23a",
        "Data van werving en follow-up",
        "Dates of recruitment and follow-up",
        Answer::People,
    ),
    item(
        "23b",
        "Waarom het onderzoek eindigde",
        "Why the trial ended",
        Answer::People,
    ),
    item(
        "24a",
        "Interventie zoals uitgevoerd, met deelname",
        "Intervention as delivered, with adherence",
        Answer::Compliance,
    ),
    item(
        "24b",
        "Andere hulp die men kreeg",
        "Concomitant care",
        Answer::People,
    ),
    item(
        "25",
        "Achtergrondkenmerken per groep",
        "Baseline characteristics per group",
        Answer::Baseline,
    ),
    item(
        "26",
        "Per uitkomst: aantallen, effect en precisie",
        "Per outcome: numbers, effect and precision",
        Answer::Outcomes,
    ),
    item(
        "27",
        "Schade en onbedoelde gevolgen",
        "Harms and unintended effects",
        Answer::People,
    ),
    item(
        "28",
        "Overige analyses",
        "Other analyses",
        Answer::Compliance,
    ),
    item(
        "29",
        "Interpretatie, in verhouding tot ander onderzoek",
        "Interpretation, against other evidence",
        Answer::People,
    ),
    item(
        "30",
        "Beperkingen van het onderzoek",
        "Limitations",
        Answer::People,
    ),
];
