# McNemar, Mantel–Haenszel, weighting, matching, subgroups and power from R.
# Run: Rscript inference.R > inference.json
suppressMessages({library(estimatr); library(MatchIt); library(jsonlite)})
row <- function(fit, i) as.list(setNames(summary(fit)$coefficients[i, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))

mcnemar <- lapply(list(c(59, 16), c(3, 9), c(7, 7), c(0, 5), c(150, 86)), function(n) {
  m <- matrix(c(10, n[1], n[2], 20), 2)
  x <- mcnemar.test(m, correct = FALSE); y <- mcnemar.test(m)
  mid <- 2 * (pbinom(min(n), sum(n), .5) - dbinom(min(n), sum(n), .5) / 2)
  list(counts = n, chi_square = x$statistic[[1]], p_value = x$p.value, corrected = y$statistic[[1]],
    corrected_p = y$p.value, exact_p = binom.test(n[1], sum(n))$p.value,
    mid_p = if (n[1] == n[2]) 1 - dbinom(n[1], sum(n), .5) / 2 else mid)
})

cmh <- function(tables) {
  x <- mantelhaen.test(tables, correct = FALSE); y <- mantelhaen.test(tables)
  # Rows of each stratum: treated yes, treated no, control yes, control no.
  list(counts = lapply(seq_len(dim(tables)[3]), function(k) c(tables[1, 1, k], tables[2, 1, k], tables[1, 2, k], tables[2, 2, k])),
    statistic = x$statistic[[1]], p_value = x$p.value, corrected = y$statistic[[1]], corrected_p = y$p.value,
    odds_ratio = x$estimate[[1]], conf_low = x$conf.int[1], conf_high = x$conf.int[2])
}
small <- array(c(3, 5, 1, 8, 6, 2, 4, 4, 0, 3, 2, 7), c(2, 2, 3))

set.seed(2017)
n <- 90
d <- data.frame(age = round(rnorm(n, 44, 10), 1), years = round(rexp(n, 1 / 4), 2), woman = rbinom(n, 1, .5))
d$treated <- rbinom(n, 1, plogis(-.3 + .03 * (d$age - 44) - .1 * (d$years - 4) + .4 * d$woman))
d$y <- round(20 + .2 * d$age - .7 * d$years + 2 * d$treated + rnorm(n, 0, 3), 2)
d$known <- rbinom(n, 1, plogis(1.4 + .5 * d$treated - .15 * d$years))
d$group <- rep(c(4, 1, 9), length.out = n)
logit <- glm(treated ~ age + years + woman, binomial, d, control = glm.control(epsilon = 1e-15, maxit = 100))
d$p <- fitted(logit)
d$w <- ifelse(d$treated == 1, 1 / d$p, 1 / (1 - d$p))
response <- glm(known ~ treated * (age + years + woman), binomial, d, control = glm.control(epsilon = 1e-15, maxit = 100))
d$rw <- 1 / fitted(response)
k <- d[d$known == 1, ]
hajek <- function(data, w) {
  data$use <- w
  row(lm_robust(y ~ treated, data, weights = use, se_type = "HC2"), 2)
}

f <- factor(d$group)
sub <- lm_robust(y ~ f + treated:f, d, se_type = "HC2")
common <- lm_robust(y ~ f * treated, d, se_type = "HC2")
b <- coef(common)[5:6]; V <- vcov(common)[5:6, 5:6]
F <- drop(b %*% solve(V) %*% b) / 2

m <- matchit(treated ~ age + years + woman, d, method = "nearest", distance = "mahalanobis", replace = TRUE)
# The closest pair of all first, then of who is left.
D <- mahalanobis_dist(treated ~ age + years + woman, d)
gaps <- c()
while (length(D) && any(is.finite(D))) {
  at <- which(D == min(D), arr.ind = TRUE)[1, ]
  gaps <- c(gaps, d$y[as.integer(rownames(D)[at[1]])] - d$y[as.integer(colnames(D)[at[2]])])
  D[at[1], ] <- Inf; D[, at[2]] <- Inf
}
matched <- function(m) {
  t <- as.integer(rownames(m$match.matrix)); c <- as.integer(m$match.matrix[, 1])
  keep <- !is.na(c)
  list(effect = mean(d$y[t[keep]] - d$y[c[keep]]), treated = sum(keep), controls = length(unique(c[keep])),
    std_error = t.test(d$y[t[keep]] - d$y[c[keep]])$stderr)
}
plain <- lm(y ~ treated, d); full <- lm(y ~ treated + age + years + woman, d)

power_t <- expand.grid(n = c(5, 20, 64, 360), delta = c(.1, .3, .5, .9), alpha = c(.05, .01))
power_t$power <- mapply(function(n, delta, alpha) power.t.test(n, delta, 1, alpha, strict = TRUE)$power, power_t$n, power_t$delta, power_t$alpha)
power_p <- expand.grid(n = c(50, 180, 360), p0 = c(.1, .4), p1 = c(.15, .25, .55))
power_p$power <- mapply(function(n, p0, p1) power.prop.test(n, p0, p1)$power, power_p$n, power_p$p0, power_p$p1)
sizes_t <- lapply(c(.2, .35, .5, .8), function(delta) list(delta = delta,
  n = ceiling(power.t.test(delta = delta, sd = 1, power = .8, strict = TRUE)$n)))
sizes_p <- lapply(list(c(.1, .2), c(.3, .4), c(.05, .02)), function(p) list(p = p,
  n = ceiling(power.prop.test(p1 = p[1], p2 = p[2], power = .9)$n)))
detect_t <- lapply(c(20, 180, 500), function(n) list(n = n,
  delta = power.t.test(n, power = .8, strict = TRUE, tol = 1e-13)$delta))
# Cohen (1988), table 2.4.1: n per group for a two-sided test at .05 with power .80.
cohen <- list(list(delta = .2, n = 393), list(delta = .5, n = 64), list(delta = .8, n = 26))

cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr"), "MatchIt", packageVersion("MatchIt")),
  command = "Rscript inference.R > inference.json",
  mcnemar = mcnemar, cmh = list(ucb = cmh(UCBAdmissions), small = cmh(small)),
  data = as.list(d),
  logistic = list(coefficients = coef(logit), probabilities = fitted(logit)),
  ipw = hajek(d, d$w), response = hajek(k, k$rw),
  subgroups = list(effects = lapply(4:6, function(i) row(sub, i)), interactions = lapply(5:6, function(i) row(common, i)),
    f = F, p_value = pf(F, 2, n - 6, lower.tail = FALSE)),
  matching = list(replacement = matched(m), pairs = list(effect = mean(gaps), std_error = t.test(gaps)$stderr, treated = length(gaps))),
  imbalance = list(unadjusted = coef(plain)[[2]], adjusted = coef(full)[[2]], slopes = coef(full)[3:5]),
  power_t = power_t, power_p = power_p, sizes_t = sizes_t, sizes_p = sizes_p, detect_t = detect_t, cohen = cohen
), digits = I(17), auto_unbox = TRUE), "\n")
