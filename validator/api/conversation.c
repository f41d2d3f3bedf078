/* conversation.c: what must hold between the messages of a request: who speaks, and that every call of a tool is answered, once, right
 * after it was made. All is asked of the whole request, in time that grows with the number of messages and calls. */
#include "validator/api/request.h"
#include "validator/api/text_set.h"

static struct view messages_of(struct ask *ask) { return get(ask->self, "messages"); }

/* --- calls and their answers */

enum flaw { NO_FLAW, NOT_PRECEDED, UNKNOWN_CALL, ANSWERED_TWICE, NOT_ANSWERED };

/* The calls of one assistant message while only tool messages follow it. */
struct round {
    struct view calls;    /* absent: no calls are open */
    struct text_set ids;  /* uses: how often each was answered */
    size_t strays;        /* answers to no call, or to one that was answered before */
};

/* Begins with the calls of an assistant message, if it has any. */
static bool round_open(struct ask *ask, struct round *round, struct view message)
{
    struct view calls = get(message, "tool_calls");
    if (count(calls) == 0) return true;
    round->calls = calls;
    if (!text_set_open(ask, &round->ids, count(calls))) return false;
    for (EVERY(call, calls)) {
        struct text id = text_of(ask, get(call, "id"));
        if (id.bytes) text_set_add(&round->ids, id, NULL);
    }
    return true;
}

static enum flaw round_answer(struct ask *ask, struct round *round, struct view message)
{
    struct text id = text_of(ask, get(message, "tool_call_id"));
    struct text_slot *call = id.bytes ? text_set_find(&round->ids, id) : NULL;
    enum flaw flaw = !call ? UNKNOWN_CALL : call->uses++ ? ANSWERED_TWICE : NO_FLAW;
    round->strays += flaw != NO_FLAW;
    return flaw;
}

/* The first call that nobody answered, or nothing. A stray answer was meant for one of them and is a finding already, so it counts as an
 * answer. */
static struct view round_unanswered(struct ask *ask, const struct round *round)
{
    struct view left = nowhere();
    size_t open = 0;
    for (EVERY(call, round->calls)) {
        struct text id = text_of(ask, get(call, "id"));
        struct text_slot *slot = id.bytes ? text_set_find(&round->ids, id) : NULL;
        if (!slot || slot->uses) continue;
        if (!open++) left = get(call, "id");
    }
    return open > round->strays ? left : nowhere();
}

/* The first value at fault, for each flaw. */
struct flaws {
    struct view first[NOT_ANSWERED + 1];
};

static void note_flaw(struct flaws *flaws, enum flaw flaw, struct view at)
{
    if (!there(flaws->first[flaw])) flaws->first[flaw] = at;
}

static void hear_answer(struct ask *ask, struct round *round, struct view message, struct flaws *flaws)
{
    if (!there(round->calls)) note_flaw(flaws, NOT_PRECEDED, message);
    else note_flaw(flaws, round_answer(ask, round, message), get(message, "tool_call_id"));
}

/* Goes through the conversation once, for all the rules about it. */
static void find_flaws(struct ask *ask, struct view request, void *fact)
{
    struct flaws *flaws = fact;
    struct round round = {0};
    struct view messages = get(request, "messages");
    for (EVERY(message, messages)) {
        enum role role = role_of(message);
        if (role == ROLE_TOOL) {
            hear_answer(ask, &round, message, flaws);
            continue;
        }
        note_flaw(flaws, NOT_ANSWERED, round_unanswered(ask, &round));
        if (there(round.calls)) round = (struct round){0};
        if (role == ROLE_ASSISTANT && !round_open(ask, &round, message)) return;
    }
    note_flaw(flaws, NOT_ANSWERED, round_unanswered(ask, &round));
}

_Static_assert(sizeof(struct flaws) <= REMEMBERED_SIZE, "the flaws are remembered");

static bool never(struct ask *ask, enum flaw flaw)
{
    const struct flaws *flaws = remembered(ask, REMEMBER_CONVERSATION, ask->self, find_flaws);
    return !there(flaws->first[flaw]) || blame(ask, flaws->first[flaw]);
}

bool tool_messages_follow_calls(struct ask *ask) { return never(ask, NOT_PRECEDED); }
bool tool_messages_name_calls(struct ask *ask) { return never(ask, UNKNOWN_CALL); }
bool calls_are_answered_once(struct ask *ask) { return never(ask, ANSWERED_TWICE); }
bool calls_are_all_answered(struct ask *ask) { return never(ask, NOT_ANSWERED); }

/* --- calls of the whole conversation */

static size_t calls_in(struct view messages)
{
    size_t total = 0;
    for (EVERY(message, messages))
        if (role_of(message) == ROLE_ASSISTANT) total += count(get(message, "tool_calls"));
    return total;
}

bool call_ids_differ_everywhere(struct ask *ask)
{
    struct text_set ids;
    size_t total = calls_in(messages_of(ask));
    if (total < 2 || !text_set_open(ask, &ids, total)) return true;
    for (EVERY(message, messages_of(ask))) {
        if (role_of(message) != ROLE_ASSISTANT) continue;
        for (EVERY(call, get(message, "tool_calls"))) {
            struct text id = text_of(ask, get(call, "id"));
            if (id.bytes && !text_set_add(&ids, id, NULL)) return blame(ask, get(call, "id"));
        }
    }
    return true;
}

static struct view name_of_call(struct view call)
{
    struct view name = get(get(call, "function"), "name");
    return is(name, STR) ? name : get(get(call, "custom"), "name");
}

static bool tool_names(struct ask *ask, struct text_set *names)
{
    struct view tools = get(ask->self, "tools");
    if (!text_set_open(ask, names, count(tools))) return false;
    for (EVERY(tool, tools)) {
        struct text name = text_of(ask, name_of_call(tool)); /* a tool is declared in the form in which it is called */
        if (name.bytes) text_set_add(names, name, NULL);
    }
    return true;
}

bool past_calls_name_tools(struct ask *ask)
{
    struct text_set names;
    if (!is_set(get(ask->self, "tools")) || calls_in(messages_of(ask)) == 0 || !tool_names(ask, &names)) return true;
    for (EVERY(message, messages_of(ask))) {
        if (role_of(message) != ROLE_ASSISTANT) continue;
        for (EVERY(call, get(message, "tool_calls"))) {
            struct text name = text_of(ask, name_of_call(call));
            if (name.bytes && !text_set_find(&names, name)) return blame(ask, name_of_call(call));
        }
    }
    return true;
}

/* --- who speaks */

bool function_messages_answer_calls(struct ask *ask)
{
    struct view before = nowhere();
    for (EVERY(message, messages_of(ask))) {
        if (role_of(message) == ROLE_FUNCTION) {
            struct view called = role_of(before) == ROLE_ASSISTANT ? get(get(before, "function_call"), "name") : nowhere();
            if (!text_same(called, get(message, "name"))) return blame(ask, message);
        }
        before = message;
    }
    return true;
}

bool roles_are_not_mixed(struct ask *ask)
{
    enum role first_seen = ROLE_NONE;
    for (EVERY(message, messages_of(ask))) {
        enum role role = role_of(message);
        if (role != ROLE_DEVELOPER && role != ROLE_SYSTEM) continue;
        if (first_seen == ROLE_NONE) first_seen = role;
        if (role != first_seen) return blame(ask, get(message, "role"));
    }
    return true;
}

bool someone_asks(struct ask *ask)
{
    for (EVERY(message, messages_of(ask))) {
        enum role role = role_of(message);
        if (role == ROLE_USER || role == ROLE_TOOL || role == ROLE_FUNCTION) return true;
    }
    return false;
}
