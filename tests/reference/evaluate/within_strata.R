# What an evaluation of draws within strata makes of covariates: adjustment, weights, matches,
# subgroups, for persons and for clusters; and non-response that covariates partly tell.
# Run: Rscript within_strata.R > within_strata.json
suppressMessages({library(estimatr); library(MatchIt); library(jsonlite)})
source("../strata_df.R")
row <- function(fit, i = 2) as.list(setNames(summary(fit)$coefficients[i, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
exact <- glm.control(epsilon = 1e-15, maxit = 100)

subgroups <- function(d, ...) {
  separate <- lm_robust(y ~ 0 + g + g:treated + s, d, ...)
  common <- lm_robust(y ~ g * treated + s, d, ...)
  at <- grep(":treated", names(coef(separate))); inter <- grep(":treated", names(coef(common)))
  b <- coef(common)[inter]; V <- vcov(common)[inter, inter]
  list(effects = lapply(at, function(i) row(separate, i)), interactions = lapply(inter, function(i) row(common, i)),
    f = drop(b %*% solve(V) %*% b) / length(b))
}
columns <- function(d) { d$s <- as.integer(as.character(d$s)); d$g <- as.character(d$g); as.list(d) }

# Persons; the share of intervention differs much by stratum.
set.seed(90210)
sizes <- c(50, 46, 54); shares <- c(12, 23, 36)
p <- data.frame(s = rep(1:3, sizes))
p$treated <- unlist(mapply(function(n, k) sample(rep(1:0, c(k, n - k))), sizes, shares))
n <- nrow(p)
p$x <- round(rnorm(n, p$s, 2), 3); p$w <- rbinom(n, 1, .4)
p$g <- sample(c("a", "b", "c"), n, TRUE)
p$y <- round(rnorm(n, 5 - p$s + .7 * p$x - p$w + p$treated * (1 + (p$g == "b")), 1 + p$treated), 3)
p$s <- factor(p$s); p$g <- factor(p$g)
propensity <- fitted(glm(treated ~ x + w + s, binomial, p, control = exact))
p$weight <- ifelse(p$treated == 1, 1 / propensity, 1 / (1 - propensity))
full <- lm(y ~ treated + s + x + w, p)
delta <- c(x = coef(lm(x ~ treated + s, p))[[2]], w = coef(lm(w ~ treated + s, p))[[2]])
m <- matchit(treated ~ x + w, p, method = "nearest", distance = "mahalanobis", replace = TRUE, exact = ~s)
treated <- as.integer(rownames(m$match.matrix)); control <- as.integer(m$match.matrix[, 1])
persons <- list(
  blocked = over_cells(row(lm_lin(y ~ treated, ~ s, p, se_type = "HC2")), p$y, p$treated, p$s),
  lin = over_cells(row(lm_lin(y ~ treated, ~ s + x + w, p, se_type = "HC2")), p$y, p$treated, p$s, cbind(p$x, p$w)),
  ancova = row(lm_robust(y ~ treated + s + x + w, p, se_type = "HC2")),
  inverse_probability = row(lm_robust(y ~ treated, p, weights = weight, se_type = "HC2")),
  matched = list(estimate = mean(p$y[treated] - p$y[control]), treated = length(treated), controls = length(unique(control))),
  imbalance = list(x = list(difference = delta[["x"]], prognosis = coef(full)[["x"]]),
    w = list(difference = delta[["w"]], prognosis = coef(full)[["w"]])),
  subgroups = subgroups(p, se_type = "HC2"),
  data = columns(p[c("s", "treated", "x", "w", "g", "y")]))

# Clusters of three to five within strata, eight or ten to a stratum.
k <- data.frame(cluster = 1:28, s = rep(1:3, c(10, 8, 10)))
k$treated <- unlist(lapply(c(10, 8, 10), function(n) sample(rep(1:0, c(n / 2 - 1, n / 2 + 1)))))
k$effect <- rnorm(28)
c <- k[rep(1:28, sample(3:5, 28, TRUE)), ]
n <- nrow(c)
c$x <- round(rnorm(n, c$s, 1.5), 3); c$g <- factor(sample(c("a", "b"), n, TRUE))
c$y <- round(rnorm(n, 3 * c$s + .6 * c$x + c$treated + c$effect, 1), 3)
c$s <- factor(c$s)
clusters <- list(
  lin = row(lm_lin(y ~ treated, ~ s + x, c, clusters = cluster, se_type = "CR2")),
  ancova = row(lm_robust(y ~ treated + s + x, c, clusters = cluster, se_type = "CR2")),
  subgroups = subgroups(c, clusters = cluster, se_type = "CR2"),
  data = columns(c[c("cluster", "s", "treated", "x", "g", "y")]))

# Everybody of level c has an outcome, in one arm nobody of level b; the limit is what glm tends to.
set.seed(11)
r <- data.frame(treated = rep(0:1, 60), x = round(rnorm(120), 3), level = rep(c("a", "b", "c"), each = 40))
r$known <- rbinom(120, 1, plogis(1 + .5 * r$x))
r$known[r$level == "c"] <- 1
r$known[r$level == "b" & r$treated == 0] <- 0
r$y <- round(rnorm(120, r$x + r$treated, 1), 3)
r$weight <- NA
for (arm in 0:1) {
  own <- r$treated == arm
  fit <- suppressWarnings(glm(known ~ x + level, binomial, r[own, ], control = glm.control(epsilon = 1e-16, maxit = 30)))
  r$weight[own] <- 1 / fitted(fit)
}
known <- r[r$known == 1, ]
response <- list(effect = row(lm_robust(y ~ treated, known, weights = weight, se_type = "HC2")),
  unlike = sum(r$level == "b" & r$treated == 0),
  data = as.list(r[c("treated", "x", "level", "known", "y")]))

cat(toJSON(list(oracle = paste(R.version.string, "estimatr", packageVersion("estimatr"), "MatchIt", packageVersion("MatchIt")),
  command = "Rscript within_strata.R > within_strata.json",
  persons = persons, clusters = clusters, response = response), digits = I(17), auto_unbox = TRUE), "\n")
