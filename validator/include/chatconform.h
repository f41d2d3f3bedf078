/* chatconform.h: judge OpenAI-compatible Chat Completions traffic.
 *
 * A checker is made once and used for many documents; a warm checker allocates nothing, except to compile the patterns and schemas
 * that a request brings itself, and a little for each stream. Each call answers with a report: a list of findings, each naming the rule
 * that was broken, where, and how bad that is. A finding is data, never an error of the library: functions fail only when memory runs
 * out, and then return NULL or false.
 *
 * Ownership, once for all: what a function takes is borrowed for the call only; what a `_new` function returns is freed with the
 * matching `_free`; a report and everything in it belongs to its checker (or stream) and lives until the next call on it. Rules,
 * profiles and their strings are constants and live for ever. One checker belongs to one thread at a time; several checkers may work
 * in parallel. Lengths are bytes; text is UTF-8 and need not end in NUL. */
#ifndef CHATCONFORM_H
#define CHATCONFORM_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CC_VERSION "0.1.0"

struct json_object;

/* The version of the library that is linked, as "major.minor.patch". */
const char *cc_version(void);

/* --- Rules ----------------------------------------------------------------------------------------------------------- */

/* Why a constraint exists, and so how bad it is to break it. */
enum cc_level {
    CC_MUST = 1,    /* a conforming implementation never does this */
    CC_SHOULD,      /* recommended, or required of some models only */
    CC_PORTABILITY, /* allowed, but real clients or servers break on it */
    CC_DEPRECATED,  /* still works, has a successor */
    CC_HABIT,       /* what servers usually do; nobody enforces it */
};

enum cc_severity { CC_NOTE = 1, CC_WARNING, CC_ERROR };

/* What a document is. CC_AUTO lets the checker find out from its members. */
enum cc_kind {
    CC_AUTO,
    CC_REQUEST,      /* body of POST /chat/completions */
    CC_RESPONSE,     /* a chat.completion object */
    CC_CHUNK,        /* one chat.completion.chunk object */
    CC_STREAM,       /* a whole event stream, as raw server-sent events */
    CC_LIST,         /* a page of stored completions */
    CC_MESSAGE_LIST, /* a page of the messages of a stored completion */
    CC_ERROR_BODY,   /* an error envelope */
    CC_HTTP,         /* method, path, status and headers, as {"request": {...}, "response": {...}} */
    CC_EXCHANGE,     /* {"request": {...}, "status": N, "response": {...} or "sse": "..."} */
    CC_SUITE,        /* a suite file of this program, as JSON */
    CC_TARGET,       /* a target file of this program, as JSON */
    CC_BASELINE,     /* a baseline of this program, as JSON */
    CC_MUTANTS,      /* mutants of the reference endpoint, as JSON */
    CC_KIND_COUNT
};

/* Profiles are frozen requirement sets; several may be or-ed together where a mask is meant. */
enum cc_profile { CC_NEWAPI = 1, CC_OPENAI = 2 };

/* One constraint. All strings are constants; `good` and `bad` may be NULL. */
struct cc_rule {
    const char *id;       /* dotted, never renamed: "request.stop.max_items" */
    const char *kind;     /* "request", "response", "stream", "error", "http", "list", "message_list", "json", "suite", "target", "baseline", "mutants" */
    enum cc_level level;
    unsigned profiles;    /* mask of enum cc_profile in which it is in force */
    const char *source;   /* where it is written: "openai:CreateChatCompletionRequest.stop" */
    const char *sentence; /* what must hold */
    const char *path;     /* JSON pointer pattern, `*` = any index or member */
    const char *good;     /* a document, or a part of one, that keeps it */
    const char *bad;      /* one that breaks it */
};

size_t cc_rule_count(void);
/* The rule at `index`, in the order of the tables. NULL past the end. */
const struct cc_rule *cc_rule_at(size_t index);
/* The rule with this id, or NULL. */
const struct cc_rule *cc_rule_find(const char *id);
enum cc_severity cc_level_severity(enum cc_level level);
const char *cc_level_name(enum cc_level level);       /* "must" ... */
const char *cc_severity_name(enum cc_severity severity); /* "error" ... */
const char *cc_kind_name(enum cc_kind kind);          /* "request" ... "auto" */
/* The kind of that name; CC_KIND_COUNT when there is none. */
enum cc_kind cc_kind_find(const char *name);
/* The profile of that name or alias ("openai", "newapi-2025-10"), or 0. */
unsigned cc_profile_find(const char *name);
/* The dated name of a single profile ("openai-2026-08"), or NULL. */
const char *cc_profile_name(unsigned profile);

/* --- Checking -------------------------------------------------------------------------------------------------------- */

/* Bounds on what is read. 0 means the default. Hard caps apply (see cc_limit_at). */
struct cc_limits {
    size_t bytes;    /* of one document: 16 MiB */
    size_t depth;    /* of nesting: 64 */
    size_t values;   /* in one document: 1,000,000 */
    size_t findings; /* in one report: 200; more are counted, not listed */
    size_t line;     /* bytes of one line of an event stream: 1 MiB */
    size_t event;    /* bytes of one event: 4 MiB */
    size_t events;   /* in one stream: 100,000 */
    size_t stream;   /* bytes of one stream: 64 MiB */
    size_t comments; /* lines of a stream without data, one after another (comments, keep-alives): 10,000 */
};

struct cc_limit {
    const char *name;     /* as in --limit NAME=N, and in the rule json.limit.NAME (of findings there is none: what is dropped is counted) */
    const char *sentence;
    size_t standard, hard; /* default and largest allowed value */
};

/* The limit at `index`, or NULL past the end. */
const struct cc_limit *cc_limit_at(size_t index);
/* Sets the limit of that name. False if there is none, or `value` is 0 or above its hard cap. */
bool cc_limits_set(struct cc_limits *limits, const char *name, size_t value);

struct cc_options {
    unsigned profile;        /* one of enum cc_profile; 0 = CC_OPENAI */
    struct cc_limits limits;
    bool no_bearer;          /* the target does not use bearer authentication: its http rules are not asked */
    bool no_answer;          /* streams: keep none of the texts that grow, so that memory stays the same however long they are; what needs
                                a whole text is not asked, and cc_stream_answer gives none */
};

/* Which part of an exchange a finding is about. Documents checked alone are CC_IN_DOCUMENT. */
enum cc_part { CC_IN_DOCUMENT, CC_IN_REQUEST, CC_IN_RESPONSE, CC_IN_EVENT, CC_IN_HTTP };

struct cc_finding {
    const struct cc_rule *rule;
    enum cc_severity severity; /* of the rule's level, unless the exchange softens it */
    enum cc_part in;
    size_t event;              /* number of the event, from 0, when in == CC_IN_EVENT */
    const char *pointer;       /* JSON pointer into that document; the missing member's own pointer when one is missing. What concerns the
                                  answer that a stream adds up to has its pointer into that answer, and the event where its value began, or where
                                  the byte of it came that is wrong */
    size_t offset;             /* byte offset in the input that was handed in: of the value, or of the byte inside a string that is wrong */
    size_t line, column;       /* from 1; columns count characters */
    const char *message;       /* one sentence */
};

struct cc_report {
    const struct cc_finding *findings; /* in document order */
    size_t count;
    size_t errors, warnings, notes;    /* all that were found, also those past the findings limit */
    size_t dropped;                    /* found but not listed */
    size_t asked;                      /* how many constraints were looked at */
    enum cc_kind kind;                 /* what the document was judged as */
};

struct cc_checker;

/* `options` may be NULL for the defaults. NULL when memory runs out. */
struct cc_checker *cc_checker_new(const struct cc_options *options);
void cc_checker_free(struct cc_checker *checker);

/* Judges one document. NULL only when memory runs out. */
const struct cc_report *cc_check(struct cc_checker *checker, enum cc_kind kind, const char *bytes, size_t length);
/* The same for a json-c object; offsets then count in its plain serialisation. */
const struct cc_report *cc_check_object(struct cc_checker *checker, enum cc_kind kind, struct json_object *object);

struct cc_header {
    const char *name, *value;
};

/* A request and what came back. Members that are not known are NULL or 0; what is not known is not judged. */
struct cc_exchange {
    const char *method, *url;
    const struct cc_header *request_headers; /* ended by a NULL name; NULL = not known */
    const char *request;
    size_t request_length;
    int status;
    const struct cc_header *response_headers;
    const char *response; /* the raw body, JSON or event stream */
    size_t response_length;
    bool cut; /* the transport broke off before the end of the body: what a cut body lacks is not reported */
};

/* Judges both documents, the HTTP around them, and the answer against its request. What one rule holds against the schemas of the request
 * has 10,000,000 steps in all (a byte of a schema counts as one) and a second of patterns; what lies beyond is not decided. */
const struct cc_report *cc_check_exchange(struct cc_checker *checker, const struct cc_exchange *exchange);

/* --- Streams --------------------------------------------------------------------------------------------------------- */

struct cc_stream;

/* One payload of a stream: the bytes of its data, joined. `number` counts data events from 0, the terminator included. */
typedef void cc_event_fn(void *context, size_t number, const char *data, size_t length);

/* Judges an event stream while it arrives. `request` is the body that asked for it, or NULL. */
struct cc_stream *cc_stream_new(const struct cc_options *options, const char *request, size_t request_length);
void cc_stream_free(struct cc_stream *stream);
/* Calls `event` for each payload. Set before the first feed. */
void cc_stream_on_event(struct cc_stream *stream, cc_event_fn *event, void *context);
/* Takes the next bytes, however they were split. False when memory ran out or a limit was met (then there is a finding). */
bool cc_stream_feed(struct cc_stream *stream, const char *bytes, size_t length);
/* Says that no more bytes come. `cut`: the connection broke. Call once. False when memory ran out, a limit was met, or it ended before. */
bool cc_stream_end(struct cc_stream *stream, bool cut);
/* What was found so far; NULL when memory ran out. */
const struct cc_report *cc_stream_report(struct cc_stream *stream);
/* The chat.completion that the chunks so far add up to, as a new json-c object (the caller puts it); NULL without any chunk, and with
 * cc_options.no_answer. */
struct json_object *cc_stream_answer(struct cc_stream *stream);

/* --- JSON Schema ----------------------------------------------------------------------------------------------------- */

/* A schema is compiled once and used for any number of documents, by any number of threads at a time, each with a judge of its own. Nothing
 * is ever fetched: references lead into the schema itself, to the documents of a library, or to the metaschemas of both drafts. */
struct cc_schema;

enum cc_draft {
    CC_DRAFT_ANY,    /* what $schema says, or 2020-12 */
    CC_DRAFT_7,
    CC_DRAFT_2020_12
};

/* Bounds on work. 0 means the default, which stands here with the hard cap. */
struct cc_schema_limits {
    size_t bytes;  /* of one schema: 256 KiB, 4 MiB */
    size_t depth;  /* of its nesting: 64, 256 */
    size_t hops;   /* references followed one after another at one value: 256, 4,096 */
    size_t levels; /* schemas under way inside each other: 1,024, 4,096; the stack is used for them */
    size_t steps;  /* of one check: 1,000,000, 50,000,000 */
    size_t errors; /* that a report lists: 1,000, 10,000; more are counted */
};

/* Documents that references may lead to, by address. It may be freed once the schemas that need it are made. */
struct cc_schema_library;
struct cc_schema_library *cc_schema_library_new(void);
void cc_schema_library_free(struct cc_schema_library *library);
/* Keeps a copy of a document; of two at one address the first counts. False when memory runs out. */
bool cc_schema_library_add(struct cc_schema_library *library, const char *uri, const char *text, size_t length);

struct cc_schema_options {
    enum cc_draft draft;  /* of a schema whose $schema is missing */
    bool force_draft;     /* `draft` holds whatever $schema says */
    bool assert_formats;  /* a value that is not of its `format` is an error; otherwise `format` decides nothing */
    const char *uri;      /* where the schema was found: what relative references start from; may be NULL */
    const struct cc_schema_library *library; /* may be NULL */
    struct cc_schema_limits limits;
};

enum cc_schema_verdict { CC_SCHEMA_UNDECIDED, CC_SCHEMA_HOLDS, CC_SCHEMA_BROKEN };

/* Why a verdict is CC_SCHEMA_UNDECIDED; of an error of the schema, what kind it is. */
enum cc_schema_reason {
    CC_SCHEMA_CLEAR,         /* it is not undecided */
    CC_SCHEMA_NOT_JSON,      /* the document is not JSON, or goes over a limit of reading */
    CC_SCHEMA_WRONG,         /* the schema is itself wrong */
    CC_SCHEMA_UNSUPPORTED,   /* the schema asks for what is not offered here: another dialect, a document that was not given ... */
    CC_SCHEMA_TOO_LARGE,     /* the schema goes over a limit */
    CC_SCHEMA_TOO_EXPENSIVE, /* the check went over a limit of steps, hops, levels, or of a pattern's time */
    CC_SCHEMA_ENDLESS,       /* a reference leads back to itself at the same value */
};

struct cc_schema_error {
    enum cc_schema_reason reason; /* of an error of the schema; CC_SCHEMA_CLEAR of an error of a document */
    const char *pointer;          /* JSON pointer of the value at fault in the document; NULL of an error of the schema */
    size_t offset;                /* its first byte; of an error of the schema, the byte in the schema */
    const char *place;            /* JSON pointer of the keyword in the schema; behind the address and # of another document */
    const char *keyword;          /* "minLength"; "" where it is no keyword's fault, as for the schema false */
    const char *message;          /* one sentence */
};

struct cc_schema_report {
    enum cc_schema_verdict verdict;
    enum cc_schema_reason reason;
    const char *why; /* one sentence when undecided, else NULL */
    const struct cc_schema_error *errors;
    size_t count, dropped; /* listed, and found but not listed */
};

/* Compiles a schema; the text is copied. A schema that is wrong is made all the same: it decides nothing, and cc_schema_faults() tells
 * what is wrong with it. `options` may be NULL. NULL only when memory runs out. */
struct cc_schema *cc_schema_new(const char *text, size_t length, const struct cc_schema_options *options);
void cc_schema_free(struct cc_schema *schema);
/* What is wrong with the schema, place by place; CC_SCHEMA_HOLDS when nothing is. Belongs to the schema. */
const struct cc_schema_report *cc_schema_faults(const struct cc_schema *schema);

/* The memory of checks. It belongs to one thread at a time; a warm one allocates nothing. NULL when memory runs out. */
struct cc_schema_judge;
struct cc_schema_judge *cc_schema_judge_new(void);
void cc_schema_judge_free(struct cc_schema_judge *judge);

/* Judges a JSON text of at most 16 MiB, 64 levels and 1,000,000 values. Lists every error; the report belongs to the judge and lives until
 * its next check. NULL only when memory runs out. */
const struct cc_schema_report *cc_schema_check(struct cc_schema_judge *judge, const struct cc_schema *schema, const char *text, size_t length);
/* The same, only to the first error, and without telling it. Memory that runs out is CC_SCHEMA_UNDECIDED. */
enum cc_schema_verdict cc_schema_decide(struct cc_schema_judge *judge, const struct cc_schema *schema, const char *text, size_t length);

/* A regular expression. Searching is bounded: 100 ms, 100,000 steps from one place, 20 MiB, texts of 64 KiB, patterns of 1 KiB. */
struct cc_pattern;
enum cc_pattern_dialect { CC_PATTERN_ECMA, CC_PATTERN_PCRE };
enum cc_pattern_verdict { CC_PATTERN_FOUND, CC_PATTERN_NOT_FOUND, CC_PATTERN_UNDECIDED };

/* NULL with one sentence in `why` (may be NULL) when it is no pattern, the engine cannot run it, or memory runs out. */
struct cc_pattern *cc_pattern_new(enum cc_pattern_dialect dialect, const char *pattern, size_t length, char *why, size_t why_size);
void cc_pattern_free(struct cc_pattern *pattern);
/* Looks for the pattern anywhere in a UTF-8 text. CC_PATTERN_UNDECIDED, with one sentence in `why` (may be NULL), when that costs more than
 * it may, or the text is no UTF-8. One thread at a time. */
enum cc_pattern_verdict cc_pattern_find(struct cc_pattern *pattern, const char *text, size_t length, char *why, size_t why_size);

/* --- Reading and deriving -------------------------------------------------------------------------------------------- */

/* Reads one JSON text strictly (RFC 8259) into a new json-c object (the caller puts it; `*object` is NULL for the text `null`).
 * False, with one sentence of why in `why` (may be NULL), when it is not JSON, goes over a limit, or memory runs out. */
bool cc_read_object(const char *bytes, size_t length, const struct cc_limits *limits, struct json_object **object, char *why, size_t why_size);

/* A document that the tables imply, and the one finding it deserves. Findings of level deprecated may come along, where what is tested
 * lives inside something deprecated. */
struct cc_case {
    enum cc_kind kind;
    unsigned profile;           /* the profile to check it under */
    const struct cc_rule *about; /* the constraint that it was made for */
    const struct cc_rule *rule;  /* the one finding it must give: `about`, or NULL when it must give none */
    const char *pointer;        /* where, or NULL when it is not tied to one place */
    const char *name;           /* "request.stop.max_items: one too many" */
    const char *text;           /* the document; belongs to the iterator */
    size_t length;
};

/* Calls `each` for every derived document, in the order of the tables, until it returns false. False when memory ran out. */
bool cc_each_case(bool (*each)(void *context, const struct cc_case *derived), void *context);

/* --- Describing ------------------------------------------------------------------------------------------------------ */

/* Types of JSON values, as a mask. An integer is a number without a fraction; CC_NUMBER takes both. */
enum cc_type { CC_NULL = 1, CC_BOOLEAN = 2, CC_INTEGER = 4, CC_REAL = 8, CC_NUMBER = 12, CC_STRING = 16, CC_ARRAY = 32, CC_OBJECT = 64 };

/* Inclusive; infinite where there is no bound. */
struct cc_bounds {
    double low, high;
};

struct cc_place;

/* A word that a string may be, or that tells what an object is. */
struct cc_word {
    const char *text;
    unsigned profiles;             /* in which it is known */
    bool discouraged;              /* allowed, but using it is a finding */
    const struct cc_place *object; /* of a tag: what else an object with it has (`members`); NULL when it has nothing */
};

/* A value at its place in a kind of document, as the tables describe it: what may stand there, for programs that make documents. All of it
 * is constant and lives for ever. */
struct cc_place {
    const char *key;               /* of a member; NULL for the root, an item of an array or a value of a map */
    const char *id;                /* what the ids of its constraints begin with: "request.stop" */
    const char *path;              /* "/stop" */
    unsigned types;                /* mask of enum cc_type that are expected; 0: the place is better left empty */
    unsigned profiles;             /* in which it is known */
    unsigned deprecated;           /* in which using it is a finding */
    bool required;
    struct cc_bounds number;       /* of a number */
    struct cc_bounds items;        /* of an array's length */
    struct cc_bounds chars;        /* of a string's length, in code points */
    struct cc_bounds pairs, key_chars; /* of a map: how many members, and how long their keys */
    const struct cc_word *words;   /* that a string is one of; none: any string */
    size_t word_count;
    const char *const *examples;   /* strings with the form that is asked for, ended by NULL; NULL: any form */
    const char *key_example;       /* the same for the keys of a map */
    const char *sample;            /* a correct value as JSON, or NULL */
    const struct cc_place *members; /* of an object */
    size_t member_count;
    bool open;                     /* the object may have members beside these */
    const struct cc_place *each;   /* the items of an array */
    const struct cc_place *values; /* the values of a map */
    const char *tag;               /* an object that is one of several: the member that tells; NULL: it is not */
    const struct cc_word *kinds;   /* and its words */
    size_t kind_count;
};

/* The root of that kind of document; NULL for a kind without a shape of its own, or when memory runs out. */
const struct cc_place *cc_describe(enum cc_kind kind);

/* --- Export ---------------------------------------------------------------------------------------------------------- */

/* What the tables say about documents of that kind in a profile (0 = CC_OPENAI), as a JSON Schema of draft 2020-12: a new json-c object
 * (the caller puts it). A document that it refuses has an error; what a schema cannot say, and what is only advice, are annotations.
 * CC_AUTO gives one document with the schemas of all kinds in $defs. NULL for a kind without a shape of its own (a stream or an exchange
 * is made of others), or when memory runs out. */
struct json_object *cc_export_schema(enum cc_kind kind, unsigned profile);

#ifdef __cplusplus
}
#endif
#endif
