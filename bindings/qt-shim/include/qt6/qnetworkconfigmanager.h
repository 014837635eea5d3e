#include <NetSession/qnetworkconfigmanager.h>
