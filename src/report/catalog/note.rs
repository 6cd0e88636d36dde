//! The sentence of every [`Note`], in both languages, each with what to do about it.

use super::answer;
use super::name::Named;
use super::sentence::{self, people};
use crate::results::{Note, Registered};
use crate::words::Lang;
use crate::words::number::{count, fixed, level, percent};

/// One or two sentences for a person.
pub fn text(note: &Note, lang: Lang) -> String {
    let (nl, en) = match note {
        Note::SparseTable {
            variable,
            min_expected,
            exact,
        } => {
            return sentence::sparse(variable, *min_expected, *exact, lang);
        }
        Note::ManyOutcomes { count, alpha } => return sentence::multiplicity(*count, *alpha, lang),
        Note::SignificantBalance {
            significant,
            tested,
            alpha,
            smallest_p,
        } => {
            return match smallest_p.filter(|p| sentence::hardly_chance(*p, *tested)) {
                Some(p) => sentence::balance_hardly_chance(*significant, *tested, (*alpha, p), lang),
                None => sentence::significant_balance(*significant, *tested, *alpha, lang),
            };
        }
        Note::NotComputed { variable, reason } => {
            return format!("{variable}: {}", sentence::because(*reason, lang));
        }
        Note::LeftOut {
            variable,
            parts,
            reason,
        } => return sentence::left_out(variable, parts, *reason, lang),
        Note::NoStandardError {
            variable,
            estimand,
            estimator,
            reason,
        } => {
            let what = (*estimand, *estimator);
            return sentence::no_standard_error(variable, what, *reason, lang);
        }
        Note::CovariatesNotUsed { covariates, reason } => {
            return sentence::not_used(covariates, *reason, lang);
        }
        Note::ReversedTakeUp { treated } => return sentence::reversed_take_up(treated, lang),
        Note::SmallArm { variable, arm, n } => return sentence::small_arm(variable, arm, *n, lang),
        Note::IncompletePairs {
            variable,
            strata,
            people,
        } => return sentence::incomplete_pairs(variable, *strata, *people, lang),
        Note::NobodyLikeThem { variable, people } => {
            return sentence::nobody_like_them(variable, *people, lang);
        }
        Note::NoLevelInCommon { variable } => return sentence::no_level_in_common(variable, lang),
        Note::OnlyInOutcomes { count: n } => (
            format!(
                "{} wel in het uitkomstbestand, maar niet in de toewijzing; zij tellen niet mee.",
                plural_nl(*n, "staat", "staan")
            ),
            format!(
                "{} in the outcome file but not in the allocation; they are left out.",
                plural_en(*n, "is", "are")
            ),
        ),
        Note::OnlyInAllocation {
            count: n,
            per_arm: arms,
        } => (
            format!(
                "{} wel een toewijzing, maar geen rij in het uitkomstbestand ({}). Zij tellen mee als \
                 ontbrekend. Ga na waarom: wie na de loting wegvalt, kan de vergelijking vertekenen.",
                plural_nl(*n, "heeft", "hebben"),
                per_arm(arms, Lang::Nl)
            ),
            format!(
                "{} an arm in the allocation but no row in the outcome file ({}). They count as missing. Find \
                 out why: people lost after the draw can bias the comparison.",
                plural_en(*n, "has", "have"),
                per_arm(arms, Lang::En)
            ),
        ),
        Note::OnlyInRegister { count: n } => (
            format!(
                "{} wel in het register, maar niet in de toewijzing, bijvoorbeeld omdat zij niet in \
                 aanmerking kwamen.",
                plural_nl(*n, "staat", "staan")
            ),
            format!(
                "{} in the register but not in the allocation, for example because they were not eligible.",
                plural_en(*n, "is", "are")
            ),
        ),
        Note::MissingFromRegister { count: n } => (
            format!(
                "{} wel in de toewijzing, maar niet in het register; hun kenmerken zijn onbekend.",
                plural_nl(*n, "staat", "staan")
            ),
            format!(
                "{} in the allocation but not in the register; their covariates are unknown.",
                plural_en(*n, "is", "are")
            ),
        ),
        Note::AnotherRegister => (
            "Dit registerbestand is niet dat waaruit geloot is: kenmerken kunnen na de loting zijn veranderd. 'fip \
             verify' zegt of de loting dezelfde is."
                .to_owned(),
            "This register's file is not the one that was drawn from: covariates may have changed after the draw. 'fip \
             verify' says whether the draw is the same."
                .to_owned(),
        ),
        Note::OtherThanRegister { variable, count: n, of } => (
            format!(
                "‘{variable}’ is in de export anders dan in het register bij {} van {} mensen.",
                count(*n, Lang::Nl),
                count(*of, Lang::Nl)
            ),
            format!(
                "‘{variable}’ differs between the export and the register for {} of {} people.",
                count(*n, Lang::En),
                count(*of, Lang::En)
            ),
        ),
        Note::NotPeople { count: n } => (
            match n {
                1 => "Eén rij is geen persoon en telt niet mee.".to_string(),
                n => format!("{} rijen zijn geen personen en tellen niet mee.", count(*n, Lang::Nl)),
            },
            match n {
                1 => "One row is no person and was left out.".to_string(),
                n => format!("{} rows are no persons and were left out.", count(*n, Lang::En)),
            },
        ),
        Note::NoArm { count: n } => (
            format!(
                "{} geen groep en {} niet mee.",
                plural_nl(*n, "heeft", "hebben"),
                if *n == 1 { "telt" } else { "tellen" }
            ),
            format!(
                "{} no arm and {} left out.",
                plural_en(*n, "has", "have"),
                if *n == 1 { "is" } else { "are" }
            ),
        ),
        Note::OtherArms { count: n, arms } => (
            format!(
                "{} in een groep die hier niet vergeleken wordt ({}).",
                plural_nl(*n, "zit", "zitten"),
                arms.join(", ")
            ),
            format!(
                "{} in an arm that is not compared here ({}).",
                plural_en(*n, "is", "are"),
                arms.join(", ")
            ),
        ),
        Note::KindGuessed { variable, kind } => (
            format!(
                "'{variable}' is opgevat als {}; klopt dat niet, leg het dan vast in het protocol of met --kind.",
                kind.name(Lang::Nl)
            ),
            format!(
                "'{variable}' was taken to be {}; if it isn't, say so in the protocol or with --kind.",
                kind.name(Lang::En)
            ),
        ),
        Note::ArmRolesGuessed { treated, control } => (
            format!(
                "'{control}' is opgevat als controlegroep en '{treated}' als interventiegroep; klopt dat \
                 niet, gebruik dan --treated en --control."
            ),
            format!(
                "'{control}' was taken to be the control arm and '{treated}' the intervention; if not, use \
                 --treated and --control."
            ),
        ),
        Note::OneValueForSome {
            variable,
            known,
            of,
        } => (
            format!(
                "{variable}: alle bekende waarden zijn gelijk, en bekend zijn er {} van de {}. Betekent het ontbreken van een rij of \
                 waarde 'nee'? Geef die mensen dan die waarde; zo valt er niets te vergelijken.",
                count(*known, Lang::Nl),
                count(*of, Lang::Nl)
            ),
            format!(
                "{variable}: all known values are the same, and {} of {} are known. Does the absence of a row or value mean 'no'? Then \
                 give those people that value; as it is, there is nothing to compare.",
                count(*known, Lang::En),
                count(*of, Lang::En)
            ),
        ),
        Note::SelectedAfterDraw {
            variable,
            treated_known,
            control_known,
        } => (
            format!(
                "{variable}: bekend van {} van de interventiegroep en {} van de controlegroep. Wie dat zijn, is na de loting bepaald: \
                 zij zijn niet door het lot vergelijkbaar, en er is niet getoetst. Betekent leeg iets, zoals 'niet uitgestroomd', geef \
                 dat dan als niveau.",
                percent(*treated_known, 1, Lang::Nl),
                percent(*control_known, 1, Lang::Nl)
            ),
            format!(
                "{variable}: known for {} of the intervention arm and {} of the control arm. Who they are was decided after the draw: \
                 the lot does not make them comparable, and nothing was tested. If blank means something, such as 'has not left', \
                 write that as a level.",
                percent(*treated_known, 1, Lang::En),
                percent(*control_known, 1, Lang::En)
            ),
        ),
        Note::Attrition {
            variable,
            treated_missing,
            control_missing,
        } => (
            attrition(variable, *treated_missing, *control_missing, Lang::Nl),
            attrition(variable, *treated_missing, *control_missing, Lang::En),
        ),
        Note::Excluded {
            variable,
            expression,
            per_arm: arms,
        } => (
            format!(
                "{variable}: buiten beschouwing gelaten wegens {expression}: {}. Als dat pas na de loting bekend \
                 werd, kan het verschil vertekend zijn; vergelijk met de uitkomst zonder uitsluiting.",
                per_arm(arms, Lang::Nl)
            ),
            format!(
                "{variable}: left out because {expression}: {}. If that became known only after the draw, the \
                 difference may be biased; compare with the outcome without exclusion.",
                per_arm(arms, Lang::En)
            ),
        ),
        Note::StratifiedDraw { strata } => (
            format!(
                "Er is geloot binnen {} strata. De schatting per stratum volgt de loting, en de gecorrigeerde, \
                 gewogen en gematchte schattingen en subgroepen houden rekening met de strata. Het gewone verschil in \
                 gemiddelden, de toetsen (behalve Cochran-Mantel-Haenszel) en de effectgroottes doen dat niet.",
                count(*strata, Lang::Nl)
            ),
            format!(
                "The draw was made within {} strata. The estimate per stratum follows the draw, and adjusted, \
                 weighted and matched estimates and subgroups take account of the strata. The plain difference in \
                 means, the tests (except Cochran–Mantel–Haenszel) and the effect sizes do not.",
                count(*strata, Lang::En)
            ),
        ),
        Note::ClusteredDraw { clusters } => (
            format!(
                "Er is geloot per cluster ({} clusters). Toetsen die personen als onafhankelijk zien, zijn dan te \
                 optimistisch; lees de clusterrobuuste schatting (CR2).",
                count(*clusters, Lang::Nl)
            ),
            format!(
                "The draw was made by cluster ({} clusters). Tests that treat people as independent are then too \
                 optimistic; read the cluster-robust estimate (CR2).",
                count(*clusters, Lang::En)
            ),
        ),
        Note::TwoSidedNonCompliance { count: n } => (
            format!(
                "{} in de controlegroep de interventie toch gekregen.",
                plural_nl(*n, "heeft", "hebben")
            ),
            format!(
                "{} received the intervention although drawn as control.",
                people(*n, Lang::En)
            ),
        ),
        Note::ComplianceUnknown { count: n } => (
            format!(
                "Van {} is niet bekend of zij de interventie kregen; zij tellen mee in de vergelijking zoals \
                 toegewezen, niet in die van deelname.",
                people(*n, Lang::Nl)
            ),
            format!(
                "For {} it is not known whether they received the intervention; they count in the comparison as \
                 assigned, not in that of take-up.",
                people(*n, Lang::En)
            ),
        ),
        Note::WeakFirstStage {
            variable,
            f,
            enough,
        } => (
            weak_first_stage(variable, *f, *enough, Lang::Nl),
            weak_first_stage(variable, *f, *enough, Lang::En),
        ),
        Note::LevelsWithFew {
            variable,
            subgroup,
            levels,
        } => (
            format!(
                "{variable}: bij {subgroup} doen niet mee, omdat een groep er minder dan twee telt: {}. De toets gaat over \
                 de andere.",
                levels.join(", ")
            ),
            format!(
                "{variable}: of {subgroup}, these take no part, since a group counts fewer than two there: {}. The test is of \
                 the others.",
                levels.join(", ")
            ),
        ),
        Note::LargeImbalance { variable, smd } => (
            format!(
                "{variable}: de groepen verschillen {} standaarddeviatie, meer dan 0,25. What Works Clearinghouse \
                 noemt ze dan op dit kenmerk niet gelijkwaardig, ook niet na correctie.",
                fixed(*smd, 2, Lang::Nl)
            ),
            format!(
                "{variable}: the groups differ by {} standard deviations, more than 0.25. What Works Clearinghouse \
                 then does not call them equivalent on it, even after adjustment.",
                fixed(*smd, 2, Lang::En)
            ),
        ),
        Note::MuchMissing { variable, share } => (
            format!(
                "{variable}: ontbreekt bij {}; de vergelijking geldt alleen voor wie de waarde bekend is.",
                percent(*share, 1, Lang::Nl)
            ),
            format!(
                "{variable}: missing for {}; the comparison holds only for those whose value is known.",
                percent(*share, 1, Lang::En)
            ),
        ),
        Note::NotRegistered { what, name } => (
            format!(
                "Niet in het protocol: {}. Lees dit als verkennend.",
                registered(*what, name, Lang::Nl)
            ),
            format!(
                "Not in the protocol: {}. Read it as exploratory.",
                registered(*what, name, Lang::En)
            ),
        ),
        Note::RegisteredNotUsed { what, name } => (
            format!(
                "Wel in het protocol, maar hier niet gebruikt: {}.",
                registered(*what, name, Lang::Nl)
            ),
            format!(
                "In the protocol but not used here: {}.",
                registered(*what, name, Lang::En)
            ),
        ),
        Note::TestsNotRegistered { tests, .. } => {
            let names = |lang: Lang| {
                let names: Vec<&str> = tests.iter().map(|test| test.name(lang)).collect();
                names.join(", ")
            };
            (
                format!(
                    "Het protocol legt toetsen vast. Deze staan er ter aanvulling bij en tellen niet als bevestigend: {}.",
                    names(Lang::Nl)
                ),
                format!(
                    "The protocol names the tests. These are given beside them and do not count as confirmatory: {}.",
                    names(Lang::En)
                ),
            )
        }
        Note::DoseNotCounted { column } => (
            format!(
                "'{column}' telt geen hele aantallen contacten (er staan breuken of negatieve getallen in); een \
                 effect per contact is daarom niet berekend."
            ),
            format!(
                "'{column}' does not count whole numbers of contacts (it has fractions or negative numbers); an \
                 effect per contact was therefore not computed."
            ),
        ),
        Note::NoConstantEffect { .. } => (
                            "Bij ja/nee-uitkomsten geeft opnieuw loten wel een p-waarde, maar geen interval: dat bevat \
                 effecten die voor iedereen even groot zijn, en een ja/nee-uitkomst kan niet bij iedereen evenveel \
                 veranderen. Lees het interval van het verschil in aandelen (Newcombe)."
                .to_owned(),
                            "For yes/no outcomes drawing again gives a p-value but no interval: such an interval has \
                 effects that are the same for everybody, and a yes/no outcome cannot change by the same amount for \
                 everybody. Read the interval of the risk difference (Newcombe)."
                .to_owned(),
        ),
        Note::ProgrammeOfSeveralArms => (
            "De programmakosten zijn voor alle interventiegroepen samen opgegeven. Wat elke groep kostte, is niet \
             bekend; een saldo per groep is daarom niet berekend."
                .to_owned(),
            "The programme's cost is given for all intervention arms together. What each arm cost is not known; a net \
             amount per arm was therefore not computed."
                .to_owned(),
        ),
        Note::RegisteredNotAnalysed { name } => (
            format!("De uitkomst '{name}' staat in het protocol, maar is niet geanalyseerd."),
            format!("The outcome '{name}' is in the protocol but was not analysed."),
        ),
        Note::ArmsPooled { arm } => (
            format!(
                "De groepen {arm} zijn samengenomen en als één met de controlegroep vergeleken: het effect is een gemiddelde naar \
                 hun omvang."
            ),
            format!(
                "The groups {arm} are taken together and compared with the control group as one: the effect is an average by \
                 their sizes."
            ),
        ),
        Note::UnknownAsNotReceived { count: n } => (
            format!(
                "Van {} is niet bekend of zij de interventie ontvingen; zij tellen als niet ontvangen, zoals het \
                 protocol zegt. Dat is een keuze en geen loting: het effect bij deelnemers hangt ervan af.",
                people(*n, Lang::Nl)
            ),
            format!(
                "Of {} it is not known whether they received the intervention; they count as not received, as the \
                 protocol says. That is a choice and not a lot: the effect among compliers depends on it.",
                people(*n, Lang::En)
            ),
        ),
        Note::ReceiptUnknown {
            variable,
            people,
            low,
            high,
        } => return answer::receipt_unknown(variable, *people, low.zip(*high), lang),
        Note::StandsIn {
            variable,
            asked,
            test,
            reason,
        } => return answer::stands_in(variable, *asked, *test, *reason, lang),
        Note::TestNotAvailable { variable, test } => (
            format!(
                "{variable}: de {} staat in het protocol, maar is hier niet berekend.",
                test.name(Lang::Nl)
            ),
            format!(
                "{variable}: the protocol names {}, which was not computed here.",
                test.name(Lang::En)
            ),
        ),
        Note::DrawNotRecorded => (
            "Er is opnieuw geloot zonder het manifest van de loting: als één volledige loting met \
             groepen van deze grootte. Geef met --allocation de toewijzing waar manifest.json naast \
             staat."
                .to_owned(),
            "The draw was made again without its manifest: as one complete draw of groups of this \
             size. Give with --allocation the allocation that manifest.json stands beside."
                .to_owned(),
        ),
        Note::CovariatesImputed { covariates } => (
            format!(
                "Bij de gecorrigeerde schatting is voor ontbrekende waarden van {} het gemiddelde genomen, \
                 met een indicator als in beide groepen minstens vijf mensen de waarde missen.",
                covariates.join(", ")
            ),
            format!(
                "The adjusted estimate takes the mean for missing values of {}, with an indicator where at \
                 least five people in both arms lack the value.",
                covariates.join(", ")
            ),
        ),
        Note::BaselineNotComparable { variable, baseline } => (
            format!(
                "{variable}: de meting vooraf ({baseline}) is van een andere soort of heeft andere niveaus, zodat er \
                 geen verandering te berekenen is."
            ),
            format!(
                "{variable}: the measurement before ({baseline}) is of another kind or has other levels, so no \
                 change can be computed."
            ),
        ),
        Note::RanksLeftOut {
            variable,
            people: n,
        } => (
            format!(
                "{variable}: bij {} zijn de rangtoetsen weggelaten. Noem mann_whitney of brunner_munzel bij tests in \
                 het protocol om ze toch te krijgen.",
                people(*n, Lang::Nl)
            ),
            format!(
                "{variable}: with {} the rank tests are left out. Name mann_whitney or brunner_munzel under tests in \
                 the protocol to have them all the same.",
                people(*n, Lang::En)
            ),
        ),
        Note::EmptyArm { variable, arm } => (
            format!(
                "{variable}: in de groep '{arm}' is geen enkele waarde bekend; er valt niets te vergelijken."
            ),
            format!(
                "{variable}: the group '{arm}' has no value at all; there is nothing to compare."
            ),
        ),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// What was registered, with its article.
pub fn registered(what: Registered, name: &str, lang: Lang) -> String {
    let (nl, en) = match what {
        Registered::Outcome => ("de uitkomst", "the outcome"),
        Registered::Exclusion => ("de uitsluiting", "the exclusion"),
        Registered::Test => ("de toets", "the test"),
        Registered::Compliance => ("de maat voor deelname", "the measure of take-up"),
        Registered::Covariate => ("de correctie voor", "adjustment for"),
        Registered::Subgroup => ("de subgroepen naar", "subgroups by"),
        Registered::Kind => ("het meetniveau van", "the scale of"),
        Registered::SeType => ("de standaardfout", "the standard error"),
        Registered::Provider => (
            "wie de interventie uitvoert",
            "who delivers the intervention",
        ),
        Registered::Synthetic => (
            "dat de gegevens verzonnen zijn",
            "that the data are made up",
        ),
        Registered::RegisterFile => ("het register", "the register"),
        Registered::OutcomeFile => ("het uitkomstbestand", "the outcome file"),
        Registered::Id => ("de kolom met het nummer", "the column with the id"),
        Registered::Eligibility => (
            "de voorwaarde om mee te tellen",
            "the condition to be counted",
        ),
        Registered::Missing => ("de codes voor ontbrekend", "the codes for missing"),
        Registered::Decimal => ("het decimaalteken", "the decimal sign"),
        Registered::Delimiter => ("het scheidingsteken", "the delimiter"),
        Registered::Blank => (
            "wat een lege cel betekent in",
            "what an empty cell means in",
        ),
        Registered::Dash => ("wat een streepje betekent in", "what a dash means in"),
        Registered::People => ("als persoon", "as a person"),
        Registered::IdWidth => (
            "de breedte waarop nummers worden aangevuld",
            "the width that ids are filled up to",
        ),
        Registered::NotPeople => ("als rij die geen persoon is", "as a row that is no person"),
        Registered::Method => ("de wijze van loten", "the method of the draw"),
        Registered::Seed => ("het startgetal", "the seed"),
        Registered::Strata => ("de strata", "the strata"),
        Registered::Cluster => ("de clusters", "the clusters"),
        Registered::Arm => ("de groep", "the arm"),
        Registered::Counting => ("wat de aantallen tellen:", "what the sizes count:"),
        Registered::Caseworkers => (
            "de verdeling over klantmanagers",
            "the division over caseworkers",
        ),
        Registered::Start => ("de eerste dag", "the first day"),
        Registered::End => ("de laatste dag", "the last day"),
        Registered::Role => ("de rol", "the role"),
        Registered::Characteristic => ("het kenmerk", "the characteristic"),
        Registered::Baseline => ("de beginmeting van", "the baseline of"),
        Registered::Family => ("de familie van", "the family of"),
        Registered::Primary => ("de primaire uitkomst", "the primary outcome"),
        Registered::Reason => ("de kolom met de reden", "the column with the reason"),
        Registered::UnknownReceipt => (
            "wat onbekende deelname telt",
            "what unknown receipt counts as",
        ),
        Registered::MinCell => (
            "de ondergrens voor aantallen",
            "the limit for small numbers",
        ),
        Registered::Cost => ("het bedrag", "the amount"),
        Registered::Alpha => {
            let alpha = name
                .parse()
                .map_or_else(|_| name.to_owned(), |alpha| level(alpha, lang));
            return format!("alpha = {alpha}");
        }
        Registered::Permutations => {
            let draws = name
                .parse()
                .map_or_else(|_| name.to_owned(), |draws| count(draws, lang));
            return match lang {
                Lang::Nl => format!("{draws} lotingen voor de randomisatietoets"),
                Lang::En => format!("{draws} draws for the randomization test"),
            };
        }
    };
    match lang {
        Lang::Nl => format!("{nl} '{name}'"),
        Lang::En => format!("{en} '{name}'"),
    }
}

fn per_arm(arms: &[(String, u64)], lang: Lang) -> String {
    arms.iter()
        .map(|(arm, n)| format!("{arm} {}", count(*n, lang)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn plural_nl(n: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        people(n, Lang::Nl),
        if n == 1 { one } else { many }
    )
}

fn plural_en(n: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        people(n, Lang::En),
        if n == 1 { one } else { many }
    )
}

fn weak_first_stage(variable: &str, f: f64, enough: f64, lang: Lang) -> String {
    let f = fixed(f, 1, lang);
    let below = match (enough.is_finite(), lang) {
        (true, Lang::Nl) => format!(", onder {}", fixed(enough, 1, lang)),
        (true, Lang::En) => format!(", below {}", fixed(enough, 1, lang)),
        (false, _) => String::new(),
    };
    match lang {
        Lang::Nl => format!(
            "{variable}: de loting bepaalt deelname niet sterk genoeg (F = {f}{below}) voor het gewone interval van het effect \
             bij deelnemers. Interval en p-waarde zijn daarom die van Anderson en Rubin, die ook dan kloppen."
        ),
        Lang::En => format!(
            "{variable}: the draw does not decide take-up strongly enough (F = {f}{below}) for the usual interval of the \
             effect among compliers. Interval and p-value are therefore those of Anderson and Rubin, which hold even then."
        ),
    }
}

fn attrition(variable: &str, treated: f64, control: f64, lang: Lang) -> String {
    let (one, zero) = (percent(treated, 1, lang), percent(control, 1, lang));
    let apart = super::plain::unequal(treated, control);
    match lang {
        Lang::Nl => format!(
            "{variable}: ontbreekt bij {one} van de interventiegroep en {zero} van de controlegroep. {}",
            match apart {
                true => "Zo'n verschil in uitval kan de uitkomst vertekenen.",
                false =>
                    "Zo veel uitval kan de uitkomst vertekenen, ook als zij in beide groepen even groot is.",
            }
        ),
        Lang::En => format!(
            "{variable}: missing for {one} of the intervention arm and {zero} of the control arm. {}",
            match apart {
                true => "Such differential attrition can bias the result.",
                false =>
                    "So much attrition can bias the result, also if it is the same in both arms.",
            }
        ),
    }
}
