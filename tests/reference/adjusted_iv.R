# Effects on compliers with covariates in both stages: HC2 for persons, with strata as fixed effects, and CR2 for
# clusters. Estimates come from R's estimatr; the Anderson-Rubin sets from root finding on the p-value of
# assignment in a regression of y - beta * d on assignment, strata and covariates.
# Run: Rscript adjusted_iv.R > adjusted_iv.json
suppressMessages({library(estimatr); library(jsonlite)})

fields <- c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")
row <- function(m, i) as.list(setNames(summary(m)$coefficients[i, ], fields))

ar <- function(p, alpha = 0.05) {
  g <- function(b) p(b) - alpha
  u <- tan(seq(-pi / 2 + 1e-4, pi / 2 - 1e-4, length.out = 601))
  v <- sapply(u, g)
  i <- which(diff(sign(v)) != 0)
  roots <- sapply(i, function(k) uniroot(g, u[k + 0:1], tol = 1e-15)$root)
  list(bounds = as.list(roots), outside_accepted = v[1] > 0, no_effect_p = p(0))
}

analyse <- function(t, strata, cluster) {
  t$s <- factor(t$stratum)
  rest <- paste("+ x1 + x2", if (strata) "+ s" else "")
  ols <- function(y, d = t) {
    f <- as.formula(paste(y, "~ z", rest))
    if (cluster) lm_robust(f, d, clusters = cluster, se_type = "CR2") else lm_robust(f, d, se_type = "HC2")
  }
  f <- as.formula(paste("y ~ got", rest, "| z", rest))
  m <- if (cluster) iv_robust(f, t, clusters = cluster, se_type = "CR2") else iv_robust(f, t, se_type = "HC2")
  set <- ar(function(b) {
    e <- t
    e$e <- t$y - b * t$got
    summary(ols("e", e))$coefficients["z", 4]
  })
  list(data = as.list(t[c("y", "z", "got", "x1", "x2", "stratum", "cluster")]),
    effect = row(m, "got"), share = row(ols("got"), "z"), reduced_form = row(ols("y"), "z"), anderson_rubin = set)
}

made <- function(sizes, seed, take_up) {
  set.seed(seed)
  t <- data.frame(cluster = rep(seq_along(sizes), sizes))
  n <- nrow(t)
  t$stratum <- (t$cluster - 1) %% 5 + 1
  t$z <- as.numeric((t$cluster - 1) %/% 5 %% 2 == 0)
  t$x1 <- round(rnorm(n) + t$stratum / 3, 3)
  t$x2 <- as.numeric(runif(n) < 0.3)
  t$got <- as.numeric(runif(n) < 0.15 + take_up * t$z + 0.1 * t$x2)
  t$y <- round(5 + 2 * t$got + 1.5 * t$x1 + t$stratum + rnorm(max(t$cluster))[t$cluster] / 2 + rnorm(n), 3)
  t
}

cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript adjusted_iv.R > adjusted_iv.json",
  complete = analyse(made(rep(1, 90), 11, 0.6), FALSE, FALSE),
  strata = analyse(made(rep(1, 120), 12, 0.5), TRUE, FALSE),
  weak = analyse(made(rep(1, 80), 13, 0.25), TRUE, FALSE),
  clusters = analyse(made(rep(c(1, 2, 3, 4), 12), 14, 0.6), FALSE, TRUE),
  clusters_in_strata = analyse(made(rep(c(1, 2, 3), 20), 15, 0.6), TRUE, TRUE)
), digits = I(15), auto_unbox = TRUE), "\n")
