/* campaign_hear.c: hears an answer: judges it, counts it, keeps what is wrong, and sends what follows from it. */
#include "harness/campaign/campaign_parts.h"

#include "harness/base/jo_place.h"

#include "harness/base/why.h"
#include "harness/run/evidence.h"
#include "harness/run/retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VARIANT_ONE_IN = 12,  /* valid requests that were accepted */
    CONTROLS_MAX = 2,     /* for each constraint, until one is accepted */
    NOBODY_MAX = 8        /* requests in a row that nobody takes, once the endpoint had answered */
};

/* --- what is wrong */

static struct find *find_of(struct campaign *c, const char *key)
{
    for (size_t i = 0; i < c->find_count; i++)
        if (strcmp(c->finds[i].key, key) == 0) return &c->finds[i];
    return NULL;
}

static char *copy(struct campaign *c, const char *text) { return text && *text ? evidence_text(&c->court, text) : NULL; }

/* The text that the complaint is about, as far as it helps. */
static char *excerpt(struct campaign *c, const struct complaint *complaint, const struct http_reply *reply)
{
    bool placed = complaint->in == CC_IN_RESPONSE || complaint->in == CC_IN_EVENT || complaint->in == CC_IN_DOCUMENT;
    struct cc_finding finding = {.rule = complaint->rule, .in = complaint->in, .offset = complaint->offset};
    if (*complaint->actual || !placed || !complaint->rule) return copy(c, complaint->actual);
    return evidence_excerpt(&c->court, reply, &finding, 0);
}

static void describe(struct campaign *c, struct find *find, const struct complaint *complaint, const struct http_reply *reply)
{
    struct result_finding *finding = calloc(1, sizeof *finding);
    if (!finding) {
        c->failed = true;
        return;
    }
    const struct cc_rule *rule = complaint->rule;
    *finding = (struct result_finding){.rule = copy(c, complaint->name),
                                       .level = complaint->level,
                                       .severity = cc_level_severity(complaint->level),
                                       .in = complaint->in,
                                       .event = complaint->event,
                                       .offset = complaint->offset,
                                       .pointer = strdup(complaint->pointer),
                                       .message = copy(c, complaint->message),
                                       .requirement = copy(c, rule ? rule->sentence : NULL),
                                       .source = copy(c, rule ? rule->source : NULL),
                                       .expected = copy(c, complaint->expected),
                                       .actual = excerpt(c, complaint, reply)};
    find->result.findings = finding;
    find->result.finding_count = 1;
    find->result.level = complaint->level;
    find->result.id = strdup(complaint->id);
    find->result.title = copy(c, complaint->message);
    find->result.suite = strdup("fuzz");
    find->result.assertions = 1;
    find->result.header = evidence_copy(&c->court, find->shot.header);
    find->result.any_refusal = find->shot.kind == SHOT_HTTP;
    if (!finding->rule || !finding->pointer || !find->result.id || !find->result.suite) c->failed = true;
}

static void store(struct campaign *c, struct find *find, const struct flight *f, const struct http_reply *reply, const char *purpose)
{
    struct hearing hearing = {.purpose = purpose, .wire = &f->wire, .reply = reply};
    evidence_store(&c->court, &hearing, &find->result);
    c->failed |= c->court.failed;
}

static void note(struct campaign *c, const struct flight *f, const struct complaint *complaint, const struct http_reply *reply)
{
    struct find *find = find_of(c, complaint->key);
    if (find) find->seen++;
    if (find || c->find_count == FINDS_MAX) return;
    if (c->find_count == c->find_room) {
        size_t room = c->find_room ? c->find_room * 2 : 32;
        struct find *more = realloc(c->finds, room * sizeof *more);
        if (!more) {
            c->failed = true;
            return;
        }
        c->finds = more;
        c->find_room = room;
    }
    find = &c->finds[c->find_count];
    *find = (struct find){.seen = 1};
    snprintf(find->key, sizeof find->key, "%s", complaint->key);
    if (!shot_copy(&f->shot, &find->shot)) c->failed = true;
    c->find_count++;
    char purpose[96];
    snprintf(purpose, sizeof purpose, "payload %llu of seed %llu", (unsigned long long)f->shot.index, (unsigned long long)f->shot.seed);
    describe(c, find, complaint, reply);
    store(c, find, f, reply, purpose);
}

/* --- counting */

static struct score *score_of(struct score *scores, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(scores[i].name, name) == 0) return &scores[i];
    return NULL;
}

static void count_members(struct campaign *c, const struct flight *f, const struct complaints *heard)
{
    json_object_object_foreach(f->shot.object, key, value)
    {
        (void)value;
        struct score *member = score_of(c->members, c->member_count, key);
        if (!member) continue;
        member->sent++;
        member->accepted += heard->reception == TOOK_ACCEPTED;
        member->refused += heard->reception == TOOK_REFUSED && strcmp(heard->param, key) == 0;
    }
}

static void count_answer(struct campaign *c, const struct complaints *heard)
{
    size_t *const counts[] = {&c->figures->accepted, &c->figures->refused, &c->figures->failed, &c->figures->silent, &c->figures->busy};
    ++*counts[heard->reception];
}

/* --- what follows */

/* The same request without its fault has to be accepted; otherwise the refusal proves nothing. */
static void ask_control(struct campaign *c, struct score *rule, const struct flight *f)
{
    if (rule->proved || rule->controls >= CONTROLS_MAX || !f->shot.control) return;
    struct shot shot = {
        .seed = f->shot.seed, .index = f->shot.index, .kind = SHOT_VALID, .expect = EXPECT_ACCEPT, .object = jo_copy(f->shot.control)};
    struct flight more = {.rule = rule->rule};
    rule->controls++;
    if (shot.object) campaign_send(c, CONTROL, &shot, &more);
}

static struct json_object *reversed(struct json_object *object)
{
    struct json_object *made = jo_object();
    const char *keys[256];
    size_t count = 0;
    json_object_object_foreach(object, key, value)
    {
        (void)value;
        if (count < 256) keys[count++] = key;
    }
    while (count--) jo_put(made, keys[count], jo_copy(jo_get(object, keys[count])));
    return made;
}

static struct json_object *with_stream_toggled(struct json_object *object)
{
    struct json_object *made = jo_copy(object);
    bool stream = jo_true(jo_get(made, "stream"));
    jo_put(made, "stream", jo_bool(!stream));
    if (stream) jo_remove(made, "stream_options");
    return made;
}

/* What a request means when it does not say. */
static struct json_object *with_defaults(struct json_object *object)
{
    static const char *const defaults[][2] = {{"n", "1"},           {"temperature", "1"},       {"top_p", "1"},
                                              {"stream", "false"},  {"presence_penalty", "0"},  {"frequency_penalty", "0"}};
    struct json_object *made = jo_copy(object);
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (!jo_has(made, defaults[i][0])) jo_put(made, defaults[i][0], jo_read(defaults[i][1]));
    return made;
}

/* Spoken answers are streamed in one format only, so that is no change without a meaning. */
static struct json_object *vary(const struct shot *from, uint64_t which, const char **how)
{
    static const char *const names[] = {"the same with white space", "the same in another order", "the same with its defaults spelt out",
                                        "the same with stream the other way"};
    size_t way = (size_t)(which % (jo_has(from->object, "audio") ? 3 : 4));
    *how = names[way];
    switch (way) {
    case 0: return jo_copy(from->object);
    case 1: return reversed(from->object);
    case 2: return with_defaults(from->object);
    default: return with_stream_toggled(from->object);
    }
}

static bool is_valid(struct campaign *c, const struct shot *shot)
{
    size_t length;
    const char *text = jo_write(shot->object, &length);
    const struct cc_report *report = length ? cc_check(c->oracle.checker, CC_REQUEST, text, length) : NULL;
    return report && report->errors == 0;
}

static void ask_variant(struct campaign *c, const struct flight *f)
{
    struct shot shot = {.seed = f->shot.seed, .index = f->shot.index, .kind = SHOT_VALID, .expect = EXPECT_ACCEPT};
    uint64_t turn = f->shot.index / VARIANT_ONE_IN;
    shot.object = vary(&f->shot, turn, &shot.how);
    if (strstr(shot.how, "space")) shot_space_out(&shot);
    if (shot.object && is_valid(c, &shot)) campaign_send(c, VARIANT, &shot, NULL);
    else shot_clear(&shot);
}

static void ask_twin(struct campaign *c, const struct flight *f, enum reception first)
{
    struct shot shot;
    struct flight more = {.first = first};
    if (c->options->against && shot_copy(&f->shot, &shot)) campaign_send(c, TWIN, &shot, &more);
}

/* --- answers */

static void hear_probe(struct campaign *c, const struct flight *f, const struct complaints *heard)
{
    const struct shot *shot = &f->shot;
    if (shot->kind == SHOT_VALID && jo_is_object(shot->object)) count_members(c, f, heard);
    struct score *rule = shot->breaks && shot->kind != SHOT_MUTANT ? score_of(c->rules, c->rule_count, shot->breaks->id) : NULL;
    if (rule) {
        rule->sent++;
        rule->accepted += heard->reception == TOOK_ACCEPTED;
        rule->refused += heard->reception == TOOK_REFUSED;
    }
    if (c->stopping || c->probing_over) return;
    if (rule && heard->reception == TOOK_REFUSED && shot->expect == EXPECT_REFUSE) ask_control(c, rule, f);
    if (shot->kind == SHOT_VALID && heard->reception == TOOK_ACCEPTED && shot->index % VARIANT_ONE_IN == 0) ask_variant(c, f);
    ask_twin(c, f, heard->reception);
}

static void hear_control(struct campaign *c, const struct flight *f, const struct complaints *heard)
{
    struct score *rule = score_of(c->rules, c->rule_count, f->rule->id);
    if (rule && heard->reception == TOOK_ACCEPTED) rule->proved = true;
}

/* Without its words a failure may be another one of the same server, so the name is enough only where the words are never the same. */
static bool is_same(const struct complaint *complaint, const struct check_again *again)
{
    return strcmp(complaint->key, again->key) == 0 || (again->by_name && strcmp(complaint->id, again->id) == 0);
}

/* What is told is what the stored exchange shows. */
static void tell_anew(struct campaign *c, struct find *find, const struct complaint *complaint, const struct http_reply *reply)
{
    struct result_finding *finding = find->result.findings;
    char *message = copy(c, complaint->message), *title = copy(c, complaint->message), *pointer = strdup(complaint->pointer);
    if (!finding || !message || !title || !pointer) {
        c->failed = true;
        free(message);
        free(title);
        free(pointer);
        return;
    }
    free(finding->message);
    free(finding->pointer);
    free(finding->actual);
    free(find->result.title);
    finding->message = message;
    finding->pointer = pointer;
    finding->actual = excerpt(c, complaint, reply);
    finding->offset = complaint->offset;
    finding->event = complaint->event;
    find->result.title = title;
}

static void hear_again(struct campaign *c, const struct flight *f, const struct complaints *heard, const struct http_reply *reply)
{
    struct check_again *again = f->again;
    size_t i = 0;
    while (i < heard->count && !is_same(&heard->list[i], again)) i++;
    again->met = i < heard->count;
    if (!again->met || !again->keep) return;
    tell_anew(c, again->keep, &heard->list[i], reply);
    store(c, again->keep, f, reply, "the smallest request");
}

static void unreachable(struct campaign *c, char *why)
{
    free(c->run->broken);
    c->run->broken = why;
    c->end = RUN_UNREACHABLE;
    c->stopping = true;
}

/* True when there is no sense in going on. */
static bool is_hopeless(struct campaign *c, const struct flight *f, const struct http_reply *reply)
{
    const struct target *target = c->options->target;
    bool nobody =
        reply->fault == HTTP_DNS || reply->fault == HTTP_REFUSED || reply->fault == HTTP_CONNECT_TIMEOUT || reply->fault == HTTP_TLS;
    if (f->errand == TWIN) return false;
    c->nobody = nobody ? c->nobody + 1 : 0;
    if (!c->reached && nobody) unreachable(c, why_text("the endpoint %s cannot be reached: %s", target->base_url, reply->why));
    else if (!c->reached && f->shot.kind == SHOT_VALID && (reply->status == 401 || reply->status == 403))
        unreachable(c, why_text("the endpoint %s refused the key (status %d)", target->base_url, reply->status));
    else if (c->reached && c->nobody >= NOBODY_MAX && !c->stopping) {
        c->stopping = true;
        c->end = RUN_INCOMPLETE;
        c->run->verdict = why_text("the endpoint went away: %s", reply->why);
    }
    c->reached |= reply->status != 0;
    return c->end == RUN_UNREACHABLE;
}

static struct encounter encounter_of(const struct flight *f, const struct http_reply *reply)
{
    bool fine = reply->fault == HTTP_FINE;
    return (struct encounter){.exchange = {.method = f->wire.method,
                                           .url = f->wire.url,
                                           .request_headers = f->wire.headers,
                                           .request = f->wire.body,
                                           .request_length = f->wire.body_length,
                                           .status = reply->status,
                                           .response_headers = reply->status ? reply->headers : NULL,
                                           .response = reply->body,
                                           .response_length = reply->body_length,
                                           .cut = !fine},
                              .fault = fine ? NULL : http_fault_name(reply->fault),
                              .why = fine ? NULL : reply->why};
}

static void hear(struct campaign *c, const struct flight *f, const struct http_reply *reply)
{
    struct complaints heard;
    struct encounter encounter = encounter_of(f, reply);
    if (is_hopeless(c, f, reply)) return;
    oracle_judge(&c->oracle, &f->shot, &encounter, &heard);
    c->failed |= heard.failed;
    if (heard.reception == TOOK_BUSY) c->not_before_ms = monotonic_ms() + retry_delay_ms(reply, 1, time(NULL));
    if (f->errand == TWIN) oracle_compare(f->first, heard.reception, &f->shot, &heard);
    else count_answer(c, &heard);
    if (f->errand == AGAIN) {
        hear_again(c, f, &heard, reply);
        return;
    }
    for (size_t i = 0; i < heard.count; i++) note(c, f, &heard.list[i], reply);
    if (f->errand == PROBE) hear_probe(c, f, &heard);
    if (f->errand == CONTROL) hear_control(c, f, &heard);
}

void campaign_hear(struct flight *f, const struct http_reply *reply)
{
    struct campaign *c = f->campaign;
    c->flying--;
    bool ours = reply->fault == HTTP_CANCELLED || reply->fault == HTTP_LOCAL || reply->fault == HTTP_BAD_REQUEST;
    if (f->errand == AGAIN) f->again->landed = true; /* whatever came: somebody waits for it */
    if (!ours) hear(c, f, reply);
    shot_clear(&f->shot);
    wire_clear(&f->wire);
    free(f);
}
