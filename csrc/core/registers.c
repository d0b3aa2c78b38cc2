/* After a login the vector registers hold the last bytes that were moved and encrypted, OpenSSL 3.0's AES with AVX-512 leaves much of the
 * request there: glibc stores them all on the stack when it binds the next function. */
#include "core/registers.h"

#if defined(__x86_64__)
void
zc_registers_wipe(void)
{
    if (__builtin_cpu_supports("avx")) {
        __asm__ __volatile__("vzeroall" ::
                                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                                   "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    }
    if (__builtin_cpu_supports("avx512f")) {
        __asm__ __volatile__(".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t"
                             "vpxord %%zmm\\n, %%zmm\\n, %%zmm\\n\n\t"
                             ".endr" ::);
    }
}
#else
void
zc_registers_wipe(void)
{
}
#endif
