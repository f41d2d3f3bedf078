/* json_schema_meta.c: the metaschemas of both drafts, for schemas that refer to them: {"$ref":
 * "http://json-schema.org/draft-07/schema#"} is how one says "a schema". Only what they demand is here, no titles and defaults. Whether a schema is right is not judged with these but by the
 * table of keywords, which knows better words; a test makes sure that both agree. */
#include "validator/lib/json_schema_make.h"

#define NEWER(name) "https://json-schema.org/draft/2020-12/" name
#define HEAD(name) \
    "{\"$schema\":\"" NEWER("schema") "\",\"$id\":\"" NEWER(name) "\",\"$dynamicAnchor\":\"meta\",\"type\":[\"object\",\"boolean\"],"
#define ITSELF "{\"$dynamicRef\":\"#meta\"}"
#define LIST "{\"$ref\":\"#/$defs/schemaArray\"}"
#define MAP "{\"type\":\"object\",\"additionalProperties\":" ITSELF "}"
#define COUNT_ "{\"$ref\":\"#/$defs/nonNegativeInteger\"}"
#define STRINGS "{\"$ref\":\"#/$defs/stringArray\"}"
#define TYPES "\"simpleTypes\":{\"enum\":[\"array\",\"boolean\",\"integer\",\"null\",\"number\",\"object\",\"string\"]}"
#define STRINGS_DEF "\"stringArray\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}"

static const char schema_2020[] = HEAD("schema")
    "\"$vocabulary\":{"
    "\"" NEWER("vocab/core") "\":true,\"" NEWER("vocab/applicator") "\":true,\"" NEWER("vocab/unevaluated") "\":true,"
    "\"" NEWER("vocab/validation") "\":true,\"" NEWER("vocab/meta-data") "\":true,\"" NEWER("vocab/format-annotation") "\":true,"
    "\"" NEWER("vocab/content") "\":true},"
    "\"allOf\":[{\"$ref\":\"meta/core\"},{\"$ref\":\"meta/applicator\"},{\"$ref\":\"meta/unevaluated\"},{\"$ref\":\"meta/validation\"},"
    "{\"$ref\":\"meta/meta-data\"},{\"$ref\":\"meta/format-annotation\"},{\"$ref\":\"meta/content\"}],"
    "\"properties\":{"
    "\"definitions\":" MAP ","
    "\"dependencies\":{\"type\":\"object\",\"additionalProperties\":{\"anyOf\":[" ITSELF ",{\"$ref\":\"meta/validation#/$defs/stringArray\"}]}},"
    "\"$recursiveAnchor\":{\"$ref\":\"meta/core#/$defs/anchorString\"},\"$recursiveRef\":{\"$ref\":\"meta/core#/$defs/uriReferenceString\"}}}";

static const char core_2020[] = HEAD("meta/core")
    "\"properties\":{"
    "\"$id\":{\"$ref\":\"#/$defs/uriReferenceString\",\"pattern\":\"^[^#]*#?$\"},\"$schema\":{\"$ref\":\"#/$defs/uriString\"},"
    "\"$ref\":{\"$ref\":\"#/$defs/uriReferenceString\"},\"$anchor\":{\"$ref\":\"#/$defs/anchorString\"},"
    "\"$dynamicRef\":{\"$ref\":\"#/$defs/uriReferenceString\"},\"$dynamicAnchor\":{\"$ref\":\"#/$defs/anchorString\"},"
    "\"$vocabulary\":{\"type\":\"object\",\"propertyNames\":{\"$ref\":\"#/$defs/uriString\"},\"additionalProperties\":{\"type\":\"boolean\"}},"
    "\"$comment\":{\"type\":\"string\"},\"$defs\":" MAP "},"
    "\"$defs\":{\"anchorString\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z_][-A-Za-z0-9._]*$\"},"
    "\"uriString\":{\"type\":\"string\",\"format\":\"uri\"},\"uriReferenceString\":{\"type\":\"string\",\"format\":\"uri-reference\"}}}";

static const char applicator_2020[] = HEAD("meta/applicator")
    "\"properties\":{"
    "\"prefixItems\":" LIST ",\"items\":" ITSELF ",\"contains\":" ITSELF ",\"additionalProperties\":" ITSELF ",\"properties\":" MAP ","
    "\"patternProperties\":{\"type\":\"object\",\"additionalProperties\":" ITSELF ",\"propertyNames\":{\"format\":\"regex\"}},"
    "\"dependentSchemas\":" MAP ",\"propertyNames\":" ITSELF ",\"if\":" ITSELF ",\"then\":" ITSELF ",\"else\":" ITSELF ","
    "\"allOf\":" LIST ",\"anyOf\":" LIST ",\"oneOf\":" LIST ",\"not\":" ITSELF "},"
    "\"$defs\":{\"schemaArray\":{\"type\":\"array\",\"minItems\":1,\"items\":" ITSELF "}}}";

static const char unevaluated_2020[] =
    HEAD("meta/unevaluated") "\"properties\":{\"unevaluatedItems\":" ITSELF ",\"unevaluatedProperties\":" ITSELF "}}";

static const char validation_2020[] = HEAD("meta/validation")
    "\"properties\":{"
    "\"type\":{\"anyOf\":[{\"$ref\":\"#/$defs/simpleTypes\"},"
    "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/simpleTypes\"},\"minItems\":1,\"uniqueItems\":true}]},"
    "\"const\":true,\"enum\":{\"type\":\"array\",\"items\":true},\"multipleOf\":{\"type\":\"number\",\"exclusiveMinimum\":0},"
    "\"maximum\":{\"type\":\"number\"},\"exclusiveMaximum\":{\"type\":\"number\"},\"minimum\":{\"type\":\"number\"},"
    "\"exclusiveMinimum\":{\"type\":\"number\"},\"maxLength\":" COUNT_ ",\"minLength\":" COUNT_ ",\"pattern\":{\"type\":\"string\",\"format\":\"regex\"},"
    "\"maxItems\":" COUNT_ ",\"minItems\":" COUNT_ ",\"uniqueItems\":{\"type\":\"boolean\"},\"maxContains\":" COUNT_ ",\"minContains\":" COUNT_ ","
    "\"maxProperties\":" COUNT_ ",\"minProperties\":" COUNT_ ",\"required\":" STRINGS ","
    "\"dependentRequired\":{\"type\":\"object\",\"additionalProperties\":" STRINGS "}},"
    "\"$defs\":{\"nonNegativeInteger\":{\"type\":\"integer\",\"minimum\":0}," TYPES "," STRINGS_DEF "}}";

static const char meta_data_2020[] = HEAD("meta/meta-data")
    "\"properties\":{\"title\":{\"type\":\"string\"},\"description\":{\"type\":\"string\"},\"default\":true,\"deprecated\":{\"type\":\"boolean\"},"
    "\"readOnly\":{\"type\":\"boolean\"},\"writeOnly\":{\"type\":\"boolean\"},\"examples\":{\"type\":\"array\",\"items\":true}}}";

static const char annotation_2020[] = HEAD("meta/format-annotation") "\"properties\":{\"format\":{\"type\":\"string\"}}}";
static const char assertion_2020[] = HEAD("meta/format-assertion") "\"properties\":{\"format\":{\"type\":\"string\"}}}";

static const char content_2020[] = HEAD("meta/content")
    "\"properties\":{\"contentEncoding\":{\"type\":\"string\"},\"contentMediaType\":{\"type\":\"string\"},\"contentSchema\":" ITSELF "}}";

#undef ITSELF
#define ITSELF "{\"$ref\":\"#\"}"
#undef LIST
#define LIST "{\"$ref\":\"#/definitions/schemaArray\"}"
#undef COUNT_
#define COUNT_ "{\"$ref\":\"#/definitions/nonNegativeInteger\"}"
#undef STRINGS
#define STRINGS "{\"$ref\":\"#/definitions/stringArray\"}"

static const char schema_7[] =
    "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":\"http://json-schema.org/draft-07/schema#\",\"type\":[\"object\",\"boolean\"],"
    "\"definitions\":{\"schemaArray\":{\"type\":\"array\",\"minItems\":1,\"items\":" ITSELF "},"
    "\"nonNegativeInteger\":{\"type\":\"integer\",\"minimum\":0}," TYPES "," STRINGS_DEF "},"
    "\"properties\":{\"$id\":{\"type\":\"string\",\"format\":\"uri-reference\"},\"$schema\":{\"type\":\"string\",\"format\":\"uri\"},"
    "\"$ref\":{\"type\":\"string\",\"format\":\"uri-reference\"},\"$comment\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"description\":{\"type\":\"string\"},\"default\":true,\"readOnly\":{\"type\":\"boolean\"},\"writeOnly\":{\"type\":\"boolean\"},"
    "\"examples\":{\"type\":\"array\",\"items\":true},\"multipleOf\":{\"type\":\"number\",\"exclusiveMinimum\":0},\"maximum\":{\"type\":\"number\"},"
    "\"exclusiveMaximum\":{\"type\":\"number\"},\"minimum\":{\"type\":\"number\"},\"exclusiveMinimum\":{\"type\":\"number\"},"
    "\"maxLength\":" COUNT_ ",\"minLength\":" COUNT_ ",\"pattern\":{\"type\":\"string\",\"format\":\"regex\"},\"additionalItems\":" ITSELF ","
    "\"items\":{\"anyOf\":[" ITSELF "," LIST "]},\"maxItems\":" COUNT_ ",\"minItems\":" COUNT_ ",\"uniqueItems\":{\"type\":\"boolean\"},"
    "\"contains\":" ITSELF ",\"maxProperties\":" COUNT_ ",\"minProperties\":" COUNT_ ",\"required\":" STRINGS ",\"additionalProperties\":" ITSELF ","
    "\"definitions\":" MAP ",\"properties\":" MAP ","
    "\"patternProperties\":{\"type\":\"object\",\"additionalProperties\":" ITSELF ",\"propertyNames\":{\"format\":\"regex\"}},"
    "\"dependencies\":{\"type\":\"object\",\"additionalProperties\":{\"anyOf\":[" ITSELF "," STRINGS "]}},\"propertyNames\":" ITSELF ","
    "\"const\":true,\"enum\":{\"type\":\"array\",\"items\":true},"
    "\"type\":{\"anyOf\":[{\"$ref\":\"#/definitions/simpleTypes\"},"
    "{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/simpleTypes\"},\"minItems\":1,\"uniqueItems\":true}]},"
    "\"format\":{\"type\":\"string\"},\"contentMediaType\":{\"type\":\"string\"},\"contentEncoding\":{\"type\":\"string\"},"
    "\"if\":" ITSELF ",\"then\":" ITSELF ",\"else\":" ITSELF ",\"allOf\":" LIST ",\"anyOf\":" LIST ",\"oneOf\":" LIST ",\"not\":" ITSELF "}}";

static const struct {
    const char *uri, *text;
} metaschemas[] = {
    {"http://json-schema.org/draft-07/schema", schema_7},
    {NEWER("schema"), schema_2020},
    {NEWER("meta/core"), core_2020},
    {NEWER("meta/applicator"), applicator_2020},
    {NEWER("meta/unevaluated"), unevaluated_2020},
    {NEWER("meta/validation"), validation_2020},
    {NEWER("meta/meta-data"), meta_data_2020},
    {NEWER("meta/format-annotation"), annotation_2020},
    {NEWER("meta/format-assertion"), assertion_2020},
    {NEWER("meta/content"), content_2020},
    {0},
};

/* Both schemes are met in the wild. */
static struct text without_scheme(struct text uri)
{
    size_t scheme = uri.length > 6 && memcmp(uri.bytes, "https:", 6) == 0 ? 6 : uri.length > 5 && memcmp(uri.bytes, "http:", 5) == 0 ? 5 : 0;
    return (struct text){uri.bytes + scheme, uri.length - scheme};
}

struct text find_metaschema(struct text uri)
{
    struct text wanted = without_scheme(uri);
    if (wanted.length == uri.length) return (struct text){0};
    for (size_t i = 0; metaschemas[i].uri; i++) {
        struct text known = without_scheme((struct text){metaschemas[i].uri, strlen(metaschemas[i].uri)});
        if (known.length == wanted.length && memcmp(known.bytes, wanted.bytes, known.length) == 0)
            return (struct text){metaschemas[i].text, strlen(metaschemas[i].text)};
    }
    return (struct text){0};
}
