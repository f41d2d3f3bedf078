/* stream_choice.c: what holds for the choices of a stream: which there are, what they begin with and how they end. */
#include "validator/api/chunk.h"
#include "validator/api/stream_rules.h"

#include <string.h>

/* --- which there are */

STEP(choices_add_something)
{
    struct view choices = get(now->view, "choices");
    if (!is(choices, ARR) || count(choices) || payload_of(now->view) != PAYLOAD_CHUNK) return true;
    bool special = is_set(get(now->view, "usage")) || is_set(get(now->view, "moderation")) || is_set(get(now->view, "error"));
    return special || is_opening_filter(before, now->view) || blame(ask, choices);
}

STEP(index_is_below_n)
{
    const struct seen *seen = before;
    struct view choices = get(now->view, "choices");
    if (!seen->n) return true;
    for (EVERY(choice, choices)) {
        struct view index = get(choice, "index");
        if (integer_of(index, 0) < seen->n) continue;
        say(ask, "the request has n = %lld", seen->n);
        return blame(ask, index);
    }
    return true;
}

END(every_choice_came)
{
    const struct seen *seen = all;
    long long came = 0;
    if (!seen->n || !seen->chunks || !seen->done || seen->error || seen->lost) return true;
    for (size_t i = 0; i < seen->choice_count; i++) came += seen->choices[i].index >= 0 && seen->choices[i].index < seen->n;
    return came == seen->n || say(ask, "%lld of %lld came", came, seen->n);
}

/* --- the reason to finish */

STEP(finish_comes_once)
{
    struct view choices = ((const struct seen *)before)->finished ? get(now->view, "choices") : nowhere();
    for (EVERY(choice, choices)) {
        const struct choice_seen *seen = seen_choice(before, get(choice, "index"));
        struct view finish = get(choice, "finish_reason");
        if (seen && seen->finish.length && is_set(finish)) return blame(ask, finish);
    }
    return true;
}

END(every_choice_finished)
{
    const struct seen *seen = all;
    if (!seen->done || seen->error || seen->lost) return true;
    for (size_t i = 0; i < seen->choice_count; i++)
        if (!seen->choices[i].finish.length) return say(ask, "choice %lld has none", seen->choices[i].index);
    return true;
}

STEP(finish_comes_last)
{
    struct view choices = ((const struct seen *)before)->finished ? get(now->view, "choices") : nowhere();
    for (EVERY(choice, choices)) {
        const struct choice_seen *seen = seen_choice(before, get(choice, "index"));
        struct view delta = get(choice, "delta");
        if (seen && seen->finish.length && delta_adds(delta)) return blame(ask, delta);
    }
    return true;
}

static bool calls_came(const struct choice_seen *seen, struct view delta)
{
    return (seen && seen->call_count) || count(get(delta, "tool_calls")) > 0;
}

STEP(finish_follows_calls)
{
    struct view choices = get(now->view, "choices");
    if (((const struct seen *)before)->lost) return true;
    for (EVERY(choice, choices)) {
        struct view finish = get(choice, "finish_reason"), delta = get(choice, "delta");
        if (!is_set(finish)) continue;
        const struct choice_seen *seen = seen_choice(before, get(choice, "index"));
        if (text_is(finish, "tool_calls") && !calls_came(seen, delta)) return blame(ask, finish);
        bool function_came = (seen && seen->function_call) || is_set(get(delta, "function_call"));
        if (text_is(finish, "function_call") && !function_came) return blame(ask, finish);
    }
    return true;
}

/* The official endpoint ends a call that tool_choice names with stop, so this is only asked when it is known not to. */
STEP(calls_finish_as_calls)
{
    const struct seen *all = before;
    struct view choices = get(now->view, "choices");
    if (!all->asked || all->named_tool) return true;
    for (EVERY(choice, choices)) {
        struct view finish = get(choice, "finish_reason");
        if (text_is(finish, "stop") && calls_came(seen_choice(all, get(choice, "index")), get(choice, "delta"))) return blame(ask, finish);
    }
    return true;
}

/* --- roles and texts */

STEP(role_comes_first_only)
{
    struct view choices = get(now->view, "choices");
    for (EVERY(choice, choices)) {
        struct view role = get(get(choice, "delta"), "role");
        if (!has_text(role)) continue;
        const struct choice_seen *seen = seen_choice(before, get(choice, "index"));
        if (seen && seen->role) return blame(ask, role);
    }
    return true;
}

STEP(role_comes_first)
{
    struct view choices = get(now->view, "choices");
    if (((const struct seen *)before)->lost) return true;
    for (EVERY(choice, choices)) {
        struct view delta = get(choice, "delta");
        if (!seen_choice(before, get(choice, "index")) && is(delta, OBJ) && !there(get(delta, "role")))
            return blame_missing(ask, delta, "role");
    }
    return true;
}

STEP(content_excludes_refusal)
{
    struct view choices = get(now->view, "choices");
    for (EVERY(choice, choices)) {
        struct view delta = get(choice, "delta"), refusal = get(delta, "refusal"), content = get(delta, "content");
        if (!has_text(refusal) && !((const struct seen *)before)->refusals) continue;
        const struct choice_seen *seen = seen_choice(before, get(choice, "index"));
        if (has_text(content) && (has_text(refusal) || (seen && seen->refusal))) return blame(ask, content);
        if (has_text(refusal) && seen && seen->content) return blame(ask, refusal);
    }
    return true;
}

STEP(function_name_comes_first)
{
    struct view choices = get(now->view, "choices");
    if (((const struct seen *)before)->lost) return true;
    for (EVERY(choice, choices)) {
        struct view call = get(get(choice, "delta"), "function_call"), name = get(call, "name");
        if (!is(call, OBJ)) continue;
        const struct choice_seen *seen = seen_choice(before, get(choice, "index"));
        bool named = seen && seen->function_named;
        if (named && has_text(name)) return say(ask, "it came before"), blame(ask, name);
        if (!named && !has_text(name)) return say(ask, "there is no name yet"), blame(ask, call);
    }
    return true;
}

/* Judged on deltas with text alone: the first and the last one have no tokens. */
STEP(logprobs_were_requested)
{
    const struct seen *seen = before;
    struct view choices = get(now->view, "choices");
    if (!seen->asked) return true;
    for (EVERY(choice, choices)) {
        struct view logprobs = get(choice, "logprobs");
        if (is_set(logprobs) && !seen->logprobs) return say(ask, "the request did not ask for them"), blame(ask, logprobs);
        if (is_set(logprobs) || !seen->logprobs || !has_text(get(get(choice, "delta"), "content"))) continue;
        say(ask, "the request asked for them");
        return there(logprobs) ? blame(ask, logprobs) : blame_missing(ask, choice, "logprobs");
    }
    return true;
}
