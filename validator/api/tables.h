/* tables.h: the shapes of the API, one file an object. Everything that reads them starts from the mounts. */
#ifndef CC_TABLES_H
#define CC_TABLES_H

#include "validator/lib/shape.h"

extern const struct shape request_shape;      /* request.c */
extern const struct pick message_by_role;     /* message.c */
extern const struct pick part_by_type;        /* content.c */
extern const struct pick tool_by_type;        /* tool.c */
extern const struct pick format_by_type;      /* format.c */

extern const struct shape response_shape;     /* response.c */
extern const struct shape usage_shape;        /* usage.c */
extern const struct shape logprobs_shape;     /* logprob.c */
extern const struct shape chunk_logprobs_shape;
extern const struct shape moderation_shape;   /* moderation.c */
extern const struct shape chunk_shape;        /* chunk.c */
extern const struct shape list_shape;         /* list.c */
extern const struct shape message_list_shape; /* message_list.c */
extern const struct shape error_shape;        /* error.c */
extern const struct shape http_shape;         /* http.c: method, path, status, headers */

extern const struct shape suite_shape;        /* suite_file.c: what a suite file may say */
extern const struct shape target_shape;       /* target_file.c */
extern const struct shape baseline_shape;     /* baseline_file.c */
extern const struct shape mutants_shape;      /* mutant_file.c */

#endif
