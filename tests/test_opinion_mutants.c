/* test_opinion_mutants.c: the mutants against what was written apart from this program: the catalogue, whose names and severities they
 * carry, and recorded answers of the official endpoint, edited as they say. */
#include "endpoint/payload.h"
#include "endpoint/tamper.h"
#include "harness/mutate/mutants.h"
#include "tests/catalogue.h"
#include "tests/traffic.h"

enum {
    TRIED = 3,      /* recordings that each mutant is tried on */
    RECORDED = 362, /* exchanges */
};

static struct written_mutants mutants;

static void read_mutants(void)
{
    static const struct options usual = {.profile = CC_OPENAI};
    char why[1024] = "";
    ck_assert_msg(mutants_read(&mutants, &usual, why, sizeof why), "%s", why);
    ck_assert_uint_ge(mutants.count, 400);
}

static void forget_mutants(void) { mutants_clear(&mutants); }

/* --- the catalogue */

static struct json_object *entry_of(struct json_object *catalogue, const char *id)
{
    for (size_t i = 0; i < json_object_array_length(catalogue); i++)
        if (strcmp(text_in(json_object_array_get_idx(catalogue, i), "id"), id) == 0) return json_object_array_get_idx(catalogue, i);
    return NULL;
}

START_TEST(severities_are_those_of_the_catalogue)
{
    struct json_object *catalogue = shared_yaml("spec/rules.yaml");
    if (!catalogue) return;
    for (size_t i = 0; i < mutants.count; i++) {
        const struct written_mutant *m = &mutants.items[i];
        struct json_object *entry = m->first_broken ? entry_of(catalogue, m->first_broken) : NULL;
        if (!m->first_broken || strncmp(m->first_broken, "openai:", 7) == 0) continue; /* the catalogue has nothing of it, the document has */
        ck_assert_msg(entry != NULL, "%s: the catalogue has no %s", m->id, m->first_broken);
        ck_assert_msg(strcmp(cc_severity_name(cc_level_severity(m->level)), text_in(entry, "severity")) == 0, "%s: %s is a %s", m->id,
                      m->first_broken, text_in(entry, "severity"));
    }
    json_object_put(catalogue);
}
END_TEST

/* --- recorded answers */

/* Mutants that change nothing of note in any of the first recordings that they fit. */
static const struct exception exceptions[] = {
    {"answers/choices-ignore-n", "the requests with n that were recorded ask for one choice"},
    {"deltas/calls-all-first", "one call alone has the index 0 anyway"},
    {"deltas/call-ids-same", "one call alone shares its id with none"},
    {"http/model-refused-with-400", "which status is right only the case knows that asked"},
    {"http/remaining-above-limit", "the official limits are higher than those of the reference endpoint"},
    {0},
};

/* One recording, as the endpoint would hold it before it goes out. */
struct recording {
    struct json_object *line, *reply;
    const char *request;
    struct cc_header headers[64], request_headers[2];
};

static struct json_object *events_of(const char *sse)
{
    struct json_object *events = json_object_new_array();
    for (const char *at = strstr(sse, "data: {"); at; at = strstr(at + 1, "\ndata: {") ? strstr(at + 1, "\ndata: {") + 1 : NULL) {
        struct json_object *event = NULL;
        size_t length = strcspn(at + 6, "\r\n");
        if (cc_read_object(at + 6, length, NULL, &event, NULL, 0)) json_object_array_add(events, event);
    }
    return events;
}

static void record(struct recording *r, struct json_object *line)
{
    *r = (struct recording){.line = json_object_get(line)};
    struct json_object *headers = json_object_object_get(r->line, "response_headers"), *reply = json_object_new_object();
    const char *sse = text_in(r->line, "sse");
    r->request = json_object_to_json_string_ext(json_object_object_get(r->line, "request"), JSON_C_TO_STRING_PLAIN);
    r->reply = reply;
    json_object_object_add(reply, "status", json_object_get(json_object_object_get(r->line, "status")));
    json_object_object_add(reply, "headers", json_object_get(headers));
    if (sse) {
        json_object_object_add(reply, "events", events_of(sse));
        json_object_object_add(reply, "before", json_object_new_string("data: "));
        json_object_object_add(reply, "after", json_object_new_string("\n\n"));
        json_object_object_add(reply, "end", json_object_new_string("data: [DONE]\n\n"));
    } else {
        json_object_object_add(reply, "body", json_object_get(json_object_object_get(r->line, "response")));
    }
}

static void forget(struct recording *r)
{
    json_object_put(r->reply);
    json_object_put(r->line);
}

/* The names of what is found in a reply, with blanks around each; errors alone with `errors`. The caller frees it. */
static char *found_in(const struct recording *r, struct json_object *reply, unsigned profile, bool errors)
{
    struct payload payload;
    struct cc_header headers[64] = {{0}};
    size_t count = 0, length;
    char *names = NULL;
    FILE *out = open_memstream(&names, &length);
    json_object_object_foreach(json_object_object_get(reply, "headers"), name, value)
        if (count < 63) headers[count++] = (struct cc_header){name, json_object_get_string(value)};
    ck_assert(payload_write(reply, &payload));
    struct cc_checker *checker = cc_checker_new(&(struct cc_options){.profile = profile, .no_bearer = true});
    struct cc_exchange exchange = {.method = "POST", .url = text_in(r->line, "url"), .request = r->request,
                                   .request_length = strlen(r->request),
                                   .response_headers = headers, .response = payload.bytes, .response_length = payload.length};
    exchange.status = json_object_get_int(json_object_object_get(reply, "status"));
    const struct cc_report *report = cc_check_exchange(checker, &exchange);
    fputc(' ', out);
    for (size_t i = 0; i < report->count; i++)
        if (report->findings[i].in != CC_IN_REQUEST && (!errors || report->findings[i].severity == CC_ERROR))
            fprintf(out, "%s ", report->findings[i].rule->id);
    fclose(out);
    cc_checker_free(checker);
    payload_clear(&payload);
    return names;
}

static bool names_one(const char *names, const struct texts *rules)
{
    char name[256];
    for (size_t i = 0; i < rules->count; i++) {
        snprintf(name, sizeof name, " %s ", rules->items[i]);
        if (strstr(names, name)) return true;
    }
    return false;
}

struct attempt {
    const struct written_mutant *mutant;
    struct tamper *tamper;
    size_t fitted, found, blamed;
    char *last; /* what was found last */
};

static void try_on(struct attempt *t, const struct recording *r)
{
    struct json_object *reply = NULL;
    struct call call = {.method = "POST", .path = "/v1/chat/completions", .body = r->request, .length = strlen(r->request)};
    unsigned profile = t->mutant->profile ? t->mutant->profile : CC_OPENAI;
    size_t before = tamper_count(t->tamper);
    json_object_deep_copy(r->reply, &reply, NULL);
    tamper_apply(t->tamper, &call, reply);
    if (tamper_count(t->tamper) > before) {
        char *clean = found_in(r, r->reply, profile, false);
        free(t->last);
        t->last = found_in(r, reply, profile, t->mutant->legal != NULL);
        bool counts = t->mutant->legal || !names_one(clean, &t->mutant->rules); /* what was so before proves nothing */
        t->fitted += counts;
        t->found += counts && names_one(t->last, &t->mutant->rules);
        t->blamed += t->mutant->legal && strcmp(t->last, " ") != 0;
        free(clean);
    }
    json_object_put(reply);
}

struct recordings {
    struct recording items[RECORDED];
    size_t count;
};

static void add_recording(void *context, const struct recorded *recorded)
{
    struct recordings *all = context;
    ck_assert_uint_lt(all->count, RECORDED);
    record(&all->items[all->count++], recorded->exchange);
}

static void forget_recordings(struct recordings *all)
{
    for (size_t i = 0; i < all->count; i++) forget(&all->items[i]);
    free(all);
}

START_TEST(edited_recordings_break_what_the_mutants_say)
{
    struct recordings *recordings = calloc(1, sizeof *recordings);
    size_t fitting = 0, legal = 0, wrong = 0;
    ck_assert_ptr_nonnull(recordings);
    if (!each_recorded(add_recording, recordings)) {
        free(recordings);
        return;
    }
    ck_assert_uint_eq(recordings->count, RECORDED);
    for (size_t i = 0; i < mutants.count; i++) {
        char why[256] = "";
        struct attempt t = {.mutant = &mutants.items[i]};
        t.tamper = tamper_new(mutants.items[i].json, why, sizeof why);
        ck_assert_msg(t.tamper != NULL, "%s: %s", mutants.items[i].id, why);
        for (size_t k = 0; k < recordings->count && t.fitted < TRIED; k++) try_on(&t, &recordings->items[k]);
        fitting += t.fitted > 0;
        legal += t.fitted > 0 && t.mutant->legal;
        bool well = t.mutant->legal ? !t.blamed : t.fitted == 0 || (t.found > 0) != (exception_for(exceptions, t.mutant->id) != NULL);
        if (!well) fprintf(stderr, "%s (%zu of %zu): %s\n", t.mutant->id, t.found, t.fitted, t.last);
        wrong += !well;
        free(t.last);
        tamper_free(t.tamper);
    }
    forget_recordings(recordings);
    printf("recordings: %zu mutants fit, %zu of them legal\n", fitting, legal);
    fflush(stdout);
    ck_assert_uint_ge(fitting, 200);
    ck_assert_uint_ge(legal, 15);
    ck_assert_msg(wrong == 0, "%zu mutants are judged otherwise in recorded answers", wrong);
}
END_TEST

static Suite *mutants_suite(void)
{
    Suite *suite = suite_create("opinion of the mutants");
    TCase *tcase = tcase_create("mutants");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, read_mutants, forget_mutants);
    tcase_add_test(tcase, severities_are_those_of_the_catalogue);
    tcase_add_test(tcase, edited_recordings_break_what_the_mutants_say);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(mutants_suite)
