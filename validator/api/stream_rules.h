/* stream_rules.h: what the rules of a stream ask, as predicates. Each is true while its statement holds, and true when what it asks about
 * is not there: that something is missing is for another rule to say. */
#ifndef CC_STREAM_RULES_H
#define CC_STREAM_RULES_H

#include "validator/api/seen.h"

#define STEP(name) bool name(struct ask *ask, const void *before, const struct event *now)
#define END(name) bool name(struct ask *ask, const void *all)

/* stream_whole.c: payloads, the end, what all chunks share, usage */
STEP(payload_is_known);
STEP(payload_is_no_stray_error);
STEP(error_follows_a_chunk);
STEP(chunk_precedes_error);
STEP(terminator_is_exact);
STEP(terminator_is_first);
STEP(event_precedes_terminator);
STEP(terminator_follows_a_chunk);
END(stream_is_terminated);
END(stream_is_whole);
STEP(stream_was_requested);
STEP(id_agrees);
STEP(created_agrees);
STEP(model_agrees);
STEP(fingerprint_agrees);
STEP(tier_agrees);
STEP(obfuscation_was_requested);
STEP(moderation_was_requested);
STEP(usage_was_requested);
STEP(usage_comes_once);
END(usage_came);
STEP(usage_comes_last);
STEP(usage_comes_alone);
STEP(usage_is_null_elsewhere);
STEP(usage_does_not_run);

/* stream_choice.c: choices, roles, texts, the reason to finish */
STEP(choices_add_something);
STEP(index_is_below_n);
END(every_choice_came);
STEP(finish_comes_once);
END(every_choice_finished);
STEP(finish_comes_last);
STEP(finish_follows_calls);
STEP(calls_finish_as_calls);
STEP(role_comes_first_only);
STEP(role_comes_first);
STEP(content_excludes_refusal);
STEP(function_name_comes_first);
STEP(logprobs_were_requested);

/* stream_call.c: tool calls */
STEP(call_indexes_count_up);
STEP(calls_are_not_interleaved);
STEP(call_begins_with_id);
STEP(call_begins_with_type);
STEP(call_begins_with_name);
STEP(call_stays_itself);
STEP(call_name_comes_once);
STEP(call_ids_differ);
END(call_arguments_are_json);

#endif
