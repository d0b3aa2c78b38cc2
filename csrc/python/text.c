/* Bytes that came from a server -> str that anybody may see. Nearly all of them are short and plain: they take the first way out. */
#include "python/text.h"

#include "core/buffer.h"
#include "core/secret.h"
#include "core/slice.h"

#include <string.h>

/* returns new */
static PyObject *
escape_and_cut(const struct zc_state *state, const char *bytes, size_t len, zc_encoding encoding)
{
    PyObject *text = encoding == ZC_UTF_8 ? PyUnicode_DecodeUTF8(bytes, (Py_ssize_t)len, "replace")
                                          : PyUnicode_DecodeLatin1(bytes, (Py_ssize_t)len, NULL);
    PyObject *start = text == NULL ? NULL : PyUnicode_Substring(text, 0, ZC_MAX_CHARACTERS); /* escapes only make it longer */
    PyObject *escaped = start == NULL ? NULL : PyObject_CallFunctionObjArgs(state->printable, start, NULL);
    PyObject *cut = escaped == NULL ? NULL : PyUnicode_Substring(escaped, 0, ZC_MAX_CHARACTERS);
    Py_XDECREF(escaped);
    Py_XDECREF(start);
    Py_XDECREF(text);
    return cut;
}

PyObject *
zc_text_safe(const struct zc_state *state, const struct zc_request *request, const char *bytes, size_t len, zc_encoding encoding)
{
    if (bytes == NULL) {
        Py_RETURN_NONE;
    }
    bool is_plain = len <= ZC_MAX_CHARACTERS && zc_slice_is_printable_ascii((struct zc_slice){bytes, len});
    if (!zc_secret_is_quoted(bytes, len, request->secrets, request->n_secrets)) {
        return is_plain ? PyUnicode_FromStringAndSize(bytes, (Py_ssize_t)len) : escape_and_cut(state, bytes, len, encoding);
    }
    PyObject *text = NULL;
    struct zc_buffer masked;
    zc_buffer_init(&masked, len);
    if (zc_secret_mask(&masked, bytes, len, request->secrets, request->n_secrets) == ZC_OK) {
        text = escape_and_cut(state, masked.bytes, masked.len, encoding);
    }
    else {
        PyErr_NoMemory();
    }
    zc_buffer_clear(&masked);
    return text;
}

PyObject *
zc_text_safe_or_none(const struct zc_state *state, const struct zc_request *request, const char *text, zc_encoding encoding)
{
    return zc_text_safe(state, request, text, text == NULL ? 0 : strlen(text), encoding);
}
