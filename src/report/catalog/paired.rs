//! Words about tests within strata and within an arm, and about p-values from random tables.

use super::method::Method;
use super::name::Named;
use crate::results::{Computed, TestName};
use crate::words::{Lang, number};

/// A test's name with how it was computed: 'exacte toets van Fisher (mid-p)'.
pub fn test_label(test: TestName, computed: &Computed, lang: Lang) -> String {
    let Some(method) = computed.method else {
        return test.name(lang).to_owned();
    };
    let name = test.name(lang);
    let method = method.name(lang);
    match (computed.draws, computed.monte_carlo_error) {
        (Some(draws), Some(error)) => {
            let (draws, error) = (number::count(draws, lang), number::fixed(error, 4, lang));
            let drawn = match (test, lang) {
                (TestName::Permutation, Lang::Nl) => "lotingen",
                (TestName::Permutation, Lang::En) => "draws",
                (_, Lang::Nl) => "tabellen",
                (_, Lang::En) => "tables",
            };
            format!("{name} ({method}, {draws} {drawn}, p ± {error})")
        }
        _ => format!("{name} ({method})"),
    }
}

/// What a p-value from random tables is.
pub fn monte_carlo_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Monte Carlo: er zijn te veel mogelijke tabellen om alle na te gaan; p is het deel van willekeurige \
             tabellen (met dezelfde randtotalen, of uit lotingen zoals deze) dat minstens zo onwaarschijnlijk is, \
             en achter ± staat de standaardfout daarvan."
        }
        Lang::En => {
            "Monte Carlo: there are too many possible tables to go through; p is the share of random tables \
             (with the same margins, or from draws like this one) that are at least as improbable, and its \
             standard error stands behind ±."
        }
    }
}

/// What change within an arm does not say.
pub fn before_after_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Deze tabel vergelijkt elke groep met zichzelf, alleen bij wie beide metingen bekend zijn (n). Een \
             verandering binnen een groep zegt niets over het effect van het programma: ook zonder programma \
             veranderen mensen met de tijd, en wie op een dieptepunt gemeten is, komt daarna vanzelf dichter bij \
             het gemiddelde uit (regressie naar het gemiddelde). Het effect is het verschil tussen de groepen."
        }
        Lang::En => {
            "This table compares each arm with itself, only among those with both measurements (n). A change within an \
             arm says nothing about the effect of the programme: people change with time without a programme too, \
             and who was measured at a low point tends back to the mean (regression to the mean). The effect is the \
             difference between the arms."
        }
    }
}

/// How the tests of change are to be read.
pub fn change_tests_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Toetsen of de verandering binnen één groep van nul verschilt, niet of de groepen van elkaar \
             verschillen. Een significante verandering in de ene groep en niet in de andere is geen bewijs van \
             een effect. W: som van de rangnummers van wie omhoogging."
        }
        Lang::En => {
            "Tests of whether the change within one arm differs from zero, not of whether the arms differ. A \
             significant change in one arm and none in the other is no evidence of an effect. W: sum of the ranks \
             of those who went up."
        }
    }
}

/// What each of these tests does, why, and where it is described.
pub(super) fn method(test: TestName) -> Method {
    match test {
        TestName::BreslowDay => Method {
            nl: "De toets van Breslow en Day gaat na of de oddsratio in alle strata dezelfde is; zo niet, dan vat één \
                 oddsratio ze niet goed samen (Breslow en Day 1980; Tarone 1985).",
            en: "The Breslow–Day test asks whether the odds ratio is the same in all strata; if not, one odds ratio \
                 does not sum them up well (Breslow and Day 1980; Tarone 1985).",
            source: "Breslow, N. E., & Day, N. E. (1980). Statistical Methods in Cancer Research, Volume 1: The Analysis \
                     of Case-Control Studies. IARC.\nTarone, R. E. (1985). On heterogeneity tests based on efficient \
                     scores. Biometrika, 72(1), 91–95.",
        },
        TestName::Mcnemar => Method {
            nl: "De toets van McNemar kijkt alleen naar wie tussen beide metingen van antwoord veranderde (McNemar 1947); \
                 bij kleine aantallen is de exacte of de mid-p-variant te lezen (Fagerland, Lydersen en Laake 2013).",
            en: "McNemar's test looks only at those whose answer changed between the measurements (McNemar 1947); with \
                 small numbers read the exact or the mid-p version (Fagerland, Lydersen and Laake 2013).",
            source: "McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or \
                     percentages. Psychometrika, 12(2), 153–157.\nFagerland, M. W., Lydersen, S., & Laake, P. (2013). \
                     The McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact \
                     conditional. BMC Medical Research Methodology, 13, 91.",
        },
        TestName::PairedT => Method {
            nl: "De gepaarde t-toets vergelijkt voor en na bij dezelfde mensen (Student 1908).",
            en: "The paired t-test compares before and after in the same people (Student 1908).",
            source: super::method::STUDENT,
        },
        TestName::WilcoxonSignedRank => Method {
            nl: "De rangtekentoets van Wilcoxon doet dat met de rangorde van de veranderingen; wie gelijk bleef, telt niet \
                 mee (Wilcoxon 1945).",
            en: "Wilcoxon's signed-rank test does so with the ranks of the changes; who stayed the same is left out \
                 (Wilcoxon 1945).",
            source: "Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin, 1(6), 80–83.",
        },
        TestName::PrattSignedRank => Method {
            nl: "Volgens Pratt tellen zij wel mee bij het rangordenen (Pratt 1959).",
            en: "By Pratt's method they do take part in the ranking (Pratt 1959).",
            source: "Pratt, J. W. (1959). Remarks on zeros and ties in the Wilcoxon signed rank procedures. Journal of \
                     the American Statistical Association, 54(287), 655–667.",
        },
        TestName::StuartMaxwell | TestName::Bhapkar => Method {
            nl: "Bij categorieën zonder volgorde toetsen Stuart-Maxwell en Bhapkar of de verdeling na dezelfde is als voor \
                 (Stuart 1955; Maxwell 1970; Bhapkar 1966).",
            en: "For categories without an order Stuart–Maxwell and Bhapkar test whether the distribution after is that \
                 before (Stuart 1955; Maxwell 1970; Bhapkar 1966).",
            source: "Stuart, A. (1955). A test for homogeneity of the marginal distributions in a two-way classification. \
                     Biometrika, 42(3–4), 412–416.\nMaxwell, A. E. (1970). Comparing the classification of subjects by \
                     two independent judges. British Journal of Psychiatry, 116(535), 651–655.\nBhapkar, V. P. (1966). A \
                     note on the equivalence of two test criteria for hypotheses in categorical data. Journal of the \
                     American Statistical Association, 61(313), 228–235.",
        },
        _ => Method {
            nl: "Omdat binnen strata geloot is, vergelijkt de toets van Cochran, Mantel en Haenszel de groepen binnen elk \
                 stratum (Mantel en Haenszel 1959; Agresti 2002).",
            en: "Because the draw was made within strata, the Cochran–Mantel–Haenszel test compares the groups within \
                 each stratum (Mantel and Haenszel 1959; Agresti 2002).",
            source: "Mantel, N., & Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective \
                     studies of disease. Journal of the National Cancer Institute, 22(4), 719–748.\nAgresti, A. (2002). \
                     Categorical Data Analysis (2nd ed.). Wiley.",
        },
    }
}
