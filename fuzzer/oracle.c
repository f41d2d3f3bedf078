/* oracle.c: see oracle.h. */
#include "fuzzer/oracle.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const receptions[] = {"accepted", "refused", "failed", "silent", "busy"};

const char *reception_name(enum reception reception) { return receptions[reception]; }

/* A piece of the request, repeated by the server: what follows differs from payload to payload. */
static bool begins_echo(const char *at)
{
    if (*at == '[') at += 1 + strspn(at + 1, " \t\r\n");
    else return *at == '{';
    return *at && strchr("[]{\"", *at) != NULL;
}

void oracle_normalise(const char *message, char *out, size_t size)
{
    size_t used = 0;
    char quote = '\0';
    for (; *message && used + 2 < size && (quote || !begins_echo(message)); message++) {
        unsigned char c = (unsigned char)*message;
        bool digit = isdigit(c) != 0;
        if (digit && used > 1 && out[used - 1] == '.' && out[used - 2] == '#') used--; /* a fraction is a number, too */
        if (quote) {
            if (c == (unsigned char)quote) quote = '\0';
            continue;
        }
        if (c == '"' || c == '`' || (c == '\'' && (used == 0 || !isalnum((unsigned char)out[used - 1])))) {
            quote = (char)c;
            out[used++] = '_';
        } else if (!digit || used == 0 || out[used - 1] != '#') {
            out[used++] = digit ? '#' : c < ' ' || c > '~' ? ' ' : (char)tolower(c);
        }
    }
    out[used] = '\0';
}

/* --- writing complaints */

struct hearing_of {
    const struct oracle *oracle;
    const struct shot *shot;
    const struct encounter *encounter;
    struct complaints *out;
    struct json_object *body;  /* the answer as JSON, or NULL */
    const char *error_message; /* "" when there is none */
    char shown[400];           /* see `shown` */
};

/* What is repeated of the server's words, until it is called again. */
static const char *shown(struct hearing_of *h, const char *text, size_t most)
{
    char *safe = redact_cut(h->oracle->redactor, text, strlen(text), most);
    h->out->failed |= !safe;
    snprintf(h->shown, sizeof h->shown, "%s", safe ? safe : "");
    free(safe);
    return h->shown;
}

static struct complaint *complain(struct hearing_of *h, const char *name, enum cc_level level, const char *group, const char *detail,
                                  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Details may come from the server; ids are made of plain characters. */
static void make_id(const char *group, const char *detail, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", group, detail);
    for (char *c = out; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("/._-", *c)) *c = '-';
}

/* `group` and `detail` make the id; the key is made of the id and of the server's message. */
static struct complaint *complain(struct hearing_of *h, const char *name, enum cc_level level, const char *group, const char *detail,
                                  const char *format, ...)
{
    if (h->out->count == COMPLAINTS_MAX || (h->oracle->tolerated && h->oracle->tolerated(h->oracle->context, name))) return NULL;
    struct complaint *c = &h->out->list[h->out->count++];
    char details[96];
    va_list arguments;
    *c = (struct complaint){.level = level, .rule = cc_rule_find(name)};
    snprintf(c->name, sizeof c->name, "%s", name);
    make_id(group, detail, c->id, sizeof c->id);
    va_start(arguments, format);
    vsnprintf(c->message, sizeof c->message, format, arguments);
    va_end(arguments);
    oracle_normalise(h->error_message, details, sizeof details);
    snprintf(c->key, sizeof c->key, "%s %s %s %s", group, detail, receptions[h->out->reception],
             strcmp(group, "answer") == 0 ? "" : details);
    return c;
}

/* --- what came back */

static bool is_busy(const struct cc_exchange *x)
{
    if (x->status == 429) return true;
    for (const struct cc_header *header = x->response_headers; x->status == 503 && header && header->name; header++)
        if (strcmp(header->name, "retry-after") == 0) return true;
    return false;
}

static enum reception reception_of(const struct encounter *e)
{
    int status = e->exchange.status;
    if (e->fault || status == 0) return TOOK_SILENT;
    if (is_busy(&e->exchange)) return TOOK_BUSY;
    return status >= 500 ? TOOK_FAILED : status >= 200 && status < 300 ? TOOK_ACCEPTED : TOOK_REFUSED;
}

/* "messages[0].role" begins with the member "messages". */
static void first_member(const char *from, char *out, size_t size)
{
    from += *from == '/' || *from == '$' ? 1 : 0;
    from += *from == '.' ? 1 : 0;
    snprintf(out, size, "%.*s", (int)strcspn(from, "/.["), from);
}

static struct json_object *error_of(struct json_object *body)
{
    struct json_object *error = jo_get(body, "error");
    return jo_is_object(error) ? error : body;
}

/* --- a valid request */

static bool names_member(const struct hearing_of *h, const char *member)
{
    return *member && strcmp(member, "messages") != 0 && strcmp(member, "model") != 0 && jo_has(h->shot->object, member);
}

/* How much a model can read is its own affair. */
static bool is_beyond_context(const struct hearing_of *h)
{
    struct json_object *error = error_of(h->body);
    const char *const words[] = {jo_text(jo_get(error, "code")), jo_text(jo_get(error, "type")), h->error_message};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *context = strstr(words[i], "context");
        if (context && (strstr(context, "length") || strstr(context, "size") || strstr(context, "window"))) return true;
    }
    return false;
}

/* The parameter that the message of a refusal names in quotes, when nothing else does: "Field 'n': must be at most 4". */
static void find_named(struct hearing_of *h)
{
    if (!jo_is_object(h->shot->object) || *h->out->param) return;
    json_object_object_foreach(h->shot->object, key, value)
    {
        (void)value;
        size_t length = strlen(key);
        for (const char *at = h->error_message; names_member(h, key) && (at = strstr(at, key)) != NULL; at++)
            if (at > h->error_message && strchr("'\"`", at[-1]) && at[length] == at[-1])
                snprintf(h->out->param, sizeof h->out->param, "%s", key);
    }
}

/* A refusal that says which optional parameter it does not take is honest: a server need not offer everything. */
static void hear_refused(struct hearing_of *h)
{
    if (is_beyond_context(h)) return;
    find_named(h);
    int status = h->encounter->exchange.status;
    const char *param = h->out->param;
    bool honest = (status == 400 || status == 422) && names_member(h, param), large = status == 413;
    const char *what = h->shot->how ? h->shot->how : "a valid request";
    char detail[96];
    snprintf(detail, sizeof detail, "%s", h->shot->how ? h->shot->how : *param ? param : "request");
    struct complaint *c = complain(h, "expect.accepted", honest || large ? CC_SHOULD : CC_MUST, h->shot->how ? "same" : "accept", detail,
                                   "%s is refused with status %d: %s", what, status, shown(h, h->error_message, 200));
    if (!c) return;
    snprintf(c->expected, sizeof c->expected, "a completion");
    snprintf(c->actual, sizeof c->actual, "status %d", status);
}

/* --- a broken request */

static const char *rule_id(const struct shot *shot) { return shot->breaks ? shot->breaks->id : "request"; }

static const char *wanted(const struct shot *shot) { return shot->kind == SHOT_HTTP ? "a status of 4xx" : "status 400 or 422"; }

static void hear_accepted(struct hearing_of *h)
{
    const struct shot *shot = h->shot;
    struct complaint *c =
        complain(h, rule_id(shot), CC_MUST, "refuse", rule_id(shot), "a request is accepted that breaks this: %.160s%s%.80s%s",
                 shot->breaks ? shot->breaks->sentence : "several rules",
                 !shot->how ? "" : shot->kind == SHOT_HTTP ? " (it was sent " : " (it has ", shot->how ? shot->how : "",
                 shot->how ? ")" : "");
    if (!c) return;
    snprintf(c->pointer, sizeof c->pointer, "%s", shot->pointer ? shot->pointer : "");
    snprintf(c->expected, sizeof c->expected, "%s", wanted(shot));
    snprintf(c->actual, sizeof c->actual, "status %d", h->encounter->exchange.status);
    c->in = CC_IN_REQUEST;
}

/* Which statuses refuse an improper HTTP request is said by the rules http.status.*, which judge the exchange. What a model is called is a
 * matter of its own: 404 is as good there. So is 413 for what is large. */
static bool status_fits(const struct shot *shot, int status, size_t length)
{
    if (shot->kind == SHOT_HTTP) return status / 100 == 4;
    if (status == 404 && shot->breaks && strncmp(shot->breaks->id, "request.model.", 14) == 0) return true;
    return status == 400 || status == 422 || (status == 413 && length > 100000);
}

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; *word && (at = strstr(at, word)) != NULL; at++) {
        bool before = at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_'),
             after = isalnum((unsigned char)at[length]) || at[length] == '_';
        if (!before && !after) return true;
    }
    return false;
}

/* A constraint between two members may be blamed on either. */
static void hear_param(struct hearing_of *h)
{
    const struct shot *shot = h->shot;
    char fault[96];
    first_member(shot->pointer ? shot->pointer : "", fault, sizeof fault);
    const char *param = h->out->param;
    if (shot->kind != SHOT_BROKEN || !*param || !*fault || strcmp(param, fault) == 0) return;
    if (has_word(shot->breaks->sentence, param) || has_word(shot->breaks->id, param)) return;
    struct complaint *c = complain(h, "expect.rejected.param", CC_MUST, "blame", rule_id(shot),
                                   "the error is about %.40s; the fault is in %.40s", param, fault);
    if (!c) return;
    snprintf(c->pointer, sizeof c->pointer, "/error/param");
    snprintf(c->expected, sizeof c->expected, "%.150s", fault);
    snprintf(c->actual, sizeof c->actual, "%.150s", param);
    snprintf(c->key, sizeof c->key, "blame %.90s", param); /* whoever names the wrong member does it for many constraints */
    make_id("blame", param, c->id, sizeof c->id);
}

static void hear_rejection(struct hearing_of *h)
{
    int status = h->encounter->exchange.status;
    const struct shot *shot = h->shot;
    hear_param(h);
    if (status_fits(shot, status, h->encounter->exchange.request_length)) return;
    char detail[64];
    snprintf(detail, sizeof detail, "status-%d", status);
    struct complaint *c = complain(h, "expect.rejected.status", CC_SHOULD, "refuse", detail,
                                   "an invalid request is refused with status %d; expected is %s", status, wanted(shot));
    if (!c) return;
    snprintf(c->expected, sizeof c->expected, "%s", wanted(shot));
    snprintf(c->actual, sizeof c->actual, "status %d", status);
}

/* --- anything */

static void hear_failure(struct hearing_of *h)
{
    int status = h->encounter->exchange.status;
    char detail[64];
    snprintf(detail, sizeof detail, "status-%d", status);
    struct complaint *c =
        complain(h, "expect.status", CC_MUST, "stand", detail, "the server fails with status %d: %s", status,
                 shown(h, h->error_message, 200));
    if (!c) return;
    snprintf(c->expected, sizeof c->expected, "a status below 500");
    snprintf(c->actual, sizeof c->actual, "status %d", status);
}

static void hear_silence(struct hearing_of *h)
{
    const struct encounter *e = h->encounter;
    const char *fault = e->fault ? e->fault : "no-answer";
    struct complaint *c = complain(h, "expect.answer", CC_MUST, "stand", fault, "there is no whole answer: %s",
                                   shown(h, e->why ? e->why : "", 250));
    if (c) snprintf(c->actual, sizeof c->actual, "%s", fault);
}

static bool about_answer(const struct cc_finding *f) { return f->in != CC_IN_REQUEST && strncmp(f->rule->id, "http.request.", 13) != 0; }

static bool is_known(const struct hearing_of *h, const struct cc_rule *rule)
{
    for (size_t i = 0; i < h->out->count; i++)
        if (h->out->list[i].rule == rule && strncmp(h->out->list[i].id, "answer/", 7) == 0) return true;
    return false;
}

/* Each rule once: errors first, so that none is lost among warnings. */
static void hear_rules(struct hearing_of *h, enum cc_severity severity, const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        bool failed = h->out->reception == TOOK_FAILED && strncmp(f->rule->id, "http.status.", 12) == 0; /* which is said already */
        if (f->severity != severity || !about_answer(f) || failed || is_known(h, f->rule)) continue;
        struct complaint *c = complain(h, f->rule->id, f->rule->level, "answer", f->rule->id, "%s", shown(h, f->message, 380));
        if (!c) continue;
        c->in = f->in;
        c->event = f->event;
        c->offset = f->offset;
        snprintf(c->pointer, sizeof c->pointer, "%s", shown(h, f->pointer, 250));
    }
}

static void hear_exchange(struct hearing_of *h)
{
    const struct cc_report *report = cc_check_exchange(h->oracle->checker, &h->encounter->exchange);
    if (!report) {
        h->out->failed = true;
        return;
    }
    hear_rules(h, CC_ERROR, report);
    hear_rules(h, CC_WARNING, report);
}

/* What is judged by the rules: an answer to a request that is right, or that was refused. A refused text is not JSON, and says nothing. */
static bool is_judged(const struct hearing_of *h)
{
    if (h->out->reception == TOOK_ACCEPTED) return h->shot->expect == EXPECT_ACCEPT;
    return h->out->reception == TOOK_REFUSED || h->out->reception == TOOK_FAILED;
}

void oracle_judge(const struct oracle *oracle, const struct shot *shot, const struct encounter *encounter, struct complaints *out)
{
    struct hearing_of h = {.oracle = oracle, .shot = shot, .encounter = encounter, .out = out, .error_message = ""};
    out->count = 0;
    out->failed = false;
    out->param[0] = '\0';
    out->reception = reception_of(encounter);
    if (out->reception == TOOK_BUSY) return;
    if (out->reception == TOOK_REFUSED || out->reception == TOOK_FAILED) {
        h.body = jo_read_bytes(encounter->exchange.response ? encounter->exchange.response : "", encounter->exchange.response_length);
        struct json_object *error = error_of(h.body);
        const char *message = jo_text(jo_get(error, "message"));
        h.error_message = *message ? message : jo_text(jo_get(h.body, "error"));
        first_member(shown(&h, jo_text(jo_get(error, "param")), 90), out->param, sizeof out->param);
    }
    switch (out->reception) {
    case TOOK_SILENT: hear_silence(&h); break;
    case TOOK_FAILED: hear_failure(&h); break;
    case TOOK_ACCEPTED: if (shot->expect == EXPECT_REFUSE) hear_accepted(&h); break;
    case TOOK_REFUSED:
        if (shot->expect == EXPECT_ACCEPT) hear_refused(&h);
        else if (shot->expect == EXPECT_REFUSE) hear_rejection(&h);
        break;
    case TOOK_BUSY: break;
    }
    if (is_judged(&h)) hear_exchange(&h);
    json_object_put(h.body);
}

void oracle_compare(enum reception first, enum reception second, const struct shot *shot, struct complaints *out)
{
    static const struct oracle tolerant = {0};
    struct encounter none = {.fault = NULL};
    struct hearing_of h = {.oracle = &tolerant, .shot = shot, .encounter = &none, .out = out, .error_message = ""};
    out->count = 0;
    out->failed = false;
    out->reception = first;
    if (first == second || first == TOOK_BUSY || second == TOOK_BUSY) return;
    char detail[160];
    snprintf(detail, sizeof detail, "%s/%s-%s", shot->breaks ? shot->breaks->id : "valid", receptions[first], receptions[second]);
    complain(&h, "expect.agreement", CC_SHOULD, "agree", detail, "the endpoint: %s; the other: %s%s%.100s", receptions[first],
             receptions[second], shot->breaks ? "; the request breaks " : "", shot->breaks ? shot->breaks->id : "");
}
