/* probe_command.c: `chatconform probe [CAPABILITY...]`: the map of what an endpoint can do. */
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/probe/probe.h"
#include "harness/probe/target_save.h"
#include "harness/run/conclude.h"
#include "harness/run/select.h"
#include "harness/run/writing.h"
#include "reports/report.h"

#include <stdio.h>
#include <string.h>

static bool print_map(const struct options *o, const struct run_result *run)
{
    if (o->format && strcmp(o->format, "json") == 0) return report_capabilities_json(stdout, run);
    if (o->format && strcmp(o->format, "markdown") == 0) return report_capabilities_markdown(stdout, run);
    return report_capabilities_text(stdout, run, colour_wanted(o, stdout));
}

/* --- the verdict */

static bool fails(const struct options *o, const struct run_result *run)
{
    bool strict = o->fail_on->warnings || o->fail_on->flaky;
    if (!o->fail_on->errors) return false;
    return capability_count(run, CAPABILITY_SILENT) || (strict && capability_count(run, CAPABILITY_INCONSISTENT));
}

static void sum_up(const struct options *o, struct run_result *run)
{
    size_t all = run->capability_count, unknown = capability_count(run, CAPABILITY_UNKNOWN);
    if (unknown == all) {
        run_set_verdict(run, EXIT_INCOMPLETE, "nothing could be judged: %s", all ? run->capabilities[0].evidence : "no probe was sent");
        return;
    }
    run_set_verdict(run, fails(o, run) ? EXIT_FAILED : EXIT_FINE,
                    "%zu capabilities: %zu supported, %zu refused honestly, %zu ignored silently, %zu inconsistent, %zu not judged; "
                    "%lld requests, %lld tokens", all, capability_count(run, CAPABILITY_SUPPORTED), capability_count(run, CAPABILITY_HONEST),
                    capability_count(run, CAPABILITY_SILENT), capability_count(run, CAPABILITY_INCONSISTENT), unknown, run->requests,
                    run->tokens);
}

static void settle(const struct options *o, struct run_result *run, enum run_end end, const char *why)
{
    if (end == RUN_BROKEN) run_set_verdict(run, EXIT_BROKEN, "%s", why);
    else if (end == RUN_UNREACHABLE) run_set_verdict(run, EXIT_UNREACHABLE, "%s", run->broken);
    else if (end == RUN_INCOMPLETE)
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: %s; %zu of %zu tries were not made", run->verdict, run->not_run,
                        run->case_count);
    else sum_up(o, run);
}

/* --- the command */

/* What was found goes to standard output once: as the map, unless a report was sent there. */
static bool report(const struct options *o, const struct run_result *run, char *why, size_t size)
{
    bool fine = reports_write_files(o, run, why, size), map_wanted = run->capability_count && !reports_to_stdout(o->reports.items);
    if (map_wanted && !print_map(o, run)) fine = why_not(why, size, "standard output could not be written");
    fflush(stdout);
    if (fine && o->save && run->capability_count) fine = target_save(o->save, o, run, why, size);
    return fine;
}

static int probe(const struct session *session, const struct options *o, struct run_result *run, char *why, size_t size)
{
    bool bad_usage;
    session_describe(session, run);
    enum run_end end = probe_run(session, &o->arguments, run, &bad_usage, why, size);
    if (bad_usage) return EXIT_USAGE;
    settle(o, run, end, why);
    *why = '\0';
    bool written = report(o, run, why, size);
    escape_terminal(stderr, run->verdict);
    putc('\n', stderr);
    return written ? run->exit_code : EXIT_BROKEN;
}

int command_probe(struct options *options, char *why, size_t why_size)
{
    struct session session = {0};
    struct run_result run = {0};
    int code = EXIT_BROKEN;
    if (options->save && !options->base_url) {
        why_not(why, why_size, "--save needs --base-url: the embedded endpoint is gone when the program ends");
        return EXIT_USAGE;
    }
    if (!known_capabilities(options->profile, options->auth, &options->capabilities)) why_no_memory(why, why_size);
    else if ((code = session_begin(&session, options, "probing", false, why, why_size)) == EXIT_FINE)
        code = probe(&session, options, &run, why, why_size);
    run_result_clear(&run);
    session_end(&session);
    return code;
}
