/* json_schema_library.c: documents that references may lead to, by the address under which they are given. */
#include "validator/lib/json_schema_parts.h"

#include "validator/lib/uri.h"

#include <stdlib.h>

struct cc_schema_library *cc_schema_library_new(void) { return calloc(1, sizeof(struct cc_schema_library)); }

void cc_schema_library_free(struct cc_schema_library *library)
{
    if (!library) return;
    pile_clear(&library->pile);
    free(library);
}

bool cc_schema_library_add(struct cc_schema_library *library, const char *uri, const char *text, size_t length)
{
    struct uri parts = uri_split((struct text){uri, strlen(uri)});
    struct text address = uri_resolve(&library->pile, (struct text){0}, &parts);
    struct text *document = pile_take(&library->pile, sizeof *document);
    char *copy = pile_text(&library->pile, text, length);
    if (!address.bytes || !document || !copy) return false;
    *document = (struct text){copy, length};
    return names_add(&library->names, &library->pile, address, document);
}
