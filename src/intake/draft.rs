//! A register and an export that are looked at → a protocol to read through.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::work::{VERSION, file_name};
use crate::data::{self, Guess, Profile, ReadOptions, Role, Table};
use crate::error::{Error, Result};
use crate::words::Lang;

/// A file with what its columns look like.
pub struct Looked {
    pub file: String,
    pub table: Table,
    pub profiles: Vec<Profile>,
}

impl Looked {
    /// # Errors
    /// Of a file that cannot be read.
    pub fn at(path: &Path, options: &ReadOptions) -> Result<Self> {
        let table = data::open(path, options)?.read_all()?;
        Ok(Looked {
            file: file_name(path),
            profiles: table.profiles()?,
            table,
        })
    }

    fn with_role(&self, role: Role) -> impl Iterator<Item = &Profile> {
        self.profiles
            .iter()
            .filter(move |profile| profile.role == Some(role))
    }

    /// The column that identifies clients: every value another, by name if there are several.
    fn id(&self) -> Option<&Profile> {
        let ids = || {
            self.profiles
                .iter()
                .filter(|profile| profile.guess == Guess::Id && profile.all_different)
        };
        ids()
            .find(|profile| profile.role == Some(Role::Id))
            .or_else(|| ids().next())
    }
}

/// A path as seen from the folder of the protocol.
///
/// # Errors
/// Of a path that cannot be followed.
pub fn from_folder(path: &Path, folder: &Path) -> Result<String> {
    let parent = path.parent().unwrap_or(Path::new(""));
    let same = parent == folder || (parent.as_os_str().is_empty() && folder == Path::new("."));
    let seen = if same {
        file_name(path)
    } else if folder == Path::new(".") && path.is_relative() {
        path.display().to_string()
    } else {
        std::path::absolute(path)
            .map_err(|error| {
                Error::data(format!("this path cannot be followed: {error}")).file(path.display())
            })?
            .display()
            .to_string()
    };
    Ok(seen)
}

/// What the text of the protocol is made from.
pub struct Draft<'a> {
    pub clients: &'a Looked,
    pub export: Option<&'a Looked>,
    pub lang: Lang,
}

impl Draft<'_> {
    /// The text of `trial.toml`; register and outcomes as they are seen from its folder.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn text(&self, register: &str, outcomes: Option<&str>) -> Result<String> {
        let mut text = String::new();
        self.write(&mut text, register, outcomes)
            .map_err(|error| Error::internal(format!("the draft cannot be made: {error}")))?;
        Ok(text)
    }

    fn write(&self, to: &mut String, register: &str, outcomes: Option<&str>) -> std::fmt::Result {
        writeln!(to, "# Drafted by fip {VERSION} from {}.", self.clients.file)?;
        writeln!(
            to,
            "# Read every line: what stands behind '#' says what was guessed and why."
        )?;
        writeln!(
            to,
            "# Register this file before the draw; its hash goes into the manifest.\n"
        )?;
        writeln!(
            to,
            "[trial]\nname = \"\"                      # the name for reports\nlanguage = {}\n",
            quoted(self.lang.code())
        )?;
        self.register(to, register)?;
        self.assignment(to)?;
        for profile in self
            .clients
            .profiles
            .iter()
            .filter(|profile| self.is_covariate(profile))
        {
            variable(to, "covariate", profile)?;
        }
        self.outcomes(to, outcomes)?;
        writeln!(
            to,
            "[analysis]\nalpha = 0.05\n# adjust = [\"…\"]                # covariates to adjust the effect for"
        )
    }

    fn register(&self, to: &mut String, register: &str) -> std::fmt::Result {
        writeln!(to, "[register]\nfile = {}", quoted(register))?;
        match self.clients.id() {
            Some(id) => writeln!(
                to,
                "id = {}                # {}",
                quoted(&id.name),
                id.why.because()
            )?,
            None => writeln!(
                to,
                "# id = \"…\"                      # fill in the column with the client's id: none was found, as no\n#                                 column has another value in every row"
            )?,
        }
        writeln!(
            to,
            "# where = \"leeftijd < 65\"       # who is eligible, as an SQL expression; default: everybody"
        )?;
        let looked = [Some(self.clients), self.export];
        let mut codes = vec![String::new()];
        let mut candidates: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for profile in looked
            .into_iter()
            .flatten()
            .flat_map(|looked| &looked.profiles)
        {
            for (code, _) in &profile.missing {
                if !codes.contains(code) {
                    codes.push(code.clone());
                }
            }
            for (code, _) in &profile.missing_candidates {
                candidates.entry(code).or_default().push(&profile.name);
            }
        }
        let listed: Vec<String> = codes.iter().map(|code| quoted(code)).collect();
        writeln!(to, "missing = [{}]", listed.join(", "))?;
        for (code, columns) in candidates {
            writeln!(
                to,
                "# perhaps also {}: it stands in {}",
                quoted(code),
                columns.join(", ")
            )?;
        }
        writeln!(to)
    }

    fn assignment(&self, to: &mut String) -> std::fmt::Result {
        writeln!(
            to,
            "[assignment]\nmethod = \"complete\"            # simple, complete or stratified"
        )?;
        writeln!(
            to,
            "# seed = \"…\"                    # any text; without it, the system draws one and the manifest records it"
        )?;
        let strata: Vec<String> = self
            .clients
            .with_role(Role::Stratum)
            .filter(|profile| matches!(profile.guess, Guess::Categorical | Guess::Binary))
            .map(|profile| quoted(&profile.name))
            .collect();
        let strata = if strata.is_empty() {
            "\"gemeente\"".to_string()
        } else {
            strata.join(", ")
        };
        writeln!(
            to,
            "# strata = [{strata}]           # with method = \"stratified\""
        )?;
        // A household has few members, and so many names; a team has not.
        let clusters = self.clients.with_role(Role::Cluster);
        if let Some(cluster) = clusters.max_by_key(|profile| profile.distinct) {
            writeln!(
                to,
                "# cluster = {}        # its name says that people belong together: then they are drawn together",
                quoted(&cluster.name)
            )?;
        }
        for arm in self.clients.with_role(Role::Arm) {
            writeln!(
                to,
                "# the register already has a column '{}': if that is the draw, do not draw again",
                arm.name
            )?;
        }
        writeln!(
            to,
            "\n[[assignment.arm]]\nname = \"interventie\"\nshare = 0.5                     # or size = 360\nrole = \"intervention\"\n"
        )?;
        writeln!(
            to,
            "[[assignment.arm]]\nname = \"controle\"               # no size: takes the rest\nrole = \"control\"\n"
        )
    }

    fn is_covariate(&self, profile: &Profile) -> bool {
        comparable(profile) && !matches!(profile.role, Some(Role::Id | Role::Arm | Role::Cluster))
    }

    fn outcomes(&self, to: &mut String, outcomes: Option<&str>) -> std::fmt::Result {
        let (Some(export), Some(path)) = (self.export, outcomes) else {
            return writeln!(
                to,
                "# When the outcomes are known:\n# [outcomes]\n# file = \"outcomes.csv\"\n#\n# [[outcome]]\n# name = \"uitstroom\"\n# kind = \"binary\"                # numeric, binary, categorical, or ordinal with levels\n# primary = true\n#\n# [compliance]\n# received = \"gesprekken >= 2\"   # who got the intervention, as an SQL expression\n"
            );
        };
        writeln!(to, "[outcomes]\nfile = {}\n", quoted(path))?;
        let known = |name: &str| {
            self.clients
                .profiles
                .iter()
                .any(|profile| profile.name == name)
        };
        for profile in export
            .profiles
            .iter()
            .filter(|profile| comparable(profile) && !known(&profile.name))
        {
            if profile.role == Some(Role::Arm) {
                writeln!(
                    to,
                    "# '{}' looks like the arm: the allocation of the draw is used instead\n",
                    profile.name
                )?;
            } else {
                variable(to, "outcome", profile)?;
            }
        }
        writeln!(
            to,
            "# [compliance]\n# received = \"gesprekken >= 2\"   # who got the intervention, as an SQL expression\n"
        )
    }
}

fn comparable(profile: &Profile) -> bool {
    matches!(
        profile.guess,
        Guess::Numeric | Guess::Scale | Guess::Binary | Guess::Categorical
    )
}

/// A `[[covariate]]` or `[[outcome]]` with its kind and the reason for it.
fn variable(to: &mut String, what: &str, profile: &Profile) -> std::fmt::Result {
    writeln!(to, "[[{what}]]\nname = {}", quoted(&profile.name))?;
    let why = profile.why.because();
    let levels: Vec<String> = profile.levels.iter().map(|level| quoted(level)).collect();
    let levels = levels.join(", ");
    let yes_no = profile.levels.iter().all(|level| data::is_yes_or_no(level));
    match profile.guess {
        Guess::Scale => {
            writeln!(
                to,
                "kind = \"ordinal\"                # {why}; \"numeric\" if only the mean matters"
            )?;
            writeln!(to, "levels = [{levels}]        # from low to high")?;
        }
        Guess::Binary if yes_no => writeln!(to, "kind = \"binary\"                 # {why}")?,
        Guess::Binary => {
            writeln!(to, "kind = \"binary\"                 # {why}")?;
            writeln!(to, "levels = [{levels}]        # the first counts as 0")?;
        }
        Guess::Categorical => {
            writeln!(to, "kind = \"categorical\"            # {why}")?;
            writeln!(to, "levels = [{levels}]")?;
        }
        _ => writeln!(to, "kind = \"numeric\"                # {why}")?,
    }
    writeln!(to, "# label = {{ nl = \"…\", en = \"…\" }}\n")
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}
