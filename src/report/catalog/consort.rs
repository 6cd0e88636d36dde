//! The items of CONSORT 2025 in our own few words (Hopewell et al. 2025, BMJ 389, e081123, table 1;
//! compared item by item with the published checklist), where this report answers them, and
//! what of each is left to people.

use crate::words::Lang;

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
    Sensitivity,
    Methods,
    Deviations,
    Brief,
    Provenance,
}

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub nl: &'static str,
    pub en: &'static str,
}

impl Words {
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nl => self.nl,
            Lang::En => self.en,
        }
    }
}

/// An item: its number, what it asks for, where it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    pub number: &'static str,
    pub asks: Words,
    pub answer: Answer,
    /// What of it only people know, where the report answers the rest.
    pub left: Option<Words>,
}

/// A section of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    pub name: Words,
    pub items: &'static [Item],
}

const fn words(nl: &'static str, en: &'static str) -> Words {
    Words { nl, en }
}

/// One that the report answers, or that only people can.
const fn item(number: &'static str, nl: &'static str, en: &'static str, answer: Answer) -> Item {
    Item {
        number,
        asks: words(nl, en),
        answer,
        left: None,
    }
}

/// One that the report answers in part.
const fn part(number: &'static str, asks: Words, answer: Answer, left: Words) -> Item {
    Item {
        number,
        asks,
        answer,
        left: Some(left),
    }
}

/// Where the rest of a partly answered item is to be found.
pub fn still_open(left: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("☐ nog door de onderzoekers: {left}"),
        Lang::En => format!("☐ left to the researchers: {left}"),
    }
}

/// For a draw of whole clusters there is more to report.
pub fn extension(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Hele clusters zijn geloot: zie ook de uitbreiding van CONSORT voor clusterexperimenten (Campbell e.a. 2012), \
             die onder meer vraagt waarom per cluster is geloot en hoe clusters geworven zijn."
        }
        Lang::En => {
            "Whole clusters were drawn: see also CONSORT's extension to cluster trials (Campbell et al. 2012), which asks \
             among other things why clusters were drawn and how they were recruited."
        }
    }
}

pub const SECTIONS: &[Section] = &[
    Section {
        name: words("Titel en samenvatting", "Title and abstract"),
        items: &[
            item(
                "1a",
                "Herkenbaar als gerandomiseerd experiment",
                "Recognisable as a randomised trial",
                Answer::People,
            ),
            part(
                "1b",
                words(
                    "Gestructureerde samenvatting: opzet, werkwijze, uitkomsten, conclusie",
                    "Structured summary: design, methods, results, conclusion",
                ),
                Answer::Brief,
                words(
                    "opzet, werkwijze en conclusie",
                    "design, methods and conclusion",
                ),
            ),
        ],
    },
    Section {
        name: words("Open wetenschap", "Open science"),
        items: &[
            item(
                "2",
                "Registratie: waar, onder welk nummer, wanneer",
                "Registration: where, under which number, when",
                Answer::People,
            ),
            part(
                "3",
                words(
                    "Toegang tot protocol en analyseplan",
                    "Access to protocol and analysis plan",
                ),
                Answer::Provenance,
                words(
                    "waar het protocol te lezen is",
                    "where the protocol can be read",
                ),
            ),
            item(
                "4",
                "Toegang tot gegevens, code en ander materiaal",
                "Access to data, code and other materials",
                Answer::People,
            ),
            item(
                "5a",
                "Financiers en hun rol",
                "Funders and their role",
                Answer::People,
            ),
            item(
                "5b",
                "Belangen van de auteurs, financieel en anders",
                "Interests of the authors, financial and other",
                Answer::People,
            ),
        ],
    },
    Section {
        name: words("Inleiding", "Introduction"),
        items: &[
            item(
                "6",
                "Wetenschappelijke achtergrond en aanleiding",
                "Scientific background and reasons",
                Answer::People,
            ),
            item(
                "7",
                "Doelen, naar baten en naar schade",
                "Objectives, as to benefits and as to harms",
                Answer::People,
            ),
        ],
    },
    Section {
        name: words("Methode", "Methods"),
        items: &[
            item(
                "8",
                "Hoe cliënten en inwoners betrokken waren bij opzet, uitvoering en verslag",
                "How clients and the public took part in design, conduct and reporting",
                Answer::People,
            ),
            part(
                "9",
                words(
                    "Opzet: soort experiment, verhouding tussen de groepen, wat het moest aantonen",
                    "Design: type of trial, ratio of the arms, what it was to show",
                ),
                Answer::Draw,
                words(
                    "of het ging om beter, gelijk of niet slechter",
                    "whether it was about better, equal or no worse",
                ),
            ),
            part(
                "10",
                words(
                    "Wijzigingen na de start, ook uitkomsten en analyses die niet vooraf vastlagen, met reden",
                    "Changes after the start, also outcomes and analyses that were not registered, with reasons",
                ),
                Answer::Deviations,
                words("de redenen", "the reasons"),
            ),
            item(
                "11",
                "Waar en in welke omgeving",
                "Where, and in what setting",
                Answer::People,
            ),
            item(
                "12a",
                "Wie kon meedoen",
                "Who could take part",
                Answer::Flow,
            ),
            item(
                "12b",
                "Eisen aan locaties en aan wie de interventie uitvoert",
                "Demands on sites and on who delivers the intervention",
                Answer::People,
            ),
            item(
                "13",
                "Interventie en wat de controlegroep kreeg, zo dat een ander het na kan doen",
                "Intervention and what the control arm got, so that others can repeat it",
                Answer::People,
            ),
            part(
                "14",
                words(
                    "Vooraf bepaalde uitkomsten: wat gemeten is, hoe samengevat, op welk moment",
                    "Outcomes set beforehand: what was measured, how summarised, at what time",
                ),
                Answer::Outcomes,
                words("het meetmoment", "the time of measurement"),
            ),
            item(
                "15",
                "Wat als schade gold en hoe die gemeten is",
                "What counted as harm and how it was measured",
                Answer::People,
            ),
            item(
                "16a",
                "Hoe de omvang bepaald is, met de aannames",
                "How the size was determined, with its assumptions",
                Answer::People,
            ),
            item(
                "16b",
                "Tussentijdse analyses en regels om te stoppen",
                "Interim analyses and rules for stopping",
                Answer::People,
            ),
            part(
                "17a",
                words(
                    "Loting: wie haar maakte en hoe",
                    "Random sequence: who made it and how",
                ),
                Answer::Draw,
                words("wie de loting uitvoerde", "who made the draw"),
            ),
            item(
                "17b",
                "Soort loting en beperkingen, zoals strata",
                "Type of draw and restrictions, such as strata",
                Answer::Draw,
            ),
            item(
                "18",
                "Hoe de toewijzing verborgen bleef tot zij inging",
                "How the allocation stayed concealed until it took effect",
                Answer::People,
            ),
            item(
                "19",
                "Of wie mensen aanmeldde of toewees de loting kende",
                "Whether those who enrolled or assigned people knew the sequence",
                Answer::People,
            ),
            item(
                "20a",
                "Wie niet wist wie in welke groep zat",
                "Who did not know who was in which arm",
                Answer::People,
            ),
            item(
                "20b",
                "Hoe dat bereikt is, en hoe gelijk de interventies leken",
                "How that was achieved, and how alike the interventions looked",
                Answer::People,
            ),
            item(
                "21a",
                "Statistische methoden voor alle uitkomsten, ook schade",
                "Statistical methods for all outcomes, harms included",
                Answer::Methods,
            ),
            item(
                "21b",
                "Wie in welke analyse telt, en in welke groep",
                "Who counts in which analysis, and in which arm",
                Answer::Methods,
            ),
            item(
                "21c",
                "Omgang met ontbrekende gegevens",
                "Handling of missing data",
                Answer::Methods,
            ),
            item(
                "21d",
                "Aanvullende analyses: vooraf vastgelegd of achteraf",
                "Additional analyses: registered or thought of afterwards",
                Answer::Deviations,
            ),
        ],
    },
    Section {
        name: words("Resultaten", "Results"),
        items: &[
            item(
                "22a",
                "Per groep: toegewezen, kreeg de interventie, geanalyseerd",
                "Per arm: assigned, received the intervention, analysed",
                Answer::Flow,
            ),
            part(
                "22b",
                words(
                    "Per groep: uitval en uitsluiting na de loting, met redenen",
                    "Per arm: losses and exclusions after the draw, with reasons",
                ),
                Answer::Flow,
                words("de redenen van uitval", "the reasons for losses"),
            ),
            item(
                "23a",
                "Wanneer geworven en gevolgd is",
                "When people were recruited and followed",
                Answer::People,
            ),
            item(
                "23b",
                "Waarom het experiment eindigde of gestopt is",
                "Why the trial ended or was stopped",
                Answer::People,
            ),
            part(
                "24a",
                words(
                    "Interventie zoals zij werkelijk verliep: door wie, met welke deelname, hoe getrouw",
                    "Intervention as it really went: by whom, with what take-up, how faithfully",
                ),
                Answer::Compliance,
                words("door wie en hoe getrouw", "by whom and how faithfully"),
            ),
            item(
                "24b",
                "Andere hulp die mensen per groep kregen",
                "Other help that people in each arm got",
                Answer::People,
            ),
            item(
                "25",
                "Kenmerken vóór de start, per groep",
                "Characteristics at baseline, per arm",
                Answer::Baseline,
            ),
            item(
                "26",
                "Per uitkomst en groep: geanalyseerd, bekend, resultaat, effect met interval; bij ja/nee absoluut en relatief",
                "Per outcome and arm: analysed, known, result, effect with interval; for yes/no absolute and relative",
                Answer::Outcomes,
            ),
            item(
                "27",
                "Schade en onbedoelde gevolgen, per groep",
                "Harms and unintended effects, per arm",
                Answer::People,
            ),
            item(
                "28",
                "Overige analyses: deelgroepen, gevoeligheid; vooraf of achteraf bedacht",
                "Other analyses: subgroups, sensitivity; registered or not",
                Answer::Sensitivity,
            ),
        ],
    },
    Section {
        name: words("Discussie", "Discussion"),
        items: &[
            item(
                "29",
                "Uitleg die bij de resultaten past, baten tegen schade, naast ander onderzoek",
                "Interpretation that fits the results, benefits against harms, beside other evidence",
                Answer::People,
            ),
            item(
                "30",
                "Beperkingen: vertekening, onzekerheid, voor wie het geldt, aantal analyses",
                "Limitations: bias, imprecision, to whom it applies, number of analyses",
                Answer::People,
            ),
        ],
    },
];
