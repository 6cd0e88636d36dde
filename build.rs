//! Lists the publication files of `data/`, so that no source file has to name one.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let mut files: Vec<PathBuf> = fs::read_dir(Path::new(&root).join("data"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|ext| ext == "toml"));
    files.sort();
    let mut list = String::from(
        "/// Name and text of every built-in publication, by name.\n\
         pub const ALL: &[(&str, &str)] = &[\n",
    );
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_stem().unwrap_or_default();
        // The text itself: a path would tie a shared target folder to this checkout.
        let text = fs::read_to_string(&path)?;
        list.push_str(&format!("    ({name:?}, {text:?}),\n"));
    }
    list.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("publications.rs"), list)
}
