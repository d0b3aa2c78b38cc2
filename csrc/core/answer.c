/* Reads header lines as slices of what was received. What cannot be read is passed over, never guessed at; the next source, if
 * there is one, gets its turn. */
#include "core/answer.h"

#include "core/date.h"

#include <string.h>

#define MAX_WAIT_SECONDS 86400

struct lines {
    const struct zc_header *first;
    size_t n;
};

/* The next line of that name, in lower case; `*at` is where to look first, and then where to look next. */
static const char *
next_line(struct lines lines, const char *name, size_t *at)
{
    while (*at < lines.n) {
        const struct zc_header *line = &lines.first[(*at)++];
        if ((line->name[0] | 0x20) == name[0] && zc_slice_is((struct zc_slice){line->name, strlen(line->name)}, name)) {
            return line->value;
        }
    }
    return NULL;
}

/* Absent too if there are several. */
static struct zc_slice
only_line(struct lines lines, const char *name)
{
    size_t at = 0;
    const char *value = next_line(lines, name, &at);
    return value != NULL && next_line(lines, name, &at) == NULL ? zc_slice_of(value) : zc_no_slice;
}

/* NULL too if it is empty. */
static const char *
first_line(struct lines lines, const char *name)
{
    size_t at = 0;
    const char *value = next_line(lines, name, &at);
    return value != NULL && *value != '\0' ? value : NULL;
}

static zc_status
join_lines(struct lines lines, const char *name, struct zc_buffer *joined)
{
    zc_status status = ZC_OK;
    size_t at = 0;
    const char *value = next_line(lines, name, &at);
    for (bool first = true; value != NULL && status == ZC_OK; first = false) {
        if (!first) {
            status = zc_buffer_append(joined, ", ", 2);
        }
        if (status == ZC_OK) {
            status = zc_buffer_append(joined, value, strlen(value));
        }
        value = next_line(lines, name, &at);
    }
    return status;
}

/* `text` is digits, perhaps after a minus sign; `expired` stays as it is if it cannot be read. */
static void
read_max_age(struct zc_slice text, bool *expired)
{
    bool negative = text.len > 0 && text.bytes[0] == '-';
    struct zc_slice digits = {text.bytes + negative, text.len - negative};
    if (zc_slice_is_digits(digits)) {
        *expired = negative || zc_slice_saturated(digits, 1) == 0;
    }
}

/* Of an attribute that comes twice the last one counts, as in RFC 6265. */
static bool
has_expired(struct zc_slice attributes, int64_t now)
{
    bool by_age = false;
    bool by_date = false;
    struct zc_slice attribute;
    while (zc_slice_next(&attributes, ';', &attribute)) {
        struct zc_slice value = attribute;
        struct zc_slice name;
        int64_t expires;
        (void)zc_slice_next(&value, '=', &name);
        if (value.bytes == NULL) {
            continue;
        }
        value = zc_slice_trim(value);
        if (zc_slice_is(name, "max-age")) {
            read_max_age(value, &by_age);
        }
        else if (zc_slice_is(name, "expires") && zc_date_cookie(value.bytes, value.len, &expires)) {
            by_date = expires <= now;
        }
    }
    return by_age || by_date;
}

/* A line that names ZSession overrules the ones before it, also when it opens no session. */
static void
read_cookie(struct zc_answer *answer, struct lines lines, int64_t now)
{
    static const struct zc_slice session = {"ZSession", sizeof("ZSession") - 1};
    size_t at = 0;
    const char *line;
    while ((line = next_line(lines, "set-cookie", &at)) != NULL) {
        struct zc_slice attributes = zc_slice_of(line);
        struct zc_slice value;
        struct zc_slice name;
        (void)zc_slice_next(&attributes, ';', &value);
        (void)zc_slice_next(&value, '=', &name);
        if (value.bytes == NULL || !zc_slice_equals(name, session)) {
            continue;
        }
        value = zc_slice_trim(value);
        bool opens = value.len > 0 && !has_expired(attributes, now);
        answer->cookie_is_bad = opens && !zc_slice_is_printable_ascii(value);
        answer->cookie = opens && !answer->cookie_is_bad ? value : zc_no_slice;
    }
}

static zc_status
read_limit(struct zc_answer *answer, struct lines lines)
{
    static const char *const names[] = {"ratelimit-limit", "x-ratelimit-limit-minute"};
    for (size_t i = 0; i < 2 && answer->limit < 0; i++) {
        struct zc_buffer policy;
        zc_buffer_init(&policy, SIZE_MAX / 2);
        if (join_lines(lines, names[i], &policy) != ZC_OK) {
            zc_buffer_clear(&policy);
            return ZC_NO_MEMORY;
        }
        struct zc_slice rest = {policy.bytes, policy.len};
        struct zc_slice quota;
        struct zc_slice first;
        bool readable = zc_slice_next(&rest, ',', &quota) && zc_slice_next(&quota, ';', &first) && zc_slice_number(first) >= 0;
        if (readable) {
            answer->limit = zc_slice_number(first);
        }
        if (readable || (answer->policy.bytes == NULL && policy.len > 0)) {
            zc_buffer_clear(&answer->policy);
            answer->policy = policy;
        }
        else {
            zc_buffer_clear(&policy);
        }
    }
    return ZC_OK;
}

static int64_t
read_number(struct lines lines, const char *name, const char *older_name)
{
    int64_t number = zc_slice_number(only_line(lines, name));
    return number >= 0 ? number : zc_slice_number(only_line(lines, older_name));
}

static int64_t
read_wait(struct lines lines, int64_t now)
{
    struct zc_slice retry_after = only_line(lines, "retry-after");
    int64_t date;
    if (!zc_slice_is_digits(retry_after)) {
        if (retry_after.bytes != NULL && zc_date_http(retry_after.bytes, retry_after.len, now, &date)) {
            int64_t wait = date > now ? date - now : 0;
            return wait > MAX_WAIT_SECONDS ? MAX_WAIT_SECONDS : wait;
        }
        retry_after = only_line(lines, "ratelimit-reset");
    }
    if (!zc_slice_is_digits(retry_after)) {
        retry_after = only_line(lines, "x-ratelimit-reset-minute");
    }
    return zc_slice_is_digits(retry_after) ? zc_slice_saturated(retry_after, MAX_WAIT_SECONDS) : -1;
}

static bool
is_encoded(struct lines lines)
{
    size_t at = 0;
    const char *line;
    while ((line = next_line(lines, "content-encoding", &at)) != NULL) {
        struct zc_slice rest = zc_slice_of(line);
        struct zc_slice coding;
        while (zc_slice_next(&rest, ',', &coding)) {
            if (coding.len > 0 && !zc_slice_is(coding, "identity")) {
                return true;
            }
        }
    }
    return false;
}

/* A message whose length two readers could take differently. */
static bool
is_misframed(struct lines lines)
{
    struct zc_slice length = zc_no_slice;
    int n_chunked = 0;
    for (size_t i = 0; i < lines.n; i++) {
        struct zc_slice name = {lines.first[i].name, strlen(lines.first[i].name)};
        struct zc_slice rest = zc_slice_of(lines.first[i].value);
        struct zc_slice token;
        if (zc_slice_is(name, "transfer-encoding")) {
            while (zc_slice_next(&rest, ',', &token)) {
                if (!zc_slice_is(token, "chunked") || ++n_chunked > 1) {
                    return true;
                }
            }
        }
        else if (zc_slice_is(name, "content-length")) {
            while (zc_slice_next(&rest, ',', &token)) {
                if (!zc_slice_is_digits(token) || (length.bytes != NULL && !zc_slice_equals(token, length))) {
                    return true;
                }
                length = token;
            }
        }
    }
    return false;
}

zc_status
zc_answer_read(struct zc_answer *answer, const struct zc_header *headers, size_t n_headers, int64_t now)
{
    struct lines lines = {headers, n_headers};
    *answer = (struct zc_answer){
        .limit = -1,
        .remaining = read_number(lines, "ratelimit-remaining", "x-ratelimit-remaining-minute"),
        .reset = read_number(lines, "ratelimit-reset", "x-ratelimit-reset-minute"),
        .request_id = first_line(lines, "zuora-request-id"),
        .track_id = first_line(lines, "zuora-track-id"),
        .location = first_line(lines, "location"),
        .encoded = is_encoded(lines),
        .misframed = is_misframed(lines),
    };
    answer->wait = (double)read_wait(lines, now);
    read_cookie(answer, lines, now);
    return read_limit(answer, lines);
}

void
zc_answer_clear(struct zc_answer *answer)
{
    zc_buffer_clear(&answer->policy);
    *answer = (struct zc_answer){.limit = -1, .remaining = -1, .reset = -1, .wait = -1};
}
