/* The header lines of one answer, as names and values. */
#include "core/header_lines.h"

#include "core/slice.h"
#include "core/wipe.h"

#include <string.h>

void
zc_header_lines_init(struct zc_header_lines *lines, size_t cap)
{
    *lines = (struct zc_header_lines){0};
    zc_buffer_init(&lines->text, cap);
}

void
zc_header_lines_clear(struct zc_header_lines *lines)
{
    zc_buffer_clear(&lines->text);
    zc_wiping_free(lines->headers);
    lines->headers = NULL;
    lines->n = lines->room = 0;
}

void
zc_header_lines_reset(struct zc_header_lines *lines)
{
    zc_buffer_reset(&lines->text);
    lines->n = 0;
}

static zc_status
append_text(struct zc_buffer *b, struct zc_slice text)
{
    return zc_buffer_append_text(b, text.bytes, text.len);
}

static struct zc_slice
without_break(const char *bytes, size_t len)
{
    while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r')) {
        len--;
    }
    return zc_slice_trim((struct zc_slice){bytes, len});
}

/* Puts more behind the last value: a blank and the text take the place of its NUL. No blank is left at an end. */
static zc_status
go_on(struct zc_buffer *text, struct zc_slice more)
{
    bool is_empty = text->bytes[text->len - 2] == '\0'; /* the NUL of the name */
    if (more.len == 0) {
        return ZC_OK;
    }
    if (is_empty) {
        text->len--;
    }
    else {
        text->bytes[text->len - 1] = ' ';
    }
    return append_text(text, more);
}

zc_status
zc_header_lines_add(struct zc_header_lines *lines, const char *line, size_t len)
{
    struct zc_buffer *text = &lines->text;
    if (memchr(line, '\0', len) != NULL) {
        return ZC_FRAMING;
    }
    if (line[0] == ' ' || line[0] == '\t') {
        if (lines->n == 0) {
            return ZC_FRAMING;
        }
        return go_on(text, without_break(line, len));
    }
    const char *colon = memchr(line, ':', len);
    if (colon == NULL) {
        return ZC_OK;
    }
    size_t name_len = (size_t)(colon - line);
    zc_status status = append_text(text, zc_slice_trim((struct zc_slice){line, name_len}));
    if (status == ZC_OK) {
        status = append_text(text, without_break(colon + 1, len - name_len - 1));
    }
    if (status == ZC_OK) {
        lines->n++;
    }
    return status;
}

zc_status
zc_header_lines_read(struct zc_header_lines *lines, const struct zc_header **headers)
{
    if (lines->n > lines->room) {
        struct zc_header *grown = zc_wiping_realloc(lines->headers, lines->n * sizeof(*grown));
        if (grown == NULL) {
            return ZC_NO_MEMORY;
        }
        lines->headers = grown;
        lines->room = lines->n;
    }
    const char *at = lines->text.bytes;
    for (size_t i = 0; i < lines->n; i++) {
        struct zc_slice name = {at, strlen(at)};
        at += name.len + 1;
        struct zc_slice value = {at, strlen(at)};
        at += value.len + 1;
        lines->headers[i] = (struct zc_header){name, value};
    }
    *headers = lines->headers;
    return ZC_OK;
}
