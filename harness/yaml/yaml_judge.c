/* yaml_judge.c: see yaml_judge.h. */
#include "harness/yaml/yaml_judge.h"

#include "harness/base/why.h"
#include "harness/base/words.h"

#include <string.h>

/* The place and the sentence; but who wrote a key where its name belongs shall not read the key in a log. */
static bool complain(const struct yaml_text *text, const struct cc_finding *f, char *why, size_t size)
{
    const char *file;
    size_t line, column;
    yaml_place(text, yaml_find(text, f->pointer, ends_with(f->rule->id, ".unknown_member")), &file, &line, &column);
    bool secret = strcmp(f->pointer, "/api_key_env") == 0;
    return why_not(why, size, "%s:%zu:%zu: %s", file, line, column, secret ? f->rule->sentence : f->message);
}

bool yaml_judge(const struct yaml_text *text, enum cc_kind kind, char *why, size_t why_size)
{
    struct cc_checker *checker = cc_checker_new(NULL);
    const struct cc_report *report = checker ? cc_check(checker, kind, text->json, text->length) : NULL;
    bool fine = report || why_no_memory(why, why_size);
    for (size_t i = 0; fine && i < report->count; i++)
        if (report->findings[i].severity == CC_ERROR) fine = complain(text, &report->findings[i], why, why_size);
    cc_checker_free(checker);
    return fine;
}
