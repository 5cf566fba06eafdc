//! `report.html` in a real browser: headless Chromium loads it as it is, asks for nothing else and runs the
//! accessibility checker axe-core over it.
//!
//! Needs Chromium in the path and axe-core's `axe.min.js`, named by `FESR_AXE` or in a `node_modules` folder of the
//! repository or above (`npm install axe-core`). Where either is missing the test says so and passes. The checker runs
//! on a copy without the page's own policy, which forbids every script.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success()))
}

fn axe() -> Option<PathBuf> {
    let named = std::env::var_os("FESR_AXE").map(PathBuf::from);
    let installed = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("node_modules/axe-core/axe.min.js"));
    named.into_iter().chain(installed).find(|file| file.is_file())
}

/// The page after its scripts ran, as Chromium writes it out. `colours`: 0 dark, 1 light.
fn rendered(browser: &str, page: &Path, profile: &Path, colours: u8) -> String {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,900"])
        .arg(format!("--blink-settings=preferredColorScheme={colours}"))
        .arg(format!("--user-data-dir={}", text(profile)))
        .args(["--virtual-time-budget=60000", "--dump-dom"])
        .arg(format!("file://{}", text(page)))
        .output()
        .expect("the browser starts");
    assert!(output.status.success(), "{}", stderr(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A copy with everything unfolded, without policy, and with the checker at its end.
fn with_checker(page: &str, checker: &str) -> String {
    let start = page.find("<meta http-equiv=\"Content-Security-Policy\"").expect("a policy");
    let end = start + page[start..].find('>').expect("its end") + 1;
    let open = page.replacen(&page[start..end], "", 1).replace("<details>", "<details open=\"\">");
    let run = "axe.run(document, { resultTypes: ['violations'] }).then(result => {\
        const lines = result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '));\
        const dark = matchMedia('(prefers-color-scheme: dark)').matches;\
        document.body.textContent = 'AXE ' + result.passes.length + ' passed, dark ' + dark + '\\n' + lines.join('\\n') + '\\nEND';\
        });";
    open.replace("</body>", &format!("<script>{checker}</script><script>{run}</script></body>"))
}

#[test]
fn the_checker_finds_nothing_in_either_language_and_colour_scheme() {
    let (Some(browser), Some(axe)) = (chromium(), axe()) else {
        eprintln!("skipped: needs Chromium in the path and axe-core (FESR_AXE or npm install axe-core)");
        return;
    };
    let checker = fs::read_to_string(axe).expect("the checker");
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    for (language, colours, dark) in [("it", 1, "dark false"), ("en", 0, "dark true")] {
        let out = workshop.path(language);
        let output = fesr(&["run", &scenario, "-o", text(&out), "-q", "--lang", language]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let page = fs::read_to_string(out.join("small/report.html")).expect("a page");
        let copy = workshop.path(&format!("checked-{language}.html"));
        fs::write(&copy, with_checker(&page, &checker)).expect("a copy");
        let found = rendered(browser, &copy, &workshop.path("profile"), colours);
        let start = found.find("AXE ").unwrap_or_else(|| panic!("the checker did not run:\n{found:.3000}"));
        let end = found.find("\nEND").unwrap_or(found.len());
        let mut lines = found[start..end].lines();
        let head = lines.next().expect("a first line");
        assert!(head.contains(dark), "{language}: {head}");
        let violations: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        assert!(violations.is_empty(), "{language}: {violations:#?}");
    }
}

#[test]
fn the_policy_lets_no_script_run() {
    let Some(browser) = chromium() else {
        eprintln!("skipped: needs Chromium in the path");
        return;
    };
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let out = workshop.path("out");
    let output = fesr(&["run", &scenario, "-o", text(&out), "-q", "--paths", "50"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let page = fs::read_to_string(out.join("small/report.html")).expect("a page");
    let attack = "<script>document.body.textContent = 'BROKEN IN';</script></body>";
    let copy = workshop.path("attacked.html");
    for (name, html, runs) in [
        ("with its policy", page.replace("</body>", attack), false),
        ("without it", page.replace("default-src 'none'", "img-src 'none'").replace("</body>", attack), true),
    ] {
        fs::write(&copy, html).expect("a copy");
        let found = rendered(browser, &copy, &workshop.path("profile"), 1);
        assert_eq!(found.contains("<body>BROKEN IN</body>"), runs, "{name}: {found:.500}");
    }
}
