# Reference values for costs and benefits: priced outcomes together, person by person.
# Run in this folder: Rscript costs.R
# Writes outcomes.csv and register.csv (made-up), and costs.json.
suppressPackageStartupMessages({library(estimatr); library(jsonlite)})
source("../strata_df.R")
options(digits = 17)
set.seed(20161101)
n <- 240
id <- sprintf("%05d", sample(99999, n))
wijk <- sample(c("noord", "oost", "zuid"), n, TRUE, c(.5, .3, .2))
groep <- character(n)
for (w in unique(wijk)) { i <- which(wijk == w); k <- round(length(i) * .4); groep[i] <- sample(rep(c("fip", "regulier"), c(k, length(i) - k))) }
d <- groep == "fip"
uit <- as.integer(runif(n) < .15 + .12 * d)
traject <- rpois(n, .3 + .3 * d + .4 * uit)
dagen <- round(rgamma(n, 2, .05) - 6 * d, 1)
uit[sample(n, 7)] <- NA
dagen[sample(n, 12)] <- NA
nl <- function(x) ifelse(is.na(x), "", sub(".", ",", format(x, trim = TRUE, digits = 10), fixed = TRUE))
reden <- ifelse(uit %in% 1 & runif(n) < .3, "AOW", "")
write.table(data.frame(klantnummer = id, groep, wijk, uit = sapply(uit, nl), traject, dagen = sapply(dagen, nl), reden),
            "outcomes.csv", sep = ";", quote = FALSE, row.names = FALSE, na = "", fileEncoding = "UTF-8")
price <- c(uit = 14000, traject = -1250.5, dagen = -38)
programme <- 61000
N <- sum(d)
est <- function(r) { r <- tidy(r); r <- r[r$term != "(Intercept)", ][1, ]
  list(estimate = r$estimate, std_error = r$std.error, df = r$df, p_value = r$p.value, conf_low = r$conf.low, conf_high = r$conf.high) }
one <- function(v, keep = rep(TRUE, n)) est(difference_in_means(v ~ d, data.frame(v, d = as.numeric(d))[keep, ]))
left <- reden == "AOW"
lines <- list(uit = one(uit, !left), traject = one(traject), dagen = one(dagen))
V <- price[["uit"]] * uit + price[["traject"]] * traject + price[["dagen"]] * dagen
both <- list(plain = one(V, !left & !is.na(V)), n = sum(!left & !is.na(V)), people = N - sum(left & d))
# The same draw within strata: every stratum by its size.
own <- data.frame(V, d = as.numeric(d), wijk)[!left & !is.na(V), ]
blocked <- over_cells(est(difference_in_means(V ~ d, blocks = wijk, data = own)), own$V, own$d, own$wijk)
# Fieller for a known numerator, by its definition: rho with (c - rho b)^2 <= t^2 rho^2 v.
fieller <- function(c, e) { t <- qt(.975, e$df); a <- e$estimate^2 - t^2 * e$std_error^2
  disc <- (e$estimate * c)^2 - a * c^2
  r <- sort((e$estimate * c + c(-1, 1) * sqrt(disc)) / a); list(shape = if (a > 0) "interval" else "rays", low = r[1], high = r[2]) }
c1 <- programme / (N - sum(left & d))
out <- list(made_with = list(R = R.version.string, estimatr = as.character(packageVersion("estimatr"))),
  price = as.list(price), programme = programme, people = N, lines = lines, total = both, blocked = blocked,
  people_uit = N - sum(left & d), cost_per_case = c(list(estimate = c1 / lines$uit$estimate), fieller(c1, lines$uit)),
  wide = c(list(estimate = c1 / 0.02), fieller(c1, list(estimate = 0.02, std_error = 0.03, df = 100))))
write_json(out, "costs.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
