/* html.h: the pieces of the page. Every text goes through escape_html; nothing from outside is ever part of a tag, a URL or the style. */
#ifndef HTML_H
#define HTML_H

#include "reports/parts.h"

/* The style sheet, line by line, ended by NULL. */
extern const char *const html_style[];

/* One case: a line to open, and below it the findings and each request beside its answer. `number` makes its anchor. */
bool html_case(FILE *out, const struct case_result *result, size_t number);
/* <dl> of requirement, expected, actual and place. */
void html_finding_facts(FILE *out, const struct result_finding *finding);
/* <ELEMENT class="CLASS">TEXT</ELEMENT>, on one line; nothing when the text is NULL or empty. */
void html_element(FILE *out, const char *element, const char *class_name, const char *text);
/* JSON with line breaks and indents, by its bytes alone: no value changes. What is not JSON is written as it is. */
void html_write_indented(FILE *out, const char *text);

#endif
