/* tokens.h: the tokens of the reference model.
 *
 * It has no vocabulary: a token is a word with the space before it, one punctuation mark, or a run of white space; a long word is several.
 * One tokenizer serves limits, usage, logprobs and streaming, so that the figures of an answer always agree with its text. */
#ifndef TOKENS_H
#define TOKENS_H

#include <stddef.h>

enum { TOKEN_BYTES = 12 }; /* a word's part is at most this long */

/* Bytes of the first token; 0 only for an empty text. Never ends inside a character. */
size_t token_first(const char *text, size_t length);
size_t token_count(const char *text, size_t length);
/* Bytes of the first `count` tokens, or of all when there are fewer. */
size_t token_prefix(const char *text, size_t length, size_t count);

#endif
