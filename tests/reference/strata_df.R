# Degrees of freedom of differences and of Lin's estimator within strata, for the scripts that source this: Welch's (1947)
# over the cells, V^2 / sum(v^2 / (f + 2)) - 2, a cell's f being n - 1 less its share of the arm's slopes. `m` has
# the estimate and the HC2 variance, which the v add up to; y, z and s are outcome, arm and stratum, x the covariates.
over_cells <- function(row, y, z, s, x = NULL) {
  n <- length(y); s <- factor(s)
  X <- if (nlevels(s) > 1) model.matrix(~ s)[, -1, drop = FALSE] else NULL
  slopes <- if (is.null(x)) 0 else ncol(as.matrix(x))
  X <- scale(cbind(X, x), scale = FALSE)
  X <- cbind(1, z, X, X * z)
  c <- (solve(crossprod(X)) %*% t(X))[2, ]; h <- rowSums((X %*% solve(crossprod(X))) * X)
  e <- drop(y - X %*% solve(crossprod(X), t(X) %*% y))
  v <- tapply(c^2 * e^2 / (1 - h), list(s, z), sum); k <- table(s, z)
  f <- sweep(k - 1, 2, 1 - slopes / (colSums(k) - nrow(k)), "*")
  df <- sum(v)^2 / sum(v^2 / (f + 2)) - 2
  stopifnot(abs(sqrt(sum(v)) / row$std_error - 1) < 1e-9)
  q <- qt(.975, df) * row$std_error
  modifyList(row, list(df = df, p_value = 2 * pt(-abs(row$estimate / row$std_error), df), conf_low = row$estimate - q,
                       conf_high = row$estimate + q))
}
