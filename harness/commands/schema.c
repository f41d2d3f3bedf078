/* schema.c: `chatconform schema [KIND]`: the tables as JSON Schema, for validators elsewhere. */
#include "harness/command.h"
#include "harness/suite/matcher_export.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static bool has_schema(enum cc_kind kind) { return kind != CC_AUTO && kind != CC_STREAM && kind != CC_EXCHANGE && kind < CC_KIND_COUNT; }

static void list_kinds(char *out, size_t size)
{
    *out = '\0';
    for (unsigned kind = 0; kind < CC_KIND_COUNT; kind++) {
        size_t used = strlen(out);
        if (has_schema((enum cc_kind)kind)) snprintf(out + used, size - used, "%s%s", used ? ", " : "", cc_kind_name((enum cc_kind)kind));
    }
}

static bool find_kind(const struct options *options, enum cc_kind *kind, char *why, size_t size)
{
    char kinds[256];
    if (options->arguments.count == 0) {
        *kind = CC_AUTO;
        return true;
    }
    list_kinds(kinds, sizeof kinds);
    const char *name = options->arguments.items[0];
    *kind = cc_kind_find(name);
    if (options->arguments.count == 1 && has_schema(*kind)) return true;
    if (options->arguments.count > 1) snprintf(why, size, "schema takes one kind at most: %s", kinds);
    else if (*kind == CC_STREAM) snprintf(why, size, "a stream is text and has no schema; its events are of kind chunk");
    else if (*kind == CC_EXCHANGE) snprintf(why, size, "an exchange has no schema of its own; its parts are of kinds request and response");
    else snprintf(why, size, "there is no schema %s; there are %s", name, kinds);
    return false;
}

int command_schema(struct options *options, char *why, size_t why_size)
{
    enum cc_kind kind;
    if (!find_kind(options, &kind, why, why_size)) return EXIT_USAGE;
    struct json_object *schema = cc_export_schema(kind, options->profile);
    if (schema && kind == CC_SUITE && !matchers_export(schema)) {
        json_object_put(schema);
        schema = NULL;
    }
    if (!schema) {
        snprintf(why, why_size, "memory ran out");
        return EXIT_BROKEN;
    }
    puts(json_object_to_json_string_ext(schema, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(schema);
    return EXIT_FINE;
}
