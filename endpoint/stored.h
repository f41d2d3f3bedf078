/* stored.h: the paths of completions that were kept: their list, one of them (to read, change, delete), its messages. */
#ifndef STORED_H
#define STORED_H

#include "endpoint/visit.h"

/* The reply to a call below /chat/completions; `rest` is what follows that: "", "/ID" or "/ID/messages". New. */
struct json_object *stored_answer(const struct visit *visit, const char *rest);

#endif
