/* Clears the vector registers that a caller may not count on anyway. x86-64; elsewhere it does nothing. */
#ifndef ZC_REGISTERS_H
#define ZC_REGISTERS_H

void
zc_registers_wipe(void);

#endif
