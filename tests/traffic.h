/* traffic.h: the recorded exchanges of real clients and servers, one after another, for the tests that hold the program against them. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "chatconform.h"
#include "tests/testing.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

/* One exchange: what was read, and the line that it was read from. Both live until `each` returns; get the object to keep it. */
struct recorded {
    struct json_object *exchange;
    const char *line;
    size_t length;
};

/* Calls `each` with every recorded exchange. False, with a skipped opinion noted, when there is no folder of recordings. A recording that
 * cannot be read to its end, holds a line that is no object or has no line at all fails the test. */
static inline bool each_recorded(void (*each)(void *context, const struct recorded *recorded), void *context)
{
    const char *path = testing_shared("traffic/recorded.jsonl.gz");
    char command[4200], why[256] = "", *line = NULL;
    size_t room = 0, count = 0;
    if (!path) return false;
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    FILE *lines = popen(command, "r");
    ck_assert_ptr_nonnull(lines);
    for (ssize_t length; (length = getline(&line, &room, lines)) > 0; count++) {
        struct recorded recorded = {.line = line, .length = (size_t)length};
        ck_assert_msg(cc_read_object(line, recorded.length, NULL, &recorded.exchange, why, sizeof why), "exchange %zu: %s", count + 1, why);
        each(context, &recorded);
        json_object_put(recorded.exchange);
    }
    free(line);
    ck_assert_int_eq(pclose(lines), 0);
    ck_assert_uint_gt(count, 0);
    return true;
}

#endif
