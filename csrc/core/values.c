/* Which texts may travel in a request at all: no line break or NUL (header injection), no blank at an end (HTTP strips it, so
 * another value would arrive), and what Zuora's reference says of single headers. */
#include "core/values.h"

#include <stdbool.h>
#include <string.h>

/* Zuora's API reference: Zuora-Track-Id has at most 64 US-ASCII characters, none of : ; " '; Idempotency-Key at most 255. */
#define TRACK_ID_MAX        64
#define IDEMPOTENCY_KEY_MAX 255

#define VALUE_MAX ((size_t)64 * 1024) /* libcurl sends no request of more than 1 MiB */

const char *
zc_argument_name(zc_argument argument)
{
    static const char *const names[ZC_N_ARGUMENTS] = {
        [ZC_USERNAME] = "username",
        [ZC_PASSWORD] = "password",
        [ZC_BASE_URL] = "base_url",
        [ZC_ENTITY_ID] = "entity_id",
        [ZC_ENTITY_NAME] = "entity_name",
        [ZC_ENTITY_IDS] = "entity_ids",
        [ZC_TRACK_ID] = "track_id",
        [ZC_AUTHORIZATION] = "authorization",
        [ZC_IDEMPOTENCY_KEY] = "idempotency_key",
        [ZC_CA_FILE] = "ca_file",
        [ZC_CA_DIR] = "ca_dir",
        [ZC_CLIENT_CERT] = "client_cert",
        [ZC_CLIENT_KEY] = "client_key",
        [ZC_CLIENT_KEY_PASSWORD] = "client_key_password",
        [ZC_PROXY_URL] = "proxy",
    };
    return names[argument];
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t
count_characters(const struct zc_value *value)
{
    size_t n = 0;
    for (size_t i = 0; i < value->len; i++) {
        n += ((unsigned char)value->bytes[i] & 0xC0) != 0x80;
    }
    return n;
}

static const char *
track_id_problem(const struct zc_value *value)
{
    if (value->len > TRACK_ID_MAX) {
        return "is longer than 64 characters";
    }
    for (size_t i = 0; i < value->len; i++) {
        unsigned char c = (unsigned char)value->bytes[i];
        if (c >= 0x80) {
            return "holds a character outside US-ASCII";
        }
        if (strchr(":;\"'", c) != NULL) {
            return "holds one of the characters : ; \" '";
        }
    }
    return NULL;
}

const char *
zc_value_problem(zc_argument argument, const struct zc_value *value)
{
    if (value->bytes == NULL) {
        return NULL;
    }
    if (value->len == 0) {
        bool may_be_empty = argument == ZC_PROXY_URL || argument == ZC_CLIENT_KEY_PASSWORD;
        return may_be_empty ? NULL : "is empty";
    }
    if (value->len > VALUE_MAX) {
        return "is longer than 64 KiB";
    }
    if (memchr(value->bytes, '\0', value->len) != NULL) {
        return "holds a NUL character";
    }
    if (strpbrk(value->bytes, "\r\n") != NULL) {
        return "holds a line break; text read from a file ends with one, strip it";
    }
    if (is_blank(value->bytes[0]) || is_blank(value->bytes[value->len - 1])) {
        return "begins or ends with a space or tab, which HTTP would strip";
    }
    if (argument == ZC_TRACK_ID) {
        return track_id_problem(value);
    }
    if (argument == ZC_IDEMPOTENCY_KEY && count_characters(value) > IDEMPOTENCY_KEY_MAX) {
        return "is longer than 255 characters";
    }
    return NULL;
}
