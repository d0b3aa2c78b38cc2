/* What connect() was given, by position or by name -> one slot for each parameter. GIL held. */
#ifndef ZC_ARGUMENTS_H
#define ZC_ARGUMENTS_H

#include "python/module.h"

#include <stdbool.h>

/* Fills given[], all NULL before, with new references; NULL: not given, or None where None says so. 0, or -1 with TypeError set, which
 * names the function. */
int
zc_arguments_read(const struct zc_state *state, const char *function, PyObject *const *args, Py_ssize_t n_args, PyObject *names,
                  PyObject *given[ZC_N_PARAMETERS]);

/* NULL leaves what is there. 0, or -1 with TypeError or ValueError set. */
int
zc_arguments_retries(PyObject *given, long *retries);

/* Likewise. */
int
zc_arguments_check(PyObject *given, bool *check);

/* Likewise: seconds as whole milliseconds, rounded up. There is no "for ever". */
int
zc_arguments_ms(const char *name, PyObject *given, long *ms);

#endif
