/* requesting.h: what the tests of the request tables share: judging one body and writing down what was found. */
#ifndef REQUESTING_H
#define REQUESTING_H

#include "chatconform.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message in JSON, and a body made of messages; both see through macros among their arguments. */
#define TALK(...) TALK_(__VA_ARGS__)
#define TALK_(...) "{\"model\": \"m\", \"messages\": [" #__VA_ARGS__ "]}"
#define U {"role": "user", "content": "Hi"}
#define A(...) {"role": "assistant", "tool_calls": [__VA_ARGS__]}
#define C(id_) {"id": id_, "type": "function", "function": {"name": "f", "arguments": "{}"}}
#define R(id_) {"role": "tool", "tool_call_id": id_, "content": "ok"}
/* A body with one user message and these members. */
#define BODY(...) "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], " #__VA_ARGS__ "}"

/* A text that grows. */
struct growing {
    char *text;
    size_t length, room;
};

static inline void grow(struct growing *g, const char *bytes, size_t length)
{
    if (g->room - g->length <= length) {
        g->room = (g->room + length) * 2 + 64;
        g->text = realloc(g->text, g->room);
        ck_assert_ptr_nonnull(g->text);
    }
    memcpy(g->text + g->length, bytes, length);
    g->length += length;
    g->text[g->length] = '\0';
}

static inline void grow_text(struct growing *g, const char *text) { grow(g, text, strlen(text)); }

/* Adds `item` n times with commas between; # stands for the number. */
static inline void grow_list(struct growing *g, const char *item, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i) grow_text(g, ",");
        for (const char *c = item; *c; c++) {
            char digits[24];
            snprintf(digits, sizeof digits, "%zu", i);
            if (*c == '#') grow_text(g, digits);
            else grow(g, c, 1);
        }
    }
}

/* The findings of a body as "id@pointer id@pointer"; those of level deprecated are left out. */
static inline void found_in(unsigned profile, const char *body, size_t length, struct growing *out)
{
    struct cc_options options = {.profile = profile, .limits.bytes = 128u << 20};
    struct cc_checker *checker = cc_checker_new(&options);
    ck_assert_ptr_nonnull(checker);
    const struct cc_report *report = cc_check(checker, CC_REQUEST, body, length);
    ck_assert_ptr_nonnull(report);
    grow_text(out, "");
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->rule->level == CC_DEPRECATED) continue;
        ck_assert_ptr_nonnull(f->message);
        if (out->length) grow_text(out, " ");
        grow_text(out, f->rule->id);
        grow_text(out, "@");
        grow_text(out, f->pointer);
    }
    cc_checker_free(checker);
}

/* `expected` leaves out the "request." in front of each id. */
static inline void expect_found(unsigned profile, const char *body, size_t length, const char *expected)
{
    struct growing found = {0}, whole = {0};
    found_in(profile, body, length, &found);
    grow_text(&whole, "");
    for (const char *at = expected; *at;) {
        size_t word = strcspn(at, " ");
        if (whole.length) grow_text(&whole, " ");
        if (strncmp(at, "json.", 5) != 0) grow_text(&whole, "request.");
        grow(&whole, at, word);
        at += word + (at[word] == ' ');
    }
    ck_assert_msg(strcmp(found.text, whole.text) == 0, "under %s\n  %.*s\nexpected: %s\nfound:    %s", cc_profile_name(profile),
                  (int)(length < 1500 ? length : 1500), body, whole.text, found.text);
    free(found.text);
    free(whole.text);
}

/* A body by hand, and what is found in it under each of these profiles. */
struct vector {
    unsigned profiles;
    const char *body, *expected;
};

static inline void expect_vector(const struct vector *v)
{
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile++)
        if (v->profiles & profile) expect_found(profile, v->body, strlen(v->body), v->expected);
}

#endif
