/* outage.c: see outage.h. */
#include "harness/run/outage.h"

bool outage_goes_on(const struct case_result *result, size_t *answers)
{
    for (size_t i = 0; i < result->exchange_count; i++) {
        int status = result->exchanges[i].status;
        if (status && (status < 502 || status > 504)) return false;
        *answers += status != 0;
    }
    return true;
}

bool outage_found(const struct run_result *run)
{
    size_t answers = 0;
    for (size_t i = 0; i < run->case_count && answers < OUTAGE_ANSWERS; i++)
        if (!outage_goes_on(&run->cases[i], &answers)) return false;
    return answers >= OUTAGE_ANSWERS;
}
