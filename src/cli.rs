//! What the user can type, and the help that explains it. No logic.

use std::path::PathBuf;

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
    /// Draw the groups; writes allocation.csv and manifest.json
    Assign(AssignArgs),
    /// Re-derive a draw from its manifest and say what differs
    Verify(VerifyArgs),
    /// Compare the groups on covariates
    Balance(BalanceArgs),
    /// Estimate the effects on outcomes, by intention to treat
    Evaluate(EvaluateArgs),
    /// Write up the results that 'run' left in a folder
    Report(ReportArgs),
    /// All four stages from one protocol, into one folder
    Run(RunArgs),
    /// Recompute a published evaluation from its tables and say what does not fit
    Reproduce(ReproduceArgs),
    /// Make microdata whose tables are the published ones, marked synthetic
    Synth(SynthArgs),
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

#[derive(Debug, Args)]
pub struct AssignArgs {
    /// Client register (CSV)
    #[arg(required_unless_present = "trial")]
    pub register: Option<PathBuf>,
    /// Protocol that fixes the draw
    #[arg(long, value_name = "FILE", conflicts_with_all = ["id", "arms", "seed", "strata", "cluster", "filter", "method", "missing", "decimal", "delimiter"])]
    pub trial: Option<PathBuf>,
    /// Column with the client's id
    #[arg(long, value_name = "COLUMN", required_unless_present = "trial")]
    pub id: Option<String>,
    /// An arm: NAME=360 (people), NAME=0.35 or NAME=35% (share), NAME (the rest); repeat it
    #[arg(
        long = "arm",
        value_name = "NAME[=SIZE]",
        required_unless_present = "trial"
    )]
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
    /// Who is eligible, as an SQL expression
    #[arg(long = "where", value_name = "SQL")]
    pub filter: Option<String>,
    /// How to draw [default: stratified with --strata, else complete]
    #[arg(long, value_enum)]
    pub method: Option<MethodArg>,
    /// Folder for allocation.csv and manifest.json
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Draw again although a draw exists, and record why; the earlier draw is kept
    #[arg(long, value_name = "REASON")]
    pub redraw: Option<String>,
    #[command(flatten)]
    pub read: ReadArgs,
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
    /// manifest.json of the draw
    pub manifest: PathBuf,
    /// The register that was drawn from
    #[arg(long, value_name = "FILE")]
    pub register: PathBuf,
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
    /// allocation.csv of the draw
    #[arg(long, value_name = "FILE")]
    pub allocation: PathBuf,
    /// Columns to compare [default: all that can be compared]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub covariates: Vec<String>,
    /// The intervention arm [default: from manifest.json beside the allocation, or by name]
    #[arg(long, value_name = "ARM")]
    pub treated: Option<String>,
    /// The control arm
    #[arg(long, value_name = "ARM")]
    pub control: Option<String>,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Outcome export (CSV)
    #[arg(required_unless_present = "trial")]
    pub outcomes_file: Option<PathBuf>,
    /// Registered protocol; what deviates from it is said
    #[arg(long, value_name = "FILE")]
    pub trial: Option<PathBuf>,
    /// Column with the client's id
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// Column with the arm
    #[arg(long, value_name = "COLUMN", conflicts_with = "allocation")]
    pub arm: Option<String>,
    /// allocation.csv of the draw
    #[arg(long, value_name = "FILE")]
    pub allocation: Option<PathBuf>,
    /// The intervention arm
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
    /// How an outcome is measured: NAME=numeric, NAME=binary, NAME=categorical or NAME=ordinal:1|2|3
    #[arg(long = "kind", value_name = "NAME=KIND")]
    pub kinds: Vec<String>,
    /// Significance level; intervals cover 1 − alpha [default: 0.05]
    #[arg(long, value_name = "NUMBER")]
    pub alpha: Option<f64>,
    #[command(flatten)]
    pub read: ReadArgs,
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

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
