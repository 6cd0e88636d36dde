# Covariates and strata together: estimatr's lm_lin and lm_robust with the strata as covariates.
# Run: Rscript blocked_adjust.R > blocked_adjust.json
suppressMessages({library(estimatr); library(jsonlite)})
row <- function(m, k = 2) as.list(setNames(summary(m)$coefficients[k, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
set.seed(424)
# Shares of intervention that differ much by stratum: leaving the strata out would mislead.
strata <- {
  s <- rep(c(4, 1, 7), c(60, 50, 40)); n <- length(s)
  z <- unlist(mapply(function(n, k) sample(rep(1:0, c(k, n - k))), c(60, 50, 40), c(12, 25, 30)))
  x <- round(rnorm(n, s, 2), 2); w <- sample(0:1, n, TRUE)
  data.frame(stratum = s, treated = z, x = x, w = w, y = round(rnorm(n, 10 - s + z + .8 * x - w, 1 + z), 4))
}
pairs <- {
  z <- unlist(lapply(1:30, function(i) sample(0:1))); x <- round(rnorm(60, rep(1:30, each = 2)), 2)
  data.frame(stratum = rep(1:30, each = 2), treated = z, x = x, y = round(rnorm(60, rep(1:30, each = 2) / 4 + z + x / 2), 4))
}
# Degrees of freedom of Lin's estimator: Welch's (1947) over the cells, V^2 / sum(v^2 / (f + 2)) - 2, a cell's f being n - 1 less
# its share of the arm's slopes. The sum of the v is estimatr's HC2 variance.
welch <- function(m, formula, slopes) {
  r <- row(m)
  d <- transform(strata, stratum = factor(stratum), z = treated)
  x <- scale(model.matrix(formula, d)[, -1, drop = FALSE], scale = FALSE)
  X <- cbind(1, d$z, x, x * d$z)
  c <- (solve(crossprod(X)) %*% t(X))[2, ]; h <- rowSums((X %*% solve(crossprod(X))) * X)
  e <- d$y - X %*% solve(crossprod(X), t(X) %*% d$y)
  v <- tapply(c^2 * e^2 / (1 - h), list(d$stratum, d$z), sum); n <- table(d$stratum, d$z)
  f <- sweep(n - 1, 2, 1 - slopes / (colSums(n) - nrow(n)), "*")
  df <- sum(v)^2 / sum(v^2 / (f + 2)) - 2
  stopifnot(abs(sqrt(sum(v)) / r$std_error - 1) < 1e-11)
  q <- qt(.975, df) * r$std_error
  modifyList(r, list(df = df, p_value = 2 * pt(-abs(r$statistic), df), conf_low = r$estimate - q, conf_high = r$estimate + q))
}
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript blocked_adjust.R > blocked_adjust.json",
  strata = list(data = as.list(strata),
    lin = welch(lm_lin(y ~ treated, ~ factor(stratum) + x + w, strata, se_type = "HC2"), ~ stratum + x + w, 2),
    lin_without = welch(lm_lin(y ~ treated, ~ factor(stratum), strata, se_type = "HC2"), ~ stratum, 0),
    ancova = row(lm_robust(y ~ treated + factor(stratum) + x, strata, se_type = "HC2"))),
  pairs = list(data = as.list(pairs),
    ancova = row(lm_robust(y ~ treated + factor(stratum) + x, pairs, se_type = "HC2")))
), digits = I(17), auto_unbox = TRUE), "\n")
