//! d'V⁻d for a vector and its covariance matrix, of whatever rank.

/// A pivot this small beside the variance it comes from is rounding error.
const NEGLIGIBLE: f64 = 1e-9;

/// The quadratic form d'V⁻d and the rank of V, by symmetric elimination with the largest
/// remaining share of a variance as pivot. V is positive semidefinite and d in its range, as
/// sums of deviations with their covariance are; every generalised inverse then gives the same.
pub(super) fn quadratic_form(mut vector: Vec<f64>, mut covariance: Vec<Vec<f64>>) -> (f64, usize) {
    let size = vector.len();
    let variances: Vec<f64> = (0..size).map(|i| covariance[i][i]).collect();
    let mut free: Vec<usize> = (0..size).filter(|&i| variances[i] > 0.0).collect();
    let (mut form, mut rank) = (0.0, 0);
    loop {
        let share = |i: usize| covariance[i][i] / variances[i];
        let Some(at) = (0..free.len()).max_by(|&a, &b| share(free[a]).total_cmp(&share(free[b])))
        else {
            break;
        };
        if share(free[at]) <= NEGLIGIBLE {
            break;
        }
        let pivot = free.swap_remove(at);
        let (row, part) = (covariance[pivot].clone(), vector[pivot]);
        form += part / row[pivot] * part;
        rank += 1;
        for &i in &free {
            let factor = row[i] / row[pivot];
            vector[i] -= factor * part;
            for &j in &free {
                covariance[i][j] -= factor * row[j];
            }
        }
    }
    (form, rank)
}
