# What missing outcomes could do where clusters were drawn, and where the chance of the intervention differs between strata.
# Worst case: estimatr's CR2 with every missing outcome filled in, and Imbens and Manski's interval by root finding.
# Lee: what a person moves the bound by is the numerical derivative of the whole bound by that person's case weight.
# Response weights: estimatr on the weighted regression's own columns. Strata: sums by hand.
# Run: Rscript missing_design.R > missing_design.json
suppressMessages({library(estimatr); library(jsonlite)})

imbens_manski <- function(low, high, se) {
  w <- (high - low) / max(se)
  c <- uniroot(function(c) pnorm(c + w) - pnorm(-c) - 0.95, c(0, 4), tol = 1e-15)$root
  list(low = low, high = high, conf_low = low - c * se[1], conf_high = high + c * se[2])
}

# Mean of the lowest (or highest) p of the case weights.
kept <- function(y, w, p, lowest) {
  o <- order(if (lowest) y else -y); y <- y[o]; w <- w[o]
  room <- p * sum(w)
  take <- pmin(w, pmax(0, room - c(0, cumsum(w)[-length(w)])))
  sum(take * y) / sum(take)
}
lee <- function(d, w, lowest) {
  rate <- function(z) sum(w[d$z == z & d$known]) / sum(w[d$z == z])
  more <- as.numeric(rate(1) >= rate(0))
  p <- rate(1 - more) / rate(more)
  a <- d$z == more & d$known; b <- d$z != more & d$known
  sign <- if (more == 1) 1 else -1
  sign * (kept(d$y[a], w[a], p, lowest) - sum(w[b] * d$y[b]) / sum(w[b]))
}
lee_cluster <- function(d, lowest) {
  n <- nrow(d); h <- 1e-4
  moves <- sapply(seq_len(n), function(i) {
    at <- sapply(c(-2, -1, 1, 2), function(k) { w <- rep(1, n); w[i] <- 1 + k * h; lee(d, w, lowest) })
    (at[1] - 8 * at[2] + 8 * at[3] - at[4]) / (12 * h)
  })
  v <- sapply(0:1, function(z) {
    s <- tapply(moves[d$z == z], d$cluster[d$z == z], sum)
    sum(s^2) * length(s) / (length(s) - 1)
  })
  c(lee(d, rep(1, n), lowest), sqrt(sum(v)))
}

set.seed(2009)
k <- data.frame(cluster = 1:30, z = rep(0:1, 15), e = rnorm(30))
d <- k[rep(1:30, sample(3:6, 30, TRUE)), ]
d$x <- round(rnorm(nrow(d)), 3)
d$y <- round(5 + d$e + 0.5 * d$z + 0.7 * d$x + rnorm(nrow(d)), 3)
d$yes <- as.numeric(d$y > 5.5)
d$known <- runif(nrow(d)) < plogis(1.1 + 0.6 * d$z + 0.5 * d$x)
fill <- function(t, c) ifelse(d$known, d$yes, ifelse(d$z == 1, t, c))
ends <- lapply(list(c(0, 1), c(1, 0)), function(v) {
  t <- transform(d, f = fill(v[1], v[2]))
  m <- lm_robust(f ~ z, t, clusters = cluster, se_type = "CR2")
  c(coef(m)[["z"]], m$std.error[["z"]])
})
worst <- imbens_manski(ends[[1]][1], ends[[2]][1], c(ends[[1]][2], ends[[2]][2]))
bounds <- lapply(c(TRUE, FALSE), function(lowest) lee_cluster(d, lowest))
bounds <- bounds[order(sapply(bounds, `[`, 1))]
lees <- imbens_manski(bounds[[1]][1], bounds[[2]][1], c(bounds[[1]][2], bounds[[2]][2]))
p <- numeric(nrow(d))
for (z in 0:1) p[d$z == z] <- fitted(glm(known ~ x, binomial, d[d$z == z, ], control = glm.control(epsilon = 1e-15, maxit = 100)))
w <- d[d$known, ]; r <- sqrt(1 / p[d$known])
w$s <- r; w$sz <- r * w$z; w$sy <- r * w$y
m <- lm_robust(sy ~ 0 + s + sz, w, clusters = cluster, se_type = "CR2")
missing <- lm_robust(as.numeric(!known) ~ z, d, clusters = cluster, se_type = "CR2")
one <- function(m, i) list(estimate = coef(m)[[i]], std_error = m$std.error[[i]], df = m$df[[i]], p_value = m$p.value[[i]])

# Unequal chances: nine in ten of the first stratum are in the intervention, one in ten of the second; only the stratum
# decides who is missing, so that attrition does not differ within strata.
u <- data.frame(s = rep(1:2, each = 60), z = c(rep(1, 54), rep(0, 6), rep(1, 6), rep(0, 54)))
u$known <- u$s == 1 | (seq_len(120) %% 3 != 0)
u$y <- round(rnorm(120, 3 + 4 * (u$s == 2)), 3)
# Cohen's d by the chance of the own arm among those with an outcome: weights N_j/N * n_a/n_aj.
has <- u[u$known, ]
cell <- table(has$s, has$z)
has$w <- (rowSums(cell) / nrow(has))[has$s] * (colSums(cell)[as.character(has$z)] / cell[cbind(has$s, has$z + 1)])
centre <- sapply(0:1, function(z) weighted.mean(has$y[has$z == z], has$w[has$z == z]))
spread <- sapply(0:1, function(z) {
  o <- has$z == z
  sum(has$w[o] * (has$y[o] - centre[z + 1])^2) / sum(has$w[o]) * sum(o) / (sum(o) - 1)
})
freedom <- colSums(cell) - 1
d_by_chance <- (centre[2] - centre[1]) / sqrt(sum(spread * freedom) / sum(freedom))
share <- function(z) mean(sapply(1:2, function(s) mean(!u$known[u$s == s & u$z == z])))

cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript missing_design.R > missing_design.json",
  clusters = as.list(d[c("cluster", "z", "x", "y", "yes", "known")]),
  worst = worst, lee = lees, weighted = one(m, 2), attrition = one(missing, 2),
  strata = as.list(u), d = d_by_chance, treated_share = share(1), control_share = share(0)
), digits = I(15), auto_unbox = TRUE), "\n")
