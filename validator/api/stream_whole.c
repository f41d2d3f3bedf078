/* stream_whole.c: what holds for a stream as a whole: its payloads, its end, what all its chunks share, its usage. */
#include "validator/api/chunk.h"
#include "validator/api/merge.h"
#include "validator/api/stream_rules.h"

/* --- payloads */

/* An error that was forgotten to be put into an envelope: {"message": ..., "code": ...}, {"detail": ...}, {"type": "error"}. */
static bool is_stray_error(struct view event)
{
    return payload_of(event) == PAYLOAD_STRANGE &&
           (there(get(event, "message")) || there(get(event, "detail")) || there(get(event, "code")) || text_is(get(event, "type"), "error"));
}

STEP(payload_is_known)
{
    (void)ask, (void)before;
    if (!there(now->view) || is_nearly_done(now->data, now->length)) return true;
    return is(now->view, OBJ) && (payload_of(now->view) != PAYLOAD_STRANGE || is_stray_error(now->view));
}

STEP(payload_is_no_stray_error)
{
    (void)ask, (void)before;
    return !is_stray_error(now->view);
}

STEP(error_follows_a_chunk)
{
    (void)ask;
    const struct seen *seen = before;
    return seen->chunks || seen->filter || seen->lost || seen->error || payload_of(now->view) != PAYLOAD_ERROR;
}

STEP(chunk_precedes_error)
{
    (void)ask;
    const struct seen *seen = before;
    return !seen->envelope || payload_of(now->view) != PAYLOAD_CHUNK;
}

/* --- the end */

STEP(terminator_is_exact)
{
    (void)ask, (void)before;
    return now->terminator || !is_nearly_done(now->data, now->length);
}

STEP(terminator_is_first)
{
    (void)ask;
    const struct seen *seen = before;
    return !seen->done || !is_nearly_done(now->data, now->length);
}

STEP(event_precedes_terminator)
{
    (void)ask;
    const struct seen *seen = before;
    return !seen->done || is_nearly_done(now->data, now->length);
}

STEP(terminator_follows_a_chunk)
{
    (void)ask;
    const struct seen *seen = before;
    return !now->terminator || seen->chunks || seen->error || seen->lost || seen->done;
}

static bool all_finished(const struct seen *seen)
{
    return seen->choice_count > 0 && seen->finished == seen->choice_count;
}

/* Only the terminator is lacking; when more is, the stream was cut. What could not be read may have been the terminator. */
END(stream_is_terminated)
{
    (void)ask;
    const struct seen *seen = all;
    if (seen->done || seen->error || seen->lost_last) return true;
    return !seen->lost && !all_finished(seen);
}

END(stream_is_whole)
{
    const struct seen *seen = all;
    if (seen->done || seen->error || seen->lost || all_finished(seen)) return true;
    return seen->chunks ? say(ask, "%zu chunk%s came", seen->chunks, seen->chunks == 1 ? "" : "s") : say(ask, "no chunk came");
}

STEP(stream_was_requested)
{
    (void)ask, (void)now;
    const struct seen *seen = before;
    return !seen->asked || seen->stream;
}

/* --- what all chunks share */

static bool agrees(struct ask *ask, const struct raw *first, const struct event *now, const char *key)
{
    struct view value = first->length ? get(now->view, key) : nowhere();
    if (!has_text(value)) return true;
    struct text text = text_of(ask, value);
    if (raw_is(first, text)) return true;
    say(ask, "before it was \"%.*s\"", (int)(first->length < 64 ? first->length : 64), first->at);
    return blame(ask, value);
}

STEP(id_agrees) { return agrees(ask, &((const struct seen *)before)->id, now, "id"); }
STEP(model_agrees) { return agrees(ask, &((const struct seen *)before)->model, now, "model"); }
STEP(fingerprint_agrees) { return agrees(ask, &((const struct seen *)before)->fingerprint, now, "system_fingerprint"); }
STEP(tier_agrees) { return agrees(ask, &((const struct seen *)before)->tier, now, "service_tier"); }

STEP(created_agrees)
{
    const struct seen *seen = before;
    struct view created = get(now->view, "created");
    if (!seen->created_set || !is(created, INT) || integer_of(created, 0) == seen->created || is_filter_note(now->view)) return true;
    say(ask, "before it was %lld", seen->created);
    return blame(ask, created);
}

STEP(obfuscation_was_requested)
{
    const struct seen *seen = before;
    struct view obfuscation = seen->no_obfuscation ? get(now->view, "obfuscation") : nowhere();
    return !there(obfuscation) || blame(ask, obfuscation);
}

STEP(moderation_was_requested)
{
    const struct seen *seen = before;
    struct view moderation = seen->asked ? get(now->view, "moderation") : nowhere();
    if (!is_set(moderation) || (seen->moderation && !seen->moderation_seen)) return true;
    say(ask, seen->moderation ? "it came before" : "the request has no moderation");
    return blame(ask, moderation);
}

/* --- usage */

static struct view usage_of(const struct event *now)
{
    struct view usage = get(now->view, "usage");
    return is(usage, OBJ) ? usage : nowhere();
}

static bool has_choices(const struct event *now) { return count(get(now->view, "choices")) > 0; }

STEP(usage_was_requested)
{
    const struct seen *seen = before;
    struct view usage = seen->asked && !seen->include_usage ? usage_of(now) : nowhere();
    return !there(usage) || blame(ask, usage);
}

/* A usage object beside choices is another fault, and told as that. */
STEP(usage_comes_once)
{
    const struct seen *seen = before;
    struct view usage = seen->include_usage && seen->usage_alone && !seen->usage_may_run ? usage_of(now) : nowhere();
    return !there(usage) || has_choices(now) || blame(ask, usage);
}

END(usage_came)
{
    (void)ask;
    const struct seen *seen = all;
    return !seen->include_usage || seen->usages || !seen->done || seen->error || seen->lost || !seen->chunks;
}

STEP(usage_comes_last)
{
    const struct seen *seen = before;
    if (!seen->include_usage || !seen->usages || !seen->usage_alone || payload_of(now->view) != PAYLOAD_CHUNK) return true;
    return there(usage_of(now)) || is_set(get(now->view, "moderation")) || blame(ask, now->view);
}

STEP(usage_comes_alone)
{
    const struct seen *seen = before;
    struct view usage = seen->include_usage && !seen->usage_may_run ? usage_of(now) : nowhere();
    return !there(usage) || !has_choices(now) || blame(ask, get(now->view, "choices"));
}

STEP(usage_is_null_elsewhere)
{
    const struct seen *seen = before;
    if (!seen->include_usage || payload_of(now->view) != PAYLOAD_CHUNK || is_opening_filter(seen, now->view)) return true;
    if (there(get(now->view, "usage")) || !has_choices(now)) return true;
    return blame_missing(ask, now->view, "usage");
}

STEP(usage_does_not_run)
{
    const struct seen *seen = before;
    struct view usage = seen->usages && !seen->include_usage ? usage_of(now) : nowhere();
    long long tokens = integer_of(get(usage, "completion_tokens"), seen->usage_tokens);
    if (tokens == seen->usage_tokens) return true;
    say(ask, "completion_tokens is %lld, before it was %lld", tokens, seen->usage_tokens);
    return blame(ask, usage);
}
