# A profile of NetworkManager that is up.
% networkmanager
> cable office
> nmcli connection add type ethernet con-name Office ifname office autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv4.gateway 192.0.2.254 ipv6.method disabled
> nmcli connection up Office
> start
shim: Internet: Active
shim:   Office: Active
Office: Active
# Qt 5's own classes list the loopback, and each link beside its profile.
own: lo: Active
own: office: Active
  session: Connected, closed, on office
  session opened
  session: Connected, open, on office
own?: added office: Active
> end
