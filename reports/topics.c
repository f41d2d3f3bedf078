/* topics.c: see topics.h. Cases that were skipped or are not supported count for nobody. */
#include "reports/topics.h"

#include "reports/html.h"

#include <stdlib.h>
#include <string.h>

enum { TOPIC_COLUMN = 60, COUNT_COLUMN = 12 };

struct topic {
    const char *name;
    size_t passed[MATRIX_RUNS_MAX], judged[MATRIX_RUNS_MAX];
};

/* The first rows are about all suites. */
enum { ANSWERED, REFUSED, OVERALL };

struct topics {
    struct topic *rows;
    size_t count;
};

static void count_case(struct topic *topic, size_t run, const struct case_result *cell)
{
    enum outcome outcome = cell ? state_outcome(cell->state) : OUTCOME_SKIP;
    topic->judged[run] += outcome != OUTCOME_SKIP;
    topic->passed[run] += outcome == OUTCOME_PASS || outcome == OUTCOME_WARN;
}

/* What is wrong may be refused in a bad form, or be accepted with no more than a warning: neither is what counts here. */
static bool was_refused(const struct case_result *cell)
{
    for (size_t i = 0; i < cell->finding_count; i++)
        if (cell->findings[i].in == CC_IN_REQUEST || strcmp(cell->findings[i].rule, "expect.rejected.status") == 0)
            return false;
    return true;
}

static void count_refusal(struct topic *topic, size_t run, const struct case_result *cell)
{
    enum outcome outcome = cell ? state_outcome(cell->state) : OUTCOME_SKIP;
    bool judged = outcome != OUTCOME_SKIP && outcome != OUTCOME_ERROR;
    topic->judged[run] += judged;
    topic->passed[run] += judged && was_refused(cell);
}

static struct topic *topic_of(struct topics *topics, const char *name)
{
    for (size_t i = OVERALL; i < topics->count; i++)
        if (strcmp(topics->rows[i].name, name) == 0)
            return &topics->rows[i];
    struct topic *made = &topics->rows[topics->count++];
    made->name = name;
    return made;
}

/* Suites in the order of their names, as the rows of the matrix stand in another. */
static int compare_topics(const void *one, const void *other)
{
    return strcmp(((const struct topic *)one)->name, ((const struct topic *)other)->name);
}

static bool build(struct topics *topics, const struct matrix *m)
{
    *topics = (struct topics){.rows = calloc(m->row_count + OVERALL, sizeof *topics->rows), .count = OVERALL};
    if (!topics->rows)
        return false;
    topics->rows[ANSWERED].name = "requests that are right are answered rightly";
    topics->rows[REFUSED].name = "requests that are wrong are refused";
    for (size_t i = 0; i < m->row_count; i++) {
        const struct case_result *any = m->rows[i].any;
        struct topic *topic = topic_of(topics, any->suite ? any->suite : "");
        for (size_t k = 0; k < m->run_count; k++) {
            count_case(topic, k, m->rows[i].cells[k]);
            if (any->refusal)
                count_refusal(&topics->rows[REFUSED], k, m->rows[i].cells[k]);
            else
                count_case(&topics->rows[ANSWERED], k, m->rows[i].cells[k]);
        }
    }
    qsort(topics->rows + OVERALL, topics->count - OVERALL, sizeof *topics->rows, compare_topics);
    return true;
}

/* True when no other run passed a greater part, and some passed a smaller one: the best, where there is a choice. */
static bool is_best(const struct topic *topic, size_t run, size_t runs)
{
    bool best = topic->judged[run] > 0, worse = false;
    for (size_t k = 0; k < runs; k++) {
        size_t ours = topic->passed[run] * topic->judged[k], theirs = topic->passed[k] * topic->judged[run];
        best = best && (!topic->judged[k] || ours >= theirs);
        worse = worse || (topic->judged[k] && ours > theirs);
    }
    return best && worse;
}

static bool is_wanted(const struct topic *topic, size_t runs)
{
    for (size_t k = 0; k < runs; k++)
        if (topic->judged[k])
            return true;
    return false;
}

/* "9 of 12", "-" when nothing was judged. */
static void show_count(char *out, size_t size, const struct topic *topic, size_t run)
{
    if (topic->judged[run])
        snprintf(out, size, "%zu of %zu", topic->passed[run], topic->judged[run]);
    else
        snprintf(out, size, "-");
}

static void text_topic(FILE *out, const struct topic *topic, size_t runs)
{
    char shown[64];
    fputs("  ", out);
    escape_column(out, topic->name, TOPIC_COLUMN);
    for (size_t k = 0; k < runs; k++) {
        show_count(shown, sizeof shown - 1, topic, k);
        if (is_best(topic, k, runs))
            snprintf(shown + strlen(shown), 2, "*");
        fprintf(out, "  %-*s", COUNT_COLUMN, shown);
    }
    putc('\n', out);
}

bool topics_text(FILE *out, const struct matrix *m)
{
    struct topics topics;
    if (!build(&topics, m))
        return false;
    fprintf(out, "\n%-*s", TOPIC_COLUMN + 2, "Cases passed (* the most)");
    for (size_t k = 0; k < m->run_count; k++)
        fprintf(out, "  %-*c", COUNT_COLUMN, (char)('A' + k));
    putc('\n', out);
    for (size_t i = 0; i < topics.count; i++)
        if (is_wanted(&topics.rows[i], m->run_count))
            text_topic(out, &topics.rows[i], m->run_count);
    free(topics.rows);
    return true;
}

bool topics_markdown(FILE *out, const struct matrix *m)
{
    struct topics topics;
    char shown[64];
    if (!build(&topics, m))
        return false;
    fputs("\n| cases passed |", out);
    for (size_t k = 0; k < m->run_count; k++)
        fprintf(out, " %c |", (char)('A' + k));
    fputs("\n|---|", out);
    for (size_t k = 0; k < m->run_count; k++)
        fputs("---|", out);
    putc('\n', out);
    for (size_t i = 0; i < topics.count; i++) {
        if (!is_wanted(&topics.rows[i], m->run_count))
            continue;
        fputs("| ", out);
        escape_markdown(out, topics.rows[i].name);
        for (size_t k = 0; k < m->run_count; k++) {
            const char *mark = is_best(&topics.rows[i], k, m->run_count) ? "**" : "";
            show_count(shown, sizeof shown, &topics.rows[i], k);
            fprintf(out, " | %s%s%s", mark, shown, mark);
        }
        fputs(" |\n", out);
    }
    free(topics.rows);
    return true;
}

bool topics_html(FILE *out, const struct matrix *m)
{
    struct topics topics;
    char shown[64];
    if (!build(&topics, m))
        return false;
    fputs("<section class=\"topics\"><h2>Topics</h2>\n<div class=\"card grid\"><table>\n<thead><tr><th>cases passed</th>", out);
    for (size_t k = 0; k < m->run_count; k++)
        fprintf(out, "<th>%c</th>", (char)('A' + k));
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < topics.count; i++) {
        if (!is_wanted(&topics.rows[i], m->run_count))
            continue;
        fputs("<tr><th>", out);
        escape_html(out, topics.rows[i].name);
        fputs("</th>", out);
        for (size_t k = 0; k < m->run_count; k++) {
            bool best = is_best(&topics.rows[i], k, m->run_count);
            show_count(shown, sizeof shown, &topics.rows[i], k);
            fprintf(out, "<td>%s%s%s</td>", best ? "<strong>" : "", shown, best ? "</strong>" : "");
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div></section>\n", out);
    free(topics.rows);
    return true;
}
