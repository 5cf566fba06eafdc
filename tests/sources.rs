//! What the sources promise about themselves, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files below a folder of the crate.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the crate") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The code of a file: without comments to the end of a line.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// How often a word stands in code, by itself.
fn count_word(code: &str, word: &str) -> usize {
    let letters = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.split(|letter| !letters(letter)).filter(|found| *found == word).count()
}

#[test]
fn only_the_dispatch_module_has_unsafe_code() {
    let dispatch = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/isa.rs");
    let files = rust_files("src");
    assert!(files.len() > 100 && files.contains(&dispatch), "the sources were found");
    for file in &files {
        let code = code(file);
        let (blocks, allowed) = (count_word(&code, "unsafe"), count_word(&code, "unsafe_code"));
        if *file == dispatch {
            // One call for each instruction set above the base.
            assert_eq!((blocks, allowed), (2, 1), "{}", file.display());
        } else {
            assert_eq!((blocks, allowed), (0, 0), "{}", file.display());
        }
    }
    let manifest = include_str!("../Cargo.toml");
    assert!(manifest.contains("unsafe_code = \"deny\""), "everywhere else the compiler refuses it");
}

#[test]
fn words_are_counted_in_code_and_not_in_comments() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sample.rs");
    fs::write(&file, "// unsafe\nlet not_unsafe = 1; unsafe { go() } // unsafe\n#![allow(unsafe_code)]\n")
        .expect("a file");
    let code = code(&file);
    assert_eq!((count_word(&code, "unsafe"), count_word(&code, "unsafe_code")), (1, 1));
}
