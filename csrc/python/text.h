/* Bytes that came from a server -> str that anybody may see: secrets masked, the unprintable escaped, cut. GIL held. */
#ifndef ZC_TEXT_H
#define ZC_TEXT_H

#include "core/request.h"
#include "python/module.h"

#define ZC_MAX_CHARACTERS 4096 /* of one text */

typedef enum zc_encoding { ZC_UTF_8, ZC_LATIN_1 } zc_encoding;

/* returns new str; None for bytes NULL. The request's secrets are what is masked. */
PyObject *
zc_text_safe(const struct zc_state *state, const struct zc_request *request, const char *bytes, size_t len, zc_encoding encoding);

/* The same for a NUL-terminated text. */
PyObject *
zc_text_safe_or_none(const struct zc_state *state, const struct zc_request *request, const char *text, zc_encoding encoding);

#endif
