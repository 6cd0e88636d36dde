//! A dense matrix of finite numbers, by column: what regressions and balance tests read.

/// A model that cannot be estimated from the data at hand, and what about them is wrong.
///
/// Indices count from zero, in the order in which the caller gave rows, columns or strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelError {
    /// Two inputs that should have a value per unit differ in length.
    Length { expected: usize, found: usize },
    /// A value is infinite or not a number.
    NotFinite { row: usize },
    /// There are no units at all.
    Empty,
    /// One of the two arms has no units.
    EmptyArm { treated: bool },
    /// Every column was dropped, or there are no more units than coefficients.
    NoDegreesOfFreedom { units: usize, coefficients: usize },
    /// The column that carries the effect is constant or a combination of earlier columns.
    Collinear { column: usize },
    /// A stratum has fewer than two units (or clusters) in an arm, so its variance is unknown.
    ThinStratum {
        stratum: usize,
        treated: usize,
        control: usize,
    },
    /// Members of one cluster are in different arms.
    SplitCluster { cluster: usize },
    /// Members of one cluster are in different strata.
    ClusterAcrossStrata { cluster: usize },
    /// Fewer than two clusters in an arm.
    FewClusters { treated: usize, control: usize },
    /// A column follows from earlier ones within one of the arms: its slope there is unknown.
    OneArmOnly { column: usize },
    /// Assignment does not change receipt: there are no compliers to have an effect on.
    NoFirstStage,
    /// The variance is not defined for the quantity asked for.
    NoVariance,
    /// Rounding errors swamp the numbers: an iteration did not converge or overflowed.
    Numerical,
}

/// Columns of equal length, every value finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
}

impl Matrix {
    /// A matrix with `rows` rows and no columns yet.
    pub fn new(rows: usize) -> Self {
        Matrix {
            rows,
            columns: 0,
            data: Vec::new(),
        }
    }

    /// A matrix from its columns.
    ///
    /// # Errors
    /// [`ModelError::Length`] and [`ModelError::NotFinite`].
    pub fn from_columns<C: AsRef<[f64]>>(rows: usize, columns: &[C]) -> Result<Self, ModelError> {
        let mut matrix = Matrix::new(rows);
        for column in columns {
            matrix.push(column.as_ref())?;
        }
        Ok(matrix)
    }

    /// Adds a column on the right.
    ///
    /// # Errors
    /// [`ModelError::Length`] and [`ModelError::NotFinite`].
    pub fn push(&mut self, column: &[f64]) -> Result<(), ModelError> {
        check(column, self.rows)?;
        self.data.extend_from_slice(column);
        self.columns += 1;
        Ok(())
    }

    /// Adds the column of an indicator: one where `flags` holds, else zero.
    ///
    /// # Errors
    /// [`ModelError::Length`].
    pub fn push_flags(&mut self, flags: &[bool]) -> Result<(), ModelError> {
        same_length(flags.len(), self.rows)?;
        self.data
            .extend(flags.iter().map(|&f| f64::from(u8::from(f))));
        self.columns += 1;
        Ok(())
    }

    /// Adds an intercept: a column of ones.
    pub fn push_intercept(&mut self) {
        self.data.extend(std::iter::repeat_n(1.0, self.rows));
        self.columns += 1;
    }

    /// Adds all columns of another matrix on the right.
    ///
    /// # Errors
    /// [`ModelError::Length`].
    pub fn append(&mut self, other: &Matrix) -> Result<(), ModelError> {
        same_length(other.rows, self.rows)?;
        self.data.extend_from_slice(&other.data);
        self.columns += other.columns;
        Ok(())
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Column `j`, counted from zero.
    pub fn column(&self, j: usize) -> &[f64] {
        &self.data[j * self.rows..(j + 1) * self.rows]
    }
}

/// Checks that there is a finite number per unit.
///
/// # Errors
/// [`ModelError::Length`] and [`ModelError::NotFinite`].
pub(super) fn check(values: &[f64], expected: usize) -> Result<(), ModelError> {
    same_length(values.len(), expected)?;
    match values.iter().position(|v| !v.is_finite()) {
        Some(row) => Err(ModelError::NotFinite { row }),
        None => Ok(()),
    }
}

/// Checks that two inputs are of equal length.
///
/// # Errors
/// [`ModelError::Length`].
pub(super) fn same_length(found: usize, expected: usize) -> Result<(), ModelError> {
    if found == expected {
        Ok(())
    } else {
        Err(ModelError::Length { expected, found })
    }
}

/// The mean in two passes, exact for a constant. Absent for nobody.
pub(super) fn mean(values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let n = values.clone().count() as f64;
    if n == 0.0 {
        return None;
    }
    let rough = values.clone().sum::<f64>() / n;
    Some(rough + values.map(|v| v - rough).sum::<f64>() / n)
}
