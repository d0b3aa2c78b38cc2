/* What help(zuora_connect.connect) and inspect.signature() show. */
#include "python/module.h"

#define SIGNATURE                                                                                                               \
    "(username=None, password=None, *, environment=None, base_url=None, profile=None, entity_id=None, entity_name=None, "       \
    "entity_ids=None, track_id=None, authorization=None, idempotency_key=None, timeout=30.0, connect_timeout=10.0, retries=2, " \
    "check=False, ca_file=None, ca_dir=None, client_cert=None, client_key=None, client_key_password=None, proxy=None)\n--\n\n"

const char zc_connect_doc[] =
    "connect" SIGNATURE
    "Log in to Zuora's REST API (`POST /v1/connections`) and return its answer, a dictionary that holds the session.\n"
    "\n"
    "Text is str, a file also os.PathLike; seconds are int or float, `retries` is an int, `check` a bool.\n"
    "\n"
    "Who and where:\n"
    "  username, password: of an API user; default: the variables ZUORA_USERNAME and ZUORA_PASSWORD, then the profile,\n"
    "    then the operating system's keyring (extra `[keyring]`).\n"
    "  environment: a key of `ENVIRONMENTS` (\"us-2\", \"eu-sandbox\") or the official SDK's name (\"PROD\"), in any case.\n"
    "  base_url: instead of `environment`, an https URL with or without /v1; http only to this machine itself.\n"
    "    Default of the two: the variable ZUORA_BASE_URL, then ZUORA_ENVIRONMENT, then the profile, then\n"
    "    https://rest.zuora.com.\n"
    "  profile: a table of ~/.config/zuora_connect/config.toml; default: the variable ZUORA_PROFILE, or, if user name or\n"
    "    password are still open, the table `default`. It gives what nothing above it gave, and nothing at all where\n"
    "    another place than its own was named.\n"
    "  entity_id, entity_name, entity_ids: at most one, for a tenant with several entities. `entity_ids` is one id with\n"
    "    its hyphens, `entity_id` the same without them (the older header).\n"
    "\n"
    "What is sent with it:\n"
    "  track_id: comes back in the answer as `trackId`; Zuora takes at most 64 ASCII characters, none of `:;\"'`.\n"
    "  authorization: a whole `Authorization` header, \"Bearer <token>\".\n"
    "  idempotency_key: at most 255 characters. Zuora repeats the first answer to a key for 24 hours, an old session too.\n"
    "\n"
    "How long, how often:\n"
    "  timeout: seconds for the whole call with its retries and waits, at most 86400; default 30.\n"
    "  connect_timeout: seconds for one try's name lookup, TCP, proxy and TLS; default 10.\n"
    "  retries: tries after the first, 0 to 10; default 2. Tried again are a connection that failed before anything was\n"
    "    sent, HTTP 429, 500, 502, 503, 504 and Zuora's own \"try later\", if the wait fits in `timeout`. A wrong password\n"
    "    is sent once.\n"
    "  check: True raises refusals, as `Connection.check()` does; default False.\n"
    "\n"
    "By which way:\n"
    "  ca_file, ca_dir: CA certificates (PEM file, hashed directory) that replace the system's. Default: the stores that\n"
    "    SSL_CERT_DIR and SSL_CERT_FILE name, then the system's, each in turn until one knows the server.\n"
    "  client_cert, client_key, client_key_password: a certificate of the client's own (PEM); the key may be in its file.\n"
    "  proxy: an http://, https:// or socks5h:// URL; \"\" for none; default: the environment's (HTTPS_PROXY, NO_PROXY).\n"
    "\n"
    "Returns a `Connection`, whether Zuora let the user in or not: look at its `success`, or call its `check()`. Its `source`\n"
    "says where each value came from.\n"
    "\n"
    "Raises, before anything is sent, ValueError or TypeError naming the argument; `errors.NoAnswer` if nothing usable\n"
    "came back (`ConnectError`, `TLSError`, `Timeout`, `BadAnswer`); `errors.Refused` if an answer says no by its HTTP\n"
    "status but is not in Zuora's form, or, with `check=True`, for every refusal.\n"
    "\n"
    "Zuora allows 100 logins a minute per IP address, failed ones included, and ends a session after the tenant's\n"
    "time-out (15 minutes by default) without a call: keep one for many calls. The user must be for the API only, and\n"
    "never log in to Zuora's pages. Sources: \"Create a connection\" and \"Rate limits\" of https://developer.zuora.com.\n";

const char zc_login_doc[] =
    "login" SIGNATURE
    "Log in as connect() does, for somebody at a terminal or a notebook: ask for what is missing, and say on standard error\n"
    "where each value came from, never the value. A password is not shown while it is typed.\n"
    "\n"
    "Takes, returns and raises what connect() does; ValueError, too, where something is missing and there is nobody to ask.\n"
    "`timeout` begins after the last question.\n";

const char zc_connect_apart_doc[] = "connect_apart" SIGNATURE "connect() that does not look at ZUORA_PROFILE.";

const char zc_ask_doc[] = "ask" SIGNATURE "login() without a word about sources.";

const char zc_login_and_save_doc[] =
    "login_and_save" SIGNATURE "login(), and the password that Zuora took goes into the keyring, or else\n"
    "`zuora_connect._keyring.KeyringProblem` is raised.";

const char zc_plan_doc[] =
    "plan" SIGNATURE "What connect() would do with these arguments, which it judges likewise; opens no socket, and asks no "
    "keyring. `proxy` may hold a password, and `client_key_password` is one. `source` is of what a profile had a say in.";
