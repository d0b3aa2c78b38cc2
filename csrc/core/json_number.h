/* One JSON number: judged, and made safe for cJSON. A pure function of its argument. */
#ifndef ZC_JSON_NUMBER_H
#define ZC_JSON_NUMBER_H

#include <stddef.h>

/* Returns how many characters the number takes that text[0..len) begins with; 0 if it begins with none. Changes them in place, as
 * zc_json_strict() says. */
size_t
zc_json_number(char *text, size_t len);

#endif
