//! Texts of a scenario stay texts wherever they are written: no markup in pages and pictures, no formula in tables.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

/// What an attacker would put where a name is expected; in TOML's single quotes, with no quote of that kind.
const ATTACKS: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</title></style></svg><svg onload=alert(1)>",
    "]]><!--&lt;b&gt; &amp; %3Cscript%3E",
    "javascript:alert(1)//",
    "=HYPERLINK(\"http://x.example\";\"x\")",
    "@SUM(1+1)*cmd|\" /C calc\"!A0",
    "-2+3;=1+1,+4",
];

fn scenario(attack: &str, list: &str) -> String {
    let body = SCENARIO
        .replacen("name = \"loan\"", &format!("name = '{attack}'"), 1)
        .replacen("name = \"B\"", &format!("name = '{attack}'"), 1)
        .replacen("paths = 2000", "paths = 300", 1)
        .replacen("[line2.pipeline]", &format!("[pipeline]\nborrowers = \"{list}\"\n[line2.pipeline]"), 1);
    format!(
        "[scenario]\nname = \"attack\"\ntitle = '{attack}'\ndescription = '{attack}'\n{body}\
         [programme]\nmeasures = [{{ name = '{attack}', amount = 500_000 }}]\n\
         [[limit]]\nmetric = \"default_rate\"\nstatistic = \"mean\"\nmax = 0.9\n\
         [sources]\n\"fund.endowment\" = '{attack}'\n"
    )
}

fn list(attack: &str) -> String {
    let quoted = format!("\"{}\"", attack.replace('"', "\"\""));
    let mut list = "id,line,quarter,investment,theme,legal_form,size,rating,product\n".to_string();
    for row in 0..4 {
        let id = quoted.replacen('"', &format!("\"{}{row}", if row == 0 { "" } else { "n" }), 1);
        let id = if row == 0 { quoted.clone() } else { id };
        list.push_str(&format!("{id},2,0,50000,other,nonprofit,micro,{quoted},{quoted}\n"));
    }
    list
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// No element or attribute of a page or picture runs anything or loads anything.
fn is_inert(document: &str, name: &Path) {
    // A page is XML but for its elements without end.
    let mut parts = document.split("<meta ");
    let mut xml = parts.next().unwrap_or_default().to_string();
    parts.for_each(|part| xml += &format!("<meta {}", part.replacen('>', "/>", 1)));
    let xml = xml.replace("<wbr>", "<wbr/>");
    let parsed = roxmltree::Document::parse_with_options(
        &xml,
        roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() },
    )
    .unwrap_or_else(|error| panic!("{}: {error}", name.display()));
    for node in parsed.descendants().filter(roxmltree::Node::is_element) {
        let tag = node.tag_name().name().to_lowercase();
        assert!(
            !["script", "iframe", "object", "embed", "img", "foreignobject", "base", "form"]
                .contains(&tag.as_str()),
            "<{tag}> in {}",
            name.display()
        );
        for attribute in node.attributes() {
            let key = attribute.name().to_lowercase();
            assert!(!key.starts_with("on"), "{key} in {}", name.display());
            let link = attribute.value().trim().to_lowercase();
            assert!(
                !["href", "src"].contains(&key.as_str())
                    || link.starts_with('#')
                    || link.starts_with("charts/")
                    || !link.contains(':'),
                "{key}={link} in {}",
                name.display()
            );
        }
    }
}

/// No cell begins like a formula, whichever of the usual marks the spreadsheet takes for the end of a cell.
fn has_no_formula(table: &[u8], own_mark: u8, name: &Path) {
    let table = table.strip_prefix("\u{feff}".as_bytes()).unwrap_or(table);
    for mark in [own_mark, b',', b';', b'\t'] {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(mark).has_headers(false).flexible(true).from_reader(table);
        for record in reader.records() {
            for cell in record.expect("UTF-8").iter() {
                let cell = cell.trim();
                let number = cell.replace(['.', ','], "").parse::<f64>().is_ok();
                // Another mark than the own splits a row of numbers where it likes.
                let piece = mark != own_mark
                    && cell.starts_with('-')
                    && cell[1..].starts_with(|c: char| c.is_ascii_digit())
                    && cell.contains([',', ';'])
                    && !cell.contains(['=', '@', '|']);
                assert!(
                    number || piece || !cell.starts_with(['=', '+', '-', '@']),
                    "{cell:?} in {}",
                    name.display()
                );
            }
        }
    }
}

#[test]
fn nothing_that_a_scenario_says_becomes_markup_or_a_formula() {
    let workshop = Workshop::new();
    let mut scenarios = Vec::new();
    for (number, attack) in ATTACKS.iter().enumerate() {
        let list_name = format!("list-{number}.csv");
        workshop.write(&list_name, list(attack));
        let file = workshop.write(&format!("attack-{number}.toml"), scenario(attack, &list_name));
        let out = workshop.path(&format!("out-{number}"));
        let output = fesr(&["run", &file, "-o", text(&out), "-q", "--each-path", "--csv", "excel-it"]);
        assert_eq!(code(&output), 0, "{attack}: {}", stderr(&output));
        scenarios.push((file, out));
    }
    let mut counts = [0, 0, 0];
    for (_, out) in &scenarios {
        for path in files(out) {
            let bytes = fs::read(&path).expect("a file");
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("html" | "svg") => {
                    let document = String::from_utf8(bytes).expect("UTF-8");
                    is_inert(&document, &path);
                    counts[0] += 1;
                }
                Some("csv") => {
                    let own = if path.to_string_lossy().contains("excel-it") { b';' } else { b',' };
                    has_no_formula(&bytes, own, &path);
                    counts[1] += 1;
                }
                Some("json") => {
                    serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON");
                    counts[2] += 1;
                }
                _ => {}
            }
        }
        // What was written can be read and run again.
        let output = fesr(&["verify", text(&out.join("attack"))]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    assert!(counts.iter().all(|&count| count >= ATTACKS.len() * 2), "{counts:?}");
    // Pages and tables of the comparison take the titles too.
    let out = workshop.path("compared");
    let output = fesr(&[
        "compare",
        &scenarios[0].0,
        &scenarios[5].0,
        "-o",
        text(&out),
        "--paths",
        "300",
        "--name",
        "both",
        "-q",
    ]);
    assert_eq!(code(&output), 2, "two scenarios of one name are refused");
}
