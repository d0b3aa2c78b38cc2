/* A PEM block that holds one small DER SEQUENCE: all that is looked at before libcurl reads a file. */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#define PEM_BLOCK(name) "-----BEGIN " name "-----\nMAgCBgABAgMEBQ==\n-----END " name "-----\n"

#endif
