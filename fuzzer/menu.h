/* menu.h: everything a valid request can be made of, as a menu: each choice is one class of values of one parameter (or one feature of the
 * conversation). Which choices go together is not written down here a second time: the validator is asked about each pair, once. */
#ifndef FUZZ_MENU_H
#define FUZZ_MENU_H

#include "chatconform.h"
#include "fuzzer/talk.h"
#include "fuzzer/value.h"

enum menu_source { FROM_PLACE, FROM_TALK, FROM_TOOLS, FROM_CHOICE, FROM_FUNCTIONS, FROM_CALL };

enum { ALONE_MAX = 4 };

struct menu_choice {
    const char *name;             /* of the parameter, or of the feature */
    enum menu_source source;
    const struct cc_place *place; /* of the parameter */
    struct value_class which;     /* for other sources than places only the index counts */
    char *sample;                 /* JSON: messages joined by commas, or the value */
    const struct cc_rule *alone[ALONE_MAX]; /* what is found when it is the only one */
    size_t alone_count;
    unsigned needs;               /* bits of those that something beside it can relieve */
    bool frowned;                 /* the others say that it is old or unusual */
    bool broken;                  /* one of the others is an error: not to be used */
};

struct menu {
    unsigned profile;
    struct menu_choice *choices;
    size_t count;
    size_t *groups, group_count;  /* where the choices of each parameter begin; one more entry says where the last ends */
    unsigned char *conflicts;     /* count x count: the two do not go together */
    unsigned char *relieves;      /* [a * count + b]: bits of what is found of a alone and no more beside b */
    struct menu_pair {
        unsigned short first, second;
    } *pairs;                     /* that go together and are worth covering */
    size_t pair_count;
    unsigned *numbers;            /* [a * count + b], a < b: the pair's number from 1 on; 0: no such pair */
};

/* NULL when memory runs out. */
struct menu *menu_new(unsigned profile);
void menu_free(struct menu *menu);

/* An order: choices that go together. */
enum { ORDER_MAX = 64 };
struct order {
    unsigned short chosen[ORDER_MAX];
    size_t count;
};

/* Adds a choice, and what it needs beside it. False, and nothing has changed, when it does not fit. `frowned`: take what is frowned upon.
 */
bool menu_add(const struct menu *menu, struct order *order, size_t choice, bool frowned, struct rng *rng);

/* Any choice; all parameters are equally likely, however many choices they have. */
size_t menu_pick(const struct menu *menu, struct rng *rng);

#endif
