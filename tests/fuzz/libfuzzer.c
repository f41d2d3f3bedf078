/* libfuzzer.c: a libFuzzer program of the target that FUZZ_TARGET names (reader, request ...), which the compiler is told. */
#include "tests/fuzz/targets.h"

#define NAME_OF(target) #target
#define NAME(target) NAME_OF(target)

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    static const struct fuzz_target *target;
    for (size_t i = 0; !target && i < FUZZ_TARGETS; i++)
        if (strcmp(fuzz_targets[i].name, NAME(FUZZ_TARGET)) == 0) target = &fuzz_targets[i];
    MUST(target);
    target->run(bytes, size);
    return 0;
}
