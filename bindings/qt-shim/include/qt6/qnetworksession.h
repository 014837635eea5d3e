#include <NetSession/qnetworksession.h>
