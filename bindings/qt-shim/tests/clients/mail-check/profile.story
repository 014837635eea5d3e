# A profile of NetworkManager is brought up for the mail, and taken down after it.
% networkmanager
% only the shim: Qt 5's own classes cannot activate a profile that is bound to an interface
> cable office
> nmcli connection add type ethernet con-name Office ifname office autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv6.method disabled
> start Office
dialing
connected by office, open
mail: 2 messages
done, closed
> ends
> timeout 120 sh -c 'while nmcli -g NAME connection show --active | grep -q Office; do sleep 0.05; done'
