# The network is there.
> cable office 192.0.2.1/24
> default_route office
> start
tile 0/7: here is /tile/0/7
tile 1/7: here is /tile/1/7
tile 2/7: here is /tile/2/7
the map is complete
> end
