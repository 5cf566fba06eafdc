//! scratch
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::aggregate::tail::ranked::{Entry, Ranked};
use fesr::engine::PathSimulator;
use fesr::engine::luck::Luck;
use fesr::engine::tilt::{Place, SET_PATHS, Tilt};
use fesr::plan::Plan;
use fesr::reading::{Files, SetOption, read_scenario};
use rayon::prelude::*;
use std::path::Path;

struct Disk;
impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

fn entries(plan: &Plan, tilt: Option<&Tilt>, paths: u64) -> (Vec<Entry>, Vec<u64>) {
    let sets = paths / SET_PATHS;
    let all: Vec<Vec<(i64, u64)>> = (0..sets)
        .into_par_iter()
        .map(|set| {
            let mut s = PathSimulator::new(plan);
            (0..SET_PATHS)
                .map(|i| {
                    let path = set * SET_PATHS + i;
                    let luck = match tilt {
                        Some(t) => Luck::tilted(t, Place::of(path, paths)),
                        None => Luck::plain(),
                    };
                    s.run_with(path, luck).unwrap();
                    (s.totals().lines.iter().map(|l| l.fund_loss().0).sum(), s.luck().weight())
                })
                .collect()
        })
        .collect();
    let weights = all.iter().map(|s| s.iter().map(|x| x.1).sum()).collect();
    let e = all
        .iter()
        .enumerate()
        .flat_map(|(g, s)| s.iter().map(move |&(value, weight)| Entry { value, weight, set: g as u32 }))
        .collect();
    (e, weights)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let file = args.first().cloned().unwrap_or("scenarios/wecare-mixed.toml".into());
    let paths: u64 = args.get(1).and_then(|a| a.parse().ok()).unwrap_or(65_536);
    let sets: Vec<SetOption> = args.iter().skip(2).map(|t| SetOption::parse(t).unwrap()).collect();
    let scenario = read_scenario(&Disk, Path::new(&file), &sets).unwrap_or_else(|e| panic!("{e}")).scenario;
    let plan = Plan::resolve(&scenario);
    let show = |name: &str, tilt: Option<&Tilt>| {
        let t0 = std::time::Instant::now();
        let (e, w) = entries(&plan, tilt, paths);
        let secs = t0.elapsed().as_secs_f64();
        let total: f64 = e.iter().map(|x| x.weight as f64).sum();
        let mean = e.iter().map(|x| x.weight as f64 * x.value as f64).sum::<f64>() / total;
        let mut by = vec![0.0; w.len()];
        for x in &e {
            by[x.set as usize] += x.weight as f64 * (x.value as f64 - mean);
        }
        let mean_var = by.iter().map(|b| b * b).sum::<f64>() / (total * total) * paths as f64;
        let r = Ranked::new(e.clone(), &w, (paths, paths));
        let plain_mean =
            e.iter().map(|x| x.weight as f64 * (x.value as f64 - mean).powi(2)).sum::<f64>() / total;
        let copy = e.clone();
        let mut out = vec![mean_var];
        let _ = &e;
        let mut text = format!(
            "{name:12} {secs:.2}s gain mean {:.2} meanw {:.5} mean {:.0}",
            plain_mean / mean_var,
            total / paths as f64 / (1u64 << 36) as f64,
            mean / 100.0
        );
        for level in [950, 990, 999] {
            let q = r.quantiles(&[level])[0];
            let es = r.shortfall(level);
            let p = level as f64 / 1000.0;
            let v = copy
                .iter()
                .map(|x| {
                    let d = (x.value - q.value).max(0) as f64 / (1.0 - p) - (es.0 - q.value as f64);
                    x.weight as f64 * d * d
                })
                .sum::<f64>()
                / total;
            out.push(v);
            text += &format!(" gain q {:.2} es {:.2}", r.gain(level), v / (es.1 * es.1 * paths as f64));
            text += &format!(
                " | {level}: {:.0} es {:.0} ess {:.0}",
                q.value as f64 / 100.0,
                es.0 / 100.0,
                r.effective_beyond(level)
            );
        }
        println!("{text}");
        out
    };
    if let Ok(file) = std::env::var("DUMP") {
        let tilt = pilot(&plan, Reach::AllLuck).unwrap();
        let rows: Vec<String> = (0..paths / SET_PATHS)
            .into_par_iter()
            .map(|set| {
                let mut s = PathSimulator::new(&plan);
                (0..SET_PATHS)
                    .map(|i| {
                        let path = set * SET_PATHS + i;
                        s.run_with(path, Luck::recording(&tilt, Place::of(path, paths))).unwrap();
                        let loss: i64 = s.totals().lines.iter().map(|l| l.fund_loss().0).sum();
                        let c: Vec<String> =
                            s.luck().record().unwrap().common.iter().map(|x| format!("{x:.5}")).collect();
                        format!(
                            "{:.9},{loss},{}\n",
                            s.luck().weight() as f64 / (1u64 << 36) as f64,
                            c.join(",")
                        )
                    })
                    .collect::<String>()
            })
            .collect();
        std::fs::write(file, rows.concat()).unwrap();
        return;
    }
    for reach in [Reach::CommonLuck, Reach::AllLuck] {
        if std::env::var("ONLY").is_ok_and(|o| o != format!("{reach:?}")) {
            continue;
        }
        let t0 = std::time::Instant::now();
        let tilt = pilot(&plan, reach).unwrap();
        println!("pilot {:.2}s {tilt:?}", t0.elapsed().as_secs_f64());
        let _ = show(&format!("{reach:?}"), Some(&tilt));
    }
}
