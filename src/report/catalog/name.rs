//! What the fixed names of tests, estimands, estimators, measures and kinds are called.

use crate::columns::VariableKind;
use crate::document::Part;
use crate::results::{
    ChanceMethod, Estimand, Estimator, Measure, MissingReading, OmnibusMethod,
    RandomizationStatistic, SizeMethod, TestMethod, TestName,
};
use crate::words::Lang;
use crate::words::number::Symbol;

/// Something that has a name in each language.
pub trait Named {
    /// In running text and tables, in lower case, abbreviations explained.
    fn name(self, lang: Lang) -> &'static str;
}

impl Named for TestName {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            TestName::WelchT => ("t-toets van Welch", "Welch's t-test"),
            TestName::StudentT => ("t-toets van Student", "Student's t-test"),
            TestName::DesignT => ("t-toets volgens de loting", "t-test following the draw"),
            TestName::Levene => ("toets van Levene", "Levene's test"),
            TestName::PearsonChiSquare => (
                "chi-kwadraattoets van Pearson",
                "Pearson's chi-squared test",
            ),
            TestName::YatesChiSquare => (
                "chi-kwadraattoets met continuïteitscorrectie (Yates)",
                "chi-squared test with continuity correction (Yates)",
            ),
            TestName::LikelihoodRatio => ("likelihood-ratiotoets", "likelihood-ratio test"),
            TestName::FisherExact => ("exacte toets van Fisher", "Fisher's exact test"),
            TestName::MannWhitney => ("Mann-Whitneytoets", "Mann–Whitney test"),
            TestName::BrunnerMunzel => ("Brunner-Munzeltoets", "Brunner–Munzel test"),
            TestName::LinearByLinear => (
                "lineair-met-lineairtoets (trend)",
                "linear-by-linear test (trend)",
            ),
            TestName::Permutation => ("permutatietoets", "permutation test"),
            TestName::HansenBowersD2 => (
                "omnibustoets van Hansen en Bowers (d²)",
                "omnibus test of Hansen and Bowers (d²)",
            ),
            TestName::CochranMantelHaenszel => (
                "toets van Cochran, Mantel en Haenszel over de strata",
                "Cochran–Mantel–Haenszel test over the strata",
            ),
            TestName::BreslowDay => (
                "toets van Breslow en Day op gelijke oddsratio's",
                "Breslow–Day test of equal odds ratios",
            ),
            TestName::Mcnemar => ("toets van McNemar", "McNemar's test"),
            TestName::PairedT => ("gepaarde t-toets", "paired t-test"),
            TestName::WilcoxonSignedRank => (
                "rangtekentoets van Wilcoxon, wie gelijk bleef weggelaten",
                "Wilcoxon signed-rank test, unchanged left out",
            ),
            TestName::PrattSignedRank => (
                "rangtekentoets van Wilcoxon, wie gelijk bleef meegerangordend (Pratt)",
                "Wilcoxon signed-rank test, unchanged ranked (Pratt)",
            ),
            TestName::StuartMaxwell => ("toets van Stuart en Maxwell", "Stuart–Maxwell test"),
            TestName::Bhapkar => ("toets van Bhapkar", "Bhapkar's test"),
        };
        pick(lang, nl, en)
    }
}

/// The name of a test in a narrow column.
pub fn short_test(test: TestName, lang: Lang) -> &'static str {
    let (nl, en) = match test {
        TestName::WelchT => ("Welch", "Welch"),
        TestName::StudentT => ("Student", "Student"),
        TestName::DesignT => ("volgens de loting", "by the draw"),
        TestName::Levene => ("Levene", "Levene"),
        TestName::PearsonChiSquare => ("Pearson", "Pearson"),
        TestName::YatesChiSquare => ("Yates", "Yates"),
        TestName::LikelihoodRatio => ("likelihood-ratio", "likelihood ratio"),
        TestName::FisherExact => ("Fisher", "Fisher"),
        TestName::MannWhitney => ("Mann-Whitney", "Mann–Whitney"),
        TestName::BrunnerMunzel => ("Brunner-Munzel", "Brunner–Munzel"),
        TestName::LinearByLinear => ("lineair-met-lineair", "linear by linear"),
        TestName::Permutation => ("permutatie", "permutation"),
        TestName::HansenBowersD2 => ("Hansen-Bowers", "Hansen–Bowers"),
        TestName::CochranMantelHaenszel => ("Cochran-Mantel-Haenszel", "Cochran–Mantel–Haenszel"),
        TestName::BreslowDay => ("Breslow-Day", "Breslow–Day"),
        TestName::Mcnemar => ("McNemar", "McNemar"),
        TestName::PairedT => ("gepaarde t", "paired t"),
        TestName::WilcoxonSignedRank => ("Wilcoxon", "Wilcoxon"),
        TestName::PrattSignedRank => ("Pratt", "Pratt"),
        TestName::StuartMaxwell => ("Stuart-Maxwell", "Stuart–Maxwell"),
        TestName::Bhapkar => ("Bhapkar", "Bhapkar"),
    };
    pick(lang, nl, en)
}

/// The letter that a test's statistic goes by; Fisher's exact test and a permutation test
/// have none of their own.
pub fn symbol(test: TestName) -> Option<Symbol> {
    match test {
        TestName::WelchT
        | TestName::StudentT
        | TestName::DesignT
        | TestName::BrunnerMunzel
        | TestName::PairedT => Some(Symbol::T),
        TestName::Levene => Some(Symbol::F),
        TestName::PearsonChiSquare
        | TestName::YatesChiSquare
        | TestName::LikelihoodRatio
        | TestName::LinearByLinear
        | TestName::CochranMantelHaenszel
        | TestName::BreslowDay
        | TestName::Mcnemar
        | TestName::StuartMaxwell
        | TestName::Bhapkar => Some(Symbol::ChiSquare),
        TestName::MannWhitney => Some(Symbol::U),
        TestName::WilcoxonSignedRank | TestName::PrattSignedRank => Some(Symbol::W),
        TestName::HansenBowersD2 => Some(Symbol::D2),
        TestName::FisherExact | TestName::Permutation => None,
    }
}

impl Named for Estimand {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            Estimand::Itt => (
                "zoals toegewezen (intention-to-treat)",
                "as assigned (intention to treat)",
            ),
            Estimand::Cace => (
                "effect bij deelnemers (CACE)",
                "effect among compliers (CACE)",
            ),
            Estimand::PerProtocol => (
                "per protocol (niet gerandomiseerd)",
                "per protocol (not randomised)",
            ),
            Estimand::AsTreated => (
                "zoals ontvangen (as-treated; niet gerandomiseerd)",
                "as treated (not randomised)",
            ),
        };
        pick(lang, nl, en)
    }
}

/// What an estimand compares, in a sentence.
pub fn estimand_explained(estimand: Estimand, lang: Lang) -> &'static str {
    let (nl, en) = match estimand {
        Estimand::Itt => (
            "Intention-to-treat vergelijkt iedereen in de groep waaraan de loting hem of haar \
             toewees, ook wie niet deelnam. Het is het effect van het aanbieden van de interventie.",
            "Intention to treat compares everyone in the group they were drawn for, whether they \
             took part or not. It is the effect of offering the intervention.",
        ),
        Estimand::Cace => (
            "CACE (complier average causal effect) is het gemiddelde effect bij wie de interventie \
             krijgt doordat de loting hem of haar daaraan toewees. Het veronderstelt dat de \
             toewijzing alleen via deelname werkt en dat niemand juist door de toewijzing afziet van \
             deelname.",
            "CACE (complier average causal effect) is the average effect among those who receive \
             the intervention because they were assigned to it. It assumes that assignment works \
             through participation only, and makes nobody less likely to take part.",
        ),
        Estimand::PerProtocol => (
            "Per protocol vergelijkt alleen wie kreeg wat de loting bepaalde. Wie afvalt is niet \
             geloot, zodat de groepen ook in andere opzichten kunnen verschillen.",
            "Per protocol compares only those who received what they were drawn for. Who drops out \
             is not drawn by lot, so the groups may also differ in other respects.",
        ),
        Estimand::AsTreated => (
            "As-treated vergelijkt wie de interventie kreeg met wie haar niet kreeg, ongeacht de \
             loting. De groepen kunnen daardoor ook in andere opzichten verschillen.",
            "As treated compares those who received the intervention with those who did not, \
             whatever was drawn. The groups may therefore also differ in other respects.",
        ),
    };
    pick(lang, nl, en)
}

impl Named for Estimator {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            Estimator::DifferenceInMeans => ("verschil in gemiddelden", "difference in means"),
            Estimator::BlockedDifferenceInMeans => (
                "verschil in gemiddelden per stratum, gewogen naar omvang",
                "difference in means per stratum, weighted by size",
            ),
            Estimator::Lin => (
                "regressie met interacties (Lin)",
                "regression with interactions (Lin)",
            ),
            Estimator::ClusterCr2 => (
                "verschil in gemiddelden, clusterrobuust (CR2)",
                "difference in means, cluster-robust (CR2)",
            ),
            Estimator::Iv2sls => (
                "instrumentele variabelen (2SLS)",
                "instrumental variables (2SLS)",
            ),
            Estimator::Ancova => (
                "covariantieanalyse (ANCOVA)",
                "analysis of covariance (ANCOVA)",
            ),
        };
        pick(lang, nl, en)
    }
}

impl Named for Measure {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            Measure::RiskDifference => ("risicoverschil", "risk difference"),
            Measure::RiskRatio => ("relatief risico", "risk ratio"),
            Measure::OddsRatio => ("oddsratio", "odds ratio"),
            Measure::CohensD => ("Cohens d", "Cohen's d"),
            Measure::HedgesG => ("Hedges' g", "Hedges' g"),
            Measure::CramersV => ("Cramérs V", "Cramér's V"),
            Measure::ProbabilityOfSuperiority => {
                ("kans op een hogere waarde", "probability of superiority")
            }
            Measure::MantelHaenszelOddsRatio => (
                "gezamenlijke oddsratio over de strata (Mantel-Haenszel)",
                "common odds ratio over the strata (Mantel–Haenszel)",
            ),
        };
        pick(lang, nl, en)
    }
}

impl Named for TestMethod {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            TestMethod::Exact => ("exact", "exact"),
            TestMethod::MidP => ("mid-p", "mid-p"),
            TestMethod::MonteCarlo => ("Monte Carlo", "Monte Carlo"),
            TestMethod::Normal => ("normale benadering", "normal approximation"),
            TestMethod::Uncorrected => ("zonder correctie", "without correction"),
            TestMethod::Corrected => ("met continuïteitscorrectie", "with continuity correction"),
            TestMethod::MeanScores => ("gemiddelde scores", "mean scores"),
            TestMethod::GeneralAssociation => ("hele verdeling", "whole distribution"),
            TestMethod::Tarone => ("met correctie van Tarone", "with Tarone's correction"),
        };
        pick(lang, nl, en)
    }
}

impl Named for SizeMethod {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            SizeMethod::Newcombe => ("Newcombe", "Newcombe"),
            SizeMethod::MiettinenNurminen => ("Miettinen-Nurminen", "Miettinen–Nurminen"),
        };
        pick(lang, nl, en)
    }
}

impl Named for OmnibusMethod {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            OmnibusMethod::Welch => ("variantieanalyse van Welch", "Welch's analysis of variance"),
            OmnibusMethod::PearsonChiSquare => ("chi-kwadraattoets", "chi-squared test"),
            OmnibusMethod::FisherExact => ("Fishers exacte toets", "Fisher's exact test"),
            OmnibusMethod::WithinStrata => ("F-toets binnen strata", "F test within strata"),
            OmnibusMethod::Clusters => ("F-toets van clusters", "F test of clusters"),
        };
        pick(lang, nl, en)
    }
}

impl Named for ChanceMethod {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            ChanceMethod::Unadjusted => ("ongecorrigeerd", "unadjusted"),
            ChanceMethod::Ancova => ("gecorrigeerd (covariantieanalyse)", "adjusted (ANCOVA)"),
            ChanceMethod::Lin => ("gecorrigeerd (Lin)", "adjusted (Lin)"),
            ChanceMethod::EntropyBalanced => (
                "gewogen tot gelijke gemiddelden (entropie)",
                "entropy balanced",
            ),
            ChanceMethod::InverseProbability => {
                ("gewogen naar inverse kans", "inverse-probability weighted")
            }
            ChanceMethod::Matched => (
                "gematcht, met teruglegging (effect op de behandelden)",
                "matched, with replacement (effect on the treated)",
            ),
        };
        pick(lang, nl, en)
    }
}

impl Named for MissingReading {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            MissingReading::Low => ("laag", "low"),
            MissingReading::LowIfUnrelated => (
                "laag, mits los van de interventie",
                "low if unrelated to the intervention",
            ),
            MissingReading::MuchMissing => (
                "in beide groepen veel (meer dan een vijfde)",
                "much in both arms (more than a fifth)",
            ),
            MissingReading::High => ("hoog", "high"),
        };
        pick(lang, nl, en)
    }
}

impl Named for RandomizationStatistic {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            RandomizationStatistic::Studentized => (
                "verschil gedeeld door standaardfout",
                "difference over standard error",
            ),
            RandomizationStatistic::Difference => ("verschil", "difference"),
            RandomizationStatistic::Hypergeometric => {
                ("verschil in aandelen, exact", "difference in shares, exact")
            }
        };
        pick(lang, nl, en)
    }
}

impl Named for VariableKind {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            VariableKind::Numeric => ("numeriek", "numeric"),
            VariableKind::Binary => ("binair", "binary"),
            VariableKind::Ordinal => ("ordinaal", "ordinal"),
            VariableKind::Categorical => ("categorisch", "categorical"),
        };
        pick(lang, nl, en)
    }
}

/// Behind a column's header, where its cells hold more than one number.
impl Named for Part {
    fn name(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            Part::Text => ("tekst", "text"),
            Part::Value => ("waarde", "value"),
            Part::Count => ("aantal", "count"),
            Part::Mean => ("gemiddelde", "mean"),
            Part::Sd => ("SD", "SD"),
            Part::Share => ("aandeel", "share"),
            Part::Estimate => ("schatting", "estimate"),
            Part::Low => ("ondergrens", "lower"),
            Part::High => ("bovengrens", "upper"),
            Part::Statistic => ("toetsingsgrootheid", "statistic"),
            Part::Df => ("df", "df"),
            Part::Df2 => ("df noemer", "denominator df"),
            Part::PValue => ("p", "p"),
            Part::Stars => ("sterren", "stars"),
        };
        pick(lang, nl, en)
    }
}

fn pick(lang: Lang, nl: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}
