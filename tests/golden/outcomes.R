# Golden values for tests/metrics/test_outcomes.py: an invented data set, and all that comes of it.
# Run: Rscript tests/golden/outcomes.R > tests/golden/outcomes.csv   (R 4.2.2, base only)
# Long format: table, row, column, value; a value that is not known is NA.
options(digits = 17)
threshold <- 66   # 6.6 points in steps of 0.1
highest <- 400
items <- c("individual", "relations", "social", "overall")

# 60 young people, 5 occasions, own answers; each third also judged by a mother. Answers in tenths
# follow from the numbers of person and occasion; every 7th person is exactly at an edge.
person <- rep(1:60, each = 5)
occasion <- rep(1:5, times = 60)
own <- data.frame(person, occasion, informant = "self")
mother <- subset(own, person %% 3 == 0)
mother$informant <- "mother"
forms <- rbind(own, mother)
shift <- ifelse(forms$informant == "mother", 7, 0)
level <- (forms$person * 37 + shift) %% 71 + 15
slope <- (forms$person * 13 + shift) %% 17 - 7
tenths <- sapply(1:4, function(i) {
  pmin(100, pmax(0, level + slope * (forms$occasion - 1) + (forms$person * i * 5 + forms$occasion * 3) %% 9))
})
for (p in seq(7, 60, by = 7)) {
  rows <- which(forms$person == p & forms$informant == "self")
  total <- c(280 - 66 * (p %% 2), rep(230, 3), 280 + 66 * (p %% 4 == 0))
  tenths[rows, ] <- total %/% 4 + outer(total %% 4, 1:4, function(left, i) as.integer(i <= left))
}
# Some items are not answered, some forms did not come.
tenths[cbind(seq(4, nrow(forms), by = 23), 2)] <- NA
tenths[forms$person %in% c(10, 11) & forms$informant == "self", 4] <- NA
tenths[forms$person == 12 & forms$occasion > 1, 1] <- NA
keep <- !(forms$occasion %in% c(1, 5) & (forms$person * 7 + forms$occasion) %% 10 == 0)
forms <- forms[keep, ]
tenths <- tenths[keep, ]
forms$about_id <- sprintf("p%02d", forms$person)
forms$respondent_id <- ifelse(forms$informant == "self", forms$about_id, paste0("m-", forms$about_id))
forms$age_years <- 12 + forms$person %% 8 + forms$occasion / 10
forms$site <- c("North", "South")[1 + forms$person %% 2]

write_long <- function(table, row, frame) {
  for (column in names(frame)) {
    value <- frame[[column]]
    text <- if (is.numeric(value)) formatC(value, digits = 17, format = "g", width = -1) else as.character(value)
    text[is.na(value)] <- "NA"
    cat(paste(table, row, column, trimws(text), sep = ","), sep = "\n")
  }
}
cat("table,row,column,value\n")
columns <- c("about_id", "respondent_id", "informant", "site", "occasion", "age_years")
answers <- as.data.frame(tenths / 10)
names(answers) <- items
write_long("forms", seq_len(nrow(forms)), cbind(forms[columns], answers))

forms$ticks <- rowSums(tenths)  # NA where one item is
write_long("scores", seq_len(nrow(forms)), data.frame(total = forms$ticks / 10, total_answered = rowSums(!is.na(tenths))))

# First and last valid form.
key <- paste(forms$about_id, forms$respondent_id, forms$informant, sep = "|")
pairs <- do.call(rbind, lapply(split(forms, key), function(mine) {
  mine <- mine[order(mine$occasion), ]
  valid <- mine[!is.na(mine$ticks), ]
  at <- if (nrow(valid) > 0) valid[1, ] else mine[1, ]
  first <- if (nrow(valid) > 0) valid$ticks[1] else NA
  last <- if (nrow(valid) > 1) valid$ticks[nrow(valid)] else NA
  data.frame(
    informant = at$informant, site = at$site, age_years = at$age_years, first, last,
    first_occasion = if (nrow(valid) > 0) valid$occasion[1] else NA,
    last_occasion = if (nrow(valid) > 1) valid$occasion[nrow(valid)] else NA,
    n_forms = nrow(mine), n_valid = nrow(valid)
  )
}))
pairs$change <- pairs$last - pairs$first
pairs$cutoff <- ifelse(pairs$informant != "self", NA, ifelse(pairs$age_years >= 18, 250, ifelse(pairs$age_years >= 13, 280, NA)))
pairs$category <- ifelse(pairs$change >= threshold, "improved", ifelse(pairs$change <= -threshold, "deteriorated", "unchanged"))
range_of <- function(ticks) ifelse(ticks < pairs$cutoff, "clinical", "functional")
pairs$first_range <- range_of(pairs$first)
pairs$last_range <- range_of(pairs$last)
pairs$recovered <- ifelse(is.na(pairs$change) | is.na(pairs$cutoff), NA,
  pairs$category == "improved" & pairs$first_range == "clinical" & pairs$last_range == "functional")
pairs$can_improve <- highest - pairs$first >= threshold
pairs$can_deteriorate <- pairs$first >= threshold
shown <- pairs
for (column in c("first", "last", "change", "cutoff")) shown[[column]] <- shown[[column]] / 10
write_long("pairs", rownames(pairs), shown)

# Who changed how.
wilson <- function(x, n, level) {
  if (n == 0) c(NA, NA) else suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int)
}
summarise <- function(mine, level) {
  paired <- !is.na(mine$change)
  placed <- !is.na(mine$cutoff)
  eligible <- list(
    recovered = paired & placed & mine$first_range %in% "clinical" & mine$can_improve %in% TRUE,
    improved = paired & mine$can_improve %in% TRUE,
    unchanged = paired,
    deteriorated = paired & mine$can_deteriorate %in% TRUE
  )
  counted <- list(
    recovered = mine$recovered %in% TRUE, improved = mine$category %in% "improved",
    unchanged = mine$category %in% "unchanged", deteriorated = mine$category %in% "deteriorated"
  )
  for (name in names(eligible)) {
    n <- sum(eligible[[name]])
    count <- sum(counted[[name]])
    no_cutoff <- if (name == "recovered") sum(paired & !placed) else 0
    limits <- wilson(count, n, level)
    row <- data.frame(
      estimate = if (n > 0) count / n else NA, lower = limits[1], upper = limits[2], n,
      n_missing = nrow(mine) - n, count, n_in_file = nrow(mine), n_paired = sum(paired),
      n_no_score = sum(is.na(mine$first)), n_one_score = sum(!is.na(mine$first) & is.na(mine$last)),
      n_not_possible = sum(paired) - n - no_cutoff, n_no_cutoff = no_cutoff
    )
    write_long(paste0("summary ", level), paste(mine$informant[1], mine$site[1], name, sep = "|"), row)
  }
}
for (level in c(0.95, 0.9)) for (mine in split(pairs, paste(pairs$informant, pairs$site))) summarise(mine, level)

# The course.
for (level in c(0.95, 0.8)) for (mine in split(forms, paste(forms$informant, forms$occasion))) {
  known <- mine$ticks[!is.na(mine$ticks)] / 10
  test <- t.test(known, conf.level = level)
  row <- data.frame(
    estimate = unname(test$estimate), lower = test$conf.int[1], upper = test$conf.int[2],
    n = length(known), n_missing = sum(is.na(mine$ticks)), sd = sd(known)
  )
  write_long(paste0("course ", level), paste(mine$informant[1], mine$occasion[1], sep = "|"), row)
}
