# Twice the same: the second time the network is found by its identifier.
> cable office 192.0.2.1/24
> default_route office
> start
no session is required
opening office
serving fortunes on 192.0.2.1 port 4711
> python3 -c 'import socket; socket.create_connection(("192.0.2.1", 4711)).makefile().read()'
a fortune was told
> end
> cable home 198.51.100.1/24
> default_route home 50
> start
no session is required
opening office
serving fortunes on 192.0.2.1 port 4711
> end
