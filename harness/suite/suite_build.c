/* suite_build.c: the cases of a suite from its document, whose shape the library has found sound. */
#include "harness/base/jo.h"
#include "harness/base/pointer.h"
#include "harness/suite/expect.h"
#include "harness/suite/suite_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASE_ROOM = 64, STEP_ROOM = 128, PLACE_ROOM = 512 };

/* --- steps */

/* A step under way: its part of the document and where that stands. */
struct step_source {
    struct json_object *object;
    const char *pointer;
    const struct matrix *matrix;
};

/* Replaces the request by what a change made of it. */
static bool take_change(struct build *b, struct suite_step *step, struct json_object *made, bool done, const char *place, const char *why)
{
    if (!done)
        return complain(b, place, false, "%s", why);
    json_object_put(step->request);
    step->request = made;
    return true;
}

static bool omit_members(struct build *b, struct suite_step *step, const struct step_source *from)
{
    struct json_object *list = jo_get(from->object, "omit");
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *made = NULL;
        char place[PLACE_ROOM];
        const char *why;
        snprintf(place, sizeof place, "%s/omit/%zu", from->pointer, i);
        bool done = pointer_remove(step->request, json_object_get_string(json_object_array_get_idx(list, i)), &made, &why);
        if (!take_change(b, step, made, done, place, why))
            return false;
    }
    return true;
}

static bool merge_request(struct build *b, struct suite_step *step, const struct step_source *from)
{
    struct json_object *own = jo_get(from->object, "request"), *base = jo_get(b->defaults, "request");
    bool bare = step->method && strcmp(step->method, "POST") != 0 && strcmp(step->method, "PUT") != 0 && strcmp(step->method, "PATCH") != 0;
    if (step->body || (bare && !own))
        return true;
    if (!own && !base)
        return complain(b, from->pointer, false, "nothing is sent: request and body are missing");
    step->request = merge_objects(b, base, own);
    if (!step->request)
        return complain_merge(b, from->pointer);
    return omit_members(b, step, from);
}

static bool merge_step_headers(struct build *b, struct suite_step *step, const struct step_source *from)
{
    struct json_object *own = jo_get(from->object, "headers"), *base = jo_get(b->defaults, "headers");
    if (!own && !base)
        return true;
    step->headers = merge_headers(base, own);
    return step->headers || complain_memory(b);
}

static bool prepare_expect(struct build *b, struct suite_step *step, const struct step_source *from)
{
    struct json_object *expect = jo_get(from->object, "expect");
    struct expect_fault fault = {.at_key = false};
    if (!expect)
        return true;
    snprintf(fault.pointer, sizeof fault.pointer, "%s/expect", from->pointer);
    return expect_prepare(expect, &step->expect, &fault) || complain(b, fault.pointer, fault.at_key, "%s", fault.message);
}

static bool fill_step(struct build *b, struct suite_step *step, const struct step_source *from)
{
    struct json_object *body = jo_get(from->object, "body"), *invalid = jo_get(from->object, "invalid");
    const char *method = jo_text_at(from->object, "method"), *path = jo_text_at(from->object, "path");
    step->body = body ? json_object_get_string(body) : NULL;
    step->body_length = body ? (size_t)json_object_get_string_len(body) : 0;
    step->method = method ? method : jo_text_at(b->defaults, "method");
    step->path = path ? path : jo_text_at(b->defaults, "path");
    step->control = jo_get(from->object, "control");
    step->capture = jo_get(from->object, "capture");
    bool ok = merge_request(b, step, from);
    ok = merge_step_headers(b, step, from) && ok;
    ok = prepare_expect(b, step, from) && ok;
    step->invalid = (invalid && json_object_get_boolean(invalid)) || expect_refusal(step->expect);
    return ok;
}

/* A member that both the matrix and the step set would make ids lie. */
static bool check_matrix_members(struct build *b, const struct suite_step *step, const struct step_source *from)
{
    struct json_object *own = jo_get(from->object, "request");
    for (size_t i = 0; i < from->matrix->count; i++) {
        const struct matrix_key *key = &from->matrix->keys[i];
        char place[PLACE_ROOM];
        snprintf(place, sizeof place, "%s/request/%s", from->pointer, key->name);
        if (key->is_variable)
            continue;
        if (!step->request)
            return complain(b, from->pointer, false, "the matrix sets %s, but there is no request", key->name);
        if (own && json_object_object_get_ex(own, key->name, NULL))
            return complain(b, place, true, "the matrix sets %s too", key->name);
    }
    return true;
}

/* --- cases */

/* Copies what the steps share with their template, which belongs to no case. */
static bool copy_steps(struct build *b, struct suite_case *c, const struct suite_step *steps, size_t count)
{
    c->steps = calloc(count, sizeof *c->steps);
    if (!c->steps)
        return complain_memory(b);
    for (size_t i = 0; i < count; i++) {
        c->steps[i] = steps[i];
        json_object_get(steps[i].request);
        json_object_get(steps[i].headers);
        json_object_get(steps[i].expect);
        c->step_count++;
    }
    return true;
}

static bool set_request_member(struct build *b, struct suite_step *step, const struct matrix_key *key)
{
    struct json_object *one = json_object_new_object(), *value = json_object_get(matrix_value(key)), *made = NULL;
    bool ok = one && json_object_object_add(one, key->name, value) == 0;
    if (!ok)
        json_object_put(value);
    made = ok ? merge_objects(b, step->request, one) : NULL;
    json_object_put(one);
    if (!made)
        return complain_merge(b, key->pointer);
    json_object_put(step->request);
    step->request = made;
    return true;
}

static bool set_variable(struct build *b, struct suite_case *c, const struct matrix_key *key)
{
    char name[256];
    struct json_object *value = json_object_get(matrix_value(key));
    snprintf(name, sizeof name, "%.*s", (int)strlen(key->name) - 3, key->name + 2);
    if (!c->variables)
        c->variables = json_object_new_object();
    if (c->variables && json_object_object_add(c->variables, name, value) == 0)
        return true;
    json_object_put(value);
    return complain_memory(b);
}

static bool apply_matrix(struct build *b, struct suite_case *c, const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->count; i++) {
        const struct matrix_key *key = &matrix->keys[i];
        if (key->is_variable && !set_variable(b, c, key))
            return false;
        for (size_t k = 0; !key->is_variable && k < c->step_count; k++)
            if (!set_request_member(b, &c->steps[k], key))
                return false;
    }
    return true;
}

/* Adds the words of a list that are not there yet. False when memory ran out. */
static bool add_words(char **words, size_t *count, struct json_object *list)
{
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        const char *word = json_object_get_string(json_object_array_get_idx(list, i));
        size_t k = 0;
        while (k < *count && strcmp(words[k], word) != 0)
            k++;
        if (k < *count)
            continue;
        words[*count] = strdup(word);
        if (!words[*count])
            return false;
        ++*count;
    }
    return true;
}

/* Both lists, each word once, ended by NULL. NULL when memory ran out. */
static char **join_words(struct json_object *first, struct json_object *second)
{
    size_t count = 0, room = (first ? json_object_array_length(first) : 0) + (second ? json_object_array_length(second) : 0) + 1;
    char **words = calloc(room, sizeof *words);
    if (!words || (add_words(words, &count, first) && add_words(words, &count, second)))
        return words;
    while (count > 0)
        free(words[--count]);
    free(words);
    return NULL;
}

static enum cc_level level_of(struct json_object *of_case, struct json_object *root)
{
    const char *name = jo_text_at(of_case, "level");
    name = name ? name : jo_text_at(root, "level");
    for (enum cc_level level = CC_MUST; name && level <= CC_HABIT; level++)
        if (strcmp(cc_level_name(level), name) == 0)
            return level;
    return CC_MUST;
}

static bool fill_case(struct build *b, struct suite_case *c, struct json_object *of_case, const struct matrix *matrix)
{
    struct json_object *root = b->suite->root, *repeat = jo_get(of_case, "repeat"), *pass = jo_get(repeat, "pass");
    struct json_object *whim = jo_get(of_case, "nondeterministic");
    const char *title = jo_text_at(of_case, "title"), *spec = jo_text_at(of_case, "spec");
    size_t room;
    c->id = matrix_suffix(matrix, jo_text_at(of_case, "id"));
    room = c->id ? strlen(b->suite->id) + strlen(c->id) + 2 : 0;
    c->path = room ? malloc(room) : NULL;
    if (c->path)
        snprintf(c->path, room, "%s/%s", b->suite->id, c->id);
    c->title = strdup(title ? title : jo_text_at(of_case, "id"));
    c->spec = spec ? strdup(spec) : NULL;
    c->level = level_of(of_case, root);
    c->tags = join_words(jo_get(root, "tags"), jo_get(of_case, "tags"));
    c->needs = join_words(jo_get(root, "requires"), jo_get(of_case, "requires"));
    c->nondeterministic = whim && json_object_get_boolean(whim);
    c->repeat_times = repeat ? json_object_get_int(jo_get(repeat, "times")) : 1;
    c->repeat_pass = pass ? json_object_get_int(pass) : c->repeat_times;
    return (c->path && c->title && (c->spec || !spec) && c->tags && c->needs) || complain_memory(b);
}

/* Where a step of a case stands. */
static const char *step_place(struct json_object *of_case, const char *pointer, size_t index, char place[STEP_ROOM])
{
    if (!jo_get(of_case, "steps"))
        return pointer;
    snprintf(place, STEP_ROOM, "%s/steps/%zu", pointer, index);
    return place;
}

/* Tries the control out: its pointers must lead somewhere, and there must be a refusal to be controlled. */
static bool check_control(struct build *b, const struct suite_step *step, const char *pointer)
{
    struct json_object *made = NULL;
    char place[PLACE_ROOM], why[200];
    if (!step->control)
        return true;
    snprintf(place, sizeof place, "%s/control", pointer);
    if (!step->invalid)
        return complain(b, place, true, "control belongs to an expected refusal; there is neither rejected nor a status of 4xx");
    if (!step->request)
        return complain(b, place, true, "there is no request that control could change");
    bool done = suite_control(step->control, step->request, &made, why, sizeof why);
    json_object_put(made);
    return done || complain(b, place, false, "%s", why);
}

static bool check_controls(struct build *b, const struct suite_case *c, struct json_object *of_case, const char *pointer)
{
    bool ok = true;
    for (size_t i = 0; i < c->step_count; i++) {
        char place[STEP_ROOM];
        ok = check_control(b, &c->steps[i], step_place(of_case, pointer, i, place)) && ok;
    }
    return ok;
}

/* One case for each combination of the matrix. */
static bool multiply_case(struct build *b, struct json_object *of_case, const char *pointer, struct matrix *matrix,
                          const struct suite_step *steps, size_t count)
{
    size_t first = b->suite->count, all = first + matrix_size(matrix);
    if (b->total + all > SUITE_CASES_MAX)
        return complain(b, pointer, false, "there are more than %d cases", SUITE_CASES_MAX);
    struct suite_case *grown = realloc(b->suite->cases, all * sizeof *grown);
    if (!grown)
        return complain_memory(b);
    b->suite->cases = grown;
    do {
        struct suite_case *c = &b->suite->cases[b->suite->count++];
        const char *file;
        *c = (struct suite_case){0};
        yaml_place(b->text, yaml_find(b->text, pointer, false), &file, &c->line, &c->column);
        if (!fill_case(b, c, of_case, matrix) || !copy_steps(b, c, steps, count) || !apply_matrix(b, c, matrix))
            return false;
        if (b->suite->count == first + 1 && !check_controls(b, c, of_case, pointer)) /* once is enough */
            return false;
    } while (matrix_next(matrix));
    return true;
}

/* Fills the steps that a case and its combinations share. */
static bool fill_steps(struct build *b, struct suite_step *steps, size_t count, struct json_object *of_case, const char *pointer,
                       const struct matrix *matrix)
{
    struct json_object *list = jo_get(of_case, "steps");
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        char place[STEP_ROOM];
        struct step_source from = {.object = list ? json_object_array_get_idx(list, i) : of_case, .matrix = matrix};
        from.pointer = step_place(of_case, pointer, i, place);
        ok = fill_step(b, &steps[i], &from) && check_matrix_members(b, &steps[i], &from) && ok;
    }
    return ok;
}

static bool build_case(struct build *b, struct json_object *of_case, const char *pointer)
{
    struct json_object *list = jo_get(of_case, "steps");
    struct matrix matrix = b->matrix;
    char place[PLACE_ROOM];
    size_t count = list ? json_object_array_length(list) : 1;
    snprintf(place, sizeof place, "%s/matrix", pointer);
    if (!matrix_add(b, &matrix, jo_get(of_case, "matrix"), place))
        return false;
    struct suite_step *steps = calloc(count, sizeof *steps);
    if (!steps)
        return complain_memory(b);
    bool ok = fill_steps(b, steps, count, of_case, pointer, &matrix);
    ok = check_case_variables(b, of_case, pointer, &matrix) && ok;
    ok = ok && multiply_case(b, of_case, pointer, &matrix, steps, count);
    for (size_t i = 0; i < count; i++)
        suite_step_clear(&steps[i]);
    free(steps);
    return ok;
}

/* Notes the case's id; a second one like it is a mistake. */
static bool note_id(struct build *b, struct json_object *seen, const char *id, const char *pointer, size_t index)
{
    struct json_object *earlier, *number = json_object_new_int64((int64_t)index);
    char place[PLACE_ROOM], first[PLACE_ROOM];
    if (!json_object_object_get_ex(seen, id, &earlier)) {
        if (number && json_object_object_add(seen, id, number) == 0)
            return true;
        json_object_put(number);
        return complain_memory(b);
    }
    const char *file;
    size_t line, column;
    json_object_put(number);
    snprintf(place, sizeof place, "%s/id", pointer);
    snprintf(first, sizeof first, "/cases/%d/id", json_object_get_int(earlier));
    yaml_place(b->text, yaml_find(b->text, first, false), &file, &line, &column);
    return complain(b, place, false, "the id %s is taken by the case in line %zu", id, line);
}

bool suite_build(struct build *b)
{
    struct json_object *root = b->suite->root, *cases = jo_get(root, "cases"), *seen = json_object_new_object();
    b->defaults = jo_get(root, "defaults");
    bool sound = seen ? matrix_add(b, &b->matrix, jo_get(root, "matrix"), "/matrix") : complain_memory(b);
    bool ok = sound && check_defaults_variables(b, root);
    for (size_t i = 0; sound && i < json_object_array_length(cases); i++) {
        struct json_object *of_case = json_object_array_get_idx(cases, i);
        char pointer[CASE_ROOM];
        snprintf(pointer, sizeof pointer, "/cases/%zu", i);
        ok = note_id(b, seen, jo_text_at(of_case, "id"), pointer, i) && ok;
        ok = build_case(b, of_case, pointer) && ok;
    }
    json_object_put(seen);
    return ok;
}
