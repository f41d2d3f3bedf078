/* shot.c: see shot.h. */
#include "fuzzer/shot.h"

#include <stdlib.h>
#include <string.h>

const char *expectation_name(enum expectation expectation)
{
    static const char *const names[] = {"accept", "refuse", "any"};
    return names[expectation];
}

bool expectation_of(const struct cc_report *report, enum expectation *expect, const struct cc_rule **breaks, const char **pointer)
{
    const struct cc_finding *first = NULL;
    bool one = true;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity != CC_ERROR) continue;
        if (!first) first = f;
        one &= f->rule == first->rule;
    }
    *expect = first ? EXPECT_REFUSE : EXPECT_ACCEPT;
    for (size_t i = 0; !first && i < report->count; i++)
        if (report->findings[i].severity == CC_WARNING && report->findings[i].rule->level != CC_DEPRECATED) *expect = EXPECT_ANY;
    *breaks = first && one ? first->rule : NULL;
    if (pointer) *pointer = first && one ? first->pointer : NULL;
    return first && one;
}

void shot_clear(struct shot *payload)
{
    free(payload->pointer);
    free(payload->text);
    json_text_clear(&payload->body);
    json_object_put(payload->object);
    json_object_put(payload->control);
    *payload = (struct shot){0};
}

bool shot_copy(const struct shot *from, struct shot *to)
{
    *to = *from;
    to->body = (struct json_text){0};
    jo_lost();
    to->object = jo_copy(from->object);
    to->control = jo_copy(from->control);
    to->pointer = from->pointer ? strdup(from->pointer) : NULL;
    to->text = from->text ? malloc(from->length + 1) : NULL;
    if (to->text) memcpy(to->text, from->text, from->length + 1);
    return !jo_lost() && !to->pointer == !from->pointer && !to->text == !from->text;
}

void shot_space_out(struct shot *payload)
{
    int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    const char *pretty = json_object_to_json_string_ext(payload->object, flags);
    free(payload->text);
    payload->text = pretty ? strdup(pretty) : NULL;
    payload->length = payload->text ? strlen(payload->text) : 0;
}

const char *shot_bytes(struct shot *payload, size_t *length)
{
    *length = payload->length;
    if (payload->text) return payload->text;
    if (!payload->body.length && !json_text_write(&payload->body, payload->object)) return NULL;
    *length = payload->body.length;
    return payload->body.at;
}

struct shots *shots_new(const struct shots_options *options)
{
    struct shots *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    *p = (struct shots){.generator = generator_new(options->profile, options->seed, options->model),
                        .mode = options->mode,
                        .wanted = options->wanted,
                        .context = options->context,
                        .chosen = options->wanted != NULL,
                        .seeds = options->seeds,
                        .seed_count = options->seed_count};
    p->book = cookbook_new(options->profile, false, options->wanted, options->context);
    if (options->mode == MODE_ALL) p->advice = cookbook_new(options->profile, true, NULL, NULL);
    if (!p->generator || !p->book || (options->mode == MODE_ALL && !p->advice)) {
        shots_free(p);
        return NULL;
    }
    if (!options->objects_only) {
        p->texts = raw_count(SHOT_TEXT, options->profile, options->wanted, options->context);
        p->https = raw_count(SHOT_HTTP, options->profile, options->wanted, options->context);
    }
    return p;
}

void shots_free(struct shots *p)
{
    if (!p) return;
    generator_free(p->generator);
    cookbook_free(p->book);
    cookbook_free(p->advice);
    json_object_put(p->base);
    free(p);
}

/* What is frowned upon may be refused, unless it is only old; and what was recorded need not be right. */
static bool expect_findings(struct shots *p, struct shot *payload)
{
    const char *where = NULL;
    const struct cc_report *report = generator_judge(p->generator, payload->object);
    if (report) expectation_of(report, &payload->expect, &payload->breaks, &where);
    if (where) payload->pointer = strdup(where);
    return report != NULL;
}

static bool positive_make(struct shots *p, uint64_t index, struct shot *payload)
{
    payload->object = generator_positive(p->generator, index);
    payload->kind = SHOT_VALID;
    payload->expect = EXPECT_ACCEPT;
    if (!payload->object || (generator_frowns(index) && !expect_findings(p, payload))) return false;
    generator_give(p->generator, &payload->body);
    return true;
}

/* In a campaign what is frowned upon comes more often than among many payloads that are printed. */
static uint64_t campaign_number(uint64_t turn)
{
    enum { ONE_IN = 16, NEXT = GENERATOR_FROWNED_ONE_IN };
    uint64_t usual = turn - (turn + 1) / ONE_IN;
    return turn % ONE_IN == ONE_IN - 1 ? turn / ONE_IN * NEXT + NEXT - 1 : usual + usual / (NEXT - 1);
}

/* Broken values, and among them now and then broken texts and requests. */
static bool fault_make(struct shots *p, uint64_t turn, struct shot *payload)
{
    size_t others = p->texts + p->https;
    bool only_others = p->book->rule_count == 0, other = others && (only_others || turn % 8 == 7);
    if (!other) return negative_make(p, p->book, only_others ? 0 : turn - (others ? turn / 8 : 0), payload);
    size_t which = (size_t)((only_others ? turn : turn / 8) % others);
    if (which < p->texts) return raw_make(p, SHOT_TEXT, which, turn, payload);
    return raw_make(p, SHOT_HTTP, which - p->texts, turn, payload);
}

static bool real_make(struct shots *p, uint64_t turn, struct shot *payload)
{
    payload->object = jo_copy(p->seeds[turn % p->seed_count]);
    if (*p->generator->model) jo_put(payload->object, "model", jo_string(p->generator->model));
    payload->kind = SHOT_VALID;
    return payload->object && expect_findings(p, payload);
}

/* In turn: a valid one, two with a fault, and one that ignores advice or has anything in it; each sequence counts for itself. */
bool shot_make(struct shots *p, uint64_t index, struct shot *payload)
{
    *payload = (struct shot){.seed = p->generator->seed, .index = index};
    if (p->mode == MODE_POSITIVE) return positive_make(p, index, payload);
    if (p->mode == MODE_NEGATIVE || p->chosen) return fault_make(p, index, payload);
    uint64_t turn = index / 4;
    switch (index % 4) {
    case 0: return p->seed_count && turn % 2 ? real_make(p, turn / 2, payload) : positive_make(p, campaign_number(turn), payload);
    case 1: return fault_make(p, turn * 2, payload);
    case 2: return turn % 2 ? negative_make(p, p->advice, turn / 2, payload) : mutant_make(p, turn, payload);
    default: return fault_make(p, turn * 2 + 1, payload);
    }
}
