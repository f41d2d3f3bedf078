/* compose.c: see compose.h. */
#include "harness/run/compose.h"

#include "harness/base/why.h"

#include <stdlib.h>
#include <string.h>

/* What the control makes of the expanded request, which is put. */
static bool apply_control(const struct composition *c, struct json_object **request, char *why, size_t size)
{
    struct json_object *control = NULL, *made = NULL;
    bool fine = expand_value(c->variables, c->step->control, &control, why, size) && suite_control(control, *request, &made, why, size);
    json_object_put(control);
    json_object_put(*request);
    *request = made;
    return fine;
}

static bool is_sound(const struct composition *c, const struct wire *wire, char *why, size_t size)
{
    bool meant_wrong = c->step->invalid && !c->control;
    if (!wire->request || meant_wrong || c->step->path || c->step->verbatim) return true;
    const struct cc_report *report = cc_check(c->checker, CC_REQUEST, wire->body, wire->body_length);
    if (!report) return why_no_memory(why, size);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity == CC_ERROR)
            return why_not(why, size, "the case itself sends an invalid request and does not say so: %s [%s]", f->message, f->rule->id);
    }
    return report->errors == 0 || why_not(why, size, "the case itself sends an invalid request and does not say so");
}

bool compose(const struct composition *c, struct wire *wire, char *why, size_t why_size)
{
    const struct suite_step *step = c->step;
    struct json_object *request = NULL;
    char *body = NULL;
    size_t length = 0;
    if (step->verbatim) request = json_object_get(step->request);
    bool fine = step->verbatim || !step->request || expand_value(c->variables, step->request, &request, why, why_size);
    if (fine && step->body) fine = (body = expand_text(c->variables, step->body, step->body_length, &length, why, why_size)) != NULL;
    if (fine && c->control) fine = apply_control(c, &request, why, why_size);
    fine = fine && wire_build(wire, c->target, step, request, body, length, c->variables, why, why_size) && is_sound(c, wire, why, why_size);
    json_object_put(request);
    free(body);
    return fine;
}
