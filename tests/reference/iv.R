# Two-stage least squares and Anderson-Rubin references.
# Estimates come from R's estimatr; the Anderson-Rubin sets from root finding on the p-value of
# the instruments in a regression of y - beta * d.
# Run: Rscript iv.R > iv.json
suppressMessages({library(estimatr); library(jsonlite)})

fields <- c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")
row <- function(m, i = 2) as.list(setNames(summary(m)$coefficients[i, ], fields))

# Where the p-value of "no effect of the instruments on y - beta d" crosses alpha, on a
# grid of tan(u) that reaches far out, and whether zero p-values lie between.
ar <- function(p, alpha = 0.05) {
  g <- function(b) p(b) - alpha
  u <- tan(seq(-pi / 2 + 1e-4, pi / 2 - 1e-4, length.out = 601))
  v <- sapply(u, g)
  i <- which(diff(sign(v)) != 0)
  roots <- sapply(i, function(k) uniroot(g, u[k + 0:1], tol = 1e-15)$root)
  list(bounds = as.list(roots), outside_accepted = v[1] > 0, no_effect_p = p(0))
}
robust_ar <- function(d, z, rest, ...) ar(function(b) {
  d$e <- d$y - b * d$d
  summary(lm_robust(as.formula(paste("e ~", z, rest)), d, ...))$coefficients[2, 4]
})
classical_ar <- function(d, z, rest) ar(function(b) {
  d$e <- d$y - b * d$d
  anova(lm(as.formula(paste("e ~ 1", rest)), d), lm(as.formula(paste("e ~", z, rest)), d))[2, 6]
})
f_classical <- function(d, z, rest) {
  a <- anova(lm(as.formula(paste("d ~ 1", rest)), d), lm(as.formula(paste("d ~", z, rest)), d))
  list(statistic = a[2, 5], df1 = a[2, 3], df2 = a[2, 1], p_value = a[2, 6])
}
single <- function(d, rest = "") list(
  data = as.list(d),
  effect = row(iv_robust(as.formula(paste("y ~ d", rest, "| z", rest)), d, se_type = "HC2")),
  effect_classical = row(iv_robust(as.formula(paste("y ~ d", rest, "| z", rest)), d, se_type = "classical")),
  effect_hc3 = row(iv_robust(as.formula(paste("y ~ d", rest, "| z", rest)), d, se_type = "HC3")),
  share = row(lm_robust(as.formula(paste("d ~ z", rest)), d, se_type = "HC2")),
  reduced_form = row(lm_robust(as.formula(paste("y ~ z", rest)), d, se_type = "HC2")),
  f_classical = f_classical(d, "z", rest),
  anderson_rubin = robust_ar(d, "z", rest, se_type = "HC2"),
  anderson_rubin_classical = classical_ar(d, "z", rest))

set.seed(11)
n <- 140
one_sided <- data.frame(z = rep(c(1, 0), c(60, 80)), age = sample(20:60, n, TRUE))
one_sided$d <- as.numeric(one_sided$z * (runif(n) < 0.7))
one_sided$y <- round(0.5 * one_sided$d + 0.02 * one_sided$age + rnorm(n), 4)
two_sided <- data.frame(z = rep(0:1, n / 2), age = sample(20:60, n, TRUE))
two_sided$d <- as.numeric(runif(n) < 0.2 + 0.5 * two_sided$z)
two_sided$y <- round(1 + two_sided$d + rnorm(n) * (1 + two_sided$d), 4)
dose <- data.frame(z = rep(0:1, n / 2), age = sample(20:60, n, TRUE))
dose$d <- rpois(n, 1 + 1.5 * dose$z)
dose$y <- round(0.3 * dose$d + rnorm(n), 4)
weak <- function(seed, effect) {
  set.seed(seed)
  w <- data.frame(z = rep(0:1, 25))
  w$d <- as.numeric(runif(50) < 0.4 + 0.1 * w$z)
  w$y <- round(effect * w$z + w$d + rnorm(50), 4)
  w
}
clustered <- data.frame(cluster = rep(1:30, length.out = 75))
clustered$z <- clustered$cluster %% 2
clustered$d <- as.numeric(runif(75) < 0.1 + 0.7 * clustered$z)
clustered$y <- round(clustered$d + rnorm(30)[clustered$cluster] + rnorm(75), 4)

# Two instruments: three arms, say. In the second set they contradict each other.
two <- function(direct) {
  set.seed(21)
  t <- data.frame(arm = sample(rep(0:2, 40)), age = sample(20:60, 120, TRUE))
  t$z1 <- as.numeric(t$arm == 1); t$z2 <- as.numeric(t$arm == 2)
  t$d <- as.numeric(runif(120) < 0.1 + 0.5 * t$z1 + 0.6 * t$z2)
  t$y <- round(t$d + direct * t$z1 + rnorm(120), 4)
  list(data = as.list(t[c("z1", "z2", "age", "d", "y")]),
    effect = row(iv_robust(y ~ d + age | z1 + z2 + age, t, se_type = "HC2")),
    f = as.list(setNames(unname(lm_robust(d ~ z1 + z2 + age, t, se_type = "HC2")$fstatistic), c("s", "a", "b"))),
    f_robust = {
      m <- lm_robust(d ~ z1 + z2 + age, t, se_type = "HC2")
      b <- coef(m)[2:3]
      sum(b * solve(vcov(m)[2:3, 2:3], b)) / 2
    },
    f_classical = f_classical(t, "z1 + z2", "+ age"),
    anderson_rubin_classical = classical_ar(t, "z1 + z2", "+ age"))
}

# Sommer & Zeger 1991 (Statistics in Medicine 10, 45-52), table 1, as counts of died and survived.
counts <- data.frame(z = c(0, 0, 1, 1, 1, 1), d = c(0, 0, 0, 0, 1, 1), y = c(1, 0, 1, 0, 1, 0),
  count = c(74, 11588 - 74, 34, 2419 - 34, 12, 9675 - 12))
vitamin <- counts[rep(seq_len(6), counts$count), 1:3]

means <- function(d) {
  d$yt <- d$y * d$d; d$u <- 1 - d$d; d$yu <- d$y * d$u
  list(treated = row(iv_robust(yt ~ d | z, d, se_type = "HC2")),
       untreated = row(iv_robust(yu ~ u | z, d, se_type = "HC2")))
}
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript iv.R > iv.json",
  vitamin_a = list(counts = as.list(counts),
    effect = row(iv_robust(y ~ d | z, vitamin, se_type = "HC2")),
    share = row(lm_robust(d ~ z, vitamin, se_type = "HC2")),
    reduced_form = row(lm_robust(y ~ z, vitamin, se_type = "HC2")),
    means = means(vitamin)),
  one_sided = c(single(one_sided, ""), list(means = means(one_sided))),
  one_sided_covariate = single(one_sided, "+ age"),
  two_sided = c(single(two_sided, "+ age"), list(means = means(two_sided))),
  dose = single(dose, "+ age"),
  rays = single(weak(8, 0.8)),
  line = single(weak(3, 0)),
  clustered = list(data = as.list(clustered),
    effect = row(iv_robust(y ~ d | z, clustered, clusters = cluster, se_type = "CR2")),
    anderson_rubin = robust_ar(clustered, "z", "", clusters = clustered$cluster, se_type = "CR2")),
  two_instruments = two(0),
  contradicting = two(3)
), digits = I(15), auto_unbox = TRUE), "\n")
