/* The header lines of one answer, as they come in, as names and values. One owner; no lock. libcurl keeps the lines as well, but walks
 * over all of them for each that it hands out. */
#ifndef ZC_HEADER_LINES_H
#define ZC_HEADER_LINES_H

#include "core/answer.h"
#include "core/buffer.h"

#include <stddef.h>

struct zc_header_lines {
    struct zc_buffer text; /* name, NUL, value, NUL, name, ... */
    size_t n;
    struct zc_header *headers; /* into the text; `room` of them */
    size_t room;
};

void
zc_header_lines_init(struct zc_header_lines *lines, size_t cap);
void
zc_header_lines_clear(struct zc_header_lines *lines);

/* Forgets the lines and keeps the storage. */
void
zc_header_lines_reset(struct zc_header_lines *lines);

/* Takes one raw line with its line break. A line that begins with a blank goes on with the value before it (RFC 9112 5.2). ZC_OK, also
 * for a line without a colon, which is passed over; ZC_FRAMING if there is no value to go on with, or for a NUL; ZC_BODY_TOO_LARGE or
 * ZC_NO_MEMORY. */
zc_status
zc_header_lines_add(struct zc_header_lines *lines, const char *line, size_t len);

/* borrows through *headers, until the next change. ZC_OK or ZC_NO_MEMORY. */
zc_status
zc_header_lines_read(struct zc_header_lines *lines, const struct zc_header **headers);

#endif
