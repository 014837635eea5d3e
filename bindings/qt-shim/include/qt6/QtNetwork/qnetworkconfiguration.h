#include <NetSession/qnetworkconfiguration.h>
