/* exchange_text.c: what an answer says against what its request asked it to be: JSON, free of stop sequences, with or without citations,
 * audio and log probabilities. */
#include "validator/api/exchange.h"
#include "validator/lib/ask_json.h"

#include <string.h>

bool choice_is_cut(struct view choice)
{
    struct view reason = get(choice, "finish_reason");
    return text_is(reason, "length") || text_is(reason, "content_filter");
}

bool choice_refuses(struct view choice) { return chars_of(get_path(choice, "message/refusal")) > 0; }

static struct view content_of(struct view choice) { return get_path(choice, "message/content"); }

/* --- structured content */

bool choice_ends_with_text(struct ask *ask, struct view choice)
{
    bool by_itself = text_is(get(choice, "finish_reason"), "stop") && !is_set(get(ask->request, "stop"));
    return by_itself && is(content_of(choice), STR) && !choice_refuses(choice) &&
           count(get_path(choice, "message/tool_calls")) == 0 && !is_set(get_path(choice, "message/function_call"));
}

static bool contents_are_json(struct ask *ask, unsigned types)
{
    for (EVERY_CHOICE(ask, choice)) {
        struct view content = content_of(choice);
        if (choice_ends_with_text(ask, choice) && !text_is_json(ask, text_of(ask, content), types)) return blame_spot(ask, content);
    }
    return true;
}

static bool format_is(struct ask *ask, const char *type) { return text_is(get_path(ask->request, "response_format/type"), type); }

bool content_is_json_object(struct ask *ask) { return !format_is(ask, "json_object") || contents_are_json(ask, OBJ); }

/* --- stop sequences */

/* Where in the word to go on after a mismatch (Knuth, Morris, Pratt), so that no pair of texts is slow. NULL when memory ran out. */
static size_t *border_table(struct ask *ask, struct text word)
{
    size_t *border = scratch_take(ask, (word.length + 1) * sizeof *border), at = 0;
    if (!border) return NULL;
    border[0] = 0;
    for (size_t i = 1; i < word.length; i++) {
        while (at > 0 && word.bytes[i] != word.bytes[at]) at = border[at - 1];
        at += word.bytes[i] == word.bytes[at];
        border[i] = at;
    }
    return border;
}

/* Whether the word is in the text; the spot is where. */
static bool text_contains(struct ask *ask, struct text text, struct text word)
{
    if (word.length == 0 || word.length > text.length) return false;
    size_t *border = border_table(ask, word), at = 0;
    for (size_t i = 0; border && i < text.length; i++) {
        while (at > 0 && text.bytes[i] != word.bytes[at]) at = border[at - 1];
        at += text.bytes[i] == word.bytes[at];
        if (at < word.length) continue;
        ask->spot = i + 1 - word.length;
        return true;
    }
    return false;
}

static bool contents_lack(struct ask *ask, struct view stop)
{
    struct text word = text_of(ask, stop);
    for (EVERY_CHOICE(ask, choice)) {
        struct view content = content_of(choice);
        if (!is(content, STR) || !text_contains(ask, text_of(ask, content), word)) continue;
        say(ask, "it has \"%.*s\"", (int)(word.length < 40 ? word.length : 40), word.bytes);
        return blame_spot(ask, content);
    }
    return true;
}

bool content_has_no_stop(struct ask *ask)
{
    struct view stop = get(ask->request, "stop");
    if (is(stop, STR)) return contents_lack(ask, stop);
    for (EVERY(one, stop))
        if (is(one, STR) && !contents_lack(ask, one)) return false;
    return true;
}

/* --- what comes only when it was asked for */

/* Search models search without being asked. */
static bool searches(struct ask *ask)
{
    struct text model = text_of(ask, get(ask->request, "model"));
    return is_set(get(ask->request, "web_search_options")) || text_contains(ask, model, (struct text){"search", 6});
}

bool citations_come_from_search(struct ask *ask)
{
    for (EVERY_CHOICE(ask, choice)) {
        struct view annotations = get_path(choice, "message/annotations");
        if (count(annotations) > 0 && !searches(ask)) return blame(ask, annotations);
    }
    return true;
}

bool audio_was_asked_for(struct ask *ask)
{
    struct view modalities = get(ask->request, "modalities");
    for (EVERY(modality, modalities))
        if (text_is(modality, "audio")) return true;
    for (EVERY_CHOICE(ask, choice))
        if (is_set(get_path(choice, "message/audio"))) return blame(ask, get_path(choice, "message/audio"));
    return true;
}

/* Judged on text only: nothing is promised about calls, refusals and audio. */
bool logprobs_were_asked_for(struct ask *ask)
{
    bool asked = is_true(get(ask->request, "logprobs"));
    for (EVERY_CHOICE(ask, choice)) {
        struct view logprobs = get(choice, "logprobs");
        if (chars_of(content_of(choice)) == 0 || is(logprobs, OBJ) == asked) continue;
        say(ask, asked ? "they were asked for" : "they were not asked for");
        return there(logprobs) ? blame(ask, logprobs) : blame_missing(ask, choice, "logprobs");
    }
    return true;
}

bool alternatives_fit_request(struct ask *ask)
{
    double most = number_of(get(ask->request, "top_logprobs"), 0);
    for (EVERY_CHOICE(ask, choice)) {
        struct view tokens = get_path(choice, "logprobs/content");
        for (EVERY(token, tokens)) {
            struct view top = get(token, "top_logprobs");
            if ((double)count(top) <= most) continue;
            say(ask, "there are %zu, asked for were %.0f", count(top), most);
            return blame(ask, top);
        }
    }
    return true;
}
