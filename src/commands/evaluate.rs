//! `fip evaluate`: outcomes of the drawn arms, by intention to treat first.

use std::path::PathBuf;

use super::arms::{AllocationFile, Compared, Declared, compare};
use super::balance::{inherit, named};
use super::inputs::{Loaded, Wants, input, measured, provenance, read_options};
use super::{Done, Session};
use crate::balance;
use crate::cli::EvaluateArgs;
use crate::data::{self, Condition, CsvFile, Keys, ReadOptions, Table, Verdict, Want, join};
use crate::error::{Error, Result};
use crate::evaluate::{self, OutcomeInput, Study};
use crate::protocol::{ComplianceRule, InputSpec, Outcome, Protocol, Variable};
use crate::report::catalog::{Label, note};
use crate::report::{self, Document, Lang};
use crate::results::{Evaluation, InputFile, JoinCounts, Note, Registered, VariableKind};
use crate::stats::infer::Level;
use crate::variable::{Measured, NO_ARM};

/// What is to be evaluated, wherever it was said.
pub struct EvaluatePlan<'a> {
    pub file: PathBuf,
    pub options: ReadOptions,
    pub id: Option<String>,
    pub arms: ArmSource,
    pub treated: Option<String>,
    pub control: Option<String>,
    pub declared: Declared,
    pub outcomes: Vec<Outcome>,
    pub covariates: Vec<Variable>,
    pub compliance: Option<ComplianceRule>,
    /// Where columns are looked up that the export doesn't have, by id.
    pub register: Option<(PathBuf, ReadOptions)>,
    pub alpha: f64,
    pub loaded: Option<&'a Loaded>,
}

/// Where a person's arm stands.
pub enum ArmSource {
    Column(String),
    Allocation(PathBuf),
}

pub fn run(args: &EvaluateArgs, session: &Session) -> Result<Done> {
    let loaded = args.trial.as_deref().map(Loaded::read).transpose()?;
    let plan = plan(args, loaded.as_ref())?;
    let lang = session.lang(loaded.as_ref().and_then(|loaded| loaded.protocol.trial.language));
    let (evaluation, notes) = evaluate(&plan, lang)?;
    Done::new(document(&evaluation, lang), &evaluation, notes)
}

/// The evaluation as a document of its own.
pub fn document(evaluation: &Evaluation, lang: Lang) -> Document {
    let mut document = Document::new(lang, Label::Trial.text(lang));
    report::provenance::opening(&mut document, &evaluation.provenance);
    for table in &evaluation.balance {
        report::balance::section(&mut document, table);
    }
    report::evaluation::section(&mut document, evaluation);
    report::provenance::section(&mut document, &evaluation.provenance);
    document
}

fn plan<'a>(args: &EvaluateArgs, loaded: Option<&'a Loaded>) -> Result<EvaluatePlan<'a>> {
    let EvaluateArgs {
        outcomes_file,
        trial: _,
        id,
        arm,
        allocation,
        treated,
        control,
        outcomes,
        received,
        reason,
        exclude,
        covariates,
        kinds,
        alpha,
        read,
    } = args;
    let nothing = Protocol::default();
    let protocol = loaded.map_or(&nothing, |loaded| &loaded.protocol);
    let spec = inherit(&protocol.outcomes_file, &protocol.register);
    let file = match (outcomes_file, loaded, &spec.file) {
        (Some(path), _, _) => path.clone(),
        (None, Some(loaded), Some(file)) => loaded.beside(file),
        _ => {
            return Err(Error::usage("no outcome export is given")
                .hint("fip evaluate outcomes.csv …, or file = \"outcomes.csv\" in [outcomes] of the protocol"));
        }
    };
    let arms = match (arm, allocation) {
        (Some(column), _) => ArmSource::Column(column.clone()),
        (None, Some(path)) => ArmSource::Allocation(path.clone()),
        (None, None) => {
            return Err(Error::usage("it is not said who is in which arm")
                .hint("give --arm COLUMN of the export, or --allocation allocation.csv"));
        }
    };
    let mut declared = Declared::by_protocol(protocol);
    if let (true, ArmSource::Allocation(path)) = (declared.is_empty(), &arms) {
        declared = Declared::beside(path);
    }
    let compliance = match received {
        Some(received) => Some(ComplianceRule {
            received: received.clone(),
            reason: reason.clone(),
        }),
        None => protocol.compliance.clone(),
    };
    Ok(EvaluatePlan {
        file,
        options: read_options(read, &spec)?,
        id: id.clone().or(spec.id),
        arms,
        treated: treated.clone(),
        control: control.clone(),
        declared,
        outcomes: chosen_outcomes(protocol, outcomes, exclude.as_deref(), kinds)?,
        covariates: if covariates.is_empty() {
            protocol.analysis.adjust.iter().map(|name| named(protocol, name)).collect()
        } else {
            covariates.iter().map(|name| named(protocol, name)).collect()
        },
        compliance,
        register: loaded.and_then(|loaded| register_of(loaded).transpose()).transpose()?,
        alpha: alpha.unwrap_or(protocol.analysis.alpha),
        loaded,
    })
}

/// The register that a protocol names, if it is there.
pub fn register_of(loaded: &Loaded) -> Result<Option<(PathBuf, ReadOptions)>> {
    let spec = &loaded.protocol.register;
    let Some(path) = spec.file.as_deref().map(|file| loaded.beside(file)).filter(|path| path.exists()) else {
        return Ok(None);
    };
    Ok(Some((path, read_options(&crate::cli::ReadArgs::default(), spec)?)))
}

/// The outcomes asked for by flag, or else those of the protocol.
fn chosen_outcomes(protocol: &Protocol, names: &[String], exclude: Option<&str>, kinds: &[String]) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = if names.is_empty() {
        protocol.outcomes.clone()
    } else {
        names
            .iter()
            .map(|name| {
                let registered = protocol.outcomes.iter().find(|outcome| outcome.variable.name == *name);
                registered.cloned().unwrap_or_else(|| Outcome::named(name.clone()))
            })
            .collect()
    };
    if outcomes.is_empty() {
        return Err(Error::usage("no outcomes are given").hint("name them with --outcomes a,b, or in a protocol"));
    }
    for text in kinds {
        let (name, kind, levels) = parse_kind(text)?;
        let outcome = outcomes.iter_mut().find(|outcome| outcome.variable.name == name).ok_or_else(|| {
            Error::usage(format!("--kind is about '{name}', which is not among the outcomes")).value(text.clone())
        })?;
        outcome.variable.kind = Some(kind);
        outcome.variable.levels = levels;
    }
    if let Some(exclude) = exclude {
        for outcome in &mut outcomes {
            outcome.exclude = Some(exclude.to_string());
        }
    }
    Ok(outcomes)
}

/// `NAME=numeric`, `NAME=ordinal:1|2|3`.
fn parse_kind(text: &str) -> Result<(String, VariableKind, Option<Vec<String>>)> {
    let wrong = || {
        Error::usage("a kind is written NAME=numeric, NAME=binary, NAME=categorical or NAME=ordinal:1|2|3").value(text)
    };
    let (name, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (kind, levels) = match rest.split_once(':') {
        Some((kind, levels)) => (kind, Some(levels.split('|').map(str::to_string).collect::<Vec<String>>())),
        None => (rest, None),
    };
    let kind = match kind {
        "numeric" => VariableKind::Numeric,
        "binary" => VariableKind::Binary,
        "categorical" => VariableKind::Categorical,
        "ordinal" => VariableKind::Ordinal,
        _ => return Err(wrong()),
    };
    if kind == VariableKind::Ordinal && levels.is_none() {
        return Err(Error::usage(format!("the levels of '{name}' are not given, low to high"))
            .value(text)
            .hint(format!("for example --kind '{name}=ordinal:1|2|3'")));
    }
    Ok((name.to_string(), kind, levels))
}

/// Everyone who is analysed: row of the export, arm, stratum, cluster.
struct People {
    /// Rows of the export that are analysed.
    keep: Vec<bool>,
    names: Vec<String>,
    codes: Vec<u32>,
    absent: Vec<u64>,
    strata: Option<Vec<usize>>,
    clusters: Option<Vec<usize>>,
    record: Option<InputFile>,
    join: JoinCounts,
    notes: Vec<Note>,
    stderr: Vec<String>,
}

/// Evaluates; the second part names people for standard error.
pub fn evaluate(plan: &EvaluatePlan<'_>, lang: Lang) -> Result<(Evaluation, Vec<String>)> {
    let level = Level::new(1.0 - plan.alpha)?;
    let conditions = Conditions::parse(plan)?;
    let file = data::open(&plan.file, &plan.options)?;
    conditions.check(&file)?;
    let table = wants(plan, &file, &conditions)?.read(&file)?;
    let export = input("outcomes", &plan.file, &table);
    let people = match &plan.arms {
        ArmSource::Column(column) => by_column(plan, &table, column)?,
        ArmSource::Allocation(path) => by_allocation(plan, &table, path)?,
    };
    let table = table.retain(&people.keep)?;
    let compared = compare(
        &people.names,
        plan.treated.as_deref(),
        plan.control.as_deref(),
        &plan.declared,
        &plan.file.display().to_string(),
    )?;
    let elsewhere = Elsewhere::read(plan, &file, &table)?;
    let find = |variable: &Variable| match &elsewhere {
        Some(other) if !table.has(&variable.name) => other.measured(variable),
        _ => measured(&table, variable),
    };
    let mut notes = people.notes;
    notes.extend(compared.guessed.clone());
    let study = Study {
        received: conditions.received.as_ref().map(|condition| received(condition, &table)).transpose()?,
        covariates: plan.covariates.iter().map(&find).collect::<Result<Vec<Measured>>>()?,
        arms: people.names,
        codes: people.codes,
        absent: people.absent,
        control: compared.control,
        treated: compared.treated.clone(),
        strata: people.strata,
        clusters: people.clusters,
        level,
    };
    design_notes(&study, &mut notes);
    other_arms(&study, &compared, &mut notes);
    let mut outcomes = Vec::new();
    for (outcome, exclude) in plan.outcomes.iter().zip(&conditions.exclude) {
        let input = OutcomeInput {
            spec: outcome.clone(),
            measured: find(&outcome.variable)?,
            baseline: outcome.baseline.as_deref().map(|name| find(&baseline(plan, outcome, name))).transpose()?,
            excluded: exclude.as_ref().map(|condition| Ok(condition.evaluate(&table)?.holds())).transpose()?,
            registered: plan.loaded.map(|loaded| is_registered(&loaded.protocol, outcome)),
        };
        let mut result = evaluate::outcome(&study, &input)?;
        result.warnings = result.notes.iter().map(|item| note::text(item, lang)).collect();
        outcomes.push(result);
    }
    let reasons = reasons(plan, &table)?;
    let (compliance, more) = match &plan.compliance {
        Some(rule) => evaluate::compliance(&study, &rule.received, reasons.as_deref()),
        None => (None, Vec::new()),
    };
    notes.extend(more);
    deviations(plan, &mut notes);
    if outcomes.len() > 1 {
        notes.push(Note::ManyOutcomes {
            count: outcomes.len() as u64,
            alpha: plan.alpha,
        });
    }
    let inputs = elsewhere
        .as_ref()
        .map(|other| other.record.clone())
        .into_iter()
        .chain(people.record)
        .chain([export])
        .collect();
    let made_from = provenance(plan.loaded, inputs);
    let balance = if study.covariates.is_empty() {
        Vec::new()
    } else {
        let tables = compared
            .treated
            .iter()
            .map(|&treated| balance::table(&study, treated, &study.covariates, plan.alpha, made_from.clone()))
            .collect::<Result<Vec<_>>>()?;
        tables.into_iter().map(|table| balance::in_words(table, |item| note::text(item, lang))).collect()
    };
    let evaluation = Evaluation {
        schema: "fip/evaluation/1".to_string(),
        provenance: made_from,
        level: level.value(),
        control: study.arms[study.control].clone(),
        treated: study.treated.iter().map(|&arm| study.arms[arm].clone()).collect(),
        arms: study.sizes(),
        join: people.join,
        compliance,
        balance,
        outcomes,
        warnings: notes.iter().map(|item| note::text(item, lang)).collect(),
        notes,
    };
    Ok((evaluation, people.stderr))
}

/// The expressions over the export, parsed before anything is read.
struct Conditions {
    received: Option<Condition>,
    /// One per outcome.
    exclude: Vec<Option<Condition>>,
}

impl Conditions {
    fn parse(plan: &EvaluatePlan<'_>) -> Result<Self> {
        let parse = |text: &String| Condition::parse(text);
        Ok(Conditions {
            received: plan.compliance.as_ref().map(|rule| parse(&rule.received)).transpose()?,
            exclude: plan
                .outcomes
                .iter()
                .map(|outcome| outcome.exclude.as_ref().map(parse).transpose())
                .collect::<Result<_>>()?,
        })
    }

    fn check(&self, file: &CsvFile) -> Result<()> {
        self.all().try_for_each(|condition| condition.check(file.header()).map_err(|error| error.file(file.name())))
    }

    fn all(&self) -> impl Iterator<Item = &Condition> {
        self.received.iter().chain(self.exclude.iter().flatten())
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        self.all().flat_map(Condition::columns)
    }
}

fn wants(plan: &EvaluatePlan<'_>, file: &CsvFile, conditions: &Conditions) -> Result<Wants> {
    let mut wants = Wants::default();
    if let Some(id) = &plan.id {
        wants.add(id, Want::Text);
    }
    if let ArmSource::Column(column) = &plan.arms {
        wants.add(column, Want::Levels);
    }
    wants.auto(conditions.columns());
    wants.auto(plan.compliance.iter().flat_map(|rule| rule.reason.as_deref()));
    let has = |name: &str| file.header().iter().any(|column| column == name);
    for outcome in &plan.outcomes {
        if has(&outcome.variable.name) || plan.register.is_none() {
            wants.variable(&outcome.variable);
        }
        if let Some(name) = outcome.baseline.as_deref().filter(|name| has(name) || plan.register.is_none()) {
            wants.variable(&baseline(plan, outcome, name));
        }
    }
    for covariate in plan.covariates.iter().filter(|covariate| has(&covariate.name) || plan.register.is_none()) {
        wants.variable(covariate);
    }
    Ok(wants)
}

/// A baseline is measured as its outcome is, unless it is a covariate with a kind of its own.
fn baseline(plan: &EvaluatePlan<'_>, outcome: &Outcome, name: &str) -> Variable {
    let declared = plan.loaded.and_then(|loaded| {
        loaded.protocol.covariates.iter().find(|covariate| covariate.name == name && covariate.kind.is_some())
    });
    declared.cloned().unwrap_or_else(|| Variable {
        name: name.to_string(),
        ..outcome.variable.clone()
    })
}

fn by_column(plan: &EvaluatePlan<'_>, table: &Table, column: &str) -> Result<People> {
    if let Some(id) = &plan.id {
        Keys::new(table, id)?;
    }
    let levels = table.levels(column, None)?;
    let keep: Vec<bool> = levels.iter().map(|arm| arm.is_some()).collect();
    let no_arm = levels.missing_count() as u64;
    let codes: Vec<u32> = levels.codes().iter().copied().filter(|code| *code != NO_ARM).collect();
    Ok(People {
        names: levels.levels().to_vec(),
        absent: vec![0; levels.levels().len()],
        join: JoinCounts {
            rows: table.rows() as u64,
            analysed: codes.len() as u64,
            no_arm,
            ..JoinCounts::default()
        },
        keep,
        codes,
        strata: None,
        clusters: None,
        record: None,
        notes: (no_arm > 0).then_some(Note::NoArm { count: no_arm }).into_iter().collect(),
        stderr: Vec::new(),
    })
}

fn by_allocation(plan: &EvaluatePlan<'_>, table: &Table, path: &std::path::Path) -> Result<People> {
    let id = plan.id.as_deref().ok_or_else(|| {
        Error::usage("which column of the export has the client's id?").hint("an allocation is joined by id: give --id COLUMN")
    })?;
    let allocation = AllocationFile::read(path, id)?;
    let (clients, drawn) = (Keys::new(table, id)?, Keys::new(&allocation.table, &allocation.id)?);
    let joined = join(&clients, &drawn);
    if joined.pairs.is_empty() {
        return Err(Error::data("no id of the export is in the allocation")
            .file(plan.file.display())
            .column(id)
            .hint("is this the allocation of this trial, and are the ids written the same way?"));
    }
    let names = allocation.arms.levels().to_vec();
    let mut absent = vec![0_u64; names.len()];
    for row in &joined.only_right {
        if let Some(arm) = allocation.arms.code(*row as usize) {
            absent[arm] += 1;
        }
    }
    let mut keep = vec![false; table.rows()];
    for (row, _) in &joined.pairs {
        keep[*row as usize] = true;
    }
    let mut notes = Vec::new();
    let mut stderr = Vec::new();
    let (left, right) = (joined.only_left.len() as u64, joined.only_right.len() as u64);
    if left > 0 {
        notes.push(Note::OnlyInOutcomes { count: left });
        stderr.push(format!("in the export but not in the allocation: {}", clients.show(&joined.only_left)));
    }
    if right > 0 {
        notes.push(Note::OnlyInAllocation {
            count: right,
            per_arm: names.iter().cloned().zip(absent.iter().copied()).collect(),
        });
        stderr.push(format!("in the allocation but not in the export: {}", drawn.show(&joined.only_right)));
    }
    let pick = |of: &Option<Vec<usize>>| of.as_ref().map(|of| joined.pairs.iter().map(|(_, row)| of[*row as usize]).collect());
    Ok(People {
        keep,
        codes: joined.pairs.iter().map(|(_, row)| allocation.arms.codes()[*row as usize]).collect(),
        absent,
        strata: pick(&allocation.strata),
        clusters: pick(&allocation.clusters),
        record: Some(allocation.record.clone()),
        join: JoinCounts {
            rows: table.rows() as u64,
            analysed: joined.pairs.len() as u64,
            only_in_outcomes: left,
            only_in_allocation: right,
            no_arm: 0,
        },
        names,
        notes,
        stderr,
    })
}

/// Columns that only the register has, for the analysed rows.
struct Elsewhere {
    table: Table,
    /// Row of the register per analysed row.
    rows: Vec<Option<usize>>,
    record: InputFile,
}

impl Elsewhere {
    fn read(plan: &EvaluatePlan<'_>, file: &CsvFile, analysed: &Table) -> Result<Option<Self>> {
        let (Some((path, options)), Some(id)) = (&plan.register, &plan.id) else {
            return Ok(None);
        };
        let mut needed: Vec<Variable> = plan.covariates.clone();
        for outcome in &plan.outcomes {
            needed.push(outcome.variable.clone());
            needed.extend(outcome.baseline.as_deref().map(|name| baseline(plan, outcome, name)));
        }
        needed.retain(|variable| !file.header().contains(&variable.name));
        if needed.is_empty() {
            return Ok(None);
        }
        let register = data::open(path, options)?;
        let mut wants = Wants::default();
        wants.add(id, Want::Text);
        for variable in &needed {
            if !register.header().contains(&variable.name) {
                file.require(&variable.name)?;
            }
            wants.variable(variable);
        }
        let table = wants.read(&register)?;
        let rows = {
            let (people, clients) = (Keys::new(analysed, id)?, Keys::new(&table, id)?);
            let mut rows = vec![None; analysed.rows()];
            for (row, other) in join(&people, &clients).pairs {
                rows[row as usize] = Some(other as usize);
            }
            rows
        };
        Ok(Some(Elsewhere {
            record: input("register", path, &table),
            table,
            rows,
        }))
    }

    fn measured(&self, variable: &Variable) -> Result<Measured> {
        Ok(measured(&self.table, variable)?.select(&self.rows))
    }
}

fn received(condition: &Condition, table: &Table) -> Result<Vec<Option<bool>>> {
    let verdicts = condition.evaluate(table)?;
    Ok((0..table.rows()).map(|row| match verdicts.values()[row] {
            Verdict::True => Some(true),
            Verdict::False => Some(false),
            Verdict::Unknown => None,
        }).collect())
}

fn reasons(plan: &EvaluatePlan<'_>, table: &Table) -> Result<Option<Vec<Option<String>>>> {
    let Some(column) = plan.compliance.as_ref().and_then(|rule| rule.reason.as_deref()) else {
        return Ok(None);
    };
    let levels = table.levels(column, None)?;
    Ok(Some((0..table.rows()).map(|row| levels.label(row).map(str::to_string)).collect()))
}

fn design_notes(study: &Study, notes: &mut Vec<Note>) {
    let distinct = |of: &Vec<usize>| {
        let mut of = of.clone();
        of.sort_unstable();
        of.dedup();
        of.len() as u64
    };
    notes.extend(study.strata.as_ref().map(|of| Note::StratifiedDraw { strata: distinct(of) }));
    notes.extend(study.clusters.as_ref().map(|of| Note::ClusteredDraw { clusters: distinct(of) }));
}

fn other_arms(study: &Study, compared: &Compared, notes: &mut Vec<Note>) {
    let arms: Vec<_> = study
        .sizes()
        .into_iter()
        .enumerate()
        .filter(|(arm, _)| *arm != compared.control && !compared.treated.contains(arm))
        .map(|(_, size)| size)
        .collect();
    let count = arms.iter().map(|size| size.n).sum();
    if count > 0 {
        notes.push(Note::OtherArms {
            count,
            arms: arms.into_iter().map(|size| size.arm).collect(),
        });
    }
}

fn is_registered(protocol: &Protocol, outcome: &Outcome) -> bool {
    protocol.outcomes.iter().any(|registered| registered.variable.name == outcome.variable.name)
}

/// What is done that the protocol doesn't say, and the other way round.
fn deviations(plan: &EvaluatePlan<'_>, notes: &mut Vec<Note>) {
    let Some(loaded) = plan.loaded else { return };
    let protocol = &loaded.protocol;
    let mut deviates = |what: Registered, name: &str| {
        notes.push(Note::NotRegistered {
            what,
            name: name.to_string(),
        });
    };
    for outcome in &plan.outcomes {
        let name = &outcome.variable.name;
        match protocol.outcomes.iter().find(|registered| registered.variable.name == *name) {
            None => deviates(Registered::Outcome, name),
            Some(registered) if registered.exclude != outcome.exclude => {
                deviates(Registered::Exclusion, outcome.exclude.as_deref().unwrap_or_default());
            }
            Some(_) => {}
        }
    }
    if let Some(rule) = &plan.compliance
        && protocol.compliance.as_ref().is_none_or(|registered| registered.received != rule.received)
    {
        deviates(Registered::Compliance, &rule.received);
    }
    for registered in &protocol.outcomes {
        if !plan.outcomes.iter().any(|outcome| outcome.variable.name == registered.variable.name) {
            notes.push(Note::RegisteredNotAnalysed {
                name: registered.variable.name.clone(),
            });
        }
    }
}

/// The reading options and id of the export that goes with a protocol.
pub fn export_spec(protocol: &Protocol) -> InputSpec {
    inherit(&protocol.outcomes_file, &protocol.register)
}
