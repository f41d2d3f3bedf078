/* test_tables.c: the tables against themselves: every constraint is well made, and every document that they imply gets exactly the finding
 * that it deserves, under each profile. */
#include "chatconform.h"
#include "tests/testing.h"
#include "validator/lib/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- rows */

static bool id_is_well_formed(const char *id)
{
    for (const char *c = id; *c; c++) {
        bool fine = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_' || *c == '.' || *c == '-';
        if (!fine || (*c == '.' && (c == id || c[1] == '.' || !c[1]))) return false;
    }
    return strchr(id, '.') != NULL;
}

START_TEST(every_rule_is_whole)
{
    ck_assert_uint_gt(cc_rule_count(), 600);
    for (size_t i = 0; i < cc_rule_count(); i++) {
        const struct cc_rule *r = cc_rule_at(i);
        ck_assert_msg(id_is_well_formed(r->id), "%s is no id", r->id);
        ck_assert_msg(r->level >= CC_MUST && r->level <= CC_HABIT, "%s has no level", r->id);
        ck_assert_msg(r->profiles && !(r->profiles & ~(unsigned)(CC_NEWAPI | CC_OPENAI)), "%s has no profile", r->id);
        ck_assert_msg(r->source && *r->source, "%s has no source", r->id);
        ck_assert_msg(r->sentence && *r->sentence, "%s has no sentence", r->id);
        ck_assert_msg(r->sentence[strlen(r->sentence) - 1] != '.', "the sentence of %s ends with a full stop", r->id);
        ck_assert_msg(r->path != NULL, "%s has no path", r->id);
        ck_assert_msg(strcmp(r->kind, "other") != 0, "%s has no kind", r->id);
        ck_assert_ptr_eq(cc_rule_find(r->id), r);
    }
    ck_assert_ptr_null(cc_rule_at(cc_rule_count()));
    ck_assert_ptr_null(cc_rule_find("request.no.such.rule"));
}
END_TEST

/* One id is one constraint: wherever it is derived again, level and profiles must agree, or the second row would silently lose its own. */
START_TEST(rows_that_share_an_id_agree)
{
    ck_assert_uint_eq(constraint_clashes(), 0);
}
END_TEST

/* --- derived documents */

struct counting {
    struct cc_checker *checkers[CC_OPENAI + 1];
    size_t cases, failed;
    unsigned char *bad, *good; /* by rule: how many documents were derived */
};

static size_t index_of(const struct cc_rule *rule)
{
    size_t i = 0;
    while (cc_rule_at(i) != rule) i++;
    return i;
}

static bool comes_along(const struct cc_finding *finding)
{
    const char *end = strrchr(finding->rule->id, '.');
    return finding->rule->level == CC_DEPRECATED || strcmp(end, ".deprecated") == 0;
}

static void complain(const struct cc_case *derived, const struct cc_report *report)
{
    fprintf(stderr, "%s (%s, %s)\n  %.600s\n", derived->name, cc_kind_name(derived->kind), cc_profile_name(derived->profile), derived->text);
    for (size_t i = 0; i < report->count; i++)
        fprintf(stderr, "  found %s at %s: %s\n", report->findings[i].rule->id, report->findings[i].pointer, report->findings[i].message);
}

static bool count_case(void *context, const struct cc_case *derived)
{
    struct counting *c = context;
    const struct cc_report *report = cc_check(c->checkers[derived->profile], derived->kind, derived->text, derived->length);
    size_t hits = 0, others = 0;
    bool placed = true;
    ck_assert_ptr_nonnull(report);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->rule == derived->rule) {
            hits++;
            if (derived->pointer && derived->kind != CC_EXCHANGE) placed &= strcmp(f->pointer, derived->pointer) == 0;
        } else if (!comes_along(f)) {
            others++;
        }
    }
    c->cases++;
    (derived->rule ? c->bad : c->good)[index_of(derived->about)] = 1;
    if (others == 0 && hits == (derived->rule != NULL) && placed) return true;
    c->failed++;
    complain(derived, report);
    return true;
}

static void counting_open(struct counting *c)
{
    *c = (struct counting){.bad = calloc(cc_rule_count(), 1), .good = calloc(cc_rule_count(), 1)};
    c->checkers[CC_OPENAI] = cc_checker_new(&(struct cc_options){.profile = CC_OPENAI});
    c->checkers[CC_NEWAPI] = cc_checker_new(&(struct cc_options){.profile = CC_NEWAPI});
    ck_assert(c->bad && c->good && c->checkers[CC_OPENAI] && c->checkers[CC_NEWAPI]);
}

static void counting_close(struct counting *c)
{
    cc_checker_free(c->checkers[CC_OPENAI]);
    cc_checker_free(c->checkers[CC_NEWAPI]);
    free(c->bad);
    free(c->good);
}

START_TEST(derived_documents_get_exactly_their_finding)
{
    struct counting c;
    counting_open(&c);
    ck_assert(cc_each_case(count_case, &c));
    ck_assert_uint_gt(c.cases, 5000);
    ck_assert_msg(c.failed == 0, "%zu of %zu derived documents are judged otherwise", c.failed, c.cases);
    counting_close(&c);
}
END_TEST

/* What no single small JSON document can break; hand-written documents do, in the tests named here. */
static const char *const proved_elsewhere[] = {
    "json.",                                                       /* texts, not documents: test_reader_remarks.c */
    "request.messages.assistant.content.required_unless_strict",   /* newapi only, beside another member: test_request.c */
    "request.messages.assistant.tool_calls.max_items",             /* 129 calls need 129 answers: test_request_bounds.c */
    "request.content_part.image_url.max_count",                    /* 501 images: test_request_bounds.c */
    "request.content_part.image_url.max_bytes",                    /* 20 MB: test_request_bounds.c */
    "request.content_part.image_url.store_8mb",                    /* 8 MB: test_request_bounds.c */
    "request.strict_schema.limits.",                               /* thousands of properties: test_strict_schema.c */
    "stream.sse.utf8",                                             /* bytes that no JSON string can carry: test_stream.c */
    "stream.incremental",                                          /* of time, not of bytes: test_clock.c */
    "stream.delta.function_call.sequence",                         /* also breaks the deprecation it lives in: test_stream.c */
    NULL,
};

static bool begins_with_one_of(const char *id, const char *const *starts)
{
    for (; *starts; starts++)
        if (strncmp(id, *starts, strlen(*starts)) == 0) return true;
    return false;
}

START_TEST(every_rule_can_be_broken)
{
    struct counting c;
    size_t unproved = 0;
    counting_open(&c);
    ck_assert(cc_each_case(count_case, &c));
    for (size_t i = 0; i < cc_rule_count(); i++) {
        const char *id = cc_rule_at(i)->id;
        if (c.bad[i] || begins_with_one_of(id, proved_elsewhere) || strstr(id, ".body.type")) continue;
        fprintf(stderr, "no derived document breaks %s\n", id);
        unproved++;
    }
    ck_assert_msg(unproved == 0, "%zu rules are broken by no derived document", unproved);
    counting_close(&c);
}
END_TEST

static Suite *tables_suite(void)
{
    Suite *suite = suite_create("tables");
    TCase *rows = tcase_create("rows"), *derived = tcase_create("derived");
    tcase_add_test(rows, every_rule_is_whole);
    tcase_add_test(rows, rows_that_share_an_id_agree);
    tcase_add_test(derived, derived_documents_get_exactly_their_finding);
    tcase_add_test(derived, every_rule_can_be_broken);
    suite_add_tcase(suite, rows);
    suite_add_tcase(suite, derived);
    return suite;
}

TEST_MAIN(tables_suite)
