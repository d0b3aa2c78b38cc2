/* Is there a PEM block of a kind in a text, whole and with DER in it? Pure; no library of TLS is asked. */
#ifndef ZC_PEM_H
#define ZC_PEM_H

#include <stdbool.h>

/* A block whose name ends in `label`: "CERTIFICATE" finds "TRUSTED CERTIFICATE" as well, "PRIVATE KEY" finds "RSA PRIVATE KEY". */
bool
zc_pem_holds(const char *text, const char *label);

#endif
