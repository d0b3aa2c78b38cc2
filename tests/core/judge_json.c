/* Judges JSON texts for the differential test. On stdin: a length (4 bytes, little end first) and a text, again and again; on
 * stdout for each: the problem (1 byte), whether it has Zuora's form (1 byte), and the text as the judge left it. */
#include "core/json_strict.h"
#include "core/verdict.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
read_len(size_t *len)
{
    unsigned char b[4];
    if (fread(b, 1, sizeof(b), stdin) != sizeof(b)) {
        return false;
    }
    *len = b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
    return true;
}

/* `text` and `copy` are exactly as long as what was sent: the sanitizer sees a read past the end. */
static bool
judge(char *text, char *copy, size_t len)
{
    struct zc_verdict verdict;
    if (fread(text, 1, len, stdin) != len) {
        return false;
    }
    memcpy(copy, text, len);
    if (zc_verdict_read(&verdict, copy, len) != ZC_OK) {
        return false;
    }
    unsigned char answer[2] = {(unsigned char)zc_json_strict(text, len), verdict.in_form};
    zc_verdict_clear(&verdict);
    return fwrite(answer, 1, sizeof(answer), stdout) == sizeof(answer) && fwrite(text, 1, len, stdout) == len;
}

int
main(void)
{
    size_t len;
    bool ok = true;
    while (ok && read_len(&len)) {
        char *text = malloc(len > 0 ? len : 1);
        char *copy = malloc(len > 0 ? len : 1);
        ok = text != NULL && copy != NULL && judge(text, copy, len);
        free(text);
        free(copy);
    }
    return ok && feof(stdin) ? 0 : 1;
}
