# The effect on compliers where the draw was made within strata: the ratio of two of estimatr's
# stratified differences, with the stratified variance of what is left of the outcome; and where
# clusters were drawn, complier means and unprotected comparisons with estimatr's CR2.
# Run: Rscript blocked_iv.R > blocked_iv.json
suppressMessages({library(estimatr); library(jsonlite)})

row <- function(m, k = 1) as.list(setNames(summary(m)$coefficients[k, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
difference <- function(v, d) {
  d$v <- v
  if (is.null(d$cluster)) difference_in_means(v ~ treated, d, blocks = stratum)
  else difference_in_means(v ~ treated, d, blocks = stratum, clusters = cluster)
}
ratio <- function(y, r, d) {
  share <- difference(r, d)$coefficients[[1]]
  b <- difference(y, d)$coefficients[[1]] / share
  m <- difference(y - b * r, d)
  se <- m$std.error[[1]] / abs(share); df <- m$df[[1]]; t <- b / se
  list(estimate = b, std_error = se, df = df, statistic = t, p_value = 2 * pt(-abs(t), df),
    conf_low = b - qt(.975, df) * se, conf_high = b + qt(.975, df) * se)
}
# Where the test of y - b r just fails to reject, by root finding.
set_of <- function(y, r, d) {
  excess <- function(b) { m <- difference(y - b * r, d); abs(m$coefficients[[1]] / m$std.error[[1]]) - qt(.975, m$df[[1]]) }
  e <- ratio(y, r, d)
  end <- function(sign) uniroot(excess, sort(e$estimate + sign * c(1e-6, 1) * e$std_error * 30), tol = 1e-14)$root
  list(low = end(-1), high = end(1))
}
one <- function(d, set = TRUE) c(list(data = as.list(d), effect = ratio(d$y, d$received, d),
  share = row(difference(d$received, d)),
  treated = ratio(d$y * d$received, d$received, d), untreated = ratio(d$y * (1 - d$received), 1 - d$received, d)),
  if (set) list(set = set_of(d$y, d$received, d)))

set.seed(2017)
# Shares of intervention that differ much by stratum: pooling the strata would mislead.
strata <- {
  s <- rep(c(4, 1, 7), c(60, 50, 40)); n <- length(s)
  z <- unlist(mapply(function(n, k) sample(rep(1:0, c(k, n - k))), c(60, 50, 40), c(12, 25, 30)))
  r <- as.numeric(runif(n) < ifelse(z == 1, .8, .1))
  data.frame(stratum = s, treated = z, received = r, y = round(rnorm(n, 10 - s + r, 1 + r), 4))
}
pairs <- {
  z <- unlist(lapply(1:40, function(i) sample(0:1))); r <- z * (runif(80) < .75)
  data.frame(stratum = rep(1:40, each = 2), treated = z, received = r, y = round(rnorm(80, rep(1:40, each = 2) / 4 + r), 4))
}
clusters <- {
  size <- rep(1:4, 15); arm <- rep(c(0, 1, 1, 0, 1, 0), 10); c <- rep(seq_along(size), size)
  s <- ((seq_along(size) - 1) %/% 20 + 1)[c]; r <- as.numeric(runif(length(c)) < ifelse(arm[c] == 1, .8, .1))
  data.frame(stratum = s, cluster = c, treated = arm[c], received = r,
    y = round(rnorm(length(c), s + r) + rnorm(60)[c], 4))
}
unstratified <- {
  d <- clusters; d$yt <- d$y * d$received; d$u <- 1 - d$received; d$yu <- d$y * d$u
  iv <- function(f) row(iv_robust(f, d, clusters = cluster, se_type = "CR2"), 2)
  plain <- function(d, g) { d$g <- g; row(lm_robust(y ~ g, d, clusters = cluster, se_type = "CR2"), 2) }
  keep <- d$received == d$treated
  list(effect = iv(y ~ received | treated), treated = iv(yt ~ received | treated), untreated = iv(yu ~ u | treated),
    per_protocol = plain(d[keep, ], d$treated[keep]), as_treated = plain(d, d$received))
}
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript blocked_iv.R > blocked_iv.json",
  strata = one(strata), pairs = one(pairs), clusters = one(clusters), unstratified = unstratified
), digits = I(17), auto_unbox = TRUE), "\n")
