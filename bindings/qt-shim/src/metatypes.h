// metatypes.h - registers the types of signal arguments for queued connections.
#ifndef NETSESSION_METATYPES_H
#define NETSESSION_METATYPES_H

#include <NetSession/netsessionqtglobal.h>

NETSESSION_QT_BEGIN_NAMESPACE

void registerMetaTypes();

NETSESSION_QT_END_NAMESPACE

#endif
