/* The process's variables. getenv() is safe only while nobody changes them: who has no lock for that says how else they are read. */
#ifndef ZC_ENVIRONMENT_H
#define ZC_ENVIRONMENT_H

#include "core/status.h"

/* returns new through *value (zc_wiping_free); NULL: unset */
typedef zc_status
zc_environment_reader(const char *name, char **value);

/* By getenv(). */
zc_environment_reader zc_environment_read_process;

/* By the reader that was given, else by getenv(). */
zc_environment_reader zc_environment_read;

/* Before any login. */
void
zc_environment_read_by(zc_environment_reader *given);

#endif
