# The network comes later.
> cable office 192.0.2.1/24
> default_route office
> unplug office
> until ip link show office | grep -q NO-CARRIER; do sleep 0.02; done
> start
> plug office
tile 0/7: here is /tile/0/7
tile 1/7: here is /tile/1/7
tile 2/7: here is /tile/2/7
the map is complete
> end
