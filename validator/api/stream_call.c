/* stream_call.c: what holds for the tool calls of a stream, which come in fragments that their index joins.
 *
 * A chunk may hold several fragments, also of calls that it opens itself. So its fragments are gone through in order, and what the chunk
 * opened is remembered on the way, up to a number no honest chunk comes near; beyond it nothing is claimed. */
#include "validator/api/chunk.h"
#include "validator/api/merge.h"
#include "validator/api/stream_rules.h"
#include "validator/lib/ask_json.h"

#include <stdlib.h>
#include <string.h>

enum { OPENED_MAX = 64 };

struct fragment {
    struct view item;
    const struct seen *all;
    const struct choice_seen *choice; /* before this event, or NULL */
    const struct call_seen *call;     /* the call before this event, or NULL */
    struct view opener;               /* the fragment of this event that opened the call; this one when `first` */
    long long index, previous;        /* its call; the call whose fragment came before in this choice, -1 for none */
    size_t calls;                     /* of the choice before this fragment */
    bool first;
};

typedef bool fragment_fn(struct ask *ask, const struct fragment *fragment);

struct opened {
    long long index[OPENED_MAX];
    struct view by[OPENED_MAX];
    size_t count;
};

static struct view opener_of(const struct opened *opened, long long index)
{
    for (size_t i = 0; i < opened->count; i++)
        if (opened->index[i] == index) return opened->by[i];
    return nowhere();
}

static bool each_of_choice(struct ask *ask, const struct seen *all, struct view choice, fragment_fn *holds)
{
    struct view calls = get(get(choice, "delta"), "tool_calls");
    struct opened opened;
    if (!is(calls, ARR) || all->lost) return true;
    opened.count = 0;
    struct fragment f = {.all = all, .choice = seen_choice(all, get(choice, "index"))};
    f.previous = f.choice ? f.choice->last_call : -1;
    f.calls = f.choice ? f.choice->call_count : 0;
    for (EVERY(item, calls)) {
        f.item = item;
        f.index = integer_of(get(item, "index"), -1);
        f.call = seen_call(f.choice, f.index);
        f.opener = f.call ? nowhere() : opener_of(&opened, f.index);
        f.first = !f.call && !there(f.opener);
        if (f.first) f.opener = item;
        if (!holds(ask, &f)) return false;
        if (f.first && opened.count == OPENED_MAX) return true;
        if (f.first) {
            opened.index[opened.count] = f.index;
            opened.by[opened.count++] = item;
        }
        f.calls += f.first;
        f.previous = f.index;
    }
    return true;
}

static bool each_fragment(struct ask *ask, const struct seen *all, const struct event *now, fragment_fn *holds)
{
    struct view choices = get(now->view, "choices");
    for (EVERY(choice, choices))
        if (!each_of_choice(ask, all, choice, holds)) return false;
    return true;
}

/* --- indexes */

static bool counts_up(struct ask *ask, const struct fragment *f)
{
    if (!f->first || f->index == (long long)f->calls) return true;
    say(ask, "the next new index is %zu, not %lld", f->calls, f->index);
    return blame(ask, get(f->item, "index"));
}

STEP(call_indexes_count_up) { return each_fragment(ask, before, now, counts_up); }

static bool goes_on(struct ask *ask, const struct fragment *f)
{
    if (f->first || f->previous == f->index) return true;
    say(ask, "call %lld goes on after one of call %lld", f->index, f->previous);
    return blame(ask, get(f->item, "index"));
}

STEP(calls_are_not_interleaved) { return each_fragment(ask, before, now, goes_on); }

/* --- how a call begins */

static struct view body_of(struct view fragment)
{
    struct view custom = get(fragment, "custom");
    return is(custom, OBJ) ? custom : get(fragment, "function");
}

static bool has_member(struct ask *ask, struct view object, const char *key)
{
    struct view member = get(object, key);
    if (has_text(member)) return true;
    return there(member) ? blame(ask, member) : blame_missing(ask, object, key);
}

static bool begins_with_id(struct ask *ask, const struct fragment *f) { return !f->first || has_member(ask, f->item, "id"); }

/* The chunk schema knows functions alone; custom calls are streamed as well, and that is another rule's affair. */
static bool begins_with_type(struct ask *ask, const struct fragment *f)
{
    struct view type = get(f->item, "type");
    if (!f->first || text_is(type, "function") || text_is(type, "custom")) return true;
    return there(type) ? blame(ask, type) : blame_missing(ask, f->item, "type");
}

static bool begins_with_name(struct ask *ask, const struct fragment *f)
{
    if (!f->first) return true;
    return is(body_of(f->item), OBJ) ? has_member(ask, body_of(f->item), "name") : blame_missing(ask, f->item, "function");
}

STEP(call_begins_with_id) { return each_fragment(ask, before, now, begins_with_id); }
STEP(call_begins_with_type) { return each_fragment(ask, before, now, begins_with_type); }
STEP(call_begins_with_name) { return each_fragment(ask, before, now, begins_with_name); }

/* --- how it goes on */

/* What the call said of itself before: in an event before, or in a fragment of this one. */
static bool differs(struct ask *ask, const struct raw *known, struct view opener, struct view said)
{
    if (!has_text(said)) return false;
    if (known) return known->length && !raw_is(known, text_of(ask, said));
    return has_text(opener) && !text_same(opener, said);
}

static bool stays_itself(struct ask *ask, const struct fragment *f)
{
    struct view id = get(f->item, "id"), name = get(body_of(f->item), "name");
    if (f->first) return true;
    if (differs(ask, f->call ? &f->call->id : NULL, get(f->opener, "id"), id)) return blame(ask, id);
    if (differs(ask, f->call ? &f->call->name : NULL, get(body_of(f->opener), "name"), name)) return blame(ask, name);
    return true;
}

STEP(call_stays_itself) { return each_fragment(ask, before, now, stays_itself); }

/* Another name, or another call under the same index, is told by call_stays_itself. */
static bool name_comes_once(struct ask *ask, const struct fragment *f)
{
    struct view name = get(body_of(f->item), "name");
    if (f->first || !has_text(name) || (f->call && f->call->mixed) || !stays_itself(ask, f)) return true;
    return f->call && !f->call->name.length ? true : blame(ask, name);
}

STEP(call_name_comes_once) { return each_fragment(ask, before, now, name_comes_once); }

/* Among the calls of the choice before this event, and those that this event opened. */
static bool id_is_new(struct ask *ask, const struct fragment *f)
{
    struct view id = get(f->item, "id");
    if (!f->first || !has_text(id)) return true;
    struct text text = text_of(ask, id);
    for (size_t i = 0; f->choice && i < f->choice->call_count; i++)
        if (f->choice->calls[i].id.length && raw_is(&f->choice->calls[i].id, text)) return blame(ask, id);
    return true;
}

static bool ids_differ_in_chunk(struct ask *ask, struct view calls)
{
    size_t looked = 0;
    for (EVERY(item, calls)) {
        struct view id = get(item, "id"), index = get(item, "index");
        for (struct view other = first(calls); other.at != item.at; other = after(other, calls)) {
            bool same_call = integer_of(get(other, "index"), -1) == integer_of(index, -1);
            if (!same_call && has_text(id) && text_same(get(other, "id"), id)) return blame(ask, id);
        }
        if (++looked == OPENED_MAX) return true;
    }
    return true;
}

STEP(call_ids_differ)
{
    struct view choices = get(now->view, "choices");
    if (!each_fragment(ask, before, now, id_is_new)) return false;
    for (EVERY(choice, choices)) {
        struct view calls = get(get(choice, "delta"), "tool_calls");
        if (is(calls, ARR) && !ids_differ_in_chunk(ask, calls)) return false;
    }
    return true;
}

/* --- the arguments, when all have come */

static bool ran_out(const struct document *doc)
{
    return doc->remark_count && doc->remarks[doc->remark_count - 1].what == JSON_NO_MEMORY;
}

/* The joined text is JSON of an object, once the escapes of the string that carried it are undone. If not, `fault` is the byte of the
 * joined text where that shows. */
static bool is_object_text(struct ask *ask, const struct raw *raw, size_t *fault)
{
    struct document string = {0};
    struct read_limits limits = {raw->length + 2, 512, raw->length + 2};
    char *quoted = scratch_take(ask, raw->length + 2);
    bool object = true;
    *fault = 0;
    if (!quoted) return true;
    quoted[0] = quoted[raw->length + 1] = '"';
    if (raw->length) memcpy(quoted + 1, raw->at, raw->length);
    if (document_read(&string, quoted, raw->length + 2, &limits)) {
        struct view whole = {&string, 0};
        object = text_is_json(ask, text_of(ask, whole), OBJ);
        if (!object && ask->spot) *fault = string_offset(whole, ask->spot) - 1;
    }
    ask->failed |= ran_out(&string);
    document_clear(&string);
    return object;
}

static bool arguments_are_json(struct ask *ask, const struct call_seen *call)
{
    const struct member *function = seen_member(&call->members, "function");
    const struct member *arguments = function ? seen_member(&function->inner, "arguments") : NULL;
    static const struct raw nothing = {0};
    size_t fault;
    if (call->custom || call->mixed || !function || (arguments && arguments->lacking)) return true;
    bool known = arguments && arguments->type == STR;
    if (is_object_text(ask, known ? &arguments->text : &nothing, &fault)) return true;
    ask->origin = known ? member_origin(arguments, fault) : call->from;
    return false;
}

static bool was_cut_short(const struct choice_seen *choice)
{
    return !choice->finish.length || raw_is(&choice->finish, (struct text){"length", 6}) ||
           raw_is(&choice->finish, (struct text){"content_filter", 14});
}

END(call_arguments_are_json)
{
    const struct seen *seen = all;
    if (seen->lost || seen->error) return true;
    for (size_t i = 0; i < seen->choice_count; i++) {
        const struct choice_seen *choice = &seen->choices[i];
        for (size_t k = 0; k < choice->call_count && !was_cut_short(choice); k++)
            if (!arguments_are_json(ask, &choice->calls[k]))
                return say(ask, "those of call %lld of choice %lld do not", choice->calls[k].index, choice->index);
    }
    return true;
}
