/* Two secrets, each on a line of its own, and a text that may quote them -> the text that anybody may see. */
#include "target.h"

#include "core/secret.h"

static bool
holds(const struct zc_buffer *text, const struct zc_secret *secret)
{
    return memmem(text->bytes, text->len, secret->bytes, secret->len) != NULL;
}

static void
check_mask(const char *text, size_t len, const struct zc_secrets *secrets)
{
    struct zc_buffer masked;
    zc_buffer_init(&masked, len); /* as the binding does: a mask is shorter than what it hides */
    PROMISE(zc_secret_mask(&masked, text, len, secrets) == ZC_OK);
    bool is_same = masked.len == len && memcmp(masked.bytes, text, len) == 0;
    PROMISE(is_same != zc_secret_is_quoted(text, len, secrets));
    for (size_t i = 0; i < secrets->n; i++) {
        bool may_be_made_by_masks = memchr(secrets->list[0].bytes, '*', secrets->list[0].len) != NULL ||
                                    memchr(secrets->list[secrets->n - 1].bytes, '*', secrets->list[secrets->n - 1].len) != NULL;
        PROMISE(may_be_made_by_masks || !holds(&masked, &secrets->list[i]));
    }
    zc_buffer_clear(&masked);
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
