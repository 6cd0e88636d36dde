//! Words and short phrases.

use super::Lang;

/// An enum whose every variant has a text in each language.
macro_rules! texts {
    ($(#[$doc:meta])* pub enum $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident { nl: $nl:literal, en: $en:literal $(,)? })+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)+];

            pub fn text(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $(($name::$variant, Lang::Nl) => $nl, ($name::$variant, Lang::En) => $en,)+
                }
            }
        }
    };
}

texts! {
    /// A label, as it stands at the head of a column, row or section.
    pub enum Label {
        // Arms.
        InterventionGroup { nl: "Interventiegroep", en: "Intervention group" }
        ControlGroup { nl: "Controlegroep", en: "Control group" }
        Arm { nl: "Groep", en: "Group" }
        Total { nl: "Totaal", en: "Total" }
        Stratum { nl: "Stratum", en: "Stratum" }
        Cluster { nl: "Cluster", en: "Cluster" }
        Persons { nl: "Personen", en: "People" }
        Clusters { nl: "Clusters", en: "Clusters" }

        // Heads of columns.
        Variable { nl: "Variabele", en: "Variable" }
        Characteristic { nl: "Kenmerk", en: "Characteristic" }
        Outcome { nl: "Uitkomst", en: "Outcome" }
        Kind { nl: "Soort", en: "Kind" }
        Level { nl: "Categorie", en: "Category" }
        N { nl: "n", en: "n" }
        ValidN { nl: "Geldige n", en: "Valid n" }
        Missing { nl: "Ontbrekend", en: "Missing" }
        Count { nl: "Aantal", en: "Count" }
        Share { nl: "Aandeel", en: "Share" }
        Percent { nl: "%", en: "%" }
        Mean { nl: "Gemiddelde", en: "Mean" }
        Sd { nl: "SD", en: "SD" }
        MeanSd { nl: "M (SD)", en: "M (SD)" }
        MeanSdOrPercent { nl: "M (SD) / %", en: "M (SD) / %" }
        MeanSdOrCount { nl: "M (SD) / n (%)", en: "M (SD) / n (%)" }
        Difference { nl: "Verschil", en: "Difference" }
        DifferencePoints { nl: "Verschil (procentpunt)", en: "Difference (% points)" }
        Effect { nl: "Effect", en: "Effect" }
        EffectSize { nl: "Effectgrootte", en: "Effect size" }
        Estimate { nl: "Schatting", en: "Estimate" }
        StandardError { nl: "Standaardfout", en: "Standard error" }
        Low { nl: "Ondergrens", en: "Lower" }
        High { nl: "Bovengrens", en: "Upper" }
        P { nl: "p", en: "p" }
        PValue { nl: "p-waarde", en: "p-value" }
        AdjustedP { nl: "p (gecorrigeerd)", en: "p (adjusted)" }
        Smd { nl: "SMD", en: "SMD" }
        StandardisedDifference {
            nl: "Gestandaardiseerd verschil (SMD)",
            en: "Standardised difference (SMD)",
        }
        VarianceRatio { nl: "Variantieverhouding", en: "Variance ratio" }
        VarianceRatioShort { nl: "VR", en: "VR" }
        Test { nl: "Toets", en: "Test" }
        Statistic { nl: "Toetsingsgrootheid", en: "Statistic" }
        Df { nl: "Vrijheidsgraden", en: "Degrees of freedom" }
        DfShort { nl: "df", en: "df" }
        Value { nl: "Waarde", en: "Value" }
        Section { nl: "Onderdeel", en: "Section" }
        Reason { nl: "Reden", en: "Reason" }
        Estimand { nl: "Vergelijking", en: "Comparison" }
        Estimator { nl: "Schatter", en: "Estimator" }
        Measure { nl: "Maat", en: "Measure" }

        // Non-participation.
        Received { nl: "Kreeg de interventie", en: "Received the intervention" }
        NotReceived { nl: "Kreeg de interventie niet", en: "Did not receive the intervention" }
        ReceiptUnknown { nl: "Ontvangst onbekend", en: "Receipt unknown" }
        Assigned { nl: "Toegewezen aan", en: "Assigned to" }

        // Chapters.
        Allocation { nl: "Toewijzing", en: "Allocation" }
        Balance { nl: "Balans", en: "Balance" }
        Outcomes { nl: "Uitkomsten", en: "Outcomes" }
        NonCompliance { nl: "Niet-deelname", en: "Non-compliance" }
        MissingData { nl: "Ontbrekende gegevens", en: "Missing data" }
        Methods { nl: "Werkwijze", en: "Methods" }
        Tests { nl: "Toetsen", en: "Tests" }
        EffectSizes { nl: "Effectgroottes", en: "Effect sizes" }
        Warnings { nl: "Waarschuwingen", en: "Warnings" }
        Exclusions { nl: "Uitgesloten", en: "Excluded" }
        Deviations { nl: "Afwijkingen van het protocol", en: "Deviations from the protocol" }
        Provenance { nl: "Verantwoording", en: "Provenance" }

        // Titles of tables.
        CharacteristicsPerArm {
            nl: "Achtergrondkenmerken per groep",
            en: "Baseline characteristics per group",
        }
        BalanceInFull { nl: "Verschillen vóór de start", en: "Differences at baseline" }
        Wwc { nl: "WWC", en: "WWC" }
        Vr { nl: "VR", en: "VR" }
        BandEquivalent { nl: "gelijkwaardig", en: "equivalent" }
        BandAdjust { nl: "correctie", en: "adjust" }
        BandNotEquivalent { nl: "ongelijk", en: "not equivalent" }
        ChiSquareTable { nl: "Verdeling over de groepen", en: "Distribution over the groups" }
        TestsTable { nl: "Toetsen per uitkomst", en: "Tests per outcome" }
        EffectSizesTable { nl: "Effectgroottes per uitkomst", en: "Effect sizes per outcome" }
        BeforeAfter { nl: "Voor en na", en: "Before and after" }
        BeforeAfterTable {
            nl: "Voor en na, binnen elke groep (geen vergelijking van groepen)",
            en: "Before and after, within each arm (no comparison of arms)",
        }
        ChangeTestsTable {
            nl: "Toetsen van de verandering binnen elke groep",
            en: "Tests of the change within each arm",
        }
        Before { nl: "Voor", en: "Before" }
        After { nl: "Na", en: "After" }
        Change { nl: "Verandering", en: "Change" }
        WentUp { nl: "Omhoog", en: "Up" }
        WentDown { nl: "Omlaag", en: "Down" }
        StayedTheSame { nl: "Gelijk", en: "Same" }
        TakeUpTable { nl: "Rekening houdend met niet-deelname", en: "Allowing for non-compliance" }
        AllocationTable { nl: "Toewijzing aan de groepen", en: "Allocation to the arms" }
        ExclusionTable { nl: "Niet meegeloot", en: "Not in the draw" }
        Earlier { nl: "Eerdere lotingen", en: "Earlier draws" }
        ProtocolChanged {
            nl: "Het protocol is na de loting gewijzigd: de SHA-256 is niet die in manifest.json. Vermeld wat er is gewijzigd en waarom.",
            en: "The protocol was changed after the draw: its SHA-256 is not the one in manifest.json. State what was changed and why.",
        }
        Verification { nl: "Controle van de loting", en: "Verification of the draw" }
        VerifiedAll {
            nl: "In orde: register en manifest geven opnieuw dezelfde toewijzing, en die staat in het toewijzingsbestand.",
            en: "In order: register and manifest give the same allocation again, and it is the one in the allocation file.",
        }
        VerifiedDraw {
            nl: "In orde: register en manifest geven opnieuw dezelfde toewijzing.",
            en: "In order: register and manifest give the same allocation again.",
        }
        NotVerified {
            nl: "Niet in orde. Dit zijn de verschillen:",
            en: "Not in order. These are the differences:",
        }
        KeptIsTheDraw {
            nl: "Het toewijzingsbestand is wel het oorspronkelijke; het register is gewijzigd.",
            en: "The allocation file is the original one; the register has changed.",
        }
        Units { nl: "Loteenheden", en: "Units drawn" }
        Draft { nl: "Concept voor een protocol", en: "Draft of a protocol" }
        ColumnName { nl: "Kolom", en: "Column" }
        TakenAs { nl: "opgevat als", en: "taken as" }
        Because { nl: "omdat", en: "because" }
        PrintedTables { nl: "De tabellen zoals gedrukt", en: "The tables as printed" }
        PrintedAs { nl: "Gedrukt als", en: "Printed as" }
        Findings { nl: "Bevindingen", en: "Findings" }
        NoFindings {
            nl: "Er is niets gevonden dat niet klopt, voor zover het na te rekenen is.",
            en: "Nothing was found that does not fit, as far as it can be recomputed.",
        }
        Remarks { nl: "Opmerkingen", en: "Remarks" }
        AuditSummary { nl: "Samenvatting", en: "Summary" }
        VerdictColumn { nl: "Oordeel", en: "Verdict" }
        Mark { nl: "teken", en: "mark" }
        Figures { nl: "getallen", en: "figures" }
        Reproduced { nl: "nagerekend en gelijk", en: "reproduced" }
        Consistent { nl: "binnen de afronding mogelijk", en: "consistent within rounding" }
        Inconsistent { nl: "klopt niet", en: "inconsistent" }
        NotCheckable { nl: "niet na te rekenen", en: "not checkable" }
        Row { nl: "Rij", en: "Row" }
        AsPrinted { nl: "gedrukt", en: "printed" }
        BuiltIn { nl: "Ingebouwde publicaties", en: "Built-in publications" }
        Name { nl: "Naam", en: "Name" }
        Publication { nl: "Publicatie", en: "Publication" }
        OwnPublication {
            nl: "Een eigen publicatie: fip reproduce --new > artikel.toml, invullen, en fip reproduce artikel.toml.",
            en: "Another publication: fip reproduce --new > paper.toml, fill it in, and fip reproduce paper.toml.",
        }
        CannotMatch { nl: "Wat niet gelijk kan zijn aan druk", en: "What cannot equal the print" }
        Place { nl: "Plaats", en: "Place" }
        HowToDrawAgain { nl: "Om de loting te herhalen", en: "To repeat the draw" }
        RegisterHash { nl: "Registerbestand, SHA-256", en: "Register's file, SHA-256" }
        AllocationHash { nl: "Wie in welke groep, SHA-256", en: "Who is in which arm, SHA-256" }
        MethodSimple { nl: "enkelvoudige loting", en: "simple randomization" }
        MethodComplete { nl: "loting met vaste aantallen", en: "complete randomization" }
        MethodStratified { nl: "gestratificeerde loting", en: "stratified randomization" }
        InPoints { nl: "procentpunt", en: "% points" }
        NoReason { nl: "(geen reden vermeld)", en: "(no reason recorded)" }
        Trial { nl: "Evaluatie", en: "Evaluation" }
        OutcomesPerArm { nl: "Uitkomsten per groep", en: "Outcomes per group" }
        EffectsTable { nl: "Effecten", en: "Effects" }
        AllocationPerStratum { nl: "Toewijzing per stratum", en: "Allocation per stratum" }
        AssignedByReceived {
            nl: "Toewijzing en ontvangen interventie",
            en: "Assignment and intervention received",
        }
        ReasonsNotReceived { nl: "Redenen van niet-deelname", en: "Reasons for non-participation" }

        // How far a long run is.
        DrawingAgain { nl: "Opnieuw loten", en: "Drawing again" }
        Evaluating { nl: "Uitkomsten berekenen", en: "Evaluating outcomes" }
        Simulating { nl: "Proefloten", en: "Simulating trials" }

        // How firm the results are.
        Sensitivity { nl: "Hoe stevig zijn de uitkomsten?", en: "How firm are the results?" }
        RandomizationTable { nl: "Toetsen door opnieuw te loten", en: "Tests by making the draw again" }
        DrawnAgainP { nl: "p (opnieuw geloot)", en: "p (drawn again)" }
        Draws { nl: "Lotingen", en: "Draws" }
        MonteCarloError { nl: "Onzekerheid van p", en: "Error of p" }
        FamiliesTable { nl: "p-waarden gecorrigeerd voor meer uitkomsten", en: "p-values corrected for several outcomes" }
        Holm { nl: "Holm", en: "Holm" }
        Hochberg { nl: "Hochberg", en: "Hochberg" }
        BenjaminiHochberg { nl: "Benjamini-Hochberg", en: "Benjamini–Hochberg" }
        WestfallYoung { nl: "Westfall-Young", en: "Westfall–Young" }
        OtherOutcomes { nl: "Overige uitkomsten", en: "Other outcomes" }
        MissingTable { nl: "Ontbrekende uitkomsten", en: "Missing outcomes" }
        MissingDifference { nl: "Verschil (procentpunt)", en: "Difference (points)" }
        Reading { nl: "Oordeel (WWC)", en: "Reading (WWC)" }
        BoundsTable { nl: "Grenzen aan het effect bij ontbrekende uitkomsten", en: "Bounds on the effect with missing outcomes" }
        Bounds { nl: "Grenzen", en: "Bounds" }
        IntervalOfEffect { nl: "Interval van het effect", en: "Interval for the effect" }
        LeeBounds { nl: "Bijsnijden (Lee)", en: "Trimming (Lee)" }
        WorstCase { nl: "Uiterste waarden (Horowitz-Manski)", en: "Extreme values (Horowitz–Manski)" }
        ResponseWeighted { nl: "Gewogen naar kans op een uitkomst", en: "Weighted by the chance of an outcome" }
        ThresholdTable { nl: "Effect op wie kwam, per ondergrens", en: "Effect on those who came, per threshold" }
        ComplierShare { nl: "Kwam door de loting", en: "Came because drawn" }
        FirstStageF { nl: "F eerste fase", en: "First-stage F" }
        CompliersWith { nl: "Gemiddelde mét", en: "Mean with" }
        CompliersWithout { nl: "Gemiddelde zonder", en: "Mean without" }
        DoseTable { nl: "Effect per contact", en: "Effect per contact" }
        MoreContacts { nl: "Meer contacten door de loting", en: "More contacts because drawn" }
        PerContact { nl: "Effect per contact", en: "Effect per contact" }
        StepsTable { nl: "Wat elke stap weegt in het effect per contact", en: "What each step weighs in the effect per contact" }
        DoseGroups { nl: "Uitkomst naar aantal contacten (niet geloot)", en: "Outcome by number of contacts (not randomised)" }
        AndersonRubin { nl: "Anderson-Rubin", en: "Anderson–Rubin" }
        NestedTable { nl: "Effect met wie het uitvoerde als eenheid", en: "Effect with who delivered it as a unit" }
        Providers { nl: "Uitvoerders", en: "Delivered by" }
        ProviderIcc { nl: "Gelijkenis binnen een uitvoerder (ICC)", en: "Likeness within who delivers it (ICC)" }
        OmnibusTable { nl: "Verschillen de groepen onderling?", en: "Do any of the groups differ?" }
        LargestSmd { nl: "Grootste SMD", en: "Largest SMD" }
        ChanceTable { nl: "Was het toeval van de loting?", en: "Was it chance imbalance?" }
        Method { nl: "Methode", en: "Method" }
        ImbalanceTable { nl: "Onbalans × voorspellende waarde", en: "Imbalance × prognosis" }
        Imbalance { nl: "Onbalans", en: "Imbalance" }
        Prognosis { nl: "Helling", en: "Slope" }
        Contribution { nl: "Deel van het verschil", en: "Part of the difference" }
        SubgroupTable { nl: "Effect per deelgroep", en: "Effect by subgroup" }
        DifferenceFromFirst { nl: "Verschil met de eerste groep", en: "Difference from the first group" }
        Registered { nl: "Geregistreerd", en: "Registered" }

        // The size of a trial.
        PowerHeading { nl: "Omvang van het experiment", en: "Size of the trial" }
        PowerAnswer { nl: "Uitkomst", en: "Answer" }
        PowerOf { nl: "Onderscheidingsvermogen (power)", en: "Power" }
        PeopleIntervention { nl: "Personen, interventiegroep", en: "People, intervention arm" }
        PeopleControl { nl: "Personen, controlegroep", en: "People, control arm" }
        PeopleAll { nl: "Personen, samen", en: "People, all" }
        ClustersPerArm { nl: "Clusters, interventie en controle", en: "Clusters, intervention and control" }
        EffectOutcome { nl: "Effect", en: "Effect" }
        EffectInSd { nl: "Effect (standaarddeviaties)", en: "Effect (standard deviations)" }
        EffectInPoints { nl: "Effect (procentpunt)", en: "Effect (% points)" }
        EffectInOdds { nl: "Effect (oddsratio)", en: "Effect (odds ratio)" }
        Alpha { nl: "Significantieniveau, tweezijdig", en: "Significance level, two-sided" }
        Explained { nl: "Verklaarde variantie", en: "Variance explained" }
        DesignEffect { nl: "Designeffect van clusters", en: "Design effect of clusters" }
        TakeUp { nl: "Deelname", en: "Take-up" }
        AttritionShare { nl: "Uitval", en: "Attrition" }
        CaseloadClients { nl: "Klanten die het team aankan", en: "Clients the team can serve" }
        SimulatedPower { nl: "Onderscheidingsvermogen, gesimuleerd", en: "Power, simulated" }
        SimulatedFalse { nl: "Vals alarm zonder effect, gesimuleerd", en: "False alarms without effect, simulated" }
        DetectableTable { nl: "Kleinste effect dat zo te vinden is", en: "Smallest effect that can be found" }

        // Provenance.
        Item { nl: "Gegeven", en: "Item" }
        File { nl: "Bestand", en: "File" }
        Sha256 { nl: "SHA-256", en: "SHA-256" }
        Seed { nl: "Startgetal (seed)", en: "Seed" }
        Version { nl: "Versie van fip", en: "Version of fip" }
        Algorithm { nl: "Algoritme", en: "Algorithm" }
        Register { nl: "Register", en: "Register" }
        OutcomeFile { nl: "Uitkomstbestand", en: "Outcome file" }
        Protocol { nl: "Protocol", en: "Protocol" }
        AllocationFile { nl: "Toewijzingsbestand", en: "Allocation file" }
        Manifest { nl: "Manifest", en: "Manifest" }
        Command { nl: "Opdracht", en: "Command" }
        Rows { nl: "Rijen", en: "Rows" }
        Read { nl: "Gelezen", en: "Read" }
        Eligible { nl: "Komt in aanmerking", en: "Eligible" }

        // Chapters of the written report.
        InBrief { nl: "In het kort", en: "In brief" }
        HowToRead { nl: "Leeswijzer", en: "How to read this" }
        Flow { nl: "Verloop van het onderzoek", en: "Flow of participants" }
        FlowCaption {
            nl: "Verloop van het onderzoek, van register tot analyse",
            en: "Flow of participants, from register to analysis",
        }
        References { nl: "Literatuur", en: "References" }
        Checklist { nl: "CONSORT 2025: waar staat wat", en: "CONSORT 2025: where to find what" }
        ChecklistItem { nl: "Onderdeel", en: "Item" }
        ChecklistPlace { nl: "Waar", en: "Where" }
        ChecklistOpen { nl: "nog in te vullen door de onderzoekers", en: "to be completed by the researchers" }
        Costs { nl: "Kosten en baten", en: "Costs and benefits" }
        Disclosure { nl: "Kleine aantallen", en: "Small numbers" }

        // What the renderers need.
        Table { nl: "Tabel", en: "Table" }
        Figure { nl: "Figuur", en: "Figure" }
        FigureInWords { nl: "De figuur in woorden", en: "The figure in words" }
        Contents { nl: "Inhoud", en: "Contents" }
        Continued { nl: "vervolg", en: "continued" }
        Warning { nl: "Let op", en: "Warning" }
        Note { nl: "Toelichting", en: "Note" }
        SyntheticData { nl: "Synthetische gegevens", en: "Synthetic data" }
        Yes { nl: "ja", en: "yes" }
        No { nl: "nee", en: "no" }
        Unknown { nl: "onbekend", en: "unknown" }
    }
}
