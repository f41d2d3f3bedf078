/* campaign_parts.h: what the files of a campaign know of each other. */
#ifndef CAMPAIGN_PARTS_H
#define CAMPAIGN_PARTS_H

#include "fuzzer/oracle.h"
#include "harness/base/monotonic.h"
#include "harness/campaign/campaign.h"
#include "harness/http/http.h"
#include "harness/http/pace.h"
#include "harness/run/verdict.h"

struct campaign;
struct find;

enum errand { PROBE, CONTROL, VARIANT, TWIN, AGAIN };

/* Whether a request shows a trouble that is known. */
struct check_again {
    const char *key, *id;      /* of the complaint that is looked for */
    bool by_name;              /* the name is enough, whatever the server says */
    struct find *keep;         /* store the exchange there when it was met; may be NULL */
    bool met, landed;          /* it was there; it is over, with an answer or without */
};

/* A request under way. */
struct flight {
    struct campaign *campaign;
    enum errand errand;
    struct shot shot;
    struct wire wire;
    enum reception first;      /* of a TWIN: how the first endpoint took it */
    const struct cc_rule *rule; /* of a CONTROL: the constraint whose refusal it stands for */
    struct check_again *again;       /* of an AGAIN */
};

/* A trouble, once. */
struct find {
    char key[COMPLAINT_KEY];
    size_t seen;               /* in how many answers */
    struct shot shot;          /* the payload that showed it first */
    struct json_object *least; /* the smallest request that shows it; NULL: not looked for yet */
    bool settled;              /* it was sent again, and shrunk as far as it goes */
    bool by_name;              /* the server has other words for it each time */
    struct case_result result;
};

/* What became of a constraint or a parameter. */
struct score {
    const char *name;
    const struct cc_rule *rule;
    size_t sent, accepted, refused;
    bool proved;               /* a control was accepted */
    size_t controls;
};

struct campaign {
    const struct campaign_options *options;
    struct run_result *run;
    struct campaign_figures *figures;
    struct oracle oracle;
    struct court court;
    struct http_pool *pool;
    struct pace pace;
    struct find *finds;
    size_t find_count, find_room;
    struct score *rules, *members;
    size_t rule_count, member_count;
    uint64_t next;
    long sent, start_ms, not_before_ms, shown_ms;
    size_t flying;
    size_t nobody;             /* requests in a row that nobody answered */
    bool reached, stopping, probing_over, failed;
    enum run_end end;
};

enum { FINDS_MAX = 500 };

/* --- campaign_send.c */
/* Sends a payload, which is taken over. False when memory ran out. */
bool campaign_send(struct campaign *c, enum errand errand, struct shot *shot, const struct flight *more);

/* --- campaign_hear.c */
void campaign_hear(struct flight *flight, const struct http_reply *reply);

/* --- campaign_shrink.c */
/* Sends a finding again and makes it small, within `budget` requests. False when the campaign shall stop. */
bool campaign_settle(struct campaign *c, struct find *find, long budget);
/* Waits until the answer has come, or the campaign has to stop. */
bool campaign_wait(struct campaign *c, const bool *landed);

/* True when the fault is at a known place: nearly always a bare request with it is the smallest, which is found at once. */
bool campaign_is_easy(const struct find *find);

/* --- campaign.c */
/* True when the campaign has to stop now: interrupted, out of time or requests. */
bool campaign_is_over(struct campaign *c);

/* --- campaign_tell.c */
/* Makes run->cases of what was found. */
bool campaign_tell(struct campaign *c);

#endif
