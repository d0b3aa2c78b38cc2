/* PEM blocks: whole, of the kind that is wanted, with DER of the right length in them. */
#include "certificate.h"
#include "check.h"
#include "core/pem.h"

#include <string.h>

static const char *const good[] = {
    PEM_BLOCK("CERTIFICATE"),
    PEM_BLOCK("TRUSTED CERTIFICATE"),
    PEM_BLOCK("X509 CERTIFICATE"),
    "text\n\n" PEM_BLOCK("CERTIFICATE"),
    "-----BEGIN CERTIFICATE-----\r\nMAgC\r\nBgAB\r\nAgME\r\nBQ==\r\n-----END CERTIFICATE-----\r\n",
    "-----BEGIN CERTIFICATE-----\nMIEIAgYAAQIDBAU=\n-----END CERTIFICATE-----", /* a length in two bytes */
    "-----BEGIN CERTIFICATE-----\nMIIACAIGAAECAwQF\n-----END CERTIFICATE-----", /* in three */
    PEM_BLOCK("PRIVATE KEY") PEM_BLOCK("CERTIFICATE"),
};

static const char *const bad[] = {
    "",
    "CERTIFICATE",
    PEM_BLOCK("CERTIFICATE REQUEST"),
    PEM_BLOCK("PRIVATE KEY"),
    " " PEM_BLOCK("CERTIFICATE"), /* not at the start of a line */
    "-----BEGIN CERTIFICATE-----\nMAgCBgABAgMEBQ==\n",
    "-----BEGIN CERTIFICATE-----\nMAgCBgABAgMEBQ==\n-----END PRIVATE KEY-----\n",
    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE----\nMAgCBgABAgMEBQ==\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nMAgCBgABAgME\n-----END CERTIFICATE-----\n",     /* cut short */
    "-----BEGIN CERTIFICATE-----\nMQgCBgABAgMEBQ==\n-----END CERTIFICATE-----\n", /* a SET */
    "-----BEGIN CERTIFICATE-----\nMIUIAgYAAQIDBAU=\n-----END CERTIFICATE-----\n", /* a length in five bytes */
    "-----BEGIN CERTIFICATE-----\nMAgC!gABAgMEBQ==\n-----END CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\nMAgCBgABAgMEBQ==\n-----BEGIN CERTIFICATE-----\n",
};

int
main(void)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CHECK_ROW(zc_pem_holds(good[i], "CERTIFICATE"), good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_ROW(!zc_pem_holds(bad[i], "CERTIFICATE"), bad[i]);
    }
    CHECK(zc_pem_holds(PEM_BLOCK("RSA PRIVATE KEY"), "PRIVATE KEY"));
    CHECK(zc_pem_holds(
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n!!\n-----END RSA PRIVATE KEY-----\n",
        "PRIVATE KEY"));
    return check_done();
}
