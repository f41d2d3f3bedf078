/* api.h: what of the API the program itself goes by; all else about it is the validator's. */
#ifndef API_H
#define API_H

#include <stdbool.h>

/* Where completions are asked for, below the base URL, unless a target says otherwise. */
#define CHAT_PATH "/chat/completions"

/* How a request with a wrong body is refused, unless a case says otherwise. */
#define REFUSAL_STATUSES "400 or 422"
static inline bool is_refusal_status(int status) { return status == 400 || status == 422; }

#endif
