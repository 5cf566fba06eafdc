//! Deterministic maths.
