/* handle_string.h - strings from the host, and strings that handles return. */
#ifndef NS_HANDLE_STRING_H
#define NS_HANDLE_STRING_H

#include <stddef.h>

#include "handle_table.h"

/* Returns 0, -EINVAL for NULL, or -EILSEQ for a string that is not valid UTF-8. */
int ns_check_utf8(const char *text);

/* Copies a string to a buffer of size bytes, which may be NULL, whole characters only. */
void ns_copy_string(char *to, size_t size, const char *text);

/* Writes a string of some object to buffer, as snprintf does: at most size bytes
 * with the final NUL; returns its whole length. It may differ at each call. */
typedef int ns_string_getter(void *key, int which, char *argument, char *buffer, int size);

/* The string that getter writes, which stays valid until the calling thread asks for
 * the same string of this slot again (which is its number), or the slot is destroyed;
 * "" if there is no memory. The slot must be pinned. */
const char *ns_string_of(struct ns_slot *slot, ns_string_getter *getter, void *key, int which,
                         char *argument);

void ns_strings_free(struct ns_string *strings);

#endif
