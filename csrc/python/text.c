/* Bytes that came from a server -> str that anybody may see. Nearly all of them are short and plain: they take the first way out. */
#include "python/text.h"

#include "core/buffer.h"

static const struct zc_secrets no_secrets;

/* returns new */
static PyObject *
escape_and_cut(struct zc_slice text, zc_encoding encoding)
{
    PyObject *printable = zc_import("zuora_connect._text", "printable");
    PyObject *raw = NULL;
    if (printable != NULL) {
        raw = encoding == ZC_UTF_8 ? PyUnicode_DecodeUTF8(text.bytes, (Py_ssize_t)text.len, "replace")
                                   : PyUnicode_DecodeLatin1(text.bytes, (Py_ssize_t)text.len, NULL);
    }
    PyObject *start = raw == NULL ? NULL : PyUnicode_Substring(raw, 0, ZC_MAX_CHARACTERS); /* escapes only make it longer */
    PyObject *escaped = start == NULL ? NULL : PyObject_CallFunctionObjArgs(printable, start, NULL);
    PyObject *cut = escaped == NULL ? NULL : PyUnicode_Substring(escaped, 0, ZC_MAX_CHARACTERS);
    Py_XDECREF(escaped);
    Py_XDECREF(start);
    Py_XDECREF(raw);
    Py_XDECREF(printable);
    return cut;
}

/* returns new */
static PyObject *
mask_and_escape(struct zc_slice text, const struct zc_secrets *secrets, zc_encoding encoding)
{
    PyObject *safe = NULL;
    struct zc_buffer masked;
    zc_buffer_init(&masked, text.len + ZC_MASK_LEN);
    if (zc_secret_mask(&masked, text.bytes, text.len, secrets) == ZC_OK) {
        safe = escape_and_cut((struct zc_slice){masked.bytes, masked.len}, encoding);
    }
    else {
        PyErr_NoMemory();
    }
    zc_buffer_clear(&masked);
    return safe;
}

PyObject *
zc_text_safe(struct zc_slice text, const struct zc_secrets *secrets, zc_encoding encoding)
{
    if (text.bytes == NULL) {
        Py_RETURN_NONE;
    }
    if (zc_secret_is_quoted(text.bytes, text.len, secrets)) {
        return mask_and_escape(text, secrets, encoding);
    }
    if (text.len > ZC_MAX_CHARACTERS || !zc_slice_is_printable_ascii(text)) {
        return escape_and_cut(text, encoding);
    }
    return PyUnicode_DecodeLatin1(text.bytes, (Py_ssize_t)text.len, NULL); /* the fastest for ASCII */
}

PyObject *
zc_text_name(struct zc_slice name, const struct zc_secrets *secrets)
{
    char lower[64];
    if (name.len <= sizeof(lower) && !zc_secret_is_quoted(name.bytes, name.len, secrets)) {
        for (size_t i = 0; i < name.len; i++) {
            lower[i] = zc_slice_lower(name.bytes[i]);
        }
        return zc_text_safe((struct zc_slice){lower, name.len}, &no_secrets, ZC_LATIN_1);
    }
    PyObject *safe = zc_text_safe(name, secrets, ZC_LATIN_1);
    PyObject *lowered = zc_call_method(safe, "lower");
    Py_XDECREF(safe);
    return lowered;
}
