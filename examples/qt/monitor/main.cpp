// monitor - shows the networks of this machine, and what sessions on them do.
#include "monitorwindow.h"

#include <QApplication>

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    MonitorWindow window;
    window.show();
    return application.exec();
}
