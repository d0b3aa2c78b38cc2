/* See figures.h. */
#define _POSIX_C_SOURCE 200809L

#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double
clock_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static long
memory_kb(const char *field)
{
    char line[128];
    long kb = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, field, strlen(field)) == 0) {
            kb = strtol(line + strlen(field), NULL, 10);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kb;
}

void
print_figures(double wall_us, double cpu_us)
{
    printf("%.2f %.2f %ld %ld\n", wall_us, cpu_us, memory_kb("RssAnon:"), memory_kb("VmHWM:"));
    fflush(stdout);
}
