/* options.c: the table of what can be asked for, and its three sources: flags win over the environment, the environment over the target
 * file. Every flag --some-name is also the variable CHATCONFORM_SOME_NAME and, where it describes a target, the key some_name there. */
#include "harness/options.h"

#include "harness/base/fail_on.h"
#include "harness/base/glob.h"
#include "harness/base/redact.h"
#include "harness/base/why.h"
#include "harness/quantity.h"
#include "harness/suite/target.h"
#include "reports/report.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum option_type { TEXT, WORD, FLAG, NUMBER, DURATION, LIST, RATE, TIMEOUTS, LIMIT, FAIL_FAST, SHARD };

struct option {
    const char *name;
    enum option_type type;
    size_t offset;
    unsigned commands;
    const char *value;    /* as the help shows it */
    const char *sentence;
    long low, high;       /* of numbers; of durations in milliseconds */
    const char *const *words; /* that a WORD may be */
    bool of_suites;       /* about cases of suites, so not to be given where none are run */
};

static const char *const auths[] = {"bearer", "api-key", "none", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const flavors[] = {"standard", "surefire", NULL};
static const char *const formats[] = {"text", "json", NULL};
static const char *const check_formats[] = {"text", "json", "sarif", "github", NULL};
static const char *const tables[] = {"text", "json", "markdown", NULL};
static const char *const matrices[] = {"text", "markdown", "html", NULL};
static const char *const kinds[] = {"request", "response", "chunk", "stream", "list", "message_list", "error", "exchange", "auto", NULL};
static const char *const levels[] = {"must", "should", "portability", "deprecated", "habit", NULL};
static const char *const modes[] = {"positive", "negative", "all", NULL};
static const char *const profiles[] = {"openai", "newapi", "openai-2026-08", "newapi-2025-10", NULL};

#define AT(member) offsetof(struct options, member)
#define JUDGES (CMD_RUN | CMD_CHECK)
#define SENDS (CMD_RUN | CMD_FUZZ | CMD_REPLAY | CMD_PROBE)

static const struct option table[] = {
    {"base-url", TEXT, AT(base_url), SENDS, "URL",
     "endpoint to test, such as http://127.0.0.1:8000/v1; without one the reference endpoint is started"},
    {"model", TEXT, AT(model), SENDS, "NAME", "model to ask for"},
    {"target", TEXT, AT(target), SENDS | CMD_LINT, "FILE", "YAML file that describes the endpoint"},
    {"path", TEXT, AT(path), SENDS, "PATH", "path below the base URL (default /chat/completions)"},
    {"query", TEXT, AT(query), SENDS, "QUERY", "query added to each URL, such as api-version=2024-10-21"},
    {"auth", WORD, AT(auth), SENDS, "HOW", "bearer (default), api-key or none", .words = auths},
    {"api-key-env", TEXT, AT(api_key_env), SENDS | CMD_SERVE, "NAME", "environment variable that holds the API key (default OPENAI_API_KEY)"},
    {"api-key-file", TEXT, AT(api_key_file), SENDS, "FILE", "file that holds the API key"},
    {"header", LIST, AT(headers), SENDS, "NAME: VALUE", "further header of every request"},
    {"capability", LIST, AT(capabilities), CMD_RUN | CMD_LINT, "NAME[=no|=silent]",
     "what the endpoint can do, refuses, or ignores silently", .of_suites = true},
    {"probe", FLAG, AT(probe), CMD_RUN, NULL, "find out first what the endpoint can do, and expect no more", .of_suites = true},
    {"repeat", NUMBER, AT(repeat), CMD_RUN, "K", "rounds of each case, at least; what passes now and then is flaky", 1, 100,
     .of_suites = true},
    {"save", TEXT, AT(save), CMD_PROBE, "FILE", "write what was found out into a target file, for `run --target FILE`"},
    {"repeat", NUMBER, AT(repeat), CMD_PROBE, "K", "tries of each probe (default 2)", 1, 100},
    {"insecure", FLAG, AT(insecure), SENDS, NULL, "do not verify certificates"},
    {"allow-insecure-auth", FLAG, AT(allow_insecure_auth), SENDS, NULL, "send the key over plain http to another machine"},
    {"ca", TEXT, AT(ca), SENDS, "FILE", "certificate authorities to trust"},
    {"proxy", TEXT, AT(proxy), SENDS, "URL", "proxy to go through (the environment's is ignored)"},
    {"timeout", TIMEOUTS, AT(timeouts), SENDS, "LIST", "connect=10s,first=60s,idle=30s,total=300s (the defaults), or any of them"},
    {"profile", WORD, AT(profile_name), CMD_RUN | CMD_CHECK | CMD_SERVE | CMD_EXPLAIN | CMD_SCHEMA | CMD_MUTATE | CMD_FUZZ | CMD_PROBE, "NAME",
     "requirement set: openai (default) or newapi", .words = profiles},
    {"skip", LIST, AT(skip), CMD_RUN | CMD_LIST | CMD_MUTATE, "GLOB", "leave these cases out", .of_suites = true},
    {"tag", LIST, AT(tags), CMD_RUN | CMD_LIST | CMD_MUTATE, "NAME", "only cases with this tag", .of_suites = true},
    {"level", WORD, AT(level_name), CMD_RUN | CMD_LIST, "LEVEL", "only cases of this level: must, should, portability", .words = levels,
     .of_suites = true},
    {"suites", LIST, AT(suites), CMD_RUN | CMD_REPLAY | CMD_LIST | CMD_EXPLAIN | CMD_MUTATE, "PATH",
     "suite file or folder (default: the suites that come with the program)", .of_suites = true},
    {"jobs", NUMBER, AT(jobs), SENDS, "N", "requests at the same time (default 4)", 1, 64},
    {"shard", SHARD, AT(shard), CMD_RUN, "I/N", "only part I of N, dealt out evenly; `report` puts the parts together"},
    {"jobs", NUMBER, AT(jobs), CMD_MUTATE, "N", "runs at the same time (default 4)", 1, 64},
    {"rate", RATE, AT(rate_per_s), SENDS, "N/s|N/m", "at most so many requests"},
    {"attempts", NUMBER, AT(attempts), CMD_RUN | CMD_PROBE, "N", "tries after trouble on the way, 408 and 429 (default 1)", 1, 10},
    {"fail-fast", FAIL_FAST, AT(fail_fast), CMD_RUN, "[=N]", "stop after N failures (default 1)", 1, 100000},
    {"tpm", NUMBER, AT(tokens_per_minute), CMD_RUN | CMD_PROBE, "N", "at most so many tokens in a minute, told by answers or expected", 1, 1000000000},
    {"max-tokens", NUMBER, AT(max_tokens), CMD_RUN | CMD_PROBE, "N", "budget of tokens: none is sent once so many are used or under way", 1, 1000000000},
    {"max-requests", NUMBER, AT(max_requests), SENDS, "N", "budget of requests", 1, 1000000},
    {"max-time", DURATION, AT(max_time_ms), SENDS, "TIME", "budget of time", 1, 86400000},
    {"requests", TEXT, AT(requests), CMD_RUN, "FILE",
     "send the recorded requests in this file, one a line, instead of running suites (- is standard input)"},
    {"results", TEXT, AT(results), CMD_RUN, "FILE",
     "with --requests: append what became of each line to this file, and go on with what is there (default reports/out/requests.ndjson, anew)"},
    {"resume", TEXT, AT(resume), CMD_RUN, "FILE", "with --requests: the same, with results that must be there"},
    {"reference", TEXT, AT(reference), CMD_RUN, "FILE",
     "with --requests: results of another run, or recorded exchanges, to compare with who calls a tool"},
    {"stream", FLAG, AT(stream), CMD_RUN, NULL, "with --requests: ask for a stream in each"},
    {"no-stream", FLAG, AT(no_stream), CMD_RUN, NULL, "with --requests: ask for a stream in none"},
    {"seed", NUMBER, AT(seed), SENDS & ~CMD_PROBE, "N", "seed of everything random (default 1)", 0, 4294967295},
    {"dry-run", FLAG, AT(dry_run), CMD_RUN, NULL, "say what would be sent, and send nothing"},
    {"fail-on", WORD, AT(fail_on_name), JUDGES | CMD_FUZZ | CMD_BASELINE, "LEVEL",
     "what fails: must (default), should, portability, flaky, warning or never", .words = fail_on_words},
    {"fail-on", WORD, AT(fail_on_name), CMD_PROBE, "LEVEL",
     "never (default); must: what is ignored silently; should and the others: what is inconsistent too", .words = fail_on_words},
    {"allow", LIST, AT(allow), SENDS & ~CMD_PROBE, "RULE-GLOB", "tolerate findings of these rules"},
    {"baseline", TEXT, AT(baseline), CMD_RUN, "FILE", "failures that are expected; an expectation that is stale or has expired fails the run",
     .of_suites = true},
    {"reason", TEXT, AT(reason), CMD_BASELINE, "TEXT", "why the new entries are put up with"},
    {"issue", TEXT, AT(issue), CMD_BASELINE, "TEXT", "where they are to be mended"},
    {"expires", TEXT, AT(expires), CMD_BASELINE, "DAY", "the last day on which they are put up with: 2026-12-31"},
    {"env", LIST, AT(env), CMD_RUN | CMD_LIST | CMD_EXPLAIN | CMD_MUTATE, "NAME", "environment variable that suites may read as ${env:NAME}",
     .of_suites = true},
    {"report", LIST, AT(reports), SENDS | CMD_REPORT, "FORMAT=PATH", "write a report; - is standard output"},
    {"failures", TEXT, AT(failures), CMD_RUN | CMD_FUZZ, "FOLDER", "store failed cases there for `replay` (default without --report: reports/out/failures)",
     .of_suites = true},
    {"junit-flavor", WORD, AT(junit_flavor), SENDS | CMD_REPORT, "FLAVOR",
     "standard (default), or surefire: only what the Surefire schema knows", .words = flavors},
    {"kind", WORD, AT(kind_name), CMD_CHECK, "KIND",
     "request, response, chunk, stream, list, message_list, error, exchange or auto (default)", .words = kinds},
    {"jsonl", FLAG, AT(jsonl), CMD_CHECK, NULL, "each line is a document"},
    {"jobs", NUMBER, AT(threads), CMD_CHECK, "N", "threads for the lines of --jsonl (default: one a processor, at most 8)", 1, 64},
    {"request", TEXT, AT(request_file), CMD_CHECK, "FILE", "the request that a stream or response answers"},
    {"assemble", FLAG, AT(assemble), CMD_CHECK, NULL, "print the answer that an event stream adds up to; findings go to standard error"},
    {"format", WORD, AT(format), CMD_CHECK, "FORMAT", "text (default), json, sarif or github", .words = check_formats},
    {"format", WORD, AT(format), CMD_LIST | CMD_EXPLAIN, "FORMAT", "text (default) or json", .words = formats},
    {"format", WORD, AT(format), CMD_COMPARE, "FORMAT", "text (default), markdown or html", .words = matrices},
    {"format", WORD, AT(format), CMD_MUTATE | CMD_PROBE, "FORMAT", "text (default), json or markdown", .words = tables},
    {"no-source", FLAG, AT(no_source), CMD_CHECK, NULL, "do not show the line that a finding is about"},
    {"limit", LIMIT, AT(limits), JUDGES | CMD_FUZZ | CMD_PROBE, "NAME=N",
     "bound on what is read: "}, /* and the names of all that there are */
    {"port", NUMBER, AT(port), CMD_SERVE, "N", "port to listen on (default: any free one)", 0, 65535},
    {"defect", LIST, AT(defects), CMD_SERVE, "ID", "do this wrong; a mutant too, but only one"},
    {"defect", LIST, AT(defects), CMD_MUTATE, "GLOB", "only these defects and mutants"},
    {"mutants", LIST, AT(mutants), CMD_MUTATE | CMD_SERVE | CMD_LIST, "PATH",
     "file or folder of mutants (default: those that come with the program)"},
    {"score", TEXT, AT(score), CMD_MUTATE, "FILE", "fail when the score is below the one recorded there"},
    {"write-score", TEXT, AT(write_score), CMD_MUTATE, "FILE", "record the score"},
    {"list-defects", FLAG, AT(list_defects), CMD_SERVE, NULL, "list what can be done wrong"},
    {"color", WORD, AT(color), CMD_RUN | CMD_CHECK | CMD_FUZZ | CMD_REPORT | CMD_PROBE, "WHEN", "auto (default), always or never", .words = colors},
    {"quiet", FLAG, AT(quiet), CMD_RUN | CMD_REPLAY | CMD_MUTATE | CMD_FUZZ | CMD_PROBE, NULL, "no progress"},
    {"print", NUMBER, AT(print), CMD_FUZZ, "N", "print N payloads as lines of JSON, and send nothing", 1, 100000000},
    {"mode", WORD, AT(mode), CMD_FUZZ, "MODE", "positive, negative or all (default)", .words = modes},
    {"rule", LIST, AT(rules), CMD_FUZZ, "RULE-GLOB", "break only these constraints"},
    {"start", NUMBER, AT(start), CMD_FUZZ, "N", "begin with payload N of the seed: goes on where a campaign ended", 0, 2147483647},
    {"from", TEXT, AT(from), CMD_FUZZ, "FILE", "start from the requests of recorded exchanges (lines of JSON)"},
    {"against", TEXT, AT(against), CMD_FUZZ, "URL", "send everything to this endpoint too, and compare"},
    {"shrink", NUMBER, AT(shrink), CMD_FUZZ, "N", "requests that making one finding small may take (default 200)", 0, 10000},
    {"save-case", TEXT, AT(save_case), CMD_FUZZ, "FILE", "append the findings to a suite file, as cases"},
    {"suite", TEXT, AT(suite_file), CMD_NEW, "FILE", "add the case to this suite file, or begin one; default: a suite on standard output"},
    {"id", TEXT, AT(id), CMD_NEW, "ID", "the case's id (default from-curl)"},
    {"help", FLAG, AT(help), CMD_ANY, NULL, "this text"},
    {0},
};

/* --- lists */

bool texts_add(struct texts *texts, const char *text)
{
    const char **items = realloc(texts->items, (texts->count + 2) * sizeof *items);
    if (!items) return false;
    texts->items = items;
    items[texts->count++] = text;
    items[texts->count] = NULL;
    return true;
}

bool texts_match_rule(const struct texts *globs, const char *rule)
{
    for (size_t i = 0; i < globs->count; i++)
        if (rule_matches(globs->items[i], rule)) return true;
    return false;
}

/* --- setting one */

/* A copy of a piece of text that lives as long as the options. */
static char *keep(struct options *options, const char *text, size_t length)
{
    char *copy = strndup(text, length);
    if (copy && texts_add(&options->owned, copy)) return copy;
    free(copy);
    return NULL;
}

static void *member(struct options *options, const struct option *o) { return (char *)options + o->offset; }

static bool set_number(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    long number;
    if (!number_read(value, &number) || number < o->low || number > o->high)
        return why_not(why, size, "--%s %s: a number from %ld to %ld is expected", o->name, value, o->low, o->high);
    *(long *)member(options, o) = number;
    return true;
}

static bool set_duration(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    long ms = duration_read(value);
    if (ms < o->low || ms > o->high)
        return why_not(why, size, "--%s %s: a time such as 500ms, 30s or 10m is expected, at most %ldh", o->name, value, o->high / 3600000);
    *(long *)member(options, o) = ms;
    return true;
}

static bool set_word(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    char list[256] = "";
    for (const char *const *word = o->words; *word; word++) {
        size_t used = strlen(list);
        if (strcmp(value, *word) == 0) {
            *(const char **)member(options, o) = value;
            return true;
        }
        snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", *word);
    }
    return why_not(why, size, "--%s %s: one of %s is expected", o->name, value, list);
}

static bool set_shard(struct options *options, const char *value, char *why, size_t size)
{
    char shard[16] = "";
    const char *slash = strchr(value, '/');
    if (slash && slash - value < (long)sizeof shard) snprintf(shard, sizeof shard, "%.*s", (int)(slash - value), value);
    bool fine = number_read(shard, &options->shard) && number_read(slash + 1, &options->shards);
    return (fine && options->shard >= 1 && options->shard <= options->shards && options->shards <= 10000) ||
           why_not(why, size, "--shard %s: a part such as 2/3 is expected, of 10000 at most", value);
}

static bool set_option(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    switch (o->type) {
    case TEXT:
        if (!*value) return why_not(why, size, "--%s needs a value", o->name);
        *(const char **)member(options, o) = value;
        return true;
    case WORD: return set_word(options, o, value, why, size);
    case FLAG: *(bool *)member(options, o) = true; return true;
    case LIST: return texts_add(member(options, o), value) || why_no_memory(why, size);
    case RATE: return rate_read(value, member(options, o)) || why_not(why, size, "--rate %s: a rate such as 5/s or 60/m is expected", value);
    case TIMEOUTS: return timeouts_read(value, member(options, o), why, size);
    case SHARD: return set_shard(options, value, why, size);
    case LIMIT: return limit_read(value, member(options, o), why, size);
    case DURATION: return set_duration(options, o, value, why, size);
    case NUMBER:
    case FAIL_FAST: return set_number(options, o, value, why, size);
    }
    return false;
}

/* --- flags */

static const struct option *find_option(const char *name, size_t length, enum command_bit command)
{
    for (const struct option *o = table; o->name; o++)
        if ((o->commands & command) && strlen(o->name) == length && strncmp(o->name, name, length) == 0) return o;
    return NULL;
}

static bool no_such_option(const char *flag, enum command_bit command, char *why, size_t size)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(flag, "="), flag);
    struct nearest nearest = nearest_to(name);
    for (const struct option *o = table; o->name; o++)
        if (o->commands & command) nearest_try(&nearest, o->name);
    if (nearest.best) return why_not(why, size, "there is no option --%s here; did you mean --%s?", name, nearest.best);
    return why_not(why, size, "there is no option --%s here; --help lists them", name);
}

/* What stands on a command line can be read by everybody on the machine. Who writes the organisation there gives no secret away. */
static bool tells_secret(const struct option *o, const char *value)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(value, ":"), value);
    return o->offset == AT(headers) && redact_header(name) && strncasecmp(name, "openai-", 7) != 0;
}

static bool set_from_flag(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    if (!tells_secret(o, value)) return set_option(options, o, value, why, size);
    return why_not(why, size, "--header \"%.*s: ...\" would show a secret to the whole machine; put the line into the variable "
                   "CHATCONFORM_HEADER", (int)strcspn(value, ":"), value);
}

static bool read_flag(struct options *options, enum command_bit command, char **argv, int *i, bool *set, char *why, size_t size)
{
    const char *flag = argv[*i] + 2, *equals = strchr(flag, '='), *next = argv[*i + 1];
    size_t length = strcspn(flag, "=");
    if (length == 7 && strncmp(flag, "api-key", length) == 0)
        return why_not(why, size, "a key is never given as an argument; use --api-key-env NAME or --api-key-file FILE");
    const struct option *o = find_option(flag, length, command);
    if (!o) return no_such_option(flag, command, why, size);
    set[o - table] = true;
    if (o->type == FLAG && equals) return why_not(why, size, "--%s takes no value", o->name);
    if (o->type == FLAG) return set_option(options, o, "", why, size);
    if (equals) return set_from_flag(options, o, equals + 1, why, size);
    if (o->type == FAIL_FAST) return set_option(options, o, "1", why, size);
    if (!next || strncmp(next, "--", 2) == 0) return why_not(why, size, "--%s needs a value: %s", o->name, o->value);
    ++*i;
    return set_from_flag(options, o, next, why, size);
}

static bool read_flags(struct options *options, enum command_bit command, int argc, char **argv, bool *set, char *why, size_t size)
{
    bool only_arguments = false;
    for (int i = 1; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && strcmp(argv[i], "-h") == 0) {
            options->help = true;
        } else if (!only_arguments && strncmp(argv[i], "--", 2) == 0) {
            if (!read_flag(options, command, argv, &i, set, why, size)) return false;
        } else if (!only_arguments && argv[i][0] == '-' && argv[i][1]) {
            return why_not(why, size, "there is no option %s; --help lists them", argv[i]);
        } else if (!texts_add(&options->arguments, argv[i])) {
            return why_no_memory(why, size);
        }
    }
    return true;
}

/* --- environment */

/* A list has one item a line. */
static bool set_lines(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    while (*value) {
        size_t length = strcspn(value, "\n");
        char *item = keep(options, value, length);
        if (!item) return why_no_memory(why, size);
        if (length && !set_option(options, o, item, why, size)) return false;
        value += length + (value[length] == '\n');
    }
    return true;
}

/* "fail-on" is CHATCONFORM_FAIL_ON. */
static const char *variable_name(const struct option *o, char *name, size_t size)
{
    snprintf(name, size, "CHATCONFORM_%s", o->name);
    for (char *c = name; *c; c++) *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    return name;
}

static bool read_variable(struct options *options, const struct option *o, bool *set, char *why, size_t size)
{
    char name[64], inner[512];
    const char *value = getenv(variable_name(o, name, sizeof name));
    if (!value || !*value || (o->type == FLAG && strcmp(value, "0") == 0)) return true;
    *set = true;
    bool several = o->type == LIST || o->type == LIMIT;
    return (several ? set_lines : set_option)(options, o, value, inner, sizeof inner) || why_not(why, size, "%s: %s", name, inner);
}

static bool read_environment(struct options *options, enum command_bit command, bool *set, char *why, size_t size)
{
    for (const struct option *o = table; o->name; o++) {
        if (!(o->commands & command) || set[o - table] || o->offset == AT(help)) continue;
        if (!read_variable(options, o, &set[o - table], why, size)) return false;
    }
    return true;
}

/* --- target file */

struct target_setting {
    struct options *options;
    enum command_bit command;
    const bool *set; /* by a flag or the environment: those win */
};

static bool set_from_target(void *context, const char *name, const char *value, char *why, size_t size)
{
    const struct target_setting *setting = context;
    const struct option *o = find_option(name, strlen(name), setting->command);
    if (!o || setting->set[o - table]) return true; /* what no flag sets describes the target to people */
    char *own = keep(setting->options, value, strlen(value));
    if (!own) return why_no_memory(why, size);
    return set_option(setting->options, o, own, why, size);
}

/* --- what the words mean */

static void understand_words(struct options *o, enum command_bit command)
{
    for (unsigned level = CC_MUST; o->level_name && level <= CC_HABIT; level++)
        if (strcmp(cc_level_name((enum cc_level)level), o->level_name) == 0) o->level = (enum cc_level)level;
    o->profile = cc_profile_find(o->profile_name ? o->profile_name : "openai");
    o->fail_on = fail_on_find(o->fail_on_name || command != CMD_PROBE ? o->fail_on_name : "never");
    o->kind = o->kind_name ? cc_kind_find(o->kind_name) : CC_AUTO;
}

/* Whoever gives a key where its name belongs shall not read the key in a log. */
static bool check_variable(const char *flag, const char *name, char *why, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    if (!name || (!name[strspn(name, letters)] && *name && (*name < '0' || *name > '9'))) return true;
    return why_not(why, size, "--%s takes the name of an environment variable, not a value", flag);
}

static bool check_report(const char *report, char *why, size_t size)
{
    const char *equals = strchr(report, '=');
    char name[32];
    if (!equals || !equals[1]) return why_not(why, size, "--report %s: FORMAT=PATH is expected", report);
    snprintf(name, sizeof name, "%.*s", (int)(equals - report), report);
    if (report_writer_find(name)) return true;
    struct nearest nearest = nearest_to(name);
    for (const struct report_writer *w = report_writers; w->name; w++) nearest_try(&nearest, w->name);
    return why_not(why, size, "--report %s: there is no report format \"%s\"%s%s%s", report, name, nearest.best ? "; did you mean " : "",
                   nearest.best ? nearest.best : "", nearest.best ? "?" : "");
}

/* What is wrong is not repeated: it may be a secret that stands in the wrong place. */
static bool check_header(const char *line, char *why, size_t size)
{
    size_t length = strcspn(line, ":");
    char *name = strndup(line, length);
    bool allowed = name && line[length] && http_header_allowed(name, line + length + 1);
    free(name);
    if (allowed) return true;
    return why_not(why, size, "--header takes \"NAME: VALUE\": a name of letters, digits and hyphens, and a value on one line");
}

static bool check_lists(const struct options *o, char *why, size_t size)
{
    for (size_t i = 0; i < o->headers.count; i++)
        if (!check_header(o->headers.items[i], why, size)) return false;
    for (size_t i = 0; i < o->env.count; i++)
        if (!check_variable("env", o->env.items[i], why, size)) return false;
    for (size_t i = 0; i < o->reports.count; i++)
        if (!check_report(o->reports.items[i], why, size)) return false;
    return check_variable("api-key-env", o->api_key_env, why, size);
}

bool options_read(struct options *options, enum command_bit command, int argc, char **argv, char *why, size_t why_size)
{
    bool set[sizeof table / sizeof *table] = {false};
    *options = (struct options){.jobs = 4, .attempts = 1, .seed = 1, .shrink = -1};
    if (!read_flags(options, command, argc, argv, set, why, why_size)) return false;
    if (options->help) return true;
    if (!read_environment(options, command, set, why, why_size)) return false;
    for (const struct option *o = table; o->name; o++)
        if (set[o - table] && o->of_suites) options->of_suites = o->name;
    struct target_setting setting = {options, command, set};
    if (options->target && !target_read(options->target, set_from_target, &setting, why, why_size)) return false;
    understand_words(options, command);
    return check_lists(options, why, why_size);
}

void options_clear(struct options *options)
{
    for (size_t i = 0; i < options->owned.count; i++) free((void *)(uintptr_t)options->owned.items[i]);
    for (const struct option *o = table; o->name; o++) { /* two rows may share a list */
        if (o->type != LIST) continue;
        free((void *)((struct texts *)member(options, o))->items);
        *(struct texts *)member(options, o) = (struct texts){0};
    }
    free((void *)options->owned.items);
    free((void *)options->arguments.items);
    *options = (struct options){0};
}

bool colour_wanted(const struct options *options, FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    if (options->color && strcmp(options->color, "auto") != 0) return strcmp(options->color, "always") == 0;
    return !(no_color && *no_color) && isatty(fileno(out));
}

static const char *sentence_of(const struct option *o, char *text, size_t size)
{
    if (o->type != LIMIT) return o->sentence;
    size_t used = (size_t)snprintf(text, size, "%s", o->sentence);
    for (size_t i = 0; cc_limit_at(i) && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", cc_limit_at(i)->name);
    return text;
}

void options_each(enum command_bit command, option_visit *each, void *context)
{
    char text[256];
    for (const struct option *o = table; o->name; o++)
        if (o->commands & command) each(context, o->name, o->value, sentence_of(o, text, sizeof text));
}
