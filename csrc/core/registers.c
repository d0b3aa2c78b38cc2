/* After a login the vector registers hold the last bytes that were moved and encrypted, OpenSSL 3.0's AES with AVX-512 leaves much of the
 * request there: glibc stores them all on the stack when it binds the next function. */
#include "core/registers.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdbool.h>

/* What both the processor and the system support; asked once, since a virtual machine takes long to answer. Not by __builtin_cpu_supports():
 * it would link the whole run-time library of the wheel's compiler (zig 0.17), whose memset and memcpy go byte by byte. */
static bool has_avx;
static bool has_avx512;

__attribute__((constructor)) static void
ask_processor(void)
{
    unsigned int eax, ebx, ecx, edx, xcr0, high;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & bit_OSXSAVE) == 0) {
        return;
    }
    has_avx = (ecx & bit_AVX) != 0;
    __asm__ __volatile__("xgetbv" : "=a"(xcr0), "=d"(high) : "c"(0));
    has_avx = has_avx && (xcr0 & 0x06) == 0x06;
    if (has_avx && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0) {
        has_avx512 = (ebx & bit_AVX512F) != 0 && (xcr0 & 0xe6) == 0xe6;
    }
}

void
zc_registers_wipe(void)
{
    if (has_avx) {
        __asm__ __volatile__("vzeroall" ::
                                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                                   "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    }
    if (has_avx512) {
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
