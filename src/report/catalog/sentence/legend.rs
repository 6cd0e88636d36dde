//! What stands below a table: how its columns are to be read.

use super::interval_header;
use crate::words::Lang;
use crate::words::number::{self, Stars};

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

/// How a test by drawing again is to be read.
pub fn randomization_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "De loting is opnieuw gedaan zoals zij is vastgelegd. p: het deel van de lotingen met een \
             verschil (gedeeld door zijn standaardfout) dat minstens zo groot is, als de interventie bij \
             niemand iets uitmaakt. Bij ja/nee-uitkomsten zonder strata en clusters is p exact berekend. \
             Het interval bevat de effecten, voor iedereen even groot, die de toets met het verschil gedeeld \
             door zijn standaardfout niet verwerpt."
        }
        Lang::En => {
            "The draw was made again as it is recorded. p: the share of draws with a difference (over \
             its standard error) at least as large, if the intervention changed nothing for anybody. \
             For yes/no outcomes without strata and clusters p is computed exactly. The interval has \
             the effects, the same for everybody, that the test of the difference over its standard error \
             does not reject."
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
             totale en verschillende uitval samen; ontbreekt meer dan een vijfde, dan heet de uitval niet laag (Schulz en Grimes, 2002)."
        }
        Lang::En => {
            "Reading: the boundaries of What Works Clearinghouse (Standards Handbook 4.1, table II.1) \
             for overall and differential attrition together; where more than a fifth is missing, attrition is not called low (Schulz \
             and Grimes, 2002)."
        }
    }
}

/// What the bounds assume.
pub fn bounds_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Lee: het effect op wie in beide groepen een uitkomst zou hebben, als de loting ieders kans \
             daarop in dezelfde richting verandert. Horowitz-Manski: elke ontbrekende uitkomst is de laagste of \
             hoogste die kan, wat alleen bij ja/nee- en ordinale uitkomsten iets zegt. Het interval bevat het effect (Imbens en Manski, 2004). Gewogen: als \
             ontbreken bij gelijke kenmerken niets met de uitkomst te maken heeft."
        }
        Lang::En => {
            "Lee: the effect on those who would have an outcome in either arm, if the draw moves \
             everybody's chance of one in the same direction. Horowitz–Manski: every missing outcome is \
             the lowest or highest possible, which only yes/no and ordinal outcomes have. The interval is for the effect (Imbens and Manski, 2004). \
             Weighted: if, among people alike, missingness has nothing to do with the outcome."
        }
    }
}

/// What the table of thresholds shows.
pub fn threshold_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Per ondergrens het effect op wie door de loting zo vaak kwam (2SLS met de standaardfout van de \
             loting: HC2, of CR2 bij clusters, binnen strata), en het gemiddelde van deze mensen mét en zonder \
             interventie (Abadie, 2002). Dat het effect alleen via deze contacten loopt, kan maar bij één \
             ondergrens waar zijn. Een F onder 10 is te zwak; de Anderson-Rubinverzameling blijft dan \
             geldig. Die kan onbegrensd zijn: dan sluiten de gegevens die effecten niet uit. Een geschat gemiddelde \
             kan buiten het mogelijke liggen, zoals een aandeel onder 0%: door toeval, of doordat het effect niet \
             alleen via deze contacten loopt."
        }
        Lang::En => {
            "Per threshold the effect on those who came so often because drawn (2SLS with the standard error of \
             the draw: HC2, or CR2 with clusters, within strata), and the mean of these people with and without \
             the intervention (Abadie, 2002). That the effect runs through these contacts only can hold for one \
             threshold at most. An F below 10 is too weak; the Anderson–Rubin set stays valid. It may be \
             unbounded: the data then do not rule those effects out. An estimated mean can lie outside what is \
             possible, such as a share below 0%: by chance, or because the effect does not run through these \
             contacts only."
        }
    }
}

/// What the effect per contact is, and what it assumes.
pub fn dose_legend(column: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "2SLS met het aantal contacten ({column}) in plaats van wel of geen deelname: een gewogen gemiddelde \
             van het effect van elk contact meer (Angrist en Imbens, 1995). Dit veronderstelt dat de loting bij \
             niemand het aantal contacten verlaagt, en dat contacten alleen door hun aantal werken: niet door \
             hun inhoud of lengte, en niet doordat iemand weet dat hij meedoet. Er volgt niet uit dat het tiende \
             contact evenveel doet als het eerste."
        ),
        Lang::En => format!(
            "2SLS with the number of contacts ({column}) instead of taking part or not: a weighted average of the \
             effect of each contact more (Angrist and Imbens, 1995). It assumes that the draw lowers nobody's \
             number of contacts, and that contacts work through their number only: not through what they are \
             about or how long they last, nor because somebody knows of taking part. It does not follow that the \
             tenth contact does as much as the first."
        ),
    }
}

/// What the weights of the steps are.
pub fn steps_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Het gewicht van een stap: zoveel groter is in de interventiegroep het aandeel met minstens zoveel \
             contacten, als deel van de som over alle stappen. Een negatief gewicht spreekt tegen dat de loting \
             niemands aantal contacten verlaagt; het effect per contact is dan geen gemiddelde."
        }
        Lang::En => {
            "The weight of a step: how much larger the share with at least so many contacts is in the \
             intervention group, as part of the sum over all steps. A negative weight contradicts that the draw \
             lowers nobody's number of contacts; the effect per contact is then no average."
        }
    }
}

/// Why outcomes by the number of contacts show no effect.
pub fn dose_groups_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Niet geloot: wie vaker komt, verschilt ook anders van wie wegblijft. Deze gemiddelden beschrijven en \
             tonen geen effect; er staat daarom geen p-waarde bij."
        }
        Lang::En => {
            "Not randomised: who comes more often differs in other ways from who stays away. These means \
             describe and show no effect; there is therefore no p-value."
        }
    }
}

/// So many contacts: '1 contact', '4 of meer contacten'.
pub fn contacts(n: u64, or_more: bool, lang: Lang) -> String {
    let number = number::count(n, lang);
    match (lang, or_more, n) {
        (Lang::Nl, true, _) => format!("{number} of meer contacten"),
        (Lang::En, true, _) => format!("{number} or more contacts"),
        (_, false, 1) => format!("{number} contact"),
        (Lang::Nl, false, _) => format!("{number} contacten"),
        (Lang::En, false, _) => format!("{number} contacts"),
    }
}

/// The steps above the last one shown.
pub fn beyond(n: u64, lang: Lang) -> String {
    format!("> {}", number::count(n, lang))
}

/// A confidence set without bounds.
pub fn whole_line(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "elke waarde",
        Lang::En => "any value",
    }
}

/// An effect adjusted for covariates.
pub fn adjusted(effect: &str, covariates: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{effect}, gecorrigeerd voor {covariates}"),
        Lang::En => format!("{effect}, adjusted for {covariates}"),
    }
}

/// What few who deliver an intervention do to what a trial can tell.
pub fn providers_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Met weinig uitvoerders gaat de uitkomst over het werk van deze mensen; meer deelnemers per uitvoerder helpen dan weinig, \
             meer uitvoerders wel."
        }
        Lang::En => {
            "With few who deliver it the result is about the work of these people; more participants each help little then, more \
             people who deliver it do."
        }
    }
}

/// What the effect by who delivered it takes into account.
pub fn nested_legend(column: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Wie dezelfde persoon zag ({column}) heeft diens aanpak gemeen; hoe die van persoon tot persoon verschilt, telt hier \
             mee. Met weinig uitvoerders is het interval breed."
        ),
        Lang::En => format!(
            "Those who saw the same person ({column}) share what he or she does; how that differs from person to person counts \
             here. With few who delivered it, the interval is wide."
        ),
    }
}

/// Where the Anderson–Rubin set stands for the usual interval.
pub fn led_by_set(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Waar de loting deelname niet sterk genoeg bepaalt, zijn interval en p-waarde van het effect bij deelnemers die \
             van Anderson en Rubin."
        }
        Lang::En => {
            "Where the draw does not decide take-up strongly enough, interval and p-value of the effect among compliers are \
             those of Anderson and Rubin."
        }
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
             onbalans op deze kenmerken het niet. Grootste SMD: hoe sterk de groepen dan nog verschillen op het kenmerk waarop \
             zij het meest verschillen, in standaarddeviaties."
        ),
        Lang::En => format!(
            "Estimated again with {covariates}. If the effect stays about the same, chance imbalance on \
             these covariates does not explain it. Largest SMD: how far the arms still differ on the covariate on which they \
             differ most, in standard deviations."
        ),
    }
}

/// What imbalance times prognosis adds up to.
pub fn imbalance_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Onbalans maal helling is het deel van het ongecorrigeerde verschil dat van het kenmerk komt; \
             samen zijn zij het ongecorrigeerde min het gecorrigeerde effect (covariantieanalyse), bij een \
             loting binnen strata beide met de strata als kenmerk."
        }
        Lang::En => {
            "Imbalance times slope is the part of the unadjusted difference that comes from the \
             covariate; together they are the unadjusted minus the adjusted effect (ANCOVA), both with \
             the strata as covariates where the draw was within strata."
        }
    }
}

/// What the power rests on.
pub fn power_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Gemiddelden, en alles met clusters of weinig uitvoerders: niet-centrale t; andere aandelen: normale benadering (Fleiss); \
             ordinaal: Whitehead (1993). Het effect is dat op wie deelneemt, en wordt verdund door de deelname; uitval verkleint de \
             groepen; de variantie krimpt met wat strata of kenmerken verklaren en groeit met het \
             designeffect van clusters."
        }
        Lang::En => {
            "Means, and all with clusters or few who deliver it: noncentral t; other shares: normal approximation (Fleiss); ordinal: \
             Whitehead (1993). The effect is that on who takes part, and is diluted by take-up; attrition shrinks the arms; \
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
