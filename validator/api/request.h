/* request.h: what the files of the request side share. */
#ifndef CC_REQUEST_H
#define CC_REQUEST_H

#include "validator/api/tables.h"

extern const struct rule request_rules[];        /* request_rules.c */
extern const struct pick past_call_by_type;      /* past_call.c: a tool call of the history */
extern const struct shape past_function_call_shape;
extern const struct pick choice_by_type;         /* tool_choice.c */
extern const struct shape function_item_shape;   /* tool.c: an entry of the deprecated functions */
extern const struct shape web_search_shape;      /* web_search.c */

/* Facts of a request that are found out once; see remembered(). */
enum { REMEMBER_CONVERSATION, REMEMBER_SCHEMA };

/* "Has name, a string" and "has mode, which is explicit" are one constraint each: presence, type and word have one id. */
#define ONE_ID(id_, says_) \
    NOTES({REQUIRED_, .id = id_, .says = says_}, {TYPE_, .id = id_, .says = says_}, {WORD_, .id = id_, .says = says_})

/* Who speaks. Each role is its first letter. */
enum role {
    ROLE_NONE,
    ROLE_DEVELOPER = 'd',
    ROLE_SYSTEM = 's',
    ROLE_USER = 'u',
    ROLE_ASSISTANT = 'a',
    ROLE_TOOL = 't',
    ROLE_FUNCTION = 'f',
};

/* For a role that is written with escapes. */
enum role role_unescaped(struct view role);

/* The role of a message whose role is known to be good. */
static inline enum role role_of(struct view message)
{
    struct view role = get(message, "role");
    if (!is(role, STR) || value_of(role)->length == 0) return ROLE_NONE;
    char letter = role.doc->text[value_of(role)->offset];
    return letter != '\\' ? (enum role)letter : role_unescaped(role);
}

/* Predicates of the root that are about the conversation; conversation.c. */
bool tool_messages_follow_calls(struct ask *ask);
bool tool_messages_name_calls(struct ask *ask);
bool calls_are_answered_once(struct ask *ask);
bool calls_are_all_answered(struct ask *ask);
bool call_ids_differ_everywhere(struct ask *ask);
bool past_calls_name_tools(struct ask *ask);
bool function_messages_answer_calls(struct ask *ask);
bool roles_are_not_mixed(struct ask *ask);
bool someone_asks(struct ask *ask);

/* About tools and the choice among them; tool_choice.c. */
bool choice_has_tools(struct ask *ask);
bool demanded_call_has_tools(struct ask *ask);
bool chosen_function_is_declared(struct ask *ask);
bool chosen_custom_tool_is_declared(struct ask *ask);
bool allowed_tools_are_declared(struct ask *ask);
bool parallel_calls_have_tools(struct ask *ask);
bool tool_names_differ(struct ask *ask);
bool functions_replace_no_tools(struct ask *ask);
bool called_function_is_declared(struct ask *ask);
bool function_call_has_functions(struct ask *ask);

#endif
