// family.h - the classes by their plain names, on Qt 6 and on Qt 5. To be
// included after every other header of Qt.
#ifndef FAMILY_H
#define FAMILY_H

#include <NetSession/qt5switch>

#endif
