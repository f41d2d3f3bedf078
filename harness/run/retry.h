/* retry.h: whether a request that did not get its answer is worth sending again, and when. */
#ifndef RETRY_H
#define RETRY_H

#include "harness/http/http.h"
#include "harness/suite/suite.h"

#include <time.h>

enum { RETRY_FIRST_MS = 500, RETRY_MAX_MS = 60000 };

/* True for trouble on the way, and for 408 and 429, unless the step expects just that status. Other answers are answers. */
bool retry_may_help(const struct suite_step *step, const struct http_reply *reply);
/* How long to wait after attempt number `attempt` (from 1): what Retry-After asks for, in seconds or by a date, else twice as long each
 * time; never more than RETRY_MAX_MS. */
long retry_delay_ms(const struct http_reply *reply, long attempt, time_t now);

#endif
