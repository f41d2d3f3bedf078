/* refusal.c: see refusal.h.
 *
 * Which code an error gets follows from the name of the rule that was broken, because rules are named by the kind of promise they make. */
#include "endpoint/refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json_object *refusal_make(const char *message, const char *type, const char *param, const char *code)
{
    struct json_object *body = jo_object(), *error = jo_object();
    jo_put(error, "message", jo_string(message));
    jo_put(error, "type", jo_string(type));
    jo_put(error, "param", param ? jo_string(param) : NULL);
    jo_put(error, "code", code ? jo_string(code) : NULL);
    jo_put(body, "error", error);
    return body;
}

/* Undoes ~0 and ~1 in the step at `*pointer`, and moves on to the next. False when the step does not fit `key`. */
static bool read_step(const char **pointer, char *key, size_t size)
{
    size_t used = 0;
    const char *at = *pointer + 1;
    for (; *at && *at != '/'; at++) {
        if (used + 1 >= size)
            return false;
        bool escape = at[0] == '~' && (at[1] == '0' || at[1] == '1');
        key[used++] = escape ? (*++at == '1' ? '/' : '~') : *at;
    }
    key[used] = '\0';
    *pointer = at;
    return true;
}

static bool is_plain(const char *key)
{
    size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$");
    return length > 0 && key[length] == '\0';
}

struct json_object *refusal_param(const char *pointer, struct json_object *request)
{
    struct printbuf *buffer = jo_buffer();
    char key[128];
    while (*pointer == '/' && read_step(&pointer, key, sizeof key) && is_plain(key)) {
        bool item = json_object_is_type(request, json_type_array);
        jo_append_text(buffer, item ? "[" : buffer && buffer->bpos > 0 ? "." : "");
        jo_append_text(buffer, key);
        jo_append_text(buffer, item ? "]" : "");
        request = item ? jo_item(request, (size_t)strtoul(key, NULL, 10)) : jo_get(request, key);
    }
    if (buffer && buffer->bpos > 0)
        return jo_buffer_string(buffer);
    printbuf_free(buffer);
    return NULL;
}

/* The value that a pointer leads to, or NULL. */
static struct json_object *value_at(const char *pointer, struct json_object *value)
{
    char key[128];
    while (value && *pointer == '/' && read_step(&pointer, key, sizeof key))
        value = json_object_is_type(value, json_type_array) ? jo_item(value, (size_t)strtoul(key, NULL, 10)) : jo_get(value, key);
    return value;
}

/* A bound was crossed. Every range of this API contains 1, so what lies outside of it at 0 or below is too small. */
static const char *range_code(const char *rule, struct json_object *value)
{
    static const char *const decimals[] = {".temperature.", ".top_p.", ".presence_penalty.", ".frequency_penalty."};
    bool below = json_object_get_double(value) <= 0, decimal = false;
    for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++)
        decimal = decimal || strstr(rule, decimals[i]);
    if (decimal)
        return below ? "decimal_below_min_value" : "decimal_above_max_value";
    return below ? "integer_below_min_value" : "integer_above_max_value";
}

/* The code of the first row whose words occur in the rule's id, which ends in a dot here. */
static const char *code_of(const char *rule, struct json_object *value)
{
    static const struct {
        const char *words, *code;
    } table[] = {
        {".response_format.json_schema.schema.valid.", NULL},
        {".parameters.valid.", "invalid_function_parameters"},
        {".parameters.array_items.", "invalid_function_parameters"},
        {".strict_schema.", "invalid_function_parameters"},
        {".max_items.", "array_above_max_length"},
        {".min_items.", "empty_array"},
        {".max_properties.", "object_above_max_properties"},
        {".key.max_length.", "property_name_above_max_length"},
        {".max_length.", "string_above_max_length"},
        {".exclusive.", "invalid_parameter_combination"},
        {".conflict.", "invalid_parameter_combination"},
        {".requires_", "invalid_parameter_combination"},
        {".required.", "missing_required_parameter"},
        {".required_unless.", "missing_required_parameter"},
        {".required_for_modality.", "missing_required_parameter"},
        {".source_required.", "missing_required_parameter"},
        {".type.", "invalid_type"},
        {".type_object.", "invalid_type"},
        {".unknown_member.", "unknown_parameter"},
    };
    if (strstr(rule, ".range.") || strstr(rule, ".min."))
        return range_code(rule, value);
    if (strstr(rule, ".length."))
        return jo_text_length(value) > 0 ? "string_above_max_length" : "string_below_min_length";
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strstr(rule, table[i].words))
            return table[i].code;
    return "invalid_value";
}

/* True for what the official endpoint reports without naming a parameter. */
static bool is_about_nothing(const char *rule)
{
    static const char *const starts[] = {"request.model.required.", "request.model.non_empty.", "request.body.", "json."};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(rule, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

struct json_object *refusal_of_finding(const struct cc_finding *finding, struct json_object *request)
{
    char rule[160];
    snprintf(rule, sizeof rule, "%s.", finding->rule->id);
    const char *pointer = finding->pointer ? finding->pointer : "";
    const char *code = is_about_nothing(rule) ? NULL : code_of(rule, value_at(pointer, request));
    struct json_object *param = is_about_nothing(rule) ? NULL : refusal_param(pointer, request);
    struct json_object *body = refusal_make(finding->message, "invalid_request_error", param ? jo_text(param) : NULL, code);
    json_object_put(param);
    return body;
}
