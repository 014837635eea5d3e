// monitor - a window with the networks of this machine, and sessions on them.
#include "monitorwindow.h"

#include <QApplication>

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    MonitorWindow window;
    window.show();
    return application.exec();
}
