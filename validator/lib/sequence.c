/* sequence.c: see sequence.h. Knows no API: rules and state come from a table. */
#include "validator/lib/sequence.h"

#include <stdlib.h>
#include <string.h>

bool run_begin(struct run *run, const struct sequence *sequence, struct judge *judge, struct view request)
{
    unsigned count;
    const struct state_site *sites = plan_state_rules(&count);
    *run = (struct run){.judge = judge, .sequence = sequence, .request = request, .sites = sites, .count = count, .outer = judge->context};
    run->state = calloc(1, sequence->state_size);
    if (!run->state || !sequence->begin(run->state, request, judge->no_answer)) judge->failed = true;
    return !judge->failed;
}

void run_clear(struct run *run)
{
    if (run->state) run->sequence->clear(run->state);
    free(run->state);
    *run = (struct run){0};
}

static void ask_prepare(const struct run *run, struct ask *ask, struct view self)
{
    struct judge *judge = run->judge;
    ask->self = self;
    ask->request = run->request;
    ask->response = ask->http = nowhere();
    ask->profile = judge->profile;
    ask->cut = false;
    ask->no_bearer = judge->no_bearer;
    ask->scratch = &judge->scratch;
    ask_again(ask);
}

/* An event that is no JSON, and the end, have no value to point at: the finding is about the place of the context, unless its rule knows
 * where what it speaks of came. */
static void find_placeless(struct run *run, unsigned id, const char *detail)
{
    char message[1024] = "";
    finding_say(message, sizeof message, constraint_at(id), "the stream", nowhere(), detail);
    judge_find_text(run->judge, id, nowhere(), 0, message);
}

static void find_at_origin(struct run *run, unsigned id, const struct ask *ask)
{
    struct context before = run->judge->context, there = before;
    there.event = ask->origin.event;
    there.base = run->outer.base + ask->origin.offset;
    there.line = ask->origin.line;
    there.column = ask->origin.column;
    judge_context(run->judge, &there);
    find_placeless(run, id, ask->detail);
    judge_context(run->judge, &before);
}

static void tell(struct run *run, unsigned i, const struct ask *ask)
{
    const struct state_site *site = &run->sites[i];
    run->told[i] = !site->rule->often;
    run->silent += run->told[i];
    if (there(ask->blame) || there(ask->self)) judge_tell(run->judge, site->id, there(ask->blame) ? ask->blame : ask->self, ask);
    else if (ask->origin.line) find_at_origin(run, site->id, ask);
    else find_placeless(run, site->id, ask->detail);
}

/* True when the rule may be asked about this event. What it reads and cannot trust silences it for the rest of the sequence: what it
 * would miss there might be what it asks for later. */
static bool may_ask(struct run *run, unsigned i, const struct ask *ask)
{
    const struct state_rule *rule = run->sites[i].rule;
    if (run->mute[i] || run->told[i] || !(run->sites[i].profiles & run->judge->profile)) return false;
    if (!rule->reads) return true;
    if (!there(ask->self)) return false;
    run->mute[i] = !judge_sound(run->judge, ask, ask->self, rule->reads);
    run->silent += run->mute[i];
    return !run->mute[i];
}

static void ask_step(struct run *run, unsigned i, struct ask *ask, const struct event *event)
{
    const struct state_rule *rule = run->sites[i].rule;
    /* What follows a terminator is only asked why it is there. */
    if (!may_ask(run, i, ask) || !rule->step || (run->over && rule->reads)) return;
    run->judge->report.asked++;
    if ((run->sites[i].trigger & event->met) != run->sites[i].trigger) return;
    ask_again(ask);
    bool holds = rule->step(ask, run->state, event);
    if (ask->failed) run->judge->failed = true;
    else if (!holds) tell(run, i, ask);
}

void run_event(struct run *run, const struct event *event)
{
    struct ask ask;
    ask_prepare(run, &ask, event->view);
    for (unsigned i = 0; i < run->count; i++) ask_step(run, i, &ask, event);
    if (run->over) return;
    run->over = event->terminator;
    ask_again(&ask);
    if (!run->sequence->fold(run->state, &ask, event) || ask.failed) run->judge->failed = true;
}

void run_lose(struct run *run)
{
    struct event nothing = {.data = ""};
    struct ask ask;
    ask_prepare(run, &ask, nowhere());
    if (!run->over && !run->sequence->fold(run->state, &ask, &nothing)) run->judge->failed = true;
}

void run_end(struct run *run)
{
    for (unsigned i = 0; i < run->count; i++) {
        const struct state_rule *rule = run->sites[i].rule;
        if (!rule->end || run->mute[i] || run->told[i] || !(run->sites[i].profiles & run->judge->profile)) continue;
        struct ask ask;
        ask_prepare(run, &ask, nowhere());
        run->judge->report.asked++;
        bool holds = rule->end(&ask, run->state);
        if (ask.failed) run->judge->failed = true;
        else if (!holds) tell(run, i, &ask);
    }
}
