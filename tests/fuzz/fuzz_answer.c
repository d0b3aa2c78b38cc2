/* Header lines, one per line of the input -> names and values -> the answer. The session is read a second time, with string.h alone. */
#include "target.h"

#include "core/answer.h"
#include "core/header_lines.h"

#include <strings.h>

#define NOW       1700000000
#define MAX_COUNT 999999999999999999 /* 18 digits */
#define LINES_CAP 600                /* far below the real one, so that it is met */

static bool
lies_within(struct zc_slice part, struct zc_slice whole)
{
    uintptr_t start = (uintptr_t)whole.bytes;
    uintptr_t at = (uintptr_t)part.bytes;
    return at >= start && at - start <= whole.len && part.len <= whole.len - (at - start);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool
is_trimmed(struct zc_slice text)
{
    return text.len == 0 || (!is_blank(text.bytes[0]) && !is_blank(text.bytes[text.len - 1]));
}

/* Is this a piece of a value that came under that name? */
static bool
came_as(struct zc_slice piece, const char *name, const struct zc_header *headers, size_t n)
{
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        found = found || (strcasecmp(headers[i].name.bytes, name) == 0 && lies_within(piece, headers[i].value));
    }
    return found;
}

static void
check_lines(const struct zc_header_lines *lines, const struct zc_header *headers)
{
    const struct zc_slice text = {lines->text.bytes, lines->text.len};
    for (size_t i = 0; i < lines->n; i++) {
        struct zc_slice name = headers[i].name;
        struct zc_slice value = headers[i].value;
        PROMISE(lies_within(name, text) && name.bytes[name.len] == '\0' && is_trimmed(name));
        PROMISE(lies_within(value, text) && value.bytes[value.len] == '\0' && is_trimmed(value));
        PROMISE(value.bytes > name.bytes + name.len);
        PROMISE(i == 0 || name.bytes == headers[i - 1].value.bytes + headers[i - 1].value.len + 1);
        PROMISE(i + 1 < lines->n || value.bytes + value.len + 1 == text.bytes + text.len);
    }
}

static struct zc_slice
trim(const char *start, const char *end)
{
    while (start < end && is_blank(*start)) {
        start++;
    }
    while (end > start && is_blank(end[-1])) {
        end--;
    }
    return (struct zc_slice){start, (size_t)(end - start)};
}

/* The value of ZSession in one line, `bytes` NULL if it names another cookie or none. */
static struct zc_slice
session_in(const char *line)
{
    const char *end = line + strcspn(line, ";");
    const char *equals = memchr(line, '=', (size_t)(end - line));
    if (equals == NULL) {
        return zc_no_slice;
    }
    struct zc_slice name = trim(line, equals);
    return name.len == 8 && memcmp(name.bytes, "ZSession", 8) == 0 ? trim(equals + 1, end) : zc_no_slice;
}

static bool
is_printable(struct zc_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] < 0x20 || text.bytes[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

static void
check_cookie(const struct zc_answer *answer, const struct zc_header *headers, size_t n)
{
    struct zc_slice last = zc_no_slice;
    bool has_attributes = false;
    for (size_t i = 0; i < n; i++) {
        bool sets_cookie = strcasecmp(headers[i].name.bytes, "Set-Cookie") == 0;
        struct zc_slice value = sets_cookie ? session_in(headers[i].value.bytes) : zc_no_slice;
        if (value.bytes != NULL) {
            last = value;
            has_attributes = strchr(value.bytes, ';') != NULL;
        }
    }
    bool has_cookie = answer->cookie.bytes != NULL;
    PROMISE(!(has_cookie && answer->cookie_is_bad));
    if (last.len == 0) {
        PROMISE(!has_cookie && !answer->cookie_is_bad);
    }
    else if (has_cookie) {
        PROMISE(answer->cookie.bytes == last.bytes && answer->cookie.len == last.len && is_printable(last));
    }
    else if (answer->cookie_is_bad) {
        PROMISE(!is_printable(last));
    }
    else {
        PROMISE(has_attributes); /* which ended it */
    }
}

/* The numbers in all these lines are one and the same. */
static void
check_length(const char *value, struct zc_slice *length)
{
    PROMISE(value[0] != '\0' && strspn(value, "0123456789, \t") == strlen(value));
    while (*(value += strspn(value, ", \t")) != '\0') {
        struct zc_slice number = {value, strspn(value, "0123456789")};
        PROMISE(length->bytes == NULL || (length->len == number.len && memcmp(length->bytes, number.bytes, number.len) == 0));
        *length = number;
        value += number.len;
    }
}

/* What passes can be read in one way only. */
static void
check_framing(const struct zc_answer *answer, const struct zc_header *headers, size_t n)
{
    struct zc_slice length = zc_no_slice;
    for (size_t i = 0; i < n; i++) {
        const char *name = headers[i].name.bytes;
        const char *value = headers[i].value.bytes;
        if (strcasecmp(name, "Content-Encoding") == 0 && !answer->encoded) {
            PROMISE(strspn(value, "IDENTYidenty, \t") == strlen(value));
        }
        if (strcasecmp(name, "Content-Length") == 0 && !answer->misframed) {
            check_length(value, &length);
        }
        if (strcasecmp(name, "Transfer-Encoding") == 0 && !answer->misframed) {
            PROMISE(strcasecmp(value, "chunked") == 0);
        }
    }
}

static void
check_answer(const struct zc_answer *answer, const struct zc_header *headers, size_t n)
{
    PROMISE(answer->limit >= -1 && answer->limit <= MAX_COUNT && (answer->limit < 0 || answer->policy.bytes != NULL));
    PROMISE(answer->remaining >= -1 && answer->remaining <= MAX_COUNT);
    PROMISE(answer->reset >= -1 && answer->reset <= MAX_COUNT);
    PROMISE(answer->wait == -1 || (answer->wait >= 0 && answer->wait <= 86400));
    PROMISE(answer->request_id.bytes == NULL || came_as(answer->request_id, "Zuora-Request-Id", headers, n));
    PROMISE(answer->track_id.bytes == NULL || came_as(answer->track_id, "Zuora-Track-Id", headers, n));
    PROMISE(answer->location.bytes == NULL || came_as(answer->location, "Location", headers, n));
    check_cookie(answer, headers, n);
    check_framing(answer, headers, n);
}

/* Hands over the lines, the last one perhaps without its line break; stops where a login would. Did all find room? */
static bool
add_lines(struct zc_header_lines *lines, const char *at, const char *end)
{
    zc_status status = ZC_OK;
    while (at < end && status == ZC_OK) {
        const char *cut = memchr(at, '\n', (size_t)(end - at));
        size_t len = cut == NULL ? (size_t)(end - at) : (size_t)(cut + 1 - at);
        char *line = copy_of(at, len);
        size_t n = lines->n;
        status = zc_header_lines_add(lines, line, len);
        PROMISE(status == ZC_OK || status == ZC_FRAMING || status == ZC_BODY_TOO_LARGE);
        PROMISE((status == ZC_FRAMING) == ((n == 0 && is_blank(line[0])) || memchr(line, '\0', len) != NULL));
        PROMISE(lines->n == n || (lines->n == n + 1 && memchr(line, ':', len) != NULL));
        free(line);
        at += len;
    }
    return status != ZC_BODY_TOO_LARGE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zc_header_lines lines;
    struct zc_answer answer;
    const struct zc_header *headers = NULL;
    zc_header_lines_init(&lines, LINES_CAP);
    bool found_room = add_lines(&lines, (const char *)data, (const char *)data + size);
    PROMISE(zc_header_lines_read(&lines, &headers) == ZC_OK);
    if (found_room) {
        check_lines(&lines, headers);
    }
    PROMISE(zc_answer_read(&answer, headers, lines.n, NOW) == ZC_OK);
    check_answer(&answer, headers, lines.n);
    zc_answer_clear(&answer);
    zc_header_lines_clear(&lines);
    return 0;
}
