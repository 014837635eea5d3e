// metatypes.h - lets arguments of signals be queued by the names they are
// spelled with.
#ifndef NETSESSION_METATYPES_H
#define NETSESSION_METATYPES_H

#include <NetSession/netsessionqtglobal.h>

NETSESSION_QT_BEGIN_NAMESPACE

void registerMetaTypes();

NETSESSION_QT_END_NAMESPACE

#endif
