/* regex_property.c: the general categories of characters by their long names, which ECMA-262 allows in \p{...} and PCRE2 does not. */
#include "validator/lib/regex_parts.h"

#include <string.h>

static const struct category {
    const char *name, *brief;
} categories[] = {
    {"Other", "C"}, {"Control", "Cc"}, {"cntrl", "Cc"}, {"Format", "Cf"}, {"Unassigned", "Cn"}, {"Private_Use", "Co"}, {"Surrogate", "Cs"},
    {"Letter", "L"}, {"Cased_Letter", "L&"}, {"LC", "L&"}, {"Lowercase_Letter", "Ll"}, {"Modifier_Letter", "Lm"}, {"Other_Letter", "Lo"},
    {"Titlecase_Letter", "Lt"}, {"Uppercase_Letter", "Lu"}, {"Mark", "M"}, {"Combining_Mark", "M"}, {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"}, {"Nonspacing_Mark", "Mn"}, {"Number", "N"}, {"Decimal_Number", "Nd"}, {"digit", "Nd"}, {"Letter_Number", "Nl"},
    {"Other_Number", "No"}, {"Punctuation", "P"}, {"punct", "P"}, {"Connector_Punctuation", "Pc"}, {"Dash_Punctuation", "Pd"},
    {"Close_Punctuation", "Pe"}, {"Final_Punctuation", "Pf"}, {"Initial_Punctuation", "Pi"}, {"Other_Punctuation", "Po"},
    {"Open_Punctuation", "Ps"}, {"Symbol", "S"}, {"Currency_Symbol", "Sc"}, {"Modifier_Symbol", "Sk"}, {"Math_Symbol", "Sm"},
    {"Other_Symbol", "So"}, {"Separator", "Z"}, {"Line_Separator", "Zl"}, {"Paragraph_Separator", "Zp"}, {"Space_Separator", "Zs"}, {0},
};

const char *regex_category(const char *name)
{
    for (const struct category *c = categories; c->name; c++)
        if (strcmp(c->name, name) == 0) return c->brief;
    return name;
}
