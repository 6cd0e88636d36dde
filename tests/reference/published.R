# Published examples, recomputed by R: the data come from the packages that ship them, or are
# typed from the source named beside them; what the source prints stands beside as `printed`.
# Run: Rscript published.R > published.json
suppressMessages({library(estimatr); library(clubSandwich); library(coin); library(metafor); library(jsonlite)})

fields <- c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")
row <- function(m, i = 2) as.list(setNames(summary(m)$coefficients[i, ], fields))

# Lin (2013, Ann. Appl. Stat. 7, 295-318), Table 2: men of the STAR trial (Angrist, Lang &
# Oreopoulos 2009), estimatr's alo_star_men. Printed values as in estimatr's own replication,
# tests/testthat/test-replicate-lin2013.R: HC0.
star <- as.data.frame(alo_star_men)
lin <- list(
  data = list(y = star$GPA_year1, treated = as.numeric(star$sfsp), gpa0 = star$gpa0),
  unadjusted = list(printed = c(-0.036, 0.158), hc0 = row(lm_robust(GPA_year1 ~ sfsp, star, se_type = "HC0"))),
  ancova = list(printed = c(-0.083, 0.146), hc0 = row(lm_robust(GPA_year1 ~ sfsp + gpa0, star, se_type = "HC0"))),
  interacted = list(printed = c(-0.081, 0.146), hc0 = row(lm_lin(GPA_year1 ~ sfsp, ~ gpa0, star, se_type = "HC0")),
    hc2 = row(lm_lin(GPA_year1 ~ sfsp, ~ gpa0, star, se_type = "HC2"))),
  difference = row(difference_in_means(GPA_year1 ~ sfsp, star), 1))

# Cochran-Mantel-Haenszel: 13 BCG trials (Colditz et al. 1994; metadat's dat.bcg), rabbits and
# penicillin (Agresti 1990, p. 231-237; R's ?mantelhaen.test prints p = 0.047).
cmh <- function(tables) {
  x <- mantelhaen.test(tables, correct = FALSE); y <- mantelhaen.test(tables)
  list(counts = lapply(seq_len(dim(tables)[3]), function(k) c(tables[1, 1, k], tables[1, 2, k], tables[2, 1, k], tables[2, 2, k])),
    statistic = x$statistic[[1]], p_value = x$p.value, corrected = y$statistic[[1]], corrected_p = y$p.value,
    odds_ratio = x$estimate[[1]], conf_low = x$conf.int[1], conf_high = x$conf.int[2])
}
b <- metadat::dat.bcg
# As doubles: mantelhaen.test overflows on integers here.
bcg_tables <- array(as.numeric(rbind(b$tpos, b$cpos, b$tneg, b$cneg)), c(2, 2, 13))
ratio <- function(measure) {
  e <- escalc(measure, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = b)
  z <- qnorm(.975) * sqrt(e$vi)
  lapply(seq_len(13), function(i) exp(c(e$yi[i], e$yi[i] - z[i], e$yi[i] + z[i])))
}
pooled <- rma.mh(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = b)
bcg <- c(cmh(bcg_tables), list(risk_ratio = ratio("RR"), each_odds_ratio = ratio("OR"),
  metafor = list(odds_ratio = exp(c(pooled$b)), conf_low = exp(pooled$ci.lb), conf_high = exp(pooled$ci.ub),
    corrected = pooled$MH, corrected_p = pooled$MHp)))
rabbits <- c(cmh(array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0), c(2, 2, 5))), printed_p = 0.047)

# Fisher's exact test r x c: R's ?fisher.test, Agresti (2002, p. 57, printed 0.7827), and the
# sixth table of Mehta & Patel (1983).
job <- matrix(c(1,2,1,0, 3,3,6,1, 10,10,14,9, 6,7,12,11), 4)
mp6 <- rbind(c(1,2,2,1,1,0,1), c(2,0,0,2,3,0,0), c(0,1,1,1,2,7,3), c(1,1,2,0,0,0,1), c(0,1,1,1,1,0,0))
tea <- matrix(c(3, 1, 1, 3), 2)
fisher <- list(
  job = list(counts = job, p_value = fisher.test(job, workspace = 2e7)$p.value, printed = 0.7827),
  mehta_patel = list(counts = mp6, p_value = fisher.test(mp6, workspace = 2e8)$p.value),
  tea = list(counts = tea, greater = fisher.test(tea, alternative = "greater")$p.value, printed = 0.2429))

# Gender and party (Agresti 2007, p. 39; R's ?chisq.test), and coin's data on smoking and Alzheimer's
# disease (Salib & Hillier 1997), by coin's chisq_test.
party <- rbind(c(762, 327, 468), c(484, 239, 477))
alz <- unclass(table(alzheimer$smoking, alzheimer$disease))
quad <- chisq_test(as.table(alz))
tables <- list(
  party = list(counts = party, statistic = chisq.test(party)$statistic[[1]], p_value = chisq.test(party)$p.value),
  alzheimer = list(counts = unname(alz), coin = as.numeric(statistic(quad)), df = 6))

# Job satisfaction (Agresti 2002, Table 7.8): linear by linear without strata, coin's default scores.
satisfaction <- apply(jobsatisfaction, 1:2, sum)
lbl <- lbl_test(as.table(satisfaction))
trend <- list(counts = unname(satisfaction), statistic = as.numeric(statistic(lbl))^2, p_value = pvalue(lbl)[[1]])

# Rotating rats (Bergmann, Ludbrook & Spooren 2000), coin's rotarod; ?rotarod prints 0.0373 and 0.0147.
rats <- list(treated = rotarod$time[rotarod$group == "treatment"], control = rotarod$time[rotarod$group == "control"],
  exact = pvalue(wilcox_test(time ~ group, rotarod, distribution = "exact"))[[1]],
  asymptotic = pvalue(wilcox_test(time ~ group, rotarod))[[1]], printed = c(0.0373, 0.0147))

# Vitamin A (Sommer & Zeger 1991; Imbens & Rubin 1997, Ann. Stat. 25, Table 3): survival of
# 23,682 children; counts of (assigned, received, survived).
counts <- rbind(c(0, 0, 0, 74), c(0, 0, 1, 11514), c(1, 0, 0, 34), c(1, 0, 1, 2385), c(1, 1, 0, 12), c(1, 1, 1, 9663))
v <- as.data.frame(counts[rep(1:6, counts[, 4]), 1:3]); names(v) <- c("z", "d", "y")
iv <- iv_robust(y ~ d | z, v, se_type = "HC2")
reject <- function(beta) {
  v$e <- v$y - beta * v$d
  lm_robust(e ~ z, v, se_type = "HC2")$p.value[["z"]] - .05
}
centre <- iv$coefficients[["d"]]
vitamin <- list(counts = counts, effect = row(iv), itt = row(lm_robust(y ~ z, v, se_type = "HC2")),
  share = row(lm_robust(d ~ z, v, se_type = "HC2")),
  anderson_rubin = c(uniroot(reject, c(centre - .02, centre), tol = 1e-14)$root, uniroot(reject, c(centre, centre + .02), tol = 1e-14)$root))

# Seven villages (Gerber & Green 2012, Field Experiments, Tables 2.1 and 2.2): both potential
# outcomes; all 21 ways to treat two. ri2's documentation prints p = 0.3809524 for Table 2.2.
y0 <- c(10, 15, 20, 20, 10, 15, 15); y1 <- c(15, 15, 30, 15, 20, 15, 30)
each <- apply(combn(7, 2), 2, function(t) {
  x <- y1[t]; y <- y0[-t]
  c(mean(x) - mean(y), var(x) / 2 + var(y) / 5)
})
villages <- list(y0 = y0, y1 = y1, estimates = each[1, ], neyman = each[2, ], ate = mean(y1 - y0),
  observed = c(15, 15, 20, 20, 10, 15, 30), treated = c(1, 0, 0, 0, 0, 0, 1), printed = c(6.5, 0.3809524))

# Growth of chicks (datasets::ChickWeight): clubSandwich's documentation of vcovCR.lm, CR2.
chicks <- as.data.frame(ChickWeight)
fit <- lm(weight ~ 0 + Diet:Time, chicks)
cr2 <- coef_test(fit, vcov = vcovCR(fit, cluster = chicks$Chick, type = "CR2"), test = "Satterthwaite")
chick <- list(weight = chicks$weight, time = chicks$Time, chick = as.integer(as.character(chicks$Chick)),
  diet = as.integer(chicks$Diet), estimate = cr2$beta, std_error = cr2$SE, df = cr2$df)

cat(toJSON(list(
  oracle = paste(R.version.string, paste(sapply(c("estimatr", "clubSandwich", "coin", "metafor", "metadat"),
    function(p) paste(p, packageVersion(p))), collapse = ", "), sep = ", "),
  command = "Rscript published.R > published.json",
  lin = lin, bcg = bcg, rabbits = rabbits, fisher = fisher, tables = tables, trend = trend, rotarod = rats,
  vitamin = vitamin, villages = villages, chick = chick
), digits = I(17), auto_unbox = TRUE), "\n")
