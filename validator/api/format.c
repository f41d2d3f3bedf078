/* format.c: what the answer must look like: plain text, any JSON object, or JSON that follows a schema. What the schema itself promises stands
 * in schema.c and strict_schema.c. */
#include "validator/api/forms.h"
#include "validator/api/request.h"
#include "validator/api/schema.h"

/* --- text and json_object */

static bool no_schema_is_given(struct ask *ask) { return !is_set(get(ask->self, "json_schema")); }

static const struct field plain_fields[] = {
    {"json_schema", .says = "belongs to type json_schema only", .sample = "null"},
    {0},
};

static const struct rule plain_rules[] = {
    {"request.response_format.json_schema.only_with_type", no_schema_is_given, CC_SHOULD,
     .says = "json_schema is given only with type json_schema", .ref = "openai:CreateChatCompletionRequest.response_format",
     .when = "json_schema", READS("json_schema"), .good = JSON({"json_schema": null}),
     .bad = JSON({"json_schema": {"name": "answer", "schema": {"type": "object"}}})},
    {0},
};

static const struct shape text_shape = {
    .ref = "openai:ResponseFormatText", .fields = plain_fields, .rules = plain_rules, .sample = JSON({"type": "text"})};

static const struct shape object_shape = {
    .ref = "openai:ResponseFormatJsonObject", .fields = plain_fields, .rules = plain_rules, .sample = JSON({"type": "json_object"})};

/* --- json_schema */

static const struct field definition_fields[] = {
    {"name", REQUIRED, .is = STR, CHARS(1, 64), FORMS(&tool_name_form), .says = "names the format", .sample = "\"answer\"",
     ONE_ID("request.response_format.json_schema.name.required", "json_schema has name, a string")},
    {"description", .is = STR, .says = "what the format is for", .sample = "\"An answer with its sources\""},
    {"schema", REQUIRED | NULL_IS_MISSING, .is = OBJ, .shape = &answer_schema_shape, .says = "the JSON Schema",
     NOTES({REQUIRED_, CC_SHOULD, .id = "request.response_format.json_schema.schema.expected", .says = "json_schema has schema",
            .because = "the documents make it optional, but without it there is nothing to enforce"})},
    {"strict", .is = BOOL | NIL, .says = "whether the answer must follow the schema exactly; false when absent"},
    {0},
};

static const struct shape definition_shape = {
    .ref = "openai:ResponseFormatJsonSchema.json_schema",
    .fields = definition_fields,
    .rules = strict_answer_rules,
    .sample = JSON({"name": "answer", "schema": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}),
};

static const struct field schema_fields[] = {
    {"json_schema", REQUIRED, .is = OBJ, .shape = &definition_shape, .says = "the schema and its name",
     ONE_ID("request.response_format.json_schema.required", "with type json_schema, response_format has json_schema, an object")},
    {0},
};

static const struct shape json_schema_shape = {
    .ref = "openai:ResponseFormatJsonSchema",
    .fields = schema_fields,
    .sample = JSON({"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}),
};

/* --- which of them it is */

static const struct field tag = {
    "type", REQUIRED, .is = STR, .ref = "openai:CreateChatCompletionRequest.response_format.type", .says = "what the answer must look like",
    WORDS(W("text"), W("json_schema"),
          W("json_object", 0, CC_DEPRECATED, "request.response_format.json_object.discouraged",
            "json_schema is preferred over json_object where the model supports it", "openai:ResponseFormatJsonObject"))};

const struct pick format_by_type = {
    .tag = &tag,
    VARIANTS({"text", &text_shape}, {"json_schema", &json_schema_shape}, {"json_object", &object_shape}),
};
