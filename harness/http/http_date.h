/* http_date.h: the dates of HTTP headers. */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdbool.h>
#include <time.h>

/* Reads a date in any of the three forms that RFC 9110 (5.6.7) has recipients take; `now` settles the century of the one with two digits.
 * False when it is none of them. */
bool http_date_read(const char *text, time_t now, time_t *when);

#endif
