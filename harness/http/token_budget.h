/* token_budget.h: so many tokens in all, and so many in a minute. What a request will cost is only known from its answer, so an estimate is
 * set aside when it is sent, and put right when the answer tells. */
#ifndef TOKEN_BUDGET_H
#define TOKEN_BUDGET_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* Times are milliseconds of one steady clock. Zero-initialised it bounds nothing. */
struct token_budget {
    long most, per_minute;     /* 0: no bound */
    long long spent, reserved; /* reserved: set aside for what is under way */
    double allowance;          /* of the minute: negative when more was spent than has come in */
    long filled_ms;
};

/* What a request may cost: four bytes of it are a token, and each choice of its answer takes what it may at most, or a guess. */
long tokens_expected(struct json_object *request, size_t body_length);
/* What an answer says it cost; -1 when it does not say. */
long tokens_used(struct json_object *answer);

/* Whether the bound on all tokens lets another request be sent. */
bool tokens_are_left(const struct token_budget *budget);
/* Milliseconds until the bound on a minute lets another request be sent; 0: now. */
long tokens_wait_ms(struct token_budget *budget, long now_ms);
/* Sets tokens aside for a request that is sent. */
void tokens_reserve(struct token_budget *budget, long expected);
/* Its answer came: `used` in the place of what was set aside. */
void tokens_settle(struct token_budget *budget, long expected, long used);

#endif
