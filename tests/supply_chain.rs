//! What fesr is made of: permissive licences, one registry, no duplicates without a reason, and nothing that talks to a
//! network. The rules stand in `.deny.toml`, which `cargo deny` reads too; here they are checked offline.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> toml::Table {
    fs::read_to_string(root().join(".deny.toml")).expect(".deny.toml").parse().expect("TOML")
}

/// The texts of a list in the rules; of its `key` where the entries are tables.
fn listed(rules: &toml::Table, section: &str, list: &str, key: &str) -> BTreeSet<String> {
    let entries = rules[section][list].as_array().expect("a list");
    let text = |entry: &toml::Value| entry.as_str().or_else(|| entry.get(key)?.as_str()).map(str::to_string);
    entries.iter().map(|entry| text(entry).expect("a text")).collect()
}

/// Everything that is linked into the program or takes part in building it: name, version, licence.
fn linked() -> BTreeSet<(String, String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal,build", "--prefix", "none"])
        .args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}|{l}"])
        .current_dir(root())
        .output()
        .expect("cargo");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let linked: BTreeSet<(String, String, String)> = text
        .lines()
        .filter_map(|line| {
            let (package, licence) = line.split_once('|')?;
            let mut words = package.split(' ');
            let (name, version) = (words.next()?, words.next()?.trim_start_matches('v'));
            Some((name.to_string(), version.to_string(), licence.trim_end_matches(" (*)").to_string()))
        })
        .filter(|(name, ..)| name != "fesr")
        .collect();
    assert!(linked.len() > 50, "the tree was read: {linked:?}");
    linked
}

/// Whether one may choose allowed licences only: `A OR B`, `A AND B`, `A/B`, parentheses.
fn may_be_used(licence: &str, allowed: &BTreeSet<String>) -> bool {
    let licence = licence.trim();
    if allowed.contains(licence) {
        return true;
    }
    let mut depth = 0;
    let mut splits = BTreeMap::new();
    for (at, letter) in licence.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth > 0 => {}
            _ => {
                for (operator, strength) in [(" OR ", 0), ("/", 0), (" AND ", 1)] {
                    if licence[at..].starts_with(operator) {
                        splits.entry(strength).or_insert((at, operator));
                    }
                }
            }
        }
    }
    if let Some((strength, (at, operator))) = splits.into_iter().next() {
        let (left, right) = (&licence[..at], &licence[at + operator.len()..]);
        let both = [may_be_used(left, allowed), may_be_used(right, allowed)];
        return if strength == 0 { both.contains(&true) } else { !both.contains(&false) };
    }
    let inner = licence.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| may_be_used(inner, allowed))
}

#[test]
fn licences_are_permissive() {
    let allowed = listed(&rules(), "licenses", "allow", "");
    for (name, version, licence) in linked() {
        assert!(may_be_used(&licence, &allowed), "{name} {version}: {licence:?}");
    }
    for (licence, usable) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", true),
        ("(MIT AND GPL-3.0-only) OR AGPL-3.0", false),
        ("Unlicense/MIT", true),
        ("", false),
    ] {
        assert_eq!(may_be_used(licence, &allowed), usable, "{licence:?}");
    }
}

#[test]
fn everything_comes_from_one_registry_with_a_checksum() {
    let registries = listed(&rules(), "sources", "allow-registry", "");
    let lock: toml::Table =
        fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock").parse().expect("TOML");
    let packages = lock["package"].as_array().expect("packages");
    assert!(packages.len() > 100);
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let source = package.get("source").and_then(toml::Value::as_str);
        if name == "fesr" {
            assert_eq!(source, None);
            continue;
        }
        let registry = source.and_then(|source| source.strip_prefix("registry+")).unwrap_or_default();
        assert!(registries.contains(registry), "{name}: {source:?}");
        let checksum = package.get("checksum").and_then(toml::Value::as_str).unwrap_or_default();
        assert_eq!(checksum.len(), 64, "{name}");
    }
}

/// Every library that is named in `Cargo.toml` is named in the README with its job, and none that is not.
#[test]
fn every_library_has_a_job() {
    let manifest: toml::Table =
        fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml").parse().expect("TOML");
    let targets = manifest["target"].as_table().expect("targets").values().filter_map(toml::Value::as_table);
    let sections = targets.chain([&manifest]).filter_map(|section| section.get("dependencies")?.as_table());
    let named: BTreeSet<String> = sections.flat_map(|section| section.keys().cloned()).collect();
    assert!(named.len() > 20 && named.contains("rustix"), "{named:?}");
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let table = readme.split("| library | job |").nth(1).expect("the table of libraries");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let explained: BTreeSet<String> = rows
        .flat_map(|row| row.split('|').nth(1).unwrap_or_default().split(','))
        .map(|name| name.trim().trim_matches('`').to_string())
        .collect();
    assert_eq!(named, explained);
}

#[test]
fn two_versions_of_a_library_have_a_reason() {
    let rules = rules();
    let skipped = listed(&rules, "bans", "skip", "crate");
    assert_eq!(listed(&rules, "bans", "skip", "reason").len(), skipped.len(), "each has its own reason");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version, _) in linked() {
        versions.entry(name).or_default().insert(version);
    }
    let mut used = BTreeSet::new();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let explained: Vec<&String> = skipped
            .iter()
            .filter(|skip| {
                let (skip_name, of) = skip.split_once('@').expect("name@version");
                let is_that = |version: &String| version == of || version.starts_with(&format!("{of}."));
                skip_name == name && versions.iter().any(is_that)
            })
            .collect();
        assert_eq!(explained.len() + 1, versions.len(), "{name} {versions:?}");
        used.extend(explained);
    }
    assert_eq!(used.len(), skipped.len(), "no reason for what is not there: {skipped:?}");
}

#[test]
fn nothing_talks_to_a_network() {
    let banned = listed(&rules(), "bans", "deny", "crate");
    assert!(banned.contains("socket2") && banned.contains("tokio") && banned.contains("hyper"));
    // In what is linked, and for that matter in what the tests use on any system.
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    for name in &banned {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name} is in Cargo.lock");
    }
    assert!(linked().iter().all(|(name, ..)| !banned.contains(name)));
    // Nor does the program's own code.
    let mut folders = vec![root().join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(text) = fs::read_to_string(&path) else { continue };
            files += 1;
            for word in [
                "std::net",
                "TcpStream",
                "TcpListener",
                "UdpSocket",
                "UnixStream",
                "UnixListener",
                "rustix::net",
            ] {
                assert!(!text.contains(word), "{word} in {}", path.display());
            }
        }
    }
    assert!(files > 100, "{files}");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    assert!(
        manifest.contains("rustix = { version = \"1.1.6\", features = [\"fs\"] }"),
        "rustix without its net"
    );
    assert!(
        manifest
            .contains("nix = { version = \"0.31.3\", default-features = false, features = [\"signal\"] }"),
        "nix without its sockets"
    );
}

/// The names that a program takes from or gives to shared libraries: the string table of its dynamic symbols (ELF, 64 bits,
/// little-endian).
#[cfg(target_os = "linux")]
fn dynamic_names(program: &[u8]) -> BTreeSet<String> {
    let number = |at: usize, bytes: usize| -> usize {
        program[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    assert_eq!(&program[..6], b"\x7fELF\x02\x01");
    let (table, size, count) = (number(0x28, 8), number(0x3a, 2), number(0x3c, 2));
    let header = |section: usize| table + section * size;
    const DYNAMIC_SYMBOLS: usize = 11;
    let symbols =
        (0..count).map(header).find(|at| number(at + 4, 4) == DYNAMIC_SYMBOLS).expect("dynamic symbols");
    let names = header(number(symbols + 0x28, 4));
    let (start, length) = (number(names + 0x18, 8), number(names + 0x20, 8));
    program[start..start + length]
        .split(|byte| *byte == 0)
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect()
}

/// A program that asks the system's library for no socket can reach nobody. (`socketpair`, `send` and `recv` are not
/// asked about: by them the standard library hears whether a child could start; they reach nobody beyond this process and its
/// children as long as no socket can be made.)
#[cfg(target_os = "linux")]
#[test]
fn the_program_asks_the_system_for_no_socket() {
    let names = dynamic_names(&fs::read(env!("CARGO_BIN_EXE_fesr")).expect("the program"));
    assert!(names.contains("write") && names.iter().any(|name| name.starts_with("open")), "{names:?}");
    for function in
        ["socket", "connect", "bind", "listen", "accept", "accept4", "getaddrinfo", "sendto", "recvfrom"]
    {
        assert!(!names.contains(function), "{function}");
    }
}
