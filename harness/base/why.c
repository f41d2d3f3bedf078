/* why.c: see why.h. */
#include "harness/base/why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool why_not(char *why, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, size, format, arguments);
    va_end(arguments);
    return false;
}

bool why_no_memory(char *why, size_t size) { return why_not(why, size, "memory ran out"); }

char *why_text(const char *format, ...)
{
    char text[2001];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return strdup(text);
}
