# The numbers that the tests compare with, computed in R by other people's packages.
#
#   Rscript make_golden.R          (in this folder; Debian: r-base-core r-cran-lme4 r-cran-sandwich r-cran-psych
#                                   r-cran-ordinal r-cran-geepack r-cran-clubsandwich r-cran-jsonlite)
#
# Reads small/ and medium/ (pupils.csv, ht.csv, codebook.csv, as an evaluator would hand them in), cleans and links
# them by the rules of the specification in R of its own, and writes golden.json. The test suite needs no R.

suppressMessages({
  library(clubSandwich); library(sandwich); library(lme4); library(psych)
  library(ordinal); library(geepack); library(jsonlite)
})
options(digits = 15)

# Cleaning and linking ------------------------------------------------------------------------------------------------

read_folder <- function(folder) {
  read <- function(name) read.csv(file.path(folder, name), colClasses = "character", na.strings = character(0))
  pupils <- read("pupils.csv"); ht <- read("ht.csv"); book <- read("codebook.csv")
  pupils$pupil_code <- toupper(gsub("[[:space:]-]", "", pupils$pupil_code))
  items <- grep("^item", names(pupils), value = TRUE)
  for (i in items) pupils[[i]] <- sub("\\.0$", "", trimws(pupils[[i]]))
  raw <- nrow(pupils)
  pupils <- pupils[!duplicated(pupils), ]
  pupils$group <- ifelse(pupils$stage %in% c("P2", "P3", "P4"), "P2P4", "P5P7")
  odd <- 0
  for (i in items) {
    value <- rep(NA_real_, nrow(pupils))
    for (g in c("P2P4", "P5P7")) {
      b <- book[book$stage_group == g & book$item == i, ]
      if (!nrow(b)) next
      here <- pupils$group == g; points <- as.numeric(b$points)
      cell <- pupils[[i]][here]
      x <- suppressWarnings(as.numeric(cell))
      bad <- is.na(x) | x < 1 | x > points | x != floor(x)
      odd <- odd + sum(bad & cell != "" & !cell %in% c("NS", "ND", "PNS"))
      x[bad] <- NA
      value[here] <- if (b$reverse == "1") points + 1 - x else x
    }
    pupils[[i]] <- value
  }
  h <- suppressWarnings(sapply(ht[, -1], as.numeric))
  h[!(h %in% 1:5)] <- NA
  rating <- ifelse(rowSums(!is.na(h)) >= ncol(h) / 2, rowMeans(h, na.rm = TRUE), NA)
  list(pupils = pupils, book = book, rating = setNames(rating, ht$school_id), raw = raw, odd = odd)
}

scale_items <- function(data, g) data$book$item[data$book$stage_group == g]

link <- function(data) {
  p <- data$pupils
  p$key <- paste(p$school_id, p$stage, p$pupil_code)
  p$twice <- ave(seq_len(nrow(p)), paste(p$key, p$wave), FUN = length) > 1 & p$pupil_code != ""
  p$sheet <- seq_len(nrow(p))
  usable <- p[p$pupil_code != "" & !p$twice, ]
  pre <- usable[usable$wave == "pre", ]; post <- usable[usable$wave == "post", ]
  both <- intersect(pre$key, post$key)
  pre <- pre[match(both, pre$key), ]; post <- post[match(both, post$key), ]
  out <- NULL
  for (g in c("P2P4", "P5P7")) {
    here <- pre$group == g; items <- scale_items(data, g)
    x0 <- as.matrix(pre[here, items]); x1 <- as.matrix(post[here, items])
    ok <- !is.na(x0) & !is.na(x1); n <- rowSums(ok)
    x0[!ok] <- 0; x1[!ok] <- 0
    s0 <- rowSums(x0); s1 <- rowSums(x1)
    enough <- n >= length(items) / 2
    out <- rbind(out, data.frame(school = pre$school_id[here], cluster = pre$cluster[here],
      quintile = as.numeric(pre$simd_quintile[here]), group = g, pre = pre$sheet[here], post = post$sheet[here],
      b = s0 / n, y = s1 / n, d = (s1 - s0) / n, dsum = s1 - s0, complete = n == length(items))[enough, ])
  }
  list(pairs = out, linked = length(both), ambiguous = sum(p$twice), blank = sum(p$pupil_code == ""), sheets = p)
}

sample_of <- function(pairs, rating, cut = 4) {
  s <- pairs[!is.na(rating[pairs$school]), ]
  s$rating <- rating[s$school]; s$high <- as.numeric(s$rating >= cut - 1e-9)
  s$G <- as.numeric(s$group == "P5P7"); s$declined <- as.numeric(s$dsum < 0)
  s$zb <- ave(s$b, s$group, FUN = function(x) (x - mean(x)) / sd(x))
  s$zbar <- ave(s$zb, s$school)
  for (g in unique(s$group)) {
    here <- s$group == g
    v <- tapply(s$y[here], s$high[here], var); m <- table(s$high[here])
    sdp <- sqrt(sum((m - 1) * v) / (sum(m) - 2))
    s$ys[here] <- s$y[here] / sdp; s$ds[here] <- s$d[here] / sdp
  }
  s[order(s$school), ]
}

# Models --------------------------------------------------------------------------------------------------------------

cr2 <- function(model, cluster, term) {
  V <- vcovCR(model, cluster = cluster, type = "CR2")
  test <- coef_test(model, vcov = V, test = "Satterthwaite")
  row <- test[rownames(test) == term, ]
  list(est = unname(coef(model)[term]), se = row$SE, df = row$df_Satt, p = row$p_Satt)
}

logit_cr2 <- function(formula, s, term = "high") {
  model <- glm(formula, binomial, s, control = glm.control(epsilon = 1e-14, maxit = 50))
  out <- cr2(model, s$school, term)
  V <- as.matrix(vcovCR(model, cluster = s$school, type = "CR2"))
  if (term == "high") {
    X <- model.matrix(model)
    at <- function(v) { Z <- X; Z[, "high"] <- v; Z }
    p1 <- plogis(at(1) %*% coef(model)); p0 <- plogis(at(0) %*% coef(model))
    grad <- (colSums(as.vector(p1 * (1 - p1)) * at(1)) - colSums(as.vector(p0 * (1 - p0)) * at(0))) / nrow(X)
    out$rd <- mean(p1) - mean(p0); out$rd_se <- sqrt(drop(t(grad) %*% V %*% grad))
    out$p_high <- mean(p1); out$p_low <- mean(p0)
  }
  out
}

anova_icc <- function(x, g) {
  g <- factor(g); n <- table(g); J <- length(n); N <- sum(n)
  ms <- anova(lm(x ~ g))[["Mean Sq"]]
  n0 <- (N - sum(n^2) / N) / (J - 1)
  (ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2])
}

cliff <- function(h, l) { h <- round(h, 9); l <- round(l, 9); mean(sign(outer(h, l, "-"))) }

of_all <- function(data, g) {
  p <- data$pupils[data$pupils$group == g, ]
  items <- scale_items(data, g); x <- as.matrix(p[, items]); n <- rowSums(!is.na(x))
  p$score <- ifelse(n >= length(items) / 2, rowMeans(x, na.rm = TRUE), NA)
  p <- p[!is.na(p$score), ]; p <- p[order(p$school_id), ]
  p$after <- as.numeric(p$wave == "post")
  c(list(n_pre = sum(1 - p$after), n_post = sum(p$after), mean_pre = mean(p$score[p$after == 0]), sd_pre = sd(p$score[p$after == 0]),
         mean_post = mean(p$score[p$after == 1])), cr2(lm(score ~ after, p), p$school_id, "after"))
}

did <- function(data, rating) {
  p <- data$pupils
  p <- p[!is.na(rating[p$school_id]), ]
  p$score <- NA
  for (g in c("P2P4", "P5P7")) {
    here <- p$group == g; items <- scale_items(data, g); x <- as.matrix(p[here, items])
    n <- rowSums(!is.na(x))
    p$score[here] <- ifelse(n >= length(items) / 2, rowMeans(x, na.rm = TRUE), NA)
    p$score[here] <- p$score[here] / sd(p$score[here & p$wave == "pre"], na.rm = TRUE)
  }
  p <- p[!is.na(p$score), ]
  p$post <- as.numeric(p$wave == "post"); p$high <- as.numeric(rating[p$school_id] >= 4 - 1e-9)
  p$G <- as.numeric(p$group == "P5P7")
  within <- function(x) x - ave(x, p$school_id, p$group)
  q <- data.frame(school = p$school_id, y = within(p$score), post = within(p$post),
                  posthigh = within(p$post * p$high), postG = within(p$post * p$G))
  out <- cr2(lm(y ~ 0 + post + posthigh + postG, q), q$school, "posthigh")
  out$n <- nrow(q); out
}

item_model <- function(data, linked, s, g, item) {
  here <- s[s$group == g, ]
  f <- data.frame(school = here$school, high = here$high, pre = linked$sheets[here$pre, item], post = linked$sheets[here$post, item])
  f <- f[!is.na(f$pre) & !is.na(f$post), ]
  f$answer <- factor(f$post, ordered = TRUE)
  model <- clm(answer ~ high + pre, data = f, control = list(gradTol = 1e-12, maxIter = 200))
  n <- length(unique(f$school))
  sums <- rowsum(estfun(model), f$school)
  H <- solve(model$Hessian)
  V <- n / (n - 1) * H %*% crossprod(sums) %*% H
  k <- which(names(coef(model)) == "high")
  est <- unname(coef(model)[k]); se <- sqrt(V[k, k])
  list(est = est, se = se, p = 2 * pt(-abs(est / se), n - 1), schools = n)
}
estfun.clm <- function(x, ...) {
  # the score of each row from finite differences of the row's log likelihood (Richardson: error far below 1e-8)
  th <- x$alpha; b <- x$beta; X <- as.matrix(x$model[, -1]); y <- as.integer(x$y)
  rows <- function(par) {
    a <- c(-Inf, par[seq_along(th)], Inf); eta <- X %*% par[-seq_along(th)]
    log(plogis(a[y + 1] - eta) - plogis(a[y] - eta))
  }
  par <- c(th, b)
  sapply(seq_along(par), function(j) {
    step <- function(h) { up <- par; down <- par; up[j] <- up[j] + h; down[j] <- down[j] - h; (rows(up) - rows(down)) / (2 * h) }
    (4 * step(5e-4) - step(1e-3)) / 3
  })
}

reliability <- function(data, g, wave) {
  x <- as.matrix(data$pupils[data$pupils$group == g & data$pupils$wave == wave, scale_items(data, g)])
  x <- x[complete.cases(x), ]
  raw <- suppressWarnings(suppressMessages(psych::alpha(as.data.frame(x), check.keys = FALSE)))
  R <- suppressWarnings(polychoric(x, correct = 0)$rho)
  ordinal <- suppressWarnings(psych::alpha(R, check.keys = FALSE))
  f <- fa(R, nfactors = 1, fm = "minres")
  load <- f$loadings[, 1]
  list(n_complete = nrow(x), alpha_raw = raw$total$raw_alpha, alpha_ordinal = ordinal$total$raw_alpha,
       omega_ordinal = sum(load)^2 / (sum(load)^2 + sum(1 - load^2)),
       item_rest = unname(raw$item.stats$r.drop), first_correlation = R[1, 2])
}

weighted_cr2 <- function(data, linked, s) {
  p <- linked$sheets
  p$score <- NA
  for (g in c("P2P4", "P5P7")) {
    here <- p$group == g; items <- scale_items(data, g); x <- as.matrix(p[here, items])
    p$score[here] <- ifelse(rowSums(!is.na(x)) >= length(items) / 2, rowMeans(x, na.rm = TRUE), NA)
  }
  p <- p[p$wave == "pre" & !is.na(p$score) & !is.na(data$rating[p$school_id]), ]
  p$z <- ave(p$score, p$group, FUN = function(x) (x - mean(x)) / sd(x))
  p$matched <- p$sheet %in% linked$pairs$pre
  p$G <- as.numeric(p$group == "P5P7"); p$quintile <- as.numeric(p$simd_quintile)
  p$high <- as.numeric(data$rating[p$school_id] >= 4 - 1e-9)
  chance <- fitted(glm(matched ~ z + G + quintile + high, binomial, p, control = glm.control(epsilon = 1e-14)))
  s$w <- 1 / chance[match(s$pre, p$sheet)]
  s$w <- s$w / mean(s$w)
  model <- glm(declined ~ high + G * zb + zbar, quasibinomial, s, weights = w, control = glm.control(epsilon = 1e-14))
  # The whitened root: least squares in the metric of the working weights, then CR2 as for any linear model.
  mu <- fitted(model); root <- sqrt(s$w * mu * (1 - mu)); X <- model.matrix(model)
  white <- as.data.frame(root * X); names(white) <- paste0("x", seq_len(ncol(X)))
  white$y <- root * (X %*% coef(model)) + sqrt(s$w / (mu * (1 - mu))) * (s$declined - mu)
  out <- cr2(lm(y ~ 0 + ., white), s$school, "x2")
  out$largest_weight <- max(s$w); out
}

everything <- function(folder) {
  data <- read_folder(folder); linked <- link(data)
  s <- sample_of(linked$pairs, data$rating)
  out <- list(flow = list(rows_raw = data$raw, rows_after_dedup = nrow(data$pupils), out_of_range_values = data$odd,
    blank_code_rows = linked$blank, ambiguous_rows = linked$ambiguous, linked_pairs = linked$linked,
    analysable_pairs = nrow(linked$pairs)))
  out$sample <- list(n = nrow(s), n_high = sum(s$high), declined_high = sum(s$declined[s$high == 1]),
                     declined_low = sum(s$declined[s$high == 0]))
  ols <- function(formula, cluster = s$school, term = "high", data = s) cr2(lm(formula, data), cluster, term)
  out$headline <- logit_cr2(declined ~ high + G * zb + zbar, s)
  s$R <- s$rating - 4; s$m <- as.numeric(s$quintile <= 2)
  out$companions <- list(
    primary_logit_cr2 = logit_cr2(declined ~ high + G * zb, s),
    lpm_adj_cr2 = ols(declined ~ high + G * zb), lpm_sm_cr2 = ols(declined ~ high + G * zb + zbar),
    lpm_adj_cr2_by_pcp_cluster = ols(declined ~ high + G * zb, s$cluster),
    ancova_cr2 = ols(ys ~ high + G * zb), ancova_sm_cr2 = ols(ys ~ high + G * zb + zbar),
    change_score_cr2 = ols(ds ~ high + G),
    dose_sm_logit_cr2 = logit_cr2(declined ~ R + G * zb + zbar, s, "R"),
    dose_logit_cr2_per_point = logit_cr2(declined ~ R + G * zb, s, "R"),
    did_all_cr2 = did(data, data$rating),
    mod_stage_group = ols(declined ~ high + G + zb + high:G + G:zb, term = "high:G"),
    mod_simd_q1q2 = ols(declined ~ high + m + G + zb + high:m + G:zb, term = "high:m"))
  lmer_fit <- lmer(ys ~ high + G * zb + (1 | school), s, REML = TRUE, control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12)))
  out$companions$ancova_lmer <- list(est = unname(fixef(lmer_fit)["high"]), se = sqrt(as.matrix(vcov(lmer_fit))["high", "high"]),
    var_school = as.data.frame(VarCorr(lmer_fit))$vcov[1], var_pupil = as.data.frame(VarCorr(lmer_fit))$vcov[2])
  all <- linked$pairs
  all$std <- all$d / ave(all$b, all$group, FUN = sd)
  all$Gc <- as.numeric(all$group == "P5P7"); all$Gc <- all$Gc - mean(all$Gc)
  means <- lmer(std ~ Gc + (1 | school), all, REML = TRUE, control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12)))
  u <- ranef(means, condVar = TRUE)$school
  out$school_means <- list(mean = unname(fixef(means)[1]), est = sort(unname(fixef(means)[1] + u[, 1])),
    sd = sort(sqrt(as.vector(attr(u, "postVar")))), var_school = as.data.frame(VarCorr(means))$vcov[1])
  out$companions$headline_weighted <- weighted_cr2(data, linked, s)
  out$companions$headline_complete_items <- logit_cr2(declined ~ high + G * zb + zbar, sample_of(linked$pairs[linked$pairs$complete, ], data$rating))
  s$id <- as.integer(factor(s$school))
  gee <- geeglm(declined ~ high + G * zb + zbar, binomial, s, id = id, corstr = "exchangeable", control = geese.control(epsilon = 1e-10, maxit = 200))
  row <- summary(gee)
  out$companions$gee_exchangeable <- list(est = unname(coef(gee)["high"]), se_cr0 = row$coefficients["high", "Std.err"], alpha = unname(gee$geese$alpha))
  pairs <- linked$pairs
  for (g in c("P2P4", "P5P7")) {
    q <- pairs[pairs$group == g, ]; q <- q[order(q$school), ]
    out$change[[g]] <- c(list(n = nrow(q), mean_b = mean(q$b), sd_b = sd(q$b)), cr2(lm(d ~ 1, q), q$school, "(Intercept)"),
      list(icc_anova_change = anova_icc(q$d, q$school), icc_anova_base = anova_icc(q$b, q$school),
           declined = sum(q$dsum < 0), held = sum(q$dsum == 0), improved = sum(q$dsum > 0)))
    out$change_of_all[[g]] <- of_all(data, g)
    t <- s[s$group == g, ]
    out$cliff[[g]] <- cliff(t$d[t$high == 1], t$d[t$high == 0])
    for (w in c("pre", "post")) out$reliability[[paste(g, w, sep = "_")]] <- reliability(data, g, w)
    for (i in scale_items(data, g)) out$item_models[[g]][[i]] <- item_model(data, linked, s, g, i)
  }
  p <- unlist(lapply(out$item_models, function(g) sapply(g, `[[`, "p")))
  out$item_q <- as.list(p.adjust(p, "BH"))
  out
}

golden <- lapply(c(small = "small", medium = "medium"), everything)
golden$versions <- c(R = R.version.string, sapply(c("clubSandwich", "lme4", "psych", "ordinal", "geepack"), function(p) as.character(packageVersion(p))))
writeLines(toJSON(golden, digits = 15, auto_unbox = TRUE, pretty = TRUE), "golden.json")
