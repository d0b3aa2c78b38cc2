/* What was seen -> what went wrong: one row for each way in which one CURLcode means different things. */
#include "check.h"

#include "core/status.h"

#include <curl/curl.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

struct row {
    const char *what;
    struct zc_evidence seen;
    zc_status status;
};

static const struct row rows[] = {
    {"all went well", {.code = CURLE_OK, .phase = ZC_PHASE_READ, .message = ""}, ZC_OK},

    {"no such host", {.code = CURLE_COULDNT_RESOLVE_HOST, .message = ""}, ZC_NO_HOST},
    {"no such proxy", {.code = CURLE_COULDNT_RESOLVE_PROXY, .message = ""}, ZC_NO_PROXY_HOST},
    {"port closed", {.code = CURLE_COULDNT_CONNECT, .phase = ZC_PHASE_CONNECT, .message = ""}, ZC_REFUSED},
    {"SOCKS proxy says no", {.code = CURLE_COULDNT_CONNECT, .phase = ZC_PHASE_PROXY, .message = ""}, ZC_PROXY},
    {"SOCKS handshake", {.code = CURLE_PROXY, .phase = ZC_PHASE_PROXY, .message = ""}, ZC_PROXY},
    {"proxy says 403 to CONNECT",
     {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_PROXY, .connect_code = 403, .message = ""},
     ZC_PROXY},
    {"proxy wants a login",
     {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_PROXY, .connect_code = 407, .message = ""},
     ZC_PROXY_AUTH},
    {"proxy dies in CONNECT", {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_PROXY, .message = ""}, ZC_PROXY},
    {"proxy's handshake breaks off",
     {.code = CURLE_SSL_CONNECT_ERROR, .phase = ZC_PHASE_PROXY, .os_errno = ECONNRESET, .message = ""},
     ZC_PROXY},
    {"reset behind a proxy that let it through",
     {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_TLS, .connect_code = 200, .message = ""},
     ZC_RESET},

    {"35, reset", {.code = CURLE_SSL_CONNECT_ERROR, .phase = ZC_PHASE_TLS, .os_errno = ECONNRESET, .message = ""}, ZC_RESET},
    {"35, broken pipe", {.code = CURLE_SSL_CONNECT_ERROR, .phase = ZC_PHASE_TLS, .os_errno = EPIPE, .message = ""}, ZC_RESET},
    {"35, orderly end",
     {.code = CURLE_SSL_CONNECT_ERROR, .phase = ZC_PHASE_TLS, .message = "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection"},
     ZC_RESET},
    {"35, unexpected end",
     {.code = CURLE_SSL_CONNECT_ERROR,
      .phase = ZC_PHASE_TLS,
      .message = "error:0A000126:SSL routines::unexpected eof while reading"},
     ZC_RESET},
    {"35, protocol version",
     {.code = CURLE_SSL_CONNECT_ERROR,
      .phase = ZC_PHASE_TLS,
      .message = "error:0A00042E:SSL routines::tlsv1 alert protocol version"},
     ZC_TLS},
    {"35, not TLS at all", {.code = CURLE_SSL_CONNECT_ERROR, .phase = ZC_PHASE_TLS, .message = "wrong version number"}, ZC_TLS},

    {"60, issuer missing",
     {.code = CURLE_PEER_FAILED_VERIFICATION, .phase = ZC_PHASE_TLS, .verify_result = 20, .message = ""},
     ZC_TLS_ISSUER},
    {"60, self-signed",
     {.code = CURLE_PEER_FAILED_VERIFICATION, .phase = ZC_PHASE_TLS, .verify_result = 18, .message = ""},
     ZC_TLS_ISSUER},
    {"60, self-signed in the chain",
     {.code = CURLE_PEER_FAILED_VERIFICATION, .phase = ZC_PHASE_TLS, .verify_result = 19, .message = ""},
     ZC_TLS_ISSUER},
    {"60, expired",
     {.code = CURLE_PEER_FAILED_VERIFICATION, .phase = ZC_PHASE_TLS, .verify_result = 10, .message = ""},
     ZC_TLS_CERTIFICATE},
    {"60, another host's", {.code = CURLE_PEER_FAILED_VERIFICATION, .phase = ZC_PHASE_TLS, .message = ""}, ZC_TLS_CERTIFICATE},
    {"77", {.code = CURLE_SSL_CACERT_BADFILE, .phase = ZC_PHASE_TLS, .message = ""}, ZC_TLS_ISSUER},
    {"58", {.code = CURLE_SSL_CERTPROBLEM, .phase = ZC_PHASE_TLS, .message = ""}, ZC_TLS_CLIENT},
    {"43 of a client key",
     {.code = CURLE_BAD_FUNCTION_ARGUMENT, .phase = ZC_PHASE_TLS, .message = "unable to set private key file: 'k' type PEM"},
     ZC_TLS_CLIENT},
    {"43", {.code = CURLE_BAD_FUNCTION_ARGUMENT, .phase = ZC_PHASE_TLS, .message = ""}, ZC_INTERNAL},

    {"time is up", {.code = CURLE_OPERATION_TIMEDOUT, .phase = ZC_PHASE_CONNECT, .message = ""}, ZC_TIMEOUT},
    {"time is up while reading", {.code = CURLE_OPERATION_TIMEDOUT, .phase = ZC_PHASE_READ, .message = ""}, ZC_TIMEOUT},

    {"56, before the first byte", {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_WAIT, .message = ""}, ZC_RESET},
    {"56, in the answer", {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_READ, .message = ""}, ZC_CUT_SHORT},
    {"56, a bad chunk",
     {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_READ, .message = "Illegal or missing hexadecimal sequence in chunked-encoding"},
     ZC_FRAMING},
    {"56, libcurl's cap on headers",
     {.code = CURLE_RECV_ERROR, .phase = ZC_PHASE_READ, .message = "Too large response headers: 307232 > 307200"},
     ZC_HEADERS_TOO_LARGE},
    {"52, empty answer", {.code = CURLE_GOT_NOTHING, .phase = ZC_PHASE_WAIT, .message = ""}, ZC_RESET},
    {"55, while sending", {.code = CURLE_SEND_ERROR, .phase = ZC_PHASE_SEND, .message = ""}, ZC_RESET},
    {"18", {.code = CURLE_PARTIAL_FILE, .phase = ZC_PHASE_READ, .message = ""}, ZC_CUT_SHORT},
    {"1, not HTTP", {.code = CURLE_UNSUPPORTED_PROTOCOL, .phase = ZC_PHASE_READ, .message = ""}, ZC_NOT_HTTP},
    {"8, a bad header", {.code = CURLE_WEIRD_SERVER_REPLY, .phase = ZC_PHASE_READ, .message = ""}, ZC_FRAMING},
    {"43, a line without a colon", {.code = CURLE_BAD_FUNCTION_ARGUMENT, .phase = ZC_PHASE_READ, .message = ""}, ZC_FRAMING},
    {"61", {.code = CURLE_BAD_CONTENT_ENCODING, .phase = ZC_PHASE_READ, .message = ""}, ZC_ENCODED},

    {"63, length announced", {.code = CURLE_FILESIZE_EXCEEDED, .phase = ZC_PHASE_READ, .message = ""}, ZC_BODY_TOO_LARGE},
    {"23, our cap on the body",
     {.code = CURLE_WRITE_ERROR, .phase = ZC_PHASE_READ, .body_full = true, .message = ""},
     ZC_BODY_TOO_LARGE},
    {"23, our cap on the headers",
     {.code = CURLE_WRITE_ERROR, .phase = ZC_PHASE_READ, .headers_full = true, .message = ""},
     ZC_HEADERS_TOO_LARGE},
    {"23, no memory for the body",
     {.code = CURLE_WRITE_ERROR, .phase = ZC_PHASE_READ, .allocation_failed = true, .message = ""},
     ZC_NO_MEMORY},
    {"27, one overlong header", {.code = CURLE_OUT_OF_MEMORY, .phase = ZC_PHASE_READ, .message = ""}, ZC_HEADERS_TOO_LARGE},
    {"27, no memory",
     {.code = CURLE_OUT_OF_MEMORY, .phase = ZC_PHASE_READ, .allocation_failed = true, .message = ""},
     ZC_NO_MEMORY},
    {"6, no memory for the lookup", {.code = CURLE_COULDNT_RESOLVE_HOST, .allocation_failed = true, .message = ""}, ZC_NO_MEMORY},
    {"35, no memory for the handshake",
     {.code = CURLE_SSL_CONNECT_ERROR, .phase = ZC_PHASE_TLS, .allocation_failed = true, .message = ""},
     ZC_NO_MEMORY},
    {"27, before sending", {.code = CURLE_OUT_OF_MEMORY, .phase = ZC_PHASE_TLS, .message = ""}, ZC_NO_MEMORY},
    {"100, overlong headers since 8.6", {.code = 100, .phase = ZC_PHASE_READ, .message = ""}, ZC_HEADERS_TOO_LARGE},

    {"libcurl breaks down", {.code = CURLE_FAILED_INIT, .message = ""}, ZC_INTERNAL},
};

static void
evidence_decides_the_status(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(zc_status_judge(&rows[i].seen) == rows[i].status, rows[i].what);
    }
}

/* What no code of libcurl's may be taken for: a success, or a login that is still under way. */
static void
every_code_is_a_failure_in_every_phase(void)
{
    for (int code = CURLE_OK + 1; code < 200; code++) {
        for (zc_phase phase = ZC_PHASE_RESOLVE; phase <= ZC_PHASE_READ; phase++) {
            const struct zc_evidence seen = {.code = code, .phase = phase, .message = ""};
            zc_status status = zc_status_judge(&seen);
            CHECK(status >= ZC_NO_MEMORY && status < ZC_N_STATUSES && status != ZC_INPUT);
        }
    }
}

static void
every_failure_has_words(void)
{
    for (zc_status status = ZC_INTERNAL; status < ZC_N_STATUSES; status++) {
        const char *text = zc_status_text(status);
        const char *hint = zc_status_hint(status);
        CHECK(text != NULL && text[0] != '\0' && hint != NULL && hint[0] != '\0');
        for (zc_status other = ZC_INTERNAL; other < status; other++) {
            CHECK_ROW(strcmp(text, zc_status_text(other)) != 0, text);
        }
    }
}

static void
phases_have_the_names_of_the_contract(void)
{
    static const char *const names[] = {"resolve", "connect", "proxy", "tls", "send", "wait", "read"};
    for (zc_phase phase = ZC_PHASE_RESOLVE; phase <= ZC_PHASE_READ; phase++) {
        CHECK_ROW(strcmp(zc_phase_name(phase), names[phase]) == 0, names[phase]);
    }
}

int
main(void)
{
    evidence_decides_the_status();
    every_code_is_a_failure_in_every_phase();
    every_failure_has_words();
    phases_have_the_names_of_the_contract();
    return check_done();
}
