//! What intervals and p-values promise, kept: coverage at the nominal level and p-values that
//! are uniform under no effect, in simple, stratified and clustered designs.
//!
//! Where all samples or draws can be listed, the error rate is a sum and not a simulation.
//! Elsewhere it is simulated from fixed seeds, and must lie within four standard errors of what is
//! promised. Where theory promises only an approximation, the slack given to it stands beside
//! the test, and its size is a statement about the method, not about luck.

mod draws;
mod means;
mod missing;
mod models;
mod tables;

use fip::results::Estimate;

/// xorshift64*: cheap, and good enough to sample from.
struct Source(u64);

impl Source {
    fn new(seed: u64) -> Source {
        let mut source = Source(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..16 {
            source.next();
        }
        source
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Uniform, strictly between 0 and 1.
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn yes(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Standard normal (Box & Muller 1958).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn normals(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.normal()).collect()
    }

    /// Exactly `treated` of `n`, every choice as likely.
    fn assign(&mut self, n: usize, treated: usize) -> Vec<bool> {
        let mut arms: Vec<bool> = (0..n).map(|i| i < treated).collect();
        for i in (1..n).rev() {
            arms.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
        arms
    }
}

/// What became of many simulated trials.
#[derive(Default)]
struct Tally {
    covered: u64,
    trials: u64,
    p_values: Vec<f64>,
}

impl Tally {
    /// An estimate whose truth is known; its p-value counts where the truth is no effect.
    fn add(&mut self, ours: &Estimate, truth: f64) {
        let (low, high) = (ours.conf_low.unwrap(), ours.conf_high.unwrap());
        self.cover(low <= truth && truth <= high);
        if truth == 0.0 {
            self.p_values.push(ours.p_value.unwrap());
        }
    }

    fn cover(&mut self, covered: bool) {
        self.trials += 1;
        self.covered += u64::from(covered);
    }

    fn coverage(&self) -> f64 {
        self.covered as f64 / self.trials as f64
    }

    /// Coverage of a 95 percent interval, and p-values, as promised up to `slack`.
    #[track_caller]
    fn assert_nominal(&self, what: &str, slack: f64) {
        if self.trials > 0 {
            within(what, self.coverage(), 0.95, self.trials, slack);
        }
        for level in [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9] {
            if let Some(share) = self.rejected(level) {
                let n = self.p_values.len() as u64;
                within(&format!("{what}, p ≤ {level}"), share, level, n, slack);
            }
        }
    }

    /// At least 95 percent, and no more rejections than the level.
    #[track_caller]
    fn assert_safe(&self, what: &str) {
        if self.trials > 0 {
            let least = 0.95 - four_errors(0.95, self.trials);
            assert!(self.coverage() >= least, "{what}: {}", self.coverage());
        }
        for level in [0.01, 0.05, 0.1, 0.25, 0.5] {
            if let Some(share) = self.rejected(level) {
                let most = level + four_errors(level, self.p_values.len() as u64);
                assert!(share <= most, "{what}, p ≤ {level}: {share}");
            }
        }
    }

    fn rejected(&self, level: f64) -> Option<f64> {
        let n = self.p_values.len();
        let below = self.p_values.iter().filter(|p| **p <= level).count();
        (n > 0).then(|| below as f64 / n as f64)
    }
}

/// Four standard errors of a share.
fn four_errors(share: f64, n: u64) -> f64 {
    4.0 * (share * (1.0 - share) / n as f64).sqrt()
}

#[track_caller]
fn within(what: &str, share: f64, promised: f64, n: u64, slack: f64) {
    let band = four_errors(promised, n) + slack;
    assert!(
        (share - promised).abs() <= band,
        "{what}: {share:.4} instead of {promised} ± {band:.4}"
    );
}
