# Golden values for tests/metrics/test_satisfaction.py.
# Run: Rscript tests/golden/satisfaction.R > tests/golden/satisfaction.csv   (R 4.2.2, base only)
#
# An invented form: 23 respondents at two sites, two items answered 1-5, "loud" reversed (1 is the
# best), "bus" with 9 for "not relevant"; blanks are missing answers.
options(digits = 17)
form <- data.frame(
  site = rep(c("north", "south"), c(9, 14)),
  useful = c(5, 5, 4, 5, NA, 5, 4, 5, 5,   3, 4, 5, 5, 2, 4, 4, NA, 5, 5, 4, 3, 4, 5),
  loud = c(1, 1, 2, NA, 1, 3, 1, 1, 5,     1, 2, 2, 1, NA, NA, 4, 1, 1, 1, 2, 1, 1, 1),
  bus = c(9, 1, 9, 2, 5, 4, NA, 9, 3,      5, 5, 4, 9, 9, 2, NA, 4, 4, 5, 3, 9, 1, 2)
)
best <- c(useful = 5, loud = 1, bus = 5)
worst <- c(useful = 1, loud = 5, bus = 1)
second <- c(useful = 4, loud = 2, bus = 4)
show <- function(...) cat(paste(sapply(list(...), function(x) if (is.numeric(x)) format(x, digits = 17) else x), collapse = ","), "\n", sep = "")

cat("site,item,level,measure,value\n")
for (site in c("all", "north", "south")) for (item in names(best)) {
  given <- form[site == "all" | form$site == site, item]
  on_scale <- given[!is.na(given) & given != 9]
  n <- length(on_scale)
  counts <- table(factor(on_scale, levels = 1:5))
  for (answer in names(counts)) {
    show(site, item, "", paste0("count_", answer), counts[[answer]])
    show(site, item, "", paste0("share_", answer), prop.table(counts)[[answer]])
  }
  show(site, item, "", "n", n)
  show(site, item, "", "n_missing", sum(is.na(given)))
  show(site, item, "", "n_not_applicable", sum(given == 9, na.rm = TRUE))
  show(site, item, "", "top_box", sum(on_scale == best[[item]]))
  show(site, item, "", "top_two", sum(on_scale %in% c(best[[item]], second[[item]])))
  show(site, item, "", "bottom_box", sum(on_scale == worst[[item]]))
  show(site, item, "", "mean", mean(on_scale))
  show(site, item, "", "estimate", mean(on_scale == best[[item]]))
  for (level in c(0.9, 0.95, 0.99)) {
    interval <- suppressWarnings(
      prop.test(sum(on_scale == best[[item]]), n, conf.level = level, correct = FALSE)$conf.int)
    show(site, item, level, "lower", interval[1])
    show(site, item, level, "upper", interval[2])
  }
}
