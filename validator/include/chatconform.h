/* chatconform.h: judge OpenAI-compatible Chat Completions traffic.
 *
 * A checker is made once and used for many documents; a warm checker allocates nothing. Each call answers with a report: a list of
 * findings, each naming the rule that was broken, where, and how bad that is. A finding is data, never an error of the library:
 * functions fail only when memory runs out, and then return NULL or false.
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
    CC_KIND_COUNT
};

/* Profiles are frozen requirement sets; several may be or-ed together where a mask is meant. */
enum cc_profile { CC_NEWAPI = 1, CC_OPENAI = 2 };

/* One constraint. All strings are constants; `good` and `bad` may be NULL. */
struct cc_rule {
    const char *id;       /* dotted, never renamed: "request.stop.max_items" */
    const char *kind;     /* "request", "response", "stream", "error", "http", "list", "message_list", "json", "suite", "target" */
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
};

struct cc_limit {
    const char *name;     /* as in --limit NAME=N and in the rule json.limit.NAME */
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
                                  answer that a stream adds up to has its pointer into that answer, and the event where its value began */
    size_t offset;             /* byte offset in the input that was handed in */
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

/* Judges both documents, the HTTP around them, and the answer against its request. */
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
/* Says that no more bytes come. `cut`: the connection broke. Call once. */
bool cc_stream_end(struct cc_stream *stream, bool cut);
/* What was found so far. */
const struct cc_report *cc_stream_report(struct cc_stream *stream);
/* The chat.completion that the chunks so far add up to, as a new json-c object (the caller puts it); NULL without any chunk, and with
 * cc_options.no_answer. */
struct json_object *cc_stream_answer(struct cc_stream *stream);

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
