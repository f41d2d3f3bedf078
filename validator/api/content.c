/* content.c: the parts that a message's content may be made of: text, images, sound, files, refusals. Which of them a role may use stands
 * beside that role's content, in message.c. */
#include "validator/api/forms.h"
#include "validator/api/request.h"

#include <string.h>

/* A part has only what its own type has: anything else is another type's payload, or nobody's. */
#define PART_NOTES \
    NOTES({UNKNOWN_, .id = "request.content_part.member_matches_type", .says = "a content part has only the members of its own type"}, \
          {UNKNOWN_, .below = true, .id = "request.body.nested_unknown_member", .says = "objects in the request have only known members"}, \
          {NULL_, .id = "request.body.null_optional", .says = "a member that is not nullable is left out rather than null"})

/* --- the end of a reusable beginning of the prompt */

static const struct field breakpoint_fields[] = {
    {"mode", REQUIRED, .is = STR, WORDS(W("explicit")), .says = "always explicit",
     ONE_ID("request.content_part.prompt_cache_breakpoint.mode", "a prompt_cache_breakpoint has mode, which is explicit")},
    {0},
};

static const struct shape breakpoint_shape = {
    .ref = "openai:PromptCacheBreakpointParam",
    .fields = breakpoint_fields,
    NOTES({UNKNOWN_, .id = "request.content_part.prompt_cache_breakpoint.members", .says = "prompt_cache_breakpoint has only mode"}),
    .sample = JSON({"mode": "explicit"}),
};

#define BREAKPOINT_ROW \
    {"prompt_cache_breakpoint", NULL_IS_MISSING, .is = OBJ, .shape = &breakpoint_shape, .profiles = CC_OPENAI, \
     .ref = "openai:PromptCacheBreakpointParam", \
     .says = "marks the end of a prompt prefix that is worth keeping"}

/* --- text */

static const struct field text_fields[] = {
    {"text", REQUIRED, .is = STR, .says = "the text", .sample = "\"Hello\""},
    BREAKPOINT_ROW,
    {0},
};

static const struct shape text_part = {
    .ref = "openai:ChatCompletionRequestMessageContentPartText",
    .fields = text_fields,
    PART_NOTES,
    .sample = JSON({"type": "text", "text": "Hello"}),
};

/* --- what bytes say about themselves */

enum { SIGNATURE_MAX = 12 };

/* How the files of a type begin; `.` stands for any byte. */
struct signature {
    const char *mime, *begins;
};

static const struct signature image_signatures[] = {
    {"image/png", "\x89PNG\r\n\x1A\n"},
    {"image/jpeg", "\xFF\xD8\xFF"},
    {"image/gif", "GIF8"},
    {"image/webp", "RIFF....WEBP"},
    {0},
};

/* The bytes fit, as far as both go. */
static bool bytes_begin(const unsigned char *bytes, size_t length, const char *begins)
{
    for (size_t i = 0; i < length && begins[i]; i++)
        if (begins[i] != '.' && bytes[i] != (unsigned char)begins[i]) return false;
    return true;
}

static const struct signature *image_signature(struct text mime)
{
    for (const struct signature *s = image_signatures; s->mime; s++)
        if (text_equals_any_case(mime, s->mime)) return s;
    return NULL;
}

/* --- images */

/* The data URL at `url` of the object that is asked about; false when it is none (a web address needs none of these questions). */
static bool data_url_of(struct ask *ask, struct data_url *parts)
{
    struct text url = text_of(ask, get(ask->self, "url"));
    return url.bytes && data_url_split(url.bytes, url.length, parts);
}

static bool image_is_base64(struct ask *ask)
{
    struct text url = text_of(ask, get(ask->self, "url"));
    struct data_url parts;
    if (!url.bytes || text_is_web_url(url.bytes, url.length)) return true;
    return data_url_split(url.bytes, url.length, &parts) && parts.base64 && text_is_base64(parts.payload.bytes, parts.payload.length);
}

static bool image_type_is_common(struct ask *ask)
{
    struct data_url parts;
    return !data_url_of(ask, &parts) || image_signature(parts.mime);
}

static bool image_begins_like_its_type(struct ask *ask)
{
    struct data_url parts;
    if (!data_url_of(ask, &parts)) return true;
    const struct signature *signature = image_signature(parts.mime);
    unsigned char bytes[SIGNATURE_MAX];
    size_t length = base64_begin(parts.payload.bytes, parts.payload.length, bytes, sizeof bytes);
    return !signature || bytes_begin(bytes, length, signature->begins);
}

static const struct field image_fields[] = {
    {"url", REQUIRED, .is = STR, FORMS(&image_url_form), .says = "where the image is, or the image itself as a data URL",
     NOTES({FORM_, .ref = "openai:ChatCompletionRequestMessageContentPartImage.image_url.url",
            .because = "both documents say URL or base64 data; a data URL is meant, bare base64 is refused"})},
    {"detail", .is = STR, WORDS(W("auto"), W("low"), W("high")), .says = "how closely to look; auto when absent"},
    {0},
};

static const struct rule image_rules[] = {
    {"request.content_part.image_url.data_url.base64", image_is_base64, CC_MUST,
     .says = "a data URL of an image is marked ;base64 and carries well-formed base64",
     .ref = "openai:ChatCompletionRequestMessageContentPartImage.image_url.url", .when = "url", READS("url"),
     .good = JSON({"url": "data:image/png;base64,iVBORw0KGgo="}), .bad = JSON({"url": "data:image/png;base64,@@@"})},
    {"request.content_part.image_url.data_url.mime", image_type_is_common, CC_PORTABILITY,
     .says = "a data URL of an image names image/png, image/jpeg, image/gif or image/webp", .ref = "observed:api.openai.com", .when = "url",
     READS("url"), .good = JSON({"url": "data:image/gif;base64,R0lGODlh"}), .bad = JSON({"url": "data:image/bmp;base64,Qk0="})},
    {"request.content_part.image_url.data_url.signature", image_begins_like_its_type, CC_SHOULD,
     .says = "the bytes of an image begin like the type that its data URL names", .ref = "observed:api.openai.com", .when = "url",
     READS("url"),
     .good = JSON({"url": "data:image/jpeg;base64,/9j/4AAQ"}), .bad = JSON({"url": "data:image/jpeg;base64,iVBORw0KGgo="})},
    {0},
};

static const struct shape image_shape = {
    .ref = "openai:ChatCompletionRequestMessageContentPartImage.image_url",
    .fields = image_fields,
    .rules = image_rules,
    .sample = JSON({"url": "https://example.com/a.png"}),
};

static const struct field image_part_fields[] = {
    {"image_url", REQUIRED, .is = OBJ, .shape = &image_shape, .says = "the image"},
    BREAKPOINT_ROW,
    {0},
};

static const struct shape image_part = {
    .ref = "openai:ChatCompletionRequestMessageContentPartImage",
    .fields = image_part_fields,
    PART_NOTES,
    .sample = JSON({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}),
};

/* --- sound */

/* MPEG audio begins with an ID3 tag or with the eleven bits of a frame. */
static bool bytes_are_mp3(const unsigned char *bytes, size_t length)
{
    return (length >= 2 && bytes[0] == 0xFF && bytes[1] >= 0xE0) || bytes_begin(bytes, length, "ID3");
}

static bool sound_begins_like_its_format(struct ask *ask)
{
    struct text data = text_of(ask, get(ask->self, "data"));
    unsigned char bytes[SIGNATURE_MAX];
    size_t length = data.bytes ? base64_begin(data.bytes, data.length, bytes, sizeof bytes) : 0;
    return text_is(get(ask->self, "format"), "mp3") ? bytes_are_mp3(bytes, length) : bytes_begin(bytes, length, "RIFF....WAVE");
}

static const struct field sound_fields[] = {
    {"data", REQUIRED, .is = STR, FORMS(&base64_form), .says = "the sound, as base64"},
    {"format", REQUIRED, .is = STR, WORDS(W("wav"), W("mp3")), .says = "how the sound is encoded"},
    {0},
};

static const struct rule sound_rules[] = {
    {"request.content_part.input_audio.signature", sound_begins_like_its_format, CC_SHOULD,
     .says = "the bytes of input_audio begin like its format", .ref = "newapi:input_audio", .when = "data", READS("data", "format"),
     .good = JSON({"data": "SUQzBAAA", "format": "mp3"}), .bad = JSON({"data": "T2dnUw==", "format": "wav"})},
    {0},
};

static const struct shape sound_shape = {
    .ref = "openai:ChatCompletionRequestMessageContentPartAudio.input_audio",
    .fields = sound_fields,
    .rules = sound_rules,
    .sample = JSON({"data": "UklGRgAAAABXQVZF", "format": "wav"}),
};

static const struct field sound_part_fields[] = {
    {"input_audio", REQUIRED, .is = OBJ, .shape = &sound_shape, .says = "the sound"},
    BREAKPOINT_ROW,
    {0},
};

static const struct shape sound_part = {
    .ref = "openai:ChatCompletionRequestMessageContentPartAudio",
    .fields = sound_part_fields,
    PART_NOTES,
    .sample = JSON({"type": "input_audio", "input_audio": {"data": "UklGRgAAAABXQVZF", "format": "wav"}}),
};

/* --- files */

static bool text_is_base64_file(const char *text, size_t length)
{
    struct data_url parts = {.payload = {text, length}};
    return data_url_split(text, length, &parts) ? text_is_base64(parts.payload.bytes, parts.payload.length) : text_is_base64(text, length);
}

/* No good examples here: a file has one source, and the shape's sample has file_id. */
static const struct form base64_file_form = {
    .name = "base64", .holds = text_is_base64_file, .says = "is well-formed base64, behind a data: prefix or bare", .bad = "not base64!"};

static bool text_is_pdf_url(const char *text, size_t length)
{
    struct data_url parts;
    return data_url_split(text, length, &parts) && parts.base64 && text_equals_any_case(parts.mime, "application/pdf");
}

static const struct form pdf_url_form = {
    .name = "data_url", .holds = text_is_pdf_url, .profiles = CC_OPENAI, .says = "is a base64 data URL of type application/pdf",
    .ref = "observed:api.openai.com, 2026-05", .bad = "data:text/markdown;base64,IyBo"};

static bool file_has_a_source(struct ask *ask)
{
    return is_set(get(ask->self, "file_id")) || is_set(get(ask->self, "file_data"));
}

/* The endpoint answers data without a name as a missing file_id. */
static bool file_has_a_whole_source(struct ask *ask)
{
    bool whole = is_set(get(ask->self, "file_data")) && is_set(get(ask->self, "filename"));
    return is_set(get(ask->self, "file_id")) || whole || blame_missing(ask, ask->self, "file_id");
}

static bool file_has_one_source(struct ask *ask) { return !is_set(get(ask->self, "file_id")) || !is_set(get(ask->self, "file_data")); }
static bool file_has_no_url(struct ask *ask) { return !there(get(ask->self, "file_url")); }

static const struct field file_fields[] = {
    {"file_id", NULL_IS_MISSING, .is = STR, CHARS(1, NONE), .says = "a file that was uploaded before", .sample = "\"file-abc\"",
     NOTES({MIN_CHARS_, CC_SHOULD, .id = "request.content_part.file.file_id.prefix", .says = "a file_id is not empty"})},
    {"file_data", NULL_IS_MISSING, .is = STR, FORMS(&base64_file_form, &pdf_url_form), .says = "the file itself", .sample = "null"},
    {"filename", .is = STR, .says = "what the file is called", .sample = "\"a.pdf\""},
    {"file_url", .profiles = CC_OPENAI, .says = "belongs to the Responses API only", .ref = "observed:api.openai.com", .sample = "null"},
    {0},
};

static const struct rule file_rules[] = {
    {"request.content_part.file.source_required", file_has_a_whole_source, CC_MUST, CC_OPENAI,
     .says = "a file has file_id, or file_data together with filename", .ref = "observed:api.openai.com, 2025",
     READS("file_id", "file_data", "filename"),
     .good = JSON({"file_id": null, "file_data": "data:application/pdf;base64,JVBERi0=", "filename": "a.pdf"}),
     .bad = JSON({"file_id": null})},
    {"request.content_part.file.source_any", file_has_a_source, CC_SHOULD, CC_NEWAPI, .says = "a file has file_id or file_data",
     .ref = "newapi:file", READS("file_id", "file_data"), .good = JSON({"file_id": "file-abc"}), .bad = JSON({"file_id": null})},
    {"request.content_part.file.source_exclusive", file_has_one_source, CC_SHOULD, .says = "file_id and file_data are not both given",
     .ref = "newapi:file", .when = "file_data", READS("file_id", "file_data"),
     .good = JSON({"file_id": null, "file_data": "data:application/pdf;base64,JVBERi0=", "filename": "a.pdf"}),
     .bad = JSON({"file_id": "file-abc", "file_data": "data:application/pdf;base64,JVBERi0=", "filename": "a.pdf"})},
    {"request.content_part.file.file_url.unsupported", file_has_no_url, CC_PORTABILITY, CC_OPENAI,
     .says = "a file part has no file_url, which only the Responses API knows", .ref = "observed:api.openai.com", .when = "file_url",
     READS("file_url"), .good = JSON({"file_id": "file-abc"}), .bad = JSON({"file_url": "https://example.com/a.pdf"})},
    {0},
};

static const struct shape file_shape = {
    .ref = "openai:ChatCompletionRequestMessageContentPartFile.file",
    .fields = file_fields,
    .rules = file_rules,
    .sample = JSON({"file_id": "file-abc"}),
};

static const struct field file_part_fields[] = {
    {"file", REQUIRED, .is = OBJ, .shape = &file_shape, .says = "the file"},
    BREAKPOINT_ROW,
    {0},
};

static const struct shape file_part = {
    .ref = "openai:ChatCompletionRequestMessageContentPartFile",
    .fields = file_part_fields,
    PART_NOTES,
    .sample = JSON({"type": "file", "file": {"file_id": "file-abc"}}),
};

/* --- refusals */

static const struct field refusal_fields[] = {
    {"refusal", REQUIRED, .is = STR, .says = "how the model declined", .sample = "\"I cannot help with that.\""},
    {0},
};

static const struct shape refusal_part = {
    .ref = "openai:ChatCompletionRequestMessageContentPartRefusal",
    .fields = refusal_fields,
    PART_NOTES,
    .sample = JSON({"type": "refusal", "refusal": "I cannot help with that."}),
};

/* --- which of them it is */

static const struct field tag = {
    "type", REQUIRED, .is = STR, .as = "type", .ref = "openai:ChatCompletionRequestUserMessageContentPart.type",
    WORDS(W("text"), W("image_url"), W("input_audio"), W("file"), W("refusal")), .says = "what the part is",
    NOTES({TYPE_, .id = "request.content_part.type.string", .says = "the type of a content part is a string"})};

const struct pick part_by_type = {
    .name = "request.content_part",
    .tag = &tag,
    VARIANTS({"text", &text_part}, {"image_url", &image_part}, {"input_audio", &sound_part}, {"file", &file_part},
             {"refusal", &refusal_part}),
};
