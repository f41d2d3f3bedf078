/* file_forms.h: forms that suite files and target files share. */
#ifndef CC_FILE_FORMS_H
#define CC_FILE_FORMS_H

#include "validator/lib/shape.h"

extern const struct form plain_name_form;   /* lower-case letters, digits and underscores: variables, capabilities */
extern const struct form header_name_form;  /* of a header to send */
extern const struct form header_value_form; /* no line breaks and control characters: nothing can be smuggled in */

bool text_is_plain_name(const char *text, size_t length);

#endif
