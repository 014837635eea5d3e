# The network is up already, and stays up.
> cable office 192.0.2.1/24
> default_route office
> start
opened
the server says thank you for a picture
closed
done
> ends
> ip link show office | grep -q ,UP
