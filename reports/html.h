/* html.h: the pieces of the page. Every text goes through escape_html; nothing from outside is ever part of a tag, a URL or the style. */
#ifndef HTML_H
#define HTML_H

#include "reports/parts.h"

/* The style sheet, line by line, ended by NULL. */
extern const char *const html_style[];

/* The outcomes in the order in which they matter; ended by a NULL label. */
struct html_group {
    enum outcome outcome;
    const char *label, *title; /* title: of its causes; NULL where those are not told */
};
extern const struct html_group html_groups[];

/* What filters the cases: the style rules, and the buttons, which stand right before <main>. */
void html_filter_style(FILE *out, const struct run_result *run, const struct suite_list *list);
void html_filter_buttons(FILE *out, const struct run_result *run, const struct suite_list *list);
/* How many cases have that level. */
size_t html_count_level(const struct run_result *run, enum cc_level level);

/* One case: a line to open, and below it the findings and each request beside its answer. `number` makes its anchor. */
bool html_case(FILE *out, const struct case_result *result, size_t number);
/* <dl> of requirement, expected, actual and place; of `one_of_many` that show the same fault, what the one case asks for is an example. */
void html_finding_facts(FILE *out, const struct result_finding *finding, bool one_of_many);
/* <ELEMENT class="CLASS">TEXT</ELEMENT>, on one line; nothing when the text is NULL or empty. */
void html_element(FILE *out, const char *element, const char *class_name, const char *text);
/* JSON with line breaks and indents, by its bytes alone: no value changes. What is not JSON is written as it is. */
void html_write_indented(FILE *out, const char *text);

/* What a finding is about in a body. */
struct html_mark {
    size_t at;          /* its first byte */
    bool line;          /* what stands there could not be read: the rest of its line */
    enum cc_severity severity;
    const char *rule;
};

/* A body in a box, indented, with its marks; at most `budget` bytes of it, `whole` being its size on the wire. False when memory ran out. */
bool html_body(FILE *out, const char *body, size_t budget, size_t whole, const struct html_mark *marks, size_t count);

#endif
