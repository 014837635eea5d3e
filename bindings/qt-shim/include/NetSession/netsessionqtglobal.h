// SPDX-License-Identifier: MIT
//
// netsessionqtglobal.h - the namespace of the classes: the global namespace on
// Qt 6, which does not have their names, and NetSession on Qt 5, whose QtNetwork
// has classes of the same names. NetSession::QNetworkSession and so on work on
// both.
#ifndef NETSESSION_QTGLOBAL_H
#define NETSESSION_QTGLOBAL_H

#include <QtCore/qglobal.h>
#include <QtNetwork/qtnetworkglobal.h>

#if defined(NETSESSION_QT_BUILD)
#define NETSESSION_QT_EXPORT Q_DECL_EXPORT
#else
#define NETSESSION_QT_EXPORT Q_DECL_IMPORT
#endif

#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
#define NETSESSION_QT_BEGIN_NAMESPACE QT_BEGIN_NAMESPACE
#define NETSESSION_QT_END_NAMESPACE QT_END_NAMESPACE
#define NETSESSION_QT_NAMESPACE
#define NETSESSION_QT_ALIAS(name) namespace NetSession { using QT_PREPEND_NAMESPACE(name); }
#else
#define NETSESSION_QT_BEGIN_NAMESPACE namespace NetSession {
#define NETSESSION_QT_END_NAMESPACE }
#define NETSESSION_QT_NAMESPACE NetSession::
#define NETSESSION_QT_ALIAS(name)
#endif

#endif
