/* What stood in a vector register is gone. A machine without AVX-512 shows it for the first sixteen only. */
#include "check.h"

#include "core/registers.h"

#include <string.h>

#define MARKER "marker-in-a-vector-register-93ab" /* 32 bytes */

#if defined(__x86_64__)

static void
what_stood_in_a_register_is_gone(void)
{
    char left[33] = MARKER;
    static const char nothing[33];
    if (__builtin_cpu_supports("avx")) {
        __asm__ __volatile__("vmovdqu %0, %%ymm9" : : "m"(left) : "xmm9");
        zc_registers_wipe();
        __asm__ __volatile__("vmovdqu %%ymm9, %0" : "=m"(left));
        CHECK(memcmp(left, nothing, sizeof(left)) == 0);
    }
}

static void
what_stood_in_a_register_of_avx512_is_gone(void)
{
    char left[65] = MARKER MARKER;
    static const char nothing[65];
    if (__builtin_cpu_supports("avx512f")) {
        __asm__ __volatile__("vmovdqu64 %0, %%zmm31" : : "m"(left));
        zc_registers_wipe();
        __asm__ __volatile__("vmovdqu64 %%zmm31, %0" : "=m"(left));
        CHECK(memcmp(left, nothing, sizeof(left)) == 0);
    }
}

int
main(void)
{
    what_stood_in_a_register_is_gone();
    what_stood_in_a_register_of_avx512_is_gone();
    return check_done();
}

#else

int
main(void)
{
    zc_registers_wipe();
    return 0;
}

#endif
