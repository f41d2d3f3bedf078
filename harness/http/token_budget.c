/* token_budget.c: see token_budget.h. The minute is a bucket that fills steadily and holds what comes in within one second: there is no
 * saving up, so no minute sees much more than its share. */
#include "harness/http/token_budget.h"

#include "harness/base/jo.h"

#include <limits.h>
#include <math.h>

enum { BYTES_EACH = 4, ANSWER_GUESS = 256, MOST_EXPECTED = 1000000000, LONGEST_WAIT_MS = 3600000 };

static long amount(struct json_object *object, const char *name)
{
    struct json_object *value = jo_get(object, name);
    int64_t number = json_object_is_type(value, json_type_int) ? jo_int(value, -1) : -1;
    return number < 0 ? -1 : number < MOST_EXPECTED ? (long)number : MOST_EXPECTED;
}

long tokens_expected(struct json_object *request, size_t body_length)
{
    long now = amount(request, "max_completion_tokens"), old = amount(request, "max_tokens"), answer = now >= 0 ? now : old;
    long prompt = (long)(body_length / BYTES_EACH), choices = amount(request, "n");
    long long all = (long long)(answer >= 0 ? answer : ANSWER_GUESS) * (choices > 0 ? choices : 1);
    return prompt + (all < MOST_EXPECTED ? (long)all : MOST_EXPECTED);
}

long tokens_used(struct json_object *answer)
{
    return amount(jo_get(answer, "usage"), "total_tokens");
}

bool tokens_are_left(const struct token_budget *budget) { return !budget->most || budget->spent + budget->reserved < budget->most; }

long tokens_wait_ms(struct token_budget *budget, long now_ms)
{
    if (!budget->per_minute) return 0;
    double per_ms = (double)budget->per_minute / 60000;
    if (budget->filled_ms) budget->allowance = fmin(per_ms * 1000, budget->allowance + (double)(now_ms - budget->filled_ms) * per_ms);
    budget->filled_ms = now_ms;
    return budget->allowance >= 0 ? 0 : (long)fmin(LONGEST_WAIT_MS, ceil(-budget->allowance / per_ms - 1e-6));
}

void tokens_reserve(struct token_budget *budget, long expected)
{
    budget->reserved += expected;
    budget->allowance -= (double)expected;
}

void tokens_settle(struct token_budget *budget, long expected, long used)
{
    budget->reserved -= expected;
    budget->spent += used;
    budget->allowance += (double)expected - (double)used;
}
