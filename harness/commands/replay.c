/* replay.c: `chatconform replay ID|DIR`: sends a stored failure again, the whole case with all its steps, and says whether it is mended. */
#include "harness/base/file.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/run/failures.h"
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct replaying {
    struct json_object *meta;
    char path[4096];      /* of the case: SUITE/CASE */
    const char *file;     /* of its suite; NULL: it is not there any more */
    char own[4200];       /* a suite that holds nothing else; "" when it was a case of another */
};

static const char *text(const struct replaying *r, const char *name) { return jo_text_at(r->meta, name); }
static bool flag(const struct replaying *r, const char *name) { return jo_true(jo_get(r->meta, name)); }

/* --- what was stored */

static bool read_meta(struct replaying *r, const char *argument, char *why, size_t size)
{
    char path[4096];
    struct stat about;
    bool is_folder = stat(argument, &about) == 0 && S_ISDIR(about.st_mode);
    snprintf(path, sizeof path, "%s%s%s/meta.json", is_folder ? "" : FAILURES_FOLDER, is_folder ? "" : "/", argument);
    if (!is_folder && access(path, F_OK) != 0)
        return why_not(why, size, "there is no stored failure %s in %s; a run without --report stores them there", argument, FAILURES_FOLDER);
    if (!file_read_json(path, &r->meta, why, size)) return false;
    if (!text(r, "suite") || !text(r, "case") || !text(r, "target"))
        return why_not(why, size, "%s does not describe a stored failure", path);
    snprintf(r->path, sizeof r->path, "%s/%s", text(r, "suite"), text(r, "case"));
    if (text(r, "file") && access(text(r, "file"), F_OK) == 0) r->file = text(r, "file");
    snprintf(strrchr(path, '/') + 1, sizeof path - (size_t)(strrchr(path, '/') + 1 - path), FAILURE_CASE);
    if (access(path, F_OK) == 0) snprintf(r->own, sizeof r->own, "%s", path);
    else if (strncmp(text(r, "suite"), "fuzz", 4) == 0 && !r->file)
        return why_not(why, size, "%s: no case can say what was sent; run curl.sh beside it", argument);
    return true;
}

/* Was the rule among the findings that were stored? */
static bool was_found(const struct replaying *r, const char *rule)
{
    struct json_object *findings = jo_get(r->meta, "findings");
    for (size_t i = 0; i < jo_length(findings); i++)
        if (jo_is(jo_get(jo_item(findings, i), "rule"), rule)) return true;
    return false;
}

/* --- the answer */

static int say(const char *verdict, const struct replaying *r, const char *rule, const char *reason, int code)
{
    printf("%s  ", verdict);
    escape_line(stdout, r->path);
    if (rule) printf("  "), escape_line(stdout, rule);
    if (reason) printf("  "), escape_line(stdout, reason);
    putchar('\n');
    return code;
}

static const struct result_finding *worst(const struct case_result *result)
{
    const struct result_finding *found = NULL;
    for (size_t i = 0; i < result->finding_count; i++)
        if (!found || result->findings[i].severity > found->severity) found = &result->findings[i];
    return found;
}

/* What was found by fuzzing had no case then, so the names of findings tell nothing. */
static int compare_found(const struct replaying *r, const struct case_result *result)
{
    const struct result_finding *finding = worst(result);
    bool fixed = result->state == CASE_PASS || result->state == CASE_WARN || result->state == CASE_FLAKY;
    if (fixed) return say("FIXED", r, NULL, NULL, EXIT_FINE);
    if (result->state == CASE_FAIL || case_is_unjudged(result))
        return say("STILL FAILS", r, finding ? finding->rule : NULL, result->reason, EXIT_FAILED);
    return say("CANNOT REPLAY", r, NULL, result->reason, EXIT_INCOMPLETE);
}

static int compare(const struct replaying *r, const struct case_result *result)
{
    if (*r->own) return compare_found(r, result);
    const struct result_finding *finding = worst(result);
    bool was_trouble = text(r, "state") && (strcmp(text(r, "state"), "error") == 0 || strcmp(text(r, "state"), "blocked") == 0);
    if (result->state == CASE_FAIL && finding && !was_found(r, finding->rule))
        return say("STILL FAILS", r, finding->rule, "(it failed for another rule before)", EXIT_FAILED);
    if (result->state == CASE_FAIL) return say("STILL FAILS", r, finding ? finding->rule : NULL, result->reason, EXIT_FAILED);
    if (case_is_unjudged(result) && was_trouble) return say("STILL FAILS", r, NULL, result->reason, EXIT_FAILED);
    if (result->state == CASE_PASS || result->state == CASE_WARN || result->state == CASE_FLAKY) return say("FIXED", r, NULL, NULL, EXIT_FINE);
    return say("CANNOT REPLAY", r, NULL, result->reason, EXIT_INCOMPLETE);
}

/* --- the command */

/* The flags win over what was stored. */
static bool take_over(const struct replaying *r, struct options *options)
{
    if (!options->base_url && !flag(r, "embedded")) options->base_url = text(r, "target");
    if (!options->model) options->model = text(r, "model");
    if (!options->profile_name && text(r, "profile")) options->profile = cc_profile_find(text(r, "profile"));
    options->arguments.count = 0;
    if (*r->own) options->suites.count = 0;
    if (*r->own) return texts_add(&options->suites, r->own);
    return texts_add(&options->arguments, r->path) && (options->suites.count || !r->file || texts_add(&options->suites, r->file));
}

int command_replay(struct options *options, char *why, size_t why_size)
{
    struct replaying r = {0};
    struct run_result run = {0};
    int code = EXIT_USAGE;
    if (options->arguments.count != 1) why_not(why, why_size, "replay takes the id of a stored failure, or its folder");
    else if (read_meta(&r, options->arguments.items[0], why, why_size)) {
        code = take_over(&r, options) ? run_cases_of(options, &run, why, why_size) : EXIT_BROKEN;
        bool ran = run.case_count == 1 && !run.broken;
        if (ran) code = compare(&r, &run.cases[0]);
        else say("CANNOT REPLAY", &r, NULL, run.broken ? run.broken : why, code ? code : EXIT_BROKEN);
        *why = '\0';
    }
    run_result_clear(&run);
    json_object_put(r.meta);
    return code;
}
