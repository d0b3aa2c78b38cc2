/* Looks at certificate files and directories before libcurl does, so that a bad one is named before a socket opens. Pure look-ups:
 * no state, any thread. */
#ifndef ZC_FILES_H
#define ZC_FILES_H

#include <stdbool.h>
#include <stdint.h>

/* NULL if the regular file can be read and holds a PEM block whose name ends in `label` ("CERTIFICATE", "PRIVATE KEY"), else a
 * static text that says what is wrong with it. *stamp, unless NULL, becomes another number when the file has changed. */
const char *
zc_file_problem(const char *path, const char *label, uint64_t *stamp);

/* Likewise for a directory with certificates under their hashed names, or several of them separated by colons. */
const char *
zc_directory_problem(const char *path);

#endif
