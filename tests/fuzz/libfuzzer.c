/* libfuzzer.c: the libFuzzer program of all targets: the name that it is called by says which one it runs. */
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

static const struct fuzz_target *chosen;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    const char *slash = strrchr((*argv)[0], '/'), *name = slash ? slash + 1 : (*argv)[0];
    for (chosen = fuzz_targets; chosen->name && strcmp(chosen->name, name) != 0; chosen++) continue;
    if (!chosen->name) {
        fprintf(stderr, "there is no target %s\n", name);
        exit(2);
    }
    fuzz_on_time = true;
    chosen->run("\0\0\0\0\0\0\0\0\0", 9); /* what a target makes once is made outside the time that an input may take */
    chosen->run("\1\0\0\0\0\0\0\0\0", 9);
    fprintf(stderr, "start: %.3f\n", (double)clock() / CLOCKS_PER_SEC); /* which says nothing of how fast it is then */
    return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    chosen->run((const char *)bytes, size);
    return 0;
}
