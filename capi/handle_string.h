/* handle_string.h - strings that come in, and strings that are handed out. */
#ifndef NS_HANDLE_STRING_H
#define NS_HANDLE_STRING_H

#include <stddef.h>

#include "handle_table.h"

/* 0, -EINVAL for NULL, or -EILSEQ for what is not valid UTF-8. */
int ns_check_text(const char *text);

/* Copies a text to one of size bytes, which may be NULL, whole characters only. */
void ns_tell(char *to, size_t size, const char *text);

/* Writes a text of some object to buffer, as snprintf does: at most size bytes
 * with the final NUL; returns its whole length. It may differ at each call. */
typedef int ns_text_writer(void *key, int which, char *argument, char *buffer, int size);

/* The text that writer gives, as a string that stays valid until the calling thread
 * asks for the same one of this slot again (which tells them apart), or the slot is
 * released; "" where there is no memory. The slot must be pinned. */
const char *ns_give_text(struct ns_slot *slot, ns_text_writer *writer, void *key, int which,
                         char *argument);

void ns_texts_free(struct ns_text *texts);

#endif
