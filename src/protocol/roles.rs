//! Which arms are compared: the control, and the intervention arms.
//!
//! Roles are said: by flags, by the protocol's arms, or by an arm's own name where that is a whole
//! known word, which is then noted. No arm is the control by its place in a line.

use super::Trial;
use crate::design::Role;
use crate::error::{Error, Result, nearest};
use crate::results::Note;

/// Names that say by themselves that an arm is the control: whole names, in small letters.
const CONTROL_NAMES: [&str; 22] = [
    "controle",
    "controlegroep",
    "controlearm",
    "controle groep",
    "controle-groep",
    "wachtlijst",
    "wachtlijstgroep",
    "regulier",
    "reguliere groep",
    "reguliere aanpak",
    "reguliere dienstverlening",
    "gebruikelijk",
    "gebruikelijke aanpak",
    "control",
    "control group",
    "controls",
    "waitlist",
    "waiting list",
    "regular",
    "usual care",
    "care as usual",
    "placebo",
];

/// Whether a name is one of those that say so.
pub fn names_the_control(name: &str) -> bool {
    CONTROL_NAMES.contains(&name.trim().to_lowercase().as_str())
}

/// Roles that are said beside the arms of a draw, by flag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// One arm, or several that are taken together as one.
    pub treated: Vec<String>,
    pub control: Option<String>,
}

/// The arms to compare, as indices into the names.
#[derive(Debug)]
pub struct Compared {
    pub treated: Vec<usize>,
    pub control: usize,
    /// Intervention arms that are taken together as one, where that is said: `treated` has the first of them.
    pub pooled: Vec<usize>,
    /// That the control is known by its name only.
    pub guessed: Option<Note>,
}

impl Trial {
    /// The arm that is laid down as the control.
    pub fn control(&self) -> Option<String> {
        let declared = || self.with_role(Role::Control).into_iter().next();
        self.roles.control.clone().or_else(declared)
    }

    /// The arms that are laid down as interventions; none where nobody says so.
    pub fn treated(&self) -> Vec<String> {
        match self.roles.treated.is_empty() {
            true => self.with_role(Role::Intervention),
            false => {
                let pooled = self.roles.treated.iter().flat_map(|said| said.split(','));
                pooled.map(|arm| arm.trim().to_string()).collect()
            }
        }
    }

    fn with_role(&self, role: Role) -> Vec<String> {
        let arms = self.assignment.iter().flat_map(|of| &of.arms);
        arms.filter(|arm| arm.role == Some(role))
            .map(|arm| arm.plan.name.clone())
            .collect()
    }
}

/// Decides which of the arms that occur are compared. `declared` are roles on record elsewhere, such
/// as a manifest's; `designed` the arms of the design, where it is known.
///
/// # Errors
/// An arm that does not occur or is not in the design, one arm only, or a control that nothing
/// points to.
pub fn compare(
    names: &[String],
    trial: &Trial,
    declared: &[(String, Role)],
    designed: &[String],
    file: &str,
) -> Result<Compared> {
    let find = |name: &str| -> Result<usize> {
        names.iter().position(|arm| arm == name).ok_or_else(|| {
            let all = names.join(", ");
            Error::data(format!("there is no arm '{name}'; the arms are: {all}"))
                .file(file)
                .hint(
                    nearest(name, names.iter().map(String::as_str))
                        .map_or("check --treated and --control".to_string(), |near| {
                            format!("did you mean '{near}'?")
                        }),
                )
        })
    };
    if names.len() < 2 {
        return Err(Error::data("there are not two arms to compare")
            .file(file)
            .hint("check the column with the arm, or the allocation"));
    }
    only_designed(names, designed, file)?;
    let flags = &trial.roles;
    let said = said(&flags.treated, names)
        .into_iter()
        .map(find)
        .collect::<Result<Vec<usize>>>()?;
    let control = flags.control.as_deref().map(find).transpose()?;
    if control.is_some_and(|control| said.contains(&control)) {
        return Err(Error::usage("--treated and --control name the same arm"));
    }
    let with_role = |role: Role| -> Vec<usize> {
        let own = trial.with_role(role);
        let known = |name: &String| match own.is_empty() {
            true => declared.iter().any(|(arm, of)| arm == name && *of == role),
            false => own.contains(name),
        };
        (0..names.len()).filter(|&arm| known(&names[arm])).collect()
    };
    let interventions = with_role(Role::Intervention);
    let (control, guessed) = match control.or_else(|| with_role(Role::Control).first().copied()) {
        Some(control) if !said.contains(&control) => (control, false),
        _ => {
            let known = |arm: &usize| said.contains(arm) || interventions.contains(arm);
            let open: Vec<usize> = (0..names.len()).filter(|arm| !known(arm)).collect();
            let named: Vec<usize> = open
                .iter()
                .copied()
                .filter(|&arm| names_the_control(&names[arm]))
                .collect();
            match (open.as_slice(), named.as_slice()) {
                // All the others are said to be interventions.
                (&[other], _) if open.len() < names.len() => (other, false),
                (_, &[named]) => (named, true),
                _ => return Err(which(names, file)),
            }
        }
    };
    let treated = match said.first() {
        Some(&arm) => vec![arm],
        None if interventions.is_empty() => {
            (0..names.len()).filter(|&arm| arm != control).collect()
        }
        None => interventions
            .into_iter()
            .filter(|&arm| arm != control)
            .collect(),
    };
    let guessed = guessed.then(|| Note::ArmRolesGuessed {
        treated: treated
            .iter()
            .map(|&arm| names[arm].as_str())
            .collect::<Vec<_>>()
            .join(", "),
        control: names[control].clone(),
    });
    Ok(Compared {
        treated,
        control,
        pooled: if said.len() > 1 { said } else { Vec::new() },
        guessed,
    })
}

/// The arms that `--treated` or the protocol names: whole names first, since a name may hold a comma.
fn said<'a>(texts: &'a [String], names: &[String]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for text in texts {
        match names.contains(text) {
            true => all.push(text),
            false => all.extend(text.split(',').map(str::trim)),
        }
    }
    let mut once = Vec::new();
    for arm in all {
        if !once.contains(&arm) {
            once.push(arm);
        }
    }
    once
}

impl Compared {
    /// That several arms are compared as one, once they are; none where each is by itself.
    pub fn together(&self, names: &[String]) -> Option<Note> {
        let &arm = self.pooled.first()?;
        Some(Note::ArmsPooled {
            arm: names[arm].clone(),
        })
    }

    /// The arms with those that are pooled as one, under their names together; the number of every arm before as
    /// what it is now; and the roles by the new numbers.
    pub fn pool(self, names: Vec<String>) -> (Compared, Vec<String>, Vec<u32>) {
        let Some((&first, rest)) = self.pooled.split_first() else {
            let same = (0..names.len() as u32).collect();
            return (self, names, same);
        };
        let together: Vec<&str> = self.pooled.iter().map(|&arm| names[arm].as_str()).collect();
        let together = together.join(" + ");
        let kept: Vec<usize> = (0..names.len()).filter(|arm| !rest.contains(arm)).collect();
        let now = |arm: usize| -> usize {
            let arm = if rest.contains(&arm) { first } else { arm };
            kept.iter()
                .position(|&kept| kept == arm)
                .unwrap_or_default()
        };
        let codes = (0..names.len()).map(|arm| now(arm) as u32).collect();
        let compared = Compared {
            treated: self.treated.iter().map(|&arm| now(arm)).collect(),
            control: now(self.control),
            pooled: vec![now(first)],
            guessed: self.guessed,
        };
        let names = kept
            .iter()
            .map(|&arm| match arm == first {
                true => together.clone(),
                false => names[arm].clone(),
            })
            .collect();
        (compared, names, codes)
    }
}

fn which(names: &[String], file: &str) -> Error {
    Error::usage(format!(
        "which arm is the control? The arms are: {}",
        names.join(", ")
    ))
    .file(file)
    .hint("say so with --control ARM, or with role = \"control\" in the protocol")
}

/// Refuses an arm that the design does not have.
fn only_designed(names: &[String], designed: &[String], file: &str) -> Result<()> {
    let unknown = names
        .iter()
        .find(|name| !designed.is_empty() && !designed.contains(name));
    let Some(unknown) = unknown else {
        return Ok(());
    };
    Err(
        Error::data(format!("there is no arm '{unknown}' in the design"))
            .file(file)
            .value(unknown.clone())
            .hint(
                match nearest(unknown, designed.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("the arms are: {}", designed.join(", ")),
                },
            ),
    )
}
