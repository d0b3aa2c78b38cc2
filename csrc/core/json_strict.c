/* A recursive reader, at most ZC_JSON_MAX_DEPTH deep. The keys of all objects that are open lie on one stack of slices; when an
 * object closes, its keys are sorted and neighbours compared, so that no choice of keys makes it slow. */
#include "core/json_strict.h"

#include "core/json_number.h"
#include "core/json_string.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    unsigned char *at;
    unsigned char *end;
    int depth;
    struct zc_json_string *keys;
    size_t n_keys;
    size_t max_keys;
};

static zc_json
read_value(struct reader *r);

/* The next character, 0 at the end: a NUL byte is never met, since the text has none. */
static unsigned char
peek(const struct reader *r)
{
    return r->at < r->end ? *r->at : 0;
}

static bool
take(struct reader *r, unsigned char c)
{
    if (peek(r) != c) {
        return false;
    }
    r->at++;
    return true;
}

static void
skip_blanks(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' || peek(r) == '\r') {
        r->at++;
    }
}

static zc_json
read_string(struct reader *r, struct zc_json_string *content)
{
    uint32_t character;
    if (!take(r, '"')) {
        return ZC_JSON_SYNTAX;
    }
    const unsigned char *at = r->at;
    content->at = at;
    while (at < r->end && *at != '"') {
        zc_json problem = zc_json_character(&at, r->end, &character);
        if (problem != ZC_JSON_OK) {
            return problem;
        }
    }
    content->end = at;
    r->at += at - content->at;
    return take(r, '"') ? ZC_JSON_OK : ZC_JSON_SYNTAX;
}

static zc_json
read_number(struct reader *r)
{
    size_t len = zc_json_number((char *)r->at, (size_t)(r->end - r->at));
    r->at += len;
    return len > 0 ? ZC_JSON_OK : ZC_JSON_SYNTAX;
}

static zc_json
push_key(struct reader *r, struct zc_json_string key)
{
    if (r->n_keys == r->max_keys) {
        size_t max_keys = r->max_keys == 0 ? 16 : r->max_keys * 2;
        struct zc_json_string *keys = realloc(r->keys, max_keys * sizeof(*keys));
        if (keys == NULL) {
            return ZC_JSON_NO_MEMORY;
        }
        r->keys = keys;
        r->max_keys = max_keys;
    }
    r->keys[r->n_keys++] = key;
    return ZC_JSON_OK;
}

static int
compare_keys(const void *left, const void *right)
{
    return zc_json_compare(*(const struct zc_json_string *)left, *(const struct zc_json_string *)right);
}

static bool
has_duplicate(const struct reader *r, size_t first_key)
{
    if (r->n_keys - first_key < 2) {
        return false;
    }
    qsort(r->keys + first_key, r->n_keys - first_key, sizeof(*r->keys), compare_keys);
    for (size_t i = first_key + 1; i < r->n_keys; i++) {
        if (compare_keys(&r->keys[i - 1], &r->keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* With the blanks on either side, like read_value. */
static zc_json
read_member(struct reader *r)
{
    skip_blanks(r);
    struct zc_json_string key;
    zc_json problem = read_string(r, &key);
    if (problem == ZC_JSON_OK) {
        problem = push_key(r, key);
    }
    if (problem != ZC_JSON_OK) {
        return problem;
    }
    skip_blanks(r);
    return take(r, ':') ? read_value(r) : ZC_JSON_SYNTAX;
}

/* What follows `[` or `{`, up to and including `close`. */
static zc_json
read_items(struct reader *r, unsigned char close, zc_json (*read_item)(struct reader *))
{
    if (++r->depth > ZC_JSON_MAX_DEPTH) {
        return ZC_JSON_DEPTH;
    }
    skip_blanks(r);
    bool more = !take(r, close);
    while (more) {
        zc_json problem = read_item(r);
        if (problem != ZC_JSON_OK) {
            return problem;
        }
        more = take(r, ',');
        if (!more && !take(r, close)) {
            return ZC_JSON_SYNTAX;
        }
    }
    r->depth--;
    return ZC_JSON_OK;
}

static zc_json
read_object(struct reader *r)
{
    size_t first_key = r->n_keys;
    zc_json problem = read_items(r, '}', read_member);
    if (problem == ZC_JSON_OK && has_duplicate(r, first_key)) {
        problem = ZC_JSON_DUPLICATE;
    }
    r->n_keys = first_key;
    return problem;
}

static zc_json
read_word(struct reader *r, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0) {
        return ZC_JSON_SYNTAX;
    }
    r->at += len;
    return ZC_JSON_OK;
}

static zc_json
read_bare_value(struct reader *r)
{
    struct zc_json_string content;
    switch (peek(r)) {
    case '{':
        r->at++;
        return read_object(r);
    case '[':
        r->at++;
        return read_items(r, ']', read_value);
    case '"':
        return read_string(r, &content);
    case 't':
        return read_word(r, "true");
    case 'f':
        return read_word(r, "false");
    case 'n':
        return read_word(r, "null");
    default:
        return read_number(r);
    }
}

/* With the blanks on either side. */
static zc_json
read_value(struct reader *r)
{
    skip_blanks(r);
    zc_json problem = read_bare_value(r);
    skip_blanks(r);
    return problem;
}

zc_json
zc_json_strict(char *text, size_t len)
{
    if (len == 0) {
        return ZC_JSON_EMPTY;
    }
    if (memchr(text, '\0', len) != NULL) {
        return ZC_JSON_NUL;
    }
    struct reader r = {.at = (unsigned char *)text, .end = (unsigned char *)text + len};
    skip_blanks(&r);
    if (r.at == r.end) {
        return ZC_JSON_EMPTY;
    }
    zc_json problem = read_value(&r);
    if (problem == ZC_JSON_OK && r.at < r.end) {
        problem = ZC_JSON_TRAILING;
    }
    free(r.keys);
    return problem;
}

const char *
zc_json_text(zc_json problem)
{
    static const char *const texts[ZC_JSON_N] = {
        [ZC_JSON_OK] = "it is JSON",
        [ZC_JSON_EMPTY] = "it is empty",
        [ZC_JSON_SYNTAX] = "it is not JSON",
        [ZC_JSON_NOT_UTF8] = "it is not UTF-8",
        [ZC_JSON_ESCAPE] = "a string holds a bad escape or a raw control character",
        [ZC_JSON_NUL] = "it holds a NUL character",
        [ZC_JSON_SURROGATE] = "a string holds half of a surrogate pair",
        [ZC_JSON_DUPLICATE] = "a key appears twice in one object",
        [ZC_JSON_DEPTH] = "it is nested too deeply",
        [ZC_JSON_TRAILING] = "something follows the JSON value",
        [ZC_JSON_NO_MEMORY] = "there is no memory to read it",
    };
    return (unsigned)problem < ZC_JSON_N ? texts[problem] : texts[ZC_JSON_SYNTAX];
}
