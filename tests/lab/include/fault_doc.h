/* fault_doc.h - reads the expected events from docs/faults.md, and writes them. The
 * document has a section for each daemon, a subsection with a table for each step, and
 * in it a row for each fault.
 */
#ifndef FAULT_DOC_H
#define FAULT_DOC_H

#include "check.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAULT_DOC_PATH "docs/faults.md"
#define FAULT_DOC_OR " *or* "

enum { FAULT_DOC_SIZE = 1 << 16, FAULT_DOC_CELL = 1024 };

static char fault_doc_text[FAULT_DOC_SIZE]; /* the document */
static char fault_doc_new[FAULT_DOC_SIZE];  /* a new section for it */

/* The excerpts of error texts that the tables quote; the rest of a text names processes
 * or gives advice. Each text must contain one of these. */
static const char *const fault_doc_excerpts[] = {
    "has gone away or does not answer",
    "does not run any more",
    "was stopped or died meanwhile",
    "is not running",
    "did not come up within",
    "does not answer",
    "Rejected send message",
    "the policy of the system bus does not permit it",
    "has no other access point to move to",
    "did not say in time",
    "lost its link",
    "was removed",
    "moving to was lost",
    "Authorization request cancelled",
    "No suitable device found",
    "it is out of reach",
    "it has no carrier.",
    "is switched off, in ConnMan or by a switch",
    "was closed because its network was stopped",
    "cannot be opened",
    "There is no configuration",
};

/* An event of a session, written as in the tables. */
static inline const char *fault_doc_event(const char *line)
{
    static char text[256];
    const char *error = strstr(line, "Error: ");
    if (strncmp(line, "prefer ", strlen("prefer ")) == 0)
        return "preferredConfigurationChanged";
    if (!error)
        return line;
    for (size_t i = 0; i < sizeof fault_doc_excerpts / sizeof *fault_doc_excerpts; i++)
        if (strstr(line, fault_doc_excerpts[i])) {
            snprintf(text, sizeof text, "%.*s “%s”", (int)(error + strlen("Error") - line), line, fault_doc_excerpts[i]);
            return text;
        }
    return line; /* no table contains it */
}

static inline void fault_doc_read(void)
{
    FILE *file = fopen(FAULT_DOC_PATH, "r");
    size_t n = file ? fread(fault_doc_text, 1, sizeof fault_doc_text - 1, file) : 0;
    fault_doc_text[n] = 0;
    if (file)
        fclose(file);
}

/* The text after a heading line, NULL where the text has no such line. */
static inline const char *fault_doc_after(const char *text, const char *mark, const char *title)
{
    char line[256];
    snprintf(line, sizeof line, "\n%s%s\n", mark, title);
    const char *found = text ? strstr(text, line) : NULL;
    return found ? found + strlen(line) - 1 : NULL;
}

/* The events that a table expects for a fault at a step: column 0 while the fault lasts,
 * 1 after it. NULL where the table has no such row. */
static inline const char *fault_doc_cell(const char *section, const char *step, const char *fault, int column)
{
    static char text[FAULT_DOC_CELL];
    char row[128];
    const char *table = fault_doc_after(fault_doc_after(fault_doc_text, "## ", section), "### ", step);
    const char *end = table ? strstr(table, "\n#") : NULL;
    snprintf(row, sizeof row, "\n| %s | ", fault);
    const char *cell = table ? strstr(table, row) : NULL;
    if (!cell || (end && cell > end))
        return NULL;
    cell += strlen(row);
    if (column == 1)
        cell = strstr(cell, " | ") + strlen(" | ");
    snprintf(text, sizeof text, "%.*s", (int)(strstr(cell, " |") - cell), cell);
    return text;
}

/* Whether the events seen are those of a cell, or one of its alternatives. */
static inline int fault_doc_allows(const char *cell, const char *seen)
{
    while (cell) {
        const char *next = strstr(cell, FAULT_DOC_OR);
        const size_t n = next ? (size_t)(next - cell) : strlen(cell);
        if (n == strlen(seen) && strncmp(cell, seen, n) == 0)
            return 1;
        cell = next ? next + strlen(FAULT_DOC_OR) : NULL;
    }
    return 0;
}

__attribute__((format(printf, 1, 2))) static inline void fault_doc_add(const char *format, ...)
{
    va_list arguments;
    const size_t n = strlen(fault_doc_new);
    va_start(arguments, format);
    vsnprintf(fault_doc_new + n, sizeof fault_doc_new - n, format, arguments);
    va_end(arguments);
}

/* Whether a section of the document equals the new one. */
static inline int fault_doc_has(const char *section)
{
    const char *old = fault_doc_after(fault_doc_text, "## ", section);
    const size_t n = strlen(fault_doc_new);
    return old && strncmp(old + 1, fault_doc_new, n) == 0 && (old[1 + n] == 0 || strncmp(old + 1 + n, "\n## ", 4) == 0);
}

/* Replaces a section with the new one. */
static inline void fault_doc_write(const char *section)
{
    const char *old = fault_doc_after(fault_doc_text, "## ", section);
    const char *rest = old ? strstr(old, "\n## ") : NULL;
    FILE *file = fopen(FAULT_DOC_PATH, "w");
    if (!file) {
        perror("# " FAULT_DOC_PATH);
        exit(1);
    }
    if (old)
        fprintf(file, "%.*s", (int)(old - fault_doc_text), fault_doc_text);
    else
        fprintf(file, "%s\n## %s", fault_doc_text, section);
    fprintf(file, "\n%s%s", fault_doc_new, rest ? rest : "");
    fclose(file);
}

#endif
