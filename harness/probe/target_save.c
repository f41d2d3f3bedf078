/* target_save.c: see target_save.h. The file is put together as a JSON object and written member by member, as JSON is YAML too; so no text
 * needs an escaper of its own. */
#include "harness/probe/target_save.h"

#include "chatconform.h"
#include "harness/base/file.h"
#include "harness/base/why.h"
#include "harness/yaml/yaml_judge.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct saving {
    struct json_object *target, *capabilities;
    const struct run_result *run;
};

/* --- what stands there already */

static bool read_known(const char *file, struct json_object **target, char *why, size_t size)
{
    struct yaml_text text = {0};
    bool fine = yaml_read(&text, "", file, NULL, why, size) && yaml_judge(&text, CC_TARGET, why, size);
    if (fine) *target = json_object_get(text.object);
    yaml_clear(&text);
    return fine;
}

static bool begin(struct saving *s, const char *file, const struct options *o, char *why, size_t size)
{
    const char *known = access(file, F_OK) == 0 ? file : o->target;
    if (known && !read_known(known, &s->target, why, size)) return false;
    if (!s->target) s->target = json_object_new_object();
    return s->target || why_no_memory(why, size);
}

static void set_text(struct saving *s, const char *name, const char *text)
{
    if (text) json_object_object_add(s->target, name, json_object_new_string(text));
}

static void take_flags(struct saving *s, const struct options *o)
{
    set_text(s, "base_url", o->base_url ? o->base_url : s->run->target);
    set_text(s, "model", s->run->model);
    set_text(s, "path", o->path);
    set_text(s, "auth", o->auth);
    set_text(s, "api_key_env", o->api_key_env);
    set_text(s, "profile", o->profile_name);
}

/* What was probed now replaces what was said before; what was not stays. */
static bool take_verdicts(struct saving *s)
{
    struct json_object *known;
    s->capabilities = json_object_new_object();
    if (!s->capabilities) return false;
    if (json_object_object_get_ex(s->target, "capabilities", &known)) {
        json_object_object_foreach(known, name, said) json_object_object_add(s->capabilities, name, json_object_get(said));
        json_object_object_del(s->target, "capabilities");
    }
    for (size_t i = 0; i < s->run->capability_count; i++) {
        const struct capability_result *c = &s->run->capabilities[i];
        json_object_object_del(s->capabilities, c->name);
        if (c->verdict == CAPABILITY_SILENT) json_object_object_add(s->capabilities, c->name, json_object_new_string("silent"));
        if (c->verdict == CAPABILITY_SUPPORTED || c->verdict == CAPABILITY_HONEST)
            json_object_object_add(s->capabilities, c->name, json_object_new_boolean(c->verdict == CAPABILITY_SUPPORTED));
    }
    return true;
}

/* --- writing */

/* A verdict that says nothing for sure stands in a comment: then cases that require it are sent. */
static void print_capabilities(FILE *out, const struct saving *s)
{
    fputs("capabilities:\n", out);
    json_object_object_foreach(s->capabilities, name, said) fprintf(out, "  %s: %s\n", name, json_object_get_string(said));
    for (size_t i = 0; i < s->run->capability_count; i++) {
        const struct capability_result *c = &s->run->capabilities[i];
        bool told = json_object_object_get_ex(s->capabilities, c->name, NULL);
        if (!told) fprintf(out, "  # %s: %s\n", c->name, capability_verdict_name(c->verdict));
    }
}

static bool print(FILE *out, const void *context)
{
    const struct saving *s = context;
    fputs("# chatconform run --target FILE\n", out);
    json_object_object_foreach(s->target, key, value)
        fprintf(out, "%s: %s\n", key, json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    print_capabilities(out, s);
    return !ferror(out);
}

bool target_save(const char *file, const struct options *options, const struct run_result *run, char *why, size_t why_size)
{
    struct saving s = {.run = run};
    bool fine = begin(&s, file, options, why, why_size);
    if (fine) {
        take_flags(&s, options);
        fine = take_verdicts(&s) ? file_write("", file, print, &s, why, why_size) : why_no_memory(why, why_size);
    }
    json_object_put(s.target);
    json_object_put(s.capabilities);
    return fine;
}
