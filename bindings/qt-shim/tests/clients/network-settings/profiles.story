# The same with profiles of NetworkManager.
% networkmanager
> cable office
> cable home
> nmcli connection add type ethernet con-name Office ifname office autoconnect no ipv4.method disabled ipv6.method disabled
> nmcli connection add type ethernet con-name Home ifname home autoconnect no ipv4.method disabled ipv6.method disabled
> start Home
nothing chosen yet
chosen: Home
> ends
> start
chosen before: Home, Ethernet
> end
> nmcli connection delete Home
> start Office
the network chosen before is gone
chosen: Office
> ends
