/* Two secrets, each on a line of its own, and a text that may quote them -> the text that anybody may see. */
#include "target.h"

#include <ctype.h>

#include "core/secret.h"

/* Which bytes a quote covers, and before which of them one goes on from the byte before. */
struct cover {
    bool *is_hidden;
    bool *goes_on;
};

/* How many bytes of text[0..len) spell this byte as a URL or a form would. */
static size_t
spelling_length(unsigned char byte, const char *text, size_t len)
{
    if (len >= 3 && text[0] == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2])) {
        char digits[] = {text[1], text[2], '\0'};
        if (strtoul(digits, NULL, 16) == byte) {
            return 3;
        }
    }
    bool is_byte = len > 0 && (unsigned char)text[0] == byte;
    bool is_plus_for_blank = len > 0 && text[0] == '+' && byte == ' ';
    return is_byte || is_plus_for_blank ? 1 : 0;
}

static size_t
spelled_length(const struct zc_secret *secret, const char *text, size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < secret->len; i++) {
        size_t n = spelling_length((unsigned char)secret->bytes[i], text + at, len - at);
        if (n == 0) {
            return 0;
        }
        at += n;
    }
    return at;
}

static void
cover_bytes(struct cover *cover, size_t at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        cover->is_hidden[at + i] = true;
        cover->goes_on[at + i] = cover->goes_on[at + i] || i > 0;
    }
}

static void
cover_quotes(struct cover *cover, const char *text, size_t len, const struct zc_secret *secret)
{
    for (size_t at = 0; at < len; at++) {
        bool is_literal = len - at >= secret->len && memcmp(text + at, secret->bytes, secret->len) == 0;
        cover_bytes(cover, at, is_literal ? secret->len : 0);
        cover_bytes(cover, at, spelled_length(secret, text + at, len - at));
    }
}

/* The same as the mask, worked out byte by byte. */
static void
check_masked(const struct zc_buffer *masked, const char *text, size_t len, const struct cover *cover)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (!cover->is_hidden[i]) {
            PROMISE(at < masked->len && masked->bytes[at] == text[i]);
            at++;
        }
        else if (!cover->goes_on[i]) {
            PROMISE(masked->len - at >= 3 && memcmp(masked->bytes + at, "***", 3) == 0);
            at += 3;
        }
    }
    PROMISE(at == masked->len);
}

static void
check_mask(const char *text, size_t len, const struct zc_secrets *secrets)
{
    struct cover cover = {calloc(len + 1, sizeof(bool)), calloc(len + 1, sizeof(bool))};
    struct zc_buffer masked;
    PROMISE(cover.is_hidden != NULL && cover.goes_on != NULL);
    for (size_t i = 0; i < secrets->n; i++) {
        cover_quotes(&cover, text, len, &secrets->list[i]);
    }
    zc_buffer_init(&masked, len + ZC_MASK_LEN);
    PROMISE(zc_secret_mask(&masked, text, len, secrets) == ZC_OK);
    check_masked(&masked, text, len, &cover);
    PROMISE(zc_secret_is_quoted(text, len, secrets) == (memchr(cover.is_hidden, true, len) != NULL));
    zc_buffer_clear(&masked);
    free(cover.goes_on);
    free(cover.is_hidden);
}

/* Takes the text before the next line break off `rest`; returns new. */
static char *
take_line(const char **rest, const char *end, size_t *len)
{
    const char *cut = memchr(*rest, '\n', (size_t)(end - *rest));
    *len = (size_t)((cut == NULL ? end : cut) - *rest);
    char *line = copy_of(*rest, *len);
    *rest = cut == NULL ? end : cut + 1;
    return line;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zc_secrets secrets = {0};
    const char *rest = (const char *)data;
    const char *end = rest + size;
    size_t password_len = 0;
    size_t token_len = 0;
    if (size == 0) {
        return 0;
    }
    char *password = take_line(&rest, end, &password_len);
    char *token = take_line(&rest, end, &token_len);
    zc_secrets_add(&secrets, password, password_len);
    zc_secrets_add(&secrets, token, token_len);
    char *text = copy_of(rest, (size_t)(end - rest));
    check_mask(text, (size_t)(end - rest), &secrets);
    free(text);
    free(token);
    free(password);
    return 0;
}
