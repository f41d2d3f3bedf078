/* suite_needs.c: the capabilities that suites require, with the place where each is named first, so that one that nobody knows can be shown
 * where it stands. */
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/suite/suite_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_ROOM = 64 };

bool suite_needs(const struct suite_set *set, const char *name)
{
    for (size_t i = 0; i < set->need_count; i++)
        if (strcmp(set->needs[i].name, name) == 0) return true;
    return false;
}

static bool note(struct build *b, const char *name, const char *pointer)
{
    struct suite_set *set = b->set;
    struct suite_need *grown = realloc(set->needs, (set->need_count + 1) * sizeof *grown);
    const char *file;
    size_t line, column;
    if (!grown) return false;
    set->needs = grown;
    yaml_place(b->text, yaml_find(b->text, pointer, false), &file, &line, &column);
    struct suite_need need = {strdup(name), why_text("%s:%zu:%zu", file, line, column)};
    bool whole = need.name && need.place;
    if (whole) {
        set->needs[set->need_count++] = need;
    } else {
        free(need.name);
        free(need.place);
    }
    return whole;
}

static bool note_list(struct build *b, struct json_object *list, const char *above)
{
    char pointer[POINTER_ROOM];
    for (size_t i = 0; i < jo_length(list); i++) {
        const char *name = jo_text(jo_item(list, i));
        snprintf(pointer, sizeof pointer, "%s/requires/%zu", above, i);
        if (!suite_needs(b->set, name) && !note(b, name, pointer)) return complain_memory(b);
    }
    return true;
}

bool suite_note_needs(struct build *b)
{
    char above[POINTER_ROOM / 2];
    struct json_object *root = b->suite->root, *cases = jo_get(root, "cases");
    bool fine = note_list(b, jo_get(root, "requires"), "");
    for (size_t i = 0; fine && i < jo_length(cases); i++) {
        snprintf(above, sizeof above, "/cases/%zu", i);
        fine = note_list(b, jo_get(jo_item(cases, i), "requires"), above);
    }
    return fine;
}
