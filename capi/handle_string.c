/* handle_string.c - UTF-8, and the strings that handles have returned. */
#include "handle_string.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rt_signals.h"

struct ns_string {
    struct ns_string *next;
    char text[];
};

/* Guards the lists of strings of all slots. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* How many continuation bytes follow the first byte of a character, or -1; *low and *high
 * receive the range of the second, which excludes overlong forms, surrogates
 * and what is beyond Unicode. */
static int continuation_bytes(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first < 0x80)
        return 0;
    if (first >= 0xC2 && first <= 0xDF)
        return 1;
    if (first >= 0xE0 && first <= 0xEF)
        return 2;
    if (first >= 0xF0 && first <= 0xF4)
        return 3;
    return -1;
}

int ns_check_utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    if (!text)
        return -EINVAL;
    while (*p) {
        unsigned char low, high;
        int n = continuation_bytes(*p++, &low, &high);
        if (n < 0)
            return -EILSEQ;
        for (; n > 0; n--, p++, low = 0x80, high = 0xBF)
            if (*p < low || *p > high)
                return -EILSEQ;
    }
    return 0;
}

void ns_copy_string(char *to, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (!to || size == 0)
        return;
    if (n >= size)
        n = size - 1;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    memcpy(to, text, n);
    to[n] = '\0';
}

/* Finds the string in the slot's list, or adds a copy. */
static const char *intern(struct ns_slot *slot, const char *text)
{
    struct ns_string *t;
    pthread_mutex_lock(&lock);
    for (t = slot->strings; t; t = t->next)
        if (strcmp(t->text, text) == 0)
            break;
    if (!t) {
        t = malloc(sizeof *t + strlen(text) + 1);
        if (t) {
            strcpy(t->text, text);
            t->next = slot->strings;
            slot->strings = t;
        }
    }
    pthread_mutex_unlock(&lock);
    return t ? t->text : "";
}

const char *ns_string_of(struct ns_slot *slot, ns_string_getter *getter, void *key, int which,
                         char *argument)
{
    char small[256];
    char *buffer = small, *grown;
    int size = sizeof small;
    int length;
    const char *text = "";
    while ((length = NS_GO(getter(key, which, argument, buffer, size))) >= size) {
        grown = realloc(buffer == small ? NULL : buffer, (size_t)length + 1);
        if (!grown) {
            length = -1;
            break;
        }
        buffer = grown;
        size = length + 1;
    }
    if (length > 0)
        text = intern(slot, buffer);
    if (buffer != small)
        free(buffer);
    return text;
}

void ns_strings_free(struct ns_string *strings)
{
    while (strings) {
        struct ns_string *next = strings->next;
        free(strings);
        strings = next;
    }
}
