/* PEM (RFC 7468): a BEGIN line, base64, an END line. What the base64 holds must be one DER SEQUENCE of the length that it says. */
#include "core/pem.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char *
end_of_line(const char *at)
{
    return at + strcspn(at, "\r\n");
}

static int
base64_value(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c == '\0' ? NULL : strchr(alphabet, c);
    return found == NULL ? -1 : (int)(found - alphabet);
}

/* How many bytes text[0..len) decodes to, and the first eight of them; 0 if it is no base64. */
static size_t
decode(const char *text, size_t len, unsigned char first[8])
{
    uint32_t bits = 0;
    size_t n_digits = 0;
    size_t n_bytes = 0;
    for (size_t i = 0; i < len; i++) {
        if (strchr(" \t\r\n=", text[i]) != NULL) {
            continue;
        }
        int value = base64_value(text[i]);
        if (value < 0) {
            return 0;
        }
        bits = bits << 6 | (uint32_t)value;
        if (n_digits++ % 4 == 0) {
            continue;
        }
        if (n_bytes < 8) {
            first[n_bytes] = (unsigned char)(bits >> (2 * (3 - (n_digits - 1) % 4)) & 0xFF);
        }
        n_bytes++;
    }
    return n_bytes;
}

/* One SEQUENCE of at least this length; what a TRUSTED CERTIFICATE has behind it is OpenSSL's own. */
static bool
is_sequence(const unsigned char der[8], size_t len)
{
    if (len < 8 || der[0] != 0x30) {
        return false;
    }
    size_t content = der[1];
    size_t head = 2;
    if (content >= 0x80) {
        size_t n = content & 0x7F;
        if (n == 0 || n > 4) {
            return false;
        }
        content = 0;
        for (size_t i = 0; i < n; i++) {
            content = content << 8 | der[2 + i];
        }
        head += n;
    }
    return head + content <= len;
}

/* `at` is behind "-----BEGIN "; the END line must have the same name. */
static bool
is_block(const char *at, const char *label)
{
    size_t name_len = strcspn(at, "-\r\n");
    size_t label_len = strlen(label);
    if (name_len < label_len || strncmp(at + name_len - label_len, label, label_len) != 0 ||
        strncmp(at + name_len, "-----", 5) != 0) {
        return false;
    }
    const char *content = end_of_line(at);
    const char *end = strstr(content, "-----END ");
    if (end == NULL || strncmp(end + 9, at, name_len + 5) != 0) {
        return false;
    }
    content += strspn(content, " \t\r\n");
    if (strncmp(content, "Proc-Type:", 10) == 0) { /* an older encrypted key, which is no DER */
        return true;
    }
    unsigned char first[8] = {0};
    size_t len = decode(content, (size_t)(end - content), first);
    return is_sequence(first, len);
}

bool
zc_pem_holds(const char *text, const char *label)
{
    for (const char *at = text; (at = strstr(at, "-----BEGIN ")) != NULL;) {
        bool begins_line = at == text || at[-1] == '\n' || at[-1] == '\r';
        at += strlen("-----BEGIN ");
        if (begins_line && is_block(at, label)) {
            return true;
        }
    }
    return false;
}
