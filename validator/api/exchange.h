/* exchange.h: predicates over a request and its answer, named by the rules in exchange.c. */
#ifndef CC_EXCHANGE_H
#define CC_EXCHANGE_H

#include "validator/lib/ask.h"

/* Each choice of the answer. */
#define EVERY_CHOICE(ask, choice) \
    struct view choice##_list = get((ask)->response, "choices"), choice = first(choice##_list); there(choice); \
    choice = after(choice, choice##_list)

/* The answer was cut off, so that what it lacks is no fault. */
bool choice_is_cut(struct view choice);
/* It refuses. */
bool choice_refuses(struct view choice);
/* It came to its end by itself and says something, so that its content is whole; beside calls nothing is promised, and where the request has
 * stop sequences nobody knows whether one of them was the end. */
bool choice_ends_with_text(struct ask *ask, struct view choice);

/* exchange_calls.c */
bool calls_come_with_tools(struct ask *ask);
bool calls_are_not_forbidden(struct ask *ask);
bool required_call_is_there(struct ask *ask);
bool named_tool_is_called(struct ask *ask);
bool called_tools_are_allowed(struct ask *ask);
bool calls_are_not_parallel(struct ask *ask);
bool called_functions_are_declared(struct ask *ask);
bool called_strict_functions_are_declared(struct ask *ask);
bool called_custom_tools_are_declared(struct ask *ask);
bool function_call_is_declared(struct ask *ask);

/* exchange_text.c */
bool content_is_json_object(struct ask *ask);
bool content_has_no_stop(struct ask *ask);
bool citations_come_from_search(struct ask *ask);
bool audio_was_asked_for(struct ask *ask);
bool logprobs_were_asked_for(struct ask *ask);
bool alternatives_fit_request(struct ask *ask);

/* exchange_schema.c */
bool strict_arguments_fit(struct ask *ask);
bool loose_arguments_fit(struct ask *ask);
bool strict_content_fits(struct ask *ask);
bool loose_content_fits(struct ask *ask);

#endif
