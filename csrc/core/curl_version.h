/* What libcurl says of itself, asked once for the process: each curl_version_info() writes its texts anew into the same memory. */
#ifndef ZC_CURL_VERSION_H
#define ZC_CURL_VERSION_H

#include <curl/curl.h>

/* Never NULL, and valid for ever. */
const curl_version_info_data *
zc_curl_version(void);

#endif
