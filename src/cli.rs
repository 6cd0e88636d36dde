//! What the user can type, and the help that explains it. No logic.

use std::path::PathBuf;

use crate::results::SeType;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Draw, check and evaluate randomized trials of public services.
#[derive(Debug, Parser)]
#[command(
    name = "fip",
    version,
    about,
    long_about = "Draw, check and evaluate randomized trials of public services.\n\n\
        Four stages: assign draws the groups, balance compares them before the start, \
        evaluate estimates the effects, report writes them up; run does all four from one \
        protocol (trial.toml).",
    after_help = "First try:  fip init register.csv\n            \
        fip assign register.csv --id klantnummer --arm interventie=360 --arm controle\n            \
        fip balance register.csv --id klantnummer --allocation allocation.csv\n\n\
        Exit codes: 0 done, 1 findings, 2 wrong use, 3 unusable input, 4 refused, 70 bug.",
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// How results are shown; the same for every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Form of the result on standard output
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Language of tables and sentences [default: the protocol's, else that of the environment]
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// No notes on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Colour in the terminal
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Markdown,
    Csv,
    Html,
    Latex,
}

/// A form in which a report is written to a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Written {
    Markdown,
    Html,
    Docx,
    Xlsx,
    Latex,
    Csv,
}

/// `--lang`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    Nl,
    En,
}

/// `--color`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at a file and draft a protocol (trial.toml) for it
    Init(InitArgs),
    /// Register the protocol before the draw: prints a fingerprint to publish
    Commit(CommitArgs),
    /// Draw the groups: into the record of a trial, or as allocation.csv and manifest.json
    Assign(AssignArgs),
    /// Tell of a change of the protocol, or of somebody drawn in error, and why
    Amend(AmendArgs),
    /// Draw a later batch of new clients into the same trial
    Add(AddArgs),
    /// The first day: who is still eligible; the next in line take free places
    Start(StartArgs),
    /// Walk through a trial's record, or re-derive a draw from its manifest, and say what differs
    Verify(VerifyArgs),
    /// Compare the groups on covariates
    Balance(BalanceArgs),
    /// Estimate the effects on outcomes, by intention to treat
    Evaluate(Box<EvaluateArgs>),
    /// Write up the results that 'run' left in a folder
    Report(ReportArgs),
    /// All four stages from one protocol, into one folder
    Run(RunArgs),
    /// Lists per caseworker and a letter-merge file for the office, with dates
    Schedule(ScheduleArgs),
    /// Recompute a published evaluation from its tables and say what does not fit
    Reproduce(ReproduceArgs),
    /// Make microdata whose tables are the published ones, marked synthetic
    Synth(SynthArgs),
    /// How many people a trial needs, what it can detect, and with what chance
    Power(PowerArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page (roff)
    Man,
}

/// How a file of clients is to be read, where looking at it doesn't settle that.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadArgs {
    /// Codes that mean 'missing', separated by commas; replaces the built-in list
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub missing: Option<Vec<String>>,
    /// Decimal sign, if the file leaves it open
    #[arg(long, value_enum, value_name = "SIGN")]
    pub decimal: Option<DecimalArg>,
    /// Delimiter, if the file leaves it open ('tab' for a tab)
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
}

/// What ids are, where they themselves don't tell.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Reading")]
pub struct IdArgs {
    /// An id that is a person's although it looks otherwise ('all' for every id); repeat it
    #[arg(long = "people", value_name = "ID")]
    pub people: Vec<String>,
    /// An id whose row is no person, such as a total: it is left out and counted; repeat it
    #[arg(long = "not-people", value_name = "ID")]
    pub not_people: Vec<String>,
    /// Fill up numbers with zeros to this width where files are joined: what Excel took away
    #[arg(long = "id-width", value_name = "DIGITS", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub id_width: Option<u8>,
}

/// `--decimal`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DecimalArg {
    Comma,
    Point,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// Register or outcome export (CSV)
    pub register: PathBuf,
    /// Outcome export that belongs to the register
    #[arg(long, value_name = "FILE")]
    pub outcomes: Option<PathBuf>,
    /// Folder for trial.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Protocol and register by their SHA-256 in one fingerprint: published before the draw (minutes,
/// mail, newspaper), it proves that nothing was chosen after it.
#[derive(Debug, Args)]
pub struct CommitArgs {
    /// Protocol
    pub trial: PathBuf,
}

#[derive(Debug, Args)]
pub struct AmendArgs {
    /// Protocol, as it is now
    pub trial: PathBuf,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Ids of people who were drawn in error, separated by commas; they stay in their arm
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub drawn_in_error: Vec<String>,
}

/// Only ids that were not drawn before are drawn, with the shares of the first draw.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Protocol
    pub trial: PathBuf,
    /// Register with the new clients; who was drawn before may be in it
    pub register: PathBuf,
    /// Size of an arm in this batch, as in 'fip assign' [default: the shares of the first draw]
    #[arg(long = "arm", value_name = "NAME[=SIZE]")]
    pub arms: Vec<String>,
}

/// Eligibility is applied to all arms alike, before the first contact; the lots stay as they were.
#[derive(Debug, Args)]
pub struct StartArgs {
    /// Protocol
    pub trial: PathBuf,
    /// Register of the first day
    pub register: PathBuf,
    /// Who is still eligible, as an SQL expression [default: the protocol's]
    #[arg(long = "where", value_name = "SQL")]
    pub filter: Option<String>,
}

#[derive(Debug, Args)]
pub struct AssignArgs {
    /// Client register (CSV) for a first try; or the protocol of a trial (trial.toml)
    #[arg(value_name = "REGISTER|TRIAL.TOML", required_unless_present = "trial")]
    pub register: Option<PathBuf>,
    /// Protocol that fixes the draw
    #[arg(long, value_name = "FILE")]
    pub trial: Option<PathBuf>,
    /// Column with the client's id
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// An arm: NAME=360, NAME=0.35 or NAME=35% (share), NAME (the rest); repeat it. Sizes and shares
    /// count what is drawn: people, or with --cluster whole clusters such as households; with
    /// --count persons they count people there too
    #[arg(long = "arm", value_name = "NAME[=SIZE]")]
    pub arms: Vec<String>,
    /// Any text; the same seed gives the same draw [default: 128 bits from the system]
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
    /// Columns to stratify by
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub strata: Vec<String>,
    /// Column of what is drawn as one, such as a household
    #[arg(long, value_name = "COLUMN")]
    pub cluster: Option<String>,
    /// What sizes count where clusters are drawn [default: units, such as households]
    #[arg(long, value_enum, requires = "cluster")]
    pub count: Option<CountArg>,
    /// Who is eligible, as an SQL expression
    #[arg(long = "where", value_name = "SQL")]
    pub filter: Option<String>,
    /// How to draw [default: stratified with --strata, else complete]
    #[arg(long, value_enum)]
    pub method: Option<MethodArg>,
    /// Folder for allocation.csv and manifest.json of a first try [default: this one]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Draw again although a draw exists, and record why; the earlier draw is kept
    #[arg(long, value_name = "REASON")]
    pub redraw: Option<String>,
    /// A text that nobody chose, such as a lottery's numbers of a later day than 'fip commit'
    #[arg(long, value_name = "TEXT", conflicts_with = "drawn")]
    pub public: Option<String>,
    /// A draw that was made by other means: who is in which arm (CSV), for the record of a trial
    #[arg(long, value_name = "FILE")]
    pub drawn: Option<PathBuf>,
    /// Its column with the arm [default: arm]
    #[arg(long, value_name = "COLUMN", requires = "drawn")]
    pub drawn_arm: Option<String>,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub ids: IdArgs,
}

/// `--count`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CountArg {
    Units,
    Persons,
}

/// `--method`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodArg {
    Simple,
    Complete,
    Stratified,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Protocol of the trial (trial.toml), or manifest.json of a draw
    #[arg(value_name = "TRIAL.TOML|MANIFEST")]
    pub path: PathBuf,
    /// The register that was drawn from [default: the protocol's]
    #[arg(long, value_name = "FILE")]
    pub register: Option<PathBuf>,
    /// Draw again from the file without ids [default: draw-public.csv beside the manifest]
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with_all = ["register", "allocation"])]
    pub public: Option<Option<PathBuf>>,
    /// The allocation to check [default: allocation.csv beside the manifest]
    #[arg(long, value_name = "FILE")]
    pub allocation: Option<PathBuf>,
    /// The protocol that the draw was made from, to check its hash
    #[arg(long, value_name = "FILE")]
    pub trial: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct BalanceArgs {
    /// Client register (CSV)
    #[arg(required_unless_present = "trial")]
    pub register: Option<PathBuf>,
    /// Protocol with id and covariates
    #[arg(long, value_name = "FILE")]
    pub trial: Option<PathBuf>,
    /// Column with the client's id
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// allocation.csv of the draw [default: that on record, with --trial]
    #[arg(long, value_name = "FILE", required_unless_present = "trial")]
    pub allocation: Option<PathBuf>,
    /// Columns to compare [default: all that can be compared]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub covariates: Vec<String>,
    /// The intervention arm, or several with commas as one [default: from manifest.json beside the allocation, or by name]
    #[arg(long, value_name = "ARM")]
    pub treated: Option<String>,
    /// The control arm
    #[arg(long, value_name = "ARM")]
    pub control: Option<String>,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub ids: IdArgs,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Outcome export (CSV)
    #[arg(required_unless_present = "trial")]
    pub outcomes_file: Option<PathBuf>,
    /// Protocol of a trial, whose draw is on record; what deviates from it is said
    #[arg(long, value_name = "FILE")]
    pub trial: Option<PathBuf>,
    /// Column with the client's id
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// Column with the arm; with --trial it is held against the record
    #[arg(long, value_name = "COLUMN", conflicts_with = "allocation")]
    pub arm: Option<String>,
    /// allocation.csv of the draw
    #[arg(long, value_name = "FILE")]
    pub allocation: Option<PathBuf>,
    /// Columns of the strata within which was drawn elsewhere
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "arm")]
    pub strata: Vec<String>,
    /// Column of what was drawn as one elsewhere, such as a household
    #[arg(long, value_name = "COLUMN", requires = "arm")]
    pub cluster: Option<String>,
    /// The intervention arm; several, with commas, are taken together as one
    #[arg(long, value_name = "ARM")]
    pub treated: Option<String>,
    /// The control arm [default: the other one]
    #[arg(long, value_name = "ARM")]
    pub control: Option<String>,
    /// Outcome columns
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub outcomes: Vec<String>,
    /// Who received the intervention, as an SQL expression over the export
    #[arg(long, value_name = "SQL")]
    pub received: Option<String>,
    /// Column with the reason why somebody did not receive it
    #[arg(long, value_name = "COLUMN", requires = "received")]
    pub reason: Option<String>,
    /// Whom to leave out of every outcome, as an SQL expression; counted per arm
    #[arg(long, value_name = "SQL")]
    pub exclude: Option<String>,
    /// Covariates for a balance table of the analysed people and for adjustment
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub covariates: Vec<String>,
    /// How an outcome, covariate or subgroup is measured: NAME=numeric, NAME=binary, NAME=categorical or NAME=ordinal:1|2|3
    #[arg(long = "kind", value_name = "NAME=KIND")]
    pub kinds: Vec<String>,
    /// What an empty cell of a column stands for: NAME=0, NAME=no, NAME=missing; repeat it
    #[arg(long = "blank", value_name = "NAME=VALUE")]
    pub blanks: Vec<String>,
    /// What a dash in a column stands for: NAME=0, NAME=missing; repeat it
    #[arg(long = "dash", value_name = "NAME=VALUE")]
    pub dashes: Vec<String>,
    /// Codes for missing in one column: NAME=9|99; repeat it
    #[arg(long = "codes", value_name = "NAME=CODES")]
    pub codes: Vec<String>,
    /// Significance level; intervals cover 1 − alpha [default: 0.05]
    #[arg(long, value_name = "NUMBER")]
    pub alpha: Option<f64>,
    /// Draw again so many times, for randomization tests and their intervals
    #[arg(long, value_name = "NUMBER")]
    pub permutations: Option<u64>,
    /// Standard errors of effects adjusted for covariates [default: HC2; CR2 where clusters were drawn]
    #[arg(long, value_name = "TYPE", value_parser = SeType::NAMES, ignore_case = true)]
    pub se_type: Option<String>,
    /// Column with who delivered the intervention to whom, such as the caseworker
    #[arg(long, value_name = "COLUMN")]
    pub provider: Option<String>,
    /// Variables to look at effects by, with one test of their difference each
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub subgroups: Vec<String>,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub ids: IdArgs,
}

#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Folder with results of 'fip run'
    pub dir: PathBuf,
    /// Folder for the report [default: only standard output]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Forms to write, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', requires = "out", default_values_t = [Written::Markdown, Written::Html, Written::Csv])]
    pub write: Vec<Written>,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Protocol
    pub trial: PathBuf,
    /// Folder for everything [default: 'out' beside the protocol]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Forms of the report, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Written::Markdown, Written::Html, Written::Csv])]
    pub write: Vec<Written>,
}

/// All of it is internal: ids, and who is in the intervention.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// Protocol, with the first day and the caseworkers
    pub trial: PathBuf,
    /// Folder for the lists [default: 'schedule' beside the protocol]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Columns of the register for lists and letters
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Weekly rounds to divide the talks over [default: the fewest with at most five mornings a week]
    #[arg(long, value_name = "NUMBER")]
    pub rounds: Option<u64>,
    /// Minutes a talk takes
    #[arg(long, value_name = "MINUTES", default_value_t = 45, value_parser = clap::value_parser!(u64).range(1..=1440))]
    pub minutes: u64,
    /// Talks that a caseworker has in a morning
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub talks_a_morning: u64,
    /// Share of the invited who are expected not to come: 0.2 or 20%
    #[arg(long, value_name = "SHARE")]
    pub no_show: Option<String>,
}

#[derive(Debug, Args)]
pub struct ReproduceArgs {
    /// A built-in publication, or a publication file [default: list the built-in ones]
    pub publication: Option<String>,
    /// List the built-in publications
    #[arg(long)]
    pub list: bool,
    /// Print a template for a publication file
    #[arg(long, conflicts_with_all = ["publication", "list"])]
    pub new: bool,
    /// Exit with 1 if anything is inconsistent
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Args)]
pub struct SynthArgs {
    /// A built-in publication, or a publication file
    pub publication: String,
    /// Any text; the same seed gives the same microdata [default: the publication file's]
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
    /// Folder for the files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
}

/// Two of people, effect and power give the third: leave out --n for the people needed, the
/// effect for the smallest detectable one, neither for the power.
#[derive(Debug, Args)]
pub struct PowerArgs {
    /// Difference in means, or in shares with --share
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, conflicts_with_all = ["levels", "odds_ratio"])]
    pub difference: Option<f64>,
    /// Standard deviation within arms; without it the difference is in standard deviations
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["share", "levels"])]
    pub sd: Option<f64>,
    /// A yes/no outcome: the share in the control arm
    #[arg(long, value_name = "SHARE", conflicts_with = "levels")]
    pub share: Option<f64>,
    /// An ordinal outcome: the shares of its levels in the control arm, low to high
    #[arg(long, value_name = "SHARES", value_delimiter = ',')]
    pub levels: Vec<f64>,
    /// Common odds ratio of a higher level, for an ordinal outcome
    #[arg(long, value_name = "RATIO", requires = "levels")]
    pub odds_ratio: Option<f64>,
    /// People in all arms together, or in the intervention and the control arm: 1028 or 360,668
    #[arg(long, value_name = "PEOPLE", value_delimiter = ',')]
    pub n: Vec<u64>,
    /// Power asked for [default: 0.8]
    #[arg(long, value_name = "SHARE")]
    pub power: Option<f64>,
    /// Significance level, two-sided [default: 0.05]
    #[arg(long, value_name = "NUMBER")]
    pub alpha: Option<f64>,
    /// Share of people in the intervention arm [default: 0.5, or from --n]
    #[arg(long, value_name = "SHARE")]
    pub treated_share: Option<f64>,
    /// Share of the variance that strata or covariates explain
    #[arg(long, value_name = "SHARE")]
    pub explained: Option<f64>,
    /// Mean number of people drawn together, such as a household
    #[arg(long, value_name = "PEOPLE", requires = "icc")]
    pub cluster_size: Option<f64>,
    /// Coefficient of variation of that number
    #[arg(long, value_name = "NUMBER", requires = "cluster_size")]
    pub cluster_cv: Option<f64>,
    /// Intraclass correlation of the outcome
    #[arg(long, value_name = "NUMBER", requires = "cluster_size")]
    pub icc: Option<f64>,
    /// How many people deliver the intervention, where they are few
    #[arg(long, value_name = "PEOPLE", requires = "provider_icc", conflicts_with_all = ["cluster_size", "simulate"])]
    pub providers: Option<u64>,
    /// Intraclass correlation of the outcome among those whom one of them sees
    #[arg(long, value_name = "NUMBER", requires = "providers")]
    pub provider_icc: Option<f64>,
    /// Share of the intervention arm that takes it up, minus that of the control arm
    #[arg(long, value_name = "SHARE")]
    pub take_up: Option<f64>,
    /// Share of people whose outcome will be missing
    #[arg(long, value_name = "SHARE")]
    pub attrition: Option<f64>,
    /// Check by simulation on this register (CSV), drawn as the protocol lays down
    #[arg(long, value_name = "REGISTER", requires = "trial", conflicts_with_all = ["n", "caseworkers", "treated_share"])]
    pub simulate: Option<PathBuf>,
    /// Protocol with the design for --simulate
    #[arg(long, value_name = "FILE", requires = "simulate")]
    pub trial: Option<PathBuf>,
    /// Simulated trials [default: 2000]
    #[arg(long, value_name = "NUMBER", requires = "simulate")]
    pub trials: Option<u64>,
    #[command(flatten)]
    pub caseload: CaseloadArgs,
}

/// The size of the intervention arm from what the team can do.
#[derive(Debug, Args)]
#[command(next_help_heading = "Caseload")]
pub struct CaseloadArgs {
    /// Caseworkers; with the contacts they can hold and those a client gets
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "contacts",
        conflicts_with = "n"
    )]
    pub caseworkers: Option<f64>,
    /// Contacts a client gets in a year
    #[arg(long, value_name = "NUMBER", requires = "caseworkers")]
    pub contacts: Option<f64>,
    /// Contacts a caseworker can hold in a year
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "caseworkers",
        conflicts_with = "hours"
    )]
    pub contacts_per_year: Option<f64>,
    /// Hours a caseworker has in a year, instead; with --minutes
    #[arg(long, value_name = "HOURS", requires = "minutes")]
    pub hours: Option<f64>,
    /// Minutes a contact takes
    #[arg(long, value_name = "MINUTES", requires = "hours")]
    pub minutes: Option<f64>,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
