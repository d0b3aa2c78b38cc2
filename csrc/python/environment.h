/* The process's variables where there is no GIL to keep other threads from changing them. GIL held. */
#ifndef ZC_PYTHON_ENVIRONMENT_H
#define ZC_PYTHON_ENVIRONMENT_H

#include "core/environment.h"

/* As Python knows them, which is all of them but for what C code set behind its back. */
zc_environment_reader zc_environment_read_python;

#endif
