/* corpus.h: the documents that the benchmark measures, by class. */
#ifndef CORPUS_H
#define CORPUS_H

#include <stddef.h>

struct sample {
    char *text;
    size_t length;
};

/* Documents of one kind. */
struct class {
    const char *name;
    struct sample *samples;
    size_t count, bytes;
};

/* Fills in the classes and says how many. The recorded requests are among them when CHATCONFORM_SHARED is set. Exits when memory runs out. */
size_t corpus_make(struct class *classes, size_t room);
/* One kind of document in many sizes, to see how the cost grows: messages, then tools. */
size_t corpus_make_sizes(struct class *classes, size_t room);
/* The same for event streams. */
size_t corpus_make_streams(struct class *classes, size_t room);
void corpus_free(struct class *classes, size_t count);

#endif
