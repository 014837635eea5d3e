# The same with a profile of NetworkManager that is up.
% networkmanager
> cable office
> nmcli connection add type ethernet con-name Office ifname office autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv4.gateway 192.0.2.254 ipv6.method disabled
> nmcli connection up Office
> start
no session is required
opening Office
serving fortunes on 192.0.2.1 port 4711
> end
> start
no session is required
opening Office
serving fortunes on 192.0.2.1 port 4711
> end
