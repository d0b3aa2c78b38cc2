/* Masking: what a server quotes is searched for as it is and as URLs and forms spell it. */
#include "core/secret.h"

#include <string.h>

#define MASK_MIN_CHARACTERS 4

/* How many bytes are compared at most, for a text of `len`. Only a secret that repeats itself for long, searched in a text that does the
 * same, takes more; all that is left of the text counts as a quote then. */
#define MAX_COMPARED(len) (((size_t)1 << 18) + 64 * (len))

static bool
is_maskable(const char *bytes, size_t len)
{
    size_t n_characters = 0;
    for (size_t i = 0; i < len && n_characters < MASK_MIN_CHARACTERS; i++) {
        n_characters += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    }
    return n_characters >= MASK_MIN_CHARACTERS;
}

void
zc_secrets_add(struct zc_secrets *secrets, const char *bytes, size_t len)
{
    if (is_maskable(bytes, len)) {
        secrets->list[secrets->n++] = (struct zc_secret){bytes, len};
    }
}

/* 0 to 15, or what makes any sum too large for a byte. */
static unsigned int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? (unsigned int)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10
           : c >= 'A' && c <= 'F' ? (unsigned int)(c - 'A') + 10
                                  : 256;
}

/* How many bytes at the start of text[0..len) spell this byte, as it is or as URLs and forms do; 0 if they do not. */
static size_t
spelling_of(char byte, const char *text, size_t len)
{
    if (len >= 3 && text[0] == '%' && hex_digit(text[1]) * 16 + hex_digit(text[2]) == (unsigned char)byte) {
        return 3;
    }
    return len >= 1 && (text[0] == byte || (text[0] == '+' && byte == ' ')) ? 1 : 0;
}

/* A text, and how many of its bytes may still be compared. */
struct search {
    const char *text;
    size_t len;
    size_t left;
};

/* How many bytes quote the secret from `start` on; 0 if they do not. A secret that holds %25 itself may come as it is. */
static size_t
quote_of(struct search *search, size_t start, const struct zc_secret *secret)
{
    const char *text = search->text + start;
    size_t len = search->len - start;
    size_t i = 0;
    size_t at = 0;
    size_t more;
    while (i < secret->len && (more = spelling_of(secret->bytes[i], text + at, len - at)) > 0) {
        i++;
        at += more;
    }
    search->left -= i < search->left ? i : search->left;
    if (i == secret->len) {
        return at;
    }
    bool was_decoded = at != i;
    return was_decoded && secret->len <= len && memcmp(text, secret->bytes, secret->len) == 0 ? secret->len : 0;
}

/* Likewise of any secret; of several the longest. */
static size_t
quote_at(struct search *search, size_t start, const struct zc_secrets *secrets)
{
    size_t longest = 0;
    for (size_t i = 0; i < secrets->n; i++) {
        size_t quoted = quote_of(search, start, &secrets->list[i]);
        longest = quoted > longest ? quoted : longest;
    }
    return longest;
}

/* Is there a quote whose first byte is this one? On texts as short as an answer's far faster than memmem. */
static bool
is_quoted_from(struct search *search, char first, const struct zc_secret *secret)
{
    const char *end = search->text + search->len;
    const char *at = search->text;
    while ((size_t)(end - at) >= secret->len && (at = memchr(at, first, (size_t)(end - at) - secret->len + 1)) != NULL) {
        if (quote_of(search, (size_t)(at - search->text), secret) != 0 || search->left == 0) {
            return true;
        }
        at++;
    }
    return false;
}

static bool
is_quoted(struct search *search, const struct zc_secret *secret)
{
    char first = secret->bytes[0];
    return is_quoted_from(search, first, secret) || is_quoted_from(search, '%', secret) ||
           (first == ' ' && is_quoted_from(search, '+', secret));
}

bool
zc_secret_is_quoted(const char *text, size_t len, const struct zc_secrets *secrets)
{
    struct search search = {text, len, MAX_COMPARED(len)};
    for (size_t i = 0; i < secrets->n; i++) {
        if (is_quoted(&search, &secrets->list[i])) {
            return true;
        }
    }
    return false;
}

/* Where the quote ends that begins at `start` and is so long, with all that overlap it. */
static size_t
end_of_quotes(struct search *search, size_t start, size_t quoted, const struct zc_secrets *secrets)
{
    size_t end = start + quoted;
    for (size_t inside = start + 1; inside < end && search->left > 0; inside++) {
        size_t more = quote_at(search, inside, secrets);
        end = inside + more > end ? inside + more : end;
    }
    return search->left > 0 ? end : search->len;
}

zc_status
zc_secret_mask(struct zc_buffer *out, const char *text, size_t len, const struct zc_secrets *secrets)
{
    struct search search = {text, len, MAX_COMPARED(len)};
    size_t at = 0;
    size_t plain = 0; /* where the stretch that quotes nothing began */
    while (at < len) {
        size_t quoted = quote_at(&search, at, secrets);
        quoted = search.left == 0 ? len - at : quoted;
        if (quoted == 0) {
            at++;
            continue;
        }
        zc_status status = zc_buffer_append(out, text + plain, at - plain);
        if (status == ZC_OK) {
            status = zc_buffer_append(out, "***", ZC_MASK_LEN);
        }
        if (status != ZC_OK) {
            return status;
        }
        at = end_of_quotes(&search, at, quoted, secrets);
        plain = at;
    }
    return zc_buffer_append(out, text + plain, len - plain);
}
