//! A folder of its own for a test that runs the program, and the program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

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
            dir: tempfile::tempdir().unwrap(),
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

    /// Runs `fip` with arguments split at spaces; `'…'` keeps spaces.
    pub fn fip(&self, arguments: &str) -> Ran {
        self.run(&split(arguments))
    }

    pub fn run(&self, arguments: &[String]) -> Ran {
        record(arguments, self.dir.path());
        let output = Command::new(env!("CARGO_BIN_EXE_fip"))
            .args(arguments)
            .current_dir(self.dir.path())
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "C")
            .output()
            .unwrap();
        Ran::new(arguments, self.dir.path(), &output)
    }
}

/// Keeps the command, and the folder as it is before it, where `FIP_CORPUS` says (see `.ci/corpus`).
fn record(arguments: &[String], dir: &Path) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let Some(corpus) = std::env::var_os("FIP_CORPUS") else {
        return;
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let place = Path::new(&corpus).join(format!("{number:05}"));
    copy(dir, &place.join("before"));
    let command = serde_json::to_string(arguments).unwrap();
    fs::write(place.join("command.json"), command).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copy(&entry.path(), &target),
            kind if kind.is_file() => drop(fs::copy(entry.path(), target)),
            _ => {}
        }
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
