//! What each test and estimator does, why it is there, and where it is described.
//! Several sources of one method stand on lines of their own.

use crate::results::{Estimand, Estimator, TestName};
use crate::words::Lang;

/// A sentence on a method and its source, as it stands among the references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    pub nl: &'static str,
    pub en: &'static str,
    pub source: &'static str,
}

impl Method {
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nl => self.nl,
            Lang::En => self.en,
        }
    }
}

pub(super) const STUDENT: &str = "Student (1908). The probable error of a mean. Biometrika, 6(1), 1–25. \
     https://doi.org/10.1093/biomet/6.1.1";

pub(super) const FISHER: &str = "Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal \
                                 Statistical Society, 98(1), 39–82. https://doi.org/10.2307/2342435";

pub(super) const BRUNNER_MUNZEL: &str = "Brunner, E., & Munzel, U. (2000). The nonparametric Behrens–Fisher problem: \
                                         asymptotic theory and a small-sample approximation. Biometrical Journal, \
                                         42(1), 17–25. \
                                         https://doi.org/10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U";
pub const CR2: &str = "Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression \
                     with multi-stage samples. Survey Methodology, 28(2), 169–181.\nPustejovsky, J. E., & Tipton, E. (2018). \
                     Small-sample methods for cluster-robust variance estimation and hypothesis testing in fixed effects \
                     models. Journal of Business & Economic Statistics, 36(4), 672–683. \
                     https://doi.org/10.1080/07350015.2016.1247004";

pub(super) const LIN: &str = "Lin, W. (2013). Agnostic notes on regression adjustments to experimental data: reexamining \
                              Freedman's critique. Annals of Applied Statistics, 7(1), 295–318. \
                              https://doi.org/10.1214/12-AOAS583";

/// The guideline that the whole report follows.
pub const CONSORT: &str = "Hopewell, S., Chan, A.-W., Collins, G. S., Hróbjartsson, A., Moher, D., Schulz, K. F., et al. \
                           (2025). CONSORT 2025 statement: updated guideline for reporting randomised trials. BMJ, 389, \
                           e081123. https://doi.org/10.1136/bmj-2024-081123";

pub fn test(test: TestName) -> Method {
    match test {
        TestName::WelchT => Method {
            nl: "De t-toets van Welch vergelijkt twee gemiddelden zonder te veronderstellen dat de spreiding in beide \
                 groepen even groot is; daarom is het de standaardtoets voor gemiddelden en scores (Welch 1947).",
            en: "Welch's t-test compares two means without assuming equal spread in both groups; it is therefore the \
                 default for means and scores (Welch 1947).",
            source: "Welch, B. L. (1947). The generalization of 'Student's' problem when several different population \
                     variances are involved. Biometrika, 34(1–2), 28–35. \
                     https://doi.org/10.1093/biomet/34.1-2.28",
        },
        TestName::StudentT => Method {
            nl: "De t-toets van Student veronderstelt gelijke spreiding en staat erbij om met eerder onderzoek te \
                 vergelijken (Student 1908).",
            en: "Student's t-test assumes equal spread and is given for comparison with earlier studies (Student 1908).",
            source: STUDENT,
        },
        TestName::DesignT => Method {
            nl: "Waar binnen strata of per cluster is geloot, volgt de t-toets die loting: de schatting en haar standaardfout \
                 zijn die van het ontwerp (Gerber & Green 2012).",
            en: "Where the draw was within strata or by cluster, the t-test follows that draw: its estimate and standard \
                 error are those of the design (Gerber & Green 2012).",
            source: "Gerber, A. S., & Green, D. P. (2012). Field Experiments: Design, Analysis, and Interpretation. W. W. \
                     Norton.",
        },
        TestName::Levene => Method {
            nl: "De toets van Levene gaat na of de spreiding in beide groepen verschilt (Levene 1960).",
            en: "Levene's test asks whether the spread differs between the groups (Levene 1960).",
            source: "Levene, H. (1960). Robust tests for equality of variances. In I. Olkin (Ed.), Contributions to \
                     Probability and Statistics (pp. 278–292). Stanford University Press.",
        },
        TestName::PearsonChiSquare => Method {
            nl: "De chi-kwadraattoets van Pearson vergelijkt verdelingen over categorieën; bij verwachte aantallen onder \
                 de 5 is hij onbetrouwbaar (Pearson 1900; Cochran 1954).",
            en: "Pearson's chi-squared test compares distributions over categories; with expected counts below 5 it is \
                 unreliable (Pearson 1900; Cochran 1954).",
            source: "Pearson, K. (1900). On the criterion that a given system of deviations from the probable … \
                     Philosophical Magazine, 50(302), 157–175. \
                     https://doi.org/10.1080/14786440009463897\nCochran, W. G. (1954). Some methods for strengthening \
                     the common χ² tests. Biometrics, 10(4), 417–451. https://doi.org/10.2307/3001616",
        },
        TestName::YatesChiSquare => Method {
            nl: "Met de continuïteitscorrectie van Yates wordt de chi-kwadraattoets voor twee bij twee tabellen \
                 voorzichtiger (Yates 1934).",
            en: "Yates's continuity correction makes the chi-squared test of a two-by-two table more cautious (Yates \
                 1934).",
            source: "Yates, F. (1934). Contingency tables involving small numbers and the χ² test. Supplement to the \
                     Journal of the Royal Statistical Society, 1(2), 217–235. https://doi.org/10.2307/2983604",
        },
        TestName::LikelihoodRatio => Method {
            nl: "De likelihood-ratiotoets is een andere benadering van dezelfde vraag als chi-kwadraat (Wilks 1938).",
            en: "The likelihood-ratio test is another approximation to the question of chi-squared (Wilks 1938).",
            source: "Wilks, S. S. (1938). The large-sample distribution of the likelihood ratio for testing composite \
                     hypotheses. Annals of Mathematical Statistics, 9(1), 60–62. \
                     https://doi.org/10.1214/aoms/1177732360",
        },
        TestName::FisherExact => Method {
            nl: "De exacte toets van Fisher benadert niets en is daarom te gebruiken bij kleine aantallen (Fisher 1935).",
            en: "Fisher's exact test approximates nothing and can therefore be used with small numbers (Fisher 1935).",
            source: FISHER,
        },
        TestName::MannWhitney => Method {
            nl: "De Mann-Whitneytoets gebruikt alleen de volgorde van de niveaus, niet hun afstand (Mann en Whitney \
                 1947).",
            en: "The Mann–Whitney test uses only the order of the levels, not their distance (Mann and Whitney 1947).",
            source: "Mann, H. B., & Whitney, D. R. (1947). On a test of whether one of two random variables is \
                     stochastically larger than the other. Annals of Mathematical Statistics, 18(1), 50–60. \
                     https://doi.org/10.1214/aoms/1177730491",
        },
        TestName::BrunnerMunzel => Method {
            nl: "De Brunner-Munzeltoets doet dat ook als de verdelingen van vorm verschillen (Brunner en Munzel 2000).",
            en: "The Brunner–Munzel test does so even if the distributions differ in shape (Brunner and Munzel 2000).",
            source: BRUNNER_MUNZEL,
        },
        TestName::LinearByLinear => Method {
            nl: "De lineair-met-lineairtoets zoekt naar een trend over geordende niveaus (Agresti 2013).",
            en: "The linear-by-linear test looks for a trend over ordered levels (Agresti 2013).",
            source: "Agresti, A. (2013). Categorical Data Analysis (3rd ed.). Wiley.",
        },
        TestName::Permutation => Method {
            nl: "De permutatietoets herhaalt de loting vele malen en telt hoe vaak toeval een even groot verschil geeft \
                 (Fisher 1935; Pitman 1937).",
            en: "The permutation test repeats the draw many times and counts how often chance gives a difference as \
                 large (Fisher 1935; Pitman 1937).",
            source: "Pitman, E. J. G. (1937). Significance tests which may be applied to samples from any populations. \
                     Supplement to the Journal of the Royal Statistical Society, 4(1), 119–130. \
                     https://doi.org/10.2307/2984124\nFisher, R. A. (1935). The logic of inductive inference. Journal of the \
                     Royal Statistical Society, 98(1), 39–82. https://doi.org/10.2307/2342435",
        },
        TestName::CochranMantelHaenszel
        | TestName::BreslowDay
        | TestName::Mcnemar
        | TestName::PairedT
        | TestName::WilcoxonSignedRank
        | TestName::PrattSignedRank
        | TestName::StuartMaxwell
        | TestName::Bhapkar => super::paired::method(test),
        TestName::HansenBowersD2 => Method {
            nl: "De omnibustoets van Hansen en Bowers beoordeelt alle achtergrondkenmerken samen, volgens de loting \
                 (Hansen en Bowers 2008).",
            en: "The omnibus test of Hansen and Bowers judges all baseline characteristics together, by the design of \
                 the draw (Hansen and Bowers 2008).",
            source: "Hansen, B. B., & Bowers, J. (2008). Covariate balance in simple, stratified and clustered \
                     comparative studies. Statistical Science, 23(2), 219–236. \
                     https://doi.org/10.1214/08-STS254",
        },
    }
}

pub fn estimator(estimator: Estimator) -> Method {
    match estimator {
        Estimator::DifferenceInMeans => Method {
            nl: "Het effect is geschat als verschil in gemiddelden (bij ja/nee-uitkomsten: in aandelen), met een \
                 standaardfout die voor ongelijke spreiding geldt (Neyman 1923).",
            en: "The effect is estimated as a difference in means (in shares for yes/no outcomes), with a standard error \
                 that holds under unequal spread (Neyman 1923).",
            source: "Neyman, J. (1923/1990). On the application of probability theory to agricultural experiments. Essay \
                     on principles. Section 9. Statistical Science, 5(4), 465–472. \
                     https://doi.org/10.1214/ss/1177012031",
        },
        Estimator::BlockedDifferenceInMeans => Method {
            nl: "Omdat binnen strata geloot is, is het verschil per stratum berekend en naar omvang gewogen (Gerber en \
                 Green 2012).",
            en: "Because the draw was made within strata, the difference is computed per stratum and weighted by size \
                 (Gerber and Green 2012).",
            source: "Gerber, A. S., & Green, D. P. (2012). Field Experiments: Design, Analysis, and Interpretation. \
                     Norton.",
        },
        Estimator::Lin => Method {
            nl: "Ter controle is gecorrigeerd voor kenmerken van vóór de loting, met interacties (Lin 2013).",
            en: "As a check, the estimate is adjusted for covariates from before the draw, with interactions (Lin 2013).",
            source: LIN,
        },
        Estimator::ClusterCr2 => Method {
            nl: "Omdat hele clusters geloot zijn, is de standaardfout clusterrobuust (CR2) met vrijheidsgraden volgens \
                 Satterthwaite (Bell en McCaffrey 2002; Pustejovsky en Tipton 2018).",
            en: "Because whole clusters were drawn, the standard error is cluster-robust (CR2) with Satterthwaite degrees \
                 of freedom (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018).",
            source: CR2,
        },
        Estimator::Iv2sls => Method {
            nl: "Het effect bij deelnemers (CACE) is geschat met de loting als instrument voor deelname, in twee stappen \
                 (2SLS); is binnen strata geloot, dan met de strata als vaste effecten (Angrist, Imbens en Rubin 1996).",
            en: "The effect among compliers (CACE) is estimated with the draw as an instrument for taking part, by two-stage \
                 least squares; with the strata as fixed effects where the draw was stratified (Angrist, Imbens and Rubin 1996).",
            source: "Angrist, J. D., Imbens, G. W., & Rubin, D. B. (1996). Identification of causal effects using \
                     instrumental variables. Journal of the American Statistical Association, 91(434), 444–455. \
                     https://doi.org/10.1080/01621459.1996.10476902",
        },
        Estimator::Ancova => Method {
            nl: "Waar de uitkomst ook vóór de loting gemeten is, is daarvoor gecorrigeerd (covariantieanalyse; Vickers \
                 en Altman 2001).",
            en: "Where the outcome was also measured before the draw, it is adjusted for (analysis of covariance; \
                 Vickers and Altman 2001).",
            source: "Vickers, A. J., & Altman, D. G. (2001). Analysing controlled trials with baseline and follow up \
                     measurements. BMJ, 323(7321), 1123–1124. \
                     https://doi.org/10.1136/bmj.323.7321.1123",
        },
    }
}

/// Who is compared with whom.
pub const ITT: Method = Method {
    nl: "De hoofdanalyse is intention-to-treat: iedereen telt mee in de groep waaraan de loting hem of haar toewees.",
    en: "The main analysis is by intention to treat: everyone counts in the group they were drawn for.",
    source: "",
};

pub const SMD: Method = Method {
    nl: "Of de groepen vóór de start op elkaar leken, is beoordeeld met gestandaardiseerde verschillen, niet met toetsen \
         alleen (Austin 2009).",
    en: "Whether the groups were alike at baseline is judged by standardised differences, not by tests alone (Austin \
         2009).",
    source: "Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates between \
             treatment groups in propensity-score matched samples. Statistics in Medicine, 28(25), 3083–3107. \
                     https://doi.org/10.1002/sim.3697",
};

pub const MISSING: Method = Method {
    nl: "Ontbrekende waarden zijn niet ingevuld: elke uitkomst is vergeleken bij wie haar heeft; hoeveel dat er zijn \
         staat bij elke tabel.",
    en: "Missing values were not filled in: every outcome is compared among those who have it; their number stands in \
         every table.",
    source: "",
};

/// Comparisons that the draw does not protect.
pub fn unprotected(estimand: Estimand) -> Option<Method> {
    matches!(estimand, Estimand::PerProtocol | Estimand::AsTreated).then_some(Method {
        nl: "Vergelijkingen 'per protocol' en 'zoals ontvangen' staan erbij ter informatie; de loting beschermt ze niet.",
        en: "Comparisons 'per protocol' and 'as treated' are given for information; the draw does not protect them.",
        source: "",
    })
}
