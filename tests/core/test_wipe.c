/* No freed block holds what stood in it. */
#include "check.h"
#include "failing.h"
#include "freed.h"

#include "core/buffer.h"
#include "core/wipe.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MARKER "marker-7f3a"

static void
the_watch_sees_a_block_that_is_not_wiped(void)
{
    watch_frees(MARKER);
    volatile char *block = malloc(64);
    for (size_t i = 0; block != NULL && i < sizeof(MARKER); i++) {
        block[i] = MARKER[i];
    }
    free((void *)block);
    watched = NULL;
    CHECK(n_leaked == 1);
}

static void
a_freed_block_was_wiped(void)
{
    char *copy = zc_wiping_strdup("a " MARKER " b");
    CHECK(copy != NULL && strcmp(copy, "a " MARKER " b") == 0);
    watch_frees(MARKER);
    zc_wiping_free(copy);
    zc_wiping_free(NULL);
    watched = NULL;
    CHECK(n_freed == 1 && n_leaked == 0);
}

static void
a_block_that_moves_leaves_nothing_behind(void)
{
    watch_frees(MARKER);
    char *block = zc_wiping_realloc(NULL, sizeof(MARKER));
    if (CHECK(block != NULL)) {
        memcpy(block, MARKER, sizeof(MARKER));
    }
    block = zc_wiping_realloc(block, 100000);
    CHECK(block != NULL && strcmp(block, MARKER) == 0);
    block = zc_wiping_realloc(block, 6);
    CHECK(block != NULL && memcmp(block, MARKER, 6) == 0);
    zc_wiping_free(block);
    watched = NULL;
    CHECK(n_freed == 3 && n_leaked == 0);
}

static void
a_buffer_leaves_nothing_behind(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, 100000);
    watch_frees(MARKER);
    for (int i = 0; i < 1000; i++) {
        CHECK(zc_buffer_append(&b, MARKER, sizeof(MARKER) - 1) == ZC_OK);
    }
    zc_buffer_clear(&b);
    watched = NULL;
    CHECK(n_freed > 1 && n_leaked == 0);
}

static void
blocks_are_aligned_and_calloc_clears(void)
{
    for (size_t size = 0; size < 100; size++) {
        char *block = zc_wiping_calloc(size, 3);
        if (CHECK(block != NULL)) {
            CHECK((uintptr_t)block % _Alignof(max_align_t) == 0);
            for (size_t i = 0; i < size * 3; i++) {
                CHECK(block[i] == 0);
            }
        }
        zc_wiping_free(block);
    }
}

static void
sizes_that_cannot_be_are_refused_and_counted(void)
{
    unsigned long n_before = zc_wiping_failures();
    CHECK(zc_wiping_malloc(SIZE_MAX) == NULL);
    CHECK(zc_wiping_malloc(SIZE_MAX - 8) == NULL);
    CHECK(zc_wiping_calloc(SIZE_MAX / 2, 3) == NULL);
    char *block = zc_wiping_strdup("stays");
    CHECK(zc_wiping_realloc(block, SIZE_MAX) == NULL);
    CHECK(block != NULL && strcmp(block, "stays") == 0);
    zc_wiping_free(block);
    CHECK(zc_wiping_failures() == n_before + 4);
}

static void
blocks_and_failures_are_counted(void)
{
    unsigned long n_blocks = zc_wiping_count();
    unsigned long n_failures = zc_wiping_failures();
    fail_allocation(1);
    CHECK(zc_wiping_strdup("x") == NULL);
    zc_wiping_free(zc_wiping_strdup("x"));
    CHECK(zc_wiping_count() == n_blocks + 1);
    CHECK(zc_wiping_failures() == n_failures + 1);
}

int
main(void)
{
    the_watch_sees_a_block_that_is_not_wiped();
    a_freed_block_was_wiped();
    a_block_that_moves_leaves_nothing_behind();
    a_buffer_leaves_nothing_behind();
    blocks_are_aligned_and_calloc_clears();
    sizes_that_cannot_be_are_refused_and_counted();
    blocks_and_failures_are_counted();
    return check_done();
}
