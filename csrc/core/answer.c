/* Reads header lines as slices of what was received. What cannot be read is passed over, never guessed at; the next source, if
 * there is one, gets its turn. */
#include "core/answer.h"

#include "core/date.h"

#define MAX_WAIT_SECONDS 86400

struct lines {
    const struct zc_header *first;
    size_t n;
};

/* A name to look for, in lower case. */
#define NAMED(literal) ((struct zc_slice){(literal), sizeof(literal) - 1})

/* The value of the next line of that name; `*at` is where to look first, and then where to look next. */
static struct zc_slice
next_line(struct lines lines, struct zc_slice name, size_t *at)
{
    while (*at < lines.n) {
        const struct zc_header *line = &lines.first[(*at)++];
        if (line->name.len == name.len && zc_slice_is(line->name, name.bytes)) {
            return line->value;
        }
    }
    return zc_no_slice;
}

/* Absent too if there are several. */
static struct zc_slice
only_line(struct lines lines, struct zc_slice name)
{
    size_t at = 0;
    struct zc_slice value = next_line(lines, name, &at);
    return value.bytes != NULL && next_line(lines, name, &at).bytes == NULL ? value : zc_no_slice;
}

/* Absent too if it is empty. */
static struct zc_slice
first_line(struct lines lines, struct zc_slice name)
{
    size_t at = 0;
    struct zc_slice value = next_line(lines, name, &at);
    return value.len > 0 ? value : zc_no_slice;
}

static zc_status
join_lines(struct lines lines, struct zc_slice name, struct zc_buffer *joined)
{
    zc_status status = ZC_OK;
    size_t at = 0;
    struct zc_slice value = next_line(lines, name, &at);
    for (bool first = true; value.bytes != NULL && status == ZC_OK; first = false) {
        if (!first) {
            status = zc_buffer_append(joined, ", ", 2);
        }
        if (status == ZC_OK) {
            status = zc_buffer_append(joined, value.bytes, value.len);
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
    struct zc_slice attributes;
    while ((attributes = next_line(lines, NAMED("set-cookie"), &at)).bytes != NULL) {
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
    const struct zc_slice names[] = {NAMED("ratelimit-limit"), NAMED("x-ratelimit-limit-minute")};
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
read_number(struct lines lines, struct zc_slice name, struct zc_slice older_name)
{
    int64_t number = zc_slice_number(only_line(lines, name));
    return number >= 0 ? number : zc_slice_number(only_line(lines, older_name));
}

static int64_t
read_wait(struct lines lines, int64_t now)
{
    struct zc_slice retry_after = only_line(lines, NAMED("retry-after"));
    int64_t date;
    if (!zc_slice_is_digits(retry_after)) {
        if (retry_after.bytes != NULL && zc_date_http(retry_after.bytes, retry_after.len, now, &date)) {
            int64_t wait = date > now ? date - now : 0;
            return wait > MAX_WAIT_SECONDS ? MAX_WAIT_SECONDS : wait;
        }
        retry_after = only_line(lines, NAMED("ratelimit-reset"));
    }
    if (!zc_slice_is_digits(retry_after)) {
        retry_after = only_line(lines, NAMED("x-ratelimit-reset-minute"));
    }
    return zc_slice_is_digits(retry_after) ? zc_slice_saturated(retry_after, MAX_WAIT_SECONDS) : -1;
}

static bool
is_encoded(struct lines lines)
{
    size_t at = 0;
    struct zc_slice rest;
    while ((rest = next_line(lines, NAMED("content-encoding"), &at)).bytes != NULL) {
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
    struct zc_slice rest;
    struct zc_slice token;
    int n_chunked = 0;
    size_t at = 0;
    while ((rest = next_line(lines, NAMED("transfer-encoding"), &at)).bytes != NULL) {
        while (zc_slice_next(&rest, ',', &token)) {
            if (!zc_slice_is(token, "chunked") || ++n_chunked > 1) {
                return true;
            }
        }
    }
    at = 0;
    while ((rest = next_line(lines, NAMED("content-length"), &at)).bytes != NULL) {
        while (zc_slice_next(&rest, ',', &token)) {
            if (!zc_slice_is_digits(token) || (length.bytes != NULL && !zc_slice_equals(token, length))) {
                return true;
            }
            length = token;
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
        .remaining = read_number(lines, NAMED("ratelimit-remaining"), NAMED("x-ratelimit-remaining-minute")),
        .reset = read_number(lines, NAMED("ratelimit-reset"), NAMED("x-ratelimit-reset-minute")),
        .request_id = first_line(lines, NAMED("zuora-request-id")),
        .track_id = first_line(lines, NAMED("zuora-track-id")),
        .location = first_line(lines, NAMED("location")),
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
