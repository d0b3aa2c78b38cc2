/* Bytes that came from a server -> str that anybody may see: secrets masked, the unprintable escaped, cut. GIL held. */
#ifndef ZC_TEXT_H
#define ZC_TEXT_H

#include "core/secret.h"
#include "core/slice.h"
#include "python/module.h"

#define ZC_MAX_CHARACTERS 4096 /* of one text */

typedef enum zc_encoding { ZC_UTF_8, ZC_LATIN_1 } zc_encoding;

/* returns new str; None for no text. */
PyObject *
zc_text_safe(struct zc_slice text, const struct zc_secrets *secrets, zc_encoding encoding);

/* returns new: a header's name in lower case, as HTTP/2 has it */
PyObject *
zc_text_name(struct zc_slice name, const struct zc_secrets *secrets);

#endif
