//! A folder of its own for a test that runs the program, and the program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::corpus;

pub struct Workdir {
    dir: tempfile::TempDir,
}

/// What a run said, with assertions that show all of it when they fail.
pub struct Ran {
    what: String,
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Workdir {
    pub fn new() -> Self {
        Workdir {
            dir: corpus::folder(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Everything in the folder, sorted, to see that nothing was written.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Draws by `trial.toml`, onto its record.
    pub fn drawn(&self) -> &Self {
        self.fip("assign trial.toml").ok();
        self
    }

    /// The draw of `trial.toml` on record is the one in this file, whatever was there.
    pub fn brought_in(&self, file: &str, arm: &str) -> &Self {
        let _ = fs::remove_dir_all(self.path("record"));
        self.fip(&format!(
            "assign trial.toml --drawn {file} --drawn-arm {arm}"
        ))
        .ok();
        self
    }

    /// Runs `fip` with arguments split at spaces; `'…'` keeps spaces.
    pub fn fip(&self, arguments: &str) -> Ran {
        self.run(&split(arguments))
    }

    pub fn fip_with(&self, arguments: &str, environment: &[(&str, &str)]) -> Ran {
        self.run_with(&split(arguments), environment)
    }

    pub fn run(&self, arguments: &[String]) -> Ran {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[String], environment: &[(&str, &str)]) -> Ran {
        corpus::record(self.dir.path(), arguments, environment);
        let output = self.command(arguments, environment).output().unwrap();
        Ran::new(arguments, self.dir.path(), &output)
    }

    /// Starts `fip` and waits for nothing. The corpus does not have it: what it meets in its
    /// folder, and when, is the clock's.
    pub fn start(&self, arguments: &str) -> Child {
        self.command(&split(arguments), &[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn command(&self, arguments: &[String], environment: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fip"));
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "C")
            // The date on record.
            .env("SOURCE_DATE_EPOCH", "1488326400")
            .envs(environment.iter().copied());
        command
    }
}

impl Ran {
    fn new(arguments: &[String], dir: &Path, output: &Output) -> Self {
        Ran {
            what: format!("fip {} (in {})", arguments.join(" "), dir.display()),
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn all(&self) -> String {
        format!(
            "{}\nexit code {}\n-- stdout --\n{}\n-- stderr --\n{}",
            self.what, self.code, self.stdout, self.stderr
        )
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert!(
            self.code == code,
            "expected exit code {code}\n{}",
            self.all()
        );
        self
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    /// Every one of these stands on standard error.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(
                self.stderr.contains(word),
                "stderr lacks '{word}'\n{}",
                self.all()
            );
        }
        self
    }

    #[track_caller]
    pub fn shows(self, words: &[&str]) -> Self {
        for word in words {
            assert!(
                self.stdout.contains(word),
                "stdout lacks '{word}'\n{}",
                self.all()
            );
        }
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.all()))
    }
}

fn split(arguments: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    for c in arguments.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => {
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            c => part.push(c),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}
