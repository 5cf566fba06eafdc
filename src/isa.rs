//! Instruction sets: the same arithmetic on wider registers.
//!
//! A stage that works on many numbers at once is compiled three times, for the x86-64 base (SSE2), for level 3 (AVX2) and
//! for level 4 (AVX-512), and the widest that the machine has is chosen at run time. All give the same bits: every
//! operation is an IEEE 754 addition, multiplication, division or square root or an integer operation, lane by lane;
//! the compiler neither reorders nor fuses them (no fused multiply-add is asked for or enabled).
//!
//! This is the only module with `unsafe`: calling a function compiled for an instruction set is only sound on a
//! machine that has it, which [`Isa::is_supported`] has checked.
#![allow(unsafe_code, reason = "a function compiled for an instruction set is called after checking for it")]

use std::sync::OnceLock;

/// An instruction set of x86-64 processors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Isa {
    /// What every x86-64 processor has; the only one on other architectures.
    Base,
    /// AVX2 and its companions (x86-64-v3).
    V3,
    /// AVX-512 (x86-64-v4).
    V4,
}

static CHOSEN: OnceLock<Isa> = OnceLock::new();
static WIDEST: OnceLock<Isa> = OnceLock::new();

/// The widest instruction set of this machine.
#[cfg(target_arch = "x86_64")]
fn widest() -> Isa {
    let v3 = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt");
    let v4 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw");
    match (v3, v4) {
        (true, true) => Isa::V4,
        (true, false) => Isa::V3,
        (false, _) => Isa::Base,
    }
}

/// The widest instruction set of this machine.
#[cfg(not(target_arch = "x86_64"))]
fn widest() -> Isa {
    Isa::Base
}

impl Isa {
    /// All, narrowest first.
    pub const ALL: [Isa; 3] = [Isa::Base, Isa::V3, Isa::V4];

    /// Its name: `base`, `v3`, `v4`.
    pub fn word(self) -> &'static str {
        match self {
            Isa::Base => "base",
            Isa::V3 => "v3",
            Isa::V4 => "v4",
        }
    }

    /// Whether this machine has it.
    #[inline]
    pub fn is_supported(self) -> bool {
        self <= *WIDEST.get_or_init(widest)
    }

    /// The one that runs use: the widest of the machine, unless [`Isa::choose`] came first.
    pub fn current() -> Isa {
        *CHOSEN.get_or_init(|| *WIDEST.get_or_init(widest))
    }

    /// Chooses the instruction set of this process; `false` if the machine does not have it or another is in use.
    pub fn choose(self) -> bool {
        self.is_supported() && *CHOSEN.get_or_init(|| self) == self
    }

    /// Does the work with this instruction set (with the base if the machine does not have it).
    #[inline]
    pub fn run<S: Stage>(self, stage: S) -> S::Output {
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: each function is called only where the machine has the instruction set it was compiled for.
            match self {
                Isa::V4 if self.is_supported() => return unsafe { with_v4(stage) },
                Isa::V3 if self.is_supported() => return unsafe { with_v3(stage) },
                Isa::Base | Isa::V3 | Isa::V4 => {}
            }
        }
        stage.run()
    }
}

/// Work that is compiled for every instruction set.
pub trait Stage {
    /// What it gives back.
    type Output;
    /// Does it. Mark the implementation and what it calls `#[inline(always)]`: what is not inlined stays at the base.
    fn run(self) -> Self::Output;
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn with_v3<S: Stage>(stage: S) -> S::Output {
    stage.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512dq,avx512vl,avx512bw")]
fn with_v4<S: Stage>(stage: S) -> S::Output {
    stage.run()
}
