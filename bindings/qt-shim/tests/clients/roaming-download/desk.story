# At the desk with a cable, then to the meeting room and back.
% only the shim: Qt 5's own classes have no service network on Linux
> cable office 192.0.2.1/24
> default_route office 300
> start
loading by office
> cable meeting 198.51.100.1/24
> default_route meeting 200
offered meeting
not now
> cable hall 203.0.113.1/24
> default_route hall 100
offered hall
moving
trying hall
loading on by hall
> unplug hall
> end
