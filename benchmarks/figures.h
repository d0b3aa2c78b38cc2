/* What every child of the benchmark prints: wall and CPU microseconds (a login, or the one thing it does), then RssAnon and
 * peak RSS in kB. */
#ifndef FIGURES_H
#define FIGURES_H

#include <time.h>

double
clock_us(clockid_t id);

void
print_figures(double wall_us, double cpu_us);

#endif
