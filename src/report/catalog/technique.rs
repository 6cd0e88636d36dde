//! What each method beyond tests and estimators does, why it is there, and where it is
//! described: effect sizes, the draw made again, several outcomes, missing outcomes,
//! non-compliance, chance imbalance, subgroups, money.
//!
//! Several sources of one method stand on lines of their own.

use super::method::Method;
use crate::design;
use crate::results::{
    ChanceMethod, Measure, OmnibusMethod, RandomizationStatistic, SeType, SmdFormula,
};

pub fn measure(measure: Measure) -> Method {
    match measure {
        Measure::RiskDifference => Method {
            nl: "Intervallen van verschillen in aandelen zijn hybride scoreintervallen, die ook bij kleine aandelen \
                 kloppen (Newcombe 1998).",
            en: "Intervals of differences in shares are hybrid score intervals, which also hold for small shares \
                 (Newcombe 1998).",
            source: "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: \
                     comparison of eleven methods. Statistics in Medicine, 17(8), 873–890. \
                     https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
        },
        Measure::RiskRatio => Method {
            nl: "De risicoverhouding deelt het aandeel in de interventiegroep door dat in de controlegroep; haar interval \
                 is op logaritmische schaal berekend (Katz e.a. 1978).",
            en: "The risk ratio divides the share in the intervention group by that in the control group; its interval is \
                 computed on the log scale (Katz et al. 1978).",
            source: "Katz, D., Baptista, J., Azen, S. P., & Pike, M. C. (1978). Obtaining confidence intervals for the \
                     risk ratio in cohort studies. Biometrics, 34(3), 469–474. https://doi.org/10.2307/2530610",
        },
        Measure::OddsRatio => Method {
            nl: "De oddsratio heeft een interval op logaritmische schaal (Woolf 1955).",
            en: "The odds ratio has an interval on the log scale (Woolf 1955).",
            source: "Woolf, B. (1955). On estimating the relation between blood group and disease. Annals of Human \
                     Genetics, 19(4), 251–253. https://doi.org/10.1111/j.1469-1809.1955.tb01348.x",
        },
        Measure::MantelHaenszelOddsRatio => Method {
            nl: "De oddsratio van Mantel en Haenszel vat de strata van de loting in één verhouding samen; het interval is \
                 op logaritmische schaal berekend (Robins, Breslow en Greenland 1986).",
            en: "The Mantel–Haenszel odds ratio sums the strata of the draw up in one ratio; its interval is computed on \
                 the log scale (Robins, Breslow and Greenland 1986).",
            source: "Robins, J., Breslow, N., & Greenland, S. (1986). Estimators of the Mantel–Haenszel variance \
                     consistent in both sparse data and large-strata limiting models. Biometrics, 42(2), 311–323.",
        },
        Measure::CohensD => Method {
            nl: "Cohens d drukt een verschil uit in standaarddeviaties, zodat uitkomsten op verschillende schalen te \
                 vergelijken zijn; het interval volgt uit de niet-centrale t-verdeling (Cohen 1988; Cumming en Finch \
                 2001).",
            en: "Cohen's d expresses a difference in standard deviations, so that outcomes on different scales can be \
                 compared; its interval follows from the noncentral t distribution (Cohen 1988; Cumming and Finch 2001).",
            source: "Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences (2nd ed.). Lawrence \
                     Erlbaum.\nCumming, G., & Finch, S. (2001). A primer on the understanding, use, and calculation of \
                     confidence intervals that are based on central and noncentral distributions. Educational and \
                     Psychological Measurement, 61(4), 532–574. https://doi.org/10.1177/0013164401614002",
        },
        Measure::HedgesG => Method {
            nl: "Hedges' g is Cohens d zonder de kleine overschatting die d bij weinig mensen heeft (Hedges 1981).",
            en: "Hedges' g is Cohen's d without the slight overestimate that d has with few people (Hedges 1981).",
            source: "Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related \
                     estimators. Journal of Educational Statistics, 6(2), 107–128. \
                     https://doi.org/10.3102/10769986006002107",
        },
        Measure::CramersV => Method {
            nl: "Cramérs V geeft van 0 tot 1 aan hoe sterk een verdeling over categorieën met de groep samenhangt, met een \
                 interval uit de niet-centrale chi-kwadraatverdeling (Cramér 1946; Steiger \
                 en Fouladi 1997).",
            en: "Cramér's V says from 0 to 1 how strongly a distribution over categories depends on the group, with an \
                 interval from the noncentral chi-squared distribution (Cramér 1946; Steiger \
                 and Fouladi 1997).",
            source: "Cramér, H. (1946). Mathematical Methods of Statistics. Princeton University Press.\nSteiger, J. H., \
                     & Fouladi, R. T. (1997). Noncentrality interval estimation and the evaluation of statistical models. In \
                     L. L. Harlow, S. A. Mulaik, & J. H. Steiger (Eds.), What If There Were No Significance Tests? (pp. 221–257). \
                     Erlbaum.",
        },
        Measure::ProbabilityOfSuperiority => Method {
            nl: "De kans op een hogere score is de kans dat iemand uit de interventiegroep hoger uitkomt dan iemand uit de \
                 controlegroep, met gelijke scores voor de helft; het interval is dat van Brunner en Munzel (2000).",
            en: "The probability of superiority is the chance that somebody from the intervention group scores higher than \
                 somebody from the control group, counting ties for half; its interval is that of Brunner and Munzel \
                 (2000).",
            source: super::method::BRUNNER_MUNZEL,
        },
    }
}

/// Standard errors of adjusted effects other than the usual ones.
pub fn se_type(se_type: SeType) -> Method {
    let source = "MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with \
                  improved finite sample properties. Journal of Econometrics, 29(3), 305–325. \
                  https://doi.org/10.1016/0304-4076(85)90158-7";
    let (nl, en) = match se_type {
        SeType::Hc0 => (
            "De standaardfouten van gecorrigeerde schattingen zijn HC0 (MacKinnon en White 1985).",
            "The standard errors of adjusted estimates are HC0 (MacKinnon and White 1985).",
        ),
        SeType::Hc1 => (
            "De standaardfouten van gecorrigeerde schattingen zijn HC1 (MacKinnon en White 1985).",
            "The standard errors of adjusted estimates are HC1 (MacKinnon and White 1985).",
        ),
        SeType::Hc2 => (
            "De standaardfouten van gecorrigeerde schattingen zijn HC2 (MacKinnon en White 1985).",
            "The standard errors of adjusted estimates are HC2 (MacKinnon and White 1985).",
        ),
        SeType::Hc3 => (
            "De standaardfouten van gecorrigeerde schattingen zijn HC3 (MacKinnon en White 1985).",
            "The standard errors of adjusted estimates are HC3 (MacKinnon and White 1985).",
        ),
    };
    Method { nl, en, source }
}

pub fn randomization(statistic: RandomizationStatistic) -> Method {
    match statistic {
        RandomizationStatistic::Studentized => Method {
            nl: "De loting is vele malen overgedaan zoals zij was, en telkens is het verschil gedeeld door zijn \
                 standaardfout vergeleken met het gevondene; zo geldt de toets ook voor het gemiddelde effect als dat \
                 niet voor iedereen gelijk is (Wu en Ding 2021). De p-waarde is (b + 1)/(m + 1), zodat zij nooit nul is \
                 (Phipson en Smyth 2010); over alle lotingen samen is zij exact.",
            en: "The draw was made again many times as it was, and each time the difference divided by its standard error \
                 compared with the one found; the test then also holds for the average effect where that is not the same \
                 for everyone (Wu and Ding 2021). The p-value is (b + 1)/(m + 1), so that it is never zero (Phipson and \
                 Smyth 2010); over all draws it is exact.",
            source: "Wu, J., & Ding, P. (2021). Randomization tests for weak null hypotheses in randomized experiments. \
                     Journal of the American Statistical Association, 116(536), 1898–1913. \
                     https://doi.org/10.1080/01621459.2020.1750415\nPhipson, B., & Smyth, G. K. (2010). Permutation \
                     p-values should never be zero: calculating exact p-values when permutations are randomly drawn. \
                     Statistical Applications in Genetics and Molecular Biology, 9(1), 39. \
                     https://doi.org/10.2202/1544-6115.1585",
        },
        RandomizationStatistic::Difference => Method {
            nl: "Ook het verschil zelf is over de herhaalde lotingen vergeleken; dat toetst of de interventie voor niemand iets uitmaakte, en \
                 het interval bevat elk gelijk effect dat zo'n toets niet verwerpt (Fisher 1935).",
            en: "The difference itself was compared over the repeated draws too; that tests whether the intervention made no difference to \
                 anyone, and the interval contains every constant effect that such a test does not reject (Fisher 1935).",
            source: super::method::FISHER,
        },
        RandomizationStatistic::Hypergeometric => Method {
            nl: "Bij ja/nee-uitkomsten en een volledige loting is zonder herhaling te berekenen hoe waarschijnlijk een \
                 minstens zo groot verschil is, uit de hypergeometrische verdeling (Fisher 1935).",
            en: "For yes/no outcomes and a complete draw the probability of a difference at least as large can be computed \
                 without repeating the draw, from the hypergeometric distribution (Fisher 1935).",
            source: super::method::FISHER,
        },
    }
}

pub fn chance(method: ChanceMethod) -> Option<Method> {
    Some(match method {
        ChanceMethod::Unadjusted => return None,
        ChanceMethod::Ancova => Method {
            nl: "Er is voor de kenmerken gecorrigeerd (covariantieanalyse).",
            en: "The covariates were adjusted for (analysis of covariance).",
            source: "",
        },
        ChanceMethod::Lin => Method {
            nl: "Dat is ook gedaan met interacties tussen groep en kenmerken (Lin 2013).",
            en: "This was also done with interactions of group and covariates (Lin 2013).",
            source: super::method::LIN,
        },
        ChanceMethod::EntropyBalanced => Method {
            nl: "Entropieweging maakt de gemiddelden van beide groepen gelijk, met gewichten die verder zo weinig mogelijk verschillen \
                 (Hainmueller 2012); de standaardfout weet dat de gewichten geschat zijn (Chan, Yam en Zhang 2016).",
            en: "Entropy balancing makes the means of both groups the same, with weights that otherwise differ as little as can be \
                 (Hainmueller 2012); the standard error knows that the weights were estimated (Chan, Yam and Zhang 2016).",
            source: "Chan, K. C. G., Yam, S. C. P., & Zhang, Z. (2016). Globally efficient non-parametric inference of average \
                     treatment effects by empirical balancing calibration weighting. Journal of the Royal Statistical \
                     Society: Series B, 78(3), 673–700. https://doi.org/10.1111/rssb.12129\nHainmueller, J. (2012). Entropy balancing for causal effects: a multivariate reweighting method to \
                     produce balanced samples in observational studies. Political Analysis, 20(1), 25–46. \
                     https://doi.org/10.1093/pan/mpr025",
        },
        ChanceMethod::InverseProbability => Method {
            nl: "Een andere weging neemt het omgekeerde van de kans op de eigen groep, gegeven de kenmerken (Robins, Hernán en \
                 Brumback 2000), met een standaardfout die weet dat die kans geschat is (Lunceford en Davidian 2004).",
            en: "Another weighting takes the inverse of the probability of one's own group given the covariates (Robins, Hernán and Brumback \
                 2000), with a standard error that knows that this probability was estimated (Lunceford and Davidian 2004).",
            source: "Lunceford, J. K., & Davidian, M. (2004). Stratification and weighting via the propensity score in estimation \
                     of causal treatment effects. Statistics in Medicine, 23(19), 2937–2960. https://doi.org/10.1002/sim.1903\nRobins, J. M., Hernán, M. Á., & Brumback, B. (2000). Marginal structural models and causal inference \
                     in epidemiology. Epidemiology, 11(5), 550–560. https://doi.org/10.1097/00001648-200009000-00011",
        },
        ChanceMethod::Matched => Method {
            nl: "Bij matching met teruglegging is ieder in de interventiegroep vergeleken met wie in de controlegroep het meest \
                 op hem of haar lijkt (Abadie en Imbens 2006); waar de groepen daarna nog verschillen (SMD boven 0,1; Austin 2009), \
                 is het niet getoond.",
            en: "Matching with replacement compares everyone in the intervention group with whoever in the control group is most alike \
                 (Abadie and Imbens 2006); where the groups still differ after that (an SMD above 0.1; Austin 2009) it is not \
                 shown.",
            source: "Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates between \
                     treatment groups in propensity-score matched samples. Statistics in Medicine, 28(25), 3083–3107. \
                     https://doi.org/10.1002/sim.3697\nAbadie, A., & Imbens, G. W. (2006). Large sample properties of matching estimators for average \
                     treatment effects. Econometrica, 74(1), 235–267. \
                     https://doi.org/10.1111/j.1468-0262.2006.00655.x",
        },
    })
}

pub const PARTIALLY_NESTED: Method = Method {
    nl: "Wie door dezelfde persoon geholpen is, heeft diens aanpak gemeen: het effect is ook geschat met die mensen als eenheid, \
         ieder zonder uitvoerder op zichzelf (gedeeltelijk genest; Baldwin e.a. 2011), clusterrobuust (CR2) met \
         vrijheidsgraden van Satterthwaite.",
    en: "Those helped by the same person share what he or she does: the effect was also estimated with these people as a unit, \
         everybody without a provider by themselves (partially nested; Baldwin et al. 2011), cluster-robust (CR2) with \
         Satterthwaite degrees of freedom.",
    source: "Baldwin, S. A., Bauer, D. J., Stice, E., & Rohde, P. (2011). Evaluating models for partially clustered designs. \
             Psychological Methods, 16(2), 149–165. https://doi.org/10.1037/a0023464",
};

pub fn omnibus(method: OmnibusMethod) -> Method {
    match method {
        OmnibusMethod::Welch => Method {
            nl: "Of een van de groepen afwijkt, toetst Welch' variantieanalyse over alle groepen samen (Welch 1951).",
            en: "Whether any of the groups differs is tested by Welch's analysis of variance over all groups together (Welch \
                 1951).",
            source: "Welch, B. L. (1951). On the comparison of several mean values: an alternative approach. Biometrika, \
                     38(3/4), 330–336. https://doi.org/10.1093/biomet/38.3-4.330",
        },
        OmnibusMethod::PearsonChiSquare => Method {
            nl: "Of een van de groepen afwijkt in aandelen, toetst de chi-kwadraattoets over alle groepen samen.",
            en: "Whether any of the groups differs in shares is tested by chi-squared over all groups together.",
            source: "",
        },
        OmnibusMethod::FisherExact => Method {
            nl: "Waar aantallen klein zijn, toetst Fishers exacte toets over alle groepen samen of een ervan in aandelen afwijkt.",
            en: "Where counts are small, Fisher's exact test over all groups together asks whether any differs in shares.",
            source: "",
        },
        OmnibusMethod::WithinStrata => Method {
            nl: "Of een van de groepen afwijkt, toetst één F-toets over alle groepen samen, met de strata van de loting als vaste \
                 effecten (HC2).",
            en: "Whether any of the groups differs is tested by one F test over all groups together, with the strata of the draw as \
                 fixed effects (HC2).",
            source: "",
        },
        OmnibusMethod::Clusters => Method {
            nl: "Of een van de groepen afwijkt, toetst één F-toets over alle groepen samen, clusterrobuust (CR2; Pustejovsky en \
                 Tipton 2018).",
            en: "Whether any of the groups differs is tested by one F test over all groups together, cluster-robust (CR2; \
                 Pustejovsky and Tipton 2018).",
            source: super::method::CR2,
        },
    }
}

pub fn draw(method: design::Method) -> Method {
    match method {
        design::Method::Simple => Method {
            nl: "Voor ieder is apart geloot; de groepsgroottes zijn daardoor toeval.",
            en: "Everyone was drawn separately; the sizes of the groups are therefore chance.",
            source: "",
        },
        design::Method::Complete => Method {
            nl: "Er is geloot met vaste groepsgroottes: elke verdeling van die grootte had dezelfde kans.",
            en: "The draw had fixed group sizes: every allocation of those sizes had the same chance.",
            source: "",
        },
        design::Method::Stratified => Method {
            nl: "Er is geloot binnen strata, zodat de groepen naar die kenmerken evenredig zijn en ieder dezelfde kans had.",
            en: "The draw was made within strata, so that the groups are in proportion on those characteristics and \
                 everyone had the same chance.",
            source: "",
        },
    }
}

pub fn smd(formula: SmdFormula) -> Method {
    match formula {
        SmdFormula::Pooled => super::method::SMD,
        SmdFormula::Mahalanobis => Method {
            nl: "Bij kenmerken met meer categorieën is dat verschil een afstand over alle categorieën samen (Mahalanobis).",
            en: "For characteristics with several categories that difference is a distance over all categories together \
                 (Mahalanobis).",
            source: "",
        },
    }
}

/// What a clustered draw asks of the reporting.
pub const CLUSTERS: Method = Method {
    nl: "Hele clusters kregen samen dezelfde groep.",
    en: "Whole clusters got the same arm together.",
    source: "Campbell, M. K., Piaggio, G., Elbourne, D. R., & Altman, D. G. (2012). Consort 2010 statement: extension to \
             cluster randomised trials. BMJ, 345, e5661. https://doi.org/10.1136/bmj.e5661",
};

pub const BANDS: Method = Method {
    nl: "De grenzen 0,05 en 0,25 voor zulke verschillen zijn die van What Works Clearinghouse (2020).",
    en: "The limits 0.05 and 0.25 for such differences are those of the What Works Clearinghouse (2020).",
    source: WWC,
};

const WWC: &str = "What Works Clearinghouse (2020). What Works Clearinghouse Standards Handbook, Version 4.1. U.S. \
                   Department of Education, Institute of Education Sciences.";

pub const HOLM: Method = Method {
    nl: "Wie naar meer uitkomsten kijkt, vindt er vaker een door toeval. De correctie van Holm houdt de kans op ook maar \
         één vals alarm binnen de grens, hoe de uitkomsten ook samenhangen (Holm 1979).",
    en: "Whoever looks at more outcomes finds more by chance. Holm's correction keeps the probability of even one false \
         alarm within the limit, however the outcomes depend on each other (Holm 1979).",
    source: "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, \
             6(2), 65–70.",
};

pub const HOCHBERG: Method = Method {
    nl: "Die van Hochberg doet dat met meer onderscheidingsvermogen, als de toetsen onafhankelijk of positief \
         samenhangend zijn (Hochberg 1988).",
    en: "Hochberg's does so with more power, for tests that are independent or positively dependent (Hochberg 1988).",
    source: "Hochberg, Y. (1988). A sharper Bonferroni procedure for multiple tests of significance. Biometrika, 75(4), \
             800–802. https://doi.org/10.1093/biomet/75.4.800",
};

pub const BENJAMINI_HOCHBERG: Method = Method {
    nl: "Die van Benjamini en Hochberg beperkt het verwachte aandeel valse alarmen onder wat significant heet (Benjamini \
         en Hochberg 1995).",
    en: "That of Benjamini and Hochberg limits the expected share of false alarms among what is called significant \
         (Benjamini and Hochberg 1995).",
    source: "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach \
             to multiple testing. Journal of the Royal Statistical Society: Series B, 57(1), 289–300. \
             https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
};

pub const WESTFALL_YOUNG: Method = Method {
    nl: "Die van Westfall en Young haalt uit de herhaalde lotingen hoe de uitkomsten samenhangen (Westfall en Young 1993).",
    en: "That of Westfall and Young takes from the repeated draws how the outcomes depend on each other (Westfall and \
         Young 1993).",
    source: "Westfall, P. H., & Young, S. S. (1993). Resampling-Based Multiple Testing: Examples and Methods for p-Value \
             Adjustment. Wiley.",
};

pub const ATTRITION: Method = Method {
    nl: "Of uitkomsten in de ene groep vaker ontbreken dan in de andere, is getoetst en langs de grenzen van What Works \
         Clearinghouse gelegd (2020).",
    en: "Whether outcomes are missing more often in one group than in the other was tested and held against the limits of \
         the What Works Clearinghouse (2020).",
    source: WWC,
};

pub const LEE: Method = Method {
    nl: "De grenzen van Lee snijden de groep met minder uitval bij tot beide groepen even volledig zijn; zij gelden als de \
         interventie uitval alleen meer of alleen minder waarschijnlijk maakt (Lee 2009). Hun interval is dat van Imbens \
         en Manski (2004).",
    en: "Lee's bounds trim the group with less attrition until both are equally complete; they hold if the intervention \
         makes attrition only more or only less likely (Lee 2009). Their interval is that of Imbens and Manski (2004).",
    source: "Lee, D. S. (2009). Training, wages, and sample selection: estimating sharp bounds on treatment effects. Review \
             of Economic Studies, 76(3), 1071–1102. https://doi.org/10.1111/j.1467-937X.2009.00536.x\nImbens, G. W., & \
             Manski, C. F. (2004). Confidence intervals for partially identified parameters. Econometrica, 72(6), \
             1845–1857. https://doi.org/10.1111/j.1468-0262.2004.00555.x",
};

pub const WORST_CASE: Method = Method {
    nl: "De uiterste grenzen vullen elke ontbrekende uitkomst in met de laagste of hoogste mogelijke waarde; zij \
         veronderstellen niets (Horowitz en Manski 2000).",
    en: "The worst-case bounds fill in every missing outcome with the least or greatest possible value; they assume nothing \
         (Horowitz and Manski 2000).",
    source: "Horowitz, J. L., & Manski, C. F. (2000). Nonparametric analysis of randomized experiments with missing \
             covariate and outcome data. Journal of the American Statistical Association, 95(449), 77–84. \
             https://doi.org/10.1080/01621459.2000.10473902",
};

pub const RESPONSE_WEIGHTED: Method = Method {
    nl: "Ook zijn mensen gewogen naar hoe waarschijnlijk het is dat de uitkomst van mensen zoals zij bekend is (Wooldridge \
         2007; Seaman en White 2013).",
    en: "People were also weighted by how likely the outcome of people like them is to be known (Wooldridge 2007; Seaman and \
         White 2013).",
    source: "Wooldridge, J. M. (2007). Inverse probability weighted estimation for general missing data problems. Journal of \
             Econometrics, 141(2), 1281–1301. https://doi.org/10.1016/j.jeconom.2007.02.002\nSeaman, S. R., & White, I. R. \
             (2013). Review of inverse probability weighting for dealing with missing data. Statistical Methods in Medical \
             Research, 22(3), 278–295. https://doi.org/10.1177/0962280210395740",
};

pub const ANDERSON_RUBIN: Method = Method {
    nl: "De verzameling van Anderson en Rubin bevat elk effect op deelnemers dat niet verworpen wordt; zij klopt ook als de \
         loting deelname maar zwak voorspelt, en is dan groot of onbegrensd (Anderson en Rubin 1949).",
    en: "The set of Anderson and Rubin contains every effect on compliers that is not rejected; it also holds if the draw \
         predicts take-up only weakly, and is then large or unbounded (Anderson and Rubin 1949).",
    source: "Anderson, T. W., & Rubin, H. (1949). Estimation of the parameters of a single equation in a complete system of \
             stochastic equations. Annals of Mathematical Statistics, 20(1), 46–63. \
             https://doi.org/10.1214/aoms/1177730090",
};

pub const FIRST_STAGE: Method = Method {
    nl: "Hoe sterk de loting deelname voorspelt, blijkt uit de robuuste F van de eerste fase: onder 10 is zij te zwak \
         (Staiger en Stock 1997), en onder 104,7 (bij 1%: 252,34) kan het gewone interval te kort zijn; dan gaat de \
         verzameling van Anderson en Rubin voor (Lee e.a. 2022).",
    en: "How strongly the draw predicts take-up shows in the robust F of the first stage: below 10 it is too weak (Staiger \
         and Stock 1997), and below 104.7 (252.34 at 1%) the usual interval may be too short; then the set of \
         Anderson and Rubin leads (Lee et al. 2022).",
    source: "Staiger, D., & Stock, J. H. (1997). Instrumental variables regression with weak instruments. Econometrica, \
             65(3), 557–586. https://doi.org/10.2307/2171753\nLee, D. S., McCrary, J., Moreira, M. J., & Porter, J. \
             (2022). Valid t-ratio inference for IV. American Economic Review, 112(10), 3260–3290. \
             https://doi.org/10.1257/aer.20211063",
};

pub const COMPLIERS: Method = Method {
    nl: "De gemiddelden van wie door de loting kwam, met en zonder interventie, volgen uit dezelfde vergelijking (Abadie \
         2002).",
    en: "The means of those who came because they were drawn, with and without the intervention, follow from the same \
         comparison (Abadie 2002).",
    source: "Abadie, A. (2002). Bootstrap tests for distributional treatment effects in instrumental variable models. \
             Journal of the American Statistical Association, 97(457), 284–292.",
};

pub const DOSE: Method = Method {
    nl: "Het effect per contact is een gewogen gemiddelde over de stappen van het ene aantal contacten naar het volgende, \
         met de loting als instrument; het veronderstelt dat de loting niemand minder contacten geeft en dat alleen hun \
         aantal telt (Angrist en Imbens 1995). Uitkomsten naar het aantal contacten zijn beschreven, niet getoetst: \
         contacten zijn niet geloot.",
    en: "The effect per contact is a weighted average over the steps from one number of contacts to the next, with the draw \
         as the instrument; it assumes that the draw gives nobody fewer contacts and that only their number matters \
         (Angrist and Imbens 1995). Outcomes by number of contacts are described, not tested: contacts were not drawn.",
    source: "Angrist, J. D., & Imbens, G. W. (1995). Two-stage least squares estimation of average causal effects in models \
             with variable treatment intensity. Journal of the American Statistical Association, 90(430), 431–442. \
             https://doi.org/10.1080/01621459.1995.10476535",
};

pub const CHANGE: Method = Method {
    nl: "Verandering binnen een groep is getoetst bij wie beide metingen heeft; zij is geen effect van de interventie.",
    en: "Change within an arm was tested among those with both measurements; it is no effect of the intervention.",
    source: "",
};

pub const MID_P: Method = Method {
    nl: "De mid-p telt tabellen die even waarschijnlijk zijn als de gevondene voor de helft mee (Lancaster 1961).",
    en: "The mid-p counts tables as likely as the one found for half (Lancaster 1961).",
    source: "Lancaster, H. O. (1961). Significance tests in discrete distributions. Journal of the American Statistical \
             Association, 56(294), 223–234.",
};

pub const MONTE_CARLO: Method = Method {
    nl: "Waar te veel tabellen of lotingen mogelijk zijn, is p het aandeel (b + 1)/(m + 1) van willekeurige (Phipson en \
         Smyth 2010).",
    en: "Where too many tables or draws are possible, p is the share (b + 1)/(m + 1) of random ones (Phipson and Smyth \
         2010).",
    source: "Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero: calculating exact p-values \
             when permutations are randomly drawn. Statistical Applications in Genetics and Molecular Biology, 9(1), 39. \
             https://doi.org/10.2202/1544-6115.1585",
};

pub const MIETTINEN_NURMINEN: Method = Method {
    nl: "Het interval van Miettinen en Nurminen (1985) staat erbij; het volgt uit een scoretoets.",
    en: "The interval of Miettinen and Nurminen (1985) is given beside it; it follows from a score test.",
    source: "Miettinen, O., & Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine, 4(2), 213–226. \
             https://doi.org/10.1002/sim.4780040211",
};

pub const CHANCE: Method = Method {
    nl: "Of toevallige verschillen vóór de start de uitkomst verklaren, is nagegaan door het effect op andere manieren te \
         schatten.",
    en: "Whether chance differences at baseline explain the result was examined by estimating the effect in other ways.",
    source: "",
};

pub const IMBALANCE: Method = Method {
    nl: "Hoeveel van het verschil op rekening van een kenmerk komt, is zijn onbalans maal zijn samenhang met de uitkomst \
         (Altman 1985).",
    en: "How much of the difference is owed to a covariate is its imbalance times its relation with the outcome (Altman \
         1985).",
    source: "Altman, D. G. (1985). Comparability of randomised groups. The Statistician, 34(1), 125–136.",
};

pub const SUBGROUPS: Method = Method {
    nl: "Of het effect per deelgroep verschilt, is getoetst met één interactietoets, niet door te kijken in welke deelgroep \
         het significant is (Imbens en Rubin 2015).",
    en: "Whether the effect differs between subgroups is tested by one test of interaction, not by looking in which subgroup \
         it is significant (Imbens and Rubin 2015).",
    source: "Imbens, G. W., & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical Sciences: An \
             Introduction. Cambridge University Press. https://doi.org/10.1017/CBO9781139025751",
};

pub const MONEY: Method = Method {
    nl: "Baten zijn het effect maal het aantal toegewezen mensen maal het bedrag per geval, met het interval van het effect; \
         meer uitkomsten zijn per persoon opgeteld voordat het verschil geschat is, zodat hun samenhang meetelt.",
    en: "Benefits are the effect times the number of people assigned times the amount per case, with the interval of the \
         effect; several outcomes are added per person before the difference is estimated, so that their dependence counts.",
    source: "",
};

pub const FIELLER: Method = Method {
    nl: "De kosten per extra geval hebben de verzameling van Fieller, die onbegrensd is als er ook geen effect kan zijn \
         (Fieller 1954).",
    en: "The cost per additional case has Fieller's set, which is unbounded where there may be no effect (Fieller 1954).",
    source: "Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society: Series \
             B, 16(2), 175–185. https://doi.org/10.1111/j.2517-6161.1954.tb00159.x",
};
