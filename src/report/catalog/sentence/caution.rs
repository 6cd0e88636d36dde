//! What is absent from the results and why, and what is there but needs care.

use super::people;
use crate::report::catalog::name::Named;
use crate::results::{Estimand, Estimator, NotUsed, Reason, ResultPart, SMALL_ARM};
use crate::words::Lang;
use crate::words::number::count;

/// Why something is not computed, as a clause that ends a sentence.
pub fn because(reason: Reason, lang: Lang) -> &'static str {
    let (nl, en) = match reason {
        Reason::NoVariance | Reason::OneLevel => (
            "iedereen heeft dezelfde waarde; er valt niets te toetsen.",
            "everyone has the same value; there is nothing to test.",
        ),
        Reason::NoVarianceWithin => (
            "binnen elke groep heeft iedereen dezelfde waarde; een t-toets is er dan niet.",
            "within each group everyone has the same value; there is no t-test then.",
        ),
        Reason::TooFewValues => (
            "te weinig waarden om te toetsen.",
            "too few values for a test.",
        ),
        Reason::NoDifferenceInTakeUp => (
            "de deelname verschilt niet tussen de groepen, zodat er geen effect bij deelnemers te schatten is.",
            "take-up does not differ between the arms, so there is no effect among compliers to estimate.",
        ),
        Reason::Singular => (
            "de correctie voor kenmerken is niet mogelijk: zij hangen volledig met elkaar samen.",
            "the adjustment for covariates is not possible: they depend on each other completely.",
        ),
        Reason::TooLarge => (
            "de tabel is te groot voor een exacte toets.",
            "the table is too large for an exact test.",
        ),
        Reason::NoNumbers => (
            "categorieën zonder volgorde hebben geen bedrag per eenheid.",
            "categories without an order have no amount per unit.",
        ),
        Reason::SmallStrata => (
            "een stratum heeft minder dan twee mensen per groep, zodat er geen standaardfout per stratum is.",
            "a stratum has fewer than two people per arm, so there is no standard error per stratum.",
        ),
        Reason::FewClusters => (
            "er zijn te weinig clusters, of één cluster bepaalt alleen de uitkomst van de berekening.",
            "there are too few clusters, or one cluster decides the result by itself.",
        ),
        Reason::OnePersonDecides => (
            "één persoon bepaalt alleen een coëfficiënt van de regressie, zodat er geen spreiding om uit te gaan is.",
            "one person alone determines a coefficient of the regression, which leaves no spread to go by.",
        ),
        Reason::ManyCoefficients => (
            "er zijn niet meer mensen dan coëfficiënten: te veel kenmerken (of strata) voor deze groep.",
            "there are no more people than coefficients: too many covariates (or strata) for this group.",
        ),
        Reason::NothingLeft => (
            "het model laat geen spreiding onverklaard.",
            "the model leaves no spread unexplained.",
        ),
        Reason::SplitClusters => (
            "leden van één cluster zitten in verschillende groepen of strata.",
            "members of one cluster are in different arms or strata.",
        ),
        Reason::OutOfRange => (
            "de getallen zijn te groot of te klein om mee te rekenen; kies een andere eenheid.",
            "the numbers are too large or too small to compute with; choose another unit.",
        ),
        Reason::Separated => (
            "de kenmerken scheiden beide kanten zonder uitzondering, zodat er geen kans te schatten is.",
            "the covariates tell both sides apart without exception, so there is no probability to estimate.",
        ),
        Reason::OutOfReach => (
            "geen weging maakt de groepen op deze kenmerken gelijk: daarvoor liggen zij te ver uiteen.",
            "no weights make the arms alike on these covariates: they lie too far apart.",
        ),
        Reason::DrawnByCluster => (
            "deze berekening ziet mensen als een voor een geloot, en er is per cluster geloot.",
            "this takes people as drawn one by one, and the draw was by cluster.",
        ),
        Reason::UnequalChances => (
            "de kans op de interventie verschilt tussen strata, zodat de groepen als geheel andere mensen bevatten.",
            "the chance of the intervention differs between strata, so that the arms as a whole hold other people.",
        ),
        Reason::NotAlike => (
            "ook na het koppelen verschillen de groepen op de kenmerken (SMD boven 0,1), zodat het niets zou corrigeren.",
            "after matching the arms still differ on the covariates (an SMD above 0.1), so that it would adjust for nothing.",
        ),
        Reason::FewPeople => (
            "daarvoor zijn er te weinig mensen in een groep (minder dan tien).",
            "an arm has too few people for it (fewer than ten).",
        ),
        Reason::ManyPeople => (
            "er zijn te veel mensen om allen met elkaar te vergelijken.",
            "there are too many people to compare all with all.",
        ),
        Reason::NoCovariate => (
            "geen van de kenmerken is bruikbaar.",
            "none of the covariates can be used.",
        ),
        Reason::EmptyCell => (
            "in een groep heeft niemand of juist iedereen de uitkomst.",
            "in one arm nobody has the outcome, or everybody.",
        ),
        Reason::OneArmOnly => (
            "een niveau of combinatie van de kenmerken komt in maar een van de groepen voor.",
            "a level or combination of the covariates occurs in one of the arms only.",
        ),
        Reason::NoOverlap => (
            "alle waarden van de ene groep liggen boven die van de andere.",
            "all values of one arm lie above those of the other.",
        ),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// Parts of the results that are absent.
pub fn left_out(variable: &str, parts: &[ResultPart], reason: Reason, lang: Lang) -> String {
    let names: Vec<&str> = parts.iter().map(|part| part_name(*part, lang)).collect();
    let (names, reason) = (names.join(", "), because(reason, lang));
    match lang {
        Lang::Nl => format!("{variable}: niet berekend: {names}. Reden: {reason}"),
        Lang::En => format!("{variable}: not computed: {names}. Reason: {reason}"),
    }
}

fn part_name(part: ResultPart, lang: Lang) -> &'static str {
    let (nl, en) = match part {
        ResultPart::Levene => ("de toets van Levene", "Levene's test"),
        ResultPart::LeeBounds => ("de grenzen van Lee", "Lee's bounds"),
        ResultPart::LeeInterval => (
            "het interval bij de grenzen van Lee",
            "the interval of Lee's bounds",
        ),
        ResultPart::WorstCase => (
            "de grenzen van Horowitz en Manski",
            "the Horowitz–Manski bounds",
        ),
        ResultPart::WorstCaseInterval => (
            "het interval bij de grenzen van Horowitz en Manski",
            "the interval of the Horowitz–Manski bounds",
        ),
        ResultPart::ResponseWeighted => ("de weging voor uitval", "the weighting for attrition"),
        ResultPart::BrunnerMunzel => ("de toets van Brunner-Munzel", "the Brunner–Munzel test"),
        ResultPart::RiskRatio => (
            "de risicoverhouding of het interval ervan",
            "the risk ratio or its interval",
        ),
        ResultPart::OddsRatio => (
            "de oddsratio of het interval ervan",
            "the odds ratio or its interval",
        ),
        ResultPart::Lin => ("de correctie volgens Lin", "Lin's adjusted effect"),
        ResultPart::Ancova => ("de covariantieanalyse", "the analysis of covariance"),
        ResultPart::EntropyBalanced => ("de entropieweging", "entropy balancing"),
        ResultPart::InverseProbability => {
            ("de weging naar inverse kans", "inverse-probability weights")
        }
        ResultPart::Matched => ("matching met teruglegging", "matching with replacement"),
        ResultPart::ImbalanceByPrognosis => ("onbalans maal helling", "imbalance times slope"),
        ResultPart::Subgroups => ("effecten per subgroep", "effects by subgroup"),
        ResultPart::SubgroupTest => (
            "de toets of effecten per subgroep verschillen",
            "the test of differing subgroup effects",
        ),
        ResultPart::Compliers => (
            "gemiddelden van deelnemers door de loting",
            "means of compliers",
        ),
        ResultPart::AdjustedCace => (
            "het gecorrigeerde effect bij deelnemers",
            "the adjusted effect among compliers",
        ),
        ResultPart::Nested => (
            "het effect met wie het uitvoerde als eenheid",
            "the effect with who delivered it as a unit",
        ),
        ResultPart::EffectSizes => (
            "effectgroottes van hele groepen",
            "effect sizes of whole arms",
        ),
        ResultPart::Omnibus => (
            "de toets over alle groepen samen",
            "the test over all arms together",
        ),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// An estimate without a standard error.
pub fn no_standard_error(
    variable: &str,
    (estimand, estimator): (Estimand, Estimator),
    reason: Reason,
    lang: Lang,
) -> String {
    let (estimand, estimator) = (estimand.name(lang), estimator.name(lang));
    let reason = because(reason, lang);
    match lang {
        Lang::Nl => format!(
            "{variable}: de schatting '{estimator}' ({estimand}) heeft geen standaardfout, interval en p-waarde. \
             Reden: {reason}"
        ),
        Lang::En => format!(
            "{variable}: the estimate '{estimator}' ({estimand}) has no standard error, interval and p-value. \
             Reason: {reason}"
        ),
    }
}

/// Covariates that the adjusted effects do without.
pub fn not_used(covariates: &[String], reason: NotUsed, lang: Lang) -> String {
    let names = covariates.join(", ");
    let (nl, en) = match reason {
        NotUsed::Constant => (
            "iedereen heeft dezelfde waarde.",
            "everyone has the same value.",
        ),
        NotUsed::Dependent => (
            "de waarde volgt geheel uit andere kenmerken, uit de strata of uit de groep zelf.",
            "the value follows completely from other covariates, from the strata or from the arm itself.",
        ),
        NotUsed::MissingInArm => (
            "in een van de groepen is de waarde van niemand bekend.",
            "in one of the arms nobody's value is known.",
        ),
        NotUsed::Missing => (
            "de waarde is van niemand bekend.",
            "nobody's value is known.",
        ),
    };
    match lang {
        Lang::Nl => format!("Niet voor gecorrigeerd: {names}. Reden: {nl}"),
        Lang::En => format!("Not adjusted for: {names}. Reason: {en}"),
    }
}

/// More of the controls than of the intervention arm took part.
pub fn reversed_take_up(treated: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "De deelname was in de controlegroep hoger dan in '{treated}', zodat het aandeel dat door de loting \
             deelnam negatief is. Het effect bij deelnemers is dan dat op wie juist deelnam doordat hij of zij niet \
             voor '{treated}' werd geloot. Ga na of de groepen of de kolom met deelname zijn verwisseld."
        ),
        Lang::En => format!(
            "Take-up was higher in the control arm than in '{treated}', so the complier share is negative. The \
             effect among compliers is then that on those who took part because they were not drawn for \
             '{treated}'. Check whether the arms or the column of take-up are the wrong way round."
        ),
    }
}

/// An arm too small for what rests on large samples.
pub fn small_arm(variable: &str, arm: &str, n: u64, lang: Lang) -> String {
    let limit = count(SMALL_ARM, lang);
    let known = people(n, lang);
    match lang {
        Lang::Nl => format!(
            "{variable}: in de groep '{arm}' is de uitkomst van maar {known} bekend (minder dan {limit}). De \
             intervallen en p-waarden van gecorrigeerde en gewogen schattingen en van het effect bij deelnemers \
             rusten op grotere groepen en zijn hier te zeker. Lees de randomisatietoets (--permutations) en voor \
             deelnemers de Anderson-Rubinverzameling."
        ),
        Lang::En => format!(
            "{variable}: the outcome is known for only {known} in the group '{arm}' (fewer than {limit}). The \
             intervals and p-values of adjusted and weighted estimates and of the effect among compliers rest on \
             larger groups and are too sure here. Read the randomization test (--permutations), and for compliers \
             the Anderson–Rubin set."
        ),
    }
}

/// Pairs of which one half has no outcome.
pub fn incomplete_pairs(variable: &str, strata: u64, n: u64, lang: Lang) -> String {
    let (strata, who) = (count(strata, lang), people(n, lang));
    match lang {
        Lang::Nl => format!(
            "{variable}: er is in paren geloot. Paren waarvan één kant geen uitkomst heeft ({strata}, samen {who} \
             met een uitkomst) tellen niet mee in schattingen die de loting volgen, zodat de overige paren paren \
             blijven. Het gewone verschil in gemiddelden telt hen wel mee."
        ),
        Lang::En => format!(
            "{variable}: the draw was in pairs. Pairs of which one side has no outcome ({strata}, together {who} \
             with an outcome) are left out of estimates that follow the draw, so that the other pairs stay pairs. \
             The plain difference in means counts them."
        ),
    }
}

/// Missing outcomes that no weight can stand in for.
pub fn nobody_like_them(variable: &str, n: u64, lang: Lang) -> String {
    let who = people(n, lang);
    let them = match (lang, n) {
        (Lang::Nl, 1) => "deze persoon",
        (Lang::Nl, _) => "deze mensen",
        (Lang::En, 1) => "this person",
        (Lang::En, _) => "them",
    };
    match lang {
        Lang::Nl => format!(
            "{variable}: voor {who} zonder uitkomst is er in dezelfde groep niemand met deze kenmerken van wie de \
             uitkomst wel bekend is. De weging voor uitval kan {them} niet vertegenwoordigen."
        ),
        Lang::En => format!(
            "{variable}: for {who} without an outcome nobody in the same arm with these covariates has a known \
             outcome. The weighting for attrition does not stand for {them}."
        ),
    }
}

/// A categorical covariate on which the arms have nothing in common.
pub fn no_level_in_common(variable: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "{variable}: de groepen hebben geen enkele categorie gemeen. Groter kan een verschil niet zijn; een \
             gestandaardiseerd verschil bestaat dan niet, en de groepen zijn op dit kenmerk niet gelijkwaardig."
        ),
        Lang::En => format!(
            "{variable}: the groups have no level in common. A difference cannot be larger; a standardised \
             difference does not exist then, and the groups are not equivalent on it."
        ),
    }
}
