/* matcher_export.h: the matchers in the JSON Schema of suites, for editors. */
#ifndef MATCHER_EXPORT_H
#define MATCHER_EXPORT_H

#include <json-c/json.h>
#include <stdbool.h>

/* Adds to the exported schema of suites what may be expected: which words a matcher has and what each takes. False when memory runs out. */
bool matchers_export(struct json_object *schema);

#endif
