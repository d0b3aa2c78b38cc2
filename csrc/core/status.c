/* One function from what was seen to what went wrong, and the texts that say so. */
#include "core/status.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#define TOO_LARGE 100 /* CURLE_TOO_LARGE, which libcurl's headers have since 8.6 */

/* X509_V_ERR_* of OpenSSL's x509_vfy.h (fixed numbers): the chain does not end in a certificate that the store holds. */
static bool
is_unknown_issuer(long verify_result)
{
    switch (verify_result) {
    case 2:  /* UNABLE_TO_GET_ISSUER_CERT */
    case 18: /* DEPTH_ZERO_SELF_SIGNED_CERT */
    case 19: /* SELF_SIGNED_CERT_IN_CHAIN */
    case 20: /* UNABLE_TO_GET_ISSUER_CERT_LOCALLY */
    case 21: /* UNABLE_TO_VERIFY_LEAF_SIGNATURE */
        return true;
    default:
        return false;
    }
}

/* CURLE_SSL_CONNECT_ERROR is a TLS fault or a connection that ended in the handshake. libcurl (7.87 to 8.x) says which only by
 * the system's error number and, for an orderly end, by OpenSSL's words. */
static bool
ended_in_handshake(const struct zc_evidence *seen)
{
    static const char *const ends[] = {"unexpected eof", "SSL_ERROR_SYSCALL", "SSL_ERROR_ZERO_RETURN", "reset by peer"};
    switch (seen->os_errno) {
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case ETIMEDOUT:
        return true;
    default:
        break;
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (strstr(seen->message, ends[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static zc_status
judge_before_sending(const struct zc_evidence *seen)
{
    zc_status broken_off = seen->phase == ZC_PHASE_PROXY ? ZC_PROXY : ZC_RESET;
    if (seen->connect_code == 407) {
        return ZC_PROXY_AUTH;
    }
    if (seen->connect_code != 0 && seen->connect_code / 100 != 2) {
        return ZC_PROXY;
    }
    switch (seen->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return ZC_NO_HOST;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return ZC_NO_PROXY_HOST;
    case CURLE_COULDNT_CONNECT:
        return seen->behind_proxy || seen->phase == ZC_PHASE_PROXY ? ZC_PROXY : ZC_REFUSED;
    case CURLE_PROXY:
        return ZC_PROXY;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
        return broken_off;
    case CURLE_SSL_CONNECT_ERROR:
        return ended_in_handshake(seen) ? broken_off : ZC_TLS;
    case CURLE_PEER_FAILED_VERIFICATION:
        return is_unknown_issuer(seen->verify_result) ? ZC_TLS_ISSUER : ZC_TLS_CERTIFICATE;
    case CURLE_SSL_CACERT_BADFILE:
        return ZC_TLS_ISSUER;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
        return ZC_TLS_CLIENT;
    case CURLE_BAD_FUNCTION_ARGUMENT: /* what libcurl 8.22 makes of a client key that it cannot open */
        return strstr(seen->message, "private key") != NULL ? ZC_TLS_CLIENT : ZC_INTERNAL;
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return ZC_TLS;
    case CURLE_OUT_OF_MEMORY:
        return ZC_NO_MEMORY;
    default:
        return ZC_INTERNAL;
    }
}

/* The request is out: an answer that stops is cut short, and a connection without the first byte of one is a reset. */
static zc_status
judge_after_sending(const struct zc_evidence *seen)
{
    switch (seen->code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
        return ZC_NOT_HTTP;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_FUNCTION_ARGUMENT: /* a header line without a colon, in libcurl's own store of headers */
        return ZC_FRAMING;
    case CURLE_BAD_CONTENT_ENCODING:
        return ZC_ENCODED;
    case CURLE_FILESIZE_EXCEEDED:
        return ZC_BODY_TOO_LARGE;
    case TOO_LARGE:
        return ZC_HEADERS_TOO_LARGE;
    case CURLE_OUT_OF_MEMORY: /* with memory left: what libcurl before 8.6 makes of one overlong header line */
        return ZC_HEADERS_TOO_LARGE;
    case CURLE_PARTIAL_FILE:
        return ZC_CUT_SHORT;
    case CURLE_WRITE_ERROR: /* a callback of ours said no, and not for a cap */
        return ZC_NO_MEMORY;
    case CURLE_RECV_ERROR:
        if (strstr(seen->message, "chunk") != NULL) {
            return ZC_FRAMING;
        }
        if (strstr(seen->message, "oo large") != NULL) { /* libcurl's own cap on the headers of one answer */
            return ZC_HEADERS_TOO_LARGE;
        }
        break;
    default:
        break;
    }
    return seen->phase == ZC_PHASE_READ ? ZC_CUT_SHORT : ZC_RESET;
}

zc_status
zc_status_judge(const struct zc_evidence *seen)
{
    if (seen->code == CURLE_OK) {
        return ZC_OK;
    }
    if (seen->body_full) {
        return ZC_BODY_TOO_LARGE;
    }
    if (seen->headers_full) {
        return ZC_HEADERS_TOO_LARGE;
    }
    if (seen->code == CURLE_OPERATION_TIMEDOUT) {
        return ZC_TIMEOUT;
    }
    if (seen->allocation_failed) { /* libcurl has many codes for it: host not found, TLS fault, failed writing */
        return ZC_NO_MEMORY;
    }
    return seen->phase < ZC_PHASE_SEND ? judge_before_sending(seen) : judge_after_sending(seen);
}

static const struct {
    const char *text;
    const char *hint;
} words[ZC_N_STATUSES] = {
    [ZC_INTERNAL] = {"libcurl could not be used", "See zuora_connect.build_info() for the libcurl in use."},
    [ZC_FORKED] = {"the process was forked in the middle of the login", "Log in again in the child."},
    [ZC_NO_HOST] = {"the host name could not be resolved", "Check the spelling of the host and this machine's name service."},
    [ZC_NO_PROXY_HOST] = {"the proxy's host name could not be resolved", "Check the proxy argument or the proxy variables."},
    [ZC_REFUSED] = {"no connection could be made", "Check host, port, firewall and whether a proxy is needed."},
    [ZC_RESET] = {"the connection ended before an answer came", "If it goes on, look for a firewall or proxy between."},
    [ZC_PROXY] = {"the proxy gave no way through", "Check the proxy's address and that it may reach this host."},
    [ZC_PROXY_AUTH] = {"the proxy wants a login of its own (407)", "Put user and password into the proxy's URL."},
    [ZC_TLS] = {"the TLS handshake failed", "The server must speak TLS 1.2 or newer on this port."},
    [ZC_TLS_ISSUER] = {"the certificate's issuer is in no CA store found here",
                       "Name the CA with ca_file or ca_dir, or in SSL_CERT_FILE or SSL_CERT_DIR."},
    [ZC_TLS_CERTIFICATE] = {"the certificate is not valid for this host now", "Check the host's name and this machine's clock."},
    [ZC_TLS_CLIENT] = {"the client certificate could not be used", "Check client_cert, client_key and client_key_password."},
    [ZC_TLS_NO_STORE] = {"no CA store was found on this machine",
                         "Install ca-certificates or certifi, or name a store with ca_file, ca_dir or SSL_CERT_FILE."},
    [ZC_TIMEOUT] = {"no answer in time", "Give more time by timeout or connect_timeout."},
    [ZC_NOT_HTTP] = {"what came back is not HTTP", "Check host and port: something else listens there."},
    [ZC_CUT_SHORT] = {"the answer was cut short", "It is not known whether Zuora logged the user in: log in again."},
    [ZC_FRAMING] = {"the answer is badly framed", "Look for a proxy that rewrites answers."},
    [ZC_BODY_TOO_LARGE] = {"the answer's body is larger than 1 MiB", "This is no login answer: check the base URL."},
    [ZC_HEADERS_TOO_LARGE] = {"the answer's headers are too large", "This is no login answer: check the base URL."},
    [ZC_ENCODED] = {"the answer has a Content-Encoding, though none was asked for", "Look for a proxy that rewrites answers."},
    [ZC_REDIRECT] = {"the answer is a redirect, which is never followed with credentials",
                     "Check the base URL; if the new host is right, name it as base_url."},
    [ZC_SWITCHED] = {"the server switched protocols (101)", "Check the base URL: something else listens there."},
    [ZC_NO_FORM] = {"the answer is not Zuora's", "Check the base URL, and look for a proxy or login page between."},
    [ZC_NO_COOKIE] = {"success, but no session cookie came with it", "Log in again; if it stays, tell Zuora's support."},
    [ZC_BAD_COOKIE] = {"the session cookie holds bytes that cannot be sent back", "Look for a proxy that rewrites answers."},
};

const char *
zc_status_text(zc_status status)
{
    return words[status].text;
}

const char *
zc_status_hint(zc_status status)
{
    return words[status].hint;
}

const char *
zc_phase_name(zc_phase phase)
{
    static const char *const names[] = {"resolve", "connect", "proxy", "tls", "send", "wait", "read"};
    return names[phase];
}
