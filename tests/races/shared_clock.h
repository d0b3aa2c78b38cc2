/* The planted defect of ./dev freethreaded --tsan: a clock whose reading lies in a static for a moment. */
#include <time.h>

static struct timespec shared_reading;

static inline int
read_shared_clock(clockid_t clock, struct timespec *reading)
{
    int status = clock_gettime(clock, &shared_reading);
    *reading = shared_reading;
    return status;
}

#define clock_gettime(clock, reading) read_shared_clock(clock, reading)
