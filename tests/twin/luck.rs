//! The addressed random numbers of one path.

use fesr::numeric::normal::normal_quantile;
use fesr::random::{Address, AddressedStream, Purpose};

/// Seed and path: with a purpose, a line and an index they name every random number.
#[derive(Clone, Copy, Debug)]
pub struct Luck {
    pub seed: u64,
    pub path: u64,
}

impl Luck {
    fn address(self, purpose: Purpose, line: u8, index: u32) -> Address {
        Address { seed: self.seed, path: self.path, purpose, line, index }
    }

    /// A uniform draw.
    pub fn uniform(self, purpose: Purpose, line: u8, index: u32) -> f64 {
        self.uniforms(purpose, line, index)[0]
    }

    /// Two uniform draws.
    pub fn uniforms(self, purpose: Purpose, line: u8, index: u32) -> [f64; 2] {
        self.address(purpose, line, index).uniforms()
    }

    /// A standard normal draw.
    pub fn normal(self, purpose: Purpose, line: u8, index: u32) -> f64 {
        normal_quantile(self.uniform(purpose, line, index))
    }

    /// As many uniform draws as are wanted.
    pub fn stream(self, purpose: Purpose, line: u8, index: u32) -> AddressedStream {
        self.address(purpose, line, index).stream()
    }
}
