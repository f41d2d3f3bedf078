/* mounts.c: which shape each kind of document has, and what its ids begin with. */
#include "validator/api/tables.h"

const struct mount mounts[] = {
    {CC_REQUEST, "request", &request_shape},
    {CC_RESPONSE, "response", &response_shape},
    {CC_CHUNK, "stream.chunk", &chunk_shape},
    {CC_LIST, "list", &list_shape},
    {CC_MESSAGE_LIST, "message_list", &message_list_shape},
    {CC_ERROR_BODY, "error", &error_shape},
    {CC_HTTP, "http", &http_shape},
    {CC_SUITE, "suite", &suite_shape},
    {CC_TARGET, "target", &target_shape},
    {CC_BASELINE, "baseline", &baseline_shape},
    {CC_MUTANTS, "mutants", &mutants_shape},
    {CC_AUTO, NULL, NULL},
};
