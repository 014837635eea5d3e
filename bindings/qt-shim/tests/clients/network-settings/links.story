# Chosen, found again, gone.
> cable office 192.0.2.1/24
> cable home 198.51.100.1/24
> start home
nothing chosen yet
chosen: home
> ends
> start
chosen before: home, Ethernet
> end
> ip link delete home
> start office
the network chosen before is gone
chosen: office
> ends
