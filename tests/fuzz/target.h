/* What every fuzz target includes. PROMISE ends the process where something is not so, which libFuzzer takes for a finding. Built
 * without libFuzzer, a target runs the files that it is given: so the corpus is played back by any compiler. */
#ifndef TARGET_H
#define TARGET_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(condition) promise((condition), #condition, __FILE__, __LINE__)

static inline void
promise(int holds, const char *what, const char *file, int line)
{
    if (!holds) {
        (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
        abort();
    }
}

/* returns new: exactly `size` bytes, so that the sanitizer sees a read past the end */
static inline char *
copy_of(const void *bytes, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    PROMISE(copy != NULL);
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    return copy;
}

#ifndef WITH_LIBFUZZER
static inline void
play_back(const char *path)
{
    char bytes[65536];
    FILE *file = fopen(path, "rb");
    PROMISE(file != NULL);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    PROMISE(ferror(file) == 0 && fclose(file) == 0);
    char *exact = copy_of(bytes, size);
    (void)LLVMFuzzerTestOneInput((const uint8_t *)exact, size);
    free(exact);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        play_back(argv[i]);
    }
    (void)printf("%d inputs\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
#endif

#endif
