# The network is brought up for the picture, and taken down after it.
% only the shim: Qt 5's own classes cannot bring a link up
> cable office 192.0.2.1/24
> ip link set office down
> start office
connecting
opened
the server says thank you for a picture
closed
closing
disconnected
done
> ends
> ip link show office | grep -qv ,UP
