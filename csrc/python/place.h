/* Where a login goes, as an environment's name or the variables say it. GIL held. */
#ifndef ZC_PLACE_H
#define ZC_PLACE_H

#include "python/api.h"

/* returns new; NULL with no exception if the variable is unset or empty. Not by a call of os.environ, whose frames would hold the value. */
PyObject *
zc_variable(const char *name);

/* returns new: the base URL of an environment, which may be no str at all; NULL with an exception set. */
PyObject *
zc_place_of(PyObject *environment);

/* returns new, and which variable it was (`zc_origin`); NULL with no exception if no variable says where. */
PyObject *
zc_place_of_variables(int *origin);

#endif
